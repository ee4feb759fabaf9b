package demo

import (
	"fmt"
	"time"

	"conversations/app/feedback"
)

// answers are what came of what people said: one is on the website, one waits for approval, one is late.
func (f *filler) answers(today time.Time) error {
	lead, admin := f.as("engagement@demo.example"), f.as("admin@demo.example")
	theme, err := f.feedback.ThemeByCode(lead, "signposting")
	if err != nil {
		return err
	}
	for i, form := range answers(theme.ID, today) {
		a, err := f.feedback.AddAction(lead, form)
		if err != nil {
			return fmt.Errorf("%s: %w", form.Title, err)
		}
		if i == 2 {
			continue
		}
		if a, err = f.feedback.AskToPublish(lead, a.ID, a.Version); err != nil {
			return fmt.Errorf("%s: %w", form.Title, err)
		}
		if i == 0 {
			if _, err := f.feedback.Publish(admin, a.ID, a.Version); err != nil {
				return fmt.Errorf("%s: %w", form.Title, err)
			}
		}
	}
	return nil
}

func answers(theme int64, today time.Time) []feedback.ActionForm {
	answer := func(locality, title, said, decided, owner string, state feedback.ActionState, due time.Time) feedback.ActionForm {
		return feedback.ActionForm{Theme: theme, Locality: locality, Title: title, Said: said, Decided: decided, Owner: owner, State: state,
			DueDay: due.Format("2"), DueMonth: due.Format("1"), DueYear: due.Format("2006")}
	}
	return []feedback.ActionForm{
		answer("dacorum", "One page that says where to go", "You told us that you often do not know which service to go to, above all in the evening.",
			"We are making one page for each town: who to call, what is open, and until when. Surgeries and libraries will have it on paper.", "Communications", feedback.UnderWay, today.AddDate(0, 2, 0)),
		answer("", "Telling your story once", "You told us that you tell the same story to one person after another.",
			"We will try out a shared record between the hospital and the community teams.", "Head of Integrated Care", feedback.Planned, today.AddDate(0, 6, 0)),
		answer("hertsmere", "Signs in the health centre", "You told us that you could not find the room for blood tests.",
			"We asked the owner of the building for a price.", "Head of Estates", feedback.Considering, today.AddDate(0, 0, -9)),
	}
}
