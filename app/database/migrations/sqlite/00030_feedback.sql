-- What people said, what was done about it, and the line between the two.
-- +goose Up

-- A file that comments came from.
CREATE TABLE comment_imports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name  TEXT NOT NULL,
    digest     TEXT NOT NULL,                  -- SHA-256 of the file
    comments   INTEGER NOT NULL DEFAULT 0,
    made_by    INTEGER REFERENCES staff (id),
    made_at    DATETIME NOT NULL,
    undone_at  DATETIME
);

-- Who said it, apart from what was said.
CREATE TABLE comment_people (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL DEFAULT '',
    email      TEXT NOT NULL DEFAULT '',
    email_key  TEXT NOT NULL DEFAULT '',
    phone      TEXT NOT NULL DEFAULT '',
    phone_key  TEXT NOT NULL DEFAULT '',
    wording    TEXT NOT NULL DEFAULT ''        -- exactly what they agreed to
);
CREATE INDEX comment_people_email ON comment_people (email_key) WHERE email_key <> '';
CREATE INDEX comment_people_phone ON comment_people (phone_key) WHERE phone_key <> '';

-- A comment as staff may see it: what tells who somebody is has been struck out. The words as they came are in
-- comment_originals, who said it, where that is known, in comment_people.
CREATE TABLE comments (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,                     -- survey, question, meeting, minutes, telephone, letter, email, social-media, import
    source_key   TEXT NOT NULL UNIQUE,              -- "survey:RESPONSE:QUESTION", "booking:ID", "import:…": the same words come in once
    about        TEXT NOT NULL DEFAULT '',          -- what they were asked: the question's words
    text         TEXT NOT NULL,                     -- with [telephone number] and the like where something was struck out; "" was removed on request
    words        TEXT NOT NULL DEFAULT '',          -- the same, folded, to find duplicates by
    redaction    TEXT NOT NULL DEFAULT 'found',     -- found (by the program), confirmed (by a person)
    redacted     INTEGER NOT NULL DEFAULT 1,        -- rises with every change of what is struck out
    confirmed_by INTEGER REFERENCES staff (id),
    confirmed_at DATETIME,
    event_id     INTEGER REFERENCES events (id),
    locality     TEXT NOT NULL DEFAULT '',
    service      TEXT NOT NULL DEFAULT '',
    equality     TEXT NOT NULL DEFAULT '',          -- JSON by topic: codes of answers to equality questions of the same survey
    said_on      TEXT NOT NULL DEFAULT '',          -- 2017-02-28; "" is not known, or an anonymous survey's
    quote_ok     BOOLEAN NOT NULL DEFAULT FALSE,    -- its writer let us quote it
    recontact    BOOLEAN NOT NULL DEFAULT FALSE,    -- its writer let us get in touch
    same_as      INTEGER REFERENCES comments (id),  -- the first of those that say the same, word for word
    like_group   INTEGER NOT NULL DEFAULT 0,        -- a campaign: near copies have the id of the first; 0 is alone
    set_aside    TEXT NOT NULL DEFAULT '',          -- why it does not count
    person_id    INTEGER REFERENCES comment_people (id),
    import_id    INTEGER REFERENCES comment_imports (id),
    taken_by     INTEGER REFERENCES staff (id),     -- who typed it in
    version      INTEGER NOT NULL DEFAULT 1,
    created_at   DATETIME NOT NULL
);
CREATE INDEX comments_event ON comments (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX comments_locality ON comments (locality, id);
CREATE INDEX comments_redaction ON comments (redaction, id);
CREATE INDEX comments_like ON comments (like_group) WHERE like_group <> 0;
CREATE INDEX comments_person ON comments (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX comments_import ON comments (import_id) WHERE import_id IS NOT NULL;

-- The words as they came, sealed: shown while a person confirms what is struck out, afterwards only to an administrator
-- who says why.
CREATE TABLE comment_originals (
    comment_id INTEGER PRIMARY KEY REFERENCES comments (id),
    text       TEXT NOT NULL
);

-- What tells who somebody is, in the words as they came.
CREATE TABLE comment_findings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    start_at   INTEGER NOT NULL,               -- in bytes of the original
    end_at     INTEGER NOT NULL,
    kind       TEXT NOT NULL,                  -- nhs-number, telephone, email, address, postcode, birth, name, other
    state      TEXT NOT NULL DEFAULT 'struck', -- struck, back (put back by staff)
    decided_by INTEGER REFERENCES staff (id),  -- NULL is the program
    UNIQUE (comment_id, start_at, end_at)
);

-- Marks made of the words of a comment: the same words have the same marks, and near copies share some.
CREATE TABLE comment_marks (
    mark       INTEGER NOT NULL,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    PRIMARY KEY (mark, comment_id)
) WITHOUT ROWID;
CREATE INDEX comment_marks_comment ON comment_marks (comment_id);

-- Somebody may be in danger: the configured people are written to, without the words, until one of them has it in hand.
CREATE TABLE comment_alarms (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id   INTEGER NOT NULL REFERENCES comments (id),
    kind         TEXT NOT NULL,                -- safeguarding, threat-to-life
    raised_by    INTEGER REFERENCES staff (id),
    raised_at    DATETIME NOT NULL,
    rounds       INTEGER NOT NULL DEFAULT 0,   -- how often everybody was written to
    next_at      DATETIME,
    answered_by  INTEGER REFERENCES staff (id),
    answered_at  DATETIME,
    outcome      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX comment_alarms_open ON comment_alarms (next_at) WHERE answered_at IS NULL;

CREATE TABLE themes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    guid        TEXT NOT NULL,                 -- in exchange with other programs
    code        TEXT NOT NULL,
    parent_id   INTEGER REFERENCES themes (id),
    position    INTEGER NOT NULL,              -- among those of one parent, from 1
    name        TEXT NOT NULL,
    definition  TEXT NOT NULL DEFAULT '',
    included    TEXT NOT NULL DEFAULT '',
    excluded    TEXT NOT NULL DEFAULT '',
    examples    TEXT NOT NULL DEFAULT '',      -- made up, a line each
    colour      TEXT NOT NULL DEFAULT '',
    retired_at  DATETIME,
    merged_into INTEGER REFERENCES themes (id),
    gone        BOOLEAN NOT NULL DEFAULT FALSE, -- its adding was undone: as if it had never been
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL
);
CREATE INDEX themes_parent ON themes (parent_id, position);
CREATE UNIQUE INDEX themes_code ON themes (lower(code)) WHERE NOT gone;
CREATE UNIQUE INDEX themes_guid ON themes (guid) WHERE NOT gone;

-- Every change of the codebook. The id of the newest is the codebook's version.
CREATE TABLE theme_changes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,                  -- add, change, move, merge, split, retire, restore, import, undo
    theme_id   INTEGER NOT NULL REFERENCES themes (id),
    details    TEXT NOT NULL,                  -- JSON: how the themes it touched were, and how they are; codings moved, by id
    undoes     INTEGER REFERENCES theme_changes (id),
    changed_by INTEGER REFERENCES staff (id),
    changed_at DATETIME NOT NULL
);
CREATE INDEX theme_changes_theme ON theme_changes (theme_id, id);

