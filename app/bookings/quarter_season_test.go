package bookings

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
)

// season is the events of a quarter and what is to happen to them.
type season struct {
	*world
	now      time.Time
	fairs    []*fair
	plan     []deed
	ticks    []time.Time
	programs []*program
	killed   int
}

type deed struct {
	at time.Time
	do func()
}

// fair is an event with every date that it had.
type fair struct {
	id     int64
	dates  []dated
	guests []*guest
}

type dated struct{ from, to, start time.Time }

// guest is a booking: when it got its places and lost them.
type guest struct {
	Booking
	at, gone time.Time
	after    string // what it is to hear after the event
}

var never = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func newSeason(t *testing.T, w *world, from time.Time) *season {
	s := &season{world: w, now: from}
	w.clock.set(from)
	zone := must(time.LoadLocation("Europe/London"))(t)
	for i := range 12 {
		day := from.AddDate(0, 0, 10+7*i).In(zone)
		s.add(i, time.Date(day.Year(), day.Month(), day.Day(), 19, 0, 0, 0, zone))
	}
	return s
}

func (s *season) add(i int, begins time.Time) {
	e := s.openEvent(4, 1, func(f *events.Form) { f.Slug = fmt.Sprintf("event-%d", i); setDay(f, begins) })
	f := &fair{id: e.ID, dates: []dated{{from: s.now, to: never, start: begins}}}
	s.fairs = append(s.fairs, f)
	for n := range 3 {
		f.guests = append(f.guests, &guest{Booking: s.book(e, resident(100*i+n, 1)), at: s.now, gone: never})
	}
	f.guests = append(f.guests, &guest{Booking: s.book(e, byTelephone(i, 1)), at: s.now, gone: never})
	waits := &guest{Booking: s.book(e, resident(100*i+4, 1)), at: never, gone: never}
	f.guests = append(f.guests, waits, &guest{Booking: s.book(e, resident(100*i+5, 1)), at: never, gone: never})
	s.later(begins.AddDate(0, 0, -8).Add(time.Hour), func() {
		must(s.bookings.Cancel(s.ctx, ByBooker, f.guests[0].ID))(s.t)
		f.guests[0].gone, waits.at = s.now, s.now // whose place goes to who waited
	})
	switch i % 4 {
	case 0:
		s.goesOn(f, begins)
	case 1:
		s.later(begins.AddDate(0, 0, -4), func() { s.redate(f, begins.AddDate(0, 0, 2), s.events.Move) })
	case 2:
		s.later(begins.AddDate(0, 0, -6), func() {
			must(s.events.Postpone(s.ctx, f.id, ""))(s.t)
			f.dates[0].to = s.now
		})
		s.later(begins.AddDate(0, 0, -1), func() { s.redate(f, begins.AddDate(0, 0, 21), s.events.SetDate) })
	case 3:
		s.later(begins.Add(-20*time.Hour), func() {
			must(s.events.Cancel(s.ctx, f.id, "The speaker is ill."))(s.t)
			f.dates[0].to = s.now
		})
	}
}

// goesOn holds an event as planned. After the week's reminders are out there are two places more: for who still waits,
// and for somebody who books late. Then the second guest comes, the third does not, and the others are not marked.
func (s *season) goesOn(f *fair, begins time.Time) {
	s.later(begins.AddDate(0, 0, -5), func() {
		form := events.FormOf(must(s.events.ByID(s.ctx, f.id))(s.t))
		form.Capacity = "6"
		e := must(s.events.Edit(s.ctx, f.id, form))(s.t)
		f.guests[5].at = s.now
		f.guests = append(f.guests, &guest{Booking: s.book(e, resident(int(1000+f.id), 1)), at: s.now, gone: never})
	})
	s.later(begins.Add(3*time.Hour), func() {
		must(s.bookings.MarkPeople(s.ctx, f.id, NewPress(), Came, []Seat{{f.guests[1].ID, 1}}))(s.t)
		must(s.bookings.MarkPeople(s.ctx, f.id, NewPress(), NotCame, []Seat{{f.guests[2].ID, 1}}))(s.t)
		must(s.events.Hold(s.ctx, f.id, events.Turnout{}))(s.t)
		f.guests[1].after, f.guests[2].after = "booking.thanks", "booking.missed"
	})
}

func (s *season) redate(f *fair, begins time.Time, do func(context.Context, int64, events.Form) (events.Event, error)) {
	form := events.FormOf(must(s.events.ByID(s.ctx, f.id))(s.t))
	setDay(&form, begins)
	form.StartsTime, form.EndsTime = "7pm", "9pm"
	must(do(s.ctx, f.id, form))(s.t)
	if last := &f.dates[len(f.dates)-1]; last.to.Equal(never) {
		last.to = s.now
	}
	f.dates = append(f.dates, dated{from: s.now, to: never, start: begins})
}

