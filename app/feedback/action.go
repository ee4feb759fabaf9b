package feedback

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/events"
	"conversations/app/fault"
)

// ActionState is how far an answer to what people said has come.
type ActionState string

// The states.
const (
	Considering ActionState = "considering"
	Planned     ActionState = "planned"
	UnderWay    ActionState = "under-way"
	Done        ActionState = "done"
	WillNot     ActionState = "will-not"
)

// ActionStates are all states, in the order in which they follow one another.
func ActionStates() []ActionState {
	return []ActionState{Considering, Planned, UnderWay, Done, WillNot}
}

// Words says how far an answer has come, as everybody reads it.
func (s ActionState) Words() string {
	switch s {
	case Considering:
		return "We are looking into it"
	case Planned:
		return "Planned"
	case UnderWay:
		return "Under way"
	case Done:
		return "Done"
	case WillNot:
		return "We will not do it"
	}
	return string(s)
}

// did is the heading above what was decided: it promises nothing as done that is not.
func (s ActionState) did() string {
	switch s {
	case Considering:
		return "What we are looking into"
	case Planned:
		return "What we will do"
	case UnderWay:
		return "What we are doing"
	case WillNot:
		return "Why we will not"
	case Done:
	}
	return "We did"
}

// Over says that nothing more is promised.
func (s ActionState) Over() bool { return s == Done || s == WillNot }

// Approval is how far an answer has come on its way to the website.
type Approval string

// The steps. A text that was published stays on the website while a later one is a draft.
const (
	ActionDraft     Approval = "draft"
	ActionAsked     Approval = "asked"
	ActionPublished Approval = "published"
	ActionWithdrawn Approval = "withdrawn"
)

// Approvals are all steps.
func Approvals() []Approval {
	return []Approval{ActionDraft, ActionAsked, ActionPublished, ActionWithdrawn}
}

// Words says how far an answer has come on its way to the website, as staff read it.
func (a Approval) Words() string {
	switch a {
	case ActionDraft:
		return "Draft"
	case ActionAsked:
		return "Waits for approval"
	case ActionPublished:
		return "Published"
	case ActionWithdrawn:
		return "Taken off the website"
	}
	return string(a)
}

// Action is "you said, we did": a row of the table actions.
type Action struct {
	ID          int64
	Slug        string
	ThemeID     int64
	Locality    string // "" is everywhere
	Title       string
	Said        string // in our words
	Decided     string // what was decided, done, or why not
	State       ActionState
	Owner       string // an office
	DueOn       string // 2017-06-30
	DoneOn      string
	Evidence    string
	DocumentID  *int64
	Approval    Approval
	AskedBy     *int64
	AskedAt     *time.Time
	ApprovedBy  *int64
	PublishedAt *time.Time
	Published   string // JSON: what the public page says; "" is nothing
	UpdateID    *int64 // the letter that tells those who raised it
	Version     int
	CreatedBy   *int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName is the table that actions live in.
func (Action) TableName() string { return "actions" }

// Overdue says that what was promised by a day is not done on a later one, both as 2017-06-30.
func (a Action) Overdue(today string) bool {
	return a.DueOn != "" && a.DueOn < today && !a.State.Over()
}

// Public says that the website shows it.
func (a Action) Public() bool { return a.Published != "" }

// ActionForm is what staff typed about an answer.
type ActionForm struct {
	Theme     int64       `form:"theme"`
	Locality  string      `form:"locality"` // "" is everywhere
	Title     string      `form:"title"`
	Said      string      `form:"said,lines"`
	Decided   string      `form:"decided,lines"`
	Quotes    []string    `form:"quotes"` // ids
	State     ActionState `form:"state"`
	Owner     string      `form:"owner"`
	DueDay    string      `form:"due_day"`
	DueMonth  string      `form:"due_month"`
	DueYear   string      `form:"due_year"`
	DoneDay   string      `form:"done_day"`
	DoneMonth string      `form:"done_month"`
	DoneYear  string      `form:"done_year"`
	Evidence  string      `form:"evidence,lines"`
	Document  int64       `form:"document"` // 0 is none
	// Version is that of the answer as it was when the form was opened.
	Version int `form:"version"`
}

// FormOfAction is the form of an answer that is stored.
func FormOfAction(d ActionDetail) ActionForm {
	a := d.Action
	f := ActionForm{Theme: a.ThemeID, Locality: a.Locality, Title: a.Title, Said: a.Said, Decided: a.Decided, State: a.State, Owner: a.Owner, Evidence: a.Evidence, Version: a.Version}
	if a.DocumentID != nil {
		f.Document = *a.DocumentID
	}
	for _, q := range d.Quotes {
		f.Quotes = append(f.Quotes, fmt.Sprint(q.ID))
	}
	f.DueDay, f.DueMonth, f.DueYear = dayParts(a.DueOn)
	f.DoneDay, f.DoneMonth, f.DoneYear = dayParts(a.DoneOn)
	return f
}

func dayParts(day string) (d, m, y string) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", "", ""
	}
	return at.Format("2"), at.Format("1"), at.Format("2006")
}

const (
	maxActionTitleCharacters = 150
	maxActionTextCharacters  = 3000
	maxOwnerCharacters       = 120
	maxEvidenceCharacters    = 1000
)

// put writes what was typed onto an answer and adds what is wrong with it, a message per field.
func (f ActionForm) put(a *Action, problems *fault.Fields) {
	a.ThemeID, a.Locality, a.Title, a.Said, a.Decided = f.Theme, f.Locality, f.Title, strings.TrimSpace(f.Said), strings.TrimSpace(f.Decided)
	a.State, a.Owner, a.Evidence, a.DocumentID = f.State, f.Owner, strings.TrimSpace(f.Evidence), nil
	if f.Document != 0 {
		a.DocumentID = &f.Document
	}
	if a.Title == "" {
		problems.Add("title", "Enter a title")
	}
	if !slices.Contains(ActionStates(), a.State) {
		problems.Add("state", "Choose how far it has come")
	}
	for _, text := range []struct {
		field, what, text string
		most              int
	}{{"title", "The title", a.Title, maxActionTitleCharacters}, {"said", "What people said", a.Said, maxActionTextCharacters}, {"decided", "What we did", a.Decided, maxActionTextCharacters},
		{"owner", "The office", a.Owner, maxOwnerCharacters}, {"evidence", "The evidence", a.Evidence, maxEvidenceCharacters}} {
		if utf8.RuneCountInString(text.text) > text.most {
			problems.Add(text.field, fmt.Sprintf("%s can have %d characters at most", text.what, text.most))
		}
	}
	a.DueOn = readDay(problems, "due_day", "Enter a day by which it will be done, such as 30 6 2017, or leave all three empty", f.DueDay, f.DueMonth, f.DueYear)
	a.DoneOn = readDay(problems, "done_day", "Enter the day on which it was done, such as 30 6 2017, or leave all three empty", f.DoneDay, f.DoneMonth, f.DoneYear)
	if a.DoneOn != "" && !a.State.Over() {
		problems.Add("done_day", "Only what is done, or will not be done, has a day on which that came about")
	}
}

func readDay(problems *fault.Fields, field, message, day, month, year string) string {
	if strings.TrimSpace(day+month+year) == "" {
		return ""
	}
	at, ok := events.ParseDay(day, month, year)
	if !ok {
		problems.Add(field, message)
		return ""
	}
	return at.Format(time.DateOnly)
}
