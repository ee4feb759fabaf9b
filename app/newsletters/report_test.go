package newsletters_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/audiences"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

func TestTheReportListsEverybodyWithWhatBecameOfThem(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		sent, failed, bounced, gone := o.reader(1), o.reader(2), o.reader(3), o.reader(4)
		o.withdraw(gone)
		o.readerByPost(1, false)
		u := o.approved(o.update("Stakeholder update"))
		refused(t, "a report before it is sent", func() error { _, err := o.ReportOf(o.first, u.ID, newsletters.ReportFilter{}); return err }, "not been sent")
		u = o.leave(u, map[int64]string{sent: "sent", failed: "failed", bounced: "sent"})
		o.write(func(tx *database.Tx) error {
			return tx.Exec(`UPDATE deliveries SET bounced_at = ?, bounce = 'hard', bounce_words = '550 no such mailbox' WHERE contact_id = ?`, tx.Now(), bounced).Error
		})
		for fate, want := range map[newsletters.Fate]string{
			newsletters.FateSent: "Reader Example 1: words about sent, Reader Example 3: words about sent", newsletters.FateFailed: "Reader Example 2: words about failed",
			newsletters.FateBounced: "Reader Example 3: 550 no such mailbox", newsletters.FateLeftOut: "Reader Example 4: They stopped these letters",
			newsletters.FatePaper: "Paper Example 1: To be posted", newsletters.FateQueued: "", newsletters.FateUnsubscribed: "",
		} {
			r, err := o.ReportOf(o.first, u.ID, newsletters.ReportFilter{Fate: fate, Sort: "name"})
			must(t, err)
			if got := told(r.Rows); got != want || r.Counts[fate] != len(r.Rows) || r.Total != len(r.Rows) {
				t.Errorf("%s: %q of %d (%d counted), want %q", fate, got, r.Total, r.Counts[fate], want)
			}
			var out []newsletters.ReportRow
			for row, err := range o.EachOfReport(o.first, r.Progress, r.Filter) {
				must(t, err)
				out = append(out, row)
			}
			if got := told(out); got != want {
				t.Errorf("%s taken out: %q", fate, got)
			}
		}
		r, err := o.ReportOf(o.first, u.ID, newsletters.ReportFilter{Text: "reader3", Page: 9})
		must(t, err)
		if got := told(r.Rows); got != "Reader Example 3: words about sent" || r.Page != 1 {
			t.Errorf("looked for: %q on page %d", got, r.Page)
		}
	})
}

func told(rows []newsletters.ReportRow) string {
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.Name+": "+r.Words)
	}
	return strings.Join(lines, ", ")
}

func TestACorrectionGoesToWhoWasSentTheFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		sent, failed, left := o.reader(1), o.reader(2), o.reader(3)
		paper := o.readerByPost(1, false)
		u := o.approved(o.update("Stakeholder update"))
		refused(t, "correcting what was not sent", func() error { _, err := o.Correct(o.first, u.ID); return err }, "that was sent")
		u = o.leave(u, map[int64]string{sent: "sent", failed: "failed", left: "sent"})
		o.withdraw(left)
		o.reader(4) // never had the first
		c, err := o.Correct(o.first, u.ID)
		must(t, err)
		if c.Corrects == nil || *c.Corrects != u.ID || c.State != newsletters.Draft || c.Title != "Correction: Stakeholder update" {
			t.Fatalf("the correction: %+v", c)
		}
		a, err := o.AudienceOf(o.first, c.ID)
		must(t, err)
		if !strings.Contains(a.Words, `who were sent "Stakeholder update" of 20 February 2017`) {
			t.Errorf("in words: %s", a.Words)
		}
		var who []int64
		for row, err := range o.audiences.Each(o.system(), a.List.ID, audiences.RowFilter{}) {
			must(t, err)
			if row.Outcome != audiences.LeftOut {
				who = append(who, row.ContactID)
			}
		}
		slices.Sort(who)
		if want := []int64{sent, paper}; !slices.Equal(who, want) || a.List.LeftOut != 1 {
			t.Errorf("it goes to %v, want %v; %d left out", who, want, a.List.LeftOut)
		}
		refused(t, "another audience", func() error { _, err := o.SaveAudience(o.first, c.ID, c.Version, everybody, "updates"); return err }, "same people")
		c = o.sent(o.approved(c))
		o.work()
		m, err := o.outbox.Mailing(o.system(), o.reread(c).MailingID)
		must(t, err)
		if m.Kind != "correction" || m.Recipients != 1 {
			t.Errorf("the mailing: %+v", m)
		}
	})
}

