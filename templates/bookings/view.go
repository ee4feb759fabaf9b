// Package bookings draws the pages on which people book, see, change and cancel places at events, and those on which
// staff look after bookings and telephone people.
package bookings

import (
	"fmt"
	"slices"
	"strings"

	"conversations/templates/nhs"
)

// Office is somebody to turn to.
type Office struct {
	Name      string
	Telephone string
	Hours     string
}

// Event is an event in brief.
type Event struct {
	Title    string
	Href     string // of its page
	When     string
	Where    string // "" leaves the line out
	Places   string // how many are left, in words; "" leaves the line out
	Notice   string // what somebody with a booking must know first, such as that the event is cancelled
	Office   Office
	Interest string // address of the page that takes interest; "" where it takes none
}

// rows are the event at a glance.
func (e Event) rows() []nhs.SummaryRow {
	rows := []nhs.SummaryRow{nhs.Row("Event", e.Title), nhs.Row("When", e.When)}
	if e.Where != "" {
		rows = append(rows, nhs.Row("Where", e.Where))
	}
	if e.Places != "" {
		rows = append(rows, nhs.Row("Places", e.Places))
	}
	return rows
}

// Choice is one of several things to choose from.
type Choice struct {
	Value string
	Label string
	Hint  string
}

// Form is the form by which people book or change a booking, and staff do it for them. Its control for a field has
// the field's name as its id, so that every message of Errors finds its place.
type Form struct {
	Heading      string
	Action       string
	Button       string
	Event        Event
	Errors       []nhs.FieldError
	Key          string
	EmailChecked string

	AsksContact bool // how to reach the booker
	Asked       bool // the question for the panel and what one agrees to
	Rule        bool // tells how places are given
	Staff       *StaffFields

	Name, Email, Phone string
	Size               int
	MaxParty           int
	NotComing          bool
	People             []Person // by position; always MaxParty of them
	Needs              []Choice // that can be asked for
	NeedsMet           string   // what is there without asking
	NeedsBy            string   // until when to ask, in a sentence; "" says nothing
	Question           string
	QuoteOK            bool
	Recontact          bool
	Updates            bool
	UpdatesWording     string // what one agrees to by the box for updates, word for word

	PromoteHours int // before the start; from then on staff telephone
	Complaints   Office
}

// StaffFields are what only staff are asked.
type StaffFields struct {
	Channels      []Choice // none: not asked
	Channel       string
	Override      bool
	OverrideLabel string
}

// Person is one of the people of a party on the form.
type Person struct {
	Position int // from 1
	Name     string
	Needs    []string // codes
	Notes    string
}

// field is the name of a person's field: the first person's has no number.
func (p Person) field(name string) string {
	if p.Position == 1 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, p.Position)
}

func (p Person) nameField() string { return fmt.Sprintf("attendee_name_%d", p.Position) }

func (p Person) summary() string {
	if p.Name != "" {
		return fmt.Sprintf("Person %d: %s", p.Position, p.Name)
	}
	return fmt.Sprintf("Person %d: name and what they need", p.Position)
}

// open says whether the person's part of the form is shown from the start.
func (p Person) open(errors []nhs.FieldError) bool {
	mine := []string{p.nameField(), p.field("access_needs"), p.field("access_notes")}
	wrong := slices.ContainsFunc(errors, func(e nhs.FieldError) bool { return slices.Contains(mine, e.Field) })
	return wrong || p.Name != "" || p.Notes != "" || len(p.Needs) > 0
}

func (f Form) sizes() []nhs.SelectItem {
	items := make([]nhs.SelectItem, f.MaxParty)
	for i := range items {
		items[i] = nhs.Option(fmt.Sprint(i+1), people(i+1))
	}
	return items
}

func (f Form) sizeHint() string {
	if f.Staff != nil {
		return "Count everybody who needs a place, carers and children too."
	}
	return "Count everybody who needs a place: you, if you come, and carers and children too. For more than " + people(f.MaxParty) +
		", please telephone " + f.Event.Office.Telephone + "."
}

func (f Form) override() nhs.CheckboxesParams {
	box := one("override", f.Staff.OverrideLabel, f.Staff.Override, "")
	box.ErrorMessage = nhs.ErrorFor(f.Errors, "override")
	return box
}

func (f Form) updatesHint() string {
	if f.Staff != nil {
		return "Read it out to them word for word. We then email them a link, and they say yes there. Without an email address nothing is sent."
	}
	return "You do not need this for your booking. It works by email only. We first send you an email with a link, and you say yes there."
}

func (f Form) needItems() []nhs.ChoiceItem { return choiceItems(f.Needs) }

func choiceItems(choices []Choice) []nhs.ChoiceItem {
	items := make([]nhs.ChoiceItem, len(choices))
	for i, c := range choices {
		items[i] = nhs.ChoiceItem{Content: nhs.Text(c.Label), Value: c.Value, Hint: nhs.HintText(c.Hint)}
	}
	return items
}

func (f Form) needsLegend() string {
	if f.Staff != nil {
		return "What does person 1 need to take part?"
	}
	return "What do you need to take part?"
}

func (f Form) needsHint(p Person) string {
	hint := "Tick all that apply, or none. We will ask for it, and tell you what we can arrange."
	if p.Position == 1 && f.Staff == nil && f.MaxParty > 1 {
		hint += " If you are not coming yourself, tell us about the first person who comes."
	}
	return hint
}

// one is a question with a single box to tick.
func one(name, label string, ticked bool, hint string) nhs.CheckboxesParams {
	checked := nhs.No
	if ticked {
		checked = nhs.Yes
	}
	return nhs.CheckboxesParams{Name: name, Items: []nhs.ChoiceItem{
		{Content: nhs.Text(label), Value: "yes", Checked: checked, Hint: nhs.HintText(hint)},
	}}
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// dial is the address that rings a telephone number.
func dial(number string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	return "tel:" + kept
}

// Done is what a booker learns at once.
type Done struct {
	Event     Event
	Heading   string
	Reference string // only where it cannot come by e-mail
	ByEmail   bool
	Waiting   bool // is on the waiting list
	Again     bool // by telephone, and perhaps booked before
}

// Closed says why no places can be booked.
type Closed struct {
	Event   Event
	Heading string
	Reason  string
}
