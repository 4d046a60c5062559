-- An instance is guarded whichever profile reaches it: two profiles may be one account. NULL is a run from before, of which
-- it is not known; it guards its instance against every profile of its mode.
ALTER TABLE runs ADD COLUMN realm TEXT;
-- Two open runs of one instance could begin through two profiles until now. The index can hold one of them.
UPDATE runs SET realm = 'live' WHERE mode = 'live' AND NOT EXISTS (
    SELECT 1 FROM runs AS earlier
    WHERE earlier.mode = 'live' AND earlier.blocks = 1 AND earlier.subject = runs.subject
        AND earlier.instance = runs.instance AND earlier.id < runs.id
);
CREATE UNIQUE INDEX runs_open_in_realm ON runs (subject, instance, realm) WHERE blocks = 1;
