package browsertest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"conversations/app/browsertest"
	"conversations/app/contacts"
	"conversations/app/database"
)

// A letter goes its whole way in a browser that runs no script: who it is for, approval by a second person, sending,
// calling back, and sending again.
func TestALetterIsSentByTwoPeopleWithoutScript(t *testing.T) {
	w := newDemo(t)
	w.makeReaders()
	u := w.letterFor("Stakeholder update: May 2017")
	one, two := browsertest.Open(t, w.Site, browsertest.ScriptDisabled), browsertest.Open(t, w.Site, browsertest.ScriptDisabled)
	one.SignIn(w.officer("Officer One"))
	two.SignIn(w.officer("Officer Two"))
	letter := "/staff/updates/" + number(u.ID)

	one.Go(letter + "/audience")
	one.Tick("Everyone in contacts") // was ticked
	one.Tick("Project groups")
	one.Click("Save and make the list")
	one.Shows("People in Project groups.", "Nobody is on the list.")
	one.Tick("Project groups")
	one.Tick("Everyone in contacts")
	one.Click("Save and make the list")
	one.Shows("Everyone in contacts.", "They stopped these letters")
	one.Click("See everybody on the list")
	one.Fill("Name or address", "paper 2")
	one.Click("Show")
	one.Shows("1 person", "Paper Example 2", "On paper")

	one.Go(letter + "/approval")
	one.Click("Ask for approval")
	one.Shows("You asked for approval, so somebody else has to approve it")
	two.Go("/staff")
	two.Click("Look at a letter and approve it: Stakeholder update: May 2017")
	two.Fill("If not, what should be changed?", "The closing is too long.")
	two.Click("Send it back")
	one.Go(letter + "/approval")
	one.Shows("Sent back", "Officer Two asked for a change", "The closing is too long.")
	one.Click("Ask for approval")
	two.Go(letter + "/approval")
	two.Click("Approve")
	two.Click("Go on to sending")
	two.Click("Send it now")
	two.Shows("It leaves at", "Call it back")
	one.Go(letter + "/send")
	one.Click("Call it back")
	one.Shows("It is approved.", "Send it now")
	one.Fill("Day", "1")
	one.Fill("Month", "1")
	one.Fill("Year", fmt.Sprint(time.Now().Year()+1))
	one.Fill("Time", "9am")
	one.Click("Send it then")
	one.Shows("It leaves at 9am on", "1 January")
}

// The numbers of a letter that leaves follow without loading the page again, and a screen reader is told seldom.
func TestTheNumbersOfALetterFollowByThemselves(t *testing.T) {
	w := newDemo(t)
	w.makeReaders()
	u := w.letterFor("Stakeholder update: May 2017")
	asked, err := w.App.Newsletters.AskApproval(w.Ctx(), u.ID, u.Version)
	must(t, err)
	approved, err := w.App.Newsletters.Approve(w.Ctx(), u.ID, asked.Version)
	must(t, err)
	w.sendLetter(approved)
	w.holdUp(u.ID)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	path := "/staff/updates/" + number(u.ID) + "/send"
	p.Go(path)
	p.Shows("Paused.", "Nothing leaves just now", "Go on")
	browsertest.Eval[string](p, `document.body.dataset.before = 'the same page'`)
	must(t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		if err := tx.Exec(`UPDATE mailings SET trouble = '', state = 'stopped' WHERE about_id = ?`, u.ID).Error; err != nil {
			return err
		}
		return tx.Exec(`UPDATE deliveries SET state = 'stopped', done_at = ? WHERE state IN ('queued', 'deferred')`, tx.Now()).Error
	}))
	p.Eventually("the headline follows", `document.querySelector('#progress-headline').textContent.startsWith('Stopped.')`)
	p.Eventually("what can be done follows", `document.querySelector('#progress-do').textContent.trim() === ''`)
	p.Eventually("the trouble goes", `!document.body.textContent.includes('Nothing leaves just now')`)
	p.Eventually("it is told once", `document.querySelector('#progress-said').textContent.startsWith('Stopped.')`)
	if got := browsertest.Eval[string](p, `document.body.dataset.before ?? ''`); got != "the same page" {
		t.Error("the page was loaded again")
	}
}

