package events_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// ask books for an event with each question, and has the service told of them as the bookings do.
func (h house) ask(t testing.TB, e events.Event, questions ...events.AskedQuestion) []events.AskedQuestion {
	t.Helper()
	err := h.db.Write(h.ctx, func(tx *database.Tx) (err error) {
		for i := range questions {
			questions[i].BookingID, err = tx.Insert(`INSERT INTO bookings (reference, event_id, status, people, name, channel, joined_at, created_at, updated_at)
				VALUES (?, ?, 'confirmed', 1, 'Somebody', 'online', ?, ?, ?) RETURNING id`, fmt.Sprintf("R%d", i), e.ID, tx.Now(), tx.Now(), tx.Now())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Service.Questions = func(context.Context, int64) ([]events.AskedQuestion, error) { return slices.Clone(questions), nil }
	return questions
}

func asked(text string) events.AskedQuestion { return events.AskedQuestion{Text: text} }

func quotable(text string) events.AskedQuestion {
	return events.AskedQuestion{Text: text, QuoteOK: true}
}

// texts are the questions by group.
func texts(groups []events.QuestionGroup) (out [][]string) {
	for _, g := range groups {
		var list []string
		for _, q := range g.Questions {
			list = append(list, q.Text)
		}
		out = append(out, list)
	}
	return out
}

func TestQuestionsThatAreAlikeStandTogether(t *testing.T) {
	h := newHouse(t)
	e := h.published(t, evening())
	h.ask(t, e, asked("Will there be evening appointments?"), asked("Where can I park at the hospital?"), asked("will there be EVENING appointments"),
		asked("Is there parking for blue badges at the hospital?"), asked("Who pays for all of this?"), asked("When will evening appointments start?"))
	groups, err := h.AskedQuestions(h.ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Will there be evening appointments?", "will there be EVENING appointments", "When will evening appointments start?"},
		{"Where can I park at the hospital?", "Is there parking for blue badges at the hospital?"}, {"Who pays for all of this?"}}
	if got := texts(groups); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("grouped as %v", got)
	}
	if groups[0].Same() != 2 || strings.Join(groups[0].Shared, " ") != "evening appointments" || groups[2].Shared != nil {
		t.Errorf("%d are the same, %v", groups[0].Same(), groups[0].Shared)
	}
}

func TestTheChairsOrderIsKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.published(t, evening())
		q := h.ask(t, e, asked("What about buses?"), asked("What about nurses?"), asked("What about dentists?"))
		if err := h.OrderQuestions(h.ctx, e.ID, []int64{q[2].BookingID, q[0].BookingID}); err != nil {
			t.Fatal(err)
		}
		groups, err := h.AskedQuestions(h.ctx, e.ID)
		if err != nil || fmt.Sprint(texts(groups)) != "[[What about dentists?] [What about buses?] [What about nurses?]]" {
			t.Errorf("%v, %v", texts(groups), err)
		}
	})
}

func TestAQuestionIsAnsweredOnceForAllWhoAskedItAndTakenIntoTheRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		q := h.ask(t, e, quotable("Will there be evening appointments?"), asked("Will evening appointments be kept for my mother Joan?"))
		f := events.AnswerForm{Words: "Will there be evening appointments?", Role: "Resident", Answer: "Yes.", AnsweredBy: "A local GP", Also: []string{fmt.Sprint(q[1].BookingID)}, Take: "yes"}
		if err := h.AnswerQuestion(h.ctx, e.ID, q[0].BookingID, f); err != nil {
			t.Fatal(err)
		}
		groups, err := h.AskedQuestions(h.ctx, e.ID)
		if err != nil || !groups[0].Questions[0].Answered() || !groups[0].Questions[1].Answered() || *groups[0].Questions[1].PanelQuestion.WithID != q[0].BookingID {
			t.Fatalf("%+v, %v", groups, err)
		}
		r, err := h.Record(h.ctx, e.ID)
		if err != nil || len(r.Parts) != 2 || r.Parts[0].Kind != minutes.Question || r.Parts[0].Who != "Resident" || r.Parts[1].Text != "Yes." || r.Parts[1].Who != "A local GP" {
			t.Fatalf("%+v, %v", r.Parts, err)
		}
		if r.Parts[0].BookingID == nil || *r.Parts[0].BookingID != q[0].BookingID {
			t.Error("it is not noted whose words the record quotes")
		}
		if err := h.AnswerQuestion(h.ctx, e.ID, q[0].BookingID, f); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the question was taken into the record twice: %v", err)
		}
		if got := h.audited(t, "bookings"); !slices.Equal(got, []string{"question.answer"}) {
			t.Errorf("recorded %v", got)
		}
	})
}

