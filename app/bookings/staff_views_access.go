package bookings

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/events"
	pages "conversations/templates/bookings"
	"conversations/templates/nhs"
)

// names are the members of staff by their ids.
func (s *Service) names(ctx context.Context) (map[int64]string, error) {
	all, err := accounts.Colleagues(ctx, s.db)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	return names, nil
}

// accessView is a page of the list of access needs.
func (s *Service) accessView(ctx context.Context, f TaskFilter, page TaskPage) (v pages.Access, err error) {
	v = pages.Access{Event: f.Event, Need: f.Need, Owner: f.Owner, State: f.State, Total: page.Total, Needs: needChoices(), States: taskStateChoices(),
		CSVHref: f.at(accessPath+".csv", 1), XLSXHref: f.at(accessPath+".xlsx", 1)}
	if v.Open, v.Late, err = s.AccessSummary(ctx); err != nil {
		return v, err
	}
	if v.Owners, err = s.ownerChoices(ctx); err != nil {
		return v, err
	}
	list, err := s.TaskEvents(ctx)
	if err != nil {
		return v, err
	}
	for _, e := range list {
		v.Events = append(v.Events, pages.Choice{Value: e.Slug, Label: e.Title + ", " + events.Brief{StartsAt: e.StartsAt, ZoneName: e.ZoneName}.When()})
		if e.Slug == f.Event {
			v.VenueHref = accessPath + "/venue?event=" + e.Slug
		}
	}
	names, err := s.names(ctx)
	if err != nil {
		return v, err
	}
	titles := s.titles(ctx)
	for _, t := range page.Tasks {
		row, err := s.taskRow(t, names, titles)
		if err != nil {
			return v, err
		}
		v.Rows = append(v.Rows, row)
	}
	v.Pages = pagesOf(page.Page, page.Pages, f.address)
	return v, nil
}

// pagesOf leads from page to page of a list; nil where there is only one.
func pagesOf(page, pages int, address func(page int) string) *nhs.PaginationParams {
	if pages < 2 {
		return nil
	}
	p := &nhs.PaginationParams{}
	for n := 1; n <= pages; n++ {
		p.Items = append(p.Items, nhs.PaginationItem{Number: n, Href: address(n), Current: n == page})
	}
	if page > 1 {
		p.Previous.Href = address(page - 1)
	}
	if page < pages {
		p.Next.Href = address(page + 1)
	}
	return p
}

// titles gives the title and time of an event by its id, reading each once.
func (s *Service) titles(ctx context.Context) func(id int64) (string, error) {
	known := map[int64]string{}
	return func(id int64) (string, error) {
		if title, ok := known[id]; ok {
			return title, nil
		}
		found, err := s.events.Briefs(ctx, []int64{id})
		if err != nil {
			return "", err
		}
		known[id] = found[id].Title + ", " + found[id].When()
		return known[id], nil
	}
}

func taskStateChoices() []pages.Choice {
	choices := []pages.Choice{{Value: TasksOpen, Label: "Still to arrange"}, {Value: TasksLate, Label: "Late"}}
	for _, state := range NeedStates()[1:] {
		choices = append(choices, pages.Choice{Value: string(state), Label: needState(state)})
	}
	return append(choices, pages.Choice{Value: TasksCallOff, Label: "To call off"}, pages.Choice{Value: TasksAll, Label: "All"})
}

