package contacts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/web"
)

// office is a world with the staff's pages, as the browser of somebody in communications reaches them.
type office struct {
	*world
	handler http.Handler
	cookies []*http.Cookie
}

// officerID is the member of staff of an office.
const officerID = 1

func newOffice(t testing.TB) *office {
	t.Helper()
	w := newWorld(t, databasetest.SQLite(t))
	shell := web.New(w.contacts.cfg, w.db, slog.New(slog.DiscardHandler))
	shell.Actor = func(_ context.Context, id int64) (audit.Actor, error) {
		return audit.Actor{Kind: audit.Staff, ID: id, Name: "Example Officer", Role: string(accounts.Comms)}, nil
	}
	shell.Allow = accounts.Require
	w.write(func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO staff (id, email, name, role, created_at, updated_at) VALUES (?, 'officer@staff.example', 'Example Officer', 'comms', ?, ?)`, officerID, start, start).Error
	})
	shell.Public.POST("/staff/test-sign-in", func(c echo.Context) error {
		return errors.Join(shell.SignIn(c, officerID), web.Redirect(c, listPath))
	})
	Routes(shell, w.contacts)
	o := &office{world: w, handler: shell.Handler()}
	o.cookies = o.do(http.MethodPost, "/staff/test-sign-in", nil).cookies
	return o
}

// answered is an answer of the office.
type answered struct {
	t        testing.TB
	status   int
	location string
	cookies  []*http.Cookie
	tree     *html.Node
	body     string
}

func (o *office) do(method, path string, form url.Values) answered {
	o.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range o.cookies {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	o.handler.ServeHTTP(rec, r)
	tree, err := html.Parse(bytes.NewReader(rec.Body.Bytes()))
	if err != nil {
		o.t.Fatal(err)
	}
	return answered{o.t, rec.Code, rec.Header().Get("Location"), rec.Result().Cookies(), tree, rec.Body.String()}
}

func (o *office) open(path string) answered {
	o.t.Helper()
	a := o.do(http.MethodGet, path, nil)
	if a.status != http.StatusOK {
		o.t.Fatalf("%s answered %d:\n%s", path, a.status, a.words())
	}
	return a
}

// send fills in the form of a page and sends it; a nil value takes a field out.
func (o *office) send(from, to string, typed url.Values) answered {
	o.t.Helper()
	form := o.open(from).fields()
	for name, values := range typed {
		form[name] = values
	}
	return o.do(http.MethodPost, to, form)
}

// follow gives the page that an answer leads to.
func (o *office) follow(a answered) answered {
	o.t.Helper()
	if a.status != http.StatusSeeOther {
		o.t.Fatalf("the form was answered with %d:\n%s", a.status, a.words())
	}
	return o.open(a.location)
}

// words is all that can be read on the page.
func (a answered) words() string {
	var out []string
	for n := range a.tree.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			out = append(out, n.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

func (a answered) says(texts ...string) answered {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.words(), text) {
			a.t.Errorf("the page does not say %q:\n%s", text, a.words())
		}
	}
	return a
}

// fields is what the largest form of the page would send.
func (a answered) fields() url.Values {
	out := url.Values{}
	for n := range a.tree.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" || n.Data == "meta" {
			continue
		}
		switch kind := attr(n, "type"); {
		case n.Data == "textarea" && n.FirstChild != nil:
			out.Add(name, strings.TrimPrefix(n.FirstChild.Data, "\n"))
		case n.Data == "select":
			for d := range n.Descendants() {
				if d.Data == "option" && marked(d, "selected") {
					out.Add(name, attr(d, "value"))
				}
			}
		case kind == "checkbox" || kind == "radio":
			if marked(n, "checked") {
				out.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			out.Add(name, attr(n, "value"))
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func marked(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func TestStaffAddAContactAndRecordWhatItSaid(t *testing.T) {
	o := newOffice(t)
	refused := o.send(listPath+"/new", listPath+"/new", url.Values{"name": {"Ada Example"}, "email": {"ada@gmial.com"}, "notes": {"Two\nlines"}})
	if refused.status != http.StatusUnprocessableEntity {
		t.Errorf("a mistyped address is answered with %d", refused.status)
	}
	refused.says("There is a problem", "Did you mean ada@gmail.com?")
	form := refused.fields()
	if form.Get("name") != "Ada Example" || form.Get("notes") != "Two\nlines" {
		t.Errorf("what was typed is gone: %v", form)
	}
	form.Set("email", "ada@residents.example")
	form["groups"] = []string{"residents"}
	page := o.follow(o.do(http.MethodPost, listPath+"/new", form))
	page.says("Ada Example", "ada@residents.example", "Residents", "Two", "Until something is recorded, no letter goes to them.", "No letter was sent to them yet.")

	base := contactPath(1)
	o.send(base+"/record", base+"/record", url.Values{"entry": nil, "source": nil}).says("Choose what they said", "Choose how we know")
	page = o.follow(o.send(base+"/record", base+"/record", url.Values{"entry": {"given"}, "source": {"telephone"}, "note": {"call of Monday"}}))
	page.says("It is recorded.", "Yes, they said yes", "By telephone: call of Monday", "by Example Officer", o.contacts.cfg.Contacts.Purposes[0].Wording)
	o.open(listPath).says("1 contact", "Yes, by email")
}

func TestARecordThatChangesNothingSaysWhy(t *testing.T) {
	o := newOffice(t)
	id := o.add(resident("Ada Example"))
	o.record(id, phoned(Withdrawn, start))
	base := contactPath(id)
	o.follow(o.send(base+"/record", base+"/record", url.Values{"entry": {"given"}, "source": {"letter"}, "day": {"18"}})).
		says("It does not change how they stand: No, they ended it, on 20 February 2017, which is later.")
}

func TestTheSecondEditorSeesBothTexts(t *testing.T) {
	o := newOffice(t)
	id := o.add(resident("Ada Example"))
	path := contactPath(id) + "/change"
	mine := o.open(path).fields()
	if answer := o.send(path, path, url.Values{"notes": {"Prefers mornings."}}); answer.status != http.StatusSeeOther {
		t.Fatalf("the first was answered with %d", answer.status)
	}
	mine.Set("notes", "Has moved.")
	answer := o.do(http.MethodPost, path, mine)
	if answer.status != http.StatusConflict {
		t.Errorf("the second was answered with %d", answer.status)
	}
	answer.says("Somebody else changed this contact while you were writing", "Prefers mornings.", "Has moved.")
	again := answer.fields()
	if again.Get("notes") != "Has moved." {
		t.Errorf("the form has %q", again.Get("notes"))
	}
	o.follow(o.do(http.MethodPost, path, again)).says("The contact is changed.", "Has moved.")
}

func TestAPageShowsEveryLetterAndTheServersWords(t *testing.T) {
	o := newOffice(t)
	id := o.add(resident("Ada Example"))
	d := o.letter(id)
	o.write(func(tx *database.Tx) error {
		return tx.Exec(`UPDATE deliveries SET state = 'failed', done_at = ?, words = '550 5.1.1 no such user here' WHERE id = ?`, start, d).Error
	})
	o.open(contactPath(id)).says("1 letter", "Stakeholder update", "Refused", "550 5.1.1 no such user here")
}

func TestStaffMergeTwoContactsAndUndoIt(t *testing.T) {
	o := newOffice(t)
	home, work := o.pair()
	base := contactPath(home)
	o.open(base+"/merge?q=practice").says("A. Example", "Example Practice")
	preview := mergePath(home, work)
	o.open(preview).says("Merge A. Example into Ada Example", "Likes mornings., Works on Mondays.", "Letters no longer go to a.example@practice.example")
	o.follow(o.send(preview, base+"/merge", nil)).says("The two are one contact now.", "Merged into this contact", "A. Example, merged on 20 February 2017 by Example Officer")
	if got := o.do(http.MethodGet, contactPath(work), nil); got.status != http.StatusSeeOther || got.location != base {
		t.Errorf("the merged one's page answers %d to %s", got.status, got.location)
	}
	o.follow(o.do(http.MethodPost, fmt.Sprintf("%s/merges/1/undo", base), nil)).says("The merge is undone.")
	o.open(contactPath(work)).says("A. Example")
}

func TestAMergeThatCannotBeUndoneSaysWhy(t *testing.T) {
	o := newOffice(t)
	home, work := o.pair()
	o.merge(home, work)
	o.record(home, phoned(Given, start))
	answer := o.do(http.MethodPost, contactPath(home)+"/merges/1/undo", nil)
	if answer.status != http.StatusConflict {
		t.Errorf("it was answered with %d", answer.status)
	}
	answer.says("Something was recorded about this contact since")
}

func TestStaffStopLettersToAnAddressAndAllowThemAgain(t *testing.T) {
	o := newOffice(t)
	base := contactPath(o.add(resident("Ada Example")))
	o.send(base+"/stop", base+"/stop", nil).says("Enter why")
	o.follow(o.send(base+"/stop", base+"/stop", url.Values{"reason": {"She rang"}})).
		says("No letter goes to their email address any more.", "No letter by email goes to this address", "Letters to this address stopped: She rang")
	o.open(listPath+"?suppressed=yes").says("Ada Example", "Email stopped")
	o.follow(o.send(base+"/allow", base+"/allow", url.Values{"reason": {"She rang again"}})).says("Letters can go to their email address again")
}

func TestStaffTakeBackWhatTheyTypedForTheWrongPerson(t *testing.T) {
	o := newOffice(t)
	id := o.add(resident("Ada Example"))
	entry := o.record(id, phoned(Given, start))[0].ConsentID
	path := fmt.Sprintf("%s/entries/%d/take-back", contactPath(id), entry)
	o.open(contactPath(id)).says("Take back")
	o.follow(o.send(path, path, url.Values{"reason": {"The wrong Ada"}})).says("The entry is taken back.", "(taken back)", "To put a mistake right: The wrong Ada")
}

func TestStaffKeepTheirGroups(t *testing.T) {
	o := newOffice(t)
	o.open(groupsPath).says("Councillors", "0 contacts")
	o.follow(o.send(groupsPath+"/new", groupsPath+"/new", url.Values{"name": {"Parish councils"}})).says("The group Parish councils is added.")
	o.send(groupsPath+"/new", groupsPath+"/new", url.Values{"name": {"Parish Councils"}}).says("There is a group with this name already")
	id := o.number(`SELECT id FROM contact_groups WHERE slug = 'parish-councils'`)
	path := groupPath(int64(id))
	o.follow(o.send(path, path, url.Values{"name": {"Parishes"}, "retired": {"yes"}})).says("Parishes (not used any more)")
}

func TestTheListIsTakenOutAsShown(t *testing.T) {
	o := newOffice(t)
	o.crowd()
	csv := o.do(http.MethodGet, listPath+".csv?group=media", nil)
	if lines := strings.Split(strings.TrimSpace(csv.body), "\r\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], "ada.example@residents.example,") {
		t.Errorf("the file is %q", csv.body)
	}
	if xlsx := o.do(http.MethodGet, listPath+".xlsx", nil); !strings.HasPrefix(xlsx.body, "PK") {
		t.Errorf("the workbook begins %q", xlsx.body[:2])
	}
	o.open(listPath + "?q=nobody-is-called-this").says("No contact fits.")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	o := newOffice(t)
	id := o.add(resident("Ada Example"))
	for _, path := range []string{"/staff/contacts/99", "/staff/contacts/x", "/staff/contacts/99/record", contactPath(id) + "/entries/1/take-back", groupsPath + "/99", mergePath(id, 99)} {
		if got := o.do(http.MethodGet, path, nil); got.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, got.status)
		}
	}
}
