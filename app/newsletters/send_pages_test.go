package newsletters_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/newsletters"
	"conversations/app/web"
)

// postRoom is an office with its pages, as a browser without script reaches them.
func postRoom(t testing.TB) (o *office, first, second visitor) {
	t.Helper()
	o = openOffice(t, databasetest.SQLite(t))
	room := writingRoom{desk: o.desk, t: t, shell: web.New(o.cfg, o.db, slog.Default())}
	people := map[int64]audit.Actor{}
	for _, ctx := range []context.Context{o.first, o.second} {
		a := audit.ActorFrom(ctx)
		people[a.ID] = a
		room.shell.Public.POST("/staff/test-sign-in/"+a.Email, func(c echo.Context) error {
			if err := room.shell.SignIn(c, a.ID); err != nil {
				return err
			}
			return web.Redirect(c, "/staff/updates")
		})
	}
	room.shell.Actor = func(_ context.Context, id int64) (audit.Actor, error) { return people[id], nil }
	room.shell.Allow = accounts.Require
	newsletters.Routes(room.shell, o.Service)
	return o, room.at(o.first), room.at(o.second)
}

func pathOf(u newsletters.Update, rest string) string {
	return "/staff/updates/" + strconv.FormatInt(u.ID, 10) + rest
}

func version(u newsletters.Update) url.Values {
	return url.Values{"version": {strconv.FormatInt(u.Version, 10)}}
}

// A letter goes its whole way by forms alone: audience, approval by a second person, sending, calling back, the report.
func TestALetterGoesItsWholeWayByPlainForms(t *testing.T) {
	o, first, second := postRoom(t)
	for i := range 3 {
		o.reader(i)
	}
	o.withdraw(1)
	o.readerByPost(1, false)
	u := o.letter(t, "Stakeholder update", "What is new", "We opened a new place for talks.")
	first.get(pathOf(u, "")).says(200, "Say who it is for", "Have it approved", "Send it")
	first.get(pathOf(u, "/approval")).says(200, "Before you can ask for approval", "Choose who it is for")

	first.send(pathOf(u, "/audience"), url.Values{"version": version(u)["version"], "purpose": {"updates"}}).says(422, "There is a problem", "Choose who it is for")
	form := version(u)
	form["any"], form["purpose"] = []string{"everyone:"}, []string{"updates"}
	if p := first.send(pathOf(u, "/audience"), form); p.status != 303 || p.location != pathOf(u, "/audience") {
		t.Fatalf("saving led to %d %s: %s", p.status, p.location, p.words())
	}
	first.get(pathOf(u, "/audience")).says(200, "Everyone in contacts.", "By email 2", "On paper 1", "Left out 1", "They stopped these letters")
	first.get(pathOf(u, "/audience/list?show=left-out")).says(200, "1 person", "Reader Example 0", "Left out. They stopped these letters")
	first.get(pathOf(u, "/audience/list?q=nobody+here")).says(200, "Nobody fits", "Show everybody")

	u = o.reread(u)
	first.get(pathOf(u, "/approval")).says(200, "Ask for approval", "Everyone in contacts.")
	first.send(pathOf(u, "/approval/ask"), version(u))
	u = o.reread(u)
	first.get(pathOf(u, "/approval")).says(200, "You asked for approval, so somebody else has to approve it", "Officer one, at 2:03pm")
	second.send(pathOf(u, "/approval/decline"), version(u)).says(422, "Say what should be changed")
	second.send(pathOf(u, "/approval/approve"), version(newsletters.Update{Version: 1})).says(409, "Somebody else changed this update meanwhile")
	second.get(pathOf(u, "/approval")).says(200, "Is it right?", "Approve", "Send it back")
	second.send(pathOf(u, "/approval/approve"), version(u))

	u = o.reread(u)
	second.get(pathOf(u, "/send")).says(200, "It is approved. It goes to 2 people by email and to 1 person on paper.", "10 minutes in which you can call it back", "Send it now")
	second.send(pathOf(u, "/send/schedule"), version(u)).says(422, "The date needs a day, a month and a year")
	second.send(pathOf(u, "/send"), version(u))
	second.get(pathOf(u, "/send")).says(200, "It leaves at 2:13pm on Monday 20 February 2017", "Call it back")
	first.send(pathOf(u, "/send/back"), nil)
	first.get(pathOf(u, "/send")).says(200, "It is called back. Nobody got it", "Send it now")
	second.send(pathOf(u, "/send"), version(o.reread(u)))
	o.clock.forward(o.cfg.Updates.Hold)
	o.work()

	first.get(pathOf(u, "/send")).says(200, "0 of 2 sent", "Waiting 2", "On paper 1", "Pause", "Stop it for good", "Look again")
	first.send(pathOf(u, "/send/pause"), nil)
	first.get(pathOf(u, "/send")).says(200, "Paused. 0 of 2 sent", "Go on")
	first.send(pathOf(u, "/send/resume"), nil)
	first.get(pathOf(u, "/send/stop")).says(200, "Nobody has got the letter yet.", "2 people have not got it. They will not.")
	first.get(pathOf(u, "/report?show=left-out")).says(200, "Left out: 1 person", "Reader Example 0", "They stopped these letters")
	first.get(pathOf(u, "/report?show=paper")).says(200, "Paper Example 1", "To be posted", "1 Example Street, Hemel Hempstead, HP1 1AA")
	first.send(pathOf(u, "/send/stop"), nil)
	first.get(pathOf(u, "/send")).says(200, "0 of 2 sent")
}