func (s *Service) ownerChoices(ctx context.Context) ([]pages.Choice, error) {
	choices := []pages.Choice{{Value: "", Label: "Anybody"}, {Value: "me", Label: "Me"}, {Value: "nobody", Label: "Nobody yet"}}
	owners, err := s.needOwners(ctx)
	for _, o := range owners {
		if o.ID != audit.ActorFrom(ctx).ID {
			choices = append(choices, pages.Choice{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
		}
	}
	return choices, err
}

func (s *Service) taskRow(t Task, names map[int64]string, title func(int64) (string, error)) (row pages.TaskRow, err error) {
	row = pages.TaskRow{Href: taskPath(t.ID), Need: NeedLabel(t.Need), Note: t.Note, Whom: taskWhom(t), Due: dueWords(t.DueOn), Late: t.Late(s.today()),
		State: needState(t.State), Colour: needView(t.AccessNeed).Colour, CallOff: t.CallOff, Waiting: t.Status == Waiting, Owner: "Nobody yet"}
	if t.OwnerID != nil {
		row.Owner = names[*t.OwnerID]
	}
	row.Event, err = title(t.EventID)
	return row, err
}

// taskWhom names the person who has the need, and the booker where that is somebody else.
func taskWhom(t Task) string {
	switch {
	case t.Attendee == t.Name:
		return t.Name
	case t.Attendee != "":
		return t.Attendee + ", booked by " + t.Name
	default:
		return fmt.Sprintf("Person %d, booked by %s", t.Position, t.Name)
	}
}

func dueWords(day string) string {
	due, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "No date yet"
	}
	return due.Format("Mon 2 Jan 2006")
}

// taskView is one access need with what was done about it.
func (s *Service) taskView(ctx context.Context, id int64) (v pages.Task, err error) {
	t, err := s.Task(ctx, id)
	if err != nil {
		return v, err
	}
	d, err := s.Details(ctx, ByStaff, t.BookingID)
	if err != nil {
		return v, err
	}
	names, err := s.names(ctx)
	if err != nil {
		return v, err
	}
	v.TaskRow, err = s.taskRow(t, names, s.titles(ctx))
	if err != nil {
		return v, err
	}
	v.ID, v.Version, v.StateNow, v.OfferNow, v.BookingHref, v.Reference = t.ID, t.Version, v.TaskRow.State, t.Offer, bookingPath(t.BookingID), d.Booking.Spoken()
	v.State, v.Offer = string(t.State), t.Offer
	v.Told, v.LeadDays = toldWords(d.Booking), s.cfg.Access.LeadDays.Of(t.Need)
	if v.OthersAlike, err = s.othersAlike(ctx, t); err != nil {
		return v, err
	}
	for _, state := range NeedStates() {
		v.States = append(v.States, pages.Choice{Value: string(state), Label: needState(state), Hint: stateHint(state)})
	}
	if problem := mayArrange(d.Booking, d.Event, t.AccessNeed, t.State, s.db.Now()); problem != nil {
		v.Closed = problem.Error()
	}
	if err := s.taskOwners(ctx, t, &v); err != nil {
		return v, err
	}
	return v, s.taskHistory(ctx, t, names, &v)
}

func toldWords(b Booking) string {
	if b.Email != "" {
		return "We write to " + b.Email + " at once. An email cannot be called back, so be sure."
	}
	return "There is no email address: they go on the list of people to telephone."
}

func stateHint(state NeedState) string {
	switch state {
	case Arranged:
		return "Only when it is certain. The booker will rely on it"
	case NotPossible:
		return "You must offer something instead"
	case NoLongerNeeded:
		return "They have told you so"
	default:
		return "Still to be arranged"
	}
}

func (s *Service) taskOwners(ctx context.Context, t Task, v *pages.Task) error {
	owners, err := s.needOwners(ctx)
	if err != nil {
		return err
	}
	v.Me = audit.ActorFrom(ctx).ID
	v.Owners = []pages.Choice{{Value: "0", Label: "Nobody"}}
	for _, o := range owners {
		v.Owners = append(v.Owners, pages.Choice{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
	}
	v.OwnerID = "0"
	if t.OwnerID != nil {
		v.OwnerID = strconv.FormatInt(*t.OwnerID, 10)
		v.Mine = *t.OwnerID == v.Me
	}
	return nil
}

func (s *Service) taskHistory(ctx context.Context, t Task, names map[int64]string, v *pages.Task) error {
	steps, err := stepsOf(s.db.Read(ctx), t.ID)
	if err != nil {
		return err
	}
	for i, step := range steps {
		v.History = append(v.History, fmt.Sprintf("%s: %s, %s.", s.moment(step.CreatedAt), strings.ToLower(needState(step.Became)), stepReason(step, names)))
		if i == 0 && v.Closed == "" && step.Why == whyStaff && step.Became == t.State && mayUndo(audit.ActorFrom(ctx), step.StaffID) {
			v.UndoStep, v.UndoTo = step.ID, strings.ToLower(needState(step.Was))
		}
	}
	v.History = append(v.History, s.moment(t.CreatedAt)+": asked for.")
	return nil
}

// stepReason says who changed a need, or what did.
func stepReason(step NeedStep, names map[int64]string) string {
	by := "by the booker"
	if step.StaffID != nil {
		by = "by " + names[*step.StaffID]
	}
	switch step.Why {
	case whyUndo:
		return by + ", to undo what was before"
	case whyBooker:
		return "the booking was changed " + by
	case whyBookingCancelled:
		return "the booking was cancelled"
	case whyBookingMoved:
		return "the booking was moved to another event"
	case whyBookingRestored:
		return "the booking was cancelled by mistake and is there again"
	case whyEventCancelled:
		return "the event was cancelled"
	case whyEventMoved:
		return "the event has another date or place"
	default:
		return by
	}
}
