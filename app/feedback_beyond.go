package app

import (
	"context"
	"fmt"

	"conversations/app/database"
	"conversations/app/documents"
	"conversations/app/feedback"
	"conversations/app/newsletters"
)

// reachFromFeedback tells feedback how to reach the library and the updates, which it may not know.
func (a *App) reachFromFeedback() {
	a.Feedback.Reach(feedback.Beyond{Papers: a.publicPapers, BeginLetter: a.beginLetter, Letter: a.letterOf})
	a.Documents.OnRemove(a.Feedback.DropDocument)
}

func (a *App) publicPapers(ctx context.Context) (papers []feedback.Paper, err error) {
	for n, pages := 1, 1; n <= pages; n++ {
		page, err := a.Documents.Library(ctx, documents.Filter{Page: n, Sort: "title"})
		if err != nil {
			return nil, err
		}
		for _, d := range page.Documents {
			papers = append(papers, feedback.Paper{ID: d.ID, Title: d.Title, Href: "/documents/" + d.Slug})
		}
		pages = page.Pages
	}
	return papers, nil
}

func (a *App) beginLetter(ctx context.Context, tx *database.Tx, l feedback.NewLetter) (int64, error) {
	return a.Newsletters.BeginTx(ctx, tx, newsletters.Begun{Title: l.Title, Heading: l.Heading, Body: l.Body, Rule: l.Rule, Purpose: l.Purpose})
}

func (a *App) letterOf(ctx context.Context, id int64) (l feedback.Letter, err error) {
	u, err := a.Newsletters.ForColleagues(ctx, id)
	if err != nil {
		return l, err
	}
	l = feedback.Letter{ID: u.ID, Title: u.Title, State: u.State.Words(), Href: fmt.Sprintf("/staff/updates/%d", u.ID), SentAt: u.ReleasedAt}
	if u.ListID != nil {
		l.ListID = *u.ListID
	}
	return l, nil
}