-- How one coder read one comment.
CREATE TABLE comment_readings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    part       TEXT NOT NULL,                  -- first, second (blind), third (settles where they differ)
    coder_id   INTEGER REFERENCES staff (id),  -- who read it last
    verdict    TEXT NOT NULL,                  -- coded, none (no theme fits), undecided
    tone       TEXT NOT NULL DEFAULT '',       -- positive, negative, mixed, neutral
    quotable   BOOLEAN NOT NULL DEFAULT FALSE, -- worth quoting
    suggested  BOOLEAN NOT NULL DEFAULT FALSE, -- suggestions were in sight
    offered    TEXT NOT NULL DEFAULT '',       -- themes that were suggested, the best first: ids with commas between
    counts     BOOLEAN NOT NULL DEFAULT TRUE,  -- the one that reports go by
    version    INTEGER NOT NULL DEFAULT 1,
    read_at    DATETIME NOT NULL,
    UNIQUE (comment_id, part)
);
CREATE INDEX comment_readings_counts ON comment_readings (comment_id) WHERE counts;
CREATE INDEX comment_readings_coder ON comment_readings (coder_id, read_at);

CREATE TABLE codings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    reading_id INTEGER NOT NULL REFERENCES comment_readings (id),
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    theme_id   INTEGER NOT NULL REFERENCES themes (id),
    start_at   INTEGER NOT NULL DEFAULT 0,     -- an excerpt, in characters of the text as redacted; 0 to 0 is the whole
    end_at     INTEGER NOT NULL DEFAULT 0,
    redacted   INTEGER NOT NULL DEFAULT 1,     -- of the text that the excerpt was marked in
    place      INTEGER NOT NULL DEFAULT 0,     -- which suggestion it was, from 1; 0 is none
    counts     BOOLEAN NOT NULL DEFAULT TRUE,  -- as its reading
    UNIQUE (reading_id, theme_id, start_at, end_at)
);
CREATE INDEX codings_theme ON codings (theme_id, comment_id) WHERE counts;
CREATE INDEX codings_comment ON codings (comment_id);

