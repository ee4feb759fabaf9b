package contacts

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

// resident is the form of a person with an address.
func resident(name string) Form {
	return Form{Kind: "person", Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@residents.example", Channel: "email"}
}

// add makes a contact that may not be refused.
func (w *world) add(f Form) (id int64) {
	w.t.Helper()
	id, err := w.contacts.Add(w.ctx, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) card(id int64) Card {
	w.t.Helper()
	card, err := w.contacts.Card(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return card
}

// wrong are the fields that an error has a message for.
func wrong(err error) (fields []string) {
	if f, is := errors.AsType[*fault.Error](err); is {
		for _, field := range f.Fields {
			fields = append(fields, field.Name)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

func TestEverythingThatIsWrongWithAContactIsSaidAtOnce(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	for name, c := range map[string]struct {
		form  Form
		wrong []string
	}{
		"nothing typed":                         {Form{}, []string{"email", "name"}},
		"only an address":                       {Form{Email: "a@residents.example"}, nil},
		"an organisation without a name":        {Form{Kind: "organisation", Email: "a@residents.example"}, []string{"organisation"}},
		"an organisation of its own":            {Form{Kind: "organisation", Organisation: "Example Practice", Phone: "01632 960001"}, nil},
		"an unknown kind":                       {Form{Kind: "cat", Name: "A", Email: "a@residents.example"}, []string{"kind"}},
		"an address that cannot be":             {Form{Name: "A", Email: "a@residents"}, []string{"email"}},
		"an address that was probably mistyped": {Form{Name: "A", Email: "a@gmial.com"}, []string{"email"}},
		"a mistyped address, found right":       {Form{Name: "A", Email: "a@gmial.com", EmailChecked: "a@gmial.com"}, nil},
		"post without an address":               {Form{Name: "A", Email: "a@residents.example", Channel: "post"}, []string{"post_address", "postcode"}},
		"post without a postcode":               {Form{Name: "A", PostAddress: "1 Example Street", Channel: "post"}, []string{"postcode"}},
		"post with half a postcode":             {Form{Name: "A", PostAddress: "1 Example Street", Postcode: "HP1", Channel: "post"}, []string{"postcode"}},
		"post":                                  {Form{Name: "A", PostAddress: "1 Example Street", Postcode: "hp11aa", Channel: "post"}, nil},
		"nobody chose a way, and there is post": {Form{Name: "A", PostAddress: "1 Example Street", Postcode: "HP1 1AA"}, nil},
		"email preferred without an address":    {Form{Name: "A", Phone: "01632 960001", Channel: "email"}, []string{"email"}},
		"telephone preferred without a number":  {Form{Name: "A", Email: "a@residents.example", Channel: "telephone"}, []string{"phone"}},
		"a number that cannot be":               {Form{Name: "A", Phone: "12", Channel: "telephone"}, []string{"phone"}},
		"an unknown locality":                   {Form{Name: "A", Email: "a@residents.example", Localities: []string{"atlantis"}}, []string{"localities"}},
		"an unknown channel":                    {Form{Name: "A", Email: "a@residents.example", Channel: "pigeon"}, []string{"channel"}},
		"notes without end":                     {Form{Name: "A", Email: "a@residents.example", Notes: strings.Repeat("a", 4001)}, []string{"notes"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.form.Check(w.contacts.cfg); !slices.Equal(wrong(err), c.wrong) {
				t.Errorf("wrong are %v, want %v: %v", wrong(err), c.wrong, err)
			}
		})
	}
}

func TestAContactIsAddedAndChangedWithItsGroups(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		f := resident("Ada Example")
		f.Groups, f.Localities = []string{"residents", "media"}, []string{"dacorum"}
		id := w.add(f)
		card := w.card(id)
		if card.EmailKey != "ada.example@residents.example" || !slices.Equal(card.Groups, []string{"media", "residents"}) || !slices.Equal(card.Localities, []string{"dacorum"}) {
			t.Fatalf("the contact is %+v", card)
		}
		f = card.form()
		f.Name, f.Groups, f.Localities = "Ada Sample", []string{"councillors"}, nil
		if err := w.contacts.Change(w.ctx, id, f); err != nil {
			t.Fatal(err)
		}
		card = w.card(id)
		if card.Name != "Ada Sample" || card.Version != 2 || !slices.Equal(card.Groups, []string{"councillors"}) || len(card.Localities) != 0 {
			t.Errorf("the changed contact is %+v", card)
		}
		var details string
		if err := w.db.Read(w.ctx).Raw(`SELECT details FROM audit_entries WHERE action = 'contact.change'`).Scan(&details).Error; err != nil {
			t.Fatal(err)
		}
		if details != `{"fields":["name","groups","localities"]}` {
			t.Errorf("the audit log has %s", details)
		}
	})
}

func TestTheSecondOfTwoEditorsIsToldAndNothingIsLost(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		id := w.add(resident("Ada Example"))
		first, second := w.card(id).form(), w.card(id).form()
		first.Notes, second.Notes = "Prefers mornings.", "Has moved."
		if err := w.contacts.Change(w.ctx, id, first); err != nil {
			t.Fatal(err)
		}
		err := w.contacts.Change(w.ctx, id, second)
		conflict, is := errors.AsType[*ChangeConflict](err)
		if !is || conflict.Stored.Notes != "Prefers mornings." {
			t.Fatalf("the second is told: %v", err)
		}
		if got := w.card(id).Notes; got != "Prefers mornings." {
			t.Errorf("the first one's text is now %q", got)
		}
	})
}

func TestTwoContactsCannotHaveOneAddress(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		w.add(resident("Ada Example"))
		again := resident("Ada Example")
		again.Name, again.Email = "Somebody Else", "ADA.Example@residents.example"
		if _, err := w.contacts.Add(w.ctx, again); !slices.Equal(wrong(err), []string{"email"}) {
			t.Errorf("the second contact: %v", err)
		}
		other := w.add(resident("Bert Example"))
		f := w.card(other).form()
		f.Email = again.Email
		if err := w.contacts.Change(w.ctx, other, f); !slices.Equal(wrong(err), []string{"email"}) {
			t.Errorf("the change: %v", err)
		}
	})
}

