package surveys_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conversations/app/accounts"
	"conversations/app/database/databasetest"
	"conversations/app/surveys"
	"conversations/app/web"
)

// served is the pages of the world's surveys over HTTP.
func (w world) served(t testing.TB) *httptest.Server {
	t.Helper()
	shell := web.New(w.cfg, w.db, slog.New(slog.DiscardHandler))
	shell.Allow, shell.CacheFor = accounts.Require, 0
	surveys.Routes(shell, w.Service)
	server := httptest.NewServer(shell.Handler())
	t.Cleanup(server.Close)
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return server
}

// post sends a body as it is, and gives the answer with its text.
func post(t testing.TB, server *httptest.Server, path, kind, body string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL+path, strings.NewReader(body))
	must(t, err)
	request.Header.Set("Content-Type", kind)
	response, err := server.Client().Do(request)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	must(t, err)
	return response, string(text)
}

const asForm = "application/x-www-form-urlencoded"

// kept is everything that is stored of answers, in words that can be compared.
func (w world) kept(t testing.TB) string {
	t.Helper()
	var all []string
	for _, sql := range []string{"SELECT response_id, question_id, row_id, choice_id, number, text, wording FROM survey_answers ORDER BY 1, 2, 3, 4",
		"SELECT id, state, section, locality FROM survey_responses ORDER BY 1", "SELECT response_id, name, email, phone FROM survey_respondents ORDER BY 1", "SELECT id, locked FROM survey_questions ORDER BY 1"} {
		var rows []map[string]any
		must(t, w.db.Read(t.Context()).Raw(sql).Scan(&rows).Error)
		all = append(all, fmt.Sprint(rows))
	}
	return strings.Join(all, "\n")
}

