-- Letters to many: the letter once, one light row for each recipient, who must not be written to, and how fast mails leave.
-- +goose Up
CREATE TABLE mailings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    unique_key TEXT NOT NULL UNIQUE,     -- update:12; the same mailing is never made twice
    kind       TEXT NOT NULL,            -- update, correction, survey.invitation
    about      TEXT NOT NULL,            -- table of what it is about
    about_id   INTEGER NOT NULL,
    subject    TEXT NOT NULL,
    content    TEXT NOT NULL,            -- JSON: blocks, and what stands in for a name that is not known
    list_id    TEXT NOT NULL,            -- label of List-Id: updates
    purpose    TEXT NOT NULL,            -- what its recipients can unsubscribe from
    state      TEXT NOT NULL,            -- filling, sending, paused, stopped, finished
    recipients INTEGER NOT NULL DEFAULT 0,
    release_at DATETIME,                 -- nothing leaves before
    begun_at   DATETIME,                 -- the first recipient's turn
    ended_at   DATETIME,                 -- finished, or stopped and nothing left to do
    trouble    TEXT NOT NULL DEFAULT '', -- in words why nothing leaves just now
    trouble_at DATETIME,
    created_at DATETIME NOT NULL
);
CREATE INDEX mailings_open ON mailings (release_at, id) WHERE ended_at IS NULL;
CREATE INDEX mailings_about ON mailings (about, about_id);

-- The queue and the proof. Its Message-ID, its envelope sender and the link to unsubscribe are worked out from the id.
CREATE TABLE deliveries (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    mailing_id      INTEGER NOT NULL REFERENCES mailings (id),
    contact_id      INTEGER NOT NULL,
    address         TEXT NOT NULL,
    name            TEXT NOT NULL,
    personal        TEXT NOT NULL DEFAULT '', -- a value for this recipient alone, such as a link to answer
    address_hash    TEXT NOT NULL,            -- as in suppressions
    lane            TEXT NOT NULL DEFAULT '', -- the domain whose own limit of rate counts; '' is none
    state           TEXT NOT NULL,            -- queued, claimed, sent, deferred, failed, withdrawn, stopped
    attempts        INTEGER NOT NULL DEFAULT 0, -- answers "try again later" so far
    due_at          DATETIME NOT NULL,        -- from when it may be tried; claimed: until when it is left alone
    owner           TEXT NOT NULL DEFAULT '', -- of the claim
    first_try_at    DATETIME,                 -- the date that the mail bears
    done_at         DATETIME,                 -- since when it is sent, failed, withdrawn or stopped
    words           TEXT NOT NULL DEFAULT '', -- the server's last words
    bounce          TEXT NOT NULL DEFAULT '', -- hard, soft
    bounced_at      DATETIME,
    bounce_words    TEXT NOT NULL DEFAULT '',
    unsubscribed_at DATETIME,
    complained_at   DATETIME,
    UNIQUE (mailing_id, contact_id)
);
CREATE INDEX deliveries_queue ON deliveries (mailing_id, state, lane, due_at, id);
CREATE INDEX deliveries_contact ON deliveries (contact_id, id);
CREATE INDEX deliveries_back ON deliveries (mailing_id, id) WHERE bounced_at IS NOT NULL OR unsubscribed_at IS NOT NULL OR complained_at IS NOT NULL;

-- Addresses that no mailing goes to. A keyed hash, so that it outlives the erasure of the address.
CREATE TABLE suppressions (
    hash   TEXT PRIMARY KEY,
    reason TEXT NOT NULL, -- bounced, complained, asked
    at     DATETIME NOT NULL
);

-- Token buckets, shared by all instances.
CREATE TABLE rate_buckets (
    name   TEXT PRIMARY KEY, -- '' is for all mailings together, else a lane
    tokens REAL NOT NULL,
    at     DATETIME NOT NULL -- when they were counted
);

-- +goose Down
DROP TABLE rate_buckets;
DROP TABLE suppressions;
DROP TABLE deliveries;
DROP TABLE mailings;
