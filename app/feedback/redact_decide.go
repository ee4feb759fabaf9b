package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/feedback/redact"
)

// The states of a finding.
const (
	Struck  = "struck"
	PutBack = "back"
)

// Redacting is a comment while a person looks at what is struck out of it.
type Redacting struct {
	Comment  Comment
	Original string
	Findings []Finding // in the order of the words
}

// Redacting opens a comment for striking out. Once that is confirmed the original is sealed: a Conflict fault. Where the
// words or the original are gone it is a NotFound fault.
func (s *Service) Redacting(ctx context.Context, id int64) (r Redacting, err error) {
	if r.Comment, err = s.Comment(ctx, id); err != nil {
		return r, err
	}
	if r.Comment.Redaction == Confirmed {
		return r, fault.New(fault.Conflict, "This was checked already, and the words as they came are sealed.")
	}
	err = readOriginal(s.DB.Read(ctx).Raw, &r)
	return r, err
}

// Decisions are what a person says of what is struck out.
type Decisions struct {
	Back    []int64   // findings to put back; all others are struck out
	Strike  []Stretch // more to strike out
	Words   string    // more to strike out, wherever it stands: a line each
	Kind    redact.Kind
	Confirm bool // nothing else tells who somebody is
}

// Stretch is a part of the original, in bytes.
type Stretch struct{ Start, End int }

// Redact keeps what a person decided on a comment. Confirmed, the original is sealed. version is the one that was read.
// The error is an Invalid fault at the field words where they are not in the comment, or a Conflict.
func (s *Service) Redact(ctx context.Context, id, version int64, d Decisions) error {
	action := "comment.redact"
	if d.Confirm {
		action = "comment.confirm"
	}
	return s.changeComment(ctx, id, version, action, func(tx *database.Tx, c Comment) (audit.Details, error) {
		if c.Redaction == Confirmed {
			return nil, fault.New(fault.Conflict, "This was checked already, and the words as they came are sealed.")
		}
		r := Redacting{Comment: c}
		if err := readOriginal(tx.Raw, &r); err != nil {
			return nil, err
		}
		more, err := d.places(r.Original)
		if err != nil {
			return nil, err
		}
		back, err := decide(ctx, tx, &r, d.Back)
		if err != nil {
			return nil, err
		}
		if err := strikeMore(ctx, tx, &r, more, d.kind()); err != nil {
			return nil, err
		}
		return audit.Details{"back": back, "more": len(more)}, storeRedacted(ctx, tx, r, d.Confirm)
	})
}

func (d Decisions) kind() redact.Kind {
	if slices.Contains(kinds(), d.Kind) {
		return d.Kind
	}
	return redact.Other
}

// places are the stretches that were marked and those of the words that were typed.
func (d Decisions) places(original string) (all []Stretch, err error) {
	var f fault.Fields
	for _, p := range d.Strike {
		if p.Start < 0 || p.End > len(original) || p.Start >= p.End || !utf8.RuneStart(original[p.Start]) || p.End < len(original) && !utf8.RuneStart(original[p.End]) {
			f.Add("strike", "What you marked is not in the comment any more. Mark it again")
			continue
		}
		all = append(all, p)
	}
	for line := range strings.SplitSeq(d.Words, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		found := placesOf(original, line)
		if len(found) == 0 {
			f.Add("words", "“"+line+"” is not in the comment. Copy it exactly")
		}
		all = append(all, found...)
	}
	return all, f.Err()
}

// placesOf are the places where words stand in a text, in capitals or not, as whole words.
func placesOf(text, words string) (all []Stretch) {
	low, what := []rune(text), []rune(words)
	at := make([]int, 0, len(low)+1) // the byte at which each letter begins
	n := 0
	for i, r := range low {
		at = append(at, n)
		n += utf8.RuneLen(r)
		low[i] = unicode.ToLower(r)
	}
	at = append(at, n)
	for i, r := range what {
		what[i] = unicode.ToLower(r)
	}
	for i := 0; i+len(what) <= len(low); {
		end := i + len(what)
		if slices.Equal(low[i:end], what) && !within(low, i) && !within(low, end) {
			all = append(all, Stretch{at[i], at[end]})
			i = end
			continue
		}
		i++
	}
	return all
}

// within says whether a place lies inside a word.
func within(text []rune, i int) bool {
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return i > 0 && i < len(text) && letter(text[i-1]) && letter(text[i])
}

