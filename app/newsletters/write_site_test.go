package newsletters_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database/databasetest"
	"conversations/app/newsletters"
	"conversations/app/web"
)

// writingRoom is a desk with its pages, as a browser without script reaches them.
type writingRoom struct {
	desk
	t     testing.TB
	shell *web.Shell
}

func newWritingRoom(t testing.TB) writingRoom {
	t.Helper()
	o := writingRoom{desk: openDesk(t, databasetest.SQLite(t)), t: t}
	o.shell = web.New(o.cfg, o.db, slog.New(slog.DiscardHandler))
	people := map[int64]audit.Actor{}
	for _, ctx := range []context.Context{o.first, o.second, o.reader} {
		a := audit.ActorFrom(ctx)
		people[a.ID] = a
		o.shell.Public.POST("/staff/test-sign-in/"+a.Email, func(c echo.Context) error {
			if err := o.shell.SignIn(c, a.ID); err != nil {
				return err
			}
			return web.Redirect(c, "/staff/updates")
		})
	}
	o.shell.Actor = func(_ context.Context, id int64) (audit.Actor, error) { return people[id], nil }
	o.shell.Allow = accounts.Require
	newsletters.Routes(o.shell, o.Service)
	return o
}

// visitor is somebody at the site, with their cookie.
type visitor struct {
	writingRoom
	cookies []*http.Cookie
}

// at signs somebody in.
func (o writingRoom) at(who context.Context) visitor {
	o.t.Helper()
	v := visitor{writingRoom: o}
	v.cookies = v.send("/staff/test-sign-in/"+audit.ActorFrom(who).Email, nil).cookies
	if len(v.cookies) == 0 {
		o.t.Fatal("nobody is signed in")
	}
	return v
}

// sheet is an answer.
type sheet struct {
	t        testing.TB
	status   int
	location string
	header   http.Header
	cookies  []*http.Cookie
	body     string
}

func (v visitor) get(path string) sheet {
	v.t.Helper()
	return v.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (v visitor) send(path string, form url.Values) sheet {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// upload sends a form with a file.
func (v visitor) upload(path string, form url.Values, field, name string, data []byte) sheet {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, values := range form {
		for _, value := range values {
			must(v.t, w.WriteField(key, value))
		}
	}
	part, err := w.CreateFormFile(field, name)
	must(v.t, err)
	_, err = part.Write(data)
	must(v.t, err)
	must(v.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.do(r)
}

// saveByScript sends a form as the script does.
func (v visitor) saveByScript(path string, form url.Values) sheet {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	return v.do(r)
}

func (v visitor) do(r *http.Request) sheet {
	v.t.Helper()
	for _, cookie := range v.cookies {
		r.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	v.shell.Handler().ServeHTTP(rec, r)
	body, err := io.ReadAll(rec.Body)
	must(v.t, err)
	return sheet{t: v.t, status: rec.Code, header: rec.Header(), location: rec.Header().Get("Location"), cookies: rec.Result().Cookies(), body: string(body)}
}

// says fails the test where the answer does not say each of the texts.
func (p sheet) says(status int, texts ...string) sheet {
	p.t.Helper()
	words := p.words()
	if p.status != status {
		p.t.Fatalf("answered %d and not %d:\n%s", p.status, status, words)
	}
	for _, text := range texts {
		if !strings.Contains(words, text) {
			p.t.Fatalf("does not say %q:\n%s", text, words)
		}
	}
	return p
}

func (p sheet) tree() *html.Node {
	tree, err := html.Parse(strings.NewReader(p.body))
	must(p.t, err)
	return tree
}

func (p sheet) words() string {
	var out strings.Builder
	for n := range p.tree().Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			out.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// form is what a browser would send of the form of a letter on the page, no button pressed.
func (p sheet) form() url.Values {
	p.t.Helper()
	values := url.Values{}
	for n := range p.tree().Descendants() {
		name := value(n, "name")
		inLetter := false
		for up := n.Parent; up != nil; up = up.Parent {
			inLetter = inLetter || value(up, "id") == "letter"
		}
		if !inLetter || name == "" {
			continue
		}
		switch n.Data {
		case "input":
			if value(n, "type") != "file" {
				values.Add(name, value(n, "value"))
			}
		case "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			values.Add(name, strings.ReplaceAll(text, "\n", "\r\n"))
		case "select":
			values.Add(name, chosen(n))
		}
	}
	if len(values) == 0 {
		p.t.Fatalf("there is no letter on the page:\n%s", p.words())
	}
	return values
}

func chosen(list *html.Node) string {
	for n := range list.Descendants() {
		if n.Data == "option" && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			return value(n, "value")
		}
	}
	return ""
}

func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// with is a form with one value changed; at is the place in a list.
func with(form url.Values, name string, at int, value string) url.Values {
	form[name][at] = value
	return form
}

// pressed is a form with a button pressed.
func pressed(form url.Values, do string) url.Values {
	form.Set("do", do)
	return form
}
