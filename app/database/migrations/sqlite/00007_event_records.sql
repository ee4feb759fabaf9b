-- The record of a held event: what was said, what was promised, what came of it; and the questions asked at booking.
-- +goose Up
CREATE TABLE records (
    event_id     INTEGER PRIMARY KEY REFERENCES events (id),
    state        TEXT NOT NULL,             -- draft, approved, public
    version      INTEGER NOT NULL DEFAULT 1, -- of the text: an edit of an older one is refused
    edited_by    INTEGER NOT NULL DEFAULT 0, -- staff; 0 is the program
    edited_at    DATETIME NOT NULL,
    approved_by  INTEGER NOT NULL DEFAULT 0,
    approved_at  DATETIME,
    published_at DATETIME,
    created_at   DATETIME NOT NULL
);

CREATE TABLE record_parts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   INTEGER NOT NULL REFERENCES records (event_id),
    position   INTEGER NOT NULL,          -- from 1
    kind       TEXT NOT NULL,             -- presenter, lead, point, step, question, answer, unplaced
    text       TEXT NOT NULL,
    who        TEXT NOT NULL DEFAULT '',  -- an office, a role or an owner; of whoever asked always a role
    booking_id INTEGER REFERENCES bookings (id), -- whose own words a question is
    due_on     TEXT NOT NULL DEFAULT '',  -- of a next step: 2017-03-31
    state      TEXT NOT NULL DEFAULT '',  -- of a next step: open, done, dropped
    note       TEXT NOT NULL DEFAULT '',  -- what came of a next step
    settled_at DATETIME                   -- when it was done or dropped
);
CREATE INDEX record_parts_event ON record_parts (event_id, position);
CREATE INDEX record_parts_open ON record_parts (due_on) WHERE kind = 'step' AND state = 'open';

CREATE TABLE record_files (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id     INTEGER NOT NULL REFERENCES events (id),
    name         TEXT NOT NULL,             -- of the file, as it is downloaded
    title        TEXT NOT NULL,             -- what it is, in words
    content_type TEXT NOT NULL,             -- found in the file, not told by who sent it
    size         INTEGER NOT NULL,          -- bytes
    public       BOOLEAN NOT NULL DEFAULT FALSE, -- with the record, once that is public
    data         BLOB NOT NULL,
    created_at   DATETIME NOT NULL
);
CREATE INDEX record_files_event ON record_files (event_id, id);

-- What staff do with a question that was asked at booking: its place in the chair's order, and its answer.
CREATE TABLE panel_questions (
    booking_id  INTEGER PRIMARY KEY REFERENCES bookings (id),
    event_id    INTEGER NOT NULL REFERENCES events (id),
    position    INTEGER NOT NULL DEFAULT 0, -- 0: in the order of booking, after those with a place
    words       TEXT NOT NULL DEFAULT '',   -- the question as it may be read by everybody
    role        TEXT NOT NULL DEFAULT '',   -- of who asked
    answer      TEXT NOT NULL DEFAULT '',
    answered_by TEXT NOT NULL DEFAULT '',   -- an office
    answered_at DATETIME,
    with_id     INTEGER REFERENCES bookings (id), -- the question whose answer is this one's too
    taken_at    DATETIME                    -- into the record
);
CREATE INDEX panel_questions_event ON panel_questions (event_id);

-- +goose Down
DROP TABLE panel_questions;
DROP TABLE record_files;
DROP TABLE record_parts;
DROP TABLE records;
