package surveys_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/surveys"
)

// contacts adds people who let us send them updates; of the last nothing is known.
func (w world) contacts(t testing.TB, n int) {
	t.Helper()
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) `
	for _, statement := range []string{
		`INSERT INTO contacts (id, name, email, email_key, created_at, updated_at)
			` + numbers + `SELECT i, 'Resident Example ' || i, 'c' || i || '@residents.example', 'c' || i || '@residents.example', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM n`,
		`INSERT INTO consents (contact_id, purpose, channel, entry, basis, at, recorded_at, source)
			` + numbers + `SELECT i, 'updates', 'email', 'given', 'consent', '2016-01-01', '2016-01-01', 'staff' FROM n WHERE i < ?`,
	} {
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
			return tx.DB.Exec(statement, []any{n, n}[:strings.Count(statement, "?")]...).Error
		}))
	}
}

// listening is an open survey with one question.
func (w world) listening(t testing.TB, f surveys.SurveyForm) surveys.Form {
	t.Helper()
	f.Title = "Were you listened to?"
	survey, err := w.Create(w.lead, f)
	must(t, err)
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "short-text", Label: "What would you change?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	return w.form(t, survey.ID)
}

// sent sends what is to be sent, and lets the hold pass.
func (w world) sent(t testing.TB, f surveys.Form, kind surveys.SendingKind, purpose string) surveys.SendingPage {
	t.Helper()
	d, err := w.NewSending(w.lead, f.Survey.ID, kind, purpose)
	must(t, err)
	if kind == surveys.ToContacts {
		d, err = w.SaveSending(w.lead, f.Survey.ID, d.ID, surveys.SendingForm{Subject: d.Subject, Body: d.Body, Any: []string{"everyone:"}, Purpose: "updates", Version: d.Version})
		must(t, err)
	}
	_, err = w.SendInvitations(w.lead, f.Survey.ID, d.ID, d.Version)
	must(t, err)
	*w.at = w.at.Add(w.cfg.Updates.Hold)
	must(t, w.InviteDue(t.Context()))
	p, err := w.SendingOf(w.lead, f.Survey.ID, d.ID)
	must(t, err)
	return p
}

// tokens are the personal links that were sent, by what they were sent to, of mailings and of single mails alike.
func (w world) tokens(t testing.TB, kind string) map[string]string {
	t.Helper()
	out := map[string]string{}
	var rows []struct{ To, Personal string }
	must(t, w.db.Read(t.Context()).Raw(`SELECT d.address AS "to", d.personal FROM deliveries d JOIN mailings m ON m.id = d.mailing_id WHERE m.kind = ?
		UNION ALL SELECT to_address, content FROM mails WHERE kind = ? ORDER BY 1`, kind, kind).Scan(&rows).Error)
	for _, r := range rows {
		_, rest, found := strings.Cut(r.Personal, "/s/")
		if _, twice := out[r.To]; twice || !found {
			t.Errorf("%s to %s: %q", kind, r.To, r.Personal)
		}
		out[r.To], _, _ = strings.Cut(rest, `"`)
	}
	return out
}

// answers accepts an invitation and sends an answer.
func (w world) answers(t testing.TB, token, text string) {
	t.Helper()
	i, err := w.InvitationByToken(t.Context(), token, "")
	must(t, err)
	accepted, err := w.Accept(t.Context(), i, "press "+token)
	must(t, err)
	p := person{t, w, accepted}
	if !p.next(surveys.Answers{i.Form.Sections[0].Questions[0].ID: {Text: text}}) {
		t.Fatal("it was not sent")
	}
}

