package events

import (
	"slices"
	"strconv"
	"time"

	"conversations/app/sheet"
	pages "conversations/templates/events"
	"conversations/templates/nhs"
)

func (s *Service) staffList(f StaffFilter, page StaffPage, places map[int64]Places) pages.StaffListView {
	v := pages.StaffListView{Total: page.Total, Text: f.Text, Status: string(f.Status), Locality: f.Locality, When: string(f.When), Sort: f.Sort,
		Localities: s.localityChoices(), ShowPages: page.Pages > 1,
		CSVHref: f.exportHref(sheet.FormatCSV), XLSXHref: f.exportHref(sheet.FormatXLSX)}
	for _, status := range Statuses() {
		v.Statuses = append(v.Statuses, pages.Choice{Value: string(status), Text: status.Words()})
	}
	for _, e := range page.Events {
		p := places[e.ID]
		v.Rows = append(v.Rows, pages.StaffRow{Title: e.Title, Href: staffPath(e.ID), Locality: s.localityName(e), When: e.whenForLists(),
			Status: e.Status.Words(), Colour: e.Status.colour(), Places: placesText(e, p), Waiting: strconv.Itoa(p.Waiting)})
	}
	for n := 1; n <= page.Pages; n++ {
		v.Pages.Items = append(v.Pages.Items, nhs.PaginationItem{Number: n, Href: f.pageHref(n), Current: n == page.Page})
	}
	if page.Page > 1 {
		v.Pages.Previous.Href = f.pageHref(page.Page - 1)
	}
	if page.Page < page.Pages {
		v.Pages.Next.Href = f.pageHref(page.Page + 1)
	}
	return v
}

func placesText(e Event, p Places) string {
	if e.Capacity == 0 {
		return strconv.Itoa(p.Taken)
	}
	return strconv.Itoa(p.Taken) + " of " + strconv.Itoa(e.Capacity)
}

func (s Status) colour() string {
	switch s {
	case Draft:
		return "grey"
	case Open:
		return "green"
	case Announced, Postponed:
		return "orange"
	case Cancelled:
		return "red"
	default:
		return ""
	}
}

func (s *Service) staffEvent(e Event, p Places) pages.StaffEventView {
	v := pages.StaffEventView{Title: e.Title, Status: e.Status.Words(), Colour: e.Status.colour(), EditHref: staffPath(e.ID) + "/edit",
		PublicHref: "/events/" + e.Slug, PublicText: "See the public page", BookingsHref: "/staff/bookings?event=" + e.Slug,
		CopyHref: staffPath(e.ID) + "/copy", PreviewURL: s.PreviewURL(e)}
	if !e.Public() {
		v.PublicHref, v.PublicText, v.BookingsHref = staffPath(e.ID)+"/preview", "See how the page will look", ""
	}
	v.QuestionsHref, v.RecordHref = e.recordLinks()
	now := s.db.Now()
	if e.Dated() && (e.Status == Open || e.Status == Closed || e.Status == Held) {
		v.DoorHref = "/staff/door/" + e.Slug
	}
	if e.BookingOpen(now) {
		v.CallerHref = "/staff/bookings/new?event=" + e.Slug
	}
	v.Facts = append([]pages.Fact{{Label: "Locality", Lines: []string{s.localityName(e)}}}, s.facts(e, now)...)
	v.Facts = append(v.Facts, pages.Fact{Label: "Places taken", Lines: []string{placesText(e, p)}}, pages.Fact{Label: "People waiting", Lines: []string{strconv.Itoa(p.Waiting)}})
	if e.StatusNote != "" {
		v.Facts = append(v.Facts, pages.Fact{Label: "Why", Lines: lines(e.StatusNote)})
	}
	if (e.Status == Draft || e.Status == Open) && e.Past(now) {
		v.Warnings = append(v.Warnings, "The date of this event has gone by.")
	}
	for _, a := range actions() {
		if slices.Contains(a.from, e.Status) && (a.path != "hold" || e.StartsAt != nil && !now.Before(*e.StartsAt)) {
			v.Actions = append(v.Actions, pages.StaffAction{Text: e.actionText(a), Href: staffPath(e.ID) + "/" + a.path, Warning: a.warning})
		}
	}
	return v
}

func (e Event) actionText(a action) string {
	if e.Status == Held && a.path == "hold" {
		return "Change who came"
	}
	return a.text
}

func (s *Service) newView(f Form) pages.FormView {
	return pages.FormView{Heading: "Make a new event", Action: staffHome + "/new", CancelHref: staffHome, Button: "Save as a draft",
		Typed: typed(f), Localities: s.localityChoices()}
}

