-- What every feature stands on: keys, the audit log, jobs, the mail outbox, staff and their sessions.
-- +goose Up
CREATE TABLE keys (
    name       TEXT PRIMARY KEY,
    value      BLOB NOT NULL,
    created_at DATETIME NOT NULL
);

CREATE TABLE audit_entries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         DATETIME NOT NULL,
    actor_kind TEXT NOT NULL, -- resident, staff, system
    actor_id   INTEGER NOT NULL DEFAULT 0,
    action     TEXT NOT NULL, -- booking.create
    entity     TEXT NOT NULL, -- a table's name
    entity_id  INTEGER NOT NULL,
    details    TEXT NOT NULL, -- JSON: ids and names of what changed, no texts
    request_id TEXT NOT NULL
);
CREATE INDEX audit_entries_entity ON audit_entries (entity, entity_id);
CREATE INDEX audit_entries_at ON audit_entries (at);

CREATE TABLE jobs (
    name             TEXT PRIMARY KEY,
    next_run_at      DATETIME NOT NULL,
    lease_owner      TEXT NOT NULL DEFAULT '',
    lease_expires_at DATETIME,
    last_started_at  DATETIME,
    last_finished_at DATETIME,
    last_error       TEXT NOT NULL DEFAULT ''
);

CREATE TABLE mails (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    unique_key       TEXT NOT NULL UNIQUE, -- the same mail is never queued twice
    kind             TEXT NOT NULL,        -- booking.confirmed
    about            TEXT NOT NULL,        -- table of what it is about
    about_id         INTEGER NOT NULL,
    to_address       TEXT NOT NULL,
    to_name          TEXT NOT NULL,
    subject          TEXT NOT NULL,
    content          TEXT NOT NULL,        -- JSON: blocks and calendar; emptied when its time is over
    message_id       TEXT NOT NULL UNIQUE, -- for life
    state            TEXT NOT NULL,        -- queued, sent, failed
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_try_at      DATETIME NOT NULL,
    lease_owner      TEXT NOT NULL DEFAULT '',
    lease_expires_at DATETIME,
    last_error       TEXT NOT NULL DEFAULT '', -- the server's words
    created_at       DATETIME NOT NULL,
    sent_at          DATETIME,
    failed_at        DATETIME
);
CREATE INDEX mails_due ON mails (next_try_at, id) WHERE state = 'queued';
CREATE INDEX mails_about ON mails (about, about_id);
CREATE INDEX mails_state ON mails (state, id);

CREATE TABLE staff (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    email           TEXT NOT NULL UNIQUE, -- lower case
    name            TEXT NOT NULL,
    role            TEXT NOT NULL,        -- admin, engagement, comms, door
    password_hash   TEXT NOT NULL DEFAULT '',
    totp_secret     TEXT NOT NULL DEFAULT '',
    totp_last_step  INTEGER NOT NULL DEFAULT 0, -- a code is good once
    active          BOOLEAN NOT NULL DEFAULT TRUE,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    last_sign_in_at DATETIME,
    left_at         DATETIME
);

CREATE TABLE sign_in_links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    staff_id   INTEGER NOT NULL REFERENCES staff (id),
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of what was sent
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    used_at    DATETIME
);

CREATE TABLE sessions (
    token_hash   TEXT PRIMARY KEY, -- SHA-256 of the cookie
    staff_id     INTEGER NOT NULL DEFAULT 0,
    data         BLOB NOT NULL,
    created_at   DATETIME NOT NULL,
    expires_at   DATETIME NOT NULL
);
CREATE INDEX sessions_staff ON sessions (staff_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- +goose Down
DROP TABLE sessions;
DROP TABLE sign_in_links;
DROP TABLE staff;
DROP TABLE mails;
DROP TABLE jobs;
DROP TABLE audit_entries;
DROP TABLE keys;
