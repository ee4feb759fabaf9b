package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/surveys"
)

const visitors = 400 // of the event; nobody came of every fourth booking

// asked is a survey about an event that is over, and the program as a process that is killed while it invites and reminds.
type asked struct {
	*app.App
	t       *testing.T
	address string
	sink    *apptest.Sink
	survey  surveys.Form
}

// After an event, only people who are marked as having come get the invitation, each once, however often the program is
// killed; the link answers once; and the reminder goes to the rest, once, over kills as well.
func TestWhoCameIsInvitedOnceAndTheRestRemindedOnceOverKills(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		a := newAsked(t, address)
		a.killed([]int{1, 120, 230}, `SELECT count(*) FROM survey_invitations`, visitors*3/4)
		for i := range visitors {
			if n := a.mails("booking.thanks", i); n != came(i) {
				t.Fatalf("visitor %d was thanked %d times", i, n)
			}
		}
		if n := count(t, a.DB, `SELECT count(*) FROM mails WHERE kind = 'booking.thanks' AND content NOT LIKE '%/s/%'`); n != 0 {
			t.Errorf("%d were thanked without a link", n)
		}
		p := a.serve()
		for _, i := range []int{0, 1, 2} {
			a.answer(p, i)
		}
		p.Kill()
		a.remind()
		a.killed([]int{1}, `SELECT count(*) FROM survey_invitations WHERE reminded_at IS NOT NULL`, visitors*3/4-3)
		for i := range visitors {
			want := came(i)
			if i < 3 {
				want = 0 // they have answered
			}
			if n := a.mails("survey.reminder", i); n != want {
				t.Fatalf("visitor %d was reminded %d times, want %d", i, n, want)
			}
		}
	})
}

func came(i int) int {
	if i%4 == 3 {
		return 0
	}
	return 1
}

