-- Surveys: what is asked, who is invited, what was answered, and what was published of it.
-- +goose Up
CREATE TABLE surveys (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    slug           TEXT NOT NULL UNIQUE,
    state          TEXT NOT NULL,                  -- draft, open, closed, archived
    anonymous      BOOLEAN NOT NULL DEFAULT FALSE, -- invitations are exchanged for ballots, and no times are kept
    event_id       INTEGER REFERENCES events (id), -- asked of those who came to it
    languages      TEXT NOT NULL DEFAULT 'en',     -- codes with | between them; the first is the one it was written in
    texts          TEXT NOT NULL,                  -- JSON by language: title, introduction, thanks
    opens_local    TEXT NOT NULL DEFAULT '',       -- 2017-02-28T09:00; "" is when it is opened
    closes_local   TEXT NOT NULL DEFAULT '',
    zone           TEXT NOT NULL,
    opens_at       DATETIME,
    closes_at      DATETIME,
    contact_form   BOOLEAN NOT NULL DEFAULT FALSE, -- of an anonymous survey: a form of its own follows, joined to nothing
    public_results BOOLEAN NOT NULL DEFAULT FALSE,
    version        INTEGER NOT NULL DEFAULT 1,     -- rises with every change of what is asked
    copied_from    INTEGER REFERENCES surveys (id),
    created_by     INTEGER REFERENCES staff (id),
    created_at     DATETIME NOT NULL,
    updated_at     DATETIME NOT NULL,
    opened_at      DATETIME,
    closed_at      DATETIME
);
CREATE INDEX surveys_event ON surveys (event_id) WHERE event_id IS NOT NULL;

CREATE TABLE survey_sections (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id   INTEGER NOT NULL REFERENCES surveys (id),
    position    INTEGER NOT NULL,               -- from 1
    texts       TEXT NOT NULL,                  -- JSON by language: title, introduction
    if_question INTEGER NOT NULL DEFAULT 0,     -- shown only if this earlier question was answered so; 0 is always
    if_choice   INTEGER NOT NULL DEFAULT 0,
    if_not      BOOLEAN NOT NULL DEFAULT FALSE, -- shown unless it was answered so
    retired_at  DATETIME,
    version     INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX survey_sections_survey ON survey_sections (survey_id, position);

CREATE TABLE survey_questions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id  INTEGER NOT NULL REFERENCES surveys (id),
    section_id INTEGER NOT NULL REFERENCES survey_sections (id),
    position   INTEGER NOT NULL,               -- in its section, from 1
    number     INTEGER NOT NULL,               -- order of creation in the survey: its place in every export, for life
    kind       TEXT NOT NULL,                  -- short-text, long-text, one-of, several-of, scale, yes-no, number, date, postcode, grid, recontact, quote
    topic      TEXT NOT NULL DEFAULT '',       -- of an equality question: age, sex, …
    required   BOOLEAN NOT NULL DEFAULT FALSE,
    settings   TEXT NOT NULL DEFAULT '{}',     -- JSON: limits, steps of a scale
    texts      TEXT NOT NULL,                  -- JSON by language: label, help, words at the ends of a scale
    wording    INTEGER NOT NULL DEFAULT 1,     -- of the texts: rises with every correction
    locked     BOOLEAN NOT NULL DEFAULT FALSE, -- somebody has answered: its meaning stays
    retired_at DATETIME,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    UNIQUE (survey_id, number)
);
CREATE INDEX survey_questions_section ON survey_questions (section_id, position);

CREATE TABLE survey_choices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    question_id INTEGER NOT NULL REFERENCES survey_questions (id),
    part        TEXT NOT NULL DEFAULT 'option', -- option, or row of a grid
    position    INTEGER NOT NULL,               -- from 1
    code        TEXT NOT NULL,                  -- in exports, for life
    special     TEXT NOT NULL DEFAULT '',       -- other (says what), none (of these), prefer-not
    texts       TEXT NOT NULL,                  -- JSON by language: label
    retired_at  DATETIME,
    UNIQUE (question_id, part, code)
);

-- The words of a question, and of its choices, as they were before each correction.
CREATE TABLE survey_wordings (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    question_id INTEGER NOT NULL REFERENCES survey_questions (id),
    wording     INTEGER NOT NULL,
    texts       TEXT NOT NULL, -- JSON: the question's and its choices'
    changed_by  INTEGER REFERENCES staff (id),
    changed_at  DATETIME NOT NULL,
    UNIQUE (question_id, wording)
);

