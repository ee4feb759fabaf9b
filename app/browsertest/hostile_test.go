package browsertest_test

import (
	"bytes"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"conversations/app/database/databasetest"
)

// hostile is what no page sends, and a program that looks for holes does.
var hostile = []string{
	"\x00'\"</textarea>\xff\u202e\ud7ff", letters(9_000), "-1", "9223372036854775807", "99999999999999999999", "31/02/2017", "%", strings.Repeat("a ", 4_000), "\ue0f0\ue0f1\ue0f2",
}

// letters do not compress, so that no database makes them short enough for an index.
func letters(n int) string {
	source, out := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
	for i := range out {
		out[i] = byte('a' + source.IntN(26))
	}
	return string(out)
}

// Every field of every form and every parameter of every address is sent what no page sends. It may be refused or taken, but
// the program must not fail. Each field gets one such thing, on one of the databases; HOSTILE=all sends all of them to each on
// both, which takes minutes.
func TestWhateverIsSentIsAnsweredAndNeverFails(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := newWorldOn(t, address, fillDemo(t, address))
		a := &attack{world: w, t: t, cookie: w.session(), forms: map[string]*sentForm{}, all: os.Getenv("HOSTILE") == "all"}
		for _, path := range a.onePageEach() {
			a.harvest(path)
		}
		a.parameters()
		keys := slices.Sorted(maps.Keys(a.forms))
		for _, last := range []bool{false, true} {
			for i, key := range keys {
				if mine := i%2 == 0 == strings.HasPrefix(address, "sqlite"); ofAccount(key) == last && (mine || a.all) {
					a.fields(a.forms[key])
				}
			}
			if !last && a.out > 0 {
				t.Errorf("%d requests came to the sign-in page instead of a form", a.out)
			}
		}
		t.Logf("%d requests to %d forms", a.sent, len(a.forms))
		if a.sent < 1_000 || len(a.forms) < 150 {
			t.Errorf("only %d requests were made, to %d forms", a.sent, len(a.forms))
		}
	})
}

// attack is a program that is signed in as the administrator and sends what it likes.
type attack struct {
	*world
	t      *testing.T
	cookie *http.Cookie
	forms  map[string]*sentForm // by the route they go to and the fields they have
	all    bool
	turn   int // of the list of what is hostile
	sent   int
	out    int // requests that came to the sign-in page
}

// sentForm is a form as it stands on a page, filled in as it is there.
type sentForm struct {
	method, action string
	multipart      bool
	values         url.Values
	files          []string
}

// ofAccount says that a form can sign the administrator out, or change the password: those come last.
func ofAccount(key string) bool {
	return slices.ContainsFunc([]string{"/staff/people", "/staff/account", "/staff/authenticator", "/staff/sign-in"}, func(path string) bool { return strings.Contains(key, path) })
}

// next are the hostile things whose turn it is.
func (a *attack) next() []string {
	if a.all {
		return hostile
	}
	a.turn++
	return hostile[a.turn%len(hostile):][:1]
}

// onePageEach is the first address of each route, and all of those that differ by what they are about.
func (a *attack) onePageEach() (pages []string) {
	seen := map[string]int{}
	for _, path := range a.everyAddress(a.t) {
		route := a.route(http.MethodGet, strings.TrimPrefix(path, a.URL))
		if seen[route]++; seen[route] <= 2 || a.all {
			pages = append(pages, path)
		}
	}
	return pages
}

var digits = regexp.MustCompile(`[0-9]+`)

// harvest keeps the forms of a page, one of each kind.
func (a *attack) harvest(path string) {
	page, err := html.Parse(bytes.NewReader(a.ask(http.MethodGet, path, "", nil)))
	must(a.t, err)
	for node := range page.Descendants() {
		if node.Type != html.ElementNode || node.Data != "form" {
			continue
		}
		f := readForm(node, strings.TrimPrefix(path, a.URL))
		names := append(slices.Sorted(maps.Keys(f.values)), f.files...)
		key := f.method + " " + a.route(f.method, f.action) + " " + digits.ReplaceAllString(strings.Join(names, " "), "#")
		if a.forms[key] == nil && f.action != "/staff/sign-out" && !strings.HasPrefix(f.action, "/staff/people/1") {
			a.forms[key] = f
		}
	}
}

