-- The library of documents. Files live in the database, so that a backup is one thing.
-- +goose Up
CREATE TABLE documents (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    slug         TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    summary      TEXT NOT NULL DEFAULT '',
    dated_on     TEXT NOT NULL,             -- 2015-07-01
    locality     TEXT NOT NULL DEFAULT '',  -- slug; "" is for everybody
    file_name    TEXT NOT NULL,             -- as it is downloaded
    content_type TEXT NOT NULL,             -- found in the file
    size         INTEGER NOT NULL,          -- bytes
    digest       TEXT NOT NULL,             -- SHA-256 of the file
    data         BLOB NOT NULL,
    public       BOOLEAN NOT NULL DEFAULT FALSE,
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX documents_public ON documents (public, dated_on, id);

-- +goose Down
DROP TABLE documents;
