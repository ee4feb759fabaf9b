package browsertest_test

import (
	"context"
	"net/url"

	"conversations/app/browsertest"
	"conversations/app/database"
	"conversations/app/feedback"
)

// makeThemes has the codebook of the demo in use: comments are coded, one theme is changed, one is merged, one is retired.
func (w *world) makeThemes() {
	s, ctx := w.App.Feedback, w.Ctx()
	for i, code := range []string{"access", "access", "signposting", "facilities"} {
		w.coded(ctx, "Nobody could tell me which clinic is open on a Sunday, so we drove round for an hour. That was time number "+number(int64(i)), code)
	}
	access := w.theme("access")
	must(w.t, s.ChangeTheme(ctx, access.ID, feedback.ThemeForm{Name: "Getting to see somebody", Code: "access", Definition: "How hard or easy it is to get care when it is needed."}))
	must(w.t, second(s.MergeThemes(ctx, w.theme("facilities").ID, w.theme("estates").ID, 0, 0)))
	must(w.t, s.RetireTheme(ctx, w.theme("sustainable").ID, 0))
}

func (w *world) theme(code string) feedback.Theme {
	w.t.Helper()
	t, err := w.App.Feedback.ThemeByCode(w.Ctx(), code)
	must(w.t, err)
	return t
}

// coded is a comment that the administrator found a theme in.
func (w *world) coded(ctx context.Context, text, code string) {
	w.t.Helper()
	theme := w.theme(code)
	must(w.t, w.App.DB.Write(ctx, func(tx *database.Tx) error {
		comment, _, err := w.App.Feedback.AddTx(ctx, tx, feedback.NewComment{Source: feedback.FromLetter, SourceKey: "letter:" + text, Text: text})
		if err != nil {
			return err
		}
		reading, err := tx.Insert(`INSERT INTO comment_readings (comment_id, part, coder_id, verdict, read_at) VALUES (?, 'first', 1, 'coded', ?) RETURNING id`, comment, tx.Now())
		if err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO codings (reading_id, comment_id, theme_id) VALUES (?, ?, ?)`, reading, comment, theme.ID).Error
	}))
}

func (w *world) themePaths() map[string][]string {
	page := func(code, after string) string { return "/staff/themes/" + number(w.theme(code).ID) + after }
	return map[string][]string{
		"/staff/themes":             {"/staff/themes", "/staff/themes?retired=yes"},
		"/staff/themes/new":         {"/staff/themes/new"},
		"/staff/themes/history":     {"/staff/themes/history", "/staff/themes/history?theme=" + number(w.theme("access").ID)},
		"/staff/themes/at/:version": {"/staff/themes/at/1"},
		"/staff/themes/import":      {"/staff/themes/import"},
		"/staff/themes/:id":         {page("access", ""), page("dacorum", ""), page("facilities", ""), page("sustainable", "")},
		"/staff/themes/:id/change":  {page("access", "/change")},
		"/staff/themes/:id/merge":   {page("access", "/merge"), page("access", "/merge?into="+number(w.theme("right-place").ID))},
		"/staff/themes/:id/split":   {page("access", "/split"), page("dacorum", "/split")},
	}
}

// themeForms are forms of the codebook that were filled in wrongly, shown again.
func (w *world) themeForms() []sight {
	home := "/staff/themes/" + number(w.theme("access").ID)
	return []sight{
		{path: "/staff/themes/new", staff: true, from: "/staff", send: url.Values{"name": {""}, "code": {"a|b"}}, status: 422},
		{path: home + "/change", staff: true, from: "/staff", send: url.Values{"name": {""}}, status: 422},
		{path: home + "/change?stale", staff: true, from: "/staff", send: url.Values{"name": {"Getting in"}, "version": {"99"}}, status: 409},
		{path: home + "/move", staff: true, from: "/staff", send: url.Values{"parent": {"999999"}}, status: 422},
		{path: home + "/split", staff: true, from: "/staff", send: url.Values{"part_1": {"Telephone"}, "rest": {"stays"}}, status: 422},
	}
}

// themePictures are those of the guide to the codebook.
func (w *world) themePictures(p *browsertest.Page) {
	home := "/staff/themes/" + number(w.theme("access").ID)
	for _, s := range []struct{ name, path string }{
		{"themes", "/staff/themes"}, {"theme", home}, {"theme-merge", home + "/merge?into=" + number(w.theme("right-place").ID)}, {"theme-split", home + "/split"}, {"themes-history", "/staff/themes/history"},
	} {
		p.Go(s.path)
		p.Shot(s.name)
	}
}
