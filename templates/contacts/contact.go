package contacts

import "conversations/templates/nhs"

// ContactView is one contact with all that is known of it.
type ContactView struct {
	Base     string // address of the page
	Name     string
	Kind     string // "Person" or "Organisation"
	Facts    []Fact
	Stands   []Stand
	NeverHad bool   // the ledger is empty
	Stopped  string // why letters to the address are stopped; "" where they are not
	Ledger   []LedgerRow
	Letters  []LetterRow
	Sent     string // "12 letters"
	Pages    nhs.PaginationParams
	Paged    bool
	Single   []LetterRow // mails about the contact itself
	Merges   []MergeRow

	HasEmail  bool
	EraseHref string // "" for who may not
	Errors    []nhs.FieldError
}

// Fact is something that is known of the contact, in lines.
type Fact struct {
	Key   string
	Lines []string
}

// Stand is how the contact stands with one purpose by one channel.
type Stand struct {
	Purpose, Channel string
	Mark             Mark
	Since            string
}

// LedgerRow is an entry of the ledger.
type LedgerRow struct {
	Said     string // when
	What     string
	From     string
	Wording  string // what they were asked; "" where they were not
	Recorded string // when and by whom
	Gone     bool   // it was taken back
	TakeBack string // address; "" where staff cannot
}

// LetterRow is a mail to the contact.
type LetterRow struct {
	Subject, Href string
	To            string
	State         Mark
	When          string
	Server        string // the mail server's words
}

// MergeRow is a contact that was merged into this one.
type MergeRow struct {
	Name, When string
	UndoHref   string // where the form goes; "" once it cannot be undone
}

func (v ContactView) facts() nhs.SummaryListParams {
	var p nhs.SummaryListParams
	for _, f := range v.Facts {
		p.Rows = append(p.Rows, nhs.SummaryRow{Key: nhs.SummaryCell{Content: nhs.Text(f.Key)}, Value: nhs.SummaryCell{Content: nhs.HTML(lines(f.Lines))}})
	}
	return p
}

func (v ContactView) stands() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("What they let us do now"), Size: "m"}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("About"), nhs.Cell("By"), nhs.Cell("May we write?"), nhs.Cell("Since")}}
	for _, s := range v.Stands {
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(s.Purpose), nhs.Cell(s.Channel), {Content: nhs.HTML(mark(s.Mark))}, nhs.Cell(s.Since)})
	}
	return p
}

func (v ContactView) ledger() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("What they said, newest first. Nothing here is ever changed."), Size: "s"}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Said on"), nhs.Cell("What"), nhs.Cell("How we know"), nhs.Cell("Written down")}}
	for _, r := range v.Ledger {
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(r.Said), {Content: nhs.HTML(entryWords(r))}, nhs.Cell(r.From), {Content: nhs.HTML(recorded(r))}})
	}
	return p
}

func letterTable(caption string, rows []LetterRow) nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(caption), Size: "s"}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Subject"), nhs.Cell("To"), nhs.Cell("State"), nhs.Cell("When"), nhs.Cell("What the mail server said")}}
	for _, r := range rows {
		p.Rows = append(p.Rows, []nhs.TableCell{{Content: nhs.Text(r.Subject), Href: r.Href}, nhs.Cell(orDash(r.To)), {Content: nhs.HTML(mark(r.State))},
			nhs.Cell(r.When), nhs.Cell(orDash(r.Server))})
	}
	return p
}
