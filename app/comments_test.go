package app_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"conversations/app/apptest"
)

// page opens a page of the staff, and gives its status and what it says.
func (s *staffBrowser) page(path string) (int, string) {
	s.t.Helper()
	response, err := s.client.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestACommentIsTypedInCheckedAndFoundByTheStaff(t *testing.T) {
	site := apptest.Start(t)
	staff := signedInStaff(t, site, "engagement")
	for _, step := range []struct {
		what, path string
		form       url.Values
		status     int
	}{
		{"without words", "/staff/feedback/new", url.Values{"source": {"telephone"}}, http.StatusUnprocessableEntity},
		{"a comment", "/staff/feedback/new", url.Values{"source": {"telephone"}, "locality": {"dacorum"}, "comment": {"I am Mrs Dora Example, and the lift at Hemel is broken. Wendy agrees.\x00"}}, http.StatusSeeOther},
		{"words that are not there", "/staff/feedback/1/redact", url.Values{"version": {"1"}, "finding": {"1"}, "strike": {"1"}, "words": {"Zoe"}, "do": {"confirm"}}, http.StatusUnprocessableEntity},
		{"confirmed", "/staff/feedback/1/redact", url.Values{"version": {"1"}, "finding": {"1"}, "strike": {"1"}, "words": {"wendy"}, "kind": {"name"}, "do": {"confirm"}}, http.StatusSeeOther},
		{"an alarm about nothing", "/staff/feedback/1/alarm", url.Values{}, http.StatusUnprocessableEntity},
		{"an alarm", "/staff/feedback/1/alarm", url.Values{"kind": {"safeguarding"}}, http.StatusSeeOther},
		{"the original without a reason", "/staff/feedback/1/original", url.Values{}, http.StatusForbidden},
		{"set aside without a reason", "/staff/feedback/1/aside", url.Values{"version": {"2"}}, http.StatusUnprocessableEntity},
		{"a comment that is not there", "/staff/feedback/999/aside", url.Values{"version": {"1"}, "aside_reason": {"gone"}}, http.StatusNotFound},
	} {
		if status := staff.post(step.path, step.form); status != step.status {
			t.Errorf("%s: %d, not %d", step.what, status, step.status)
		}
	}
	for path, want := range map[string][]string{
		"/staff/feedback?q=lifts":             {"1 comment", "[name], and the lift at Hemel is broken. [name] agrees."},
		"/staff/feedback?q=%22broken+lift%22": {"No comment fits"},
		"/staff/feedback/1":                   {"Checked by", "Somebody may need to be kept safe", "Came in"},
		"/staff":                              {"Somebody may need to be kept safe", "Urgent"},
		"/staff/feedback.csv":                 {"id,comment,source", "[name] agrees"},
	} {
		status, says := staff.page(path)
		for _, words := range want {
			if status != http.StatusOK || !strings.Contains(says, words) {
				t.Errorf("%s answers %d and does not say %q", path, status, words)
			}
		}
		if strings.Contains(says, "Wendy") || strings.Contains(says, "Dora") {
			t.Errorf("%s tells who it was", path)
		}
	}
	if status, _ := staff.page("/staff/feedback/1/redact"); status != http.StatusSeeOther {
		t.Errorf("the original is not sealed: %d", status)
	}
	apptest.Eventually(t, "the people on duty are mailed", func() bool {
		messages, err := site.Mail.List()
		return err == nil && len(messages) > 0 && strings.Contains(messages[0].Subject, "Urgent")
	})
}
