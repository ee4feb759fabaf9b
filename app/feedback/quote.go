package feedback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

// quoteLetters is how long a quotation may be: enough to hear a person, not so much that the comment is all there.
const quoteLetters = 600

// LockedQuote is a quotation that may be shown: its words are read from the comment each time, never from what was typed.
type LockedQuote struct {
	Quote
	Words    string
	Locality string
	Source   Source
	SaidOn   string
}

// quoteRow is a quotation with what it is locked to.
type quoteRow struct {
	Quote     `gorm:"embedded"`
	Text      string
	Now       int
	Redaction Redaction
	QuoteOK   bool `gorm:"column:quote_ok"`
	SetAside  string
	Locality  string
	Source    Source
	SaidOn    string
}

const quoteRows = `SELECT q.*, c.text, c.redacted AS now, c.redaction, c.quote_ok, c.set_aside, c.locality, c.source, c.said_on FROM quotes q JOIN comments c ON c.id = q.comment_id `

// words are the words of the quotation, if it holds: nobody withdrew it, and the comment, what is struck out in it, and the
// permission are those to which it was locked.
func (r quoteRow) words() (words string, holds bool) {
	c := Comment{ID: r.CommentID, Text: r.Text, Redacted: r.Now, Redaction: r.Redaction, QuoteOK: r.QuoteOK, SetAside: r.SetAside}
	words, inside := span(r.Text, r.StartAt, r.EndAt)
	return words, inside && r.WithdrawnAt == nil && c.mayBeQuoted() && r.Quote.Redacted == r.Now && quoteDigest(c, words) == r.Digest
}

// mayBeQuoted says whether its writer let us, and a person has confirmed what is struck out.
func (c Comment) mayBeQuoted() bool {
	return c.QuoteOK && c.Redaction == Confirmed && c.Text != "" && c.SetAside == ""
}

// quoteDigest binds words to the comment, to what is struck out of it and to the permission.
func quoteDigest(c Comment, words string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "comment %d\nredaction %d %s\nquote %t\n%s", c.ID, c.Redacted, c.Redaction, c.QuoteOK, words))
	return hex.EncodeToString(sum[:])
}

// span is a stretch of a text, in characters.
func span(text string, start, end int) (words string, inside bool) {
	letters := []rune(text)
	if start < 0 || start >= end || end > len(letters) {
		return "", false
	}
	return string(letters[start:end]), true
}

// ChooseQuote locks words of a comment, so that they may be quoted. excerpt must stand in the comment letter for letter.
// The error is an Invalid fault at the field excerpt, or a Conflict where the comment must not be quoted.
func (s *Service) ChooseQuote(ctx context.Context, commentID int64, excerpt string) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	excerpt = strings.TrimSpace(strings.ReplaceAll(excerpt, "\r\n", "\n"))
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		var c Comment
		err := database.First(tx.Raw("SELECT * FROM comments WHERE id = ?"+tx.ForUpdate(), commentID), &c)
		if database.IsNotFound(err) {
			return fault.New(fault.NotFound, "There is no such comment.")
		}
		if err != nil {
			return fmt.Errorf("lock comment %d: %w", commentID, err)
		}
		q, err := c.quote(excerpt)
		if err != nil {
			return err
		}
		if id, err = storeQuote(ctx, tx, q); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "quote.choose", "quotes", id, audit.Details{"comment": commentID, "letters": q.EndAt - q.StartAt})
	})
	return id, err
}

// quote finds words in a comment that may be quoted.
func (c Comment) quote(excerpt string) (q Quote, err error) {
	switch {
	case c.Text == "":
		return q, fault.New(fault.Conflict, "This comment was removed on request.")
	case !c.QuoteOK:
		return q, fault.New(fault.Conflict, "Who wrote this did not say that we may quote it.")
	case c.Redaction != Confirmed:
		return q, fault.New(fault.Conflict, "Nobody has checked yet what must be struck out of this comment. Check it first.")
	case c.SetAside != "":
		return q, fault.New(fault.Conflict, "This comment is set aside. It does not count, so it is not quoted.")
	}
	var f fault.Fields
	at := strings.Index(c.Text, excerpt)
	switch {
	case excerpt == "":
		f.Add("excerpt", "Enter the words to quote")
	case utf8.RuneCountInString(excerpt) > quoteLetters:
		f.Add("excerpt", fmt.Sprintf("A quote can have %d letters at most", quoteLetters))
	case at < 0:
		f.Add("excerpt", "These words are not in the comment. Copy them exactly as they stand there")
	case strings.ContainsAny(excerpt, placeMarks):
		f.Add("excerpt", "There is a sign in these words that cannot be printed. Leave it out")
	}
	if err := f.Err(); err != nil {
		return q, err
	}
	start := utf8.RuneCountInString(c.Text[:at])
	return Quote{CommentID: c.ID, StartAt: start, EndAt: start + utf8.RuneCountInString(excerpt), Redacted: c.Redacted, Digest: quoteDigest(c, excerpt)}, nil
}

