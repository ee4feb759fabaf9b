package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

const benchContacts = 100_000

const (
	living   = `FROM contacts k WHERE k.merged_into IS NULL AND k.sort_key <> ''`
	byName   = ` ORDER BY k.sort_key, k.id LIMIT 50`
	mayWrite = ` AND EXISTS (SELECT 1 FROM current_consents c WHERE c.contact_id = k.id AND c.purpose = 'updates' AND c.entry = 'given')`
	inMedia  = ` AND k.id IN (SELECT m.contact_id FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE g.slug = 'media')`
	stopped  = ` AND EXISTS (SELECT 1 FROM suppressions s WHERE s.hash = k.suppression_key)`
)

// contactList is a view of the list of contacts with its SQL: the count, the page, and what the page shows besides.
func contactList(what, query, where, order string) staffList {
	const ids = `(SELECT id FROM contacts WHERE id <= 50)` // as many as a page has
	return staffList{what, "/staff/contacts" + query, []string{`SELECT count(*) ` + living + where, `SELECT k.* ` + living + where + order,
		`SELECT m.contact_id, g.slug FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE m.contact_id IN ` + ids,
		`SELECT contact_id, locality FROM contact_localities WHERE contact_id IN ` + ids,
		`SELECT * FROM current_consents WHERE contact_id IN ` + ids}}
}

// contactLists compares the list of contacts, its filters and the page of one with the SQL behind them.
func contactLists(ctx context.Context) (row, error) {
	worst := row{goal: 3, direction: atMost}
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return worst, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o, err := openOffice(ctx, filepath.Join(folder, "bench.db"), fillContacts)
	if err != nil {
		return worst, err
	}
	defer o.close()
	err = o.slowest(&worst, "contacts, 100,000 of them, time beside raw SQL: ", []staffList{
		contactList("all, by name", "", "", byName),
		contactList("by name, page 1000", "?page=1000", "", byName+" OFFSET 49950"),
		contactList("part of a name", "?q=belo", ` AND k.search_key LIKE '%belo%'`, byName),
		contactList("a group", "?group=media", inMedia, byName),
		contactList("who may be written to", "?basis=yes", mayWrite, byName),
		contactList("whose address is stopped", "?suppressed=yes", stopped, byName),
		contactList("changed last", "?sort=-changed", "", ` ORDER BY k.updated_at DESC, k.id DESC LIMIT 50`),
		{"one contact with 300 letters", "/staff/contacts/7", []string{`SELECT * FROM contacts WHERE id = 7`, `SELECT * FROM consents WHERE contact_id = 7`, `SELECT * FROM current_consents WHERE contact_id = 7`,
			`SELECT count(*) FROM deliveries WHERE contact_id = 7`, `SELECT d.*, m.subject FROM deliveries d JOIN mailings m ON m.id = d.mailing_id WHERE d.contact_id = 7 ORDER BY d.id DESC LIMIT 25`,
			`SELECT * FROM contact_groups`, `SELECT id, name FROM staff`}},
	})
	return worst, err
}

// fillContacts makes contacts with what they let us do, as the program keeps them. The names are syllables.
func fillContacts(ctx context.Context, db *sql.DB) error {
	for _, text := range []string{
		`INSERT INTO staff (id, email, name, role, password_hash, totp_secret, created_at, updated_at)
			VALUES (1, 'bench@officers.example', 'Bench Officer', 'admin', 'none', 'none', datetime('now'), datetime('now'))`,
		fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d),
				s(k, a) AS (VALUES %s),
				named(i, first, last) AS (SELECT i, (SELECT a FROM s WHERE k = (i * 7919) %% 40) || (SELECT a FROM s WHERE k = (i / 40) %% 40),
					(SELECT a FROM s WHERE k = (i * 31) %% 40) || (SELECT a FROM s WHERE k = (i / 7) %% 40) || (SELECT a FROM s WHERE k = (i / 280) %% 40) FROM n)
			INSERT INTO contacts (id, name, email, email_key, suppression_key, post_address, postcode, sort_key, search_key, channel, created_at, updated_at)
			SELECT i, first || ' ' || last, first || i || '@residents.example', first || i || '@residents.example', printf('%%032x', i), '1 Example Street', 'HP1 1AA',
				first || ' ' || last, first || ' ' || last || ' ' || first || i || ' residents example 1 example street hp1 1aa  ', CASE WHEN i %% 9 = 0 THEN 'post' ELSE 'email' END,
				datetime('now', -i || ' minutes'), datetime('now', -i || ' minutes') FROM named`, benchContacts, syllables()),
		`INSERT INTO contact_group_members (contact_id, group_id) SELECT k.id, g.id FROM contacts k JOIN contact_groups g ON k.id % 7 = g.id % 7 OR g.slug = 'residents' AND k.id % 2 = 0`,
		`INSERT INTO contact_localities (contact_id, locality) SELECT id, CASE id % 3 WHEN 0 THEN 'dacorum' WHEN 1 THEN 'hertsmere' ELSE 'watford-and-three-rivers' END FROM contacts`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, wording, wording_version, at, recorded_at, source)
			SELECT id, 'updates', channel, 'given', 'consent', 'Please send me updates about health and care services where I live.', 1, created_at, created_at, 'import' FROM contacts WHERE id % 5 <> 0`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, at, recorded_at, source) SELECT id, 'updates', channel, 'withdrawn', datetime('now'), datetime('now'), 'unsubscribe' FROM contacts WHERE id % 10 = 1`,
		`INSERT INTO suppressions (hash, reason, at) SELECT suppression_key, 'bounced', datetime('now') FROM contacts WHERE id % 50 = 0`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
			INSERT INTO mailings (id, unique_key, kind, about, about_id, subject, content, list_id, purpose, state, created_at)
			SELECT i, 'update:' || i, 'update', 'updates', i, 'Stakeholder update ' || i, '{}', 'updates', 'updates', 'finished', datetime('now') FROM n`,
		`INSERT INTO deliveries (mailing_id, contact_id, address, name, address_hash, state, due_at, done_at, words)
			SELECT m.id, k.id, k.email, k.name, k.suppression_key, 'sent', datetime('now'), datetime('now'), '250 2.0.0 Ok' FROM mailings m JOIN contacts k ON k.id <= 500`,
	} {
		if _, err := db.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}