func TestTheNumbersOfALetterComeAsAFewBytes(t *testing.T) {
	o, first, _ := postRoom(t)
	for i := range 4 {
		o.reader(i)
	}
	u := o.sent(o.approved(o.update("Stakeholder update")))
	o.work()
	u = o.reread(u)
	o.write(func(tx *database.Tx) error {
		return tx.Exec(`UPDATE deliveries SET state = 'sent', done_at = ? WHERE contact_id < 3`, tx.Now()).Error
	})
	p := first.get(pathOf(u, "/send/progress.json"))
	var got struct {
		State, Headline string
		Percent         int
		Counts          map[string]string
	}
	must(t, json.Unmarshal([]byte(p.body), &got))
	if got.State != "sending" || got.Headline != "2 of 4 sent" || got.Percent != 50 || got.Counts["sent"] != "2" || got.Counts["queued"] != "2" || len(p.body) > 500 {
		t.Errorf("%d bytes: %s", len(p.body), p.body)
	}
	o.write(func(tx *database.Tx) error {
		return tx.Exec(`UPDATE mailings SET trouble = 'The mail server cannot be used since 2pm. It goes on by itself.'`).Error
	})
	if p := first.get(pathOf(u, "/send/progress.json")); !strings.Contains(p.body, `"state":"trouble"`) || !strings.Contains(p.body, "goes on by itself") {
		t.Errorf("in trouble: %s", p.body)
	}
	first.get(pathOf(u, "/send")).says(200, "Nothing leaves just now", "The mail server cannot be used since 2pm. It goes on by itself.")
}

func TestListsAreTakenOutWithAllPagesAndItIsNoted(t *testing.T) {
	o, first, _ := postRoom(t)
	for i := range 60 {
		o.reader(i)
	}
	u := o.leave(o.approved(o.update("Stakeholder update")), map[int64]string{1: "failed", 2: "failed"})
	for path, want := range map[string]struct {
		lines int
		says  string
	}{
		"/audience/list.csv":              {61, "reader7@readers.example"},
		"/audience/list.csv?q=example+12": {2, "Reader Example 12"},
		"/report.csv?show=failed":         {3, "words about failed"},
	} {
		p := first.get(pathOf(u, path))
		if lines := strings.Count(p.body, "\r\n"); p.status != 200 || lines != want.lines || !strings.Contains(p.body, want.says) {
			t.Errorf("%s: %d with %d lines: %.200s", path, p.status, lines, p.body)
		}
	}
	if p := first.get(pathOf(u, "/report.xlsx?show=failed")); p.status != 200 || !strings.HasPrefix(p.body, "PK") {
		t.Errorf("the spreadsheet: %d", p.status)
	}
	if got := o.recorded(); strings.Count(got, "update.list_export") != 2 || strings.Count(got, "update.report_export") != 2 {
		t.Errorf("recorded: %s", got)
	}
}

