package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Erasure is a row of the table erasures: that what we held about somebody was erased, not about whom.
type Erasure struct {
	ID        int64
	At        time.Time
	Reason    string
	Counts    string // JSON: rows by table
	DoneBy    *int64
	CleanedAt *time.Time // when the database's file was cleaned of it; nil while that has still to be done
}

// TableName is the table that erasures live in.
func (Erasure) TableName() string { return "erasures" }

// Rows are the counts by table.
func (e Erasure) Rows() (counts map[string]int) {
	_ = json.Unmarshal([]byte(e.Counts), &counts) // written by us
	return counts
}

// Order asks for an erasure. Seen is how many rows the preview showed: if there are others by now, nobody has looked
// at what would go.
type Order struct {
	Who    Who
	Reason string
	Seen   int
	Sure   bool
}

const reasonLetters = 300

// Erase erases what is held about one person, in one transaction: columns are emptied or rows go, as declared, and
// counts stay true. The faults: Invalid with its fields; Conflict where rows have come since the preview, or where a
// feature refuses (a place at an event to come is cancelled first). If the file cannot be cleaned at once a job does it.
func (s *Service) Erase(ctx context.Context, o Order) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManagePrivacy); err != nil {
		return 0, err
	}
	who, err := s.byReference(ctx, o.Who)
	if err != nil {
		return 0, err
	}
	words, err := s.wordsAbout(ctx, who)
	if err != nil {
		return 0, err
	}
	if err := o.check(words); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		id, err = s.eraseFound(ctx, tx, who, o)
		return err
	})
	if err != nil {
		return 0, err
	}
	_ = s.CleanUp(ctx) // the erasure is done; what cannot be cleaned now the daily job cleans, and `check` tells of it
	return id, nil
}

func (o Order) check(words []string) error {
	var f fault.Fields
	switch reason := strings.TrimSpace(o.Reason); {
	case reason == "":
		f.Add("reason", "Enter why it is erased")
	case utf8.RuneCountInString(reason) > reasonLetters:
		f.Add("reason", fmt.Sprintf("The reason must be %d letters or fewer", reasonLetters))
	case names(reason, words):
		f.Add("reason", "Leave out the person’s name, address and number: the reason is kept")
	}
	if !o.Sure {
		f.Add("sure", "Tick the box if you have looked at what goes")
	}
	return f.Err()
}

// names says whether a text holds any of the words, however written.
func names(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, word := range words {
		if word = strings.ToLower(strings.TrimSpace(word)); utf8.RuneCountInString(word) > 2 && strings.Contains(text, word) {
			return true
		}
	}
	return false
}

func (s *Service) eraseFound(ctx context.Context, tx *database.Tx, who Who, o Order) (id int64, err error) {
	h, err := s.find(tx.DB, who)
	if err != nil {
		return 0, err
	}
	switch {
	case err != nil:
		return 0, err
	case h.rows() == 0:
		return 0, fault.New(fault.NotFound, "We hold nothing about this person any more.")
	case h.rows() != o.Seen:
		return 0, fault.New(fault.Conflict, "Something has changed since you looked. Look again at what is held before you erase it")
	}
	if err := s.mayErase(ctx, tx, h); err != nil {
		return 0, err
	}
	for _, t := range s.ground {
		if err := s.erase(ctx, tx, t, t.personal(), h[t.Name], asDeclared); err != nil {
			return 0, err
		}
	}
	return s.record(ctx, tx, who, o.Reason, h)
}

func (s *Service) mayErase(ctx context.Context, tx *database.Tx, h holding) error {
	for _, t := range s.ground {
		if f := s.refuse[t.Name]; f != nil && len(h[t.Name]) > 0 {
			if err := f(ctx, tx, integers(h[t.Name])); err != nil {
				return err
			}
		}
	}
	return nil
}

// wordsAbout are the names, addresses and numbers of a person: those looked for, and those in the rows by which a
// person is recognised.
func (s *Service) wordsAbout(ctx context.Context, who Who) (words []string, err error) {
	h, err := s.find(s.db.Read(ctx), who)
	if err != nil {
		return nil, err
	}
	words = append(words, who...)
	for _, t := range s.ground {
		if !t.recognises() || len(h[t.Name]) == 0 {
			continue
		}
		records, err := database.Records(s.db.Read(ctx), `SELECT * FROM `+t.Name+` WHERE `+t.key+` IN ?`, h[t.Name])
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.Name, err)
		}
		for _, r := range records {
			for _, c := range t.personal() {
				text, _ := r[c.Name].(string)
				words = append(words, text)
				if c.Name == "name" {
					words = append(words, strings.Fields(text)...)
				}
			}
		}
	}
	return words, nil
}

// recognises says whether a person is known by a column of the table itself.
func (t table) recognises() bool {
	for _, way := range t.Ways() {
		if way.To == "" && way.Named == "" {
			return true
		}
	}
	return false
}

// record notes the erasure, with keyed hashes by which the person is known again if an older backup brings them back.
func (s *Service) record(ctx context.Context, tx *database.Tx, who Who, reason string, h holding) (id int64, err error) {
	counts := audit.Details{}
	for name, keys := range h {
		counts[name] = len(keys)
	}
	text, err := json.Marshal(counts)
	if err != nil {
		return 0, err
	}
	var by *int64
	if actor := audit.ActorFrom(ctx); actor.ID != 0 {
		by = &actor.ID
	}
	id, err = tx.Insert(`INSERT INTO erasures (at, reason, counts, done_by) VALUES (?, ?, ?, ?) RETURNING id`, tx.Now(), strings.TrimSpace(reason), string(text), by)
	if err != nil {
		return 0, fmt.Errorf("record the erasure: %w", err)
	}
	for _, mark := range s.marks(who) {
		if err := tx.Exec(`INSERT INTO erasure_marks (erasure_id, mark) VALUES (?, ?)`, id, mark).Error; err != nil {
			return 0, fmt.Errorf("record the erasure: %w", err)
		}
	}
	return id, audit.Record(ctx, tx, "privacy.erase", "erasures", id, counts)
}

// CleanUp cleans the database's file after erasures that it was not cleaned of yet. It is part of the daily job.
func (s *Service) CleanUp(ctx context.Context) error {
	var waiting []int64
	if err := s.db.Read(ctx).Raw(`SELECT id FROM erasures WHERE cleaned_at IS NULL`).Scan(&waiting).Error; err != nil || len(waiting) == 0 {
		return err
	}
	if err := s.db.Clean(ctx); err != nil {
		return fmt.Errorf("clean the database's file: %w", err)
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec(`UPDATE erasures SET cleaned_at = ? WHERE id IN ?`, tx.Now(), waiting).Error
	})
}

// Erasures lists what was erased, newest first.
func (s *Service) Erasures(ctx context.Context) (list []Erasure, err error) {
	if err := accounts.Require(ctx, accounts.ManagePrivacy); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM erasures ORDER BY id DESC LIMIT 200`).Scan(&list).Error
	return list, err
}
