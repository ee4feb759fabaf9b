package surveys

import (
	"context"
	"strconv"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"conversations/app/audiences"
	"conversations/app/events"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

var british = message.NewPrinter(language.BritishEnglish)

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return british.Sprintf("%d people", n)
}

func invitationsPath(surveyID int64) string { return staffPath(surveyID) + "/invitations" }

func sendingPath(d Sending) string {
	return invitationsPath(d.SurveyID) + "/" + strconv.FormatInt(d.ID, 10)
}

// kindWords is what a sending is called.
func (s *Service) kindWords(d Sending) string {
	switch d.Kind {
	case ToThoseWhoCame:
		return "Invitations to those who came"
	case ToRemind:
		return "Reminder to " + s.purposeWords(d.Purpose)
	case ToContacts:
	}
	return "Invitations to contacts"
}

// purposeWords is who was invited for a purpose.
func (s *Service) purposeWords(purpose string) string {
	if purpose == "" {
		return "those who came"
	}
	if p, known := s.Config.Purpose(purpose); known {
		return "contacts (" + p.Name + ")"
	}
	return "contacts"
}

func (d Sending) stateWords() (words, colour string) {
	switch {
	case d.InHand():
		return "Leaves soon", "orange"
	case d.State == SendingDraft:
		return "Draft", "grey"
	case d.State == SendingGoing:
		return "Leaving", "blue"
	case d.State == SendingStopped:
		return "Stopped", "red"
	}
	return "Sent", "green"
}

func (r Rate) rows() [][2]string {
	if r.Invited == 0 {
		return [][2]string{{"Invited", "Nobody yet"}}
	}
	answered := british.Sprintf("%d of %d: %d%%", r.Answered, r.Invited, r.Percent)
	if r.Withheld {
		answered = "Fewer than 5, so it is not shown"
	}
	return [][2]string{{"Invited", british.Sprint(r.Invited)}, {"Answered", answered}}
}

func (s *Service) invitationsView(ctx context.Context, form Form) (v pages.InvitationsView, err error) {
	survey, path := form.Survey, invitationsPath(form.Survey.ID)
	v = pages.InvitationsView{Title: form.Words.Title, Action: path, ResponsesHref: staffPath(survey.ID) + "/responses", Anonymous: survey.Anonymous}
	rate, err := s.ResponseRate(ctx, survey.ID)
	if err != nil {
		return v, err
	}
	v.Rate = rate.rows()
	if why := s.mustTake(survey); why != nil {
		v.Why = why.Error()
	} else if err := s.addWays(ctx, &v, survey, rate); err != nil {
		return v, err
	}
	list, err := s.Sendings(ctx, survey.ID)
	for _, d := range list {
		state, colour := d.stateWords()
		row := pages.SendingRow{Text: s.kindWords(d), Href: sendingPath(d), State: state, Colour: colour, When: s.at(d.CreatedAt), People: british.Sprint(d.People)}
		v.Rows = append(v.Rows, row)
	}
	return v, err
}

// addWays adds what can be sent now.
func (s *Service) addWays(ctx context.Context, v *pages.InvitationsView, survey Survey, rate Rate) error {
	if survey.EventID != nil {
		e, err := s.Events.ByID(ctx, *survey.EventID)
		if err != nil {
			return err
		}
		came, err := s.CameUninvited(ctx, survey)
		if err != nil {
			return err
		}
		text := "Who is marked as having come to " + e.Title + " gets the link in the email that thanks them. "
		if came == 0 {
			text += "Everybody who came and has an email address is invited."
		} else {
			text += people(came) + " who came had no link in it yet."
		}
		v.Ways = append(v.Ways, pages.InviteWay{Kind: string(ToThoseWhoCame), Heading: "Those who came", Text: text, Button: "Invite those who came", Off: came == 0})
	}
	v.Ways = append(v.Ways, pages.InviteWay{Kind: string(ToContacts), Heading: "Contacts", Button: "Invite contacts",
		Text: "Choose groups, localities or events. Only people who let us write to them get it, and nobody is invited twice."})
	reminders, err := s.Unreminded(ctx, survey.ID)
	for _, r := range reminders {
		who := s.purposeWords(r.Purpose)
		text := people(r.People) + " of them have not answered, and were invited more than a day ago. Everybody is reminded once."
		if rate.Withheld {
			text = "It goes to who has not answered and was invited more than a day ago. Everybody is reminded once."
		}
		v.Ways = append(v.Ways, pages.InviteWay{Kind: string(ToRemind), Purpose: r.Purpose, Heading: "Reminder to " + who, Text: text, Button: "Remind " + who, Off: r.People == 0 && !rate.Withheld})
	}
	return err
}