func TestLettersOnPaperArePrintedAndPostedByPlainForms(t *testing.T) {
	o, first, _ := postRoom(t)
	o.reader(1)
	o.readerByPost(1, false)
	o.readerByPost(2, true)
	u := o.approved(o.update("Stakeholder update"))
	first.get(pathOf(u, "/paper")).says(200, "2 letters on paper. Labels can be printed once the letter is sent.")
	u = o.leave(u, nil)
	first.get(pathOf(u, "/paper")).says(200, "2 letters are still to be posted", "Mark 1 letter as posted")
	first.get(pathOf(u, "/paper/letter?print=large")).says(200, "Your Care, Your Future", "20 February 2017", "Dear reader", "We opened a new place for talks", "Telephone us on")
	first.get(pathOf(u, "/paper/labels?print=standard&from=4")).says(200, "1 label", "Paper Example 1 1 Example Street Hemel Hempstead HP1 1AA")
	first.send(pathOf(u, "/paper/posted"), url.Values{"print": {"standard"}})
	p := first.get(pathOf(u, "/paper")).says(200, "1 letter is marked as posted", "1 letter, marked as posted at 2:13pm")
	at := formValue(p, "at")
	first.send(pathOf(u, "/paper/undo"), url.Values{"at": {at}})
	first.get(pathOf(u, "/paper")).says(200, "1 letter is to be posted again", "2 letters are still to be posted")
	first.send(pathOf(u, "/paper/undo"), url.Values{"at": {at}}).says(409, "This was undone already")
}

func formValue(p sheet, name string) string {
	p.t.Helper()
	for n := range p.tree().Descendants() {
		if n.Data == "input" && value(n, "name") == name {
			return value(n, "value")
		}
	}
	p.t.Fatalf("there is no field %s", name)
	return ""
}

func TestACorrectionIsBegunFromTheReport(t *testing.T) {
	o, first, _ := postRoom(t)
	id := o.reader(1)
	u := o.leave(o.approved(o.update("Stakeholder update")), map[int64]string{id: "sent"})
	first.get(pathOf(u, "/report")).says(200, "Finished. 1 of 1 sent.", "Send a correction to the same people")
	first.get(pathOf(u, "/correction")).says(200, "It goes to the people who were sent this letter")
	p := first.send(pathOf(u, "/correction"), nil)
	if p.status != 303 || p.location != "/staff/updates/2/edit" {
		t.Fatalf("led to %d %s", p.status, p.location)
	}
	first.get("/staff/updates/2/audience").says(200, "This is a correction", "By email 1")
}

func TestWhatWaitsForSomebodyIsOnTheirList(t *testing.T) {
	o, _, _ := postRoom(t)
	o.reader(1)
	todo := func(who context.Context) string {
		todos, err := o.Todos(who)
		must(t, err)
		var lines []string
		for _, t := range todos {
			lines = append(lines, t.Text)
		}
		return strings.Join(lines, "; ")
	}
	u := o.update("March")
	u, err := o.AskApproval(o.first, u.ID, u.Version)
	must(t, err)
	if mine, theirs := todo(o.first), todo(o.second); mine != "" || theirs != "Look at a letter and approve it: March" {
		t.Errorf("who asked has %q, the other %q", mine, theirs)
	}
	u, err = o.Approve(o.second, u.ID, u.Version)
	must(t, err)
	if got := todo(o.first); got != "Send an approved letter: March" {
		t.Errorf("approved: %q", got)
	}
	u = o.sent(u)
	o.work()
	if got := todo(o.first); got != "" {
		t.Errorf("while it leaves: %q", got)
	}
	must(t, o.Pause(o.first, u.ID))
	if got := todo(o.second); got != "A letter is paused: March" {
		t.Errorf("paused: %q", got)
	}
	other := o.update("April")
	other, err = o.AskApproval(o.first, other.ID, other.Version)
	must(t, err)
	_, err = o.Decline(o.second, other.ID, other.Version, "Not yet.")
	must(t, err)
	if mine := todo(o.first); !strings.Contains(mine, "Change a letter that was sent back: April") {
		t.Errorf("sent back: %q", mine)
	}
}