func TestContactsAreInvitedByTheRuleOnceEachAndTheRestIsRemindedOnce(t *testing.T) {
	for _, anonymous := range []bool{false, true} {
		databasetest.Each(t, func(t *testing.T, address string) {
			w := open(t, address)
			w.contacts(t, 9)
			f := w.listening(t, surveys.SurveyForm{Anonymous: anonymous})
			p := w.sent(t, f, surveys.ToContacts, "")
			tokens := w.tokens(t, "survey.invitation")
			if p.Sending.State != surveys.SendingSent || p.List.Email != 8 || p.List.LeftOut != 1 || len(tokens) != 8 {
				t.Fatalf("sent %+v, list %+v, links %d", p.Sending, p.List, len(tokens))
			}
			if again := w.draftTo(t, f, surveys.ToContacts); again.Waiting != 0 {
				t.Errorf("%d would be invited a second time", again.Waiting)
			}
			for n := 1; n <= 5; n++ {
				w.answers(t, tokens[fmt.Sprintf("c%d@residents.example", n)], "More buses")
			}
			i, err := w.InvitationByToken(t.Context(), tokens["c1@residents.example"], "")
			must(t, err)
			if _, err := w.Accept(t.Context(), i, "another press"); fault.KindOf(err) != fault.Conflict || !i.Answered {
				t.Errorf("the link answers twice: %+v, %v", i, err)
			}
			if left := w.unreminded(t, f); len(left) != 1 || left[0].People != 0 {
				t.Errorf("reminded on the same day: %+v", left)
			}
			*w.at = w.at.Add(25 * time.Hour)
			if left := w.unreminded(t, f); left[0] != (surveys.Unreminded{Purpose: "updates", People: 3}) {
				t.Errorf("to be reminded: %+v", left)
			}
			w.sent(t, f, surveys.ToRemind, "updates")
			reminded := w.tokens(t, "survey.reminder")
			for n := 6; n <= 8; n++ {
				if to := fmt.Sprintf("c%d@residents.example", n); reminded[to] != tokens[to] {
					t.Errorf("%s was reminded with %q", to, reminded[to])
				}
			}
			if left := w.unreminded(t, f); len(reminded) != 3 || left[0].People != 0 {
				t.Errorf("%d were reminded; left %+v", len(reminded), left)
			}
			if rate, err := w.ResponseRate(w.lead, f.Survey.ID); err != nil || rate != (surveys.Rate{Invited: 8, Answered: 5, Percent: 63}) {
				t.Errorf("rate %+v, %v", rate, err)
			}
		})
	}
}

func (w world) unreminded(t testing.TB, f surveys.Form) []surveys.Unreminded {
	t.Helper()
	list, err := w.Unreminded(w.lead, f.Survey.ID)
	must(t, err)
	return list
}

func (w world) draftTo(t testing.TB, f surveys.Form, kind surveys.SendingKind) surveys.SendingPage {
	t.Helper()
	d, err := w.NewSending(w.lead, f.Survey.ID, kind, "")
	must(t, err)
	if kind == surveys.ToContacts {
		_, err = w.SaveSending(w.lead, f.Survey.ID, d.ID, surveys.SendingForm{Subject: "Hello", Body: "Hello", Any: []string{"everyone:"}, Purpose: "updates", Version: d.Version})
		must(t, err)
	}
	p, err := w.SendingOf(w.lead, f.Survey.ID, d.ID)
	must(t, err)
	return p
}

func TestInvitationsAreCalledBackWithinTheHold(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	w.contacts(t, 3)
	f := w.listening(t, surveys.SurveyForm{})
	p := w.draftTo(t, f, surveys.ToContacts)
	if _, err := w.SendInvitations(w.lead, f.Survey.ID, p.Sending.ID, p.Sending.Version-1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("sent as somebody else had left it: %v", err)
	}
	_, err := w.SendInvitations(w.lead, f.Survey.ID, p.Sending.ID, p.Sending.Version)
	must(t, err)
	must(t, w.InviteDue(t.Context())) // too early
	d, err := w.CallBackInvitations(w.lead, f.Survey.ID, p.Sending.ID)
	must(t, err)
	*w.at = w.at.Add(time.Hour)
	must(t, w.InviteDue(t.Context()))
	if d.State != surveys.SendingDraft || len(w.tokens(t, "survey.invitation")) != 0 {
		t.Errorf("it was called back and left: %+v", d)
	}
	_, err = w.Close(w.lead, f.Survey.ID)
	must(t, err)
	if _, err := w.SendInvitations(w.lead, f.Survey.ID, d.ID, d.Version); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a closed survey: %v", err)
	}
}

