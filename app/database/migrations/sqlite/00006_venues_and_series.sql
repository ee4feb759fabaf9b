-- Places where events are held, kept with what a visitor has to know; and events that belong together.
-- +goose Up
CREATE TABLE venues (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL,
    address       TEXT NOT NULL DEFAULT '',
    postcode      TEXT NOT NULL DEFAULT '',
    getting_there TEXT NOT NULL DEFAULT '',
    parking       TEXT NOT NULL DEFAULT '',
    step_free     TEXT NOT NULL DEFAULT '',
    hearing_loop  TEXT NOT NULL DEFAULT '',
    toilets       TEXT NOT NULL DEFAULT '',
    version       INTEGER NOT NULL DEFAULT 1,
    retired       BOOLEAN NOT NULL DEFAULT FALSE, -- not offered any more
    created_at    DATETIME NOT NULL,
    updated_at    DATETIME NOT NULL
);
CREATE UNIQUE INDEX venues_name ON venues (name, postcode);

ALTER TABLE events ADD COLUMN series TEXT NOT NULL DEFAULT ''; -- events of one name are shown together
CREATE INDEX events_series ON events (series) WHERE series <> '';

-- +goose Down
DROP INDEX events_series;
ALTER TABLE events DROP COLUMN series;
DROP TABLE venues;