-- Every step of coding, so that each can be taken back by whoever took it.
CREATE TABLE coding_steps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    reading_id INTEGER NOT NULL REFERENCES comment_readings (id),
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    staff_id   INTEGER REFERENCES staff (id),
    before     TEXT NOT NULL,                  -- JSON: verdict, tone, quotable, codings
    after      TEXT NOT NULL,
    undoes     INTEGER REFERENCES coding_steps (id),
    taken_at   DATETIME NOT NULL
);
CREATE INDEX coding_steps_comment ON coding_steps (comment_id, id);
CREATE INDEX coding_steps_staff ON coding_steps (staff_id, id);
CREATE INDEX coding_steps_undoes ON coding_steps (undoes) WHERE undoes IS NOT NULL;

-- Comments that a second person codes without seeing what the first did.
CREATE TABLE double_codings (
    comment_id INTEGER PRIMARY KEY REFERENCES comments (id),
    state      TEXT NOT NULL,                  -- waiting, agreed, differs, settled
    drawn_at   DATETIME NOT NULL
);
CREATE INDEX double_codings_state ON double_codings (state);

-- Words of a comment that may stand in quotation marks, locked to the comment, what was struck out, and the consent.
CREATE TABLE quotes (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id   INTEGER NOT NULL REFERENCES comments (id),
    start_at     INTEGER NOT NULL,             -- in characters of the text as redacted
    end_at       INTEGER NOT NULL,
    redacted     INTEGER NOT NULL,
    digest       TEXT NOT NULL,                -- SHA-256 over the words, the redaction and the consent
    chosen_by    INTEGER REFERENCES staff (id),
    chosen_at    DATETIME NOT NULL,
    withdrawn_at DATETIME,
    UNIQUE (comment_id, start_at, end_at, redacted)
);

-- A report as it was issued, for ever.
CREATE TABLE reports (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    title            TEXT NOT NULL,
    kind             TEXT NOT NULL,            -- board, table
    filter           TEXT NOT NULL,            -- JSON
    published        BOOLEAN NOT NULL,         -- small counts are hidden in it
    codebook_version INTEGER NOT NULL,
    tables           TEXT NOT NULL DEFAULT '', -- JSON: as published, for the next release to know
    content          BLOB NOT NULL,            -- HTML
    digest           TEXT NOT NULL,            -- SHA-256 of the content as issued
    issued_by        INTEGER REFERENCES staff (id),
    issued_at        DATETIME NOT NULL
);

