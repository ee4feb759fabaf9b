package browsertest_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/browsertest"
	"conversations/app/contacts"
	"conversations/app/database"
)

// listOfContacts has a row of every kind: good, on the list twice, with a group that is not there, without an address.
const listOfContacts = `email,name,organisation,groups,localities,consent,consent_date,consent_source,shoe size
ada@residents.example,Ada Example,,residents|councillors,dacorum,yes,31/01/2017,"Sign-up sheet, Hemel Hempstead",5
ADA@residents.example,,Example Council,media,,,,,
ben@residents.example,Ben Example,,residents,hertsmere,yes,31/02/2017,a fair,9
cleo.residents.example,Cleo Example,,residents,,,,,
dora@residents.example,Dora Example,,Friends of the park,,no,,,
eve@residents.example,Eve Example,,residents,,yes,1 February 2017,a fair,
,Finn Example,,,,,,,
`

// importFile writes a list to a file.
func importFile(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func TestAListOfContactsComesInAndGoesAgainOnPages(t *testing.T) {
	for name, mode := range map[string]browsertest.Mode{"with script": browsertest.WithScript, "without script": browsertest.ScriptDisabled} {
		t.Run(name, func(t *testing.T) {
			w := newDemo(t)
			must(t, w.App.Contacts.Sync(w.Ctx()))
			p := browsertest.Open(t, w.Site, mode)
			p.SignIn(w.admin.Email, w.admin.Password)
			p.Go("/staff/contacts/import")
			if status := p.Click("Read the file"); status != 422 {
				t.Errorf("without a file it was answered with %d", status)
			}
			p.Shows("There is a problem", "Choose a file")
			p.Upload("File", importFile(t, "sign-ups.csv", listOfContacts))
			p.Click("Read the file")
			p.Shows("What is in the columns?", "7 rows were read, as UTF-8 text with commas between the cells.", "For example: ada@residents.example")
			p.Click("Check the list")
			w.lookAgain(t, p, "Look at it before you bring it in")
			p.Shows("Nothing has changed yet.", "These columns are left out: shoe size", "“31/02/2017” is not a date", "“cleo.residents.example” is not an email address",
				"There is no group “Friends of the park”", "There is no email address.", "Groups: Residents, Councillors, Media", "Friends of the park")
			if status := p.Click("Bring it in"); status != 422 {
				t.Errorf("with bad rows it was answered with %d", status)
			}
			p.Shows("Tick the box to leave out the bad rows, or mend them first")
			p.Tick("Friends of the park")
			p.Click("Make them, and check again")
			w.lookAgain(t, p, "Look at it before you bring it in")
			p.Tick("Leave out 3 rows that cannot be used, and bring in the others")
			p.Click("Bring it in")
			w.lookAgain(t, p, "The list is brought in")
			p.Shows("You can undo it until", "Rows that were left out")
			if n := w.contactsCalled(t, "ada@residents.example", "dora@residents.example", "eve@residents.example"); n != 3 {
				t.Errorf("%d of three contacts are there", n)
			}
			p.Click("Undo")
			p.Shows("Undo this list?", "3 contacts that it brought are deleted.")
			p.Click("Undo it")
			w.lookAgain(t, p, "The list was taken back")
			p.Shows("Contacts as they were before")
			if n := w.contactsCalled(t, "ada@residents.example", "dora@residents.example", "eve@residents.example"); n != 0 {
				t.Errorf("%d contacts are still there", n)
			}
			p.Go("/staff/contacts/imports")
			p.Shows("sign-ups.csv", "Taken back", "3 taken back, 0 kept")
		})
	}
}

// lookAgain waits until the page of a list says this: by itself where script runs, else by its link.
func (w *world) lookAgain(t *testing.T, p *browsertest.Page, heading string) {
	t.Helper()
	apptest.Eventually(t, heading, func() bool {
		if strings.Contains(p.Heading(), heading) {
			return true
		}
		if strings.Contains(p.Text(), "Look again") {
			p.Click("Look again")
		}
		return false
	})
}

func (w *world) contactsCalled(t *testing.T, emails ...string) (n int) {
	t.Helper()
	must(t, w.App.DB.Read(w.Ctx()).Raw(`SELECT count(*) FROM contacts WHERE email_key IN ?`, emails).Scan(&n).Error)
	return n
}

// lists are imports in every state, by its name.
func (w *world) makeLists() map[string]string {
	must(w.t, w.App.Contacts.Sync(w.Ctx()))
	paths := map[string]string{}
	read := func(text string) contacts.Import {
		i, err := w.App.Contacts.ReadImport(w.Ctx(), contacts.ImportFile{Name: "sign-ups.csv", Data: strings.NewReader(text), Size: int64(len(text))})
		must(w.t, err)
		return i
	}
	check := func(i contacts.Import) contacts.Import {
		set, err := i.Choices()
		must(w.t, err)
		must(w.t, w.App.Contacts.CheckImport(w.Ctx(), i.ID, set))
		must(w.t, w.App.Contacts.WorkImports(w.Ctx()))
		i, err = w.App.Contacts.ImportByID(w.Ctx(), i.ID)
		must(w.t, err)
		return i
	}
	bring := func(text string) contacts.Import {
		i := check(read(text))
		must(w.t, w.App.Contacts.ConfirmImport(w.Ctx(), i.ID, contacts.Confirmation{Seen: i.Forecast(), SkipBad: true}))
		must(w.t, w.App.Contacts.WorkImports(w.Ctx()))
		return i
	}
	paths["read"] = importPage(read(listOfContacts))
	undone := bring(strings.ReplaceAll(listOfContacts, "@", "-undone@"))
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE contacts SET version = version + 1 WHERE email_key = 'ada-undone@residents.example'`).Error
	}))
	must(w.t, w.App.Contacts.UndoImport(w.Ctx(), undone.ID))
	must(w.t, w.App.Contacts.WorkImports(w.Ctx()))
	paths["undone"], paths["done"] = importPage(undone), importPage(bring(listOfContacts))
	paths["checked"] = importPage(check(read(strings.ReplaceAll(listOfContacts, "Eve Example", "Eve Sample"))))
	for _, state := range []string{"checking", "reading"} { // the job cannot read its settings, so that it stays so
		must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
			id, err := tx.Insert(`INSERT INTO contact_imports (file_name, state, settings, total, worked, created_at) VALUES ('stays.csv', ?, 'none', 50000, 12500, ?) RETURNING id`, state, tx.Now())
			paths[state] = "/staff/contacts/imports/" + number(id)
			return err
		}))
	}
	return paths
}

func importPage(i contacts.Import) string { return "/staff/contacts/imports/" + number(i.ID) }

// listPaths are the pages on which lists of contacts come in.
func (w *world) listPaths() map[string][]string {
	const one = "/staff/contacts/imports/:import"
	l := w.lists
	return map[string][]string{
		"/staff/contacts/import":  {"/staff/contacts/import"},
		"/staff/contacts/imports": {"/staff/contacts/imports", "/staff/contacts/imports?state=done&sort=name", "/staff/contacts/imports?state=undoing"},
		one:                       {l["checking"], l["checked"], l["done"], l["undone"], l["reading"]},
		one + "/columns":          {l["read"] + "/columns", l["checked"] + "/columns"},
		one + "/undo":             {l["done"] + "/undo"},
		one + "/rows":             {l["checked"] + "/rows", l["checked"] + "/rows?show=bad", l["undone"] + "/rows?show=kept", l["done"] + "/rows?show=noted"},
	}
}

// listForms are forms about lists that are refused.
func (w *world) listForms() []sight {
	return []sight{
		{path: "/staff/contacts/import", staff: true, from: "/staff", send: url.Values{}, status: 422},
		{path: w.lists["read"] + "/columns", staff: true, from: "/staff", send: url.Values{"column": {"email", "email", "name"}, "basis": {""}, "date-day": {"31"}, "date-month": {"2"}}, status: 422},
		{path: w.lists["checked"] + "/confirm", staff: true, from: "/staff", send: url.Values{"seen": {w.forecast(w.lists["checked"])}}, status: 422},
		{path: w.lists["checked"] + "/groups", staff: true, from: "/staff", send: url.Values{}, status: 422},
	}
}

func (w *world) forecast(path string) (seen string) {
	var i contacts.Import
	must(w.t, w.App.DB.Read(w.Ctx()).Raw(`SELECT * FROM contact_imports WHERE id = ?`, filepath.Base(path)).Scan(&i).Error)
	return i.Forecast()
}

func TestPicturesOfListsOfContacts(t *testing.T) {
	if os.Getenv("GUIDE_PICTURES") != "1" {
		t.Skip("pictures are made where GUIDE_PICTURES=1 asks for them")
	}
	w := newDemo(t)
	w.lists = w.makeLists()
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	for _, s := range []struct{ name, path string }{
		{"import-columns", w.lists["read"] + "/columns"}, {"import-check", w.lists["checked"]}, {"import-done", w.lists["done"]},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
}
