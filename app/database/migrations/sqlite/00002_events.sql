-- Conversation events.
-- +goose Up
CREATE TABLE events (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    slug              TEXT NOT NULL UNIQUE,
    title             TEXT NOT NULL,
    locality          TEXT NOT NULL,             -- slug, from the configuration
    summary           TEXT NOT NULL DEFAULT '',
    description       TEXT NOT NULL DEFAULT '',  -- markdown
    led_by            TEXT NOT NULL DEFAULT '',
    zone              TEXT NOT NULL,             -- IANA name
    starts_local      TEXT NOT NULL DEFAULT '',  -- what was typed: 2017-02-28T19:00; '' is to be announced
    ends_local        TEXT NOT NULL DEFAULT '',
    starts_second     BOOLEAN NOT NULL DEFAULT FALSE, -- the later of the two, where the clocks go back
    ends_second       BOOLEAN NOT NULL DEFAULT FALSE,
    starts_at         DATETIME,                  -- derived
    ends_at           DATETIME,
    last_starts_at    DATETIME,                  -- the date it had before it was moved or postponed
    last_ends_at      DATETIME,
    venue_name        TEXT NOT NULL DEFAULT '',
    venue_address     TEXT NOT NULL DEFAULT '',
    venue_postcode    TEXT NOT NULL DEFAULT '',
    getting_there     TEXT NOT NULL DEFAULT '',
    parking           TEXT NOT NULL DEFAULT '',
    step_free         TEXT NOT NULL DEFAULT '',
    hearing_loop      TEXT NOT NULL DEFAULT '',
    toilets           TEXT NOT NULL DEFAULT '',
    online            BOOLEAN NOT NULL DEFAULT FALSE,
    join_link         TEXT NOT NULL DEFAULT '',  -- only for people with a place
    needs_met         TEXT NOT NULL DEFAULT '',  -- "A BSL interpreter is coming"
    needs_by          TEXT NOT NULL DEFAULT '',  -- last day to ask for other needs: 2017-02-14
    capacity          INTEGER NOT NULL DEFAULT 0, -- people
    max_party         INTEGER NOT NULL DEFAULT 1,
    booking_opens_at  DATETIME,
    booking_closes_at DATETIME,
    waiting_list      BOOLEAN NOT NULL DEFAULT TRUE,
    status            TEXT NOT NULL,             -- draft, announced, open, closed, held, postponed, cancelled
    status_note       TEXT NOT NULL DEFAULT '',  -- why, in words for the public
    attendance        INTEGER,                   -- people who came, where it is known
    attendance_note   TEXT NOT NULL DEFAULT '',  -- "nearly 100"
    version           INTEGER NOT NULL DEFAULT 1, -- of the text: an edit of an older one is refused
    published_at      DATETIME,
    created_at        DATETIME NOT NULL,
    updated_at        DATETIME NOT NULL
);
CREATE INDEX events_starts ON events (starts_at);
CREATE INDEX events_locality ON events (locality, starts_at);

-- +goose Down
DROP TABLE events;
