package newsletters

import (
	"conversations/app/events"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// scheduleForm is when an update is to leave, as typed.
type scheduleForm struct {
	Version int64  `form:"version"`
	Day     string `form:"send_day"`
	Month   string `form:"send_month"`
	Year    string `form:"send_year"`
	Time    string `form:"send_time"`
	Which   string `form:"send_which"`
}

func (f scheduleForm) moment() events.TypedMoment {
	return events.TypedMoment{Day: f.Day, Month: f.Month, Year: f.Year, Time: f.Time, Which: f.Which}
}

func (s *Service) sendView(p Progress, f scheduleForm, problems []nhs.FieldError) pages.SendView {
	u, path := p.Update, stepPath(p.Update.ID, sendStep)
	v := pages.SendView{Head: u.head("Sending", path), Version: u.Version, Path: path, Errors: problems}
	switch {
	case u.InHand():
		v.Held = s.heldView(u)
	case u.State == Draft, u.State == Asked:
		v.Lead = "It has to be approved before it can be sent."
		v.Next = []pages.Link{{Text: "Approval", Href: stepPath(u.ID, approvalStep)}}
	case u.State == Approved:
		v.Lead = "It is approved. " + audienceWords(u, p.List)
		v.Ready = s.readyView(u, f, problems)
	case u.State == Published:
		v.Lead = "It is published. Everybody can read it."
		v.Next = []pages.Link{{Text: "See it as everybody does", Href: archivePath + "/" + u.Slug}}
	case p.Begun():
		v.Leaving = s.leavingView(p)
		v.Next = afterLinks(p)
	}
	return v
}

func (s *Service) heldView(u Update) *pages.HeldView {
	if u.SendAt != nil {
		return &pages.HeldView{Until: "It leaves at " + s.moment(*u.SendAt) + ". Until then you can call it back: nobody gets it."}
	}
	return &pages.HeldView{Until: "It leaves at " + s.moment(*u.HoldUntil) + ". Until then you can call it back: nobody gets it. If you wait, it leaves by itself."}
}

func (s *Service) readyView(u Update, f scheduleForm, problems []nhs.FieldError) *pages.ReadyView {
	r := &pages.ReadyView{Button: "Send it now", ScheduleButton: "Send it then", Day: f.Day, Month: f.Month, Year: f.Year, Time: f.Time, Which: f.Which,
		Says: "After you press the button you have " + counted(int(s.Config.Updates.Hold.Minutes()), "minute", "minutes") + " in which you can call it back. What has left cannot be called back.",
		Zone: "Times are those of " + s.Config.Programme.Timezone + "."}
	if s.Config.Updates.Hold <= 0 {
		r.Says = "The first letters leave at once. What has left cannot be called back."
	}
	if !u.Mailed() {
		r.Button, r.ScheduleButton, r.Says = "Publish it now", "Publish it then", "Everybody can read it on the website at once."
	}
	r.AsksWhich = f.Which != "" || nhs.ErrorFor(problems, "send_which").Text != ""
	return r
}

// afterLinks are what can be done with a letter that has begun to leave.
func afterLinks(p Progress) (links []pages.Link) {
	id := p.Update.ID
	links = append(links, pages.Link{Text: "Report: what became of every letter", Href: stepPath(id, reportStep)})
	if p.OnPaper > 0 {
		links = append(links, pages.Link{Text: "Print and post " + counted(p.OnPaper, "letter", "letters") + " on paper", Href: stepPath(id, paperStep)})
	}
	if p.Update.PublishedAt != nil {
		links = append(links, pages.Link{Text: "See it as everybody does", Href: archivePath + "/" + p.Update.Slug})
	}
	if p.Update.ReleasedAt != nil {
		links = append(links, pages.Link{Text: "Send a correction to the same people", Href: stepPath(id, correctionStep)})
	}
	return links
}

// stopView asks before a letter is stopped, and says how many have left.
func (s *Service) stopView(p Progress) pages.ConfirmView {
	m, path := p.Mailing, stepPath(p.Update.ID, sendStep)
	v := pages.ConfirmView{Head: p.Update.head("Stop it for good?", path), Action: path + "/stop", Button: "Stop it for good", Warning: true, BackHref: path}
	v.Text = []string{
		counted(m.Sent, "person has", "people have") + " got the letter already. That cannot be undone.",
		counted(m.Waiting(), "person has", "people have") + " not got it. They will not.",
		"If you only want to wait, go back and pause it.",
	}
	if m.Sent == 0 {
		v.Text[0] = "Nobody has got the letter yet."
	}
	return v
}
