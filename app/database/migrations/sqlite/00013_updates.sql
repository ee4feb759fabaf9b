-- Stakeholder updates, news, statements and press releases: their texts, every one kept, and how they leave.
-- +goose Up
CREATE TABLE updates (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    slug         TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,             -- update, news, statement, press-release
    title        TEXT NOT NULL,             -- also the subject
    state        TEXT NOT NULL,             -- draft, asked, approved, sending, sent, published
    version      INTEGER NOT NULL DEFAULT 1, -- rises with every change of the letter or of its audience
    text_id      INTEGER NOT NULL DEFAULT 0, -- the text that counts, in update_texts
    rule         TEXT NOT NULL DEFAULT '',  -- JSON: the audience
    purpose      TEXT NOT NULL DEFAULT 'updates',
    list_id      INTEGER REFERENCES audience_lists (id), -- the frozen list
    mailing_id   INTEGER NOT NULL DEFAULT 0,
    corrects     INTEGER REFERENCES updates (id), -- sent to the same people as that one
    asked_by     INTEGER REFERENCES staff (id),
    asked_at     DATETIME,
    approved_by  INTEGER REFERENCES staff (id),
    approved_at  DATETIME,
    approved_digest TEXT NOT NULL DEFAULT '', -- of the letter and the list as they were approved
    send_at      DATETIME,                  -- scheduled
    hold_until   DATETIME,                  -- until then it can be called back
    released_at  DATETIME,                  -- its mails leave from then on
    back_why     TEXT NOT NULL DEFAULT '',  -- why it is a draft again: declined, changed, events, frozen
    back_reason  TEXT NOT NULL DEFAULT '',  -- in words, for staff
    back_by      INTEGER REFERENCES staff (id),
    back_at      DATETIME,
    published_at DATETIME,
    created_by   INTEGER REFERENCES staff (id),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX updates_published ON updates (published_at, id);
CREATE INDEX updates_state ON updates (state, id);

CREATE TABLE update_texts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id  INTEGER NOT NULL REFERENCES updates (id),
    based_on   INTEGER NOT NULL DEFAULT 0, -- the text that its writer had before them
    aside      BOOLEAN NOT NULL DEFAULT FALSE, -- another was saved meanwhile: kept beside it
    content    TEXT NOT NULL,             -- JSON: title, opening, sections, closing, signatories
    made       TEXT NOT NULL DEFAULT '',  -- how it came about: typed, auto, copied, restored, merged, frozen
    settled_at DATETIME,                 -- of one aside: somebody has taken from it what they wanted
    staff_id   INTEGER REFERENCES staff (id),
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL
);
CREATE INDEX update_texts_update ON update_texts (update_id, id);

CREATE TABLE update_pictures (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id    INTEGER NOT NULL REFERENCES updates (id), -- for which it was sent; copies of a letter share it
    code         TEXT NOT NULL, -- part of its address, so that nobody guesses it
    name         TEXT NOT NULL,
    content_type TEXT NOT NULL, -- found in the file
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    data         BLOB NOT NULL,
    created_at   DATETIME NOT NULL
);
CREATE INDEX update_pictures_update ON update_pictures (update_id, id);

-- +goose Down
DROP TABLE update_pictures;
DROP TABLE update_texts;
DROP TABLE updates;
