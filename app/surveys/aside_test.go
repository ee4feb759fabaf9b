package surveys_test

import (
	"strconv"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/surveys"
)

func TestAResponseIsSetAsideWithAReasonAndPutBackAndBothAreOnRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.spoken(t, false)
		for _, text := range []string{"Longer hours", "Ha ha", "More buses"} {
			w.wrote(t, f, text)
		}
		p, err := w.Responses(w.lead, f.Survey.ID, surveys.ResponseFilter{})
		must(t, err)
		joke := p.Responses[1]
		if said := says(t, w.SetResponseAside(w.lead, f.Survey.ID, joke.ID, " ")); said["reason"] == "" {
			t.Errorf("said %v", said)
		}
		if err := w.SetResponseAside(w.lead, f.Survey.ID+1, joke.ID, "A joke"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("of another survey: %v", err)
		}
		must(t, w.SetResponseAside(w.lead, f.Survey.ID, joke.ID, "A joke"))
		if err := w.SetResponseAside(w.lead, f.Survey.ID, joke.ID, "A joke"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice: %v", err)
		}
		aside, err := w.Responses(w.lead, f.Survey.ID, surveys.ResponseFilter{State: surveys.SetAside})
		must(t, err)
		if r, err := w.Results(w.lead, f.Survey.ID); err != nil || r.Complete != 2 || aside.Total != 1 || aside.Responses[0].SetAside != "A joke" {
			t.Errorf("%d count, %d are aside (%v)", r.Complete, aside.Total, err)
		}
		table, err := w.ExportResponseList(w.lead, f.Survey.ID, surveys.ResponseFilter{State: surveys.SetAside}, sheet.FormatCSV)
		must(t, err)
		rows := 0
		for cells, err := range table.Rows {
			must(t, err)
			if rows++; cells[0] != strconv.FormatInt(joke.ID, 36) || cells[5] != "A joke" {
				t.Errorf("taken out: %v", cells)
			}
		}
		must(t, w.PutResponseBack(w.lead, f.Survey.ID, joke.ID))
		if r, err := w.Results(w.lead, f.Survey.ID); err != nil || r.Complete != 3 || rows != 1 {
			t.Errorf("%d count (%v), %d rows", r.Complete, err, rows)
		}
		var recorded []string
		must(t, w.db.Read(t.Context()).Raw("SELECT action || ' ' || details FROM audit_entries WHERE action LIKE 'response.%' ORDER BY id").Scan(&recorded).Error)
		if len(recorded) != 2 || !strings.HasPrefix(recorded[0], "response.set_aside") || !strings.HasPrefix(recorded[1], "response.put_back") || strings.Contains(recorded[0], "joke") {
			t.Errorf("recorded %v", recorded)
		}
	})
}

func TestNoResponseToAnAnonymousSurveyIsShownBeforeFiveAnswered(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.spoken(t, true)
	for n := 1; n <= 5; n++ {
		w.wrote(t, f, "Longer hours")
		var id int64
		must(t, w.db.Read(t.Context()).Raw("SELECT id FROM survey_responses WHERE state = 'complete' LIMIT 1").Scan(&id).Error)
		p, err := w.Responses(w.lead, f.Survey.ID, surveys.ResponseFilter{})
		must(t, err)
		_, shown := w.ResponseOf(w.lead, f.Survey.ID, id)
		if few := n < 5; p.Withheld != few || (fault.KindOf(shown) == fault.NotFound) != few || (len(p.Responses) == 0) != few {
			t.Errorf("after %d: %+v, %v", n, p.Responses, shown)
		}
	}
}

func TestNobodyIsAskedHowToReachThemAmongAnonymousAnswers(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.spoken(t, true)
	p, q := w.person(t, f), f.Sections[0].Questions
	if !p.next(surveys.Answers{q[2].ID: {Choices: []int64{q[2].Options[0].ID}, Contact: surveys.Contact{Name: "Resident Example", Email: "resident@residents.example"}}}) {
		t.Fatal("yes alone is not enough")
	}
	var kept int
	must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_respondents").Scan(&kept).Error)
	if kept != 0 {
		t.Error("a name is kept beside anonymous answers")
	}
}

func TestWhoLeavesANameAfterAnAnonymousSurveyIsJoinedToNoAnswers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.listening(t, surveys.SurveyForm{Anonymous: true, ContactForm: true})
		said := says(t, w.LeaveContact(t.Context(), f.Survey, surveys.ContactDetails{Email: "resident"}))
		if said["name"] == "" || said["email"] == "" {
			t.Errorf("said %v", said)
		}
		must(t, w.LeaveContact(t.Context(), f.Survey, surveys.ContactDetails{Name: "Resident Example", Email: "Resident@residents.example"}))
		must(t, w.LeaveContact(t.Context(), f.Survey, surveys.ContactDetails{Name: "Another Example", Email: "another@residents.example"}))
		rows, err := database.Records(w.db.Read(t.Context()), "SELECT * FROM survey_respondents ORDER BY email_key DESC")
		must(t, err)
		if len(rows) != 2 || rows[0]["email_key"] != "resident@residents.example" || rows[0]["response_id"] != nil || rows[0]["wording"] != surveys.ContactWording {
			t.Errorf("kept %v", rows)
		}
		other := w.listening(t, surveys.SurveyForm{})
		if err := w.LeaveContact(t.Context(), other.Survey, surveys.ContactDetails{Name: "Resident Example", Email: "resident@residents.example"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("of a survey without the form: %v", err)
		}
	})
}

// However often Start is pressed on the page of an invitation, there is one ballot, and the person gets to it.
func TestPressingStartTwiceGivesTheSameBallot(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	w.contacts(t, 2)
	f := w.listening(t, surveys.SurveyForm{Anonymous: true})
	w.sent(t, f, surveys.ToContacts, "")
	i, err := w.InvitationByToken(t.Context(), w.tokens(t, "survey.invitation")["c1@residents.example"], "")
	must(t, err)
	tokens := make(chan string, 8)
	for range cap(tokens) {
		go func() {
			token, err := w.Accept(t.Context(), i, "one press")
			if err != nil {
				token = err.Error()
			}
			tokens <- token
		}()
	}
	first := <-tokens
	for range cap(tokens) - 1 {
		if token := <-tokens; token != first {
			t.Errorf("one press gave %q and %q", first, token)
		}
	}
	if _, err := w.Accept(t.Context(), i, "another press"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another press: %v", err)
	}
	var taken int
	must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_responses WHERE state = 'draft'").Scan(&taken).Error)
	if taken != 1 {
		t.Errorf("%d ballots were taken", taken)
	}
}
