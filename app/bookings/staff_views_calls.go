package bookings

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	pages "conversations/templates/bookings"
)

// callsOf lists the calls about one booking, newest first.
func (s *Service) callsOf(ctx context.Context, bookingID int64) (list []Call, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE booking_id = ? ORDER BY id DESC`, bookingID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the calls of booking %d: %w", bookingID, err)
	}
	return list, nil
}

// callRows are calls with the titles of their events and who made them.
func (s *Service) callRows(ctx context.Context, list []Call) ([]pages.CallRow, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	title := s.titles(ctx)
	rows := make([]pages.CallRow, len(list))
	for i, call := range list {
		if rows[i], err = s.callRow(call, names, title); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (s *Service) callRow(call Call, names map[int64]string, title func(int64) (string, error)) (row pages.CallRow, err error) {
	row = pages.CallRow{ID: call.ID, Name: call.Name, Phone: call.Phone, Why: callReason(call.Kind),
		Since: s.moment(call.CreatedAt), Result: resultWords(call.Result), Note: call.Note}
	if call.DoneAt != nil {
		row.Done = s.moment(*call.DoneAt)
	}
	if call.DoneBy != nil {
		row.By = names[*call.DoneBy]
	}
	row.Event, err = title(call.EventID)
	return row, err
}

// callListView is the ring-round list or, where done ones are asked for, the calls that were made.
func (s *Service) callListView(ctx context.Context, f callFields) (v pages.Calls, err error) {
	v = pages.Calls{Done: f.State == "done", Event: f.Event, Kind: f.Kind, Mine: f.Mine, Tried: f.Tried, Hidden: hiddenFields(f),
		CSVHref: f.address(callsPath+".csv", 1), XLSXHref: f.address(callsPath+".xlsx", 1)}
	if err := s.callChoices(ctx, &v); err != nil {
		return v, err
	}
	address := func(page int) string { return f.address(callsPath, page) }
	if v.Done {
		list, total, err := s.CallsDone(ctx, f.filter())
		if err != nil {
			return v, err
		}
		v.Total, v.Pages = total, pagesOf(max(1, f.Page), (total+CallPageSize-1)/CallPageSize, address)
		v.Rows, err = s.callRows(ctx, list)
		return v, err
	}
	page, err := s.PeopleToCall(ctx, f.filter())
	if err != nil {
		return v, err
	}
	v.Total, v.Pages = page.Total, pagesOf(page.Page, page.Pages, address)
	names, err := s.names(ctx)
	if err != nil {
		return v, err
	}
	title := s.titles(ctx)
	for _, who := range page.People {
		row, err := s.calleeRow(ctx, who, f, names, title)
		if err != nil {
			return v, err
		}
		v.People = append(v.People, row)
	}
	return v, nil
}

// hiddenFields carry the filters through a form.
func hiddenFields(f callFields) (hidden [][2]string) {
	values := f.values()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		hidden = append(hidden, [2]string{name, values.Get(name)})
	}
	return hidden
}

// callChoices are the events and reasons that calls of the list have.
func (s *Service) callChoices(ctx context.Context, v *pages.Calls) error {
	state := "due"
	if v.Done {
		state = "done"
	}
	var found []struct {
		Slug, Title string
	}
	err := s.db.Read(ctx).Raw(`SELECT e.slug, e.title FROM events e WHERE e.id IN (SELECT event_id FROM calls WHERE state = ?) ORDER BY e.id DESC`, state).Scan(&found).Error
	if err != nil {
		return fmt.Errorf("list the events with calls: %w", err)
	}
	for _, e := range found {
		v.Events = append(v.Events, pages.Choice{Value: e.Slug, Label: e.Title})
	}
	var kinds []string
	if err := s.db.Read(ctx).Raw(`SELECT DISTINCT kind FROM calls WHERE state = ? ORDER BY kind`, state).Scan(&kinds).Error; err != nil {
		return fmt.Errorf("list the reasons of calls: %w", err)
	}
	for _, kind := range kinds {
		v.Kinds = append(v.Kinds, pages.Choice{Value: kind, Label: callReason(kind)})
	}
	return nil
}

func (s *Service) calleeRow(ctx context.Context, who Callee, f callFields, names map[int64]string, title func(int64) (string, error)) (row pages.CalleeRow, err error) {
	now, me := s.db.Now(), audit.ActorFrom(ctx).ID
	for i, c := range who.Calls {
		one, err := s.callRow(c, names, title)
		if err != nil {
			return row, err
		}
		if i == 0 {
			row = pages.CalleeRow{Href: f.address(callPath(c.ID), 1), Name: who.names(), Phone: c.Phone, Since: one.Since}
		}
		row.Why = append(row.Why, one.Why+": "+one.Event)
		if c.Held(now, me) {
			row.Held = "Being called by " + names[*c.TakenBy] + " since " + s.clock(*c.TakenAt)
		}
		if c.Result != "" {
			row.Last = resultWords(c.Result)
		}
		if c.Later(now) {
			row.Last += ". Try again after " + s.moment(*c.TryAfter)
		}
	}
	return row, nil
}

// names are the people to ask for at a number, each once.
func (who Callee) names() string {
	var names []string
	for _, c := range who.Calls {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, " and ")
}

func (s *Service) clock(t time.Time) string { return t.In(s.cfg.Zone()).Format("15:04") }

// callView is one conversation: whom to ring, what to say, and what came of it.
func (s *Service) callView(ctx context.Context, id int64, who Callee, f resultFields) (v pages.Call, err error) {
	rows, err := s.callRows(ctx, who.Calls)
	if err != nil {
		return v, err
	}
	names, err := s.names(ctx)
	if err != nil {
		return v, err
	}
	now, me := s.db.Now(), audit.ActorFrom(ctx).ID
	first := who.Calls[0]
	v = pages.Call{ID: id, Name: who.names(), Phone: first.Phone, Done: first.State == "done", Hidden: hiddenFields(f.callFields), Round: f.Round,
		NewResult: f.Result, NewNote: f.Note, Again: f.Again, Agains: againChoices()}
	for i, c := range who.Calls {
		told := pages.Telling{CallRow: rows[i], Say: c.Say, Ticked: len(f.Calls) == 0 || slices.Contains(f.Calls, fmt.Sprint(c.ID))}
		if c.BookingID != nil {
			told.BookingHref = bookingPath(*c.BookingID)
		}
		v.Tellings = append(v.Tellings, told)
		v.Mine = v.Mine || c.TakenBy != nil && *c.TakenBy == me && !c.Done()
		if c.Held(now, me) {
			v.Held = names[*c.TakenBy] + " is calling them now, since " + s.clock(*c.TakenAt) + "."
		}
		if c.Later(now) {
			v.Later = "Nobody answered. Try again after " + s.moment(*c.TryAfter) + "."
		}
	}
	for _, r := range CallResults() {
		v.Results = append(v.Results, pages.Choice{Value: r.Code, Label: r.Label})
	}
	return v, s.callHistory(ctx, who.Calls, names, &v)
}

// Done says whether nobody has to ring about it any more.
func (c Call) Done() bool { return c.State == "done" }

func (s *Service) callHistory(ctx context.Context, calls []Call, names map[int64]string, v *pages.Call) error {
	list, err := s.attempts(ctx, calls)
	if err != nil {
		return err
	}
	rounds := map[string]bool{}
	for i, a := range list {
		key := a.Round + a.Result
		if rounds[key] {
			continue // another call of the same conversation
		}
		rounds[key] = true
		v.History = append(v.History, s.attemptWords(a, names))
		if i == 0 && a.Undoes == nil && mayUndo(audit.ActorFrom(ctx), a.StaffID) {
			v.UndoRound = a.Round
		}
	}
	return nil
}

// attemptWords says who rang, when, and what came of it.
func (s *Service) attemptWords(a attempt, names map[int64]string) string {
	by := "the program"
	if a.StaffID != nil {
		by = names[*a.StaffID]
	}
	words := fmt.Sprintf("%s, %s: %s.", s.moment(a.CreatedAt), by, resultWords(a.Result))
	if a.TryAfter != nil {
		words += " To try again after " + s.moment(*a.TryAfter) + "."
	}
	if a.Note != "" {
		words += " Note: " + a.Note
	}
	return words
}

// When to try again, where nobody answered.
const (
	againSoon     = ""
	againHour     = "hour"
	againEvening  = "evening"
	againTomorrow = "tomorrow"
)

func againChoices() []pages.Choice {
	return []pages.Choice{{Value: againSoon, Label: "In 2 hours"}, {Value: againHour, Label: "In 1 hour"},
		{Value: againEvening, Label: "At 6 this evening"}, {Value: againTomorrow, Label: "Tomorrow at 9 in the morning"}}
}

// tryAgain is the instant that a choice stands for, on the programme's clocks; nil is the usual time.
func (s *Service) tryAgain(choice string) *time.Time {
	now := s.db.Now()
	local := now.In(s.cfg.Zone())
	at := func(days, hour int) *time.Time {
		return ptr(time.Date(local.Year(), local.Month(), local.Day()+days, hour, 0, 0, 0, local.Location()).UTC())
	}
	switch choice {
	case againHour:
		return ptr(now.Add(time.Hour))
	case againTomorrow:
		return at(1, 9)
	case againEvening:
		if evening := at(0, 18); evening.After(now) {
			return evening
		}
		return at(1, 18)
	}
	return nil
}