-- Where the words of a comment stand in an issued report.
CREATE TABLE report_places (
    report_id  INTEGER NOT NULL REFERENCES reports (id),
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    start_at   INTEGER NOT NULL,               -- in bytes of the content
    end_at     INTEGER NOT NULL,
    removed_at DATETIME,                       -- they read "removed on request"
    PRIMARY KEY (report_id, start_at)
);
CREATE INDEX report_places_comment ON report_places (comment_id);

-- "You said, we did".
CREATE TABLE actions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    slug         TEXT NOT NULL UNIQUE,
    theme_id     INTEGER NOT NULL REFERENCES themes (id),
    locality     TEXT NOT NULL DEFAULT '',     -- "" is everywhere
    title        TEXT NOT NULL,
    said         TEXT NOT NULL DEFAULT '',     -- in our words
    decided      TEXT NOT NULL DEFAULT '',     -- what was decided, done, or why not
    state        TEXT NOT NULL,                -- considering, planned, under-way, done, will-not
    owner        TEXT NOT NULL DEFAULT '',     -- an office
    due_on       TEXT NOT NULL DEFAULT '',     -- 2017-06-30
    done_on      TEXT NOT NULL DEFAULT '',
    evidence     TEXT NOT NULL DEFAULT '',     -- an address, or words
    document_id  INTEGER REFERENCES documents (id),
    approval     TEXT NOT NULL DEFAULT 'draft',-- draft, asked, published, withdrawn
    asked_by     INTEGER REFERENCES staff (id),
    asked_at     DATETIME,
    approved_by  INTEGER REFERENCES staff (id),
    published_at DATETIME,
    published    TEXT NOT NULL DEFAULT '',     -- JSON: what the public page says; later drafts do not change it
    update_id    INTEGER REFERENCES updates (id),        -- the letter that tells those who raised it
    version      INTEGER NOT NULL DEFAULT 1,
    created_by   INTEGER REFERENCES staff (id),
    created_at   DATETIME NOT NULL,
    updated_at   DATETIME NOT NULL
);
CREATE INDEX actions_theme ON actions (theme_id);
CREATE INDEX actions_due ON actions (due_on) WHERE state NOT IN ('done', 'will-not');

CREATE TABLE action_quotes (
    action_id INTEGER NOT NULL REFERENCES actions (id),
    quote_id  INTEGER NOT NULL REFERENCES quotes (id),
    position  INTEGER NOT NULL,
    PRIMARY KEY (action_id, quote_id)
);
CREATE INDEX action_quotes_quote ON action_quotes (quote_id);

CREATE TABLE action_changes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    action_id  INTEGER NOT NULL REFERENCES actions (id),
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    changed_by INTEGER REFERENCES staff (id),
    changed_at DATETIME NOT NULL
);
CREATE INDEX action_changes_action ON action_changes (action_id, id);

CREATE VIRTUAL TABLE comments_search USING fts5 (text, content = 'comments', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2');
-- +goose StatementBegin
CREATE TRIGGER comments_search_add AFTER INSERT ON comments BEGIN
    INSERT INTO comments_search (rowid, text) VALUES (new.id, new.text);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_search_change AFTER UPDATE OF text ON comments WHEN old.text <> new.text BEGIN
    INSERT INTO comments_search (comments_search, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO comments_search (rowid, text) VALUES (new.id, new.text);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_search_drop AFTER DELETE ON comments BEGIN
    INSERT INTO comments_search (comments_search, rowid, text) VALUES ('delete', old.id, old.text);
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE comments_search;
DROP TABLE action_changes;
DROP TABLE action_quotes;
DROP TABLE actions;
DROP TABLE report_places;
DROP TABLE reports;
DROP TABLE quotes;
DROP TABLE double_codings;
DROP TABLE coding_steps;
DROP TABLE codings;
DROP TABLE comment_readings;
DROP TABLE theme_changes;
DROP TABLE themes;
DROP TABLE comment_alarms;
DROP TABLE comment_marks;
DROP TABLE comment_findings;
DROP TABLE comment_originals;
DROP TABLE comments;
DROP TABLE comment_people;
DROP TABLE comment_imports;
