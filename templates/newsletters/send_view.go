package newsletters

import (
	"strconv"

	"conversations/templates/nhs"
)

// SendView is the page on which an update is sent, and on which staff see it leave.
type SendView struct {
	Head    UpdateHead
	Lead    string // how it stands, in a sentence
	Version int64
	Path    string // its forms are sent to pages below it
	Ready   *ReadyView
	Held    *HeldView
	Leaving *LeavingView
	Next    []Link
	Errors  []nhs.FieldError
}

// ReadyView is an approved update: it can be sent now or scheduled.
type ReadyView struct {
	Button, Says                  string
	ScheduleButton                string
	Day, Month, Year, Time, Which string // as typed
	AsksWhich                     bool
	Zone                          string
}

// HeldView is an update that is on its way and can be called back.
type HeldView struct{ Until string }

// LeavingView is a letter that is leaving, or has left.
type LeavingView struct {
	DataHref    string // tells how it stands, as JSON; "" where nothing changes any more
	State       string // as the JSON has it
	Headline    string
	Done, Total int
	Trouble     string // in words why nothing leaves; "" while all is well
	Counts      []CountRow
	Pause       bool
	Resume      bool
	StopHref    string // "" where it cannot be stopped
}

// CountRow is how many letters have come how far. Key names the count in the JSON.
type CountRow struct{ Key, Label, Count, Href string }

func (v LeavingView) percent() string {
	if v.Total == 0 {
		return "100"
	}
	return strconv.Itoa(v.Done * 100 / v.Total)
}

// ConfirmView asks before something that cannot be undone.
type ConfirmView struct {
	Head     UpdateHead
	Text     []string
	Action   string
	Button   string
	Warning  bool
	BackHref string
}

// ReportView is how a letter went, with one of its lists.
type ReportView struct {
	Head    UpdateHead
	Lead    string
	Facts   []Fact
	Fates   []FateRow
	Heading string // of the list
	People  PeopleView
	Next    []Link
}

// FateRow is a list of the report, and how long it is.
type FateRow struct {
	Text, Means, People, Href string
	Current                   bool
}

func (v ReportView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text("What became of the letters"), Size: "m"}, Responsive: true,
		Head: []nhs.TableCell{nhs.Cell("What"), nhs.NumberCell("People"), nhs.Cell("What it means")}}
	for _, f := range v.Fates {
		cell := nhs.TableCell{Content: nhs.Text(f.Text), Href: f.Href}
		t.Rows = append(t.Rows, []nhs.TableCell{cell, nhs.NumberCell(f.People), nhs.Cell(f.Means)})
	}
	return t
}
