package bookings

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"

	"github.com/xuri/excelize/v2"
)

func TestAnExportHoldsWhatTheListShowsAndIsNoted(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(30, 3)
	other := s.openEvent(3, 3, aDayLater("watford"))
	s.family(e)
	r := byTelephone(2, 1)
	r.Name = "=cmd()"
	s.book(e, r)
	s.book(other, resident(9, 1))
	officer := s.staff("engagement")
	p := officer.get("/staff/bookings.csv?event=" + e.Slug + "&sort=-people&q=").is(http.StatusOK)
	lines, err := csv.NewReader(strings.NewReader(p.body)).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatalf("the file has %v, %v", lines, err)
	}
	if got := strings.Join(lines[0][:10], ","); got != "reference,event,locality,status,people,name,email,phone,channel,created_at" {
		t.Errorf("the columns are %s", got)
	}
	if got := lines[1][1:10]; !slices.Equal(got, []string{e.Slug, e.Locality, "confirmed", "3", "Robin Example", "robin@residents.example", "", "online", "2017-02-20T09:00:00Z"}) {
		t.Errorf("the first row is %q", got)
	}
	if lines[2][5] != "'=cmd()" || !strings.Contains(lines[1][13], "bsl (asked)") {
		t.Errorf("the rows are %q", lines[1:])
	}
	if got := p.header.Get("Content-Disposition"); got != `attachment; filename="bookings-`+e.Slug+`-2017-02-20.csv"` {
		t.Errorf("the file is called %s", got)
	}
	var details string
	if err := s.db.Read(s.ctx).Raw(`SELECT details FROM audit_entries WHERE action = 'bookings.export' AND actor_id = ?`, engagementID).Row().Scan(&details); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"format":"csv"`, `"rows":2`, `"sort":"-people"`} {
		if !strings.Contains(details, want) {
			t.Errorf("the audit log has %s", details)
		}
	}
}

func TestTheAuditLogOfAnExportDoesNotNameWhoWasLookedFor(t *testing.T) {
	s := newSite(t)
	s.family(s.openEvent(30, 3))
	p := s.staff("engagement").get("/staff/bookings.xlsx?q=robin").is(http.StatusOK)
	f := must(excelize.OpenReader(bytes.NewReader([]byte(p.body))))(t)
	about := must(f.GetRows("About"))(t)
	rows := must(f.GetRows("Bookings"))(t)
	if len(rows) != 2 || about[2][1] != "Example Officer" || !slices.Equal(about[4], []string{"Looked for", "robin"}) {
		t.Errorf("the workbook says %q and has %q", about, rows)
	}
	var named int
	if err := s.db.Read(s.ctx).Raw(`SELECT count(*) FROM audit_entries WHERE lower(details) LIKE '%robin%'`).Scan(&named).Error; err != nil || named > 0 {
		t.Errorf("%d entries name them, %v", named, err)
	}
}

func TestOnlyAskingForTheHeadOfAnExportNotesNothing(t *testing.T) {
	s := newSite(t)
	s.family(s.openEvent(30, 3))
	officer, before := s.staff("engagement"), s.rows()
	officer.do(httptest.NewRequest(http.MethodHead, "/staff/bookings.csv", nil)).is(http.StatusOK)
	if added := s.added(before); len(added) > 0 {
		t.Errorf("added %v", added)
	}
}

func TestStaffMoveABookingOnItsPage(t *testing.T) {
	s := newSite(t)
	from, to := s.openEvent(10, 4), s.openEvent(3, 3, aDayLater("watford"))
	s.book(to, resident(50, 2))
	b := s.family(from)
	officer, move := s.staff("engagement"), bookingPath(b.ID)+"/move"
	officer.get(bookingPath(b.ID)).says("Move to another event")
	officer.get(move).is(http.StatusOK).says("Which event?", to.Title)
	officer.post(move, url.Values{}).is(http.StatusUnprocessableEntity).says("Choose the event to move them to")
	p := officer.post(move, url.Values{"event": {to.Slug}}).is(http.StatusUnprocessableEntity).says("They need 3 places, and 1 are free")
	if got := p.summary(); !slices.Equal(got, []string{"wait"}) || p.fields().Get("event") != to.Slug {
		t.Errorf("the summary leads to %v, the form kept %v", got, p.fields())
	}
	officer.follow(move, url.Values{"event": {to.Slug}, "wait": {"yes"}}).says("The booking is moved", "On the waiting list", to.Title)
}

func TestStaffUndoACancellationOnItsPage(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(3, 3)
	b := s.family(e)
	officer := s.staff("engagement")
	officer.follow(bookingPath(b.ID)+"/cancel", nil).says("Undo the cancellation")
	s.book(e, resident(5, 3))
	restore := bookingPath(b.ID) + "/restore"
	officer.get(restore).is(http.StatusOK).says("Others may have their places by now")
	officer.post(restore, nil).is(http.StatusUnprocessableEntity).says("They need 3 places, and 0 are free")
	officer.follow(restore, url.Values{"override": {"yes"}}).says("The booking stands again", "Above capacity")
}

func TestNotesAreAddedAndKeepWhoWroteThem(t *testing.T) {
	s := newSite(t)
	b := s.family(s.openEvent(10, 4))
	officer, path := s.staff("engagement"), bookingPath(b.ID)+"/notes"
	p := officer.post(path, url.Values{"note": {""}}).is(http.StatusUnprocessableEntity).says("Write the note first")
	if got := p.summary(); !slices.Equal(got, []string{"note"}) {
		t.Errorf("the summary leads to %v", got)
	}
	long := strings.Repeat("x", noteLetters+1)
	if got := officer.post(path, url.Values{"note": {long}}).is(http.StatusUnprocessableEntity).fields().Get("note"); got != long {
		t.Error("the long note is lost")
	}
	officer.follow(path, url.Values{"note": {"Comes by bus.\nSecond line"}}).says("The note is added", "Comes by bus.", "Example Officer, Mon 20 Feb 2017")
	officer.follow(path, url.Values{"note": {"<b>Another</b>"}}).says("<b>Another</b>").keepsQuietOf("<b>Another")
}

func TestOnlyTheNewestMailIsSentAgainAndToTheAddressOfNow(t *testing.T) {
	s := newSite(t)
	b := s.family(s.openEvent(10, 4))
	officer := s.staff("engagement")
	officer.get(bookingPath(b.ID)).keepsQuietOf("Send the newest email again") // it still waits
	sent := func(tx *database.Tx) error {
		return tx.Exec(`UPDATE mails SET state = 'sent', sent_at = ?, last_error = '250 taken'`, tx.Now()).Error
	}
	if err := s.db.Write(s.ctx, sent); err != nil {
		t.Fatal(err)
	}
	officer.get(bookingPath(b.ID)).says("Send the newest email again", "250 taken")
	mails := must(s.outbox.About(s.ctx, "bookings", b.ID))(t)
	again := bookingPath(b.ID) + "/mails/1/again"
	officer.follow(again, nil).says("The email is sent again", "Waiting to be sent")
	if got := must(s.outbox.About(s.ctx, "bookings", b.ID))(t); len(got) != len(mails)+1 || got[0].MessageID == mails[0].MessageID {
		t.Errorf("there are %d mails", len(got))
	}
	officer.post(again, nil).is(http.StatusConflict).says("Only the newest email")
	officer.post(bookingPath(b.ID)+"/mails/nonsense/again", nil).is(http.StatusNotFound)
}

func TestTheRegisterListsEverybodyBySurnameWithDiscreetMarks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorld(t, address)
		e := w.openEvent(6, 4)
		r := resident(1, 3)
		r.Name, r.Names = "Zed Alphabet", []string{"Bo Yonder"}
		r.Needs = []NeedRequest{{Position: 1, Need: "bsl"}, {Position: 1, Need: "carer"}, {Position: 2, Need: "hearing-loop"}}
		w.book(e, r)
		forOthers := resident(2, 1)
		forOthers.Name, forOthers.BookerComes, forOthers.Names = "Not Coming", false, []string{"Ann de Medium"}
		w.book(e, forOthers)
		w.book(e, resident(3, 4)) // waits
		gone := w.book(e, resident(4, 1))
		must(w.bookings.Cancel(w.ctx, ByStaff, gone.ID))(t)
		got := must(w.bookings.Register(w.ctx, e.Slug))(t)
		var lines []string
		for _, l := range got.People {
			lines = append(lines, strings.TrimSpace(l.Surname+", "+l.Forename+" ["+strings.Join(l.Marks, "")+"] "+l.With))
		}
		want := []string{"Alphabet, Zed [BC]", "Alphabet, guest of Zed []", "Medium, Ann de [] Not Coming", "Yonder, Bo [H] Zed Alphabet"}
		if !slices.Equal(lines, want) {
			t.Errorf("the lines are\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
		if len(got.Waiting) != 1 || got.Waiting[0].People != 4 {
			t.Errorf("waiting: %v", got.Waiting)
		}
	})
}

func TestTheRegisterExplainsItsLettersOnAPageOfTheirOwn(t *testing.T) {
	s := newSite(t)
	e := s.openEvent(6, 4)
	s.family(e)
	p := s.staff("engagement").get("/staff/bookings/register?event="+e.Slug).is(http.StatusOK).
		says("3 people with a place", "People without a booking", "What the letters mean", "A British Sign Language interpreter")
	if !strings.Contains(p.body, "<strong>Example</strong>, Robin<") {
		t.Error("the surname does not stand first")
	}
	before, _, _ := strings.Cut(p.words(), "What the letters mean")
	for _, n := range Needs() {
		if strings.Contains(before, n.Label) {
			t.Errorf("the list itself says %q", n.Label)
		}
	}
	s.staff("engagement").get("/staff/bookings/register?event=no-such-event").is(http.StatusNotFound)
}

func TestEveryNeedHasALetterOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for _, n := range Needs() {
		mark := NeedMark(n.Code)
		if seen[mark] != "" || mark == "?" {
			t.Errorf("%s and %s are both %s", n.Code, seen[mark], mark)
		}
		seen[mark] = n.Code
	}
}
