package browsertest_test

import (
	"fmt"
	"net/url"
	"time"

	"conversations/app/apptest"
	"conversations/app/audiences"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/newsletters"
)

// makeSending brings letters as far on their way as they can come: asked for, sent back, approved, held, scheduled,
// paused with trouble, sent, and a correction of that.
func (w *world) makeSending() {
	w.makeReaders()
	w.letters = map[string]int64{}
	ask := func(name, title string) newsletters.Update {
		u := w.letterFor(title)
		asked, err := w.App.Newsletters.AskApproval(w.Ctx(), u.ID, u.Version)
		must(w.t, err)
		w.letters[name] = u.ID
		return asked
	}
	approve := func(name, title string) newsletters.Update {
		u := ask(name, title)
		approved, err := w.App.Newsletters.Approve(w.Ctx(), u.ID, u.Version)
		must(w.t, err)
		return approved
	}
	ask("asked", "Talks in Tring")
	back := ask("back", "Talks in Watford")
	must(w.t, second(w.App.Newsletters.Decline(w.Ctx(), back.ID, back.Version, "The date of the talk is wrong.\n\nPlease ask the hall.")))
	approve("approved", "Talks in Hemel Hempstead")
	held := approve("held", "Talks in St Albans")
	must(w.t, second(w.App.Newsletters.Send(w.Ctx(), held.ID, held.Version)))
	scheduled := approve("scheduled", "Talks in Borehamwood")
	must(w.t, second(w.App.Newsletters.Schedule(w.Ctx(), scheduled.ID, scheduled.Version, events.MomentOf(time.Now().AddDate(0, 0, 2), time.UTC))))
	w.sendLetter(approve("sent", "Stakeholder update: January 2017"))
	w.sendLetter(approve("leaving", "Stakeholder update: February 2017"))
	w.holdUp(w.letters["leaving"])
	correction, err := w.App.Newsletters.Correct(w.Ctx(), w.letters["sent"])
	must(w.t, err)
	w.letters["correction"] = correction.ID
}

// makeReaders adds contacts who are written to, on paper too, and some who are left out.
func (w *world) makeReaders() {
	said := contacts.Said{Purpose: contacts.Updates, Channel: contacts.Email, Source: contacts.FromSubscribe}
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		for i := range 12 {
			id, _, err := w.App.Contacts.FindOrCreateTx(w.Ctx(), tx, fmt.Sprintf("reader%d@readers.example", i), fmt.Sprintf("Reader Example %d", i))
			if err == nil && i > 0 {
				_, err = w.App.Contacts.GiveTx(w.Ctx(), tx, id, said)
			}
			if err == nil && i == 1 {
				err = w.App.Contacts.WithdrawTx(w.Ctx(), tx, id, said)
			}
			if err != nil {
				return err
			}
		}
		for i := range 3 {
			name := fmt.Sprintf("Paper Example %d", i)
			id, err := tx.Insert(`INSERT INTO contacts (name, organisation, sort_key, search_key, post_address, postcode, channel, large_print, created_at, updated_at)
				VALUES (?, 'Example Parish Council', ?, ?, ?, 'HP1 1AA', 'post', ?, ?, ?) RETURNING id`, name, contacts.NameKey(name), contacts.NameKey(name),
				fmt.Sprintf("%d Example Street\nHemel Hempstead", i+1), i == 0, tx.Now(), tx.Now())
			if err != nil {
				return err
			}
			byPost := said
			byPost.Channel, byPost.Source = contacts.Post, contacts.FromLetter
			if _, err := w.App.Contacts.GiveTx(w.Ctx(), tx, id, byPost); err != nil {
				return err
			}
		}
		return nil
	}))
}

// letterFor writes a letter that could leave, for everybody.
func (w *world) letterFor(title string) newsletters.Update {
	u, err := w.App.Newsletters.Create(w.Ctx(), newsletters.NewUpdate{Kind: newsletters.StakeholderUpdate, Title: title})
	must(w.t, err)
	c := newsletters.Content{Title: title, Opening: "Dear {name}\n\nHere is what has happened since the last letter.", Nameless: "reader", Closing: "With best wishes",
		Sections: []newsletters.Section{
			{Key: "a", Heading: "Talks about care", Body: "We held a talk in Hemel Hempstead. **Fifty people** came.\n\n- They asked about parking.\n- They asked about [our events](/events)."},
			{Key: "b", Heading: "What is next", Body: "We will write again next month."},
		}, Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Chair of the board"}}}
	must(w.t, second(w.App.Newsletters.Save(w.Ctx(), u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Typed})))
	u, _, err = w.App.Newsletters.Update(w.Ctx(), u.ID)
	must(w.t, err)
	rule := audiences.ReadRule([]string{audiences.Everyone + ":"}, nil, nil)
	must(w.t, second(w.App.Newsletters.SaveAudience(w.Ctx(), u.ID, u.Version, rule, contacts.Updates)))
	u, _, err = w.App.Newsletters.Update(w.Ctx(), u.ID)
	must(w.t, err)
	return u
}

