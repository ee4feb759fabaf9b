package bookings

import (
	"context"
	"fmt"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
)

func TestThePanelIsToldWhatPeopleWhoComeWantToAskAndNotTheirNames(t *testing.T) {
	w := newWorld(t, databasetest.SQLite(t))
	e := w.openEvent(20, 4)
	var ids []int64
	for i, question := range []string{"Will it be open late?", "", "Who pays?", "Is it true?"} {
		r := resident(i, 1)
		r.Question, r.QuoteOK = question, i == 2
		ids = append(ids, w.book(e, r).ID)
	}
	if _, err := w.bookings.Cancel(w.ctx, ByStaff, ids[3]); err != nil {
		t.Fatal(err)
	}
	got, err := w.bookings.Questions(w.ctx, e.ID)
	want := fmt.Sprintf("[{%d Will it be open late? false} {%d Who pays? true}]", ids[0], ids[2])
	if err != nil || fmt.Sprint(got) != want {
		t.Errorf("told %v, want %s: %v", got, want, err)
	}
	if _, err := w.bookings.Questions(context.Background(), e.ID); fault.KindOf(err) != fault.SignIn {
		t.Errorf("a stranger is told: %v", err)
	}
	groups, err := w.events.AskedQuestions(w.ctx, e.ID)
	if err != nil || len(groups) != 2 {
		t.Errorf("the events are told %v, %v", groups, err)
	}
}