func (s *Service) editView(e Event, f Form) pages.FormView {
	v := pages.FormView{Heading: "Change: " + e.Title, Action: staffPath(e.ID) + "/edit", CancelHref: staffPath(e.ID), Button: "Save",
		Typed: typed(f), Localities: s.localityChoices(), Public: e.Public(), When: e.When(), Where: e.Where()}
	switch e.Status {
	case Open, Closed:
		v.ChangeWhen, v.ChangeText = staffPath(e.ID)+"/move", "Change the date or the place"
	case Announced, Postponed:
		v.ChangeWhen, v.ChangeText = staffPath(e.ID)+"/set-date", "Set the date"
	}
	return v
}

// conflictView shows what two people wrote at once, and the second one's text in the form, ready to be saved on top.
// What a public event's form does not ask, when and where, is taken as it is now.
func (s *Service) conflictView(stored Event, yours Form) pages.FormView {
	theirs := FormOf(stored)
	yours.Version = stored.Version
	if stored.Public() {
		yours.Schedule, yours.Venue, yours.Slug = theirs.Schedule, theirs.Venue, theirs.Slug
	}
	v := s.editView(stored, yours)
	a, b := s.formFacts(theirs), s.formFacts(yours)
	for i := range a {
		if a[i].text != b[i].text {
			v.Differences = append(v.Differences, pages.Difference{Label: a[i].label, Theirs: a[i].text, Yours: b[i].text})
		}
	}
	if len(v.Differences) == 0 {
		v.Differences = []pages.Difference{{Label: "Status", Theirs: stored.Status.Words(), Yours: "The text is the same. Save again if you still want to."}}
	}
	return v
}

type formFact struct{ label, text string }

// formFacts is a form in words, always the same lines in the same order.
func (s *Service) formFacts(f Form) []formFact {
	locality := f.Locality
	if l, ok := s.cfg.Locality(f.Locality); ok {
		locality = l.Name
	}
	return []formFact{
		{"Title", f.Title}, {"Locality", locality}, {"Web address", f.Slug}, {"Summary", f.Summary}, {"Description", f.Description}, {"Who leads it", f.LedBy}, {"Series", f.Series},
		{"Date", f.date().words()}, {"Start time", clockText(f.StartsTime) + " " + f.StartsWhich}, {"End time", clockText(f.EndsTime) + " " + f.EndsWhich},
		{"Name of the place", f.VenueName}, {"Address", f.VenueAddress}, {"Postcode", f.VenuePostcode}, {"How to get there", f.GettingThere},
		{"Parking", f.Parking}, {"Step-free access", f.StepFree}, {"Hearing loop", f.HearingLoop}, {"Toilets", f.Toilets},
		{"Online", yesNo(f.Online)}, {"Link to join online", f.JoinLink}, {"What is already arranged", f.NeedsMet},
		{"Last day to ask for other help", f.needsBy().words()}, {"Places", f.Capacity}, {"Most people in one booking", f.MaxParty},
		{"Booking opens", f.opens().words() + " " + f.OpensTime}, {"Booking closes", f.closes().words() + " " + f.ClosesTime}, {"Waiting list", yesNo(f.WaitingList)},
	}
}

func (d dateText) words() string {
	if date, ok := d.date(); ok {
		return Day(date)
	}
	return joinNonEmpty([]string{d.day, d.month, d.year}, " ")
}

// clockText writes a time of day in one way, so that 7pm and 19:00 are no difference.
func clockText(typed string) string {
	hour, minute, ok := ParseClock(typed)
	if !ok {
		return typed
	}
	return Clock(time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC))
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// typed is a form as its page draws it.
func typed(f Form) pages.Typed {
	return pages.Typed{
		Title: f.Title, Slug: f.Slug, Locality: f.Locality, Summary: f.Summary, Description: f.Description, LedBy: f.LedBy, Series: f.Series,
		StartsDay: f.StartsDay, StartsMonth: f.StartsMonth, StartsYear: f.StartsYear, StartsTime: f.StartsTime, StartsWhich: f.StartsWhich,
		EndsTime: f.EndsTime, EndsWhich: f.EndsWhich, VenueName: f.VenueName, VenueAddress: f.VenueAddress, VenuePostcode: f.VenuePostcode,
		GettingThere: f.GettingThere, Parking: f.Parking, StepFree: f.StepFree, HearingLoop: f.HearingLoop, Toilets: f.Toilets,
		Online: f.Online, JoinLink: f.JoinLink, NeedsMet: f.NeedsMet, NeedsByDay: f.NeedsByDay, NeedsByMonth: f.NeedsByMonth, NeedsByYear: f.NeedsByYear,
		Capacity: f.Capacity, MaxParty: f.MaxParty, OpensDay: f.OpensDay, OpensMonth: f.OpensMonth, OpensYear: f.OpensYear, OpensTime: f.OpensTime,
		ClosesDay: f.ClosesDay, ClosesMonth: f.ClosesMonth, ClosesYear: f.ClosesYear, ClosesTime: f.ClosesTime, WaitingList: f.WaitingList, Version: f.Version,
	}
}