func setDay(f *events.Form, day time.Time) {
	f.StartsDay, f.StartsMonth, f.StartsYear = strconv.Itoa(day.Day()), strconv.Itoa(int(day.Month())), strconv.Itoa(day.Year())
}

func (s *season) later(at time.Time, do func()) { s.plan = append(s.plan, deed{at.UTC(), do}) }

// run lets so many days go by: deeds at their times, and a tick every few hours.
func (s *season) run(days int) {
	slices.SortStableFunc(s.plan, func(a, b deed) int { return a.at.Compare(b.at) })
	end := s.now.AddDate(0, 0, days)
	for tick := s.now; tick.Before(end); tick = tick.Add(tickEvery) {
		for len(s.plan) > 0 && s.plan[0].at.Before(tick) {
			s.now = s.plan[0].at
			s.clock.set(s.now)
			s.plan[0].do()
			s.tellAll()
			s.plan = s.plan[1:]
		}
		s.tick(tick)
	}
}

// tick has all programs remind people at the same instant. Now and then one of them is killed as it begins, and another
// takes its place.
func (s *season) tick(now time.Time) {
	s.ticks = append(s.ticks, now)
	for _, p := range s.programs {
		p.send(now)
	}
	if len(s.ticks)%50 == 7 {
		s.programs[0] = s.programs[0].replace()
		s.programs[0].send(now)
		s.killed++
	}
	for _, p := range s.programs {
		p.wait("done")
	}
}

// wrong compares what everybody got with what they were to get.
func (s *season) wrong() (out []string) {
	for _, f := range s.fairs {
		for _, g := range f.guests {
			want, got := s.expected(f, g), s.got(g)
			if !slices.Equal(got, want) {
				out = append(out, fmt.Sprintf("event %d, %s: got\n  %s\nwant\n  %s", f.id, g.Name, strings.Join(got, "\n  "), strings.Join(want, "\n  ")))
			}
		}
	}
	return out
}

// expected is what a guest is to get, by the plainest reading: for each date of the event, a week, a day, or (by
// telephone) two working days before it, at the first tick from then on, where they had their place and knew the date
// before, and still have both.
func (s *season) expected(f *fair, g *guest) (list []string) {
	for _, d := range f.dates {
		for _, due := range s.dueTimes(g, d.start) {
			tick, ok := s.tickFrom(due)
			if ok && !due.Before(g.at) && !due.Before(d.from) && tick.Before(g.gone) && tick.Before(d.to) {
				list = append(list, tick.UTC().Format(time.RFC3339)+" booking.reminder")
			}
		}
	}
	if g.after != "" {
		if tick, ok := s.tickFrom(f.dates[0].start.Add(2*time.Hour + 12*time.Hour)); ok {
			list = append(list, tick.UTC().Format(time.RFC3339)+" "+g.after)
		}
	}
	return list
}

func (s *season) dueTimes(g *guest, begins time.Time) []time.Time {
	if g.Email != "" {
		return []time.Time{begins.Add(-7 * 24 * time.Hour), begins.Add(-24 * time.Hour)}
	}
	day, left := begins, 2
	for left > 0 {
		day = day.AddDate(0, 0, -1)
		if s.bookings.work.works(date(day.Year(), day.Month(), day.Day())) {
			left--
		}
	}
	return []time.Time{time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, begins.Location())}
}

func (s *season) tickFrom(due time.Time) (time.Time, bool) {
	i := slices.IndexFunc(s.ticks, func(t time.Time) bool { return !t.Before(due) })
	if i < 0 {
		return time.Time{}, false
	}
	return s.ticks[i], true
}

// got is what a guest got: mails, or the calls that were put on the list.
func (s *season) got(g *guest) (list []string) {
	for _, m := range must(s.outbox.About(s.ctx, "bookings", g.ID))(s.t) {
		if slices.Contains([]string{"booking.reminder", "booking.thanks", "booking.missed"}, m.Kind) {
			list = append(list, m.CreatedAt.UTC().Format(time.RFC3339)+" "+m.Kind)
		}
	}
	var calls []time.Time
	if err := s.db.Read(s.ctx).Raw(`SELECT created_at FROM calls WHERE booking_id = ? AND kind = 'reminder'`, g.ID).Scan(&calls).Error; err != nil {
		s.t.Fatal(err)
	}
	for _, at := range calls {
		list = append(list, at.UTC().Format(time.RFC3339)+" booking.reminder")
	}
	slices.Sort(list)
	return list
}

func (s *season) reminded() (n int) {
	for _, f := range s.fairs {
		for _, g := range f.guests {
			n += len(s.got(g))
		}
	}
	return n
}
