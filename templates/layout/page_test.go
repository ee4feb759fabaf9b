package layout

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"conversations/templates/nhs"
)

func TestTheTitleSaysErrorFirstAndTheServiceLast(t *testing.T) {
	cases := map[string]View{
		"Book a place – Conversations":        {Title: "Book a place", ServiceName: "Conversations"},
		"Error: Book a place – Conversations": {Title: "Book a place", ServiceName: "Conversations", Errors: true},
		"Conversations":                       {ServiceName: "Conversations"},
	}
	for want, view := range cases {
		if page := render(t, Page(view), nil); !strings.Contains(page, "<title>"+want+"</title>") {
			t.Errorf("no title %q in\n%s", want, page)
		}
	}
}

func TestAPageHasNoInlineStyleOrScript(t *testing.T) {
	for name, page := range samplePages(t) {
		lower := strings.ToLower(page)
		for _, forbidden := range []string{" style=", "<style", " onclick", " onload", " onsubmit", "javascript:"} {
			if strings.Contains(lower, forbidden) {
				t.Errorf("%s has %q", name, forbidden)
			}
		}
		if strings.Count(lower, "<script") != strings.Count(lower, "<script type=\"module\" src=")+strings.Count(lower, "<script type=\"application/ld+json\">") {
			t.Errorf("%s has a script that is not our module", name)
		}
	}
}

func TestAStaffPageSignsOutByPostAndIsNotIndexed(t *testing.T) {
	page := samplePages(t)["staff"]
	for _, want := range []string{`action="/staff/sign-out" method="post"`, "noindex", "Nadia Khan (Engagement)", `href="/staff/events"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if strings.Contains(page, `href="/updates"`) {
		t.Error("the public navigation stands on a staff page")
	}
}

func TestTheTelephoneStandsInTheFooterAndCanBeDialled(t *testing.T) {
	page := samplePages(t)["public"]
	for _, want := range []string{`href="tel:01707685397"`, "01707 685 397", "Monday to Friday, 9am to 5pm"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
}

func TestJSONLDCannotEndItsElement(t *testing.T) {
	got := render(t, JSONLD(map[string]string{"name": "</script><script>alert(1)</script>"}), nil)
	if strings.Count(got, "</script>") != 1 {
		t.Errorf("the data ends the element: %s", got)
	}
}

// The pages stay in SAMPLE_PAGES, if that names a folder, to be looked at.
func TestSamplePagesAreValidHTML(t *testing.T) {
	folder := os.Getenv("SAMPLE_PAGES")
	if folder == "" {
		folder = t.TempDir()
	}
	write(t, filepath.Join(folder, "rules.json"), `{"extends":["html-validate:standard"]}`)
	arguments := []string{"--config", filepath.Join(folder, "rules.json")}
	for name, page := range samplePages(t) {
		write(t, filepath.Join(folder, name+".html"), page)
		arguments = append(arguments, filepath.Join(folder, name+".html"))
	}
	checker := "../../node_modules/.bin/html-validate"
	if _, err := os.Stat(checker); err != nil {
		t.Fatalf("run make setup first: %v", err)
	}
	if output, err := exec.CommandContext(t.Context(), checker, arguments...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

func BenchmarkPage(b *testing.B) {
	page := Page(View{Title: "Events", ServiceName: "Conversations", Nav: []Link{{Text: "Events", Href: "/events", Current: true}}})
	children := everyComponent()
	for b.Loop() {
		if err := page.Render(templ.WithChildren(b.Context(), children), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func samplePages(t *testing.T) map[string]string {
	t.Helper()
	view := View{
		Title: "Book a place", ServiceName: "Conversations", OrganisationName: "Anyshire health and care partnership",
		Description: "Every component", Canonical: "http://127.0.0.1:8080/events/one/book", Errors: true,
		Nav: []Link{
			{Text: "Events", Href: "/events", Current: true}, {Text: "Updates", Href: "/updates"},
			{Text: "You said, we did", Href: "/you-said-we-did"}, {Text: "Documents", Href: "/documents"},
			{Text: "Contact", Href: "/contact"},
		},
		FooterLinks: []Link{{Text: "Accessibility", Href: "/accessibility"}, {Text: "Privacy", Href: "/privacy"}, {Text: "Cookies", Href: "/cookies"}},
		Telephone:   "01707 685 397", TelephoneHours: "Monday to Friday, 9am to 5pm",
		Flash: &Flash{Kind: "success", Text: "Your booking is changed."},
		Head: templ.Join(
			FeedLink("Events", "application/atom+xml", "/events.atom"),
			JSONLD(map[string]string{"@context": "https://schema.org", "@type": "Event"})),
		BeforeContent: nhs.Breadcrumb(nhs.BreadcrumbParams{Items: []nhs.BreadcrumbItem{nhs.Crumb("Home", "/"), nhs.Crumb("Events", "/events")}}),
	}
	staff := view
	staff.Title, staff.Errors, staff.Wide, staff.Flash = "Bookings", false, true, &Flash{Text: "Two people changed this event."}
	staff.Staff = &StaffView{
		Name: "Nadia Khan", RoleName: "Engagement", SignOutHref: "/staff/sign-out",
		Nav: []Link{{Text: "Events", Href: "/staff/events"}, {Text: "Bookings", Href: "/staff/bookings", Current: true}, {Text: "Feedback", Href: "/staff/feedback"}},
	}
	return map[string]string{
		"public": render(t, Page(view), everyComponent()),
		"staff":  render(t, Staff(staff), wideTable()),
	}
}

func render(t *testing.T, component, children templ.Component) string {
	t.Helper()
	ctx := t.Context()
	if children != nil {
		ctx = templ.WithChildren(ctx, children)
	}
	var page bytes.Buffer
	if err := component.Render(ctx, &page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}
