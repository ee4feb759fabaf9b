package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

// actionsTable names the table of answers to the audit log and the outbox.
const actionsTable = "actions"

// actionText is what an answer says, as its history keeps it.
type actionText struct {
	Theme    int64       `json:"theme"`
	Locality string      `json:"locality,omitempty"`
	Title    string      `json:"title"`
	Said     string      `json:"said,omitempty"`
	Decided  string      `json:"decided,omitempty"`
	State    ActionState `json:"state"`
	Owner    string      `json:"owner,omitempty"`
	DueOn    string      `json:"due_on,omitempty"`
	DoneOn   string      `json:"done_on,omitempty"`
	Evidence string      `json:"evidence,omitempty"`
	Document int64       `json:"document,omitempty"`
	Quotes   []int64     `json:"quotes,omitempty"`
	Approval Approval    `json:"approval"`
	Letter   int64       `json:"letter,omitempty"`
	Reason   string      `json:"reason,omitempty"` // why it was sent back
}

func (a Action) text(quotes []int64) actionText {
	t := actionText{Theme: a.ThemeID, Locality: a.Locality, Title: a.Title, Said: a.Said, Decided: a.Decided, State: a.State, Owner: a.Owner, DueOn: a.DueOn, DoneOn: a.DoneOn,
		Evidence: a.Evidence, Quotes: quotes, Approval: a.Approval}
	if a.DocumentID != nil {
		t.Document = *a.DocumentID
	}
	if a.UpdateID != nil {
		t.Letter = *a.UpdateID
	}
	return t
}

func (t actionText) json() string {
	text, err := json.Marshal(t)
	if err != nil { // it holds texts and numbers alone
		panic(err)
	}
	return string(text)
}

// ActionChange is an entry in the history of an answer: a row of the table action_changes.
type ActionChange struct {
	ID        int64
	ActionID  int64
	Before    string // JSON
	After     string
	ChangedBy *int64
	ChangedAt time.Time
}

// TableName is the table that changes live in.
func (ActionChange) TableName() string { return "action_changes" }

// AddAction begins an answer to a theme. The error is an Invalid fault with a message at each field.
func (s *Service) AddAction(ctx context.Context, f ActionForm) (a Action, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return a, err
	}
	quotes, err := s.checkAction(ctx, f, &a)
	if err != nil {
		return a, err
	}
	fresh := a
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		a = fresh
		a.Approval, a.Version, a.CreatedBy, a.CreatedAt, a.UpdatedAt = ActionDraft, 1, audit.StaffID(ctx), tx.Now(), tx.Now()
		if a.Slug, err = freeActionSlug(tx, a.Title); err != nil {
			return err
		}
		if err := tx.Create(&a).Error; err != nil {
			return fmt.Errorf("store an answer: %w", err)
		}
		if err := putQuotes(tx, a.ID, quotes); err != nil {
			return err
		}
		if err := noteAction(ctx, tx, a.ID, "", a.text(quotes).json()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "action.add", actionsTable, a.ID, audit.Details{"theme": a.ThemeID, "quotes": len(quotes)})
	})
	return a, err
}

// ChangeAction stores what was typed. The answer is a draft afterwards; what is on the website stays as it is until the
// draft is published. The error is an Invalid fault with its fields, NotFound, or a Conflict where somebody else was quicker.
func (s *Service) ChangeAction(ctx context.Context, id int64, f ActionForm) (Action, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return Action{}, err
	}
	var typed Action
	quotes, err := s.checkAction(ctx, f, &typed)
	if err != nil {
		return Action{}, err
	}
	return s.alterAction(ctx, id, f.Version, "action.change", func(_ *database.Tx, a *Action, t *actionText) error {
		a.ThemeID, a.Locality, a.Title, a.Said, a.Decided, a.State, a.Owner = typed.ThemeID, typed.Locality, typed.Title, typed.Said, typed.Decided, typed.State, typed.Owner
		a.DueOn, a.DoneOn, a.Evidence, a.DocumentID = typed.DueOn, typed.DoneOn, typed.Evidence, typed.DocumentID
		a.Approval, a.AskedBy, a.AskedAt = ActionDraft, nil, nil
		t.Quotes = quotes
		return nil
	})
}

// checkAction reads a form: what was typed goes onto a, and the ids of the quotes come back in their order.
func (s *Service) checkAction(ctx context.Context, f ActionForm, a *Action) (quotes []int64, err error) {
	var problems fault.Fields
	f.put(a, &problems)
	if _, known := s.Config.Locality(f.Locality); f.Locality != "" && !known {
		problems.Add("locality", "Choose an area, or all areas")
	}
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(themes, func(t Theme) bool { return t.ID == f.Theme }) {
		problems.Add("theme", "Choose a theme")
	}
	if f.Document != 0 {
		papers, err := s.papers(ctx)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(papers, func(p Paper) bool { return p.ID == f.Document }) {
			problems.Add("document", "Choose a document that everybody can see, or none")
		}
	}
	offered, err := quotesOf(s.DB.Read(ctx), QuoteFilter{Theme: standing(themes, f.Theme), Locality: f.Locality})
	if err != nil {
		return nil, err
	}
	quotes = f.chosen(offered, &problems)
	f.checkWords(&problems)
	return quotes, problems.Err()
}