// sendLetter sends an approved letter without a hold, and waits until it has left.
func (w *world) sendLetter(u newsletters.Update) {
	must(w.t, second(w.App.Newsletters.Send(w.Ctx(), u.ID, u.Version)))
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE updates SET hold_until = ? WHERE id = ?`, tx.Now().Add(-time.Second), u.ID).Error
	}))
	apptest.Eventually(w.t, "the letter has left", func() bool {
		must(w.t, w.App.Newsletters.SendDue(w.Ctx()))
		now, _, err := w.App.Newsletters.Update(w.Ctx(), u.ID)
		must(w.t, err)
		return now.State == newsletters.Sent
	})
}

// holdUp makes a letter that has left one that is paused and in trouble, with letters of every fate.
func (w *world) holdUp(id int64) {
	must(w.t, w.App.DB.Write(w.Ctx(), func(tx *database.Tx) error {
		for _, statement := range []string{
			`UPDATE updates SET state = 'sending' WHERE id = ?`,
			`UPDATE mailings SET state = 'paused', ended_at = NULL, trouble = 'The mail server cannot be used since 2pm. It goes on by itself.' WHERE about_id = ?`,
			`UPDATE deliveries SET state = 'queued', done_at = NULL WHERE contact_id % 3 = 0 AND mailing_id = (SELECT mailing_id FROM updates WHERE id = ?)`,
			`UPDATE deliveries SET state = 'deferred', done_at = NULL, words = '451 4.7.1 Please try again later' WHERE contact_id % 7 = 0 AND mailing_id = (SELECT mailing_id FROM updates WHERE id = ?)`,
			`UPDATE deliveries SET state = 'failed', words = '550 5.1.1 There is no such mailbox' WHERE contact_id % 5 = 0 AND mailing_id = (SELECT mailing_id FROM updates WHERE id = ?)`,
		} {
			if err := tx.Exec(statement, id).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) letterPage(name, rest string) string {
	return "/staff/updates/" + number(w.letters[name]) + rest
}

// sendingPaths are the pages by which updates leave.
func (w *world) sendingPaths() map[string][]string {
	each := func(rest string, names ...string) (out []string) {
		for _, name := range names {
			out = append(out, w.letterPage(name, rest))
		}
		return out
	}
	return map[string][]string{
		"/staff/updates/:id":               {w.letterPage("back", ""), w.letterPage("sent", "")},
		"/staff/updates/:id/audience":      append(each("/audience", "asked", "sent", "correction"), "/staff/updates/"+number(w.draftLetter)+"/audience"),
		"/staff/updates/:id/audience/list": {w.letterPage("asked", "/audience/list"), w.letterPage("asked", "/audience/list?show=left-out&sort=-outcome"), w.letterPage("asked", "/audience/list?q=nobody+at+all")},
		"/staff/updates/:id/approval":      append(each("/approval", "asked", "back", "approved", "sent"), "/staff/updates/"+number(w.draftLetter)+"/approval"),
		"/staff/updates/:id/send":          each("/send", "asked", "approved", "held", "scheduled", "leaving", "sent"),
		"/staff/updates/:id/send/stop":     each("/send/stop", "leaving"),
		"/staff/updates/:id/report":        {w.letterPage("sent", "/report"), w.letterPage("leaving", "/report?show=failed"), w.letterPage("sent", "/report?show=left-out&sort=name"), w.letterPage("sent", "/report?show=bounced")},
		"/staff/updates/:id/correction":    each("/correction", "sent"),
		"/staff/updates/:id/paper":         each("/paper", "asked", "sent"),
		"/staff/updates/:id/paper/letter":  {w.letterPage("sent", "/paper/letter"), w.letterPage("sent", "/paper/letter?print=large")},
		"/staff/updates/:id/paper/labels":  {w.letterPage("sent", "/paper/labels?print=standard&from=20"), w.letterPage("sent", "/paper/labels?print=large")},
	}
}

// sendingForms are forms on those pages that are refused.
func (w *world) sendingForms() []sight {
	wrong := url.Values{"version": {"99"}, "send_day": {"31"}, "send_month": {"2"}, "send_year": {"2030"}, "send_time": {"soon"}}
	twice := url.Values{"version": {"99"}, "send_day": {"27"}, "send_month": {"10"}, "send_year": {"2030"}, "send_time": {"1.30am"}}
	return []sight{
		{path: w.letterPage("back", "/audience"), staff: true, from: "/staff", send: url.Values{"version": {"99"}, "none": {"group:media"}, "purpose": {""}}, status: 422},
		{path: w.letterPage("asked", "/approval/decline"), staff: true, from: "/staff", send: url.Values{"version": {"1"}, "reason": {""}}, status: 422},
		{path: w.letterPage("asked", "/approval/approve"), staff: true, from: "/staff", send: url.Values{"version": {"1"}}, status: 409},
		{path: w.letterPage("approved", "/send/schedule"), staff: true, from: "/staff", send: wrong, status: 422},
		{path: w.letterPage("approved", "/send/schedule?twice"), staff: true, from: "/staff", send: twice, status: 422},
		{path: w.letterPage("sent", "/send/back"), staff: true, from: "/staff", send: url.Values{}, status: 409},
		{path: w.letterPage("sent", "/paper/undo"), staff: true, from: "/staff", send: url.Values{"at": {"2017-02-20T14:03:00Z"}}, status: 409},
	}
}
