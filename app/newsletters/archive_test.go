package newsletters_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/newsletters"
)

// published is a letter that everybody can read from this instant on.
func (d desk) published(t testing.TB, at time.Time, title string, sections ...string) newsletters.Update {
	t.Helper()
	u := d.letter(t, title, sections...)
	must(t, d.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Exec("UPDATE updates SET state = 'sent', published_at = ? WHERE id = ?", at, u.ID).Error
	}))
	u, _ = d.now(t, u.ID)
	return u
}

func TestTheArchiveHoldsWhatWasPublishedNewestFirst(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		d := openDesk(t, address)
		d.published(t, d.at.AddDate(0, -1, 0), "Update for January", "Winter", "Busy weeks.")
		d.published(t, d.at.Add(-time.Hour), "Update for February", "Urgent care", "We ask what people have seen.")
		d.published(t, d.at.Add(time.Hour), "Update for tomorrow")
		d.letter(t, "Not finished")
		page, err := d.Archive(t.Context(), newsletters.ArchiveFilter{})
		must(t, err)
		if page.Total != 2 || page.Updates[0].Title != "Update for February" || page.Updates[1].Title != "Update for January" {
			t.Errorf("the archive holds %+v", page.Updates)
		}
		for text, want := range map[string]int{"URGENT people": 1, "winter": 1, "update for": 2, "tomorrow": 0, "100%": 0} {
			page, err := d.Archive(t.Context(), newsletters.ArchiveFilter{Text: text})
			must(t, err)
			if page.Total != want {
				t.Errorf("%q finds %d updates, not %d", text, page.Total, want)
			}
		}
	})
}

func TestALetterIsReadWithoutAnybodysName(t *testing.T) {
	d := newDesk(t)
	u := d.published(t, d.at.Add(-time.Hour), "Update for February", "Urgent care", "We ask **everybody**.")
	r, err := d.Read(t.Context(), u.Slug)
	must(t, err)
	text := mail.Text(d.cfg, r.Blocks)
	if !strings.Contains(text, "Dear reader") || !strings.Contains(text, "We ask everybody.") || mail.HasFields(text) {
		t.Errorf("everybody reads:\n%s", text)
	}
}

func TestWhatIsNotPublishedCannotBeRead(t *testing.T) {
	d := newDesk(t)
	for name, u := range map[string]newsletters.Update{
		"a draft": d.letter(t, "Not finished"), "what comes tomorrow": d.published(t, d.at.AddDate(0, 0, 1), "Update for March"),
	} {
		if _, err := d.Read(t.Context(), u.Slug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACorrectionAndWhatItCorrectsLeadToEachOther(t *testing.T) {
	d := newDesk(t)
	wrong := d.published(t, d.at.Add(-2*time.Hour), "Update for February")
	right := d.published(t, d.at.Add(-time.Hour), "A correction")
	must(t, d.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Exec("UPDATE updates SET corrects = ? WHERE id = ?", wrong.ID, right.ID).Error
	}))
	r, err := d.Read(t.Context(), wrong.Slug)
	must(t, err)
	if r.CorrectedBy == nil || r.CorrectedBy.ID != right.ID {
		t.Errorf("the first does not say that it was corrected: %+v", r.CorrectedBy)
	}
	if r, err = d.Read(t.Context(), right.Slug); err != nil || r.Corrects == nil || r.Corrects.ID != wrong.ID {
		t.Errorf("the correction does not say what it corrects: %+v, %v", r.Corrects, err)
	}
}

func TestTheFeedOfUpdatesIsWellFormed(t *testing.T) {
	d := newDesk(t)
	d.published(t, d.at.Add(-time.Hour), "Update for February & March", "Urgent care", "Text", "Winter <pressures>", "Text")
	text, err := d.Atom(t.Context())
	must(t, err)
	var feed struct {
		Entries []struct {
			Title   string `xml:"title"`
			Summary string `xml:"summary"`
			ID      string `xml:"id"`
		} `xml:"entry"`
	}
	must(t, xml.Unmarshal(text, &feed))
	if len(feed.Entries) != 1 || feed.Entries[0].Title != "Update for February & March" ||
		feed.Entries[0].Summary != "Stakeholder update: Urgent care; Winter <pressures>" || !strings.HasPrefix(feed.Entries[0].ID, "https://conversations.example/updates/") {
		t.Errorf("the feed holds %+v", feed.Entries)
	}
}
