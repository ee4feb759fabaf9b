package feedback_test

import (
	"slices"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

func TestStaffTypeInWhatSomebodySaid(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		_, err := w.AddByHand(w.lead, feedback.ByHand{Attributes: feedback.Attributes{Source: "fax", Event: "none", Locality: "nowhere", SaidOn: "2017-02-11", Recontact: true}, Phone: "12"})
		var fields []string
		for _, f := range faultFields(err) {
			fields = append(fields, f.Name)
		}
		if want := []string{"comment", "source", "event", "locality", "date", "phone"}; !slices.Equal(fields, want) {
			t.Errorf("wrong are %v", fields)
		}
		id, err := w.AddByHand(w.lead, feedback.ByHand{Attributes: feedback.Attributes{Source: feedback.FromLetter, Locality: "hertsmere", SaidOn: "2017-02-01", QuoteOK: true},
			Text: "The lift is broken", Name: "Ada Example", Email: "ada@residents.example"})
		must(t, err)
		c, err := w.Comment(w.lead, id)
		must(t, err)
		p, err := w.PersonOf(w.lead, c)
		must(t, err)
		if p.Name != "Ada Example" || p.Wording == "" || !c.QuoteOK || c.Recontact {
			t.Errorf("kept are %+v and %+v", c, p)
		}
		must(t, w.ChangeComment(w.lead, id, 1, feedback.Attributes{Source: feedback.FromEmail, Locality: "dacorum"}))
		if err := w.ChangeComment(w.admin, id, 1, feedback.Attributes{Source: feedback.FromEmail}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a change of what somebody else has changed: %v", err)
		}
		entries, err := w.CommentHistory(w.lead, id)
		must(t, err)
		if last := entries[len(entries)-1]; last.Action != "comment.change" || !strings.Contains(last.Details, `"quote_ok"`) {
			t.Errorf("the log says %+v", last)
		}
	})
}

func TestPastedMinutesBecomeComments(t *testing.T) {
	for text, want := range map[string][]string{
		"Parking is dear.\nBuses are late.":                          {"Parking is dear.", "Buses are late."},
		"Parking is dear,\nand far.\n\nBuses are late.":              {"Parking is dear, and far.", "Buses are late."},
		"- Parking is dear\n- Buses are late\n\n2. No lift\r\nthere": {"Parking is dear", "Buses are late", "No lift there"},
	} {
		got, err := feedback.SplitPasted(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q becomes %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", strings.Repeat("a\n", 201), strings.Repeat("a", feedback.PastedLetters+1)} {
		if _, err := feedback.SplitPasted(text); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.5q of %d: %v", text, len(text), err)
		}
	}
	w := open(t, databasetest.SQLite(t))
	keep := func() int {
		n, err := w.KeepPasted(w.lead, feedback.Attributes{Source: feedback.FromMinutes, Locality: "dacorum"}, []string{"Parking is dear.", " ", "Buses are late."})
		must(t, err)
		return n
	}
	if first, again := keep(), keep(); first != 2 || again != 0 {
		t.Errorf("a paste came in as %d, then as %d", first, again)
	}
}
