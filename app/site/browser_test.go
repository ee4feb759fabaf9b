package site_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"conversations/app/accounts"
)

// visitor is somebody with a browser that keeps cookies.
type visitor struct {
	w      *world
	cookie *http.Cookie
}

func (w *world) anybody() visitor { return visitor{w: w} }

// staff is somebody signed in with the role.
func (w *world) staff(role accounts.Role) visitor {
	w.t.Helper()
	id := slices.Index(roles(), role) + 1
	res, err := http.Post(fmt.Sprintf("%s/staff/test-sign-in/%d", w.server.URL, id), "", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close()
	if len(res.Cookies()) != 1 {
		w.t.Fatalf("signing in as %s answered %d with cookies %v", role, res.StatusCode, res.Cookies())
	}
	return visitor{w: w, cookie: res.Cookies()[0]}
}

// page is an answer.
type page struct {
	t      *testing.T
	path   string
	status int
	header http.Header
	html   string
}

func (v visitor) get(path string) page { return v.do(http.MethodGet, path, nil) }

func (v visitor) post(path string, form url.Values) page { return v.do(http.MethodPost, path, form) }

func (v visitor) do(method, path string, form url.Values) page {
	v.w.t.Helper()
	req, err := http.NewRequestWithContext(v.w.t.Context(), method, v.w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.w.t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != nil {
		req.AddCookie(v.cookie)
	}
	res, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		v.w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return page{t: v.w.t, path: path, status: res.StatusCode, header: res.Header, html: string(body)}
}

// answers wants a status.
func (p page) answers(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s answered %d, want %d: %s", p.path, p.status, status, p.words())
	}
	return p
}

// says wants each of the texts among the words of the page's subject.
func (p page) says(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(p.words(), text) {
			p.t.Errorf("%s does not say %q: %s", p.path, text, p.words())
		}
	}
	return p
}

func (p page) doesNotSay(texts ...string) page {
	p.t.Helper()
	for _, text := range texts {
		if strings.Contains(p.words(), text) {
			p.t.Errorf("%s says %q: %s", p.path, text, p.words())
		}
	}
	return p
}

// linksTo wants links with these addresses.
func (p page) linksTo(hrefs ...string) page {
	p.t.Helper()
	for _, href := range hrefs {
		if !strings.Contains(p.html, `href="`+html.EscapeString(href)+`"`) {
			p.t.Errorf("%s has no link to %s", p.path, href)
		}
	}
	return p
}

var (
	mainElement = regexp.MustCompile(`(?s)<main.*</main>`)
	tag         = regexp.MustCompile(`<[^>]*>`)
	// narrowHeading repeats a column's name before each value, for narrow screens alone.
	narrowHeading = regexp.MustCompile(`(?s)<span class="nhsuk-table__heading".*?</span>`)
)

// main is the HTML of the page's own subject, without what stands around every page.
func (p page) main() string { return mainElement.FindString(p.html) }

// words is what a reader sees of the page's own subject.
func (p page) words() string {
	text := p.main()
	if text == "" {
		text = p.html
	}
	text = narrowHeading.ReplaceAllString(text, "")
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(text, " "))), " ")
}

// inOrder wants the texts in this order.
func (p page) inOrder(texts ...string) page {
	p.t.Helper()
	at := 0
	for _, text := range texts {
		i := strings.Index(p.words()[at:], text)
		if i < 0 {
			p.t.Fatalf("%s does not say %q after what comes before it: %s", p.path, text, p.words())
		}
		at += i + len(text)
	}
	return p
}
