package newsletters

import "conversations/templates/nhs"

// ApprovalView is the page on which an update is looked at by a second person.
type ApprovalView struct {
	Head    UpdateHead
	Version int64
	Action  string // its forms are sent to pages below it
	Back    *BackView
	Facts   []Fact
	Words   string    // of the rule; "" where it is not mailed
	List    *ListView // nil without one
	Differs []Link    // in which texts, and how
	Frame   string    // address of the letter alone
	Preview string    // of the page of the preview

	Missing    []Link // what stands in the way of asking
	CanAsk     bool
	CanDecide  bool
	WhyNot     string // why whoever looks cannot decide
	CanRetract bool
	SendHref   string // "" where it cannot be sent
	Reason     string // as typed
	Errors     []nhs.FieldError
}

// BackView says why an update is a draft again.
type BackView struct{ Heading, Text, Reason string }
