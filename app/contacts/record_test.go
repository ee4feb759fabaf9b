package contacts

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/mail"
)

// phoned is what somebody says on the telephone about updates by email on a day.
func phoned(entry Entry, day time.Time) RecordForm {
	return RecordForm{Purpose: Updates, Channel: "email", Entry: string(entry), Basis: "consent", Source: "telephone",
		Day: strconv.Itoa(day.Day()), Month: strconv.Itoa(int(day.Month())), Year: strconv.Itoa(day.Year())}
}

func (w *world) record(id int64, f RecordForm) []Standing {
	w.t.Helper()
	stands, err := w.contacts.RecordSaid(w.ctx, id, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return stands
}

func TestWhatIsSaidTodayCountsFromNowAndWhatWasSaidEarlierFromThatDay(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		id := w.add(resident("Ada Example"))
		w.tell(id, told{Withdrawn, 20, 20, FromUnsubscribe})
		w.clock.set(february(20).Add(time.Hour))
		if stands := w.record(id, phoned(Given, february(18))); stands[0].Allowed() {
			t.Error("a yes of the day before yesterday wins over the no of today")
		}
		if stands := w.record(id, phoned(Given, february(20))); !stands[0].Allowed() {
			t.Error("a yes on the telephone does not win over the no an hour before")
		}
		w.clock.set(february(22))
		if stands := w.record(id, phoned(Withdrawn, february(20))); stands[0].Allowed() {
			t.Error("a no that was said at some time of a day loses against a yes of the same day")
		}
	})
}

func TestANoOnTheTelephoneCanEndEveryChannel(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		id := w.add(resident("Ada Example"))
		w.record(id, phoned(Given, start))
		no := phoned(Objected, start)
		no.Channel = "all"
		stands := w.record(id, no)
		if len(stands) != 3 || slices.ContainsFunc(stands, Standing.Allowed) {
			t.Errorf("the contact stands as %+v", stands)
		}
		yes := phoned(Given, start)
		yes.Channel = "all"
		if _, err := w.contacts.RecordSaid(w.ctx, id, yes); !slices.Equal(wrong(err), []string{"channel"}) {
			t.Errorf("a yes for everything: %v", err)
		}
	})
}

func TestARecordThatCannotBeIsRefusedWithAllItsFields(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	id := w.add(resident("Ada Example"))
	_, err := w.contacts.RecordSaid(w.ctx, id, RecordForm{Purpose: "cats", Channel: "pigeon", Entry: "maybe", Day: "31", Month: "2", Year: "2017", Source: "import"})
	if got := wrong(err); !slices.Equal(got, []string{"channel", "day", "entry", "purpose", "source"}) {
		t.Errorf("wrong are %v", got)
	}
	for name, c := range map[string]struct {
		form  RecordForm
		wrong string
	}{
		"tomorrow":                   {phoned(Given, start.AddDate(0, 0, 1)), "day"},
		"consent from a public list": {func() RecordForm { f := phoned(Given, start); f.Source = "records"; return f }(), "source"},
		"a yes without a basis":      {func() RecordForm { f := phoned(Given, start); f.Basis = ""; return f }(), "basis"},
	} {
		if _, err := w.contacts.RecordSaid(w.ctx, id, c.form); !slices.Equal(wrong(err), []string{c.wrong}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.number(`SELECT count(*) FROM consents`); n != 0 {
		t.Errorf("the ledger has %d entries of what was refused", n)
	}
}

func TestOnlyWhatStaffTypedCanBeTakenBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.write(func(tx *database.Tx) error {
			return tx.Exec(`INSERT INTO staff (id, email, name, role, created_at, updated_at) VALUES (7, 'a@staff.example', 'A', 'comms', ?, ?)`, start, start).Error
		})
		w.ctx = audit.WithActor(w.ctx, audit.Actor{Kind: audit.Staff, ID: 7, Role: "comms"})
		id := w.add(resident("Ada Example"))
		typed := w.record(id, phoned(Given, start))[0].ConsentID
		if err := w.contacts.TakeBack(w.ctx, id, typed, ""); !slices.Equal(wrong(err), []string{"reason"}) {
			t.Errorf("without a reason: %v", err)
		}
		if err := w.contacts.TakeBack(w.ctx, id, typed, "The wrong Ada"); err != nil {
			t.Fatal(err)
		}
		if got := w.stands(id); got != "" {
			t.Errorf("the contact stands as %q, as if something had been said", got)
		}
		if n := w.number(`SELECT count(*) FROM consents WHERE recorded_by = 7`); n != 2 {
			t.Errorf("the ledger keeps %d of the two entries with who made them", n)
		}
		w.tell(id, told{Withdrawn, 20, 20, FromUnsubscribe})
		own := w.number(`SELECT max(id) FROM consents`)
		if err := w.contacts.TakeBack(w.ctx, id, int64(own), "They rang"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("what they did themselves is taken back: %v", err)
		}
	})
}

