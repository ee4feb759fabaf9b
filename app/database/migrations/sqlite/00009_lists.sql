-- Finding bookings by a name that was only heard, and what staff note about them.
-- +goose Up

-- The words by which a booking is found: names in small letters, "~" and how a name sounds, "@" and an address, "#" and
-- a telephone number, "%" and the number from its end.
CREATE TABLE booking_words (
    word       TEXT NOT NULL,
    booking_id INTEGER NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    PRIMARY KEY (word, booking_id)
) WITHOUT ROWID;
CREATE INDEX booking_words_booking ON booking_words (booking_id);

-- Never changed, only added to.
CREATE TABLE booking_notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    booking_id INTEGER NOT NULL REFERENCES bookings (id),
    staff_id   INTEGER REFERENCES staff (id),
    note       TEXT NOT NULL,
    created_at DATETIME NOT NULL
);
CREATE INDEX booking_notes_booking ON booking_notes (booking_id, id);

CREATE INDEX bookings_name ON bookings (name_key, id);
CREATE INDEX access_needs_need ON access_needs (need, booking_id);

-- +goose Down
DROP INDEX access_needs_need;
DROP INDEX bookings_name;
DROP TABLE booking_notes;
DROP TABLE booking_words;
