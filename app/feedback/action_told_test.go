package feedback_test

import (
	"slices"
	"strings"
	"testing"

	"conversations/app/audiences"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/feedback"
)

func TestTheLineIsFollowedBothWays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		here := o.raise(said("There is no sign at all."))[0]
		there := said("The corridor has no signs.")
		there.Locality = "hertsmere"
		elsewhere := o.raise(there)[0]
		f := o.form()
		f.Locality = "dacorum"
		a := o.published(f)
		back, err := o.Raised(o.lead, a.ID, 1)
		must(t, err)
		if back.Total != 1 || back.Comments[0].ID != here {
			t.Errorf("the answer leads back to %+v", back.Comments)
		}
		came, err := o.CameOf(o.lead, here)
		must(t, err)
		if len(came) != 1 || came[0].Title != a.Title || came[0].Words() != "Planned, on the website" || came[0].Theme != "Signs" {
			t.Errorf("what came of it: %+v", came)
		}
		if came, err = o.CameOf(o.lead, elsewhere); err != nil || len(came) != 0 {
			t.Errorf("what came of a comment elsewhere: %+v, %v", came, err)
		}
	})
}

// reachable is a comment of somebody who left an address.
func reachable(text, email string, agreed bool) feedback.NewComment {
	n := said(text)
	n.Recontact, n.Who = agreed, &feedback.Person{Name: "A Resident", Email: email, Wording: "You may get in touch with me about this."}
	return n
}

func TestWhoRaisedItAndAgreedIsToldInOneStep(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.raise(reachable("There is no sign at all.", "ann@residents.example", true), reachable("I got lost on the stairs.", "Ann@Residents.example", true),
			reachable("Nobody could tell me the way.", "ben@residents.example", false), reachable("The lift has no signs either.", "cem@residents.example", true))
		o.stops("cem@residents.example")
		a, err := o.AddAction(o.lead, o.form())
		must(t, err)
		_, err = o.Tell(o.lead, a.ID, a.Version)
		refused(t, "told of a draft", err, "Publish the answer first")
		a, err = o.AskToPublish(o.lead, a.ID, a.Version)
		must(t, err)
		a, err = o.Publish(o.second, a.ID, a.Version)
		must(t, err)
		_, err = o.Tell(o.lead, a.ID, a.Version)
		must(t, err)
		if len(o.letters) != 1 || !strings.Contains(o.letters[0].Body, "We will put up signs") || o.letters[0].Purpose != "recontact" {
			t.Errorf("the letter: %+v", o.letters)
		}
		o.Audiences.Add(o.RaisedSource())
		list, err := o.Audiences.Make(o.admin, audiences.Request{Rule: o.letters[0].Rule, Purpose: "recontact", About: "updates", AboutID: 1})
		must(t, err)
		rows, err := o.Audiences.Rows(o.admin, list.ID, audiences.RowFilter{Sort: "email"})
		must(t, err)
		var got []string
		for _, r := range rows.Rows {
			got = append(got, strings.ToLower(r.Email)+" "+string(r.Outcome))
		}
		if !slices.Equal(got, []string{"ann@residents.example email", "cem@residents.example left-out"}) {
			t.Errorf("the list: %q", got)
		}
		d, err := o.Action(o.lead, a.ID)
		must(t, err)
		_, err = o.Tell(o.lead, a.ID, d.Version)
		refused(t, "told twice before the first is sent", err, "an update about this answer already")
	})
}

// stops has somebody say that they do not want to be asked again.
func (o *office) stops(email string) {
	o.t.Helper()
	must(o.t, o.db.Write(o.lead, func(tx *database.Tx) error {
		id, _, err := o.Contacts.FindOrCreateTx(o.lead, tx, email, "A Resident")
		if err != nil {
			return err
		}
		return o.Contacts.WithdrawTx(o.lead, tx, id, contacts.Said{Purpose: "recontact", Channel: contacts.Email, Source: contacts.FromTelephone})
	}))
}

func TestTwoAtOnceAreBothTold(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	a, err := o.AddAction(o.lead, o.form())
	must(t, err)
	f := o.form()
	f.Version, f.Title = a.Version, "Signs to the eye clinic"
	_, err = o.ChangeAction(o.second, a.ID, f)
	must(t, err)
	f.Title = "Signs to the lift"
	_, err = o.ChangeAction(o.lead, a.ID, f)
	refused(t, "the second to save", err, "Somebody else changed")
	d, err := o.Action(o.lead, a.ID)
	must(t, err)
	if d.Title != "Signs to the eye clinic" || len(d.History) != 2 || !slices.Equal(d.History[0].Fields, []string{"title"}) {
		t.Errorf("the answer is %q, its history %+v", d.Title, d.History)
	}
}
