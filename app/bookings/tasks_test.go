package bookings

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
)

// asking books a party of two of which the first needs a signer and large print, and the second a Polish interpreter.
func (w *world) asking(e events.Event, i int) Booking {
	w.t.Helper()
	r := resident(i, 2)
	r.Names = []string{fmt.Sprintf("Companion Example %d", i)}
	r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 1, Need: "large-print"}, {Position: 2, Need: "interpreter", Note: "Polish, for Companion"}}
	return w.book(e, r)
}

// need reads a need of a booking by its code.
func (w *world) need(b Booking, code string) AccessNeed {
	w.t.Helper()
	for _, n := range must(w.bookings.Details(w.ctx, ByBooker, b.ID))(w.t).Needs {
		if n.Need == code {
			return n
		}
	}
	w.t.Fatalf("booking %d has no need %s", b.ID, code)
	return AccessNeed{}
}

func (w *world) setNeed(b Booking, code string, to NeedState, offer string) {
	w.t.Helper()
	n := w.need(b, code)
	must(w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: to, Offer: offer}))(w.t)
}

func TestNeedsAreDueByTheDayWorkedBackFromTheEvent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4) // 28 February 2017
		b := w.asking(e, 1)
		due := func() string {
			return w.need(b, "bsl").DueOn + " " + w.need(b, "large-print").DueOn + " " + w.need(b, "interpreter").DueOn
		}
		if got := due(); got != "2017-02-07 2017-02-23 2017-02-14" {
			t.Fatalf("due %s", got)
		}
		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth = "8", "5" // 21 days before is Easter Monday
		must(w.events.Move(w.ctx, e.ID, f))(t)
		if got := due(); got != "2017-04-13 2017-05-03 2017-04-24" {
			t.Errorf("after the move due %s", got)
		}
		must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(t)
		if got := due(); got != "  " {
			t.Errorf("while postponed due %q", got)
		}
		if open, late := w.summary(); open != 3 || late != 0 {
			t.Errorf("while postponed %d are open and %d late", open, late)
		}
		f = events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth, f.StartsYear, f.StartsTime, f.EndsTime = "28", "3", "2017", "7pm", "9pm"
		must(w.events.SetDate(w.ctx, e.ID, f))(t)
		if got := due(); got != "2017-03-07 2017-03-23 2017-03-14" {
			t.Errorf("with the new date due %s", got)
		}
		must(w.events.Cancel(w.ctx, e.ID, "Too few could come."))(t)
		if open, _ := w.summary(); open != 0 || w.need(b, "bsl").State != NoLongerNeeded {
			t.Errorf("after the event was cancelled %d are open and the signer is %s", open, w.need(b, "bsl").State)
		}
	})
}

func (w *world) summary() (open, late int) {
	w.t.Helper()
	open, late, err := w.bookings.AccessSummary(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return open, late
}

func TestChangedLeadTimesReachTheTasksThatAreThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		b := w.asking(w.openEvent(10, 4), 1)
		w.bookings.cfg.Access.LeadDays.BSL = 14
		w.bookings.work = newWorkdays([]string{"2017-02-14"})
		if err := w.bookings.Redate(w.ctx); err != nil {
			t.Fatal(err)
		}
		if got := w.need(b, "bsl").DueOn; got != "2017-02-13" {
			t.Errorf("due %s", got)
		}
	})
}

func TestTheLateAreCountedAndComeFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address) // on 20 February
		far := w.openEvent(10, 4, func(f *events.Form) { f.Slug, f.StartsDay, f.StartsMonth = "far", "20", "6" })
		w.asking(far, 1)
		b := w.asking(w.openEvent(10, 4), 2)
		if open, late := w.summary(); open != 6 || late != 2 {
			t.Fatalf("%d open, %d late", open, late)
		}
		page := must(w.bookings.Tasks(w.ctx, TaskFilter{}))(t)
		var order []string
		for _, task := range page.Tasks {
			order = append(order, fmt.Sprint(task.DueOn, task.Late("2017-02-20")))
		}
		want := []string{"2017-02-07true", "2017-02-14true", "2017-02-23false", "2017-05-30false", "2017-06-06false", "2017-06-15false"}
		if page.Total != 6 || !slices.Equal(order, want) {
			t.Errorf("%d: %v", page.Total, order)
		}
		w.clock.set(time.Date(2017, 2, 23, 23, 30, 0, 0, time.UTC))
		if _, late := w.summary(); late != 2 {
			t.Errorf("on the day itself %d are late", late)
		}
		w.clock.set(time.Date(2017, 2, 24, 0, 30, 0, 0, time.UTC))
		if _, late := w.summary(); late != 3 {
			t.Errorf("on the day after %d are late", late)
		}
		w.setNeed(b, "bsl", Arranged, "")
		must(w.bookings.Cancel(w.ctx, ByBooker, b.ID))(t)
		if open, late := w.summary(); open != 3 || late != 0 {
			t.Errorf("after the booking was cancelled %d open, %d late", open, late)
		}
		off := must(w.bookings.Tasks(w.ctx, TaskFilter{State: TasksCallOff}))(t)
		if off.Total != 1 || off.Tasks[0].Need != "bsl" {
			t.Errorf("to call off: %+v", off.Tasks)
		}
		w.clock.set(time.Date(2017, 7, 1, 9, 0, 0, 0, time.UTC))
		if open, _ := w.summary(); open != 0 {
			t.Errorf("after the events %d are open", open)
		}
	})
}

