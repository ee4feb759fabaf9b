package demo

import (
	"context"
	"time"

	"conversations/app/audit"
	"conversations/app/newsletters"
)

// letters are a piece of news that is public, and a letter that is being written.
func (f *filler) letters(today time.Time) error {
	writer, reader := f.as("comms@demo.example"), f.as("admin@demo.example")
	f.now = today.AddDate(0, 0, -6)
	u, err := f.write(writer, newsletters.News, heard())
	if err != nil {
		return err
	}
	if u, err = f.newsletters.AskApproval(writer, u.ID, u.Version); err != nil {
		return err
	}
	if u, err = f.newsletters.Approve(reader, u.ID, u.Version); err != nil {
		return err
	}
	if _, err = f.newsletters.Send(writer, u.ID, u.Version); err != nil {
		return err
	}
	f.now = today.Add(-time.Hour)
	_, err = f.write(writer, newsletters.StakeholderUpdate, monthly(today))
	f.now = today
	return err
}

// as is a context in which somebody of the demo acts.
func (f *filler) as(email string) context.Context {
	a := audit.Actor{Kind: audit.Staff, Email: email}
	_ = f.db.Read(f.ctx).Raw(`SELECT id, name, role FROM staff WHERE email = ?`, email).Row().Scan(&a.ID, &a.Name, &a.Role) // who is not there may do nothing
	return audit.WithActor(f.ctx, a)
}

func (f *filler) write(ctx context.Context, kind newsletters.Kind, c newsletters.Content) (u newsletters.Update, err error) {
	if u, err = f.newsletters.Create(ctx, newsletters.NewUpdate{Kind: kind, Title: c.Title}); err != nil {
		return u, err
	}
	if _, err = f.newsletters.Save(ctx, u.ID, newsletters.Writing{Kind: kind, BasedOn: u.TextID, Content: c, Made: newsletters.Typed}); err != nil {
		return u, err
	}
	u, _, err = f.newsletters.Update(ctx, u.ID)
	return u, err
}

func heard() newsletters.Content {
	return newsletters.Content{Title: "What we heard in Dacorum and in Watford", Sections: []newsletters.Section{
		{Heading: "Two evenings, 150 people", Body: "Nearly 100 people came to Hemel Hempstead School, and 50 to the evening in Watford. " +
			"Local GPs said what has been done since last year. Then it was your turn."},
		{Heading: "What came up most", Body: "- **Seeing a GP.** It should be easier to get an appointment.\n- **Care close to home.** Fewer trips to hospital for things that can be done nearby.\n" +
			"- **Knowing where to go.** One place that says who does what.\n- **Older people.** Help that lets them stay in their own home."},
		{Heading: "What happens next", Body: "We read all that you wrote on the tables. What we will do about it, we say here. " +
			"Were you not there? [Come to one of the next evenings](/events)."},
	}}
}

func monthly(today time.Time) newsletters.Content {
	return newsletters.Content{Title: "Stakeholder update: " + today.Format("January 2006"), Nameless: "colleague",
		Opening: "Dear {name}\n\nHere is what has happened in west Hertfordshire this month, and what comes next.",
		Sections: []newsletters.Section{
			{Heading: "Conversation events", Kind: newsletters.EventsSection, Body: "The first two evenings brought 150 people together. These are the next ones:"},
			{Heading: "Urgent care", Body: "Soon we will ask people about the places they turn to when they need help fast:\n\n- NHS 111\n- West Herts Medical Centre\n" +
				"- the minor injuries unit in St Albans\n- the urgent care centre in Hemel Hempstead\n- A&E in Watford\n\nWhat they say will shape how these services work together."},
			{Heading: "Hospitals", Body: "The strategic outline case for our hospitals is approved. **A project group for Dacorum and Hemel Hempstead** looks at what comes next. " +
				"Patient representatives are among its members. You can [read the papers](/documents)."},
			{Heading: "Patient Online", Body: "More people book appointments and order medicines on the web. If you can help us to tell others about it, please ring TODO."},
		},
		Closing:     "Thank you for reading. We will write again next month.\n\nWith best wishes",
		Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Herts Valleys Clinical Commissioning Group"}, {Name: "The Accountable Officer", Office: "Herts Valleys Clinical Commissioning Group"}},
	}
}
