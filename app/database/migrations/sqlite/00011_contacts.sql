-- The people and organisations we write to, their groups, what they let us do, and how they came in.
-- +goose Up
CREATE TABLE contact_groups (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    slug        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    retired     BOOLEAN NOT NULL DEFAULT FALSE, -- not offered any more
    version     INTEGER NOT NULL DEFAULT 1,
    created_at  DATETIME NOT NULL,
    updated_at  DATETIME NOT NULL
);

CREATE TABLE contacts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            TEXT NOT NULL DEFAULT 'person', -- person, organisation
    name            TEXT NOT NULL DEFAULT '',
    organisation    TEXT NOT NULL DEFAULT '',
    email           TEXT NOT NULL DEFAULT '',
    email_key       TEXT NOT NULL DEFAULT '', -- normalised: one contact an address
    suppression_key TEXT NOT NULL DEFAULT '', -- keyed hash of email_key, as in suppressions
    phone           TEXT NOT NULL DEFAULT '',
    phone_key       TEXT NOT NULL DEFAULT '',
    post_address    TEXT NOT NULL DEFAULT '', -- lines
    postcode        TEXT NOT NULL DEFAULT '',
    post_key        TEXT NOT NULL DEFAULT '', -- name and postcode: how somebody is known who has no more than a postal address
    sort_key        TEXT NOT NULL DEFAULT '', -- what the list is ordered by; '' once erased
    search_key      TEXT NOT NULL DEFAULT '', -- every word by which the contact is found
    channel         TEXT NOT NULL DEFAULT 'email', -- preferred: email, post, telephone
    large_print     BOOLEAN NOT NULL DEFAULT FALSE,
    notes           TEXT NOT NULL DEFAULT '',
    merged_into     INTEGER REFERENCES contacts (id), -- this row only leads to that one
    version         INTEGER NOT NULL DEFAULT 1,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL
);
CREATE UNIQUE INDEX contacts_email_once ON contacts (email_key) WHERE email_key <> '' AND merged_into IS NULL;
CREATE INDEX contacts_email_merged ON contacts (email_key) WHERE email_key <> '' AND merged_into IS NOT NULL;
CREATE INDEX contacts_phone ON contacts (phone_key) WHERE phone_key <> '';
CREATE INDEX contacts_postcode ON contacts (postcode) WHERE postcode <> '';
CREATE INDEX contacts_listed ON contacts (sort_key, id) WHERE merged_into IS NULL AND sort_key <> '';
CREATE INDEX contacts_suppression ON contacts (suppression_key) WHERE suppression_key <> '';
CREATE INDEX contacts_merged ON contacts (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE contact_group_members (
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    group_id   INTEGER NOT NULL REFERENCES contact_groups (id),
    PRIMARY KEY (contact_id, group_id)
);
CREATE INDEX contact_group_members_group ON contact_group_members (group_id, contact_id);

CREATE TABLE contact_localities (
    contact_id INTEGER NOT NULL REFERENCES contacts (id),
    locality   TEXT NOT NULL, -- slug
    PRIMARY KEY (contact_id, locality)
);
CREATE INDEX contact_localities_locality ON contact_localities (locality, contact_id);

-- A list that is brought in. Its state says what is to be done; a job does it in chunks, each of which moves last_row on.
CREATE TABLE contact_imports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name    TEXT NOT NULL,
    state        TEXT NOT NULL, -- reading, read, checking, checked, importing, done, undoing, undone
    settings     TEXT NOT NULL, -- JSON: which column is what, and what the file does not say
    total        INTEGER NOT NULL DEFAULT 0, -- rows
    bad          INTEGER NOT NULL DEFAULT 0,
    created      INTEGER NOT NULL DEFAULT 0, -- contacts
    changed      INTEGER NOT NULL DEFAULT 0,
    same         INTEGER NOT NULL DEFAULT 0,
    doubles      INTEGER NOT NULL DEFAULT 0, -- rows about somebody who has an earlier row
    unsubscribed INTEGER NOT NULL DEFAULT 0, -- rows whose yes came before a no
    undone       INTEGER NOT NULL DEFAULT 0, -- contacts
    kept         INTEGER NOT NULL DEFAULT 0, -- changed since, so that undoing left them
    worked       INTEGER NOT NULL DEFAULT 0, -- rows worked through in this state
    last_row     INTEGER NOT NULL DEFAULT 0, -- the last of them, by id
    skip_bad     BOOLEAN NOT NULL DEFAULT FALSE,
    made_by      INTEGER REFERENCES staff (id),
    ordered_by   INTEGER REFERENCES staff (id), -- who had it checked, imported or undone last
    created_at   DATETIME NOT NULL,
    done_at      DATETIME,
    undone_at    DATETIME
);
CREATE INDEX contact_imports_open ON contact_imports (id) WHERE state IN ('checking', 'importing', 'undoing');

CREATE TABLE contact_import_rows (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    import_id     INTEGER NOT NULL REFERENCES contact_imports (id),
    line          INTEGER NOT NULL, -- of the file
    email_key     TEXT NOT NULL DEFAULT '',
    cells         TEXT NOT NULL DEFAULT '', -- JSON: as they stood in the file
    trouble       TEXT NOT NULL DEFAULT '', -- why the row cannot be read
    outcome       TEXT NOT NULL DEFAULT '', -- create, change, same, double, bad; '' is not checked yet
    reason        TEXT NOT NULL DEFAULT '', -- of a bad row
    note          TEXT NOT NULL DEFAULT '', -- unsubscribed, suppressed: a yes that did not count
    double_of     INTEGER REFERENCES contact_import_rows (id), -- the first row about the same contact
    contact_id    INTEGER REFERENCES contacts (id),
    before        TEXT NOT NULL DEFAULT '', -- JSON: what the contact was, and what it got
    version_after INTEGER NOT NULL DEFAULT 0, -- of the contact, to know what changed since
    ended         TEXT NOT NULL DEFAULT ''  -- undone, kept
);
CREATE INDEX contact_import_rows_import ON contact_import_rows (import_id, id);
CREATE INDEX contact_import_rows_bad ON contact_import_rows (import_id, id) WHERE outcome = 'bad';
CREATE INDEX contact_import_rows_double ON contact_import_rows (double_of) WHERE double_of IS NOT NULL;
CREATE INDEX contact_import_rows_contact ON contact_import_rows (contact_id) WHERE contact_id IS NOT NULL;