// everything is an open survey with one page on which each kind of answer is asked for.
func (w world) everything(t testing.TB) surveys.Form {
	t.Helper()
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Everything"})
	must(t, err)
	f := w.form(t, survey.ID)
	for _, q := range []surveys.QuestionForm{
		{Kind: "one-of", Label: "One?", Required: true, Options: "A\nB", Other: true}, {Kind: "several-of", Label: "Several?", Options: "A\nB\nC", None: true, Most: "2"},
		{Kind: "scale", Label: "How easy?", Steps: "5", Low: "Hard", High: "Easy"}, {Kind: "number", Label: "How many?", Min: "0", Max: "9"},
		{Kind: "date", Label: "When?"}, {Kind: "short-text", Label: "What?", Most: "20"}, {Kind: "long-text", Label: "Why?"}, {Kind: "postcode", Label: "Where?"},
		{Kind: "grid", Label: "How was it?", Options: "Good\nPoor", Rows: "NHS 111\nA&E, Watford"}, {Kind: "recontact", Label: "May we ask again?"},
	} {
		w.add(t, f, 0, q)
	}
	_, err = w.AddSection(w.lead, survey.ID, surveys.SectionForm{Title: "Last"})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 1, surveys.QuestionForm{Kind: "yes-no", Label: "Was that all?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	return w.form(t, survey.ID)
}

// honest is what the first page of everything sends.
func honest(f surveys.Form) url.Values {
	q := f.Sections[0].Questions
	values := url.Values{"section": {fmt.Sprint(f.Sections[0].ID)}, "way": {"next"}}
	for _, one := range q {
		values.Set(one.Field()+"-wording", "1")
	}
	values.Set(q[0].Field(), fmt.Sprint(q[0].Options[0].ID))
	values[q[1].Field()] = []string{fmt.Sprint(q[1].Options[0].ID), fmt.Sprint(q[1].Options[1].ID)}
	values.Set(q[2].Field(), "3")
	values.Set(q[3].Field(), "2")
	values.Set(q[4].Field()+"-day", "28")
	values.Set(q[4].Field()+"-month", "2")
	values.Set(q[4].Field()+"-year", "2017")
	values.Set(q[5].Field(), "Tea")
	values.Set(q[6].Field(), "Because it was\nlate")
	values.Set(q[7].Field(), "HP1 1DN")
	values.Set(q[8].RowField(q[8].Rows[0].ID), fmt.Sprint(q[8].Options[1].ID))
	values.Set(q[9].Field(), fmt.Sprint(q[9].Options[0].ID))
	values.Set(q[9].Field()+"-name", "Ada Example")
	values.Set(q[9].Field()+"-email", "ada@residents.example")
	return values
}

func TestWhatNoPageOfTheSurveyCouldHaveSentIsRefusedWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f, other := w.everything(t), w.everything(t)
		server := w.served(t)
		q, foreign := f.Sections[0].Questions, other.Sections[0].Questions
		with := func(change func(url.Values)) string {
			values := honest(f)
			change(values)
			return values.Encode()
		}
		set := func(field string, values ...string) string {
			return with(func(v url.Values) { v[field] = values })
		}
		long := strings.Repeat("x", 6_000)
		for name, c := range map[string]struct {
			body   string
			kind   string
			status int
		}{
			"nothing at all":                         {"", "", 422},
			"no section":                             {set("section"), "", 422},
			"a section that is a word":               {set("section", "first"), "", 422},
			"a section of another survey":            {set("section", fmt.Sprint(other.Sections[0].ID)), "", 422},
			"a section that never was":               {set("section", "999999"), "", 422},
			"two sections":                           {set("section", fmt.Sprint(f.Sections[0].ID), fmt.Sprint(f.Sections[1].ID)), "", 422},
			"a way that is none":                     {set("way", "sideways"), "", 422},
			"two ways":                               {set("way", "back", "next"), "", 422},
			"a required answer missing":              {set(q[0].Field()), "", 422},
			"all answers missing":                    {url.Values{"section": {fmt.Sprint(f.Sections[0].ID)}}.Encode(), "", 422},
			"a field of no question":                 {set("admin", "true"), "", 422},
			"a question of another survey":           {set(foreign[0].Field(), fmt.Sprint(foreign[0].Options[0].ID)), "", 422},
			"a question of another page":             {set(f.Sections[1].Questions[0].Field(), "1"), "", 422},
			"a question that never was":              {set("q-999999", "1"), "", 422},
			"a question with a number too large":     {set("q-999999999999999999999999", "1"), "", 422},
			"an option of another survey":            {set(q[0].Field(), fmt.Sprint(foreign[0].Options[0].ID)), "", 422},
			"an option of another question":          {set(q[0].Field(), fmt.Sprint(q[1].Options[0].ID)), "", 422},
			"an option that is a word":               {set(q[0].Field(), "A"), "", 422},
			"an option below none":                   {set(q[0].Field(), "-5"), "", 422},
			"two options of one":                     {set(q[0].Field(), fmt.Sprint(q[0].Options[0].ID), fmt.Sprint(q[0].Options[1].ID)), "", 422},
			"the same option twice":                  {set(q[1].Field(), fmt.Sprint(q[1].Options[0].ID), fmt.Sprint(q[1].Options[0].ID)), "", 422},
			"more options than may be chosen":        {set(q[1].Field(), fmt.Sprint(q[1].Options[0].ID), fmt.Sprint(q[1].Options[1].ID), fmt.Sprint(q[1].Options[2].ID)), "", 422},
			"none of these and one of these":         {set(q[1].Field(), fmt.Sprint(q[1].Options[0].ID), fmt.Sprint(q[1].Options[3].ID)), "", 422},
			"other words with no other":              {set(q[0].Field()+"-other", "By bus"), "", 422},
			"other words of a question without such": {set(q[2].Field()+"-other", "By bus"), "", 422},
			"a step off the scale":                   {set(q[2].Field(), "6"), "", 422},
			"a step that is a word":                  {set(q[2].Field(), "three"), "", 422},
			"two steps":                              {set(q[2].Field(), "3", "4"), "", 422},
			"a number past its limit":                {set(q[3].Field(), "10"), "", 422},
			"a number past all limits":               {set(q[3].Field(), "99999999999999999999"), "", 422},
			"half a number":                          {set(q[3].Field(), "2.5"), "", 422},
			"a day that is not":                      {set(q[4].Field()+"-day", "31"), "", 422},
			"half a day":                             {set(q[4].Field() + "-year"), "", 422},
			"a text that is too long":                {set(q[5].Field(), strings.Repeat("é", 21)), "", 422},
			"a long text that is too long":           {set(q[6].Field(), long), "", 422},
			"one text twice":                         {set(q[6].Field(), "One", "Two"), "", 422},
			"no postcode":                            {set(q[7].Field(), "<script>"), "", 422},
			"an area that is none":                   {with(func(v url.Values) { v.Set(q[7].Field(), "WD4"); v.Set(q[7].Field()+"-area", "atlantis") }), "", 422},
			"a row of another grid":                  {set(q[8].RowField(foreign[8].Rows[0].ID), fmt.Sprint(q[8].Options[0].ID)), "", 422},
			"a cell of another grid":                 {set(q[8].RowField(q[8].Rows[0].ID), fmt.Sprint(foreign[8].Options[0].ID)), "", 422},
			"a row twice":                            {set(q[8].RowField(q[8].Rows[0].ID), fmt.Sprint(q[8].Options[0].ID), fmt.Sprint(q[8].Options[1].ID)), "", 422},
			"a name with no leave to use it":         {set(q[9].Field(), fmt.Sprint(q[9].Options[1].ID)), "", 422},
			"leave with no name":                     {set(q[9].Field() + "-name"), "", 422},
			"an address that is none":                {set(q[9].Field()+"-email", "ada at home"), "", 422},
			"a name that is too long":                {set(q[9].Field()+"-name", strings.Repeat("Ada ", 100)), "", 422},
			"a wording that never was":               {set(q[5].Field()+"-wording", "2"), "", 422},
			"a wording that is a word":               {set(q[5].Field()+"-wording", "first"), "", 422},
			"a zero byte":                            {set(q[5].Field(), "Tea\x00'; DROP TABLE surveys"), "", 422},
			"a zero byte in a name":                  {set("q-1\x00", "1"), "", 422},
			"bytes that are no text":                 {set(q[6].Field(), "caf\xe9"), "", 422},
			"an escape that is none":                 {honest(f).Encode() + "&" + q[5].Field() + "=%zz", "", 422},
			"JSON":                                   {`{"section": 1}`, "application/json", 422},
			"a form cut off":                         {"--b\r\nContent-Disposition: form-data; name=\"section\"\r\n\r\n1", "multipart/form-data; boundary=b", 422},
			"ten million letters":                    {set(q[6].Field(), strings.Repeat("x", 10<<20)), "", 413},
			"five thousand fields":                   {honest(f).Encode() + manyFields(5_000), "", 413},
		} {
			t.Run(name, func(t *testing.T) {
				p := w.person(t, f)
				before := w.kept(t)
				if c.kind == "" {
					c.kind = asForm
				}
				response, page := post(t, server, "/s/"+p.token, c.kind, c.body)
				if response.StatusCode != c.status {
					t.Errorf("answered with %d and not %d", response.StatusCode, c.status)
				}
				if after := w.kept(t); after != before {
					t.Errorf("stored all the same:\n%s\nwas\n%s", after, before)
				}
				if c.status == 422 && c.kind == asForm && !strings.Contains(name, "escape") && !strings.Contains(page, "There is a problem") {
					t.Errorf("the page does not say what is wrong:\n%.500s", page)
				}
			})
		}
		response, page := post(t, server, "/s/"+w.person(t, f).token, asForm, honest(f).Encode())
		if response.StatusCode != http.StatusSeeOther {
			t.Errorf("what the page does send was answered with %d:\n%s", response.StatusCode, page)
		}
	})
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "&f%d=1", i)
	}
	return b.String()
}

