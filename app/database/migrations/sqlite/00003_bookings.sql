-- Places, the waiting list, access needs, interest, what has to be told to everybody, and who must be telephoned.
-- +goose Up
CREATE TABLE bookings (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    reference         TEXT NOT NULL UNIQUE,
    event_id          INTEGER NOT NULL REFERENCES events (id),
    status            TEXT NOT NULL,             -- confirmed, waiting, cancelled
    people            INTEGER NOT NULL CHECK (people > 0),
    booker_comes      BOOLEAN NOT NULL DEFAULT TRUE, -- FALSE: booked for others only
    name              TEXT NOT NULL,
    email             TEXT NOT NULL DEFAULT '',
    phone             TEXT NOT NULL DEFAULT '',
    email_key         TEXT NOT NULL DEFAULT '',  -- normalised, to know the same person again
    phone_key         TEXT NOT NULL DEFAULT '',
    name_key          TEXT NOT NULL DEFAULT '',
    question          TEXT NOT NULL DEFAULT '',  -- for the panel
    quote_ok          BOOLEAN NOT NULL DEFAULT FALSE,
    recontact         BOOLEAN NOT NULL DEFAULT FALSE,
    updates           BOOLEAN NOT NULL DEFAULT FALSE, -- asked to be signed up for updates
    channel           TEXT NOT NULL,             -- online, telephone, email, in-person
    form_key          TEXT,                      -- of the form that made it: pressed twice, told once
    joined_at         DATETIME NOT NULL,
    queue_position    INTEGER NOT NULL DEFAULT 0, -- order of joining the waiting list; lower is earlier
    over_capacity     BOOLEAN NOT NULL DEFAULT FALSE,
    calendar_sequence INTEGER NOT NULL DEFAULT -1, -- of the last calendar message; -1: none was sent
    in_calendar       BOOLEAN NOT NULL DEFAULT FALSE, -- the last calendar message was a REQUEST
    version           INTEGER NOT NULL DEFAULT 1,
    created_at        DATETIME NOT NULL,
    updated_at        DATETIME NOT NULL,
    promoted_at       DATETIME,
    cancelled_at      DATETIME
);
CREATE INDEX bookings_places ON bookings (event_id, status, people);
CREATE INDEX bookings_queue ON bookings (event_id, queue_position) WHERE status = 'waiting';
CREATE INDEX bookings_event ON bookings (event_id, id);
CREATE UNIQUE INDEX bookings_email_once ON bookings (event_id, email_key, name_key) WHERE status <> 'cancelled' AND email_key <> '';
CREATE UNIQUE INDEX bookings_phone_once ON bookings (event_id, phone_key, name_key) WHERE status <> 'cancelled' AND email_key = '' AND phone_key <> '';

CREATE TABLE attendees (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    position   INTEGER NOT NULL, -- from 1; 1 is the booker where the booker comes
    name       TEXT NOT NULL DEFAULT '',
    UNIQUE (booking_id, position)
);

CREATE TABLE access_needs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    position   INTEGER NOT NULL, -- of the attendee
    need       TEXT NOT NULL,    -- step-free, bsl, …
    note       TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL,    -- asked, arranged, not-possible, no-longer-needed
    offer      TEXT NOT NULL DEFAULT '', -- what is offered instead
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    UNIQUE (booking_id, position, need)
);

CREATE TABLE interests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   INTEGER NOT NULL REFERENCES events (id),
    name       TEXT NOT NULL,
    email      TEXT NOT NULL DEFAULT '',
    phone      TEXT NOT NULL DEFAULT '',
    email_key  TEXT NOT NULL DEFAULT '',
    phone_key  TEXT NOT NULL DEFAULT '',
    channel    TEXT NOT NULL,
    created_at DATETIME NOT NULL,
    told_at    DATETIME
);
CREATE INDEX interests_event ON interests (event_id, id);
CREATE UNIQUE INDEX interests_email_once ON interests (event_id, email_key) WHERE email_key <> '';
CREATE UNIQUE INDEX interests_phone_once ON interests (event_id, phone_key) WHERE email_key = '' AND phone_key <> '';

-- What has to be told to everybody who booked (or left interest): worked through in chunks, each person once.
CREATE TABLE announcements (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id      INTEGER NOT NULL REFERENCES events (id),
    kind          TEXT NOT NULL, -- moved, postponed, dated, cancelled, places
    last_booking  INTEGER NOT NULL DEFAULT 0, -- told up to here, by id
    last_interest INTEGER NOT NULL DEFAULT 0,
    upto_booking  INTEGER NOT NULL DEFAULT 0, -- who came later knew already
    upto_interest INTEGER NOT NULL DEFAULT 0,
    created_at    DATETIME NOT NULL,
    done_at       DATETIME
);
CREATE INDEX announcements_open ON announcements (id) WHERE done_at IS NULL;

CREATE TABLE calls (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    unique_key TEXT NOT NULL UNIQUE, -- the same call is never due twice
    event_id   INTEGER NOT NULL REFERENCES events (id),
    booking_id INTEGER REFERENCES bookings (id),
    interest_id INTEGER REFERENCES interests (id),
    kind       TEXT NOT NULL, -- booked, waiting, promoted, changed, moved, postponed, dated, cancelled, event-cancelled, mail-failed, …
    name       TEXT NOT NULL,
    phone      TEXT NOT NULL,
    say        TEXT NOT NULL, -- what to say
    state      TEXT NOT NULL, -- due, done
    result     TEXT NOT NULL DEFAULT '',
    note       TEXT NOT NULL DEFAULT '',
    created_at DATETIME NOT NULL,
    done_at    DATETIME,
    done_by    INTEGER REFERENCES staff (id)
);
CREATE INDEX calls_due ON calls (id) WHERE state = 'due';
CREATE INDEX calls_booking ON calls (booking_id);

-- +goose Down
DROP TABLE calls;
DROP TABLE announcements;
DROP TABLE interests;
DROP TABLE access_needs;
DROP TABLE attendees;
DROP TABLE bookings;
