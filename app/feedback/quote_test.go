package feedback_test

import (
	"strings"
	"testing"

	"conversations/app/feedback"
)

func TestOnlyLockedQuotesStandInQuotationMarks(t *testing.T) {
	locked := []string{"the bus doesn't stop\nat the clinic", "We wait for hours"}
	for text, problems := range map[string]int{
		`People said that they wait.`: 0,
		`One said: “We wait for hours”. Another: "the bus doesn’t stop at the clinic".`: 0,
		`One said: “We wait for weeks”.`:                                                1,
		`One said: "We wait"`:                                                           1,
		`One said: 'We wait for hours'`:                                                 0,
		`One said: ‘We wait too long’, and it's the patients' view.`:                    1,
		`It's the patients' view, isn't it?`:                                            0,
		"« Nous attendons » and „Wir warten“":                                           2,
		`It began “and was never closed`:                                                1,
		"> We wait, and wait":                                                           1,
		"> We wait for hours":                                                           1, // nothing would take it out again
		`“We wait for hours”, and “more”`:                                               1,
	} {
		if got := feedback.QuotationProblems(text, locked); len(got) != problems {
			t.Errorf("%s: %d problems %q", text, len(got), got)
		}
	}
	if got := feedback.QuotationProblems(`"We wait"`, nil); len(got) != 1 || !strings.Contains(got[0], "“We wait”") {
		t.Errorf("the message is %q", got)
	}
}
