-- Which reminders were given, and who came.
-- +goose Up

-- A reminder belongs to a booking and a start: when the date changes, the reminders of the new date are others.
CREATE TABLE reminders (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    event_id   INTEGER NOT NULL REFERENCES events (id),
    kind       TEXT NOT NULL,    -- before-168h, before-24h, call, after
    start_unix INTEGER NOT NULL, -- the event's start when it was given, in seconds
    created_at DATETIME NOT NULL,
    UNIQUE (booking_id, kind, start_unix)
);
CREATE INDEX reminders_event ON reminders (event_id, kind, start_unix);

-- Append-only: what was noted at the door. How things stand follows from all rows of an event, whichever telephone
-- or page they came from and in whatever order, so that several can be merged.
CREATE TABLE attendance_events (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id   TEXT NOT NULL UNIQUE,       -- UUID made by whoever noted it: sent twice, kept once
    step        TEXT NOT NULL,              -- UUID of the one press that several rows belong to
    event_id    INTEGER NOT NULL REFERENCES events (id),
    booking_id  INTEGER REFERENCES bookings (id),
    position    INTEGER NOT NULL DEFAULT 0, -- of the attendee in the booking
    kind        TEXT NOT NULL,              -- came, not-came, walk-in, headcount, undo
    people      INTEGER NOT NULL DEFAULT 0, -- of a walk-in or a headcount
    name        TEXT NOT NULL DEFAULT '',   -- of a walk-in, where it was given
    undoes      TEXT NOT NULL DEFAULT '',   -- client_id of the row that an undo takes back
    at          DATETIME NOT NULL,          -- by the clock of whoever noted it
    received_at DATETIME NOT NULL,
    staff_id    INTEGER REFERENCES staff (id),
    device      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX attendance_events_event ON attendance_events (event_id, at, id);
CREATE INDEX attendance_events_booking ON attendance_events (booking_id);

-- +goose Down
DROP TABLE attendance_events;
DROP TABLE reminders;