func TestAnOldPageSentAgainDoesNoHarm(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.everything(t)
		server, p := w.served(t), w.person(t, f)
		first := honest(f)
		second := url.Values{"section": {fmt.Sprint(f.Sections[1].ID)}, "way": {"next"}}
		leads := func(values url.Values, status int, to string) {
			t.Helper()
			response, page := post(t, server, "/s/"+p.token, asForm, values.Encode())
			if at := response.Header.Get("Location"); response.StatusCode != status || at != to {
				t.Fatalf("answered with %d, leads to %q:\n%s", response.StatusCode, at, page)
			}
		}
		home := "/s/" + p.token
		leads(first, 303, home)
		first.Set(f.Sections[0].Questions[5].Field(), "Coffee")
		leads(first, 303, home) // from the browser's history: it counts, and leads to the second page again
		if a, section := p.page(); section.ID != f.Sections[1].ID || a.Answers[f.Sections[0].Questions[5].ID].Text != "Coffee" {
			t.Errorf("on %q, with %+v", section.Words.Title, a.Answers)
		}
		leads(second, 303, home+"/done")
		sent := w.kept(t)
		leads(second, 409, "")
		leads(first, 409, "")
		if after := w.kept(t); after != sent {
			t.Errorf("an answer that was sent has changed:\n%s\nwas\n%s", after, sent)
		}
	})
}

func TestAPageThatWasReadBeforeAQuestionWasTakenOutOrAddedIsTaken(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.everything(t)
		server, p := w.served(t), w.person(t, f)
		page := honest(f)
		must(t, w.RetireQuestion(w.lead, f.Survey.ID, f.Sections[0].Questions[5].ID))
		w.add(t, f, 0, surveys.QuestionForm{Kind: "short-text", Label: "What else?"})
		if response, body := post(t, server, "/s/"+p.token, asForm, page.Encode()); response.StatusCode != http.StatusSeeOther {
			t.Fatalf("answered with %d:\n%s", response.StatusCode, body)
		}
		if a, _ := p.page(); a.Answers[f.Sections[0].Questions[6].ID].Text != "Because it was\nlate" {
			t.Errorf("kept %+v", a.Answers)
		}
		page.Set("section", fmt.Sprint(f.Sections[0].ID))
		must(t, w.RetireSection(w.lead, f.Survey.ID, f.Sections[0].ID))
		if response, body := post(t, server, "/s/"+p.token, asForm, page.Encode()); response.StatusCode != http.StatusSeeOther {
			t.Errorf("of a page that was taken out, answered with %d:\n%s", response.StatusCode, body)
		}
	})
}

func TestTooManyAnswersFromOnePlaceAreAskedToWait(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	w.cfg.HTTP.RateLimits.BookingsPerHour = 3
	f := w.everything(t)
	server := w.served(t)
	for range 3 {
		if response, _ := post(t, server, "/surveys/"+f.Survey.Slug, asForm, ""); response.StatusCode != http.StatusSeeOther {
			t.Fatalf("begun: %d", response.StatusCode)
		}
	}
	response, _ := post(t, server, "/surveys/"+f.Survey.Slug, asForm, "")
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("answered with %d, to be tried again after %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

func TestAProgramThatFillsInEverythingStartsNothing(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.everything(t)
	before := w.kept(t)
	response, _ := post(t, w.served(t), "/surveys/"+f.Survey.Slug, asForm, "leave_empty=http://spam.example")
	if response.Header.Get("Location") != "/surveys/"+f.Survey.Slug || w.kept(t) != before {
		t.Errorf("led to %s", response.Header.Get("Location"))
	}
}
