package newsletters_test

import (
	"strings"
	"testing"
	"time"

	"conversations/app/audiences"
	"conversations/app/contacts"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

func TestASecondPersonApprovesAndHearsOfIt(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.reader(1)
		u := o.update("Stakeholder update")
		asked, err := o.AskApproval(o.first, u.ID, u.Version)
		must(t, err)
		if asked.State != newsletters.Asked || asked.ListID == nil {
			t.Fatalf("asked: %+v", asked)
		}
		if got := o.mailsTo(o.second); len(got) != 1 || !strings.Contains(got[0], "Please look at: Stakeholder update") {
			t.Errorf("the colleague heard %q", got)
		}
		if got := o.mailsTo(o.first); len(got) != 0 {
			t.Errorf("who asked heard %q", got)
		}
		refused(t, "Approve by who asked", func() error { _, err := o.Approve(o.first, u.ID, asked.Version); return err }, "You asked for approval")
		refused(t, "Approve an older version", func() error { _, err := o.Approve(o.second, u.ID, u.Version); return err }, "Somebody else changed")
		approved, err := o.Approve(o.second, u.ID, asked.Version)
		must(t, err)
		if approved.State != newsletters.Approved || approved.ApprovedBy == nil {
			t.Errorf("approved: %+v", approved)
		}
		if got := o.mailsTo(o.first); len(got) != 1 || got[0] != "Approved: Stakeholder update" {
			t.Errorf("who asked heard %q", got)
		}
		if got := o.recorded(); !strings.HasSuffix(got, "update.ask_approval update.approve") {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestWhoWroteLastDoesNotApproveThoughAnotherAsked(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.reader(1)
	u := o.update("Stakeholder update")
	o.desk.write(t, o.second, u.ID, func(c *newsletters.Content) { c.Closing = "With thanks" })
	u = o.reread(u)
	asked, err := o.AskApproval(o.first, u.ID, u.Version)
	must(t, err)
	refused(t, "Approve by the writer", func() error { _, err := o.Approve(o.second, u.ID, asked.Version); return err }, "You wrote this letter last")
	third := o.officer("three", "admin")
	_, err = o.Approve(third, u.ID, asked.Version)
	must(t, err)
}

func TestOnePersonIsEnoughWhereTheConfigurationSaysSo(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t), "CONVERSATIONS_UPDATES_TWO_PEOPLE=false")
	o.reader(1)
	u := o.update("Stakeholder update")
	asked, err := o.AskApproval(o.first, u.ID, u.Version)
	must(t, err)
	_, err = o.Approve(o.first, u.ID, asked.Version)
	must(t, err)
}

func TestAChangeOfLetterOrAudienceEndsTheApprovalVisibly(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.reader(1)
		for name, change := range map[string]func(u newsletters.Update){
			"the letter": func(u newsletters.Update) {
				o.desk.write(t, o.first, u.ID, func(c *newsletters.Content) { c.Closing = "With thanks, " + u.Title })
			},
			"the audience": func(u newsletters.Update) {
				_, err := o.SaveAudience(o.first, u.ID, u.Version, audiences.ReadRule([]string{"group:media", "everyone:"}, nil, nil), contacts.Updates)
				must(t, err)
			},
		} {
			u := o.approved(o.update("Update " + name))
			list := *u.ListID
			at := typed(o, 24*time.Hour)
			_, err := o.Schedule(o.first, u.ID, u.Version, at)
			must(t, err)
			change(o.reread(u))
			now := o.reread(u)
			if now.State != newsletters.Draft || now.BackWhy != newsletters.Changed || now.BackBy == nil || now.BackAt == nil || now.ApprovedBy != nil || now.ListID != nil || now.SendAt != nil {
				t.Errorf("after a change of %s: %+v", name, now)
			}
			if l, err := o.audiences.ByID(o.system(), list); err == nil && l.State == "kept" {
				t.Errorf("after a change of %s the old list is still kept", name)
			}
			refused(t, "Send", func() error { _, err := o.Send(o.first, u.ID, now.Version); return err }, "Draft")
		}
	})
}

func TestTheSameAudienceAgainEndsNothing(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.reader(1)
	u := o.approved(o.update("Stakeholder update"))
	if _, err := o.SaveAudience(o.first, u.ID, u.Version, everybody, contacts.Updates); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the list of an approved letter was made anew: %v", err)
	}
	if now := o.reread(u); now.State != newsletters.Approved || now.Version != u.Version {
		t.Errorf("%+v", now)
	}
}

func TestDecliningSaysWhy(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	o.reader(1)
	u := o.update("Stakeholder update")
	asked, err := o.AskApproval(o.first, u.ID, u.Version)
	must(t, err)
	_, err = o.Decline(o.second, u.ID, asked.Version, "  ")
	if got := says(t, err)["reason"]; got != "Say what should be changed" {
		t.Errorf("without a reason: %q", got)
	}
	back, err := o.Decline(o.second, u.ID, asked.Version, "The date of the talk in Tring is wrong.")
	must(t, err)
	if back.State != newsletters.Draft || back.BackWhy != newsletters.Declined || back.BackReason != "The date of the talk in Tring is wrong." {
		t.Errorf("declined: %+v", back)
	}
	if got := o.mailsTo(o.first); len(got) != 1 || got[0] != "Please change: Stakeholder update" {
		t.Errorf("who asked heard %q", got)
	}
	again, err := o.AskApproval(o.first, u.ID, back.Version)
	must(t, err)
	if again.BackWhy != "" || again.BackReason != "" || again.BackAt != nil {
		t.Errorf("asked again, and still: %+v", again)
	}
	if got := o.mailsTo(o.second); len(got) != 2 {
		t.Errorf("the colleague heard %q", got)
	}
}

func TestALetterThatIsNotReadyIsNotAskedFor(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	ask := func(u newsletters.Update) func() error {
		return func() error { _, err := o.AskApproval(o.first, u.ID, o.reread(u).Version); return err }
	}
	refused(t, "nobody chosen", ask(o.letter(t, "No audience", "News", "Text.")), "Choose who it is for first")
	refused(t, "nobody there", ask(o.update("Nobody there")), "Nobody is on the list")
	o.reader(1)
	empty := o.update("An empty section")
	o.desk.write(t, o.first, empty.ID, func(c *newsletters.Content) { c.Sections[0].Body = "" })
	refused(t, "an error in the letter", ask(empty), "The letter is not ready")
	u := o.update("Changed meanwhile")
	refused(t, "an older version", func() error { _, err := o.AskApproval(o.first, u.ID, u.Version-1); return err }, "Somebody else changed")
	if _, err := o.AskApproval(o.officer("door", "door"), u.ID, u.Version); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the door asked: %v", err)
	}
}

func TestNewsIsPublishedAndSentToNobody(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	u := o.letter(t, "A new chair", "News", "We have a new chair.")
	o.desk.write(t, o.first, u.ID, func(*newsletters.Content) {})
	must(t, o.kind(u, newsletters.News))
	u = o.approved(o.reread(u))
	u, err := o.Send(o.second, u.ID, u.Version)
	must(t, err)
	if u.State != newsletters.Published || u.PublishedAt == nil || u.MailingID != 0 {
		t.Errorf("published: %+v", u)
	}
}

func refused(t *testing.T, what string, do func() error, words string) {
	t.Helper()
	err := do()
	if kind := fault.KindOf(err); err == nil || kind != fault.Conflict || !strings.Contains(err.Error(), words) {
		t.Errorf("%s: %v, want %q", what, err, words)
	}
}
