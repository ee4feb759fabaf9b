package contacts

import (
	"fmt"
	"strings"
	"time"

	pages "conversations/templates/contacts"
)

func (s *Service) purposeWords(slug string) string {
	if p, known := s.purpose(slug); known {
		return p.Name
	}
	return slug
}

func (s *Service) standRows(stands []Standing) (rows []pages.Stand) {
	for _, st := range stands {
		colour := "orange"
		if st.Allowed() {
			colour = "green"
		}
		rows = append(rows, pages.Stand{Purpose: s.purposeWords(st.Purpose), Channel: strings.ToUpper(string(st.Channel[:1])) + string(st.Channel[1:]),
			Mark: pages.Mark{Text: st.verdict(), Colour: colour}, Since: s.dayWords(st.At)})
	}
	return rows
}

// ledgerRows are the entries of the ledger in plain words, newest first.
func (s *Service) ledgerRows(h History) (rows []pages.LedgerRow) {
	annulled := map[int64]bool{}
	for _, e := range h.Ledger {
		if e.Annuls != nil {
			annulled[*e.Annuls] = true
		}
	}
	for _, e := range h.Ledger {
		row := pages.LedgerRow{Said: s.saidWords(e.At), What: e.words(s.purposeWords(e.Purpose)), From: e.from(), Wording: e.Wording,
			Recorded: s.momentWords(e.RecordedAt) + s.by(h, e.RecordedBy), Gone: annulled[e.ID]}
		if e.staffsOwn() && !row.Gone {
			row.TakeBack = fmt.Sprintf("%s/entries/%d/take-back", contactPath(h.ID), e.ID)
		}
		rows = append(rows, row)
	}
	return rows
}

// saidWords is when something was said; the day alone where that is all we know: see ReadWhen.
func (s *Service) saidWords(at time.Time) string {
	switch at.In(s.cfg.Zone()).Format("15:04:05.000000") {
	case "00:00:00.000000", "23:59:59.999999":
		return s.dayWords(at)
	}
	return s.momentWords(at)
}

func (s *Service) takeBackView(card Card, e ConsentEntry) pages.WhyView {
	return pages.WhyView{Heading: "Take back an entry", Action: fmt.Sprintf("%s/entries/%d/take-back", contactPath(card.ID), e.ID), Button: "Take it back", Warning: true,
		Lines: []string{e.words(s.purposeWords(e.Purpose)) + ", " + s.dayWords(e.At) + ".",
			"Do this if the entry was a mistake. The contact then stands as if it had never been made. If they have changed their mind, record what they say now instead."},
		Hint: "For example “Typed for the wrong person”."}
}

func stopView(card Card) pages.WhyView {
	return pages.WhyView{Heading: "Stop all letters to their email address", Action: contactPath(card.ID) + "/stop", Button: "Stop letters", Warning: true,
		Lines: []string{"No update goes to " + card.Email + " any more, whatever a list says that is brought in later. Letters that wait are held back.",
			"Mails about their bookings are still sent. You can allow letters again."}, Hint: "It is kept in the notes of the contact."}
}

func allowView(card Card) pages.WhyView {
	return pages.WhyView{Heading: "Allow letters to their email address again", Action: contactPath(card.ID) + "/allow", Button: "Allow letters",
		Lines: []string{"Letters can go to " + card.Email + " again, if they let us write.", "Do this only if you know that the address works and that they want it."},
		Hint:  "It is kept in the notes of the contact."}
}

func (s *Service) recordView(card Card, f RecordForm) pages.RecordView {
	v := pages.RecordView{Base: contactPath(card.ID), Name: card.Label(), Purpose: f.Purpose, Channel: f.Channel, Entry: f.Entry, Basis: f.Basis,
		Day: f.Day, Month: f.Month, Year: f.Year, Source: f.Source, Note: f.Note,
		Entries: []pages.Choice{{Value: string(Given), Label: "Yes, write to me"}, {Value: string(Withdrawn), Label: "No more: they end what they said yes to"},
			{Value: string(Objected), Label: "They object: never write to me about this"}},
		Bases: []pages.Choice{{Value: string(Consent), Label: "They said yes"}, {Value: string(PublicTask), Label: "It is our public task to inform them"},
			{Value: string(LegitimateInterest), Label: "Legitimate interest"}},
		Channels: []pages.Choice{{Value: "email", Label: "Email"}, {Value: "post", Label: "Post"}, {Value: "telephone", Label: "Telephone"}, {Value: everyChannel, Label: "All of them (for a no)"}}}
	for _, p := range s.cfg.Contacts.Purposes {
		v.Purposes = append(v.Purposes, pages.Choice{Value: p.Slug, Label: p.Name})
		v.Wordings = append(v.Wordings, pages.Wording{Purpose: p.Name, Words: p.Wording})
	}
	for _, source := range staffSources() {
		words := source.words()
		v.Sources = append(v.Sources, pages.Choice{Value: string(source), Label: strings.ToUpper(words[:1]) + words[1:]})
	}
	return v
}

// recorded says what was noted and how the contact stands now, which may be otherwise: a later no wins over an earlier yes.
func (s *Service) recorded(f RecordForm, stands []Standing) string {
	for _, st := range stands {
		if st.Channel != Channel(f.Channel) && f.Channel != everyChannel {
			continue
		}
		if st.Allowed() == (Entry(f.Entry) == Given) {
			break
		}
		return "It is recorded. It does not change how they stand: " + st.verdict() + ", on " + s.dayWords(st.At) + ", which is later."
	}
	return "It is recorded."
}
