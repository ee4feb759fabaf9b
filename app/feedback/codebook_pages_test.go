package feedback

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/web"
)

// themePages is the pages of the codebook over HTTP, as Ann sees them.
type themePages struct {
	*themeWorld
	server *httptest.Server
}

func serveThemes(t *testing.T) themePages {
	t.Helper()
	w := openThemes(t, databasetest.SQLite(t))
	shell := web.New(w.Config, w.DB, slog.New(slog.DiscardHandler))
	shell.CacheFor = 0
	shell.Allow = func(context.Context, web.Action) error { return nil }
	themeRoutes(shell, w.Service)
	handler := shell.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(out, r.WithContext(audit.WithActor(r.Context(), audit.ActorFrom(w.ann))))
	}))
	t.Cleanup(server.Close)
	server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return themePages{w, server}
}

func (p themePages) send(method, path, kind string, body io.Reader) (status int, text, to string) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.server.URL+path, body)
	p.must(err)
	request.Header.Set("Content-Type", kind)
	response, err := p.server.Client().Do(request)
	p.must(err)
	defer func() { _ = response.Body.Close() }()
	all, err := io.ReadAll(response.Body)
	p.must(err)
	return response.StatusCode, string(all), response.Header.Get("Location")
}

func (p themePages) get(path string) (int, string) {
	status, text, _ := p.send(http.MethodGet, path, "", nil)
	return status, text
}

func (p themePages) post(path string, form url.Values) (status int, text, to string) {
	return p.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func TestThePagesOfTheCodebookDoWhatTheySay(t *testing.T) {
	p := serveThemes(t)
	if status, text := p.get("/staff/themes"); status != 200 || !strings.Contains(text, "Start with the first codebook") {
		t.Fatalf("the empty page is %d", status)
	}
	if status, _, to := p.post("/staff/themes/first", nil); status != 303 || to != "/staff/themes" {
		t.Fatalf("to start gives %d to %s", status, to)
	}
	access, err := p.ThemeByCode(p.ann, "access")
	p.must(err)
	right, err := p.ThemeByCode(p.ann, "right-place")
	p.must(err)
	p.codes(p.benID, p.comment(), access.ID)
	home := themePath(access.ID)
	for _, step := range []struct {
		what, path string
		form       url.Values // nil is to look
		status     int
		says, to   string
	}{
		{"the tree", "/staff/themes", nil, 200, "Getting to see somebody</a>", ""},
		{"a theme", home, nil, 200, "I rang for an hour", ""},
		{"no theme", "/staff/themes/99", nil, 404, "no such theme", ""},
		{"a theme without a name", "/staff/themes/new", url.Values{"code": {"kept-code"}}, 422, `value="kept-code"`, ""},
		{"a new theme", "/staff/themes/new", url.Values{"name": {"Car parks"}, "parent": {key(access.ID)}}, 303, "", themePath(15)},
		{"one below itself", home + "/move", url.Values{"parent": {key(15)}}, 422, "cannot stand below itself", ""},
		{"up", home + "/step", url.Values{"way": {"up"}}, 303, "", home},
		{"a change that came late", home + "/change", url.Values{"name": {"Mine"}, "version": {"77"}}, 409, `value="Mine"`, ""},
		{"a change", home + "/change", url.Values{"name": {"Getting in"}, "version": {"2"}}, 303, "", home},
		{"what a merge does", home + "/merge?into=" + key(right.ID), nil, 200, "1 coding goes over from", ""},
		{"who coded meanwhile", home + "/merge?into=" + key(right.ID), nil, 200, "Ben Example coded with it in the last day", ""},
		{"a split without names", home + "/split", url.Values{"rest": {"1"}, "keep": {"yes"}}, 422, "Enter the names of 1 to 6", ""},
		{"a split", home + "/split", url.Values{"part_1": {"By telephone"}, "rest": {"1"}, "keep": {"yes"}}, 303, "", home},
		{"a merge", home + "/merge", url.Values{"into": {key(right.ID)}}, 303, "", themePath(right.ID)},
		{"the one that is merged", home, nil, 200, "This theme was merged into", ""},
		{"history", "/staff/themes/history", nil, 200, "Ann Example merged two themes (entry 6)", ""},
		{"the codebook before", "/staff/themes/at/1", nil, 200, "It had 14 themes in use", ""},
		{"no version", "/staff/themes/at/99", nil, 404, "never had this version", ""},
		{"undo", "/staff/themes/history/6/undo", url.Values{}, 303, "", "/staff/themes/history"},
		{"retire", home + "/retire", url.Values{}, 303, "", home},
		{"restore", home + "/restore", url.Values{}, 303, "", home},
		{"a file", "/staff/themes.csv", nil, 200, "code,name,parent,definition", ""},
		{"a codebook for others", "/staff/themes.qdc", nil, 200, "urn:QDA-XML:codebook:1.0", ""},
	} {
		var status int
		var text, to string
		if step.form == nil {
			status, text = p.get(step.path)
		} else {
			status, text, to = p.post(step.path, step.form)
		}
		if status != step.status || !strings.Contains(text, step.says) || to != step.to {
			t.Errorf("%s: %d to %q, without %q\n%s", step.what, status, to, step.says, text)
		}
	}
}

func TestAFileIsLookedAtBeforeItIsBroughtIn(t *testing.T) {
	p := serveThemes(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "ours.csv")
	p.must(err)
	fmt.Fprint(part, "code,name,mood\nbus,Buses,5\n,Nothing,\n")
	p.must(form.Close())
	status, text, _ := p.send(http.MethodPost, "/staff/themes/import", form.FormDataContentType(), &body)
	for _, want := range []string{"What ours.csv would do", "1 theme is new", "1 row cannot be used", "It cannot be used. There is no code", "left out: mood"} {
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("%d, without %q", status, want)
		}
	}
	_, kept, _ := strings.Cut(text, `name="kept" value="`)
	kept, _, _ = strings.Cut(kept, `"`)
	if len(p.tree()) != 0 {
		t.Error("to look at it brought it in")
	}
	kept = strings.ReplaceAll(kept, "&#43;", "+")
	if status, text, _ := p.post("/staff/themes/import/do", url.Values{"kept": {kept}}); status != 422 || !strings.Contains(text, "Some rows cannot be used") {
		t.Errorf("with a bad row it is %d", status)
	}
	if status, _, to := p.post("/staff/themes/import/do", url.Values{"kept": {kept}, "skip_bad": {"yes"}}); status != 303 || to != "/staff/themes" || len(p.tree()) != 1 {
		t.Errorf("without it: %d to %s, %v", status, to, p.tree())
	}
	if status, _, _ := p.post("/staff/themes/import/do", url.Values{"kept": {"nonsense"}}); status != 422 {
		t.Errorf("nonsense gives %d", status)
	}
}