func TestTheListIsFiltered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b, _ := w.asking(e, 1), w.asking(w.openEvent(10, 4, func(f *events.Form) { f.Slug = "other" }), 2)
		w.setNeed(b, "large-print", Arranged, "")
		for _, c := range []struct {
			filter TaskFilter
			want   int
		}{
			{TaskFilter{}, 5}, {TaskFilter{Event: e.Slug}, 2}, {TaskFilter{Need: "bsl"}, 2}, {TaskFilter{Owner: "nobody"}, 5}, {TaskFilter{Owner: "7"}, 0},
			{TaskFilter{State: "arranged"}, 1}, {TaskFilter{State: TasksAll}, 6}, {TaskFilter{State: TasksLate}, 4}, {TaskFilter{State: TasksLate, Event: e.Slug, Need: "bsl"}, 1},
			{TaskFilter{Page: 99}, 5},
		} {
			if page := must(w.bookings.Tasks(w.ctx, c.filter))(t); page.Total != c.want || len(page.Tasks) != c.want {
				t.Errorf("%+v: %d of %d, want %d", c.filter, len(page.Tasks), page.Total, c.want)
			}
		}
	})
}

func TestTheBookerIsToldOfEachChangeOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b := w.asking(e, 1)
		n := w.need(b, "bsl")
		change := NeedChange{Version: n.Version, State: Arranged}
		must(w.bookings.SetNeed(w.ctx, n.ID, change))(t)
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, change); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same form sent twice: %v", err)
		}
		w.setNeed(b, "interpreter", NotPossible, "A Polish leaflet")
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.need", "booking.need"}) {
			t.Errorf("mails %v", got)
		}
		phoned := byTelephone(9, 1)
		phoned.Needs = []NeedRequest{{Position: 1, Need: "hearing-loop"}}
		p := w.book(e, phoned)
		w.setNeed(p, "hearing-loop", Arranged, "")
		if got := w.calls(p); !slices.Equal(got, []string{"booked", "need"}) {
			t.Errorf("calls %v", got)
		}
	})
}

func TestNotPossibleNeedsAnOffer(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	b := w.asking(w.openEvent(10, 4), 1)
	n := w.need(b, "bsl")
	for _, c := range []NeedChange{{State: NotPossible}, {State: NotPossible, Offer: "  "}, {State: NotPossible, Offer: strings.Repeat("x", 501)}, {State: "perhaps"}, {State: Asked}} {
		c.Version = n.Version
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, c); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if got := w.mails(b); len(got) != 1 {
		t.Errorf("a refused change was told: %v", got)
	}
}

func TestOfTwoWhoChangeANeedAtOnceTheSecondIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		b := w.asking(w.openEvent(10, 4), 1)
		n := w.need(b, "bsl")
		results := make(chan error, 2)
		for _, state := range []NeedState{Arranged, NotPossible} {
			go func() {
				_, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: state, Offer: "Notes"})
				results <- err
			}()
		}
		first, second := <-results, <-results
		if (first == nil) == (second == nil) {
			t.Fatalf("both fared alike: %v, %v", first, second)
		}
		for _, err := range []error{first, second} {
			if err != nil && (fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Somebody else changed this")) {
				t.Errorf("the second was told %v", err)
			}
		}
		if got := w.mails(b); !slices.Equal(got, []string{"booking.booked", "booking.need"}) {
			t.Errorf("mails %v", got)
		}
		if err := w.bookings.AssignNeed(w.ctx, n.ID, n.Version, 0); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a stale page took the need: %v", err)
		}
	})
}

