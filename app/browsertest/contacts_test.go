package browsertest_test

import (
	"net/url"
	"strings"
	"time"

	"conversations/app/browsertest"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/mail"
)

// acquainted are the contacts of the world: one with a ledger, letters and a merge, one who was stopped, an organisation.
type acquainted struct{ ada, stopped, practice, entry int64 }

func (w *world) makeContacts() {
	known := contacts.Form{Name: "Ada Example", Email: "ada.contact@residents.example", PostAddress: "1 Example Street\nTring", Postcode: "HP23 5AA", LargePrint: true,
		Groups: []string{"residents", "media"}, Localities: []string{"dacorum"}, Notes: "Prefers mornings."}
	twin := contacts.Form{Name: "A. Example", Email: "a.example@practice.example", Organisation: "Example Practice"}
	w.people = acquainted{ada: w.contact(known), stopped: w.contact(contacts.Form{Name: "Bert Example", Email: "bert@residents.example"}),
		practice: w.contact(contacts.Form{Kind: "organisation", Organisation: "Example Practice", Phone: "01632 960001"})}
	gone := w.contact(twin)
	for _, entry := range []string{"given", "withdrawn", "given"} {
		stands, err := w.App.Contacts.RecordSaid(w.Ctx(), w.people.ada, w.said(entry))
		must(w.t, err)
		w.people.entry = stands[0].ConsentID
	}
	must(w.t, w.App.Contacts.TakeBack(w.Ctx(), w.people.ada, w.people.entry-1, "Typed for the wrong person"))
	must(w.t, w.App.Contacts.StopEmail(w.Ctx(), w.people.stopped, "He rang"))
	a, err := w.App.Contacts.Card(w.Ctx(), w.people.ada)
	must(w.t, err)
	b, err := w.App.Contacts.Card(w.Ctx(), gone)
	must(w.t, err)
	must(w.t, second(w.App.Contacts.Merge(w.Ctx(), a.ID, b.ID, contacts.Versions{Kept: a.Version, Gone: b.Version})))
	w.giveLetters(w.people.ada)
}

func (w *world) contact(f contacts.Form) int64 {
	id, err := w.App.Contacts.Add(w.Ctx(), f)
	must(w.t, err)
	return id
}

// said is something that somebody says on the telephone today.
func (w *world) said(entry string) contacts.RecordForm {
	today := w.App.DB.Now().In(w.App.Config.Zone())
	return contacts.RecordForm{Purpose: "updates", Channel: "email", Entry: entry, Basis: "consent", Source: "telephone", Note: "sign-up sheet",
		Day: today.Format("2"), Month: today.Format("1"), Year: today.Format("2006")}
}

// giveLetters gives a contact a letter in every state.
func (w *world) giveLetters(contactID int64) {
	for i, state := range []mail.DeliveryState{mail.DeliverySent, mail.DeliveryFailed, mail.DeliveryDeferred, mail.DeliveryWithdrawn, mail.DeliveryQueued} {
		must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
			id, err := w.App.Outbox.CreateMailing(w.Ctx(), tx, mail.NewMailing{Key: "sight:" + string(state), Kind: "update", About: "updates", AboutID: int64(i + 1),
				Subject: "Stakeholder update", Blocks: []mail.Block{mail.Paragraph("Hello.")}, ListID: "updates", Purpose: "updates"})
			if err != nil {
				return err
			}
			to := []mail.Recipient{{ContactID: contactID, Address: "ada.contact@residents.example", Name: "Ada Example"}}
			if _, err := w.App.Outbox.AddRecipients(w.Ctx(), tx, id, to); err != nil {
				return err
			}
			return tx.Exec(`UPDATE deliveries SET state = ?, done_at = ?, words = '451 4.7.1 try again later' WHERE mailing_id = ?`, string(state), tx.Now().Add(-time.Hour), id).Error
		}))
	}
}

// contactPaths are the staff's pages of contacts.
func (w *world) contactPaths() map[string][]string {
	ada, bert, practice := "/staff/contacts/"+number(w.people.ada), "/staff/contacts/"+number(w.people.stopped), "/staff/contacts/"+number(w.people.practice)
	return map[string][]string{
		"/staff/contacts": {"/staff/contacts", "/staff/contacts?q=example&sort=-organisation", "/staff/contacts?suppressed=yes",
			"/staff/contacts?basis=no&group=residents&locality=dacorum&channel=post&kind=person"},
		"/staff/contacts/new":                          {"/staff/contacts/new"},
		"/staff/contacts/groups":                       {"/staff/contacts/groups"},
		"/staff/contacts/groups/new":                   {"/staff/contacts/groups/new"},
		"/staff/contacts/groups/:group":                {"/staff/contacts/groups/1"},
		"/staff/contacts/:id":                          {ada, bert, practice},
		"/staff/contacts/:id/change":                   {ada + "/change", practice + "/change"},
		"/staff/contacts/:id/record":                   {ada + "/record"},
		"/staff/contacts/:id/entries/:entry/take-back": {ada + "/entries/" + number(w.people.entry) + "/take-back"},
		"/staff/contacts/:id/stop":                     {ada + "/stop"},
		"/staff/contacts/:id/allow":                    {bert + "/allow"},
		"/staff/contacts/:id/merge":                    {ada + "/merge", ada + "/merge?q=example", ada + "/merge?other=" + number(w.people.practice)},
	}
}

// refusedContacts are forms about contacts that were filled in wrongly, shown again.
func (w *world) refusedContacts() []sight {
	ada := "/staff/contacts/" + number(w.people.ada)
	bad := url.Values{"email": {"nobody"}, "phone": {"12"}, "postcode": {"HP"}, "channel": {"post"}, "localities": {"atlantis"}, "notes": {strings.Repeat("long ", 1000)}}
	return []sight{
		{path: "/staff/contacts/new", staff: true, from: "/staff", send: bad, status: 422},
		{path: ada + "/change", staff: true, from: "/staff", send: bad, status: 422},
		{path: ada + "/change?stale", staff: true, from: "/staff", send: url.Values{"name": {"Ada E."}, "email": {"ada@residents.example"}, "version": {"0"}}, status: 409},
		{path: ada + "/record", staff: true, from: "/staff", send: url.Values{"day": {"31"}, "month": {"2"}}, status: 422},
		{path: ada + "/stop", staff: true, from: "/staff", send: url.Values{"reason": {""}}, status: 422},
		{path: ada + "/merge", staff: true, from: "/staff", send: url.Values{"other": {number(w.people.practice)}}, status: 409},
		{path: "/staff/contacts/groups/new", staff: true, from: "/staff", send: url.Values{"name": {"Residents"}}, status: 422},
	}
}

// contactPictures are those of the guide, in a window that is high enough for what they are about.
func (w *world) contactPictures(p *browsertest.Page) {
	ada := "/staff/contacts/" + number(w.people.ada)
	for _, s := range []struct {
		name, path string
		height     int64
	}{
		{"contacts", "/staff/contacts?group=councillors", 1150}, {"contact-groups", "/staff/contacts/groups", 800}, {"contact-record", ada + "/record", 1500},
		{"contact", ada, 1900}, {"contact-merge", ada + "/merge?other=" + number(w.people.practice), 1250},
	} {
		p.Resize(1280, s.height)
		p.Go(s.path)
		p.Shot(s.name)
	}
}
