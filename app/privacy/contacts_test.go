package privacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/mail"
	"conversations/app/privacy"
)

// contact makes a contact who says yes to updates today, by email where there is an address.
func (w *world) contact(f contacts.Form) (id int64) {
	w.t.Helper()
	id, err := w.Contacts.Add(w.ctx, f)
	if err != nil {
		w.t.Fatal(err)
	}
	by := contacts.Email
	if f.Email == "" {
		by = contacts.Post
	}
	w.say(id, contacts.Given, by)
	return id
}

func (w *world) say(id int64, entry contacts.Entry, by contacts.Channel) {
	w.t.Helper()
	today := w.now()
	said := contacts.RecordForm{Purpose: contacts.Updates, Channel: string(by), Entry: string(entry), Basis: "consent", Source: "telephone", Note: "call of Quixley",
		Day: today.Format("2"), Month: today.Format("1"), Year: today.Format("2006")}
	if _, err := w.Contacts.RecordSaid(w.ctx, id, said); err != nil {
		w.t.Fatal(err)
	}
}

// known is a contact at home and at work, found to be one, in a group, with a letter that waits.
func (w *world) known() (id, delivery int64) {
	w.t.Helper()
	id = w.contact(contacts.Form{Name: "Zenobia Quixley", Email: herMail, Phone: herPhone, PostAddress: "7 Quixley Street", Postcode: "HP1 1AA",
		Groups: []string{"residents"}, Localities: []string{"dacorum"}, Notes: "Likes xylophones."})
	work := w.contact(contacts.Form{Name: "Z. Quixley", Organisation: "Quixley & Daughters", Email: "zq@work.example"})
	kept, err := w.Contacts.Card(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Contacts.Merge(w.ctx, id, work, contacts.Versions{Kept: kept.Version, Gone: 1}); err != nil {
		w.t.Fatal(err)
	}
	err = w.DB.Write(w.ctx, func(tx *database.Tx) error {
		mailing, err := w.Outbox.CreateMailing(w.ctx, tx, mail.NewMailing{Key: "update:1", Kind: "update", About: "updates", AboutID: 1, Subject: "News",
			Blocks: []mail.Block{mail.Paragraph("Hello.")}, ListID: "updates", Purpose: contacts.Updates})
		if err != nil {
			return err
		}
		if _, err := w.Outbox.AddRecipients(w.ctx, tx, mailing, []mail.Recipient{{ContactID: id, Address: herMail, Name: "Zenobia Quixley"}}); err != nil {
			return err
		}
		return tx.Row(`SELECT id FROM deliveries`).Scan(&delivery)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id, delivery
}

// letters says whether letters may go to an address: by the ledger, and by nobody having stopped it.
func (w *world) letters(address string) (mayWrite, stopped bool) {
	w.t.Helper()
	page, err := w.Contacts.List(w.ctx, contacts.ListFilter{Text: address})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range page.Contacts {
		_, mayWrite = c.Allowed()
		return mayWrite, c.Suppressed
	}
	return false, false
}

// brought has an old list say yes for an address.
func (w *world) brought(address string, said time.Time) {
	w.t.Helper()
	err := w.DB.Write(w.ctx, func(tx *database.Tx) error {
		id, _, err := w.Contacts.FindOrCreateTx(w.ctx, tx, address, "")
		if err == nil {
			_, err = w.Contacts.GiveTx(w.ctx, tx, id, contacts.Said{Purpose: contacts.Updates, Channel: contacts.Email, At: said, Source: contacts.FromImport})
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAnErasedContactIsGoneAndNoOldListWritesToThem(t *testing.T) {
	both(t, func(t *testing.T, w *world, address string) {
		_, delivery := w.known()
		w.later(time.Hour)
		held, err := w.Privacy.Find(w.ctx, privacy.Who{"zq@work.example"})
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		for _, one := range held.Tables {
			tables = append(tables, one.Name)
		}
		for _, want := range []string{"contacts", "contact_group_members", "contact_localities", "consents", "deliveries"} {
			if !slices.Contains(tables, want) {
				t.Errorf("by the address of a merged contact nothing of %s is found, only %v", want, tables)
			}
		}
		if !slices.Contains(scan(t, w, address), "quixley") {
			t.Fatal("the scan finds nothing before the erasure")
		}
		if _, err := w.Privacy.Erase(w.ctx, w.order(held.Who...)); err != nil {
			t.Fatal(err)
		}
		if left := scan(t, w, address); len(left) > 0 {
			t.Errorf("after the erasure there is still %v", left)
		}
		if page, err := w.Contacts.List(w.ctx, contacts.ListFilter{}); err != nil || page.Total != 0 {
			t.Errorf("the list still has %d contacts, %v", page.Total, err)
		}
		if d, err := w.Outbox.Delivery(w.ctx, delivery); err != nil || d.State != mail.DeliveryWithdrawn {
			t.Errorf("the letter that waited is %q, %v", d.State, err)
		}
		if n := w.number(`SELECT count(*) FROM current_consents WHERE entry = 'given'`); n != 0 {
			t.Errorf("%d consents of nobody still stand", n)
		}
		for _, one := range []string{herMail, "zq@work.example"} {
			w.brought(one, w.now())
			if _, stopped := w.letters(one); !stopped {
				t.Errorf("a list that was brought in has letters go to %s again", one)
			}
		}
	})
}

func TestWhoHasOnlyAPostalAddressIsFoundAndErased(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		w.contact(contacts.Form{Name: "Zenobia Quixley", PostAddress: "7 Example Street", Postcode: "hp1 1aa", Channel: "post"})
		w.contact(contacts.Form{Name: "Anna Neighbour", PostAddress: "8 Example Street", Postcode: "HP1 1AA", Channel: "post"})
		if _, err := w.Privacy.Erase(w.ctx, w.order("Zenobia Quixley, HP1 1AA")); err != nil {
			t.Fatal(err)
		}
		page, err := w.Contacts.List(w.ctx, contacts.ListFilter{})
		if err != nil || page.Total != 1 || page.Contacts[0].Name != "Anna Neighbour" {
			t.Errorf("the list has %+v, %v", page.Contacts, err)
		}
	})
}

func TestContactsAreKeptWhileWeMayWriteAndGoWhenThatIsLongOver(t *testing.T) {
	both(t, func(t *testing.T, w *world, _ string) {
		keep := w.Config.Retention.Contacts
		w.contact(contacts.Form{Name: "Still Reading", Email: "still@residents.example"})
		ended := w.contact(contacts.Form{Name: "Zenobia Quixley", Email: herMail, Groups: []string{"residents"}})
		asked, err := w.Contacts.Add(w.ctx, contacts.Form{Name: "Never Asked", Email: "never@residents.example"})
		if err != nil {
			t.Fatal(err)
		}
		w.later(keep - day)
		w.say(ended, contacts.Withdrawn, contacts.Email)
		w.later(2 * day)
		w.forget()
		names := func() string {
			page, err := w.Contacts.List(w.ctx, contacts.ListFilter{})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, c := range page.Contacts {
				all = append(all, c.Name)
			}
			return strings.Join(all, ", ")
		}
		if got := names(); got != "Still Reading, Zenobia Quixley" {
			t.Errorf("two years after they were added there are %s (contact %d was never asked)", got, asked)
		}
		w.later(keep - 2*day)
		w.forget()
		if got := names(); got != "Still Reading, Zenobia Quixley" {
			t.Errorf("a day before two years after the end there are %s", got)
		}
		w.later(2 * day)
		w.forget()
		if got := names(); got != "Still Reading" {
			t.Errorf("two years after the end there are %s", got)
		}
		if n := w.number(`SELECT count(*) FROM contact_group_members`); n != 0 {
			t.Errorf("%d are still in groups", n)
		}
		w.brought(herMail, w.now().Add(-3*keep))
		if _, stopped := w.letters(herMail); !stopped {
			t.Error("an old list revives who ended it")
		}
		w.brought("never@residents.example", w.now())
		if may, stopped := w.letters("never@residents.example"); !may || stopped {
			t.Error("who was never asked cannot say yes")
		}
	})
}
