package events_test

import (
	"strings"
	"testing"

	"conversations/app/events"
)

func TestADescriptionIsSafeAndFitsBelowThePagesHeadings(t *testing.T) {
	html, err := events.RenderMarkdown("# Big\n\n## Small\n\nSome *care* [here](https://nhs.example/a) <https://nhs.example/b>\n\n" +
		"<script>alert(1)</script> <b onclick=x>raw</b>\n\n[bad](javascript:alert(1)) ![p](https://track.example/p.png)\n\n- one\n- two\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h3>Big</h3>", "<h4>Small</h4>", "<em>care</em>", "<li>one</li>",
		`<a href="https://nhs.example/a" rel="nofollow noopener">here</a>`, `<a href="https://nhs.example/b" rel="nofollow noopener">`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in\n%s", want, html)
		}
	}
	for _, never := range []string{"<script", "onclick", "javascript:", "<img", "<h1", "<h2", "alert(1)</script"} {
		if strings.Contains(html, never) {
			t.Errorf("%s is in\n%s", never, html)
		}
	}
}

func TestTheLargestHeadingIsAlwaysTheFirstBelowThePages(t *testing.T) {
	html, err := events.RenderMarkdown("## One\n\n### Two\n\n###### Six")
	if err != nil || html != "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n" {
		t.Errorf("%q, %v", html, err)
	}
}