func TestLettersOnPaperArePostedCountedAndTakenBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		o := openOffice(t, address)
		o.reader(1)
		o.readerByPost(1, false)
		o.readerByPost(2, true)
		gone := o.readerByPost(3, false)
		u := o.approved(o.update("Stakeholder update"))
		refused(t, "labels before it is sent", func() error { _, _, err := o.Labels(o.first, u.ID, ""); return err }, "once the letter is sent")
		u = o.leave(u, nil)
		o.withdraw(gone)
		labels := func(p audiences.Print) int {
			_, rows, err := o.Labels(o.first, u.ID, p)
			must(t, err)
			return len(rows)
		}
		if all, standard, large := labels(""), labels(audiences.StandardPrint), labels(audiences.LargePrint); all != 2 || standard != 1 || large != 1 {
			t.Fatalf("labels: %d, %d, %d", all, standard, large)
		}
		n, err := o.MarkPosted(o.first, u.ID, audiences.StandardPrint)
		must(t, err)
		p, err := o.PaperOf(o.first, u.ID)
		must(t, err)
		if n != 1 || p.Count.Standard != 0 || p.Count.Large != 1 || len(p.Count.Posted) != 1 || p.Count.Posted[0].People != 1 || labels("") != 1 {
			t.Fatalf("%d posted: %+v", n, p.Count)
		}
		counts, err := o.audiences.Counts(o.system(), *u.ListID)
		must(t, err)
		if !slices.ContainsFunc(counts, func(c audiences.Count) bool { return c.Since && c.Reason == audiences.Withdrew && c.People == 1 }) {
			t.Errorf("who withdrew before the letter was posted is not told: %+v", counts)
		}
		o.clock.forward(time.Hour)
		at := p.Count.Posted[0].At
		if n, err := o.UndoPosted(o.second, u.ID, at); err != nil || n != 1 || labels("") != 2 {
			t.Errorf("%d taken back (%v), %d labels", n, err, labels(""))
		}
		if _, err := o.UndoPosted(o.second, u.ID, at); fault.KindOf(err) != fault.Conflict {
			t.Errorf("taken back twice: %v", err)
		}
		if got := o.recorded(); !strings.HasSuffix(got, "update.posted update.posted_undo") {
			t.Errorf("recorded: %s", got)
		}
	})
}

func TestAListMuchLongerOrShorterThanTheLastIsWarnedOf(t *testing.T) {
	o := openOffice(t, databasetest.SQLite(t))
	for i := range 10 {
		o.reader(i)
	}
	o.leave(o.approved(o.update("First")), nil)
	warned := func(u newsletters.Update) string {
		a, err := o.AudienceOf(o.first, u.ID)
		must(t, err)
		return strings.Join(a.Warnings, " ")
	}
	if got := warned(o.update("Second")); got != "" {
		t.Errorf("for the same list: %q", got)
	}
	for i := range 4 {
		o.withdraw(int64(i + 1))
	}
	if got := warned(o.update("Third")); !strings.Contains(got, "much shorter than that of the last letter, \"First\": 10 people then, 6 people now") {
		t.Errorf("for a shorter list: %q", got)
	}
	for i := range 12 {
		o.reader(100 + i)
	}
	if got := warned(o.update("Fourth")); !strings.Contains(got, "much longer") {
		t.Errorf("for a longer list: %q", got)
	}
	if got := warned(o.letterFor("Fifth", audiences.ReadRule([]string{"group:media"}, nil, nil))); !strings.Contains(got, "Nobody is on the list") {
		t.Errorf("for an empty list: %q", got)
	}
}