func newAsked(t *testing.T, address string) asked {
	t.Helper()
	sink := apptest.NewSink(t)
	cfg, err := config.Parse(conversations.Config, append(apptest.Settings(address, "http://"+apptest.FreeAddress(t), sink.Port), "CONVERSATIONS_UPDATES_HOLD=0s"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := app.New(t.Context(), cfg, apptest.Log(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	a := asked{App: program, t: t, address: address, sink: sink}
	eventID := a.event()
	ctx := audit.AsSystem(t.Context())
	survey, err := a.Surveys.Create(ctx, surveys.SurveyForm{Title: "How was the talk?", Event: strconv.FormatInt(eventID, 10)})
	a.must(err)
	form, err := a.Surveys.FormOf(ctx, survey.ID, "")
	a.must(err)
	_, err = a.Surveys.AddQuestion(ctx, survey.ID, form.Sections[0].ID, surveys.QuestionForm{Kind: "short-text", Label: "What would you change?"})
	a.must(err)
	_, err = a.Surveys.Open(ctx, survey.ID)
	a.must(err)
	a.survey, err = a.Surveys.FormOf(ctx, survey.ID, "")
	a.must(err)
	return a
}

func (a asked) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a asked) exec(text string, args ...any) {
	a.t.Helper()
	a.must(a.DB.Write(audit.AsSystem(a.t.Context()), func(tx *database.Tx) error { return tx.DB.Exec(text, args...).Error }))
}

// event is an event that was two days ago, at whose door everybody was marked.
func (a asked) event() int64 {
	a.t.Helper()
	ctx := audit.AsSystem(a.t.Context())
	e := apptest.OpenEvent(a.t, a.Events, "talk", visitors, 1)
	seats := map[bookings.MarkKind][]bookings.Seat{}
	for i := range visitors {
		out, err := a.Bookings.Book(ctx, e.ID, bookings.Request{Name: fmt.Sprintf("Resident Example %03d", i), Email: fmt.Sprintf("resident%d@residents.example", i), People: 1, BookerComes: true, Channel: bookings.Online})
		a.must(err)
		kind := map[int]bookings.MarkKind{1: bookings.Came, 0: bookings.NotCame}[came(i)]
		seats[kind] = append(seats[kind], bookings.Seat{BookingID: out.Booking.ID, Position: 1})
	}
	ago := time.Now().UTC().Add(-48 * time.Hour)
	a.exec(`UPDATE events SET starts_at = ?, ends_at = ?`, ago, ago.Add(2*time.Hour))
	for kind, list := range seats {
		_, err := a.Bookings.MarkPeople(ctx, e.ID, bookings.NewPress(), kind, list)
		a.must(err)
	}
	a.exec(`UPDATE events SET status = 'held'`)
	a.exec(`UPDATE attendance_events SET at = ?, received_at = ?`, ago.Add(time.Hour), ago.Add(time.Hour))
	a.exec(`UPDATE mails SET state = 'sent', sent_at = ?`, ago) // the confirmations
	return e.ID
}

func (a asked) serve() *apptest.Process {
	a.t.Helper()
	return apptest.Serve(a.t, apptest.FreeAddress(a.t), a.address, a.sink.Port, append([]string{"CONVERSATIONS_UPDATES_HOLD=0s", "CONVERSATIONS_BACKUP_FOLDER="}, quickLease...)...)
}

// killed has the program work until a count has reached each number, and kills it there; then it works to the end.
func (a asked) killed(at []int, query string, end int) {
	a.t.Helper()
	midway := 0
	for _, enough := range append(at, end) {
		a.exec(`UPDATE jobs SET lease_expires_at = NULL, next_run_at = ?`, time.Now().UTC().Add(-time.Hour)) // of a process that is gone
		p := a.serve()
		apptest.Eventually(a.t, fmt.Sprintf("%d are written to", enough), func() bool { return count(a.t, a.DB, query) >= enough })
		p.Kill()
		if count(a.t, a.DB, query) < end {
			midway++
		}
	}
	a.t.Logf("killed %d times before all were written to", midway)
	if n := count(a.t, a.DB, query); n != end {
		a.t.Errorf("%d were written to, want %d", n, end)
	}
}

// mails counts the mails of a kind to a visitor.
func (a asked) mails(kind string, visitor int) (n int) {
	a.t.Helper()
	a.must(a.DB.Read(a.t.Context()).Raw(`SELECT count(*) FROM mails WHERE kind = ? AND to_address = ?`, kind, fmt.Sprintf("resident%d@residents.example", visitor)).Scan(&n).Error)
	return n
}

var personalLink = regexp.MustCompile(`/s/[\w-]+`)

// answer answers by the link in the thank-you, as a browser without script does, and opens it again.
func (a asked) answer(p *apptest.Process, visitor int) {
	a.t.Helper()
	var content string
	a.must(a.DB.Read(a.t.Context()).Raw(`SELECT content FROM mails WHERE kind = 'booking.thanks' AND to_address = ?`, fmt.Sprintf("resident%d@residents.example", visitor)).Scan(&content).Error)
	link := p.URL + personalLink.FindString(content)
	a.says(link, "Start")
	at := p.URL + a.post(link, url.Values{})
	section, q := a.survey.Sections[0], a.survey.Sections[0].Questions[0]
	if done := a.post(at, url.Values{"section": {fmt.Sprint(section.ID)}, "way": {"next"}, q.Field(): {"More tea"}}); !strings.HasSuffix(done, "/done") {
		a.t.Fatalf("sent, and led to %s", done)
	}
	a.says(link, "You have answered this survey. Thank you")
	if again := a.post(link, url.Values{}); !strings.HasSuffix(link, again) {
		a.t.Errorf("it can be answered again at %s", again)
	}
}

func (a asked) says(address, words string) {
	a.t.Helper()
	response, err := apptest.NewClient().Get(address)
	a.must(err)
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), words) {
		a.t.Errorf("%s does not say %q (%v)", address, words, err)
	}
}

// post sends a form and gives where it leads.
func (a asked) post(address string, form url.Values) string {
	a.t.Helper()
	response, err := apptest.NewClient().PostForm(address, form)
	a.must(err)
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusSeeOther {
		a.t.Fatalf("%s: %d", address, response.StatusCode)
	}
	return response.Header.Get("Location")
}

// remind presses the button, two days later.
func (a asked) remind() {
	a.t.Helper()
	ctx := audit.AsSystem(a.t.Context())
	a.exec(`UPDATE survey_invitations SET invited_at = ?`, time.Now().UTC().Add(-48*time.Hour))
	d, err := a.Surveys.NewSending(ctx, a.survey.Survey.ID, surveys.ToRemind, "")
	a.must(err)
	_, err = a.Surveys.SendInvitations(ctx, a.survey.Survey.ID, d.ID, d.Version)
	a.must(err)
}
