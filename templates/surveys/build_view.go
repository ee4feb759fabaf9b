package surveys

import (
	"conversations/templates/nhs"
)

// ListRow is a survey in the staff's list.
type ListRow struct{ Title, Href, State, Colour, Responses, When string }

// ListView is the staff's list of surveys.
type ListView struct {
	Text, State, Sort string
	States            []Choice
	Total             int
	Rows              []ListRow
	Pages             nhs.PaginationParams
	Paged             bool
	CSVHref, XLSXHref string
}

func (v ListView) table() nhs.TableParams {
	t := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(counted(v.Total, "survey", "surveys"))}, FirstCellIsHeader: true,
		Head: []nhs.TableCell{nhs.Cell("Survey"), nhs.Cell("State"), nhs.NumberCell("Answers"), nhs.Cell("Open")}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, []nhs.TableCell{{Content: nhs.Text(r.Title), Href: r.Href}, {Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.State), Colour: r.Colour}))},
			nhs.NumberCell(r.Responses), nhs.Cell(r.When)})
	}
	return t
}

// SettingsView is the form of a survey itself.
type SettingsView struct {
	Heading, Action, BackHref                   string
	Title, Introduction, Thanks                 string
	Event                                       string
	Events                                      []Choice
	Anonymous, ContactForm                      bool
	AnonymousFixed                              bool
	Languages                                   string
	OpensDay, OpensMonth, OpensYear, OpensTime  string
	ClosesDay, ClosesMonth, ClosesYear, CloseAt string
	Version                                     int64
	Errors                                      []nhs.FieldError
}

// BuildView is the page on which a survey is built.
type BuildView struct {
	Title, State, Colour string
	Facts                []string
	PublicHref           string // "" while nobody can answer
	Links                []Choice
	Mistakes             []string // that stand in the way of opening it
	Sections             []BuildSection
	Home                 string // /staff/surveys/7
	Equality             bool   // the block can still be added
	Actions              []Choice
	Fixed                bool // archived
}

// BuildSection is a section on that page.
type BuildSection struct {
	Number    int
	Title     string
	Condition string
	Href      string
	NewHref   string // to add a question
	UsedHref  string // to ask one again
	Questions []BuildQuestion
	First     bool
	Last      bool
}

// BuildQuestion is a question on that page.
type BuildQuestion struct {
	Label, Kind, Href string
	Required, Locked  bool
	First, Last       bool
}

// SectionView is the form of a section.
type SectionView struct {
	Heading, Action, BackHref, RetireHref string
	Title, Introduction, If               string
	IfNot                                 bool
	Conditions                            []Choice
	Errors                                []nhs.FieldError
}

// Kept is an option or a row that is there.
type Kept struct {
	ID, Label string
	Removed   bool
}

// QuestionFormView is the form of a question.
type QuestionFormView struct {
	Heading, Action, BackHref, RetireHref string
	New                                   bool
	Kind                                  string
	KindName                              string
	Kinds                                 []Choice
	Label, Help                           string
	Required, Locked                      bool
	Most, Min, Max, Steps, Low, High      string
	Options, Rows                         []Kept
	NewOptions, NewRows                   string
	Other, None, PreferNot                bool
	Wordings                              []string // the labels that people read before
	Errors                                []nhs.FieldError
}

func (v QuestionFormView) is(kinds ...string) bool {
	for _, k := range kinds {
		if v.Kind == k {
			return true
		}
	}
	return false
}

// UsedView is the list of questions that were asked before.
type UsedView struct {
	Action, BackHref, Text string
	Questions              []UsedQuestion
	Errors                 []nhs.FieldError
}

// UsedQuestion is one of them.
type UsedQuestion struct{ ID, Label, Kind, Survey string }

// PreviewView is a survey as people will see it, all sections beneath each other.
type PreviewView struct {
	Head                AnswerHead
	Title, Introduction Said
	Sections            []PreviewSection
}

// PreviewSection is a section of it.
type PreviewSection struct {
	Title, Introduction Said
	Condition           string
	Questions           []QuestionView
}