var (
	paperSize = regexp.MustCompile(`/MediaBox ?\[([^\]]*)\]`)
	pdfPage   = regexp.MustCompile(`/Type ?/Page\b[^s]`)
)

// On paper a letter is A4, its large print takes more of it, and labels stand 21 on a sheet; nothing of the site's own
// pages is printed with them. PAPER names a folder to keep what was printed in.
func TestLettersAndLabelsAreMadeForPaper(t *testing.T) {
	w := newDemo(t)
	w.makeReaders()
	w.morePaper(40)
	u := w.letterFor("Stakeholder update: May 2017")
	asked, err := w.App.Newsletters.AskApproval(w.Ctx(), u.ID, u.Version)
	must(t, err)
	approved, err := w.App.Newsletters.Approve(w.Ctx(), u.ID, asked.Version)
	must(t, err)
	w.sendLetter(approved)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	sheets := map[string]int{}
	for _, page := range []string{"letter?print=standard", "letter?print=large", "labels?print=standard", "labels?print=standard&from=21"} {
		p.Go("/staff/updates/" + number(u.ID) + "/paper/" + page)
		if cut := browsertest.Eval[int](p, `[...document.querySelectorAll('.app-label')].filter(l => l.scrollHeight > l.clientHeight + 1).length`); cut > 0 {
			t.Errorf("%s: %d addresses do not fit on their labels", page, cut)
		}
		pdf := p.Printed()
		sheets[page] = len(pdfPage.FindAll(pdf, -1))
		for _, size := range paperSize.FindAllSubmatch(pdf, -1) {
			if box := strings.Fields(string(size[1])); len(box) != 4 || !strings.HasPrefix(box[2], "59") || !strings.HasPrefix(box[3], "84") {
				t.Errorf("%s is printed on a sheet of %s points, not on A4", page, size[1])
			}
		}
		if folder := os.Getenv("PAPER"); folder != "" {
			name := strings.NewReplacer("?", "-", "=", "-", "&", "-").Replace(page)
			must(t, os.WriteFile(filepath.Join(folder, name+".pdf"), bytes.Clone(pdf), 0o600))
		}
	}
	p.Go("/staff/updates/" + number(u.ID) + "/paper/labels?print=standard")
	labels := browsertest.Eval[int](p, `document.querySelectorAll('.app-label').length`)
	if labels < 40 || sheets["letter?print=standard"] != 1 || sheets["letter?print=large"] < 1 ||
		sheets["labels?print=standard"] != (labels+20)/21 || sheets["labels?print=standard&from=21"] != (labels+20+20)/21 {
		t.Errorf("sheets for %d labels: %v", labels, sheets)
	}
	p.Go("/staff/updates/" + number(u.ID) + "/paper/letter?print=large")
	if size := browsertest.Eval[float64](p, `parseFloat(getComputedStyle(document.querySelector('.app-edition li')).fontSize) * 72 / 96`); size < 17.9 {
		t.Errorf("large print is %v points", size)
	}
}

// morePaper adds contacts who are written to by post.
func (w *world) morePaper(n int) {
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		for i := range n {
			name := fmt.Sprintf("Posted Example %d", i)
			id, err := tx.Insert(`INSERT INTO contacts (name, sort_key, search_key, post_address, postcode, channel, created_at, updated_at)
				VALUES (?, ?, ?, ?, 'WD17 1AA', 'post', ?, ?) RETURNING id`, name, contacts.NameKey(name), contacts.NameKey(name),
				fmt.Sprintf("The House with a Rather Long Name%s\n%d Example Street\nNorth Watford\nWatford\nHertfordshire", strings.Repeat(" beside the Old Mill", i%4), i+1), tx.Now(), tx.Now())
			if err == nil {
				_, err = w.App.Contacts.GiveTx(w.Ctx(), tx, id, contacts.Said{Purpose: contacts.Updates, Channel: contacts.Post, Source: contacts.FromLetter})
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
}