func readForm(node *html.Node, page string) *sentForm {
	f := &sentForm{method: strings.ToUpper(attribute(node, "method")), action: attribute(node, "action"), values: url.Values{}}
	f.multipart = attribute(node, "enctype") == "multipart/form-data"
	if f.action == "" {
		f.action = page
	}
	if f.method == "" {
		f.method = http.MethodGet
	}
	for field := range node.Descendants() {
		name := attribute(field, "name")
		if name == "" || field.Type != html.ElementNode {
			continue
		}
		kind, value := attribute(field, "type"), attribute(field, "value")
		switch {
		case kind == "file":
			f.files = append(f.files, name)
		case field.Data == "textarea" && field.FirstChild != nil:
			value = field.FirstChild.Data
		case field.Data == "select":
			value = chosen(field)
		}
		if kind != "file" && (f.values[name] == nil || has(field, "checked")) {
			f.values.Set(name, value)
		}
	}
	return f
}

func chosen(list *html.Node) (value string) {
	for option := range list.Descendants() {
		if option.Data == "option" && (value == "" || has(option, "selected")) {
			value = attribute(option, "value")
		}
	}
	return value
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// route is the pattern that an address fits.
func (a *attack) route(method, address string) string {
	path, _, _ := strings.Cut(address, "?")
	parts, best := strings.Split(path, "/"), ""
	for _, r := range a.App.Shell.Routes() {
		pattern := strings.Split(r.Path, "/")
		if r.Method != method || len(pattern) != len(parts) {
			continue
		}
		fits := true
		for i := range parts {
			fits = fits && (strings.HasPrefix(pattern[i], ":") || pattern[i] == parts[i])
		}
		if fits && (best == "" || strings.Count(r.Path, ":") < strings.Count(best, ":")) {
			best = r.Path
		}
	}
	return best
}

var parameter = regexp.MustCompile(`:[a-z_]+`)

// parameters sends to every route parameters that name nothing.
func (a *attack) parameters() {
	for _, r := range a.App.Shell.Routes() {
		if strings.HasPrefix(r.Path, "/trouble") || r.Path == "/staff/sign-out" {
			continue
		}
		for _, value := range a.next() {
			value = url.PathEscape(value[:min(len(value), 300)])
			path := parameter.ReplaceAllString(r.Path, value)
			if path == r.Path && r.Method == http.MethodGet {
				path += "?page=" + value + "&sort=" + value + "&from=" + value + "&q=" + value + "&event=" + value
			}
			a.ask(r.Method, path, asForm, nil)
		}
	}
}

const asForm = "application/x-www-form-urlencoded"

// fields sends a form once for each field and each thing that does not belong there, the other fields being right.
func (a *attack) fields(f *sentForm) {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		right := f.values[name]
		for _, value := range a.next() {
			f.values[name] = []string{value}
			a.send(f, "")
		}
		if delete(f.values, name); a.all {
			a.send(f, "")
		}
		f.values[name] = right
	}
	if len(f.files) > 0 {
		for _, content := range []string{"\x00\xff", "PK\x03\x04" + letters(400), "id,email,comment\n1,\x00\xff,\"", "id,email,comment\n1," + letters(9_000) + ",\n1,\x00,"} {
			a.send(f, content)
		}
	}
}

func (a *attack) send(f *sentForm, file string) {
	switch {
	case f.method == http.MethodGet:
		path, _, _ := strings.Cut(f.action, "?")
		a.ask(f.method, path+"?"+f.values.Encode(), "", nil)
	case f.multipart:
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		for name, values := range f.values {
			must(a.t, parts.WriteField(name, values[0]))
		}
		for i, name := range f.files {
			part, err := parts.CreateFormFile(name, []string{"list.xlsx", "list.csv", "file.pdf\x00"}[(len(file)+i)%3])
			must(a.t, err)
			_, _ = part.Write([]byte(file))
		}
		must(a.t, parts.Close())
		a.ask(f.method, f.action, parts.FormDataContentType(), body.Bytes())
	default:
		a.ask(f.method, f.action, asForm, []byte(f.values.Encode()))
	}
}

// ask sends one request. Whoever was signed out by the one before signs in again.
func (a *attack) ask(method, path, kind string, body []byte) []byte {
	a.t.Helper()
	request, err := http.NewRequest(method, a.URL+strings.TrimPrefix(path, a.URL), bytes.NewReader(body))
	if err != nil {
		a.t.Fatalf("%s %.100s: %v", method, path, err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if strings.HasPrefix(request.URL.Path, "/staff") {
		request.AddCookie(a.cookie)
	}
	response, err := a.Client.Do(request)
	must(a.t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	must(a.t, err)
	a.sent++
	if response.StatusCode >= 500 && !strings.HasPrefix(path, "/trouble/") {
		a.t.Errorf("%s %.200s with %.600q was answered with %d", method, path, body, response.StatusCode)
	}
	if strings.HasPrefix(response.Header.Get("Location"), "/staff/sign-in") && strings.HasPrefix(request.URL.Path, "/staff/") && !anonymous(request.URL.Path) {
		a.out++
	}
	return page
}