-- Invitations and reminders that staff send: to who came to the event, or to contacts by a rule.
CREATE TABLE survey_sendings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id  INTEGER NOT NULL REFERENCES surveys (id),
    kind       TEXT NOT NULL,                  -- came, contacts, reminder
    state      TEXT NOT NULL,                  -- draft, going, sent, stopped
    purpose    TEXT NOT NULL DEFAULT '',       -- of contacts: what they agreed to; "" is who came
    rule       TEXT NOT NULL DEFAULT '',       -- JSON: which contacts
    list_id    INTEGER REFERENCES audience_lists (id),
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL,
    hold_until DATETIME,                       -- until then it can be called back
    mailing_id INTEGER NOT NULL DEFAULT 0,   -- of the outbox; 0 is none
    people     INTEGER NOT NULL DEFAULT 0,   -- written to so far
    why        TEXT NOT NULL DEFAULT '',       -- why it was stopped
    version    INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES staff (id),
    created_at DATETIME NOT NULL,
    sent_at    DATETIME
);
CREATE INDEX survey_sendings_survey ON survey_sendings (survey_id, id);

CREATE TABLE survey_invitations (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id   INTEGER NOT NULL REFERENCES surveys (id),
    contact_id  INTEGER REFERENCES contacts (id),
    booking_id  INTEGER REFERENCES bookings (id), -- of somebody who came
    sending_id  INTEGER REFERENCES survey_sendings (id), -- NULL: it went with the thank-you
    used        BOOLEAN NOT NULL DEFAULT FALSE,   -- answered; of an anonymous survey: exchanged for a ballot
    invited_at  DATETIME,
    reminded_at DATETIME,
    created_at  DATETIME NOT NULL
);
CREATE UNIQUE INDEX survey_invitations_contact ON survey_invitations (survey_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX survey_invitations_booking ON survey_invitations (survey_id, booking_id) WHERE booking_id IS NOT NULL;

CREATE TABLE survey_batches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id  INTEGER NOT NULL REFERENCES surveys (id),
    name       TEXT NOT NULL,                  -- "Hemel Hempstead library, first box"
    channel    TEXT NOT NULL,                  -- paper, telephone, import
    event_id   INTEGER REFERENCES events (id),
    locality   TEXT NOT NULL DEFAULT '',
    received_on TEXT NOT NULL DEFAULT '',      -- 2017-03-01
    forms      INTEGER NOT NULL DEFAULT 0,     -- as counted by hand; 0 is not counted
    share      INTEGER NOT NULL DEFAULT 10,    -- percent of its forms that are entered a second time
    set_aside  TEXT NOT NULL DEFAULT '',       -- why none of its forms counts
    created_by INTEGER REFERENCES staff (id),
    created_at DATETIME NOT NULL,
    closed_at  DATETIME
);
CREATE INDEX survey_batches_survey ON survey_batches (survey_id, id);