func TestAStoppedAddressStaysSoUntilStaffOrItsOwnerSayOtherwise(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		id := w.add(resident("Ada Example"))
		waiting := w.letter(id)
		if err := w.contacts.StopEmail(w.ctx, id, "She rang and was upset"); err != nil {
			t.Fatal(err)
		}
		if d, err := w.outbox.Delivery(w.ctx, waiting); err != nil || d.State != mail.DeliveryWithdrawn {
			t.Errorf("what waits is %q, %v", d.State, err)
		}
		card := w.card(id)
		if card.Notes != "20 February 2017. Letters to this address stopped: She rang and was upset" {
			t.Errorf("the notes are %q", card.Notes)
		}
		if !w.isStopped(id) || w.outbox.SuppressionHash(card.Email) != card.SuppressionKey {
			t.Error("the address is not stopped under the contact's own key")
		}
		w.record(id, phoned(Given, start))
		if !w.isStopped(id) {
			t.Error("a yes on the telephone starts letters to a stopped address")
		}
		if err := w.contacts.AllowEmail(w.ctx, id, "She wants them after all"); err != nil || w.isStopped(id) {
			t.Errorf("it is still stopped, %v", err)
		}
		if err := w.contacts.StopEmail(w.ctx, id, "Once more"); err != nil {
			t.Fatal(err)
		}
		w.tell(id, told{Given, 21, 21, FromSubscribe})
		if w.isStopped(id) {
			t.Error("who signs up by a link in a mail to the address gets no letters")
		}
	})
}

// isStopped says whether the list shows the contact as stopped, by the filter that joins the tables.
func (w *world) isStopped(id int64) bool {
	w.t.Helper()
	page, err := w.contacts.List(w.ctx, ListFilter{Suppressed: "yes"})
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(page.Contacts, func(l Listed) bool { return l.ID == id && l.Suppressed })
}

// letter has an update wait for contacts, and gives the delivery to the first.
func (w *world) letter(ids ...int64) (delivery int64) {
	w.t.Helper()
	number := w.number(`SELECT count(*) FROM mailings`)
	w.write(func(tx *database.Tx) error {
		m := mail.NewMailing{Key: "update:" + strconv.Itoa(number), Kind: "update", About: "updates", AboutID: 1, Subject: "Stakeholder update",
			Blocks: []mail.Block{mail.Paragraph("Hello.")}, ListID: "updates", Purpose: Updates}
		mailing, err := w.outbox.CreateMailing(w.ctx, tx, m)
		if err != nil {
			return err
		}
		var to []mail.Recipient
		for _, id := range ids {
			c, err := contactByID(tx.DB, id)
			if err != nil {
				return err
			}
			to = append(to, mail.Recipient{ContactID: id, Address: c.Email, Name: c.Name})
		}
		if _, err := w.outbox.AddRecipients(w.ctx, tx, mailing, to); err != nil {
			return err
		}
		return tx.Row(`SELECT id FROM deliveries WHERE mailing_id = ? AND contact_id = ?`, mailing, ids[0]).Scan(&delivery)
	})
	return delivery
}
