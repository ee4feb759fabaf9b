package feedback

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/feedback/redact"
)

// TextLetters is how long a comment may be.
const TextLetters = 20_000

// NewComment is a comment that comes in.
type NewComment struct {
	Source    Source
	SourceKey string // the same key comes in once; "" is given one of its own
	About     string // what they were asked
	Text      string // as it came
	EventID   *int64
	Locality  string // slug
	Service   string
	SaidOn    string            // 2017-02-28, or ""
	Equality  map[string]string // codes of answers by topic
	QuoteOK   bool
	Recontact bool
	Who       *Person // nil is not known
	ImportID  *int64
}

// AddTx takes a comment in: what tells who somebody is is struck out at once, the words as they came are sealed, and
// copies are found. added is false where its key is there already; then nothing changes and id is the comment that has it.
// No words at all, and more than TextLetters, are an Invalid fault.
func (s *Service) AddTx(ctx context.Context, tx *database.Tx, n NewComment) (id int64, added bool, err error) {
	text := clean(n.Text)
	if err := checkText(text); err != nil {
		return 0, false, err
	}
	findings := redact.Find(text)
	c := Comment{Source: n.Source, SourceKey: n.key(), About: contacts.Tidy(n.About), Text: redact.Struck(text, findings), EventID: n.EventID, Locality: n.Locality, Service: n.Service,
		SaidOn: n.SaidOn, QuoteOK: n.QuoteOK, Recontact: n.Recontact, ImportID: n.ImportID}
	c.Words = fold(c.Text)
	if c.Equality, err = equalityText(n.Equality); err != nil {
		return 0, false, err
	}
	if id, err = commentOf(tx, c.SourceKey); err != nil || id != 0 {
		return id, false, err
	}
	if c.PersonID, err = personIn(tx, n.Who); err != nil {
		return 0, false, err
	}
	if id, err = insertComment(ctx, tx, c); err != nil {
		return 0, false, err
	}
	if err := keepOriginal(tx, id, text, findings); err != nil {
		return 0, false, err
	}
	if err := markCopies(tx, id, c.Words); err != nil {
		return 0, false, err
	}
	if n.ImportID != nil {
		return id, true, nil // the import is in the log
	}
	return id, true, audit.Record(ctx, tx, "comment.add", "comments", id, audit.Details{"source": string(n.Source), "found": len(findings)})
}

// key is the comment's own key, or a new one that nothing else has.
func (n NewComment) key() string {
	if n.SourceKey != "" {
		return n.SourceKey
	}
	return string(n.Source) + ":" + newKey()
}

// clean is a text without what no page and no database can hold; its words, lines and spaces stay as they came.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\ufeff', r == '\u200b':
			return -1
		case bidiMark(r):
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// bidiMark says whether a letter turns the direction of what follows, so that a text reads otherwise than it is.
func bidiMark(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

func checkText(text string) error {
	var f fault.Fields
	if text == "" {
		f.Add("comment", "Enter what was said")
	}
	if utf8.RuneCountInString(text) > TextLetters {
		f.Add("comment", "What was said must be 20,000 letters or fewer. Split it into several comments")
	}
	return f.Err()
}

func equalityText(answers map[string]string) (string, error) {
	if len(answers) == 0 {
		return "", nil
	}
	text, err := json.Marshal(answers)
	return string(text), err
}

// commentOf is the comment with a key; 0 where there is none.
func commentOf(tx *database.Tx, key string) (id int64, err error) {
	err = tx.Row("SELECT id FROM comments WHERE source_key = ?", key).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("look for a comment by its key: %w", err)
	}
	return id, nil
}

func insertComment(ctx context.Context, tx *database.Tx, c Comment) (id int64, err error) {
	id, err = tx.Insert(`INSERT INTO comments (source, source_key, about, text, words, event_id, locality, service, equality, said_on, quote_ok, recontact, person_id, import_id, taken_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, string(c.Source), c.SourceKey, c.About, c.Text, c.Words, c.EventID, c.Locality, c.Service, c.Equality, c.SaidOn,
		c.QuoteOK, c.Recontact, c.PersonID, c.ImportID, audit.StaffID(ctx), tx.Now())
	if err != nil {
		return 0, fmt.Errorf("keep a comment: %w", err)
	}
	return id, nil
}

func keepOriginal(tx *database.Tx, id int64, text string, findings []redact.Finding) error {
	if err := tx.Exec("INSERT INTO comment_originals (comment_id, text) VALUES (?, ?)", id, text).Error; err != nil {
		return fmt.Errorf("seal the words of comment %d: %w", id, err)
	}
	rows := make([][]any, len(findings))
	for i, f := range findings {
		rows[i] = []any{id, f.Start, f.End, string(f.Kind)}
	}
	if _, err := tx.ExecMany("INSERT INTO comment_findings (comment_id, start_at, end_at, kind) VALUES ", "(?, ?, ?, ?)", "", rows); err != nil {
		return fmt.Errorf("keep what was found in comment %d: %w", id, err)
	}
	return nil
}

// personIn is the row of somebody who said something; nil where nothing is known of them. Who is there already with the
// same name, address and number, and agreed to the same words, is not kept twice.
func personIn(tx *database.Tx, p *Person) (*int64, error) {
	if p == nil {
		return nil, nil
	}
	who := Person{Name: contacts.Tidy(p.Name), Email: contacts.Tidy(p.Email), Wording: contacts.Tidy(p.Wording)}
	who.EmailKey = contacts.NormaliseEmail(who.Email)
	if who.Phone = contacts.Tidy(p.Phone); who.Phone != "" {
		who.Phone, who.PhoneKey, _ = contacts.ReadPhone(who.Phone)
	}
	if who.Name == "" && who.Email == "" && who.Phone == "" {
		return nil, nil
	}
	var id int64
	err := sql.ErrNoRows
	if who.EmailKey != "" || who.PhoneKey != "" {
		column, key := "email_key", who.EmailKey
		if key == "" {
			column, key = "phone_key", who.PhoneKey
		}
		err = tx.Row("SELECT id FROM comment_people WHERE "+column+" = ? AND name = ? AND email_key = ? AND phone_key = ? AND wording = ? ORDER BY id LIMIT 1",
			key, who.Name, who.EmailKey, who.PhoneKey, who.Wording).Scan(&id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		id, err = tx.Insert("INSERT INTO comment_people (name, email, email_key, phone, phone_key, wording) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
			who.Name, who.Email, who.EmailKey, who.Phone, who.PhoneKey, who.Wording)
	}
	if err != nil {
		return nil, fmt.Errorf("keep who said a comment: %w", err)
	}
	return &id, nil
}
