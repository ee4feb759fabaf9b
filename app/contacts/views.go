package contacts

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"conversations/app/mail"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// contactView is the page of one contact.
func (s *Service) contactView(ctx context.Context, h History, mayErase bool) (pages.ContactView, error) {
	n, _, err := s.naming(ctx)
	base := contactPath(h.ID)
	v := pages.ContactView{Base: base, Name: h.Label(), Kind: "Person", Facts: h.factRows(n), Stands: s.standRows(h.Stands), Ledger: s.ledgerRows(h),
		Sent: countLetters(h.Sent), Paged: h.Pages > 1, HasEmail: h.Email != "", Stopped: stoppedWords(h.Stopped),
		Pages: nhs.Pages(h.Page, h.Pages, func(n int) string { return fmt.Sprintf("%s?page=%d", base, n) })}
	if h.Kind == Organisation {
		v.Kind = "Organisation"
	}
	for _, l := range h.Letters {
		v.Letters = append(v.Letters, s.letterRow(l))
	}
	for _, m := range h.Single {
		v.Single = append(v.Single, s.singleRow(m))
	}
	for _, m := range h.Merged {
		v.Merges = append(v.Merges, s.mergeRow(m, h))
	}
	if mayErase {
		v.EraseHref = eraseHref(h.Contact)
	}
	return v, err
}

// eraseHref leads to what we hold about the contact, known by whatever it has.
func eraseHref(c Contact) string {
	for _, key := range []string{c.EmailKey, c.PhoneKey, c.PostKey} {
		if key != "" {
			return "/staff/privacy?" + url.Values{"who": {key}}.Encode()
		}
	}
	return ""
}

// factRows are the facts of a contact that say something; how it is called stands above them.
func (c Card) factRows(n naming) (rows []pages.Fact) {
	for _, f := range c.facts() {
		value := n.words(f)
		switch {
		case f.field == "kind", f.field == "postcode", value == "", f.field == "large_print" && !c.LargePrint:
			continue
		case value == c.Label() && (f.field == "name" || f.field == "organisation"):
			continue
		case f.field == "post_address":
			value = strings.Trim(c.PostAddress+"\n"+c.Postcode, "\n")
		}
		rows = append(rows, pages.Fact{Key: factLabels[f.field], Lines: strings.Split(value, "\n")})
	}
	return rows
}

// words gives a fact as people read it, several in lines.
func (n naming) words(f fact) string {
	if f.value == "" {
		return ""
	}
	switch f.field {
	case "groups":
		return strings.Join(named(strings.Split(f.value, "|"), n.groups), "\n")
	case "localities":
		return strings.Join(named(strings.Split(f.value, "|"), n.localities), "\n")
	case "kind", "channel", "large_print":
		return strings.ToUpper(f.value[:1]) + f.value[1:]
	}
	return f.value
}

func (s *Service) letterRow(l mail.Letter) pages.LetterRow {
	row := pages.LetterRow{Subject: l.Subject, To: l.Address, State: letterMark(l.Delivery), Server: l.Words}
	if s.LetterHref != nil {
		row.Href = s.LetterHref(l.About, l.AboutID)
	}
	switch {
	case l.BouncedAt != nil:
		row.When, row.Server = s.momentWords(*l.BouncedAt), l.BounceWords
	case l.DoneAt != nil:
		row.When = s.momentWords(*l.DoneAt)
	default:
		row.When = "Not before " + s.momentWords(l.DueAt)
	}
	return row
}