// storeQuote keeps a quotation; one that was withdrawn and is chosen again holds again.
func storeQuote(ctx context.Context, tx *database.Tx, q Quote) (id int64, err error) {
	id, err = tx.Insert(`INSERT INTO quotes (comment_id, start_at, end_at, redacted, digest, chosen_by, chosen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (comment_id, start_at, end_at, redacted) DO UPDATE SET digest = excluded.digest, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at, withdrawn_at = NULL RETURNING id`,
		q.CommentID, q.StartAt, q.EndAt, q.Redacted, q.Digest, audit.StaffID(ctx), tx.Now())
	if err != nil {
		return 0, fmt.Errorf("lock a quote of comment %d: %w", q.CommentID, err)
	}
	return id, nil
}

// DropQuote withdraws a quotation; nothing shows it any more. The error is a NotFound fault where there is none.
func (s *Service) DropQuote(ctx context.Context, id int64) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		changed := tx.Exec("UPDATE quotes SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL", tx.Now(), id)
		if changed.Error != nil {
			return fmt.Errorf("withdraw quote %d: %w", id, changed.Error)
		}
		if changed.RowsAffected == 0 {
			return fault.New(fault.NotFound, "There is no such quote.")
		}
		return audit.Record(ctx, tx, "quote.withdraw", "quotes", id, nil)
	})
}

// QuoteFilter chooses quotations; its zero value is all.
type QuoteFilter struct {
	Theme    int64 // id: of comments in which it, or one below it, was found
	Locality string
	Comment  int64
	IDs      []int64 // nil is any
}

// Quotes gives the quotations that may be shown, the oldest first.
func (s *Service) Quotes(ctx context.Context, f QuoteFilter) ([]LockedQuote, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	return quotesOf(s.DB.Read(ctx), f)
}

// quotesOf is Quotes for whoever may see them by other ways: a page that everybody reads, an issued report.
func quotesOf(read *gorm.DB, f QuoteFilter) (list []LockedQuote, err error) {
	where, args := "q.withdrawn_at IS NULL AND c.quote_ok AND c.text <> ''", []any(nil)
	if f.Theme != 0 {
		where += ` AND q.comment_id IN (SELECT k.comment_id FROM codings k JOIN up ON up.id = k.theme_id WHERE k.counts AND up.above = ?)`
		args = append(args, f.Theme)
	}
	if f.Locality != "" {
		where, args = where+" AND c.locality = ?", append(args, f.Locality)
	}
	if f.Comment != 0 {
		where, args = where+" AND c.id = ?", append(args, f.Comment)
	}
	if f.IDs != nil {
		where, args = where+" AND q.id IN ?", append(args, f.IDs)
	}
	var rows []quoteRow
	if err := read.Raw("WITH RECURSIVE "+upwards+" "+quoteRows+"WHERE "+where+" ORDER BY q.id", args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read quotes: %w", err)
	}
	for _, r := range rows {
		if words, holds := r.words(); holds {
			list = append(list, LockedQuote{Quote: r.Quote, Words: words, Locality: r.Locality, Source: r.Source, SaidOn: r.SaidOn})
		}
	}
	return list, nil
}

// withdrawLoose withdraws what no longer holds of the quotations of comments, for good: permission that is given again does
// not bring them back. nil comments are all.
func withdrawLoose(tx *database.Tx, at time.Time, comments []int64) (withdrawn int, err error) {
	where, args := "q.withdrawn_at IS NULL", []any(nil)
	if comments != nil {
		among, ids := tx.Among(comments)
		where, args = where+" AND q.comment_id "+among, append(args, ids)
	}
	var rows []quoteRow
	if err := tx.Raw(quoteRows+"WHERE "+where, args...).Scan(&rows).Error; err != nil {
		return 0, fmt.Errorf("read quotes: %w", err)
	}
	for _, r := range rows {
		if _, holds := r.words(); holds {
			continue
		}
		if err := tx.Exec("UPDATE quotes SET withdrawn_at = ? WHERE id = ?", at, r.ID).Error; err != nil {
			return 0, fmt.Errorf("withdraw quote %d: %w", r.ID, err)
		}
		withdrawn++
	}
	return withdrawn, nil
}

// label says of whom a quotation is, as far as everybody may know: "St Albans, by letter".
func (s *Service) quoteLabel(q LockedQuote) string {
	parts := []string{q.Source.Words()}
	if l, known := s.Config.Locality(q.Locality); known {
		parts = append([]string{l.Name}, parts...)
	}
	return contacts.Tidy(strings.Join(parts, ", "))
}
