package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/database"
)

// ActionDetail is an answer with all that staff see of it.
type ActionDetail struct {
	Action
	Theme    Theme         // as it stands now: where its own was merged, the one that took it up
	Quotes   []LockedQuote // those that still hold
	Lost     int           // quotes that were chosen and no longer hold
	Comments int           // that count, in which the theme was found
	History  []ActionStep  // the newest first
	Paper    *Paper        // the document that proves it
}

// ActionStep is an entry in the history of an answer, in words.
type ActionStep struct {
	At     time.Time
	By     *int64
	What   string
	Reason string
	Fields []string // that were changed
	Letter int64    // that was begun
}

// Action gives an answer. A NotFound fault where there is none.
func (s *Service) Action(ctx context.Context, id int64) (d ActionDetail, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return d, err
	}
	read := s.DB.Read(ctx)
	if d.Action, err = readAction(read, id); err != nil {
		return d, err
	}
	themes, err := readThemes(read)
	if err != nil {
		return d, err
	}
	d.Theme = themeOf(themes, standing(themes, d.ThemeID))
	if err := s.addQuotes(ctx, &d); err != nil {
		return d, err
	}
	if d.Comments, err = countRaised(read, d.Theme.ID, d.Locality); err != nil {
		return d, err
	}
	if d.History, err = actionHistory(read, id); err != nil {
		return d, err
	}
	d.Paper, err = s.paper(ctx, d.DocumentID)
	return d, err
}

func readAction(q *gorm.DB, id int64) (a Action, err error) {
	err = orNoAction(database.First(q.Raw(`SELECT * FROM actions WHERE id = ?`, id), &a))
	return a, err
}

func (s *Service) addQuotes(ctx context.Context, d *ActionDetail) error {
	ids, err := quoteIDs(s.DB.Read(ctx), d.ID)
	if err != nil {
		return err
	}
	d.Quotes, err = s.quotesInOrder(ctx, ids)
	d.Lost = len(ids) - len(d.Quotes)
	return err
}

// quotesInOrder gives those of the quotes that still hold, in the order of their ids.
func (s *Service) quotesInOrder(ctx context.Context, ids []int64) (list []LockedQuote, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := quotesOf(s.DB.Read(ctx), QuoteFilter{IDs: ids})
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		for _, q := range found {
			if q.ID == id {
				list = append(list, q)
			}
		}
	}
	return list, nil
}

// downwards are the ids of a theme, its argument, and of all that stand below it; of a theme that was merged, those of the
// theme that took it up.
const downwards = `(WITH RECURSIVE down (id) AS (SELECT id FROM themes WHERE id = ? UNION
	SELECT n.id FROM down JOIN themes o ON o.id = down.id JOIN themes n ON n.parent_id = down.id OR n.id = o.merged_into) SELECT id FROM down)`

// raised is the condition that a comment c counts and that a theme, or one below it, was found in it; its argument is the theme.
const raised = `c.set_aside = '' AND EXISTS (SELECT 1 FROM codings k WHERE k.comment_id = c.id AND k.counts AND k.theme_id IN ` + downwards + `)`

// raisedIn is raised, in one locality or everywhere.
func raisedIn(theme int64, locality string) (condition string, args []any) {
	if locality == "" {
		return raised, []any{theme}
	}
	return raised + ` AND c.locality = ?`, []any{theme, locality}
}

func countRaised(q *gorm.DB, theme int64, locality string) (n int, err error) {
	where, args := raisedIn(theme, locality)
	if err := q.Raw(`SELECT count(*) FROM comments c WHERE `+where, args...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("count the comments of theme %d: %w", theme, err)
	}
	return n, nil
}

// standing is the theme that took up another by merging, or that theme itself.
func standing(themes []Theme, id int64) int64 {
	for range themes { // as many merges as there are themes at most
		t := themeOf(themes, id)
		if t.MergedInto == nil {
			return id
		}
		id = *t.MergedInto
	}
	return id
}

func themeOf(themes []Theme, id int64) Theme {
	for _, t := range themes {
		if t.ID == id {
			return t
		}
	}
	return Theme{ID: id, Name: "a theme that is no longer in the codebook"}
}

// actionHistory is the newest entries of an answer's history.
func actionHistory(q *gorm.DB, id int64) (steps []ActionStep, err error) {
	const most = 200
	var rows []ActionChange
	if err := q.Raw(`SELECT * FROM action_changes WHERE action_id = ? ORDER BY id DESC LIMIT ?`, id, most).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the history of answer %d: %w", id, err)
	}
	for _, r := range rows {
		before, after, err := r.texts()
		if err != nil {
			return nil, err
		}
		steps = append(steps, stepOf(r, before, after))
	}
	return steps, nil
}

func (c ActionChange) texts() (before, after actionText, err error) {
	if c.Before != "" {
		err = json.Unmarshal([]byte(c.Before), &before)
	}
	if err == nil {
		err = json.Unmarshal([]byte(c.After), &after)
	}
	if err != nil {
		return before, after, fmt.Errorf("read change %d of an answer: %w", c.ID, err)
	}
	return before, after, nil
}

func stepOf(c ActionChange, before, after actionText) ActionStep {
	step := ActionStep{At: c.ChangedAt, By: c.ChangedBy, Reason: after.Reason, Fields: after.differences(before)}
	switch {
	case c.Before == "":
		step.What, step.Fields = begun, nil
	case after.Letter != before.Letter:
		step.What, step.Letter = "Began an update to those who raised it", after.Letter
	case len(step.Fields) > 0:
		step.What = "Changed it"
	case after.Approval == ActionAsked:
		step.What = "Asked for approval"
	case after.Approval == ActionPublished:
		step.What = "Approved it: it is on the website"
	case after.Approval == ActionWithdrawn:
		step.What = "Took it off the website"
	case after.Reason != "":
		step.What = "Sent it back"
	case before.Approval == ActionAsked:
		step.What = "Made it a draft again"
	default:
		step.What = "Saved it"
	}
	return step
}

// begun is the first entry of every history.
const begun = "Began it"

// differences names what reads otherwise than before.
func (t actionText) differences(before actionText) (fields []string) {
	for _, is := range []struct {
		what  string
		other bool
	}{
		{"theme", t.Theme != before.Theme}, {"area", t.Locality != before.Locality}, {"title", t.Title != before.Title}, {"what people said", t.Said != before.Said},
		{"quotes", fmt.Sprint(t.Quotes) != fmt.Sprint(before.Quotes)}, {"what we did", t.Decided != before.Decided}, {"how far it has come", t.State != before.State},
		{"office", t.Owner != before.Owner}, {"due day", t.DueOn != before.DueOn}, {"day it was done", t.DoneOn != before.DoneOn}, {"evidence", t.Evidence != before.Evidence},
		{"document", t.Document != before.Document},
	} {
		if is.other {
			fields = append(fields, is.what)
		}
	}
	return fields
}
