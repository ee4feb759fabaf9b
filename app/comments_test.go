package app_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/bookings"
	"conversations/app/feedback"
	"conversations/app/surveys"
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

func TestWhatPeopleWriteInSurveysAndAskWhenBookingBecomesComments(t *testing.T) {
	site := apptest.Start(t)
	ctx, must := site.Ctx(), func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	survey, err := site.App.Surveys.Create(ctx, surveys.SurveyForm{Title: "What should change?"})
	must(err)
	form, err := site.App.Surveys.FormOf(ctx, survey.ID, "")
	must(err)
	for _, q := range []surveys.QuestionForm{{Kind: "long-text", Label: "What would you change?"}, {Kind: "quote", Label: "May we quote you?"}} {
		_, err := site.App.Surveys.AddQuestion(ctx, survey.ID, form.Sections[0].ID, q)
		must(err)
	}
	must(site.App.Surveys.AddEquality(ctx, survey.ID))
	_, err = site.App.Surveys.Open(ctx, survey.ID)
	must(err)
	form, err = site.App.Surveys.FormOf(ctx, survey.ID, "")
	must(err)
	token, err := site.App.Surveys.Begin(ctx, form)
	must(err)
	asked := form.Sections[0].Questions
	age := form.Sections[len(form.Sections)-1].Questions[0]
	for _, section := range form.Sections {
		answers := surveys.Answers{}
		if section.ID == form.Sections[0].ID {
			answers[asked[0].ID] = surveys.Given{Text: "Ask Mrs Dora Example about the lift"}
			answers[asked[1].ID] = surveys.Given{Choices: []int64{asked[1].Options[0].ID}}
		} else {
			answers[age.ID] = surveys.Given{Choices: []int64{age.Options[0].ID}}
		}
		_, err := site.App.Surveys.Take(ctx, token, surveys.Step{Section: section.ID, Way: surveys.Next, Answers: answers})
		must(err)
	}
	event := site.OpenEvent("hemel", 20, 2)
	_, err = site.App.Bookings.Book(ctx, event.ID, bookings.Request{Name: "Ada Example", Email: "ada@residents.example", People: 1, BookerComes: true, Channel: bookings.Online,
		Question: "Will there be more buses?", Recontact: true})
	must(err)
	_, err = site.App.Feedback.TakeIn(ctx)
	must(err)
	again, err := site.App.Feedback.TakeIn(ctx)
	must(err)
	page, err := site.App.Feedback.Comments(ctx, feedback.Filter{Sort: "source"})
	must(err)
	if len(page.Comments) != 2 || again != 0 {
		t.Fatalf("%d comments came in, and %d again", len(page.Comments), again)
	}
	question, answer := page.Comments[0], page.Comments[1]
	if question.Text != "Will there be more buses?" || question.EventID == nil || *question.EventID != event.ID || !question.Recontact || question.QuoteOK || question.PersonID == nil {
		t.Errorf("the question is %+v", question)
	}
	if answer.Text != "Ask Mrs [name] about the lift" || answer.About != "What would you change?" || !answer.QuoteOK || answer.PersonID != nil || !strings.Contains(answer.Equality, `"age":`) {
		t.Errorf("the answer is %+v", answer)
	}
	responses, err := site.App.Surveys.Responses(ctx, survey.ID, surveys.ResponseFilter{})
	must(err)
	must(site.App.Surveys.SetResponseAside(ctx, survey.ID, responses.Responses[0].ID, "A test"))
	page, err = site.App.Feedback.Comments(ctx, feedback.Filter{})
	must(err)
	if page.Total != 1 {
		t.Errorf("after the response was set aside %d comments count", page.Total)
	}
	must(site.App.Surveys.PutResponseBack(ctx, survey.ID, responses.Responses[0].ID))
	page, err = site.App.Feedback.Comments(ctx, feedback.Filter{})
	must(err)
	if page.Total != 2 {
		t.Errorf("after it was put back %d comments count", page.Total)
	}
}
