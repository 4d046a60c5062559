-- A plan. The body is the whole of it; the other columns are what it is found by.
CREATE TABLE plans (
    id           TEXT   NOT NULL PRIMARY KEY,
    operation    TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    client_token TEXT,
    payload_hash TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    body         TEXT   NOT NULL
);
CREATE INDEX plans_by_token ON plans (profile, client_token) WHERE client_token IS NOT NULL;

-- A run. Ids sort by age, so the primary key is also the order of the history.
CREATE TABLE runs (
    id           TEXT   NOT NULL PRIMARY KEY,
    plan         TEXT   NOT NULL UNIQUE REFERENCES plans (id),
    operation    TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    instance     TEXT   NOT NULL,
    client_token TEXT,
    state        TEXT   NOT NULL,
    blocks       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    search       TEXT   NOT NULL,
    body         TEXT   NOT NULL
);
-- One open run of an instance, one run of a token: held by the database whatever the program does.
CREATE UNIQUE INDEX runs_open ON runs (profile, operation, instance) WHERE blocks = 1;
CREATE UNIQUE INDEX runs_by_token ON runs (profile, client_token) WHERE client_token IS NOT NULL;
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX runs_by_operation ON runs (operation, id);
CREATE INDEX runs_by_profile ON runs (profile, id);

-- The record: only ever added to. Each entry holds the hash of the one before.
CREATE TABLE records (
    seq      INTEGER NOT NULL PRIMARY KEY,
    at       BIGINT  NOT NULL,
    run      TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    hash     TEXT    NOT NULL UNIQUE,
    body     TEXT    NOT NULL
);

CREATE TABLE health (checks BIGINT NOT NULL);
INSERT INTO health (checks) VALUES (0);
