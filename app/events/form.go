package events

import (
	"strconv"
	"strings"
	"time"
)

// Form is what staff typed about an event, as typed, so that a refused form can be shown again. FormOf gives
// the form of an event that is stored already.
type Form struct {
	Title       string `form:"title"`
	Slug        string `form:"slug"`
	Locality    string `form:"locality"`
	Summary     string `form:"summary"`
	Description string `form:"description,lines"`
	LedBy       string `form:"led_by"`
	Series      string `form:"series"`
	Schedule
	Venue
	NeedsMet     string `form:"needs_met,lines"`
	NeedsByDay   string `form:"needs_by_day"`
	NeedsByMonth string `form:"needs_by_month"`
	NeedsByYear  string `form:"needs_by_year"`
	Capacity     string `form:"capacity"`
	MaxParty     string `form:"max_party"`
	OpensDay     string `form:"opens_day"`
	OpensMonth   string `form:"opens_month"`
	OpensYear    string `form:"opens_year"`
	OpensTime    string `form:"opens_time"`
	ClosesDay    string `form:"closes_day"`
	ClosesMonth  string `form:"closes_month"`
	ClosesYear   string `form:"closes_year"`
	ClosesTime   string `form:"closes_time"`
	WaitingList  bool   `form:"waiting_list"`
	Version      int64  `form:"version"` // of the event that was shown; an edit of an older one is refused
}

// Schedule is when an event is, as typed. No date is to be announced; which is "first" or "second", where the
// clocks show the time twice.
type Schedule struct {
	StartsDay   string `form:"starts_day"`
	StartsMonth string `form:"starts_month"`
	StartsYear  string `form:"starts_year"`
	StartsTime  string `form:"starts_time"`
	StartsWhich string `form:"starts_which"`
	EndsTime    string `form:"ends_time"`
	EndsWhich   string `form:"ends_which"`
}

// Venue is where an event is and what a visitor has to know about the place.
type Venue struct {
	VenueName     string `form:"venue_name"`
	VenueAddress  string `form:"venue_address,lines"`
	VenuePostcode string `form:"venue_postcode"`
	GettingThere  string `form:"getting_there,lines"`
	Parking       string `form:"parking,lines"`
	StepFree      string `form:"step_free,lines"`
	HearingLoop   string `form:"hearing_loop,lines"`
	Toilets       string `form:"toilets,lines"`
	Online        bool   `form:"online"`
	JoinLink      string `form:"join_link"`
}

const (
	first  = "first"
	second = "second"
)

// FormOf gives an event's form, filled in.
func FormOf(e Event) Form {
	f := Form{
		Title: e.Title, Slug: e.Slug, Locality: e.Locality, Summary: e.Summary, Description: e.Description,
		LedBy: e.LedBy, Series: e.Series, Schedule: scheduleOf(e), Venue: venueOf(e), NeedsMet: e.NeedsMet,
		Capacity: numberText(e.Capacity), MaxParty: numberText(e.MaxParty), WaitingList: e.WaitingList, Version: e.Version,
	}
	f.setNeedsBy(dayText(e.NeedsBy))
	f.setOpens(momentText(e.BookingOpensAt, e.Zone()))
	f.setCloses(momentText(e.BookingClosesAt, e.Zone()))
	return f
}

func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func scheduleOf(e Event) Schedule {
	day, from := splitLocal(e.StartsLocal)
	_, to := splitLocal(e.EndsLocal)
	d := dayText(day)
	return Schedule{StartsDay: d.day, StartsMonth: d.month, StartsYear: d.year, StartsTime: from, EndsTime: to,
		StartsWhich: which(e.StartsLocal, e.Zone(), e.StartsSecond), EndsWhich: which(e.EndsLocal, e.Zone(), e.EndsSecond)}
}

func which(local string, zone *time.Location, isSecond bool) string {
	if _, problem := Resolve(local, zone, isSecond); problem != TimeTwice {
		return ""
	}
	if isSecond {
		return second
	}
	return first
}

func venueOf(e Event) Venue {
	return Venue{VenueName: e.VenueName, VenueAddress: e.VenueAddress, VenuePostcode: e.VenuePostcode,
		GettingThere: e.GettingThere, Parking: e.Parking, StepFree: e.StepFree, HearingLoop: e.HearingLoop,
		Toilets: e.Toilets, Online: e.Online, JoinLink: e.JoinLink}
}

// dateText is a date as typed in three boxes.
type dateText struct{ day, month, year string }

func (s Schedule) date() dateText { return dateText{s.StartsDay, s.StartsMonth, s.StartsYear} }
func (f Form) needsBy() dateText  { return dateText{f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear} }
func (f Form) opens() dateText    { return dateText{f.OpensDay, f.OpensMonth, f.OpensYear} }
func (f Form) closes() dateText   { return dateText{f.ClosesDay, f.ClosesMonth, f.ClosesYear} }
func (f *Form) setNeedsBy(d dateText) {
	f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = d.day, d.month, d.year
}

func (f *Form) setOpens(d dateText, clock string) {
	f.OpensDay, f.OpensMonth, f.OpensYear, f.OpensTime = d.day, d.month, d.year, clock
}

func (f *Form) setCloses(d dateText, clock string) {
	f.ClosesDay, f.ClosesMonth, f.ClosesYear, f.ClosesTime = d.day, d.month, d.year, clock
}

// empty says that nothing was typed about when.
func (s Schedule) empty() bool {
	return s.date().empty() && strings.TrimSpace(s.StartsTime) == "" && strings.TrimSpace(s.EndsTime) == ""
}

// empty says that none of the three boxes was filled in.
func (d dateText) empty() bool { return d.trimmed() == dateText{} }

func (d dateText) trimmed() dateText {
	return dateText{strings.TrimSpace(d.day), strings.TrimSpace(d.month), strings.TrimSpace(d.year)}
}

func (d dateText) date() (time.Time, bool) { return ParseDay(d.day, d.month, d.year) }

func splitLocal(local string) (day, clock string) {
	day, clock, _ = strings.Cut(local, "T")
	return day, clock
}

func dayText(day string) dateText {
	date, err := time.Parse(dayForm, day)
	if err != nil {
		return dateText{}
	}
	return textOf(date)
}

func textOf(t time.Time) dateText {
	return dateText{strconv.Itoa(t.Day()), strconv.Itoa(int(t.Month())), strconv.Itoa(t.Year())}
}

func momentText(t *time.Time, zone *time.Location) (dateText, string) {
	if t == nil {
		return dateText{}, ""
	}
	local := t.In(zone)
	return textOf(local), local.Format("15:04")
}