// chosen are the quotes that were ticked, as far as they may be.
func (f ActionForm) chosen(offered []LockedQuote, problems *fault.Fields) (ids []int64) {
	for _, text := range f.Quotes {
		id, _ := strconv.ParseInt(text, 10, 64) // 0 is no quote
		switch {
		case slices.Contains(ids, id):
		case slices.ContainsFunc(offered, func(q LockedQuote) bool { return q.ID == id }):
			ids = append(ids, id)
		case !problems.Has("quotes"):
			problems.Add("quotes", "A quote that you chose can no longer be used, or belongs to another theme. Look at your choice again")
		}
	}
	return ids
}

// checkWords refuses words in quotation marks, those of a chosen quote too: that one is shown beside what is written, and
// goes when its writer takes the permission back. What stands in our own text would stay.
func (f ActionForm) checkWords(problems *fault.Fields) {
	for _, text := range []struct{ field, words string }{{"title", f.Title}, {"said", f.Said}, {"decided", f.Decided}, {"evidence", f.Evidence}} {
		for _, words := range inQuotationMarks(text.words, nil) {
			if !problems.Has(text.field) {
				problems.Add(text.field, "“"+beginning(words)+"” stands in quotation marks. Say it in your own words, and choose the quote below: it is shown as it was written")
			}
		}
	}
}

// alterAction changes an answer that stands at a version, and keeps how it was and how it is.
func (s *Service) alterAction(ctx context.Context, id int64, version int, what string, alter func(tx *database.Tx, a *Action, t *actionText) error) (a Action, err error) {
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		a = Action{}
		if err := orNoAction(database.First(tx.Raw(`SELECT * FROM actions WHERE id = ?`+tx.ForUpdate(), id), &a)); err != nil {
			return err
		}
		if a.Version != version {
			return fault.New(fault.Conflict, "Somebody else changed this answer meanwhile. Nothing of theirs is lost: look at it, and then decide again.")
		}
		quotes, err := quoteIDs(tx.DB, id)
		if err != nil {
			return err
		}
		before, wanted := a.text(quotes), actionText{Quotes: quotes}
		if err := alter(tx, &a, &wanted); err != nil {
			return err
		}
		a.Version, a.UpdatedAt = a.Version+1, tx.Now()
		if err := tx.Save(&a).Error; err != nil {
			return fmt.Errorf("change answer %d: %w", id, err)
		}
		if !slices.Equal(quotes, wanted.Quotes) {
			if err := putQuotes(tx, id, wanted.Quotes); err != nil {
				return err
			}
		}
		after := a.text(wanted.Quotes)
		after.Reason = wanted.Reason
		if err := noteAction(ctx, tx, id, before.json(), after.json()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, what, actionsTable, id, audit.Details{"version": a.Version, "quotes": len(wanted.Quotes)})
	})
	return a, err
}

func noteAction(ctx context.Context, tx *database.Tx, id int64, before, after string) error {
	err := tx.Exec(`INSERT INTO action_changes (action_id, before, after, changed_by, changed_at) VALUES (?, ?, ?, ?, ?)`, id, before, after, audit.StaffID(ctx), tx.Now()).Error
	if err != nil {
		return fmt.Errorf("note a change of answer %d: %w", id, err)
	}
	return nil
}

func putQuotes(tx *database.Tx, id int64, quotes []int64) error {
	if err := tx.Exec(`DELETE FROM action_quotes WHERE action_id = ?`, id).Error; err != nil {
		return fmt.Errorf("replace the quotes of answer %d: %w", id, err)
	}
	for i, quote := range quotes {
		if err := tx.Exec(`INSERT INTO action_quotes (action_id, quote_id, position) VALUES (?, ?, ?)`, id, quote, i+1).Error; err != nil {
			return fmt.Errorf("store a quote of answer %d: %w", id, err)
		}
	}
	return nil
}

func quoteIDs(q *gorm.DB, id int64) (ids []int64, err error) {
	if err := q.Raw(`SELECT quote_id FROM action_quotes WHERE action_id = ? ORDER BY position`, id).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("read the quotes of answer %d: %w", id, err)
	}
	return ids, nil
}

const maxActionSlugBytes = 80

// freeActionSlug is a name for addresses that no other answer has.
func freeActionSlug(tx *database.Tx, title string) (slug string, err error) {
	base := links.Words(title)
	base = strings.Trim(base[:min(len(base), maxActionSlugBytes)], "-")
	if base == "" {
		base = "answer"
	}
	slug = base
	for n := 2; ; n++ {
		var taken bool
		if err := tx.Row(`SELECT COUNT(*) > 0 FROM actions WHERE slug = ?`, slug).Scan(&taken); err != nil || !taken {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}

func orNoAction(err error) error {
	if database.IsNotFound(err) {
		return fault.New(fault.NotFound, "There is no such answer.")
	}
	return err
}