// letterMark says in a word what became of a letter.
func letterMark(d mail.Delivery) pages.Mark {
	switch {
	case d.ComplainedAt != nil:
		return pages.Mark{Text: "Called spam", Colour: "red"}
	case d.UnsubscribedAt != nil:
		return pages.Mark{Text: "Sent, then ended", Colour: "orange"}
	case d.BouncedAt != nil:
		return pages.Mark{Text: "Came back", Colour: "red"}
	}
	switch d.State {
	case mail.DeliverySent:
		return pages.Mark{Text: "Sent", Colour: "green"}
	case mail.DeliveryFailed:
		return pages.Mark{Text: "Refused", Colour: "red"}
	case mail.DeliveryWithdrawn:
		return pages.Mark{Text: "Held back", Colour: "grey"}
	case mail.DeliveryStopped:
		return pages.Mark{Text: "Stopped", Colour: "grey"}
	case mail.DeliveryDeferred:
		return pages.Mark{Text: "Tried, again soon", Colour: "yellow"}
	case mail.DeliveryQueued, mail.DeliveryClaimed:
	}
	return pages.Mark{Text: "Waiting", Colour: "blue"}
}

func (s *Service) singleRow(m mail.Mail) pages.LetterRow {
	row := pages.LetterRow{Subject: m.Subject, To: m.ToAddress, State: pages.Mark{Text: "Waiting", Colour: "blue"}, When: s.momentWords(m.CreatedAt), Server: m.LastError}
	switch {
	case m.SentAt != nil:
		row.State, row.When = pages.Mark{Text: "Sent", Colour: "green"}, s.momentWords(*m.SentAt)
	case m.FailedAt != nil:
		row.State, row.When = pages.Mark{Text: "Refused", Colour: "red"}, s.momentWords(*m.FailedAt)
	}
	return row
}

func countLetters(n int) string {
	if n == 1 {
		return "1 letter"
	}
	return english.Sprintf("%d letters", n)
}

// stoppedWords says why no letter goes to an address; "" where letters go.
func stoppedWords(reason mail.SuppressionReason) string {
	switch reason {
	case "":
		return ""
	case mail.SuppressedBounced:
		return "A letter came back: there is no such mailbox, or it takes nothing."
	case mail.SuppressedComplained:
		return "They called a letter spam."
	case mail.SuppressedAsked:
		return "They asked us not to write, or we held them before and erased it."
	}
	return "The address was stopped."
}

func (s *Service) mergeRow(m Contact, h History) pages.MergeRow {
	row := pages.MergeRow{Name: m.Label(), When: "merged before"}
	for _, merge := range h.Merges {
		if merge.GoneID == m.ID {
			row.When, row.UndoHref = "merged on "+s.dayWords(merge.CreatedAt)+s.by(h, merge.MadeBy), fmt.Sprintf("%s/merges/%d/undo", contactPath(h.ID), merge.ID)
		}
	}
	return row
}

// by names the member of staff who did something.
func (s *Service) by(h History, id *int64) string {
	if id == nil {
		return ""
	}
	if name, known := h.Staff[*id]; known {
		return " by " + name
	}
	return " by somebody who has left"
}

func (s *Service) mergeView(ctx context.Context, p MergePreview) (v pages.MergeView, err error) {
	n, _, err := s.naming(ctx)
	if err != nil {
		return v, err
	}
	v = pages.MergeView{Action: contactPath(p.Kept.ID) + "/merge", Back: contactPath(p.Kept.ID), SwapHref: mergePath(p.Gone.ID, p.Kept.ID), Kept: p.Kept.Label(), Gone: p.Gone.Label(),
		KeptVersion: p.Kept.Version, GoneVersion: p.Gone.Version, GoneID: p.Gone.ID, UndoDays: int(s.cfg.Retention.Imports.Hours() / 24), Stands: s.standRows(p.Stands)}
	kept, gone := p.Kept.facts(), p.Gone.facts()
	for i, result := range p.Result.facts() {
		if kept[i].value == gone[i].value && (result.value == "" || result.field == "large_print") {
			continue
		}
		v.Rows = append(v.Rows, pages.MergedFact{Label: factLabels[result.field], Kept: oneLine(n.words(kept[i])), Gone: oneLine(n.words(gone[i])), Result: oneLine(n.words(result))})
	}
	if p.Gone.EmailKey != "" && p.Gone.EmailKey != NormaliseEmail(p.Result.Email) {
		v.OtherAddress = p.Gone.Email
	}
	return v, nil
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", ", ") }