func TestWhoDidNotAgreeIsNotQuoted(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	q := h.ask(t, e, asked("Why did my mother wait nine hours?"), quotable("Is there parking?"))
	f := events.AnswerForm{Words: " why did my mother wait NINE hours", Role: "Carer", Answer: "We are sorry.", AnsweredBy: "The trust", Take: "yes"}
	if err := h.AnswerQuestion(h.ctx, e.ID, q[0].BookingID, f); messages(t, err)["words"] == "" {
		t.Fatalf("somebody was quoted who did not agree: %v", err)
	}
	if err := h.AnswerQuestion(h.ctx, e.ID, q[1].BookingID, f); messages(t, err)["words"] == "" {
		t.Fatalf("somebody was quoted through another's question: %v", err)
	}
	f.Words = "Why are there long waits?"
	if err := h.AnswerQuestion(h.ctx, e.ID, q[0].BookingID, f); err != nil {
		t.Fatal(err)
	}
	if r, _ := h.Record(h.ctx, e.ID); r.Parts[0].BookingID != nil {
		t.Error("staff's own words count as a quotation")
	}
	err := h.AnswerQuestion(h.ctx, e.ID, q[1].BookingID, events.AnswerForm{Role: "Jane"})
	for _, field := range []string{"words", "role", "answer", "answered_by"} {
		if messages(t, err)[field] == "" {
			t.Errorf("nothing is said at %s", field)
		}
	}
}

func TestTheQuestionsPagesOrderAndAnswer(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	q := s.ask(t, e, asked("What about buses in Tring?"), quotable("What about <nurses>?"), asked("Are there buses from Tring?"))
	path := fmt.Sprintf("/staff/events/%d/questions", e.ID)
	body := s.staffGet(t, path, 200)
	wants(t, body, "3 questions", "share: buses, tring", "What about <nurses>?", "May be quoted.", "Use your own words. Do not quote.", "group-down-0", fmt.Sprintf("down-%d", q[0].BookingID))
	s.post(t, path, url.Values{"do": {"group-down-0"}}, 303)
	s.post(t, path, url.Values{"do": {fmt.Sprintf("down-%d", q[0].BookingID)}}, 303)
	body = s.staffGet(t, path, 200)
	for _, pair := range [][2]string{{"<nurses>", "buses from"}, {"buses from", "buses in"}} {
		if strings.Index(body, pair[0]) > strings.Index(body, pair[1]) {
			t.Errorf("%q comes after %q", pair[0], pair[1])
		}
	}
	one := fmt.Sprintf("%s/%d", path, q[1].BookingID)
	wants(t, s.staffGet(t, one, 200), "agreed to be quoted", "What about <nurses>?</textarea>")
	wants(t, s.staffGet(t, fmt.Sprintf("%s/%d", path, q[0].BookingID), 200), "did not agree", "Are there buses from Tring?", `name="also"`)
	wants(t, s.post(t, one, url.Values{"words": {"What?"}, "role": {"Carer"}}, 422), "Write the answer", `value="Carer" selected`)
	s.post(t, one, url.Values{"words": {"What about <nurses>?"}, "role": {"Resident"}, "answer": {"More are coming."}, "answered_by": {"The trust"}, "take": {"yes"}}, 303)
	wants(t, s.staffGet(t, path, 200), "Answered, in the record")
	wants(t, s.staffGet(t, fmt.Sprintf("/staff/events/%d/record", e.ID), 200), "More are coming.", "from a resident")
	s.staffGet(t, path+"/999", 404)
}
