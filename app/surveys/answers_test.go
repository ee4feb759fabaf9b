package surveys_test

import (
	"strings"
	"testing"

	"conversations/app/fault"
	"conversations/app/surveys"
)

// options are choices with ids from 1 on; a name behind a colon makes one special.
func options(names ...string) (list []surveys.FormChoice) {
	for i, name := range names {
		label, special, _ := strings.Cut(name, ":")
		list = append(list, surveys.FormChoice{Choice: surveys.Choice{ID: int64(i + 1), Special: special}, Label: label})
	}
	return list
}

func question(kind surveys.Kind, required bool, opts ...string) surveys.FormQuestion {
	return surveys.FormQuestion{Question: surveys.Question{ID: 7, Kind: kind, Required: required}, Words: surveys.Texts{Title: "How was it?"}, Options: options(opts...)}
}

func TestAnAnswerIsCheckedAtItsField(t *testing.T) {
	five, eleven := int64(5), int64(11)
	several := question(surveys.SeveralOf, false, "A", "B", "Other:other", "None of these:none")
	scale := question(surveys.Scale, true)
	scale.Limits.Steps = 10
	grid := question(surveys.Grid, true, "Good", "Poor")
	grid.Rows = options("NHS 111", "Minor injuries unit")
	short := question(surveys.ShortText, false)
	short.Limits.Most = 10
	for name, c := range map[string]struct {
		q     surveys.FormQuestion
		given surveys.Given
		want  string // field: message; "" is right
	}{
		"nothing where nothing must be":   {q: several},
		"nothing where something must be": {q: question(surveys.OneOf, true, "A", "B"), want: "q-7: Choose an answer: How was it"},
		"one of two":                      {q: question(surveys.OneOf, true, "A", "B"), given: surveys.Given{Choices: []int64{2}}},
		"two of one":                      {q: question(surveys.OneOf, false, "A", "B"), given: surveys.Given{Choices: []int64{1, 2}}, want: "q-7: Choose one answer only"},
		"an option of another question":   {q: question(surveys.OneOf, false, "A"), given: surveys.Given{Choices: []int64{99}}, want: "q-7: Choose from the answers that are there"},
		"the same twice":                  {q: several, given: surveys.Given{Choices: []int64{1, 1}}, want: "q-7: Choose from the answers that are there"},
		"none of these and another":       {q: several, given: surveys.Given{Choices: []int64{1, 4}}, want: `q-7: Choose "None of these" alone, or choose the others without it`},
		"other without saying what":       {q: several, given: surveys.Given{Choices: []int64{3}}, want: `q-7-other: Say what you mean by "other"`},
		"other with saying what":          {q: several, given: surveys.Given{Choices: []int64{1, 3}, Other: "By bus"}},
		"saying what without other":       {q: several, given: surveys.Given{Choices: []int64{1}, Other: "By bus"}, want: `q-7: You wrote an answer of your own. Choose "other" too, or take it out`},
		"a step of the scale":             {q: scale, given: surveys.Given{Number: &five}},
		"a step that the scale lacks":     {q: scale, given: surveys.Given{Number: &eleven}, want: "q-7: Enter a number from 1 to 10"},
		"words for a number":              {q: question(surveys.Number, false), given: surveys.Given{Text: "many"}, want: "q-7: Enter a whole number, such as 2"},
		"a long answer in a short field":  {q: short, given: surveys.Given{Text: "twelve chars"}, want: "q-7: Your answer must be 10 characters or fewer"},
		"a day that is not":               {q: question(surveys.Date, false), given: surveys.Given{Text: "2017-02-30"}, want: "q-7-day: Enter a real date, such as 28 2 2017"},
		"a postcode":                      {q: question(surveys.Postcode, true), given: surveys.Given{Text: "hp1 1dn"}},
		"its first part":                  {q: question(surveys.Postcode, true), given: surveys.Given{Text: "WD17"}},
		"no postcode":                     {q: question(surveys.Postcode, true), given: surveys.Given{Text: "Tring"}, want: "q-7: Enter a postcode, such as HP1 1DN, or its first part, such as HP1"},
		"a grid with a row left out":      {q: grid, given: surveys.Given{Rows: map[int64]int64{1: 1}}, want: "q-7-row-2: Choose an answer: Minor injuries unit"},
		"a whole grid":                    {q: grid, given: surveys.Given{Rows: map[int64]int64{1: 1, 2: 2}}},
		"a row of another grid":           {q: grid, given: surveys.Given{Rows: map[int64]int64{1: 1, 2: 2, 9: 1}}, want: "q-7-row-1: Choose from the answers that are there"},
		"what cannot be read on a form":   {q: question(surveys.OneOf, true, "A"), given: surveys.Given{Unreadable: true}},
	} {
		t.Run(name, func(t *testing.T) {
			var problems fault.Fields
			c.q.Check(c.given, &problems)
			got := ""
			for _, p := range problems {
				got += p.Name + ": " + p.Message
			}
			if got != c.want {
				t.Errorf("said %q, not %q", got, c.want)
			}
		})
	}
}

// branching is a survey that asks whoever was at A&E about it, and those who were not why.
func branching() surveys.Form {
	first := question(surveys.OneOf, true, "Yes", "No")
	first.ID = 1
	about, why, end := question(surveys.LongText, false), question(surveys.LongText, false), question(surveys.LongText, false)
	about.ID, why.ID, end.ID = 2, 3, 4
	return surveys.Form{Sections: []surveys.FormSection{
		{Questions: []surveys.FormQuestion{first}},
		{Section: surveys.Section{IfQuestion: 1, IfChoice: 1}, Questions: []surveys.FormQuestion{about}},
		{Section: surveys.Section{IfQuestion: 1, IfChoice: 1, IfNot: true}, Questions: []surveys.FormQuestion{why}},
		{Questions: []surveys.FormQuestion{end}},
	}}
}

func TestASectionIsShownAsAnEarlierAnswerHasIt(t *testing.T) {
	for name, c := range map[string]struct {
		answers surveys.Answers
		want    []int64
	}{
		"nothing answered": {nil, []int64{1, 3, 4}},
		"yes":              {surveys.Answers{1: {Choices: []int64{1}}}, []int64{1, 2, 4}},
		"no":               {surveys.Answers{1: {Choices: []int64{2}}}, []int64{1, 3, 4}},
	} {
		var got []int64
		for _, section := range branching().Visible(c.answers) {
			got = append(got, section.Questions[0].ID)
		}
		if !equalIDs(got, c.want) {
			t.Errorf("%s shows %v, not %v", name, got, c.want)
		}
	}
}

func TestAnswersOnAWayThatWasLeftDoNotCount(t *testing.T) {
	kept := branching().Kept(surveys.Answers{1: {Choices: []int64{2}}, 2: {Text: "It was busy"}, 3: {Text: "Too far"}})
	if _, there := kept[2]; there || kept[3].Text != "Too far" {
		t.Errorf("kept %v", kept)
	}
}

func TestNothingIsAskedTwiceOverAConditionOnWhatWasNotShown(t *testing.T) {
	f := branching()
	f.Sections = append(f.Sections, surveys.FormSection{Section: surveys.Section{IfQuestion: 2, IfChoice: 1}, Questions: []surveys.FormQuestion{question(surveys.OneOf, false, "A")}})
	if shown := f.Visible(surveys.Answers{1: {Choices: []int64{2}}, 2: {Choices: []int64{1}}}); len(shown) != 3 {
		t.Errorf("%d sections are shown, though the question of the last one's condition was not", len(shown))
	}
}

func equalIDs(a, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