func (s *Service) sendingView(ctx context.Context, p SendingPage, f SendingForm) (v pages.SendingView, err error) {
	d := p.Sending
	v = pages.SendingView{Survey: p.Form.Words.Title, Heading: s.kindWords(d), Path: sendingPath(d), Version: d.Version, Draft: d.State == SendingDraft, Contacts: d.Kind == ToContacts,
		Subject: f.Subject, Body: f.Body, Words: p.Words, Purpose: f.Purpose}
	v.State, v.Colour = d.stateWords()
	if p.Made {
		v.List = s.inviteListView(d, p)
	}
	switch {
	case d.InHand():
		v.Held = "It leaves at " + s.at(*d.HoldUntil) + ". Until then you can call it back: nobody gets it. If you wait, it leaves by itself."
	case d.State != SendingDraft:
		v.Facts = s.leftWords(p)
		v.Stops = d.State == SendingGoing || p.Progress.Waiting() > 0 && p.Progress.EndedAt == nil
	case p.Waiting > 0:
		v.Button = "Send to " + people(p.Waiting)
		v.Says = british.Sprintf("After you press the button you have %d minutes in which you can call it back. What has left cannot be called back.", int(s.Config.Updates.Hold.Minutes()))
	}
	v.To = s.toWords(p)
	if !v.Draft || !v.Contacts {
		return v, nil
	}
	for _, purpose := range s.Config.Contacts.Purposes {
		v.Purposes = append(v.Purposes, pages.Choice{Value: purpose.Slug, Text: purpose.Name})
	}
	v.Parts, err = s.Audiences.RuleForm(ctx, f.Any, f.All, f.None)
	return v, err
}

// toWords says to how many a draft goes.
func (s *Service) toWords(p SendingPage) string {
	switch {
	case p.Sending.State != SendingDraft:
		return ""
	case p.Sending.Kind != ToContacts:
		return "It goes to " + people(p.Waiting) + "."
	case !p.Made:
		return "Say who it is for, and save. Then you see everybody on the list before anything is sent."
	case p.List.Email > p.Waiting:
		return "It goes to " + people(p.Waiting) + ". " + people(p.List.Email-p.Waiting) + " on the list are invited already, and are not invited twice."
	}
	return "It goes to " + people(p.Waiting) + "."
}

// leftWords says how far it is.
func (s *Service) leftWords(p SendingPage) (facts []string) {
	d := p.Sending
	facts = append(facts, people(d.People)+" written to.")
	if d.Why != "" {
		facts = append(facts, d.Why)
	}
	if m := p.Progress; m.ID != 0 {
		facts = append(facts, british.Sprintf("%d have left, %d wait, %d did not arrive or were kept back.", m.Sent, m.Waiting(), m.Failed+m.Withdrawn+m.Halted))
	}
	return facts
}

func (s *Service) inviteListView(d Sending, p SendingPage) *pages.InviteList {
	path := sendingPath(d) + "/people"
	v := &pages.InviteList{Href: path, Made: "It was made at " + s.at(p.List.MadeAt) + "."}
	v.Totals = []pages.InviteTotal{{Text: "By email", People: british.Sprint(p.List.Email), Href: path + "?show=" + string(audiences.ByEmail)},
		{Text: "Want paper, so not invited", People: british.Sprint(p.List.Post), Href: path + "?show=" + string(audiences.ByPost)},
		{Text: "Left out", People: british.Sprint(p.List.LeftOut), Href: path + "?show=" + string(audiences.LeftOut)}}
	for _, c := range p.Counts {
		if c.Outcome == audiences.LeftOut {
			v.Reasons = append(v.Reasons, [2]string{c.Reason.Words(), british.Sprint(c.People)})
		}
	}
	return v
}

func (s *Service) peopleView(p SendingPage, f audiences.RowFilter, page audiences.Page) pages.InvitePeopleView {
	path := sendingPath(p.Sending) + "/people"
	v := pages.InvitePeopleView{Title: p.Form.Words.Title, Words: p.Words, Action: path, Text: f.Text, Show: string(f.Outcome), Sort: f.Sort, Total: people(page.Total),
		CSVHref: peopleHref(path+".csv", f, 1), XLSXHref: peopleHref(path+".xlsx", f, 1), Paged: page.Pages > 1}
	v.Pages = nhs.Pages(page.Page, page.Pages, func(n int) string { return peopleHref(path, f, n) })
	for _, r := range page.Rows {
		v.Rows = append(v.Rows, [4]string{r.Label(), r.Organisation, r.Email, outcomeWords(r)})
	}
	return v
}

func outcomeWords(r audiences.Row) string {
	switch r.Outcome {
	case audiences.ByEmail:
		return "By email"
	case audiences.ByPost:
		return "Wants paper, so not invited"
	case audiences.LeftOut:
	}
	return "Left out. " + r.Reason.Words()
}

// at is an instant as staff read it.
func (s *Service) at(at time.Time) string { return events.Moment(at.In(s.Config.Zone())) }
