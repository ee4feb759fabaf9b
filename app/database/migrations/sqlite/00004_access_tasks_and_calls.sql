-- Access needs as tasks with an owner and a day by which they must be arranged; calls that are taken, tried and undone.
-- +goose Up
ALTER TABLE access_needs ADD COLUMN owner_id INTEGER REFERENCES staff (id);
ALTER TABLE access_needs ADD COLUMN due_on TEXT NOT NULL DEFAULT '';      -- local day: 2017-02-07; '' while the event has no date
ALTER TABLE access_needs ADD COLUMN call_off BOOLEAN NOT NULL DEFAULT FALSE; -- was arranged, is not needed: somebody must be told
ALTER TABLE access_needs ADD COLUMN version INTEGER NOT NULL DEFAULT 1;   -- rises with every change: an older page is refused
CREATE INDEX access_needs_open ON access_needs (due_on, id) WHERE state = 'asked';
CREATE INDEX access_needs_call_off ON access_needs (id) WHERE call_off;

-- What was done about a need, by whom: never changed, only added to. An undo is a step of its own.
CREATE TABLE access_steps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    need_id    INTEGER NOT NULL REFERENCES access_needs (id) ON DELETE CASCADE,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    was        TEXT NOT NULL,                -- the state before
    became     TEXT NOT NULL,                -- the state after
    why        TEXT NOT NULL,                -- staff, undo, booker, booking-cancelled, event-cancelled, event-moved
    was_offer  TEXT NOT NULL DEFAULT '',
    version    INTEGER NOT NULL,             -- of the need after this step
    staff_id   INTEGER REFERENCES staff (id),
    created_at DATETIME NOT NULL
);
CREATE INDEX access_steps_need ON access_steps (need_id, id);
CREATE INDEX access_steps_booking ON access_steps (booking_id);

ALTER TABLE calls ADD COLUMN taken_by INTEGER REFERENCES staff (id);
ALTER TABLE calls ADD COLUMN taken_at DATETIME; -- for half an hour nobody else rings
ALTER TABLE calls ADD COLUMN try_after DATETIME; -- nobody answered: not before this
CREATE INDEX calls_due_phone ON calls (phone, id) WHERE state = 'due';
CREATE INDEX calls_done ON calls (done_at, id) WHERE state = 'done';

-- Each time somebody rang, by whom, and what came of it: never changed, only added to. An undo is an attempt that names another.
CREATE TABLE call_attempts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    call_id    INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    round      TEXT NOT NULL,                -- the same for all that one conversation settled
    staff_id   INTEGER REFERENCES staff (id),
    result     TEXT NOT NULL,                -- spoke, message, nobody, wrong-number, told-when-booking, undone
    note       TEXT NOT NULL DEFAULT '',
    try_after  DATETIME,
    undoes     INTEGER REFERENCES call_attempts (id),
    created_at DATETIME NOT NULL
);
CREATE INDEX call_attempts_call ON call_attempts (call_id, id);
CREATE INDEX call_attempts_round ON call_attempts (round);

-- +goose Down
DROP TABLE call_attempts;
DROP INDEX calls_done;
DROP INDEX calls_due_phone;
ALTER TABLE calls DROP COLUMN try_after;
ALTER TABLE calls DROP COLUMN taken_at;
ALTER TABLE calls DROP COLUMN taken_by;
DROP TABLE access_steps;
DROP INDEX access_needs_call_off;
DROP INDEX access_needs_open;
ALTER TABLE access_needs DROP COLUMN version;
ALTER TABLE access_needs DROP COLUMN call_off;
ALTER TABLE access_needs DROP COLUMN due_on;
ALTER TABLE access_needs DROP COLUMN owner_id;