func TestAnUndoIsAStepOfItsOwnAndToldToTheBooker(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.colleagues()
		b := w.asking(w.openEvent(10, 4), 1)
		n := w.need(b, "bsl")
		first, second := w.as(1, "engagement"), w.as(2, "engagement")
		must(w.bookings.SetNeed(first, n.ID, NeedChange{Version: n.Version, State: NotPossible, Offer: "Notes afterwards"}))(t)
		n = w.need(b, "bsl")
		must(w.bookings.SetNeed(first, n.ID, NeedChange{Version: n.Version, State: Arranged}))(t)
		step := must(stepsOf(w.db.Read(w.ctx), n.ID))(t)[0]
		if err := w.bookings.UndoNeed(second, n.ID, step.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody else undid it: %v", err)
		}
		if err := w.bookings.UndoNeed(first, n.ID, step.ID); err != nil {
			t.Fatal(err)
		}
		n = w.need(b, "bsl")
		if n.State != NotPossible || n.Offer != "Notes afterwards" {
			t.Errorf("after the undo it is %s, %q", n.State, n.Offer)
		}
		steps := must(stepsOf(w.db.Read(w.ctx), n.ID))(t)
		if len(steps) != 3 || steps[0].Why != whyUndo || steps[0].StaffID == nil || *steps[0].StaffID != 1 {
			t.Errorf("steps %+v", steps)
		}
		if err := w.bookings.UndoNeed(first, n.ID, step.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("undone twice: %v", err)
		}
		mails := must(w.outbox.About(w.ctx, "bookings", b.ID))(t)
		if len(mails) != 4 || mails[0].Subject != "A correction: Conversation event in St Albans" {
			t.Errorf("%d mails, the last is %q", len(mails), mails[0].Subject)
		}
	})
}

