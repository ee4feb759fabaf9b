package surveys

import (
	"conversations/templates/audiences"
	"conversations/templates/nhs"
)

// InvitationsView is the page about all invitations of a survey.
type InvitationsView struct {
	Title         string
	Action        string // where a new sending begins
	ResponsesHref string
	Anonymous     bool
	Rate          [][2]string
	Why           string // why nothing can be sent now; "" where it can
	Ways          []InviteWay
	Rows          []SendingRow
}

// InviteWay is one way to invite or remind people.
type InviteWay struct {
	Kind, Purpose         string
	Heading, Text, Button string
	Off                   bool // there is nobody
}

// SendingRow is what was sent, or is to be.
type SendingRow struct{ Text, Href, State, Colour, When, People string }

func (v InvitationsView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("What was sent"), Size: "m"}, Responsive: true,
		Head: []nhs.TableCell{nhs.Cell("What"), nhs.Cell("State"), nhs.Cell("Made"), nhs.NumberCell("People")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Text), Href: r.Href}, {Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.State), Colour: r.Colour}))},
			nhs.Cell(r.When), nhs.NumberCell(r.People)})
	}
	return t
}

// SendingView is the page of one sending.
type SendingView struct {
	Survey, Heading string
	State, Colour   string
	Path            string
	Version         int64
	Draft, Contacts bool
	To              string // to how many it goes
	Words           string // of the rule; "" without one
	List            *InviteList
	Parts           []audiences.RulePart
	Purpose         string
	Purposes        []Choice
	Subject, Body   string
	Button          string // to send; "" where there is nobody
	Says            string // what the button does
	Held            string // until when it can be called back; "" where it cannot
	Facts           []string
	Stops           bool
	Errors          []nhs.FieldError
}

func (v SendingView) purposes() (items []nhs.ChoiceItem) {
	for _, p := range v.Purposes {
		items = append(items, nhs.ChoiceItem{Content: nhs.Text(p.Text), Value: p.Value})
	}
	return items
}

// InviteList is how the list of a sending stands.
type InviteList struct {
	Made, Href string
	Totals     []InviteTotal
	Reasons    [][2]string // why people are left out, and how many
}

// InviteTotal is how many people of a list have an outcome.
type InviteTotal struct{ Text, People, Href string }

func (v InviteList) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("Who is left out, and why"), Size: "s"}, Responsive: true,
		Head: []nhs.TableCell{nhs.Cell("Why"), nhs.NumberCell("People")}}
	for _, r := range v.Reasons {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(r[0]), nhs.NumberCell(r[1])})
	}
	return t
}

// InvitePeopleView is everybody on a list.
type InvitePeopleView struct {
	Title, Words      string
	Action            string
	Text, Show, Sort  string
	Total             string
	Rows              [][4]string
	Pages             nhs.PaginationParams
	Paged             bool
	CSVHref, XLSXHref string
}

func (v InvitePeopleView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true,
		Head: []nhs.TableCell{nhs.Cell("Name"), nhs.Cell("Organisation"), nhs.Cell("Email address"), nhs.Cell("Gets it")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{nhs.Cell(r[0]), nhs.Cell(r[1]), nhs.Cell(r[2]), nhs.Cell(r[3])})
	}
	return t
}

// InvitePreviewView is a mail as its readers get it.
type InvitePreviewView struct{ Subject, Src, Text string }
