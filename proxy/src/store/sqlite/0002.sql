-- Runs are found by mode and by who confirmed them.
ALTER TABLE runs ADD COLUMN mode TEXT NOT NULL DEFAULT 'simulated';
ALTER TABLE runs ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
UPDATE runs SET mode = json_extract(body, '$.mode'), user_name = json_extract(body, '$.user');
CREATE INDEX runs_by_mode ON runs (mode, id);
CREATE INDEX runs_by_user ON runs (user_name, id);
-- Everything that the history is filtered by, in its order: words are looked for here and not in the bodies.
CREATE INDEX runs_by_words ON runs (id, search, operation, profile, state, mode, user_name);

-- A run that undoes another is about the other's operation: both must not be open at once.
ALTER TABLE runs ADD COLUMN subject TEXT NOT NULL DEFAULT '';
UPDATE runs SET subject = operation;
DROP INDEX runs_open;
CREATE UNIQUE INDEX runs_open ON runs (profile, subject, instance) WHERE blocks = 1;
