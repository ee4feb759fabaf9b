package events

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"conversations/app/config"
	"conversations/app/contacts"
	"conversations/app/fault"
)

const (
	maxTitleCharacters   = 150
	maxLineCharacters    = 250
	maxSummaryCharacters = 500
	maxNoteCharacters    = 2_000
	maxTextCharacters    = 20_000
	maxCapacityPeople    = 100_000
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reading turns a form into an event and gathers what is wrong with it: all of it, in the order of the form.
type reading struct {
	cfg    *config.Config
	fields fault.Fields
}

// apply puts what was typed onto e. The error holds a message for every field that needs mending.
func (f Form) apply(e Event, cfg *config.Config) (Event, error) {
	r := &reading{cfg: cfg}
	r.words(f, &e)
	r.schedule(f.Schedule, &e)
	r.venue(f.Venue, &e)
	r.needs(f, &e)
	r.places(f, &e)
	r.booking(f, &e)
	return e, r.fields.Err()
}

func (r *reading) words(f Form, e *Event) {
	e.Title = r.line("title", f.Title, maxTitleCharacters, "Title")
	if e.Title == "" && !r.fields.Has("title") {
		r.fields.Add("title", "Enter a title")
	}
	e.Slug = strings.ToLower(strings.TrimSpace(f.Slug))
	if e.Slug != "" && (!slugForm.MatchString(e.Slug) || len(e.Slug) > maxSlugBytes) {
		r.fields.Add("slug", "The web address must be small letters, numbers and hyphens, at most "+strconv.Itoa(maxSlugBytes)+" of them")
	}
	e.Locality = strings.TrimSpace(f.Locality)
	if _, ok := r.cfg.Locality(e.Locality); !ok {
		r.fields.Add("locality", "Choose a locality")
	}
	e.Summary = r.line("summary", f.Summary, maxSummaryCharacters, "Summary")
	e.Description = r.text("description", f.Description, maxTextCharacters, "Description")
	e.LedBy = r.line("led_by", f.LedBy, maxLineCharacters, "Who leads it")
	e.Series = r.line("series", f.Series, maxTitleCharacters, "Name of the series")
}

func (r *reading) line(name, text string, limit int, label string) string {
	return r.limited(name, strings.Join(strings.Fields(text), " "), limit, label)
}

func (r *reading) text(name, text string, limit int, label string) string {
	return r.limited(name, strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), limit, label)
}

func (r *reading) limited(name, text string, limit int, label string) string {
	if utf8.RuneCountInString(text) > limit {
		r.fields.Add(name, label+" must be "+strconv.Itoa(limit)+" characters or fewer")
	}
	return text
}

func (r *reading) venue(v Venue, e *Event) {
	e.VenueName = r.line("venue_name", v.VenueName, maxLineCharacters, "Name of the place")
	e.VenueAddress = r.text("venue_address", v.VenueAddress, maxSummaryCharacters, "Address")
	e.VenuePostcode = r.postcode(v.VenuePostcode)
	e.GettingThere = r.text("getting_there", v.GettingThere, maxNoteCharacters, "How to get there")
	e.Parking = r.text("parking", v.Parking, maxNoteCharacters, "Parking")
	e.StepFree = r.text("step_free", v.StepFree, maxNoteCharacters, "Step-free access")
	e.HearingLoop = r.text("hearing_loop", v.HearingLoop, maxNoteCharacters, "Hearing loop")
	e.Toilets = r.text("toilets", v.Toilets, maxNoteCharacters, "Toilets")
	e.Online = v.Online
	e.JoinLink = r.joinLink(v)
}

func (r *reading) postcode(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	written, ok := contacts.ReadPostcode(text)
	if !ok {
		r.fields.Add("venue_postcode", "Enter a full UK postcode, such as HP1 1DN")
	}
	return written
}

func (r *reading) joinLink(v Venue) string {
	link := strings.TrimSpace(v.JoinLink)
	if link == "" {
		return ""
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" || u.Host == "" || len(link) > maxNoteCharacters {
		r.fields.Add("join_link", "The link to join must start with https://")
	}
	if !v.Online && !r.fields.Has("join_link") {
		r.fields.Add("join_link", "Tick that people can take part online, or take the link out")
	}
	return link
}

func (r *reading) needs(f Form, e *Event) {
	e.NeedsMet = r.text("needs_met", f.NeedsMet, maxNoteCharacters, "Needs already met")
	e.NeedsBy = ""
	if f.needsBy().empty() {
		return
	}
	date, ok := f.needsBy().date()
	if !ok {
		r.fields.Add("needs_by_day", dateProblem(f.needsBy(), "The last day to ask for help"))
		return
	}
	e.NeedsBy = date.Format(dayForm)
	if day, _ := splitLocal(e.StartsLocal); day != "" && e.NeedsBy >= day {
		r.fields.Add("needs_by_day", "The last day to ask for help must be before the day of the event")
	}
}

func (r *reading) places(f Form, e *Event) {
	e.Capacity = r.number("capacity", f.Capacity, 0, maxCapacityPeople, "The number of places")
	e.MaxParty = r.number("max_party", f.MaxParty, min(4, r.cfg.Bookings.MaxParty), r.cfg.Bookings.MaxParty, "The largest party")
	e.WaitingList = f.WaitingList
	if e.Capacity > 0 && e.MaxParty > e.Capacity && !r.fields.Has("max_party") {
		r.fields.Add("max_party", "The largest party cannot be more than the number of places")
	}
}

// number reads a whole number from 1 to most; nothing typed is the usual number.
func (r *reading) number(name, text string, usual, most int, label string) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		r.fields.Add(name, label+" must be a whole number from 1 to "+strconv.Itoa(most))
		return usual
	}
	return n
}
