package bookings

// NeedState is whether an access need is met.
type NeedState string

// The states of an access need. It is never called arranged before somebody has arranged it.
const (
	Asked          NeedState = "asked"
	Arranged       NeedState = "arranged"
	NotPossible    NeedState = "not-possible"
	NoLongerNeeded NeedState = "no-longer-needed"
)

// Words is the state as the booker reads it.
func (s NeedState) Words() string {
	switch s {
	case Arranged:
		return "Arranged"
	case NotPossible:
		return "Not possible"
	case NoLongerNeeded:
		return "No longer needed"
	default:
		return "Asked for. We will tell you what we can do"
	}
}

// Need is something a person needs to take part, by its code in forms, files and the database.
type Need struct {
	Code  string
	Label string // on the form
	Hint  string
}

// Needs are all that the form offers, in its order.
func Needs() []Need {
	return []Need{
		{Code: "step-free", Label: "A way in without steps"},
		{Code: "wheelchair-space", Label: "Space for a wheelchair"},
		{Code: "hearing-loop", Label: "A hearing loop"},
		{Code: "bsl", Label: "A British Sign Language interpreter"},
		{Code: "speech-to-text", Label: "Words on a screen as people speak", Hint: "Also called speech-to-text"},
		{Code: "large-print", Label: "Papers in large print"},
		{Code: "easy-read", Label: "Papers in easy read"},
		{Code: "carer", Label: "A place for a carer", Hint: "Please count your carer as one of the people"},
		{Code: "interpreter", Label: "An interpreter for another language"},
		{Code: "other", Label: "Something else"},
	}
}

// NeedLabel is the form's words for a need's code; the code itself where it is unknown.
func NeedLabel(code string) string {
	for _, n := range Needs() {
		if n.Code == code {
			return n.Label
		}
	}
	return code
}

func knownNeed(code string) bool {
	for _, n := range Needs() {
		if n.Code == code {
			return true
		}
	}
	return false
}
