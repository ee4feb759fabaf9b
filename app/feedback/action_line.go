package feedback

import (
	"context"
	"fmt"

	"conversations/app/events"
)

// Came is what came of a comment: an answer to one of its themes.
type Came struct {
	ActionID int64
	Slug     string
	Title    string
	State    ActionState
	Theme    string
	Public   bool
}

// Words says how far it has come: "Done, on the website".
func (c Came) Words() string {
	if c.Public {
		return c.State.Words() + ", on the website"
	}
	return c.State.Words() + ", not on the website"
}

// Href is the staff's page of the answer.
func (c Came) Href() string { return actionPath(c.ActionID) }

// CameOf gives the answers to the themes of a comment or to those above them, everywhere or where it was said, the newest
// first.
func (s *Service) CameOf(ctx context.Context, commentID int64) (list []Came, err error) {
	c, err := s.Comment(ctx, commentID)
	if err != nil {
		return nil, err
	}
	read := s.DB.Read(ctx)
	var found []int64
	if err := read.Raw(`SELECT DISTINCT theme_id FROM codings WHERE comment_id = ? AND counts`, commentID).Scan(&found).Error; err != nil || len(found) == 0 {
		return nil, err
	}
	themes, err := readThemes(read)
	if err != nil {
		return nil, err
	}
	has := map[int64]bool{}
	for _, id := range found {
		for ; id != 0; id = themeOf(themes, id).Parent() {
			has[id] = true
		}
	}
	var answers []Action
	if err := read.Raw(`SELECT * FROM actions WHERE locality IN ('', ?) ORDER BY id DESC`, c.Locality).Scan(&answers).Error; err != nil {
		return nil, fmt.Errorf("read the answers to comment %d: %w", commentID, err)
	}
	for _, a := range answers {
		if theme := standing(themes, a.ThemeID); has[theme] {
			list = append(list, Came{ActionID: a.ID, Slug: a.Slug, Title: a.Title, State: a.State, Theme: themeOf(themes, theme).Name, Public: a.Public()})
		}
	}
	return list, nil
}

// RaisedPage is one page of the comments that an answer answers, with the events at which they were made.
type RaisedPage struct {
	Detail ActionDetail
	Page
	Events map[int64]events.Brief // by id
}

// Raised gives the comments that an answer answers: the way back from what was done to who said so.
func (s *Service) Raised(ctx context.Context, id int64, page int) (r RaisedPage, err error) {
	if r.Detail, err = s.Action(ctx, id); err != nil {
		return r, err
	}
	r.Page, err = s.Comments(ctx, Filter{Theme: r.Detail.Theme.ID, Locality: r.Detail.Locality, Page: page})
	if err != nil {
		return r, err
	}
	var ids []int64
	for _, c := range r.Comments {
		if c.EventID != nil {
			ids = append(ids, *c.EventID)
		}
	}
	r.Events, err = s.Parts.Events.Briefs(ctx, ids)
	return r, err
}