// colleagues adds members of staff with the ids 1 to 3; the last is at the door.
func (w *world) colleagues() {
	w.t.Helper()
	w.colleague(1)
	w.colleague(2)
	w.colleague(3)
	atDoor := func(tx *database.Tx) error { return tx.Exec(`UPDATE staff SET role = 'door' WHERE id = 3`).Error }
	if err := w.db.Write(w.ctx, atDoor); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) colleague(id int64) {
	w.t.Helper()
	add := func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO staff (id, email, name, role, active, created_at, updated_at) VALUES (?, ?, ?, 'engagement', TRUE, ?, ?)`,
			id, fmt.Sprintf("officer%d@officers.example", id), fmt.Sprintf("Officer Example %d", id), tx.Now(), tx.Now()).Error
	}
	if err := w.db.Write(w.ctx, add); err != nil {
		w.t.Fatal(err)
	}
}

// as is the context of a member of staff.
func (w *world) as(id int64, role string) context.Context {
	return audit.WithActor(w.t.Context(), audit.Actor{Kind: audit.Staff, ID: id, Name: fmt.Sprintf("Officer Example %d", id), Role: role})
}

func TestOnlyWhoLooksAfterBookingsCanSeeToANeed(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	w.colleagues()
	b := w.asking(w.openEvent(10, 4), 1)
	n := w.need(b, "bsl")
	if err := w.bookings.AssignNeed(w.as(1, "engagement"), n.ID, n.Version, 3); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the door was given a need: %v", err)
	}
	if err := w.bookings.AssignNeed(w.as(1, "engagement"), n.ID, n.Version, 2); err != nil {
		t.Fatal(err)
	}
	if got := w.need(b, "bsl"); got.OwnerID == nil || *got.OwnerID != 2 || got.Version != n.Version+1 {
		t.Errorf("owner %v at version %d", got.OwnerID, got.Version)
	}
	if mine := must(w.bookings.Tasks(w.as(2, "engagement"), TaskFilter{Owner: "me"}))(t); mine.Total != 1 {
		t.Errorf("the owner has %d", mine.Total)
	}
	if len(w.mails(b)) != 1 {
		t.Error("the booker was told who sees to it")
	}
}

func TestWhatWasArrangedForTheOldDateIsAskedForAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(10, 4)
		b := w.asking(e, 1)
		w.setNeed(b, "bsl", Arranged, "")
		w.setNeed(b, "large-print", Arranged, "")
		f := events.FormOf(must(w.events.ByID(w.ctx, e.ID))(t))
		f.StartsDay, f.StartsMonth = "14", "3"
		must(w.events.Move(w.ctx, e.ID, f))(t)
		w.tellAll()
		if n := w.need(b, "bsl"); n.State != Asked || !n.CallOff {
			t.Errorf("the signer is %+v", n)
		}
		if n := w.need(b, "large-print"); n.State != Arranged {
			t.Errorf("the papers are %s", n.State)
		}
		moved := w.lastMail(b)
		if !strings.Contains(moved, "Not arranged yet for the new date or place") {
			t.Errorf("the mail does not say so: %s", moved)
		}
		n := w.need(b, "bsl")
		if err := w.bookings.CalledOff(w.ctx, n.ID, n.Version); err != nil {
			t.Fatal(err)
		}
		must(w.events.Postpone(w.ctx, e.ID, "The hall is closed."))(t)
		n = w.need(b, "bsl")
		if _, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: Arranged}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a signer was arranged for no date: %v", err)
		}
	})
}

// lastMail is the content of the newest mail of a booking.
func (w *world) lastMail(b Booking) (content string) {
	w.t.Helper()
	err := w.db.Read(w.ctx).Raw(`SELECT content FROM mails WHERE about = 'bookings' AND about_id = ? ORDER BY id DESC LIMIT 1`, b.ID).Row().Scan(&content)
	if err != nil {
		w.t.Fatal(err)
	}
	return content
}

func TestANeedThatGoesOrComesBackIsATaskOfItsOwn(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	b := w.asking(w.openEvent(10, 4), 1)
	w.setNeed(b, "bsl", Arranged, "")
	r := resident(1, 2)
	r.Names = []string{"Companion Example 1"}
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t) // all gone
	if n := w.need(b, "bsl"); n.State != NoLongerNeeded || !n.CallOff {
		t.Errorf("the signer is %+v", n)
	}
	if n := w.need(b, "interpreter"); n.State != NoLongerNeeded || n.CallOff {
		t.Errorf("the interpreter is %+v", n)
	}
	r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 2, Need: "hearing-loop"}}
	must(w.bookings.Change(w.ctx, ByBooker, b.ID, r))(t)
	if n := w.need(b, "bsl"); n.State != Asked || n.DueOn != "2017-02-07" {
		t.Errorf("the signer is %+v", n)
	}
	if n := w.need(b, "hearing-loop"); n.State != Asked || n.DueOn != "2017-02-24" {
		t.Errorf("the loop is %+v", n)
	}
}

func TestOneDecisionCanHoldForEverybodyWhoAskedForTheSame(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(20, 4)
		b, other, elsewhere := w.asking(e, 1), w.asking(e, 2), w.asking(w.openEvent(10, 4, func(f *events.Form) { f.Slug = "other" }), 3)
		gone := w.asking(e, 4)
		must(w.bookings.Cancel(w.ctx, ByBooker, gone.ID))(t)
		n := w.need(b, "bsl")
		changed, err := w.bookings.SetNeed(w.ctx, n.ID, NeedChange{Version: n.Version, State: Arranged, Others: true})
		if err != nil || changed != 2 {
			t.Fatalf("changed %d, %v", changed, err)
		}
		if w.need(other, "bsl").State != Arranged || w.need(elsewhere, "bsl").State != Asked || w.need(gone, "bsl").State != NoLongerNeeded {
			t.Error("it holds for the wrong people")
		}
		if got := w.mails(other); !slices.Equal(got, []string{"booking.booked", "booking.need"}) {
			t.Errorf("the other got %v", got)
		}
	})
}

// everythingSaid is all that the booker of a booking, the venue and the staff's list say about needs.
func (s *site) everythingSaid(b Booking, e events.Event) map[string]string {
	s.t.Helper()
	said := map[string]string{"the booker's page": s.resident().get(s.bookings.managePath(b)).words()}
	officer := s.staff("engagement")
	said["the sheet for the venue"] = officer.get(accessPath + "/venue?event=" + e.Slug).is(http.StatusOK).words()
	var mails []string
	if err := s.db.Read(s.ctx).Raw(`SELECT subject || ' ' || content FROM mails WHERE about = 'bookings' AND about_id = ?`, b.ID).Scan(&mails).Error; err != nil {
		s.t.Fatal(err)
	}
	said["the mails"] = strings.Join(mails, "\n")
	return said
}

func TestNothingSaysArrangedBeforeItIs(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	claims := func(text string) bool {
		text = strings.ToLower(text)
		for _, honest := range []string{"not arranged", "arrange it", "what we can arrange", "have time to arrange"} {
			text = strings.ReplaceAll(text, honest, "")
		}
		return strings.Contains(text, "arranged")
	}
	for _, state := range []NeedState{Asked, NotPossible, Asked, NoLongerNeeded} {
		if n := s.need(b, "bsl"); n.State != state {
			s.setNeed(b, "bsl", state, "Notes afterwards")
		}
		for where, text := range s.everythingSaid(b, e) {
			if claims(text) {
				t.Errorf("while it is %s, %s say it is arranged:\n%s", state, where, text)
			}
		}
	}
	s.setNeed(b, "bsl", Arranged, "")
	for where, text := range s.everythingSaid(b, e) {
		if !claims(text) {
			t.Errorf("when it is arranged, %s do not say so:\n%s", where, text)
		}
	}
}

func TestTheSheetForTheVenueHasNoNamesAndNoNotes(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	r := resident(7, 1)
	r.Needs = []NeedRequest{{Position: 1, Need: "other", Note: "I am Zebedee and I have a heart condition"}}
	s.book(e, r)
	waits := resident(8, 9)
	waits.People, waits.Needs = 4, []NeedRequest{{Position: 1, Need: "carer"}}
	s.book(e, waits)
	s.book(e, resident(9, 3))
	last := resident(10, 4)
	last.Needs = []NeedRequest{{Position: 1, Need: "easy-read"}}
	s.book(e, last) // waits
	s.setNeed(b, "bsl", Arranged, "")
	sheet := s.staff("engagement").get(accessPath+"/venue?event="+e.Slug).is(http.StatusOK).
		says("A British Sign Language interpreter", "1 arranged", "An interpreter for another language", "Polish", "Something else", "A place for a carer", e.Title)
	main := sheet.main()
	for _, secret := range []string{"Example 1", "Resident", "Companion", "residents.example", "Zebedee", "heart", "01632", b.Spoken(), "easy read"} {
		if strings.Contains(main, secret) {
			t.Errorf("the sheet tells %q:\n%s", secret, main)
		}
	}
}

// main is what the page says below its header.
func (p page) main() string {
	for _, n := range p.every(func(n *html.Node) bool { return n.Data == "main" }) {
		return text(n)
	}
	p.t.Fatal("the page has no main part")
	return ""
}

func TestStaffSeeToANeedOnItsPage(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(10, 4)
	b := s.asking(e, 1)
	n := s.need(b, "bsl")
	officer := s.staff("engagement")
	officer.get(accessPath).is(http.StatusOK).says("3 still to arrange, 2 of them late", "A British Sign Language interpreter", "Late", "Resident Example 1", "Nobody yet", e.Title)
	p := officer.get(taskPath(n.ID)).is(http.StatusOK).says("Tue 7 Feb 2017", "21 days before the event", "Asked for", b.Spoken())
	stale := p.fields()
	officer.follow(taskPath(n.ID)+"/owner", url.Values{"version": {stale.Get("version")}, "owner": {"1"}}).says("It is saved who sees to it", "Example Officer")
	p = officer.post(taskPath(n.ID)+"/state", url.Values{"version": {stale.Get("version")}, "state": {"arranged"}}).is(http.StatusConflict).says("Somebody else changed this")
	if got := p.fields(); got.Get("state") != "arranged" {
		t.Errorf("what was chosen is lost: %v", got)
	}
	version := fmt.Sprint(s.need(b, "bsl").Version)
	p = officer.post(taskPath(n.ID)+"/state", url.Values{"version": {version}, "state": {"not-possible"}}).is(http.StatusUnprocessableEntity).says("Say what you offer instead")
	if got := p.summary(); !slices.Equal(got, []string{"offer"}) {
		t.Errorf("the summary leads to %v", got)
	}
	p = officer.follow(taskPath(n.ID)+"/state", url.Values{"version": {version}, "state": {"not-possible"}, "offer": {"Notes afterwards"}}).
		says("It is saved, and the booker is told", "Not possible", "Notes afterwards", "by Example Officer", "Undo the last change")
	officer.follow(taskPath(n.ID)+"/undo", url.Values{"step": {p.field("step")}}).says("It is undone", "Asked for")
	officer.get(accessPath + "/999").is(http.StatusNotFound)
	officer.get(accessPath + "/venue?event=none").is(http.StatusNotFound)
	officer.get(accessPath+"?owner=me&state=late").says("Resident Example 1", "Late")
	officer.get(accessPath + "?need=easy-read").says("Nothing fits")
	s.staff("door").get(accessPath).is(http.StatusForbidden)
}

// field is the value of the first field of a name on a page with several forms.
func (p page) field(name string) string { return p.fields().Get(name) }