-- Ids are random, so that no order of rows tells who answered when. Of an anonymous survey the rows are there before
-- anybody answers, and times stay empty.
CREATE TABLE survey_responses (
    id            INTEGER NOT NULL PRIMARY KEY,
    survey_id     INTEGER NOT NULL REFERENCES surveys (id),
    state         TEXT NOT NULL,                  -- ballot (not taken), draft, complete, set-aside, second
    channel       TEXT NOT NULL DEFAULT 'online', -- online, paper, telephone, import
    language      TEXT NOT NULL DEFAULT 'en',
    locality      TEXT NOT NULL DEFAULT '',       -- from a postcode or a batch
    event_id      INTEGER REFERENCES events (id),
    invitation_id INTEGER REFERENCES survey_invitations (id), -- never of an anonymous survey
    batch_id      INTEGER REFERENCES survey_batches (id),
    second_of     INTEGER,                        -- the same paper, entered a second time to count errors
    outside_id    TEXT NOT NULL DEFAULT '',       -- what an imported answer is called elsewhere
    section       INTEGER NOT NULL DEFAULT 0,     -- of a draft: where its writer is
    entered_by    INTEGER REFERENCES staff (id),
    set_aside     TEXT NOT NULL DEFAULT '',       -- why it does not count
    chosen        TEXT NOT NULL DEFAULT '',       -- its closed answers on one line, for counting
    started_at    DATETIME,
    submitted_at  DATETIME
);
CREATE INDEX survey_responses_survey ON survey_responses (survey_id, state, id);
-- What is counted lies together. PostgreSQL has no room for long lines in an index, and reads the table.
CREATE INDEX survey_responses_counted ON survey_responses (survey_id, state, second_of, id, locality, channel, event_id, chosen) WHERE state = 'complete';
CREATE UNIQUE INDEX survey_responses_invitation ON survey_responses (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE UNIQUE INDEX survey_responses_second ON survey_responses (second_of) WHERE second_of IS NOT NULL;
CREATE UNIQUE INDEX survey_responses_outside ON survey_responses (survey_id, outside_id) WHERE outside_id <> '';
CREATE INDEX survey_responses_batch ON survey_responses (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE survey_answers (
    response_id INTEGER NOT NULL REFERENCES survey_responses (id),
    question_id INTEGER NOT NULL REFERENCES survey_questions (id),
    row_id      INTEGER NOT NULL DEFAULT 0,     -- of a grid
    choice_id   INTEGER NOT NULL DEFAULT 0,     -- chosen; 0 where something was written
    number      INTEGER,                        -- of a number or a step of a scale
    text        TEXT NOT NULL DEFAULT '',       -- written, or what "other" is; a day; the outward part of a postcode
    unreadable  BOOLEAN NOT NULL DEFAULT FALSE, -- on paper
    wording     INTEGER NOT NULL DEFAULT 1,     -- of the question as it was read
    PRIMARY KEY (response_id, question_id, row_id, choice_id)
) WITHOUT ROWID;
CREATE INDEX survey_answers_texts ON survey_answers (question_id, response_id, text) WHERE text <> '';

-- Forms that were drawn to be entered a second time, by somebody who does not see the first entry.
CREATE TABLE survey_checks (
    response_id INTEGER NOT NULL PRIMARY KEY REFERENCES survey_responses (id), -- the first entry
    batch_id    INTEGER NOT NULL REFERENCES survey_batches (id),
    compared    INTEGER NOT NULL DEFAULT 0        -- answers of both entries; 0 is not entered again yet
);
CREATE INDEX survey_checks_batch ON survey_checks (batch_id);

-- Where two entries of a paper differ, and which of them is right.
CREATE TABLE survey_differences (
    response_id  INTEGER NOT NULL REFERENCES survey_responses (id), -- the first entry
    question_id  INTEGER NOT NULL REFERENCES survey_questions (id),
    row_id       INTEGER NOT NULL DEFAULT 0,      -- of a grid
    first_entry  TEXT NOT NULL,                  -- JSON: as each was entered, for good
    second_entry TEXT NOT NULL,
    settled      TEXT NOT NULL DEFAULT '',       -- first, second: the one that is right; neither
    settled_by   INTEGER REFERENCES staff (id),
    PRIMARY KEY (response_id, question_id, row_id)
) WITHOUT ROWID;

-- Files with answers from elsewhere.
CREATE TABLE survey_imports (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id INTEGER NOT NULL REFERENCES surveys (id),
    batch_id  INTEGER REFERENCES survey_batches (id), -- once it was confirmed
    file_name TEXT NOT NULL,
    settings  TEXT NOT NULL,                     -- JSON: headings, what each column is
    made_by   INTEGER REFERENCES staff (id),
    made_at   DATETIME NOT NULL,
    done_at   DATETIME
);
CREATE INDEX survey_imports_survey ON survey_imports (survey_id, id);

-- Their rows, until the file is taken or dropped.
CREATE TABLE survey_import_rows (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id   INTEGER NOT NULL REFERENCES survey_imports (id),
    line        INTEGER NOT NULL,
    cells       TEXT NOT NULL,                   -- JSON
    trouble     TEXT NOT NULL,                   -- why it cannot be read
    response_id INTEGER REFERENCES survey_responses (id) -- what was made of it
);
CREATE INDEX survey_import_rows_import ON survey_import_rows (import_id, id);

-- Names and addresses of those who let us get in touch, apart from what they answered.
CREATE TABLE survey_respondents (
    id          INTEGER NOT NULL PRIMARY KEY,   -- random
    survey_id   INTEGER NOT NULL REFERENCES surveys (id),
    response_id INTEGER REFERENCES survey_responses (id), -- never of an anonymous survey
    name        TEXT NOT NULL DEFAULT '',
    email       TEXT NOT NULL DEFAULT '',
    email_key   TEXT NOT NULL DEFAULT '',
    phone       TEXT NOT NULL DEFAULT '',
    phone_key   TEXT NOT NULL DEFAULT '',
    wording     TEXT NOT NULL                   -- exactly what they were asked
);
CREATE UNIQUE INDEX survey_respondents_response ON survey_respondents (response_id) WHERE response_id IS NOT NULL;

-- The columns of a survey's export, in the order in which they first left: none ever moves.
CREATE TABLE survey_columns (
    survey_id INTEGER NOT NULL REFERENCES surveys (id),
    name      TEXT NOT NULL,
    position  INTEGER NOT NULL,                  -- from 1
    PRIMARY KEY (survey_id, name)
);

-- What was published, so that the next release gives nothing away that an earlier one hid.
CREATE TABLE survey_releases (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    survey_id   INTEGER NOT NULL REFERENCES surveys (id),
    tables      TEXT NOT NULL, -- JSON: as published
    digest      TEXT NOT NULL, -- SHA-256
    released_by INTEGER REFERENCES staff (id),
    released_at DATETIME NOT NULL
);
CREATE INDEX survey_releases_survey ON survey_releases (survey_id, id);

-- +goose Down
DROP TABLE survey_releases;
DROP TABLE survey_columns;
DROP TABLE survey_respondents;
DROP TABLE survey_import_rows;
DROP TABLE survey_imports;
DROP TABLE survey_differences;
DROP TABLE survey_checks;
DROP TABLE survey_answers;
DROP TABLE survey_responses;
DROP TABLE survey_batches;
DROP TABLE survey_invitations;
DROP TABLE survey_sendings;
DROP TABLE survey_wordings;
DROP TABLE survey_choices;
DROP TABLE survey_questions;
DROP TABLE survey_sections;
DROP TABLE surveys;
