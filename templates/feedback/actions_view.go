package feedback

import "conversations/templates/nhs"

// ActionChoice is one line of a list of choices.
type ActionChoice struct{ Value, Text string }

func actionItems(choices []ActionChoice) (items []nhs.SelectItem) {
	for _, c := range choices {
		items = append(items, nhs.Option(c.Value, c.Text))
	}
	return items
}

// ActionLink leads somewhere, with a note behind it.
type ActionLink struct{ Text, Href, Note string }

// ActionHead is a column that the list can be sorted by.
type ActionHead struct{ Text, Href, Sort string }

// ActionRow is an answer in the staff's list.
type ActionRow struct {
	Title, Href, Theme, Area, State, Owner, Due, Approval string
	Late                                                  bool
}

// ActionList is the staff's list of answers.
type ActionList struct {
	Text, Theme, Locality, State, Approval, Sort             string
	Overdue                                                  bool
	Themes, Localities, States, Approvals, Sorts             []ActionChoice
	Total                                                    string // "3 answers"
	Heads                                                    []ActionHead
	Rows                                                     []ActionRow
	Pages                                                    nhs.PaginationParams
	Paged, Narrowed                                          bool
	Unanswered                                               []ActionLink
	NewHref, PublicHref, OverdueHref, CSVHref, XLSXHref, All string
}

func (v ActionList) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true}
	for _, h := range v.Heads {
		p.Head = append(p.Head, nhs.TableCell{Content: nhs.Text(h.Text), Href: h.Href, Sort: h.Sort})
	}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{{Content: nhs.Text(r.Title), Href: r.Href}, nhs.Cell(r.Theme), nhs.Cell(r.Area), nhs.Cell(r.State), nhs.Cell(r.Owner),
			{Content: nhs.HTML(actionDue(r))}, nhs.Cell(r.Approval)})
	}
	return p
}

// ActionQuote is a locked quote.
type ActionQuote struct{ Value, Words, From string }

// ActionForm is the form of an answer.
type ActionForm struct {
	Heading, Action, BackHref                                         string
	Version                                                           string
	Errors                                                            []nhs.FieldError
	Theme, Locality, Title, Said, Decided, State, Owner, Evidence     string
	DueDay, DueMonth, DueYear, DoneDay, DoneMonth, DoneYear, Document string
	Chosen                                                            []string
	Quotes                                                            []ActionQuote
	QuotesNote                                                        string
	Themes, Localities, States, Documents                             []ActionChoice
	Public                                                            bool
}

func (v ActionForm) quotes() (items []nhs.ChoiceItem) {
	for _, q := range v.Quotes {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text("“" + q.Words + "”"), Value: q.Value, Hint: nhs.HintText(q.From)})
	}
	return items
}

func (v ActionForm) states() (items []nhs.ChoiceItem) {
	for _, c := range v.States {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text(c.Text), Value: c.Value})
	}
	return items
}

// ActionView is the staff's page of an answer.
type ActionView struct {
	Title, Approval, Base, Version string
	Late                           string // how late it is; "" is not
	Errors                         []nhs.FieldError
	Facts                          [][2]string
	Said, Decided                  []string // paragraphs
	Quotes                         []ActionQuote
	Lost                           string
	Evidence                       []string
	Paper                          *ActionLink
	Raised                         ActionLink // the comments behind it
	Public                         *ActionLink
	Differs                        bool // the website says something else
	Missing                        string
	CanAsk, CanApprove, CanBack    bool
	WhyNot, Reason                 string
	Reach                          string
	CanTell                        bool
	Told                           []ActionLink
	History                        [][3]string // when, who, what
}

func (v ActionView) facts() (rows []nhs.SummaryRow) {
	for _, f := range v.Facts {
		rows = append(rows, nhs.SummaryRow{Key: nhs.SummaryCell{Content: nhs.Text(f[0])}, Value: nhs.SummaryCell{Content: nhs.Text(f[1])}})
	}
	return rows
}

func (v ActionView) history() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Newest first"), Size: "s"}, Responsive: true, Compact: true, Head: []nhs.TableCell{nhs.Cell("When"), nhs.Cell("Who"), nhs.Cell("What")}}
	for _, r := range v.History {
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(r[0]), nhs.Cell(r[1]), nhs.Cell(r[2])})
	}
	return p
}

// RaisedView is the comments behind an answer.
type RaisedView struct {
	Title, Total, Note string
	Rows               []RaisedRow
	Pages              nhs.PaginationParams
	Paged              bool
}

// RaisedRow is a comment, with where it was made.
type RaisedRow struct {
	Words, Href, Source, Said, Event, EventHref, RecordHref string
}

// ToldView is who was told of an answer.
type ToldView struct {
	Title, Total, State string
	Letter              ActionLink
	Rows                [][2]string // who, and how
	Pages               nhs.PaginationParams
	Paged               bool
}

func (v ToldView) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true, Head: []nhs.TableCell{nhs.Cell("Who"), nhs.Cell("How")}}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{nhs.Cell(r[0]), nhs.Cell(r[1])})
	}
	return p
}

// SaidView is what everybody reads: what people said, and what was done.
type SaidView struct {
	Locality   string
	Localities []ActionChoice
	Themes     []SaidTheme
	Narrowed   bool
}

// SaidTheme is a theme with its answers.
type SaidTheme struct {
	Name    string
	Answers []SaidAnswer
}

// SaidAnswer is one answer.
type SaidAnswer struct {
	Slug, Title, Area, State, Colour, Note string
	Did                                    string // the heading above what was decided
	Said, Decided, Evidence                []string
	Quotes                                 []ActionQuote
	Paper                                  *ActionLink
}
