-- That we erased what we held about somebody, without saying whom.
-- +goose Up
CREATE TABLE erasures (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         DATETIME NOT NULL,
    reason     TEXT NOT NULL,    -- typed; names nobody
    counts     TEXT NOT NULL,    -- JSON: rows by table
    done_by    INTEGER REFERENCES staff (id),
    cleaned_at DATETIME          -- when the file was cleaned of what was erased
);

CREATE TABLE erasure_marks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    erasure_id INTEGER NOT NULL REFERENCES erasures (id),
    mark       TEXT NOT NULL     -- keyed hash of an address or a number
);
CREATE INDEX erasure_marks_mark ON erasure_marks (mark);

-- +goose Down
DROP TABLE erasure_marks;
DROP TABLE erasures;
