package surveys

import (
	"conversations/templates/nhs"
)

// EntryView is the page on which a form is entered.
type EntryView struct {
	Title, Heading, Batch string // of the survey, of the page
	Action                string
	Page                  string // its number: sent twice it is one form; "" where nothing new is made
	Second                bool   // a second entry, which does not show the first
	Progress              string // "12 of 60 forms are entered."
	SavedCode             string // of the form that was just saved
	SavedHref             string // where it is changed
	Drawn                 bool   // it is to be entered a second time
	Sections              []EntrySection
	Language              string
	Languages             []Choice
	Button, BackHref      string
	Errors                []nhs.FieldError
}

// EntrySection is a section of it.
type EntrySection struct {
	Title, Only string
	Items       []EntryItem
}

// EntryItem is one thing to enter: a question, or a row of a grid.
type EntryItem struct {
	Number           string // "3", or "3a" for a row of a grid
	Kind             string // one, several, text, lines
	Name             string // of the field
	Label, Row, Hint string // Row is of a grid
	Keys             []EntryKey
	Value            string
	OtherName, Other string
	Extra            []EntryField // to type more into
	IfName, IfValue  string       // the answer to which the item belongs; "" is always
	IfNot            bool
}

// EntryField is a box to type into.
type EntryField struct{ Name, Label, Value string }

// EntryKey is an answer with the key that chooses it.
type EntryKey struct {
	Key, Value, Label string
	Chosen, Other     bool
}

func (i EntryItem) controlType() string {
	if i.Kind == "several" {
		return "checkbox"
	}
	return "radio"
}

func (i EntryItem) errorID() string { return i.Name + "-error" }

// keyID is the id of an answer's control: the first has the name of the field, to which an error leads.
func (i EntryItem) keyID(at int) string {
	if at == 0 {
		return i.Name
	}
	return i.Name + "-" + i.Keys[at].Key
}
