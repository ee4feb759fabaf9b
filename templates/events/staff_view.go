package events

import "conversations/templates/nhs"

// StaffListView is the staff's list of events, with its filters as they stand in the address.
type StaffListView struct {
	Rows                   []StaffRow
	Total                  int
	Text                   string
	Status, Locality, When string
	Sort                   string
	Statuses, Localities   []Choice
	Pages                  nhs.PaginationParams
	ShowPages              bool
	CSVHref, XLSXHref      string
}

// StaffRow is one event in the staff's list.
type StaffRow struct {
	Title, Href, Locality, When, Status, Colour, Places, Waiting string
}

// StaffEventView is the staff's page of one event.
type StaffEventView struct {
	Title         string
	Status        string
	Colour        string
	Facts         []Fact
	Warnings      []string
	PublicHref    string // or the preview, of a draft
	PublicText    string
	EditHref      string
	BookingsHref  string // "" for a draft
	DoorHref      string // who came; "" before there is a date
	QuestionsHref string // "" for a draft
	RecordHref    string // "" before there can be one
	CallerHref    string // to book for a caller; "" where booking is not open
	CopyHref      string
	PreviewURL    string // by which people without an account see the draft
	Actions       []StaffAction
}

// StaffAction leads to the page that asks before it is done.
type StaffAction struct {
	Text, Href string
	Warning    bool
}

// Typed is what stands in the form of an event, as typed. See the fields of the same names in the program.
type Typed struct {
	Title, Slug, Locality, Summary, Description           string
	LedBy, Series                                         string
	StartsDay, StartsMonth, StartsYear                    string
	StartsTime, StartsWhich, EndsTime, EndsWhich          string
	VenueName, VenueAddress, VenuePostcode                string
	GettingThere, Parking, StepFree, HearingLoop, Toilets string
	Online                                                bool
	JoinLink                                              string
	NeedsMet, NeedsByDay, NeedsByMonth, NeedsByYear       string
	Capacity, MaxParty                                    string
	OpensDay, OpensMonth, OpensYear, OpensTime            string
	ClosesDay, ClosesMonth, ClosesYear, ClosesTime        string
	WaitingList                                           bool
	Version                                               int64
}

// FormView is the page on which an event is written.
type FormView struct {
	Heading     string
	Action      string
	CancelHref  string
	Button      string
	Typed       Typed
	Errors      []nhs.FieldError
	Localities  []Choice
	Venue       VenueChoice
	Public      bool   // when and where are changed on pages of their own, because people are told
	ChangeWhen  string // where that page is
	ChangeText  string // what its link says
	When, Where string // as they are, of a public event
	Differences []Difference
}

// Difference is a part of an event that two people wrote at once.
type Difference struct{ Label, Theirs, Yours string }

// ConfirmView asks before something is done that others are told of.
type ConfirmView struct {
	Heading  string
	Event    string
	Text     []string
	Action   string
	BackHref string
	Button   string
	Warning  bool
	Errors   []nhs.FieldError
	Typed    Typed  // of a form for when and where
	Note     string // typed reason
	People   string // typed number of who came
	Words    string // typed words about it
	Fields   Fields
	Venue    VenueChoice
	Told     []Hearer
}

// Fields says what a ConfirmView asks for.
type Fields string

// What can be asked for.
const (
	NoFields     Fields = ""
	ReasonFields Fields = "reason"
	CameFields   Fields = "came"
	WhenFields   Fields = "when"   // when and where
	PlacesFields Fields = "places" // when, where, and the number of places
)

// AsksWhich says whether the clocks show a time twice, or it was chosen already which is meant.
func asksWhich(errors []nhs.FieldError, field, chosen string) bool {
	return chosen != "" || nhs.ErrorFor(errors, field).Text != ""
}

// VenueRow is one kept place in the list.
type VenueRow struct {
	Name, Href, Postcode string
	Missing              []string // what nobody has written down
	Retired              bool
}

// VenueView is the form of a kept place.
type VenueView struct {
	Heading, Action string
	Typed           Typed
	Retired         bool
	Version         int64 // 0 is a new one
	Errors          []nhs.FieldError
}

// VenueChoice lets staff fill a form with a kept place.
type VenueChoice struct {
	Action string // the page itself
	Chosen string
	Venues []Choice
}

// CopyView asks for which dates an event is copied.
type CopyView struct {
	Event, Action, BackHref string
	Locality                string
	Localities              []Choice
	Dates, Series           string
	Errors                  []nhs.FieldError
}

// Hearer is one party that hears of a change.
type Hearer struct{ Name, How, Why string }