func TestWhatIsWrongWithInvitationsIsSaidAtItsField(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.listening(t, surveys.SurveyForm{})
	d, err := w.NewSending(w.lead, f.Survey.ID, surveys.ToContacts, "")
	must(t, err)
	_, err = w.SaveSending(w.lead, f.Survey.ID, d.ID, surveys.SendingForm{Purpose: "spam", Version: d.Version})
	said := says(t, err)
	for _, field := range []string{"subject", "body", "any", "purpose"} {
		if said[field] == "" {
			t.Errorf("nothing is said at %s: %v", field, said)
		}
	}
	if _, err := w.NewSending(w.lead, f.Survey.ID, surveys.ToThoseWhoCame, ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("of no event: %v", err)
	}
}

// visitors is an event that is over, with people who booked: of every third nobody came.
func (w world) visitors(t testing.TB, n int) events.Event {
	t.Helper()
	e := apptest.OpenEvent(t, w.Events, "talk", n, 1)
	var came, absent []bookings.Seat
	for i := range n {
		r := bookings.Request{Name: fmt.Sprintf("Visitor Example %d", i), Email: fmt.Sprintf("v%d@residents.example", i), People: 1, BookerComes: true, Channel: bookings.Online}
		b, err := w.Bookings.Book(audit.AsSystem(t.Context()), e.ID, r)
		must(t, err)
		if i%3 == 2 {
			absent = append(absent, bookings.Seat{BookingID: b.Booking.ID, Position: 1})
		} else {
			came = append(came, bookings.Seat{BookingID: b.Booking.ID, Position: 1})
		}
	}
	*w.at = e.StartsAt.Add(time.Hour)
	for kind, seats := range map[bookings.MarkKind][]bookings.Seat{bookings.Came: came, bookings.NotCame: absent} {
		_, err := w.Bookings.MarkPeople(w.lead, e.ID, bookings.NewPress(), kind, seats)
		must(t, err)
	}
	*w.at = w.at.Add(24 * time.Hour)
	_, err := w.Events.Hold(w.lead, e.ID, events.Turnout{})
	must(t, err)
	return e
}

func TestOnlyWhoCameIsInvitedWithTheThanksOrOnTheirOwnAndOnce(t *testing.T) {
	for _, early := range []bool{true, false} { // whether the survey was open when people were thanked
		databasetest.Each(t, func(t *testing.T, address string) {
			w := open(t, address)
			w.Bookings.OnThanks(w.AfterEvent)
			e := w.visitors(t, 9)
			if !early {
				must(t, w.Bookings.Remind(t.Context()))
			}
			f := w.listening(t, surveys.SurveyForm{Event: strconv.FormatInt(e.ID, 10), Anonymous: early})
			kind := "survey.invitation"
			if early {
				must(t, w.Bookings.Remind(t.Context()))
				must(t, w.Bookings.Remind(t.Context()))
				kind = "booking.thanks"
			} else {
				w.sent(t, f, surveys.ToThoseWhoCame, "")
			}
			tokens := w.tokens(t, kind)
			for i := range 9 {
				if got := tokens[fmt.Sprintf("v%d@residents.example", i)]; (got != "") != (i%3 != 2) {
					t.Errorf("early %v: visitor %d has %q", early, i, got)
				}
			}
			if n, err := w.CameUninvited(w.lead, f.Survey); err != nil || n != 0 {
				t.Errorf("early %v: %d who came are not invited (%v)", early, n, err)
			}
			w.answers(t, tokens["v0@residents.example"], "More tea")
			*w.at = w.at.Add(48 * time.Hour)
			w.sent(t, f, surveys.ToRemind, "")
			if reminded := w.tokens(t, "survey.reminder"); len(reminded) != 5 || reminded["v0@residents.example"] != "" {
				t.Errorf("early %v: reminded %v", early, reminded)
			}
		})
	}
}
