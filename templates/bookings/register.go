package bookings

// Register is the list of people to tick off on paper.
type Register struct {
	Title   string
	When    string
	Where   string
	People  int
	Lines   []RegisterLine
	Spare   int // empty lines for people without a booking
	Waiting []WaitingLine
	Key     [][2]string // letters and what they mean
}

// RegisterLine is one person with a place.
type RegisterLine struct {
	Surname   string
	Forename  string
	Party     string // "with Robin Example"; "3 people"; "" where somebody comes alone
	Reference string
	Marks     []string
}

// WaitingLine is one party that waits.
type WaitingLine struct {
	Number    int
	Name      string
	People    string
	Reference string
}

// marked says whether the register has letters to explain.
func (r Register) marked() bool {
	for _, l := range r.Lines {
		if len(l.Marks) > 0 {
			return true
		}
	}
	return false
}

func (r Register) whenAndWhere() string {
	if r.Where == "" {
		return r.When
	}
	return r.When + ". " + r.Where
}

// rest is what follows the surname.
func (l RegisterLine) rest() string {
	if l.Forename == "" {
		return ""
	}
	return ", " + l.Forename
}
