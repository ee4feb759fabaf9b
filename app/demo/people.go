package demo

import (
	"fmt"
	"strconv"
	"time"

	"conversations/app/contacts"
)

// acquaintances are contacts of the demo that are alike.
type acquaintances struct {
	how     int // many
	first   int // number of the first one's name
	form    contacts.Form
	entry   contacts.Entry
	basis   contacts.Basis
	channel contacts.Channel
	note    string
}

// people are the contacts of the demo: councillors and practices that have to be told, and residents who said yes.
func people() []acquaintances {
	here := []string{"dacorum"}
	return []acquaintances{
		{how: 8, first: 200, form: contacts.Form{Organisation: "Example Borough Council", Groups: []string{"councillors"}, Localities: here},
			entry: contacts.Given, basis: contacts.PublicTask, channel: contacts.Email, note: "list of members on the council’s website"},
		{how: 5, first: 210, form: contacts.Form{Kind: "organisation", Groups: []string{"gp-practices"}, Channel: "post", PostAddress: "3 Example Road\nHemel Hempstead", Postcode: "HP1 1AA"},
			entry: contacts.Given, basis: contacts.PublicTask, channel: contacts.Post},
		{how: 6, first: 220, form: contacts.Form{Groups: []string{"patient-representatives", "residents"}}, entry: contacts.Given, basis: contacts.Consent, channel: contacts.Email,
			note: "sign-up sheet, meeting of patient groups"},
		{how: 24, first: 230, form: contacts.Form{Groups: []string{"residents"}, Localities: []string{"watford-and-three-rivers"}}, entry: contacts.Given, basis: contacts.Consent,
			channel: contacts.Email, note: "sign-up sheet at the door"},
		{how: 3, first: 260, form: contacts.Form{Groups: []string{"residents"}, Channel: "post", LargePrint: true, PostAddress: "7 Example Close\nSt Albans", Postcode: "AL1 1AA"},
			entry: contacts.Given, basis: contacts.Consent, channel: contacts.Post},
		{how: 2, first: 265, form: contacts.Form{Groups: []string{"residents"}}, entry: contacts.Objected},
		{how: 3, first: 270, form: contacts.Form{Organisation: "The Example Gazette", Groups: []string{"media"}}},
	}
}

// acquaint makes the contacts, one after the other over the weeks before today.
func (f *filler) acquaint(today time.Time) error {
	if err := f.contacts.Sync(f.ctx); err != nil {
		return err
	}
	for _, a := range people() {
		for i := range a.how {
			f.now = today.AddDate(0, 0, -1-(a.first+i)%60)
			if err := f.contact(a, i); err != nil {
				return fmt.Errorf("contact %d: %w", a.first+i, err)
			}
		}
	}
	f.now = today
	return nil
}

func (f *filler) contact(a acquaintances, i int) error {
	form, name := a.form, residentName(a.first+i)
	if form.Name = name; form.Kind == string(contacts.Organisation) {
		form.Organisation = "Example Practice " + strconv.Itoa(i+1)
	}
	if form.Channel != string(contacts.Post) {
		form.Email = residentEmail(name)
	}
	id, err := f.contacts.Add(f.ctx, form)
	if err != nil || a.entry == "" {
		return err
	}
	said := contacts.RecordForm{Purpose: contacts.Updates, Channel: string(a.channel), Entry: string(a.entry), Basis: string(a.basis), Source: string(contacts.FromMeeting), Note: a.note,
		Day: strconv.Itoa(f.now.Day()), Month: strconv.Itoa(int(f.now.Month())), Year: strconv.Itoa(f.now.Year())}
	if a.basis == contacts.PublicTask {
		said.Source = string(contacts.FromRecords)
	}
	if a.entry != contacts.Given {
		said.Channel, said.Source = "all", string(contacts.FromTelephone)
	}
	_, err = f.contacts.RecordSaid(f.ctx, id, said)
	return err
}
