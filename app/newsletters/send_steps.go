package newsletters

import (
	"context"

	pages "conversations/templates/newsletters"
)

// sendNav leads to the pages by which an update leaves.
func (u Update) sendNav() (links []pages.Link) {
	add := func(text, step string) { links = append(links, pages.Link{Text: text, Href: stepPath(u.ID, step)}) }
	add("Who it is for", audienceStep)
	add("Approval", approvalStep)
	add("Sending", sendStep)
	if u.MailingID != 0 {
		add("Report", reportStep)
	}
	if u.Mailed() {
		add("On paper", paperStep)
	}
	return links
}

// sendSteps are what is to be done with an update so that it leaves.
func (s *Service) sendSteps(ctx context.Context, u Update) (steps []pages.Step, err error) {
	a, err := s.AudienceOf(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	audience := pages.Step{Title: "Say who it is for", Href: stepPath(u.ID, audienceStep), Done: u.Mailed(), Text: "Groups, localities, people who came to an event."}
	switch {
	case a.Made:
		audience.Text = a.Words + " " + audienceWords(u, a.List)
	case u.Mailed():
		audience.Text = a.Words
	case u.Kind != StakeholderUpdate:
		audience.Text = "If nobody is chosen, it is published and not sent."
	}
	approval := pages.Step{Title: "Have it approved", Href: stepPath(u.ID, approvalStep), Done: u.ApprovedAt != nil, Text: "A second person looks at the letter and the list."}
	switch {
	case u.State == Asked:
		approval.Text = "It is waiting for approval."
	case u.State == Draft && u.BackWhy != "":
		names, err := s.names(ctx)
		if err != nil {
			return nil, err
		}
		back := s.backView(u, names)
		if approval.Text = back.Text; back.Reason != "" {
			approval.Text = back.Heading + ": " + back.Reason
		}
	}
	return append(steps, audience, approval, sendStepOf(u)), nil
}

func sendStepOf(u Update) pages.Step {
	step := pages.Step{Title: "Send it", Href: stepPath(u.ID, sendStep), Done: u.State == Sent || u.State == Published, Text: "Now or at a time that you choose. For some minutes it can be called back."}
	switch {
	case u.InHand():
		step.Text = "It is on its way out. It can still be called back."
	case u.State == Sending:
		step.Text = "It is leaving now."
	case u.State == Sent:
		step.Text = "It has left. The report says what became of every letter."
	case !u.Mailed() && u.Kind != StakeholderUpdate:
		step.Title, step.Text = "Publish it", "Now or at a time that you choose."
	}
	return step
}
