package feedback

import (
	"fmt"

	"conversations/templates/nhs"
)

// Choice is one line of a list of choices.
type Choice struct{ Value, Label string }

func options(choices []Choice) (items []nhs.SelectItem) {
	for _, c := range choices {
		items = append(items, nhs.Option(c.Value, c.Label))
	}
	return items
}

// CommentList is the staff's list of comments.
type CommentList struct {
	Filter  CommentFilter
	Total   string // "1,234 comments"
	Heads   []CommentHead
	Rows    []CommentRow
	Pages   nhs.PaginationParams
	Paged   bool
	Alarms  []CommentLink // open
	ToCode  string        // "12 comments"; "" where none waits
	ToCheck string        // the same of those to check
	Links   []CommentLink // other pages about comments

	CodeHref, CheckHref, CSVHref, XLSXHref string
	AllHref                                string // the list without its filter; "" where there is none
	Any                                    bool   // there are comments
}

// CommentFilter is the filter as it was chosen, and what can be chosen.
type CommentFilter struct {
	Text, Source, Event, Locality, Service, Theme, Coded, Redaction, Copies, Import, From, To, Aside, Sort string
	Sources, Events, Localities, Themes, Codings, Redactions, Groups, Asides, Sorts                        []Choice
}

// more says whether something is chosen that is folded away.
func (f CommentFilter) more() bool {
	return f.Event+f.Service+f.From+f.To+f.Redaction+f.Copies+f.Aside != ""
}

// CommentHead is a column that the list can be sorted by; without an Href it cannot.
type CommentHead struct{ Text, Href, Sort string }

// CommentRow is a comment in the list.
type CommentRow struct {
	ID                                       int64
	Words, Source, Event, Locality, Said     string
	Service, Copies, State, Colour, Redacted string
	Coded                                    string // "Coded", or ""
}

// CommentLink leads somewhere.
type CommentLink struct{ Text, Href string }

// CommentHref is the page of a comment.
func CommentHref(id int64) string { return fmt.Sprintf("/staff/feedback/%d", id) }

func (v CommentList) table() nhs.TableParams {
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(v.Total), Size: "s"}, Responsive: true, Compact: true}
	for _, h := range v.Heads {
		p.Head = append(p.Head, nhs.TableCell{Content: nhs.Text(h.Text), Href: h.Href, Sort: h.Sort})
	}
	for _, r := range v.Rows {
		p.Rows = append(p.Rows, []nhs.TableCell{{Content: nhs.Text(r.Words), Href: CommentHref(r.ID)}, nhs.Cell(r.Source), nhs.Cell(r.Locality), nhs.Cell(r.Said),
			{Content: nhs.HTML(commentState(r))}})
	}
	return p
}

// CommentView is the page of one comment.
type CommentView struct {
	ID, Version    int64
	Errors         []nhs.FieldError
	Words          []CommentPart
	Removed        bool
	About          string
	Facts          []CommentFact
	Who            []CommentFact // who said it; empty where that is not known
	WhoNote        string
	Aside          string // why it does not count
	Reason         string // as it was typed
	Copies         []CommentRow
	CopiesNote     string
	Alarms         []CommentAlarm
	MayRaise       bool
	Kind           string // of an alarm, as it was chosen
	History        [][3]string
	State          string // of striking out
	ToCheck        bool
	MayOpen        bool // the words as they came
	OpenReason     string
	Original       string // opened
	Parts          []CommentPartOf
	EditHref, Base string
}

// CommentFact is something that is known of a comment; with an Href it leads there.
type CommentFact struct{ Name, Text, Href string }

// CommentPartOf is what other features hang on the page of a comment: how it is coded, and what came of it.
type CommentPartOf struct {
	Heading string
	Lines   []CommentLink // without an Href, words alone
}

// CommentPart is a stretch of words; Label says what was struck out there.
type CommentPart struct{ Text, Label string }

// CommentAlarm is an alarm on a comment.
type CommentAlarm struct{ Text, Note, Href string }

// CommentForm is the form for a comment that is typed in, or whose facts are changed.
type CommentForm struct {
	Title, Action, Button       string
	Version                     int64
	Errors                      []nhs.FieldError
	New                         bool // with its words and who said it
	Source, Event, Locality     string
	Service, About              string
	Text, Name, Email, Phone    string
	Day, Month, Year            string
	QuoteOK, Recontact          bool
	Sources, Events, Localities []Choice
	Services                    []string
}

// Redaction is the page on which staff look at what is struck out of a comment.
type Redaction struct {
	ID, Version int64
	Errors      []nhs.FieldError
	Parts       []RedactionPart
	Words, Kind string // as they were typed
	Kinds       []Choice
	Left        string
	SkipHref    string
}

// RedactionPart is a stretch of the original. With an ID it is a finding.
type RedactionPart struct {
	Text  string
	ID    int64
	Label string
	Back  bool
	Start int // in bytes of the original
}

func (v Redaction) findings() (items []nhs.ChoiceItem) {
	for _, p := range v.Parts {
		if p.ID == 0 {
			continue
		}
		checked := nhs.Yes
		if p.Back {
			checked = nhs.No
		}
		items = append(items, nhs.ChoiceItem{Value: fmt.Sprint(p.ID), Content: nhs.Text(p.Label + ": " + p.Text), Checked: checked})
	}
	return items
}

// Sealed says that a comment was checked, and what can be done now.
type Sealed struct {
	ID   int64
	Note string
}

// AlarmView is the page of an alarm.
type AlarmView struct {
	ID            int64
	Errors        []nhs.FieldError
	Heading, Note string
	Words         []CommentPart
	CommentHref   string
	Open          bool
	Outcome       string
	Answered      string
}

// IntakeView is the page on which comments come in.
type IntakeView struct {
	Errors  []nhs.FieldError
	Events  []Choice
	Event   string
	Imports []CommentLink
}

// NotedView is what was noted at an event.
type NotedView struct {
	Title, Action string
	Errors        []nhs.FieldError
	Pieces        []NotedPiece
}

// NotedPiece is a piece of the record of an event.
type NotedPiece struct {
	Key, Text, Kind string
	Here, Chosen    bool
}

// PastedView is a paste before it is kept.
type PastedView struct {
	CommentForm
	Pasted string
	Pieces []string
	Shown  bool // the pieces are looked at
}

// CommentImport is the page on which a file of comments comes in.
type CommentImport struct {
	Errors  []nhs.FieldError
	Checked bool
	Result  []string
	Bad     [][2]string
	More    string
	Skip    bool
	Done    string // the page of what came in
	Imports []CommentImportRow
}

// CommentImportRow is a file that came in.
type CommentImportRow struct {
	ID                          int64
	Name, When, Comments, State string
}

// CommentUndo is the page of one file that came in.
type CommentUndo struct {
	ID                  int64
	Name, Note, ShowAll string
	Done                bool
}
