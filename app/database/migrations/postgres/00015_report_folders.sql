-- How many mails in the mailbox of delivery reports could not be understood, as of the last look.
-- +goose Up
CREATE TABLE report_folders (
    folder    TEXT PRIMARY KEY,
    unclear   INTEGER NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL
);

-- +goose Down
DROP TABLE report_folders;
