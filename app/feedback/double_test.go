package feedback_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

func TestASecondPersonCodesBlindAndAThirdSettles(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late.", "Everybody was kind.")
		w.cfg.Feedback.DoubleShare = 100
		for i, comment := range w.comments {
			f := codes(0, w.themes[i*2])
			f.Offered = fmt.Sprint(w.themes[i*2].ID)
			w.code(t, w.ann, comment, f)
		}
		if id, waiting, err := w.Second(w.ann, 0); err != nil || id != 0 || waiting != 0 {
			t.Errorf("the first coder gets comment %d of %d to code again, %v", id, waiting, err)
		}
		if _, err := w.CodeAgain(w.ann, w.comments[0], codes(0, w.themes[0])); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the first coder codes again: %v", err)
		}
		id, waiting, err := w.Second(w.ben, 0)
		must(t, err)
		if id != w.comments[0] || waiting != 2 {
			t.Errorf("the second coder gets comment %d, %d wait", id, waiting)
		}
		*w.at = w.at.Add(time.Second)
		must(t, second(w.CodeAgain(w.ben, w.comments[0], codes(0, w.themes[1]))))
		*w.at = w.at.Add(time.Second)
		must(t, second(w.CodeAgain(w.ben, w.comments[1], codes(0, w.themes[2]))))
		if got := w.now(t, w.comments[0]); got != "coded  [Travel and parking]" {
			t.Errorf("before a third looks, what counts is %s", got)
		}
		a, err := w.AgreementNow(w.lead)
		must(t, err)
		if a.Agreed != 1 || a.Differs != 1 || a.Alpha.Comments != 2 || a.Pull.Shown != 1 || a.Pull.Blind != 0.5 || len(a.Themes) != 3 {
			t.Errorf("agreement is %+v", a)
		}
		if _, err := w.Undo(w.ann); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "second person") {
			t.Errorf("the first takes back what a second coded too: %v", err)
		}
		if _, err := w.Settle(w.ben, w.comments[0], codes(0, w.themes[0])); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("one of the two settles: %v", err)
		}
		*w.at = w.at.Add(time.Second)
		must(t, second(w.Settle(w.lead, w.comments[0], codes(0, w.themes[0], w.themes[1]))))
		if got := w.now(t, w.comments[0]); got != "coded  [Travel and parking, Waiting times]" {
			t.Errorf("what counts is %s", got)
		}
		var counting int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM comment_readings WHERE comment_id = ? AND counts", w.comments[0]).Scan(&counting).Error)
		if counting != 1 {
			t.Errorf("%d readings of one comment count", counting)
		}
		must(t, second(w.Undo(w.lead)))
		if got := w.now(t, w.comments[0]); got != "coded  [Travel and parking]" {
			t.Errorf("with the third taken back, what counts is %s", got)
		}
		list, err := w.Disputes(w.lead)
		must(t, err)
		if len(list) != 1 || list[0].ID != w.comments[0] {
			t.Errorf("in dispute are %v", list)
		}
	})
}

func TestTheChosenShareIsDrawn(t *testing.T) {
	w := openCoding(t, databasetest.SQLite(t))
	w.cfg.Feedback.DoubleShare = 30
	for i := range 200 {
		comment := w.add(t, said(fmt.Sprintf("The bus number %d is late.", i)))[0]
		must(t, second(w.Code(w.ann, comment, codes(0, w.themes[0]))))
	}
	var drawn int
	must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM double_codings").Scan(&drawn).Error)
	if drawn < 30 || drawn > 90 { // 60, within four and a half standard deviations
		t.Errorf("of 200 comments %d were drawn", drawn)
	}
}

func TestWhatComesNextWaitsAndIsAsWasAskedFor(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := openCoding(t, address, "The bus is late.", "The car park is full.", "I waited for hours.")
		elsewhere := said("Everybody was kind.")
		elsewhere.Locality = "hertsmere"
		w.comments = append(w.comments, w.add(t, elsewhere)[0])
		u, err := w.Next(w.ann, feedback.NextFilter{Locality: "hertsmere"})
		must(t, err)
		if u.ID != w.comments[3] {
			t.Errorf("of one locality comes %+v", u)
		}
		seen := map[int64]bool{}
		for range 100 {
			u, err := w.Next(w.ann, feedback.NextFilter{Not: []int64{w.comments[0]}})
			must(t, err)
			seen[u.ID] = true
		}
		if len(seen) != 3 || seen[w.comments[0]] || u.AtRandom {
			t.Errorf("by chance come %v", seen)
		}
		for _, comment := range w.comments[:3] {
			w.code(t, w.ann, comment, codes(0, w.themes[0]))
		}
		must(t, w.Learn(w.lead))
		if u, err = w.Next(w.ann, feedback.NextFilter{Order: feedback.LeastCertain}); err != nil || u.ID != w.comments[3] || u.AtRandom {
			t.Errorf("the least certain is %+v, %v", u, err)
		}
		w.code(t, w.ben, w.comments[3], codes(0, w.themes[2]))
		if u, err = w.Next(w.ann, feedback.NextFilter{}); err != nil || u.ID != 0 {
			t.Errorf("with all coded comes %+v, %v", u, err)
		}
		must(t, second(w.Undo(w.ben)))
		if u, err = w.Next(w.ann, feedback.NextFilter{}); err != nil || u.ID != w.comments[3] {
			t.Errorf("after an undoing comes %+v, %v", u, err)
		}
	})
}

func TestSuggestionsLearnFromWhatPeopleCodeAndStartFromTheCodebook(t *testing.T) {
	w := openCoding(t, databasetest.SQLite(t), "There was no parking near the clinic.")
	c, err := w.Comment(w.lead, w.comments[0])
	must(t, err)
	if list, err := w.Suggestions(w.ann, c); err != nil || len(list) != 0 {
		t.Errorf("before anything is learnt: %v, %v", list, err)
	}
	must(t, w.Learn(w.lead))
	list, err := w.Suggestions(w.ann, c)
	must(t, err)
	if len(list) != 3 || list[0].Theme.Name != "Travel and parking" || !strings.Contains(list[0].Sure, "guess") || !slices.Contains(list[0].Words, "parking") {
		t.Errorf("from the codebook alone: %+v", list)
	}
	for i := range 30 {
		for j, text := range []string{"The bus was late again on line %d.", "I waited %d hours to be seen.", "Nurse number %d was kind and listened."} {
			w.code(t, w.ann, w.add(t, said(fmt.Sprintf(text, i)))[0], codes(0, w.themes[j]))
		}
	}
	must(t, w.Learn(w.lead))
	late := c
	late.Text = "My bus was late"
	if list, err = w.Suggestions(w.ann, late); err != nil || list[0].Theme.Name != "Travel and parking" || list[0].Confidence < 0.5 || strings.Contains(list[0].Sure, "guess") {
		t.Errorf("after 90 codings: %+v, %v", list, err)
	}
	must(t, w.RetireTheme(w.lead, w.themes[0].ID, w.themes[0].Version))
	if list, err = w.Suggestions(w.ann, late); err != nil || slices.ContainsFunc(list, func(s feedback.Suggested) bool { return s.Theme.ID == w.themes[0].ID }) {
		t.Errorf("a theme that was retired is offered: %+v, %v", list, err)
	}
	must(t, w.Measure(w.lead))
	m, measured, err := w.Meter(w.lead)
	must(t, err)
	if !measured || m.FirstRight.Of == 0 || m.Examples != 90 {
		t.Errorf("the meter says %+v", m)
	}
}