// readOriginal reads the words as they came and what was found in them.
func readOriginal(raw rawQuery, r *Redacting) error {
	var o Original
	err := database.First(raw("SELECT * FROM comment_originals WHERE comment_id = ?", r.Comment.ID), &o)
	if database.IsNotFound(err) || err == nil && r.Comment.Text == "" {
		return fault.New(fault.NotFound, "The words as they came are not kept any more.")
	}
	if err != nil {
		return fmt.Errorf("read the original of comment %d: %w", r.Comment.ID, err)
	}
	r.Original = o.Text
	if err := raw("SELECT * FROM comment_findings WHERE comment_id = ? ORDER BY start_at, end_at, id", r.Comment.ID).Scan(&r.Findings).Error; err != nil {
		return fmt.Errorf("read what was found in comment %d: %w", r.Comment.ID, err)
	}
	return nil
}

// decide puts findings back and strikes all others out.
func decide(ctx context.Context, tx *database.Tx, r *Redacting, putBack []int64) (back int, err error) {
	for i, f := range r.Findings {
		state := Struck
		if slices.Contains(putBack, f.ID) {
			state, back = PutBack, back+1
		}
		if state == f.State {
			continue
		}
		r.Findings[i].State = state
		if err := tx.Exec("UPDATE comment_findings SET state = ?, decided_by = ? WHERE id = ?", state, audit.StaffID(ctx), f.ID).Error; err != nil {
			return 0, fmt.Errorf("decide on finding %d: %w", f.ID, err)
		}
	}
	return back, nil
}

func strikeMore(ctx context.Context, tx *database.Tx, r *Redacting, more []Stretch, kind redact.Kind) error {
	for _, p := range more {
		err := tx.Exec(`INSERT INTO comment_findings (comment_id, start_at, end_at, kind, state, decided_by) VALUES (?, ?, ?, ?, 'struck', ?)
			ON CONFLICT (comment_id, start_at, end_at) DO UPDATE SET kind = excluded.kind, state = 'struck', decided_by = excluded.decided_by`,
			r.Comment.ID, p.Start, p.End, string(kind), audit.StaffID(ctx)).Error
		if err != nil {
			return fmt.Errorf("strike out more of comment %d: %w", r.Comment.ID, err)
		}
		r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return f.StartAt == p.Start && f.EndAt == p.End })
		r.Findings = append(r.Findings, Finding{CommentID: r.Comment.ID, StartAt: p.Start, EndAt: p.End, Kind: string(kind), State: Struck})
	}
	return nil
}

// storeRedacted gives a comment the words that are left. Copies are found anew where they changed.
func storeRedacted(ctx context.Context, tx *database.Tx, r Redacting, confirm bool) error {
	c := r.Comment
	if text := r.Struck(); text != c.Text {
		words := fold(text)
		if err := tx.Exec("UPDATE comments SET text = ?, words = ?, redacted = redacted + 1 WHERE id = ?", text, words, c.ID).Error; err != nil {
			return fmt.Errorf("store the words of comment %d: %w", c.ID, err)
		}
		if err := tx.Exec("DELETE FROM comment_marks WHERE comment_id = ?", c.ID).Error; err != nil {
			return fmt.Errorf("drop the marks of comment %d: %w", c.ID, err)
		}
		if err := markCopies(tx, c.ID, words); err != nil {
			return err
		}
	}
	if !confirm {
		return nil
	}
	err := tx.Exec("UPDATE comments SET redaction = ?, confirmed_by = ?, confirmed_at = ? WHERE id = ?", string(Confirmed), audit.StaffID(ctx), tx.Now(), c.ID).Error
	if err != nil {
		return fmt.Errorf("confirm comment %d: %w", c.ID, err)
	}
	return nil
}

// Struck is the original with all that is to be struck out.
func (r Redacting) Struck() string {
	var all []redact.Finding
	for _, f := range r.Findings {
		if f.State == Struck {
			all = append(all, redact.Finding{Start: f.StartAt, End: f.EndAt, Kind: redact.Kind(f.Kind)})
		}
	}
	return redact.Struck(r.Original, all)
}

// NextToRedact is the first comment behind one whose striking out nobody has confirmed, from the start again after the
// last; 0 where there is none. left is how many there are.
func (s *Service) NextToRedact(ctx context.Context, after int64) (id int64, left int, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, 0, err
	}
	const waiting = " FROM comments c WHERE c.redaction = 'found' AND c.text <> '' AND c.set_aside = '' AND EXISTS (SELECT 1 FROM comment_originals o WHERE o.comment_id = c.id)"
	if err := s.DB.Read(ctx).Raw("SELECT count(*)" + waiting).Scan(&left).Error; err != nil || left == 0 {
		return 0, 0, err
	}
	err = s.DB.Read(ctx).Raw("SELECT c.id"+waiting+" ORDER BY CASE WHEN c.id > ? THEN 0 ELSE 1 END, c.id LIMIT 1", after).Scan(&id).Error
	return id, left, err
}
