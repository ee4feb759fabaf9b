-- Whom a mailing goes to: frozen lists, with who is left out and why.
-- +goose Up
CREATE TABLE audience_lists (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    about        TEXT NOT NULL,    -- table of what it was made for
    about_id     INTEGER NOT NULL,
    purpose      TEXT NOT NULL,
    rule         TEXT NOT NULL,    -- JSON: any, all, none
    state        TEXT NOT NULL,    -- making, made, kept, dropping
    last_contact INTEGER NOT NULL DEFAULT 0, -- made up to here, by id
    email        INTEGER NOT NULL DEFAULT 0, -- people written to by email
    post         INTEGER NOT NULL DEFAULT 0, -- people written to on paper
    left_out     INTEGER NOT NULL DEFAULT 0,
    digest       TEXT NOT NULL DEFAULT '',   -- SHA-256 over who is in
    handed       INTEGER NOT NULL DEFAULT 0, -- handed on up to here, by contact
    made_by      INTEGER REFERENCES staff (id),
    made_at      DATETIME NOT NULL
);
CREATE INDEX audience_lists_about ON audience_lists (about, about_id);

CREATE TABLE audience_list_rows (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    list_id    INTEGER NOT NULL REFERENCES audience_lists (id),
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    outcome    TEXT NOT NULL,            -- email, post, left-out
    reason     TEXT NOT NULL DEFAULT '', -- why left out: never-asked, withdrawn, objected, no-address, …
    was        TEXT NOT NULL DEFAULT '', -- email or post: the outcome when the list was made, where it was lost since
    posted_at  DATETIME, -- on paper: when it was put in the post
    UNIQUE (list_id, contact_id)
);
CREATE INDEX audience_list_rows_contact ON audience_list_rows (contact_id);

-- +goose Down
DROP TABLE audience_list_rows;
DROP TABLE audience_lists;