func TestAGroupIsAddedRenamedAndRetired(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		g, err := w.contacts.AddGroup(w.ctx, GroupForm{Name: "Parish councils & boards"})
		if err != nil || g.Slug != "parish-councils-boards" {
			t.Fatalf("the group is %+v, %v", g, err)
		}
		if _, err := w.contacts.AddGroup(w.ctx, GroupForm{Name: "parish councils  & boards"}); !slices.Equal(wrong(err), []string{"name"}) {
			t.Errorf("a second group of the name: %v", err)
		}
		f := resident("Ada Example")
		f.Groups = []string{g.Slug}
		id := w.add(f)
		if err := w.contacts.ChangeGroup(w.ctx, g.ID, GroupForm{Name: "Parishes", Retired: true, Version: g.Version}); err != nil {
			t.Fatal(err)
		}
		if err := w.contacts.ChangeGroup(w.ctx, g.ID, GroupForm{Name: "Parish", Version: g.Version}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the second editor: %v", err)
		}
		if err := w.contacts.Change(w.ctx, id, w.card(id).form()); err != nil {
			t.Errorf("who is in a retired group can stay in it: %v", err)
		}
		f = resident("Bert Example")
		f.Groups = []string{g.Slug}
		if _, err := w.contacts.Add(w.ctx, f); !slices.Equal(wrong(err), []string{"groups"}) {
			t.Errorf("a retired group takes somebody new: %v", err)
		}
		if err := w.contacts.Sync(w.ctx); err != nil {
			t.Fatal(err)
		}
		if n := w.number(`SELECT count(*) FROM contact_groups`); n != len(w.contacts.cfg.Contacts.Groups)+1 {
			t.Errorf("there are %d groups", n)
		}
	})
}

func TestOnlyWhoManagesContactsMay(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	id := w.add(resident("Ada Example"))
	for role, may := range map[string]bool{"admin": true, "comms": true, "engagement": false, "door": false} {
		ctx := audit.WithActor(t.Context(), audit.Actor{Kind: audit.Staff, ID: 1, Role: role})
		_, seen := w.contacts.Card(ctx, id)
		_, listed := w.contacts.List(ctx, ListFilter{})
		_, taken := w.contacts.Export(ctx, ListFilter{}, "csv")
		_, told := w.contacts.RecordSaid(ctx, id, RecordForm{})
		for _, err := range []error{seen, listed, taken, told, w.contacts.StopEmail(ctx, id, ""), w.contacts.UndoMerge(ctx, id, 1)} {
			if refused := fault.KindOf(err) == fault.Forbidden; refused == may {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
}