-- A ledger: rows are added and never changed.
CREATE TABLE consents (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id      INTEGER NOT NULL REFERENCES contacts (id),
    purpose         TEXT NOT NULL,             -- updates, recontact, …
    channel         TEXT NOT NULL,             -- email, post, telephone
    entry           TEXT NOT NULL,             -- given, withdrawn, objected, annulled
    annuls          INTEGER REFERENCES consents (id), -- the entry that an annulled takes back
    basis           TEXT NOT NULL DEFAULT '',  -- of what is given: consent, public-task, legitimate-interest
    wording         TEXT NOT NULL DEFAULT '',  -- exactly what the person was asked
    wording_version INTEGER NOT NULL DEFAULT 0,
    at              DATETIME NOT NULL,         -- when the person said so
    recorded_at     DATETIME NOT NULL,
    source          TEXT NOT NULL,             -- subscribe, booking, staff, import, unsubscribe, complaint
    source_note     TEXT NOT NULL DEFAULT '',  -- "sign-up sheet, Hemel Hempstead, 31 January"
    recorded_by     INTEGER REFERENCES staff (id),
    import_id       INTEGER REFERENCES contact_imports (id)
);
CREATE INDEX consents_contact ON consents (contact_id, purpose, channel, at, id);
CREATE UNIQUE INDEX consents_annulled_once ON consents (annuls) WHERE annuls IS NOT NULL;
CREATE INDEX consents_import ON consents (import_id) WHERE import_id IS NOT NULL;

-- Two contacts that were found to be one: what it needs to be undone.
CREATE TABLE contact_merges (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kept_id       INTEGER NOT NULL REFERENCES contacts (id),
    gone_id       INTEGER NOT NULL REFERENCES contacts (id),
    before        TEXT NOT NULL,   -- JSON: the kept contact as it was, with its groups and localities
    moved         TEXT NOT NULL,   -- JSON: the entries of the ledger, and the contacts merged before, that followed
    last_entry    INTEGER NOT NULL, -- of the ledger when it was done: later ones of the kept contact build on it
    version_after INTEGER NOT NULL, -- of the kept contact
    made_by       INTEGER REFERENCES staff (id),
    created_at    DATETIME NOT NULL,
    undone_at     DATETIME
);
CREATE INDEX contact_merges_kept ON contact_merges (kept_id);
CREATE INDEX contact_merges_gone ON contact_merges (gone_id);

-- How each contact stands: of the entries for a purpose and a channel that were not taken back, the last. An entry counts
-- from when the person said so; an objection from when we heard of it, so that no list that was made before then, whatever
-- its dates, gets past it. What ends a basis wins over what begins one at the same instant.
CREATE VIEW current_consents AS
SELECT c.contact_id, c.purpose, c.channel, c.entry, c.basis, c.at, c.id AS consent_id
FROM consents c
WHERE c.entry <> 'annulled'
  AND NOT EXISTS (SELECT 1 FROM consents a WHERE a.annuls = c.id)
  AND NOT EXISTS (
    SELECT 1 FROM consents later
    WHERE later.contact_id = c.contact_id AND later.purpose = c.purpose AND later.channel = c.channel AND later.id <> c.id
      AND later.entry <> 'annulled' AND NOT EXISTS (SELECT 1 FROM consents a WHERE a.annuls = later.id)
      AND CASE
        WHEN (CASE later.entry WHEN 'objected' THEN later.recorded_at ELSE later.at END) <> (CASE c.entry WHEN 'objected' THEN c.recorded_at ELSE c.at END)
          THEN (CASE later.entry WHEN 'objected' THEN later.recorded_at ELSE later.at END) > (CASE c.entry WHEN 'objected' THEN c.recorded_at ELSE c.at END)
        WHEN (later.entry = 'given') <> (c.entry = 'given') THEN c.entry = 'given'
        ELSE later.id > c.id
      END);

CREATE TABLE subscription_requests (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    localities      TEXT NOT NULL DEFAULT '', -- slugs with | between them
    source          TEXT NOT NULL,            -- subscribe, booking
    booking_id      INTEGER REFERENCES bookings (id),
    wording         TEXT NOT NULL,
    wording_version INTEGER NOT NULL,
    created_at      DATETIME NOT NULL,
    expires_at      DATETIME NOT NULL,
    asks            INTEGER NOT NULL,         -- how often in the hour since asks_since
    asks_since      DATETIME NOT NULL,
    confirmed_at    DATETIME,
    contact_id      INTEGER REFERENCES contacts (id)
);
CREATE INDEX subscription_requests_email ON subscription_requests (email_key, id);
CREATE UNIQUE INDEX subscription_requests_pending ON subscription_requests (email_key) WHERE confirmed_at IS NULL;

-- +goose Down
DROP TABLE subscription_requests;
DROP VIEW current_consents;
DROP TABLE contact_merges;
DROP TABLE consents;
DROP TABLE contact_import_rows;
DROP TABLE contact_imports;
DROP TABLE contact_localities;
DROP TABLE contact_group_members;
DROP TABLE contacts;
DROP TABLE contact_groups;
