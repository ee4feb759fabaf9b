package feedback_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
	"conversations/app/sheet"
)

func TestThemesAreCountedByLocalityWithTheirBase(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		access := w.topic(t, "Access", 0)
		buses, parking := w.topic(t, "Buses", access), w.topic(t, "Parking", access)
		ids := w.add(t, said("The buses stop too early in the evening."), said("There is no room to park, and no bus."), said("Nothing to say today, thank you."))
		w.coded(t, ids[0], buses)
		w.coded(t, ids[1], buses, parking)
		campaign := "Please keep the walk-in centre open every day of the week, we all need it very much"
		copies := w.add(t, said(campaign), said(campaign+"!"), said(campaign+" please"))
		w.coded(t, copies[1], access)

		m, err := w.MatrixOf(w.lead, feedback.Filter{}, "locality")
		must(t, err)
		if m.Base.Comments != 4 || m.Base.People != 4 || m.Base.Coded != 3 || m.Base.Copies != 2 {
			t.Errorf("the base is %+v", m.Base)
		}
		var got []string
		for _, r := range m.Rows {
			got = append(got, fmt.Sprint(r.Theme.Name, " ", r.Total, " ", r.Cells))
		}
		if want := []string{"Access 3 [3]", "Buses 2 [2]", "Parking 1 [1]"}; !slices.Equal(got, want) {
			t.Errorf("counted %q", got)
		}
		if m.Columns[0].Label != "Dacorum" || m.General[0] != 1 {
			t.Errorf("columns %+v, general %v", m.Columns, m.General)
		}
		pairs, err := w.Together(w.lead, feedback.Filter{})
		must(t, err)
		if len(pairs) != 1 || pairs[0].Both != 1 || pairs[0].OfOne != 2 {
			t.Errorf("together %+v", pairs)
		}
		for _, by := range []string{"event", "source", "service", "month", "tone"} {
			m, err := w.MatrixOf(w.lead, feedback.Filter{Locality: "dacorum"}, by)
			must(t, err)
			if m.Base.Comments != 4 {
				t.Errorf("by %s: %+v", by, m.Base)
			}
		}
		if _, err := w.MatrixOf(w.lead, feedback.Filter{}, "equality:x'"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an unknown dimension: %v", err)
		}
	})
}

func TestGroupsInEqualityQuestionsAreCounted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		buses := w.topic(t, "Buses", 0)
		one := said("The buses are late.")
		one.Equality = map[string]string{"age": "25-34"}
		ids := w.add(t, one, said("The bus is never there."))
		w.coded(t, ids[0], buses)
		w.coded(t, ids[1], buses)
		m, err := w.MatrixOf(w.lead, feedback.Filter{}, "equality:age")
		must(t, err)
		if len(m.Columns) != 2 || m.Columns[0].Label != "25 34" && m.Columns[0].Code != "25-34" || m.Rows[0].Cells[0] != 1 || m.Columns[1].Label != "Not known" {
			t.Errorf("counted %+v %+v", m.Columns, m.Rows)
		}
	})
}

func TestAQuoteIsLockedToCommentRedactionAndConsent(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		id := w.add(t, said("We wait for hours & nobody says “why”."))[0]
		if _, err := w.ChooseQuote(w.lead, id, "We wait for hours"); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("without permission: %v", err)
		}
		w.exec(t, `UPDATE comments SET quote_ok = TRUE WHERE id = ?`, id)
		if _, err := w.ChooseQuote(w.lead, id, "We wait for hours"); fault.KindOf(err) != fault.Conflict {
			t.Fatalf("before anybody confirmed what is struck out: %v", err)
		}
		w.quotable(t, id)
		if _, err := w.ChooseQuote(w.lead, id, "We wait for weeks"); fault.KindOf(err) != fault.Invalid {
			t.Fatalf("words that are not there: %v", err)
		}
		quote, err := w.ChooseQuote(w.lead, id, "hours & nobody")
		must(t, err)
		shown := func() int {
			quotes, err := w.Quotes(w.lead, feedback.QuoteFilter{IDs: []int64{quote}})
			must(t, err)
			for _, q := range quotes {
				if q.Words != "hours & nobody" {
					t.Errorf("the quote reads %q", q.Words)
				}
			}
			return len(quotes)
		}
		if shown() != 1 {
			t.Fatal("the quote is not shown")
		}
		for _, change := range []string{`quote_ok = FALSE`, `redaction = 'found'`, `redacted = redacted + 1`, `text = 'Otherwise, and hours & nobody'`, `text = ''`} {
			w.exec(t, `UPDATE comments SET `+change+` WHERE id = ?`, id)
			if shown() != 0 {
				t.Errorf("the quote is shown after %s", change)
			}
			w.exec(t, `UPDATE comments SET quote_ok = TRUE, redaction = 'confirmed', redacted = 1, text = 'We wait for hours & nobody says “why”.' WHERE id = ?`, id)
		}
		if shown() != 1 {
			t.Fatal("nothing holds any more")
		}
		// Permission that was withdrawn, and is given again, does not bring the quotation back.
		w.exec(t, `UPDATE comments SET quote_ok = FALSE WHERE id = ?`, id)
		must(t, w.RequoteJob().Run(w.lead))
		w.quotable(t, id)
		if shown() != 0 {
			t.Error("a quote came back")
		}
	})
}

func TestTheTablesOfAReportCanBeTakenOut(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		buses, parking := w.topic(t, "Buses", 0), w.topic(t, "Parking", 0)
		ids := w.add(t, said("The buses stop too early."), said("=1+1 is not a comment"), said("Call me on 01632 960123 about parking."))
		w.coded(t, ids[0], buses, parking)
		w.coded(t, ids[2], parking)
		w.quotable(t, ids[0])
		_, err := w.ChooseQuote(w.lead, ids[0], "The buses stop")
		must(t, err)
		out := map[string]string{}
		for _, name := range []string{"themes-by", "together", "codings", "matrix", "summary"} {
			table, err := w.ExportReport(w.lead, name, feedback.Filter{}, "locality", sheet.FormatCSV)
			must(t, err)
			var b bytes.Buffer
			must(t, sheet.Write(&b, sheet.FormatCSV, table))
			out[name] = b.String()
		}
		if lines := strings.Split(strings.TrimSpace(out["matrix"]), "\r\n"); len(lines) != 4 || !strings.HasSuffix(lines[1], ",1,1") || !strings.HasSuffix(lines[2], ",,") || !strings.HasSuffix(lines[3], ",0,1") {
			t.Errorf("the matrix is\n%s", out["matrix"])
		}
		if strings.Count(out["codings"], "\r\n") != 4 || strings.Contains(out["codings"], "960123") {
			t.Errorf("the codings are\n%s", out["codings"])
		}
		if !strings.Contains(out["summary"], "“The buses stop”") || !strings.Contains(out["themes-by"], "Parking,2,2") || !strings.Contains(out["together"], ",1,1,2") {
			t.Errorf("taken out: %q", out)
		}
	})
}
