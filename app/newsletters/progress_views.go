package newsletters

import (
	"conversations/app/mail"
	pages "conversations/templates/newsletters"
)

// endedState is how the page and its script name a letter of which nothing more will leave.
const endedState = "ended"

// state names how a letter stands, for the page's script: it changes with what can be done and said.
func (p Progress) state() string {
	switch {
	case p.Ended():
		return endedState
	case p.Mailing.Trouble != "":
		return "trouble"
	}
	return string(p.Mailing.State)
}

// done is how many letters will not leave any more, or have.
func (p Progress) done() int { return p.total() - p.Mailing.Waiting() }

func (p Progress) total() int { return p.Mailing.Recipients }

// headline says in a few words how far a letter has come.
func (p Progress) headline() string {
	m := p.Mailing
	of := english.Sprintf("%d of %d sent", m.Sent, p.total())
	switch {
	case p.Ended() && m.State == mail.Stopped:
		return "Stopped. " + of
	case p.Ended():
		return "Finished. " + of
	case m.State == mail.Stopped:
		return "Being stopped. " + of
	case m.State == mail.Paused:
		return "Paused. " + of
	case m.State == mail.Filling:
		return english.Sprintf("Getting ready. %d of %d prepared", m.Recipients, p.List.Email)
	}
	return of
}

// counts are the numbers that the page shows and its script keeps up to date.
func (p Progress) shownCounts() []Fate {
	shown := []Fate{FateSent, FateQueued, FateDeferred, FateFailed}
	if p.Mailing.Withdrawn > 0 {
		shown = append(shown, FateWithdrawn)
	}
	if p.Mailing.Halted > 0 {
		shown = append(shown, FateStopped)
	}
	return append(shown, FateUnsubscribed, FatePaper)
}

func (s *Service) leavingView(p Progress) *pages.LeavingView {
	m, path := p.Mailing, stepPath(p.Update.ID, sendStep)
	v := &pages.LeavingView{State: p.state(), Headline: p.headline(), Done: p.done(), Total: p.total(), Trouble: p.troubleWords(),
		Pause: m.State == mail.Sending && !p.Ended(), Resume: m.State == mail.Paused}
	counts := p.counts()
	for _, f := range p.shownCounts() {
		v.Counts = append(v.Counts, pages.CountRow{Key: string(f), Label: f.Words(), Count: english.Sprint(counts[f]), Href: reportHref(p.Update.ID, ReportFilter{Fate: f}, "")})
	}
	if !p.Ended() {
		v.DataHref = path + "/progress.json"
	}
	if !p.Ended() && m.State != mail.Stopped {
		v.StopHref = path + "/stop"
	}
	return v
}

// troubleWords says why nothing leaves, and that nobody has to do anything.
func (p Progress) troubleWords() string {
	if p.Ended() {
		return ""
	}
	return p.Mailing.Trouble
}

// progressData is how a letter stands, for the page's script.
type progressData struct {
	State    string            `json:"state"`
	Headline string            `json:"headline"`
	Trouble  string            `json:"trouble,omitempty"`
	Percent  int               `json:"percent"`
	Counts   map[string]string `json:"counts"`
}

func (p Progress) data() progressData {
	d := progressData{State: p.state(), Headline: p.headline(), Trouble: p.troubleWords(), Percent: 100, Counts: map[string]string{}}
	if p.total() > 0 {
		d.Percent = p.done() * 100 / p.total()
	}
	for fate, n := range p.counts() {
		d.Counts[string(fate)] = english.Sprint(n)
	}
	return d
}
