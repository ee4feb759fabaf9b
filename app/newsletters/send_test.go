package newsletters_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/newsletters"
)

// typed is a moment after now as staff would type it.
func typed(o *office, after time.Duration) events.TypedMoment {
	return events.MomentOf(o.clock.Now().Add(after), o.cfg.Zone())
}

// kind makes a draft another kind of update.
func (o *office) kind(u newsletters.Update, kind newsletters.Kind) error {
	return o.db.Write(o.system(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE updates SET kind = ? WHERE id = ?`, string(kind), u.ID).Error
	})
}

func TestNothingIsHandedOnDuringTheHoldAndAllAfterIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		want := map[int64]string{}
		for i := range 5 {
			want[o.reader(i)] = "queued"
		}
		paper := o.readerByPost(1, false)
		u := o.approved(o.update("Stakeholder update"))
		u, err := o.Send(o.second, u.ID, u.Version)
		must(t, err)
		o.clock.forward(o.cfg.Updates.Hold - time.Second)
		o.work()
		if now := o.reread(u); now.State != newsletters.Sending || now.MailingID != 0 || !now.InHand() {
			t.Fatalf("within the hold: %+v", now)
		}
		o.clock.forward(time.Second)
		o.work()
		now := o.reread(u)
		if now.ReleasedAt == nil || now.PublishedAt == nil || now.InHand() {
			t.Fatalf("after the hold: %+v", now)
		}
		if got := o.deliveries(now.MailingID); !maps.Equal(got, want) {
			t.Errorf("handed on: %v, want %v without contact %d, who is on paper", got, want, paper)
		}
		m, err := o.outbox.Mailing(o.system(), now.MailingID)
		must(t, err)
		if m.State != "sending" || m.Subject != "Stakeholder update" || m.Purpose != contacts.Updates {
			t.Errorf("the mailing: %+v", m)
		}
		o.work()
		if got := o.deliveries(now.MailingID); !maps.Equal(got, want) {
			t.Errorf("after the job ran again: %v", got)
		}
		if got := o.recorded(); !strings.HasSuffix(got, "update.send update.begin update.release") {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestWhatIsCalledBackWithinTheHoldReachesNobody(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.reader(1)
	u := o.approved(o.update("Stakeholder update"))
	u, err := o.Send(o.second, u.ID, u.Version)
	must(t, err)
	o.work()
	u, err = o.CallBack(o.first, u.ID)
	must(t, err)
	o.clock.forward(24 * time.Hour)
	o.work()
	if now := o.reread(u); now.State != newsletters.Approved || now.MailingID != 0 || now.PublishedAt != nil {
		t.Fatalf("called back: %+v", now)
	}
	u = o.sent(o.reread(u))
	o.work()
	refused(t, "calling back what has begun", func() error { _, err := o.CallBack(o.first, u.ID); return err }, "too late")
}

func TestAScheduledLetterLeavesAtItsLocalTime(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.reader(1)
		u := o.approved(o.update("Stakeholder update"))
		u, err := o.Schedule(o.second, u.ID, u.Version, events.TypedMoment{Day: "3", Month: "April", Year: "2017", Time: "9am"})
		must(t, err)
		if want := time.Date(2017, 4, 3, 8, 0, 0, 0, time.UTC); u.SendAt == nil || !u.SendAt.Equal(want) { // summer time by then
			t.Fatalf("leaves at %v", u.SendAt)
		}
		o.clock.forward(u.SendAt.Sub(o.clock.Now()) - time.Second)
		o.work()
		if now := o.reread(u); now.MailingID != 0 || now.State != newsletters.Approved {
			t.Fatalf("a second before: %+v", now)
		}
		o.clock.forward(time.Second)
		o.work()
		if now := o.reread(u); now.ReleasedAt == nil || len(o.deliveries(now.MailingID)) != 1 {
			t.Errorf("at its time: %+v", now)
		}
	})
}

func TestATimeThatCannotBeMeantIsAskedAbout(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.reader(1)
	u := o.approved(o.update("Stakeholder update"))
	for _, c := range []struct {
		when        events.TypedMoment
		field, want string
	}{
		{events.TypedMoment{}, "send_day", "needs a day, a month and a year"},
		{events.TypedMoment{Day: "3", Month: "4", Year: "2017", Time: "soon"}, "send_time", "Enter the time it leaves like 7pm"},
		{events.TypedMoment{Day: "26", Month: "3", Year: "2017", Time: "1.30am"}, "send_time", "the clocks go forward over it"},
		{events.TypedMoment{Day: "29", Month: "10", Year: "2017", Time: "1.30am"}, "send_which", "happens twice on that day"},
		{typed(o, time.Minute), "send_time", "so that it can still be called back"},
		{typed(o, 400*24*time.Hour), "send_day", "within a year"},
	} {
		_, err := o.Schedule(o.first, u.ID, u.Version, c.when)
		if got := says(t, err)[c.field]; !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q at %s, want %q", c.when, got, c.field, c.want)
		}
	}
	second := events.TypedMoment{Day: "29", Month: "10", Year: "2017", Time: "1.30am", Which: "second"}
	u, err := o.Schedule(o.first, u.ID, u.Version, second)
	must(t, err)
	if want := time.Date(2017, 10, 29, 1, 30, 0, 0, time.UTC); !u.SendAt.Equal(want) {
		t.Errorf("the second half past one is %v", u.SendAt)
	}
	if again := events.MomentOf(*u.SendAt, o.cfg.Zone()); again.Which != "second" || again.Day != "29" || again.Time != "01:30" {
		t.Errorf("shown again as %+v", again)
	}
}

func TestWhoWithdrewSinceTheListWasMadeIsNotWrittenTo(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		stays, goes := o.reader(1), o.reader(2)
		u := o.approved(o.update("Stakeholder update"))
		o.withdraw(goes)
		o.reader(3) // came too late for this list
		u = o.sent(u)
		o.work()
		u = o.reread(u)
		if got := o.deliveries(u.MailingID); !maps.Equal(got, map[int64]string{stays: "queued"}) {
			t.Errorf("handed on: %v", got)
		}
		counts, err := o.audiences.Counts(o.system(), *u.ListID)
		must(t, err)
		if len(counts) != 2 || !counts[1].Since || counts[1].Reason != "withdrawn" || counts[1].People != 1 {
			t.Errorf("counted: %+v", counts)
		}
	})
}

func TestALetterWhoseEventsHaveChangedDoesNotLeave(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.reader(1)
		f := evening("tring", "dacorum", "7")
		f.Title = "Talk in Tring"
		e := o.event(t, f)
		u := o.update("Stakeholder update")
		o.desk.write(t, o.first, u.ID, func(c *newsletters.Content) {
			c.Sections = append(c.Sections, newsletters.Section{Key: "events", Kind: newsletters.EventsSection, Heading: "Coming events"})
		})
		u = o.sent(o.approved(o.reread(u)))
		_, err := o.events.Postpone(o.system(), e.ID, "The hall is closed.")
		must(t, err)
		o.work()
		now := o.reread(u)
		if now.State != newsletters.Draft || now.BackWhy != newsletters.EventsChanged || !strings.Contains(now.BackReason, "Talk in Tring") || now.MailingID != 0 || now.PublishedAt != nil {
			t.Fatalf("after the event was put off: %+v", now)
		}
		if got := o.mailsTo(o.first); got[len(got)-1] != "Not sent: Stakeholder update" {
			t.Errorf("who asked heard %q", got)
		}
		u = o.sent(o.approved(now))
		o.work()
		if now := o.reread(u); now.ReleasedAt == nil || len(o.deliveries(now.MailingID)) != 1 {
			t.Errorf("approved again: %+v", now)
		}
	})
}

func TestWhatIsNotAsItWasApprovedDoesNotLeave(t *testing.T) {
	for name, tamper := range map[string]string{
		"letter": `UPDATE update_texts SET content = replace(content, 'new place', 'old place')`,
		"list":   `DELETE FROM audience_list_rows WHERE contact_id = 1`,
	} {
		o := openOffice(t, databasetest.SQLite(t))
		o.reader(1)
		o.reader(2)
		u := o.sent(o.approved(o.update("Stakeholder update")))
		o.write(func(tx *database.Tx) error { return tx.Exec(tamper).Error })
		o.work()
		if now := o.reread(u); now.State != newsletters.Draft || now.BackWhy != newsletters.NotAsApproved || now.MailingID != 0 || !strings.Contains(now.BackReason, name) {
			t.Errorf("%s: %+v", name, now)
		}
	}
}

func TestALetterIsPausedResumedAndStopped(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		for i := range 4 {
			o.reader(i)
		}
		u := o.approved(o.update("Stakeholder update"))
		refused(t, "pausing what is not being sent", func() error { return o.Pause(o.first, u.ID) }, "not being sent")
		u = o.sent(u)
		o.work()
		u = o.reread(u)
		state := func() string {
			m, err := o.outbox.Mailing(o.system(), u.MailingID)
			must(t, err)
			return string(m.State)
		}
		must(t, o.Pause(o.first, u.ID))
		if state() != "paused" {
			t.Errorf("paused: %s", state())
		}
		must(t, o.Resume(o.first, u.ID))
		if state() != "sending" {
			t.Errorf("resumed: %s", state())
		}
		must(t, o.Stop(o.first, u.ID))
		if state() != "stopped" {
			t.Errorf("stopped: %s", state())
		}
		_, err := o.outbox.SendMailings(o.system())
		must(t, err)
		o.work()
		if now := o.reread(u); now.State != newsletters.Sent {
			t.Errorf("after it was stopped: %+v", now)
		}
		for id, state := range o.deliveries(u.MailingID) {
			if state != "stopped" {
				t.Errorf("contact %d: %s", id, state)
			}
		}
		if got := o.recorded(); !strings.HasSuffix(got, "update.pause update.resume update.stop update.sent") {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestALetterOnPaperAloneIsSentToo(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.readerByPost(1, true)
	u := o.sent(o.approved(o.update("Stakeholder update")))
	o.work()
	_, err := o.outbox.SendMailings(o.system())
	must(t, err)
	o.work()
	if now := o.reread(u); now.State != newsletters.Sent || now.PublishedAt == nil {
		t.Errorf("%+v", now)
	}
}
