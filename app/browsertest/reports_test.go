package browsertest_test

import (
	"net/http"
	"net/url"

	"conversations/app/database"
	"conversations/app/feedback"
)

// makeReports codes a comment, chooses words of it to quote, and issues a report with them.
func (w *world) makeReports() {
	w.t.Helper()
	ctx, s := w.Ctx(), w.App.Feedback
	theme, err := s.AddTheme(ctx, feedback.ThemeForm{Name: "Getting seen sooner"})
	must(w.t, err)
	const words = "The clinic opened on time."
	id, err := s.AddByHand(ctx, feedback.ByHand{Attributes: feedback.Attributes{Source: feedback.FromLetter, Locality: "dacorum", QuoteOK: true}, Text: words})
	must(w.t, err)
	must(w.t, s.Redact(ctx, id, 1, feedback.Decisions{Confirm: true}))
	must(w.t, w.App.DB.Write(ctx, func(tx *database.Tx) error {
		reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, verdict, tone, read_at) VALUES (?, 'first', 'coded', 'positive', ?) RETURNING id`, id, tx.Now())
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, id, theme.ID).Error
	}))
	quote, err := s.ChooseQuote(ctx, id, words)
	must(w.t, err)
	w.quoted = id
	w.report, err = s.IssueBoard(ctx, feedback.BoardForm{Title: "What people told us", Summary: "People speak of clinics.", By: "locality", Quotes: []int64{quote}})
	must(w.t, err)
}

// reportPaths are the pages that count what people said.
func (w *world) reportPaths() map[string][]string {
	const home = "/staff/feedback/reports"
	return map[string][]string{
		home: {home, home + "?by=source&locality=dacorum", home + "?q=nobody+said+this"}, home + "/new": {home + "/new", home + "/new?locality=dacorum"}, home + "/issued": {home + "/issued"},
		home + "/issued/:id": {home + "/issued/" + number(w.report)}, "/staff/feedback/:id/quotes": {"/staff/feedback/" + number(w.quoted) + "/quotes", "/staff/feedback/" + number(w.comments[3]) + "/quotes"},
	}
}

// reportForms are forms about reports that were filled in wrongly.
func (w *world) reportForms() []sight {
	const home = "/staff/feedback/reports"
	quotes := "/staff/feedback/" + number(w.quoted) + "/quotes"
	return []sight{
		{path: home + "/new", staff: true, status: http.StatusUnprocessableEntity, from: home + "/new", send: url.Values{"by": {"locality"}, "summary": {`They say "more".`}}},
		{path: quotes, staff: true, status: http.StatusUnprocessableEntity, from: quotes, send: url.Values{"excerpt": {"Never said"}}},
	}
}
