package minutes_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"conversations/app/events/minutes"
)

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// of gives the pieces of some kinds as "who: text".
func of(r minutes.Result, kinds ...minutes.Kind) (out []string) {
	for _, p := range r.Pieces {
		for _, kind := range kinds {
			if p.Kind == kind {
				out = append(out, string(p.Kind)+" "+p.Who+": "+p.Text)
			}
		}
	}
	return out
}

// begins checks that there are as many texts as beginnings, each with its own, in order.
func begins(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("%q is missing", want[i])
		case i >= len(want):
			t.Errorf("%q is too many", got[i])
		case !strings.HasPrefix(got[i], want[i]):
			t.Errorf("%d is %q, want %q", i+1, got[i], want[i])
		}
	}
}

func TestACouncilsMinutesAreSplitAsTheyArePasted(t *testing.T) {
	r := minutes.Split(read(t, "testdata/scrutiny.txt"))
	begins(t, of(r, minutes.Presenter), "presenter Programme Director – Valley Health Review: Anna Whitmore", "presenter Valley Clinical Trust: Tom Birchall")
	begins(t, of(r, minutes.Lead, minutes.Point), "lead : She highlighted", "lead : The aim", "point : The aim is that people stay well", "lead : What people told us",
		"point : More help", "point : Care that is", "point : Easier ways", "point : Better use", "point : The aim is that more", "point : By 2030")
	begins(t, of(r, minutes.Step), "step : Refreshing", "step : Talking", "step : Choices for the hospital", "step : Set up the Mill Town")
	begins(t, of(r, minutes.Question, minutes.Answer),
		"question Councillor: Asked if the new centres", "answer Valley Clinical Trust: Explained that the centres",
		"question Councillor: Asked what would happen", "answer Valley Clinical Trust: Explained that they would all remain.", "answer : Said that they are making",
		"question Member of the public: Mentioned her worry", "answer Valley Clinical Trust: Said that the member of the public's patient",
		"question Member of the public: Referred to the plans", "answer Programme Director – Valley Health Review: Said that the plan covers")
	for _, p := range r.Pieces {
		if strings.HasPrefix(p.Text, "Choices") != (p.Due == "2027-03-31") {
			t.Errorf("the day of %q is %q", p.Text, p.Due)
		}
	}
	for _, name := range []string{"Larkspur", "Thornfield", "Ashdown"} {
		for _, p := range r.Pieces {
			if strings.Contains(p.Text+p.Who, name) {
				t.Errorf("%s is named in %q", name, p.Text)
			}
		}
	}
}

func TestTheCouncilMinutesThatWereGivenAreSplitAsTheyArePasted(t *testing.T) {
	found, _ := filepath.Glob("../../../../shared/seeds/000_*.txt")
	if len(found) == 0 {
		t.Skip("LEFT OUT: the council's minutes, because ../shared/seeds is not beside this repository; testdata/scrutiny.txt stands for them")
	}
	r := minutes.Split(read(t, found[0]))
	begins(t, of(r, minutes.Presenter), "presenter Programme Director – West Hertfordshire Strategic Review: David", "presenter Herts Valleys Clinical Commissioning Group: Keith")
	begins(t, of(r, minutes.Point), "point : Our vision is that people are healthier", "point : More effective", "point : More patient-centred", "point : Better access", "point : Better signposting",
		"point : Making efficient", "point : Better community", "point : Our vision is to ensure", "point : By 2024", "point : Patients", "point : Agreed", "point : Kick off", "point : It will define")
	begins(t, of(r, minutes.Step), "step : Refreshing", "step : On-going", "step : Building on", "step : Developing", "step : Acute care", "step : Set up", "step : Build the Dacorum")
	begins(t, of(r, minutes.Question, minutes.Answer),
		"question Councillor: Asked if the Hubs", "answer Herts Valleys Clinical Commissioning Group: Explained that the Hubs",
		"question Councillor: Asked what would", "answer Herts Valleys Clinical Commissioning Group: Explained that they would", "answer : Said that they are trying",
		"question Member of the public: Mentioned her", "answer Herts Valleys Clinical Commissioning Group: Said that the patient",
		"question Member of the public: Referred to", "answer Programme Director – West Hertfordshire Strategic Review: Said that the plan")
	for _, p := range r.Pieces {
		unsure := p.Kind == minutes.Answer && p.Who == "" || p.Kind == minutes.Question && p.Who == minutes.Public
		if unsure && p.Check == "" {
			t.Errorf("nobody is asked to look at %q", p.Text)
		}
	}
}

func TestQuestionsAreRecognisedAsMeetingsWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"letters": {"Questions\nQ1: Will it be free?\nA1: Yes, for everybody.\nQ. Who pays?\nA. The trust.",
			[]string{"question Member of the public: Will it be free?", "answer : Yes, for everybody.", "question Member of the public: Who pays?", "answer : The trust."}},
		"on one line": {"Q: Is there parking? A: Yes, twenty spaces.", []string{"question Member of the public: Is there parking?", "answer : Yes, twenty spaces."}},
		"roles": {"Q&A\nA resident asked about buses.\nThe programme director replied that there are two.\nOne carer wanted to know when.",
			[]string{"question Resident: Asked about buses.", "answer The programme director: Replied that there are two.", "question Carer: Wanted to know when."}},
		"a play": {"Discussion\nQuestions:\nCllr Fern: What about the young?\nThe chair: We will come to it.", []string{"question Councillor: What about the young?", "answer The chair: We will come to it."}},
		"bare":   {"Questions and answers\nWill there be evenings?\n\nYes, twice a week.\n\nOn Mondays and Fridays.", []string{"question Member of the public: Will there be evenings?", "answer : Yes, twice a week.", "answer : On Mondays and Fridays."}},
		"no heading": {"Key points\n- It went well\n\nCouncillor Fern asked who decides.\n\nThe director said that the board does.",
			[]string{"question Councillor: Asked who decides.", "answer The director: Said that the board does."}},
		"broken lines": {"Questions\nCouncillor Fern asked whether the new building would be open in the\nevening and on Sundays.\nThe director said that it\nwould.",
			[]string{"question Councillor: Asked whether the new building would be open in the evening and on Sundays.", "answer The director: Said that it would."}},
		"a comment": {"Questions\nJ Moss asked for a date.\nThe director said May.\nJ Moss said that she was glad.",
			[]string{"question Member of the public: Asked for a date.", "answer The director: Said May.", "question Member of the public: Said that she was glad."}},
	} {
		t.Run(name, func(t *testing.T) { begins(t, of(minutes.Split(c.text), minutes.Question, minutes.Answer), c.want...) })
	}
}

func TestStepsHaveTheirOwnerAndDay(t *testing.T) {
	for text, want := range map[string]minutes.Piece{
		"Print the leaflet by 3 March 2027":              {Due: "2027-03-03"},
		"Print it by the end of February 2028":           {Due: "2028-02-29"},
		"Print it by 31 February 2027":                   {},
		"Print the leaflet (Owner: the comms team)":      {Who: "the comms team"},
		"The trust to publish the plan by 1st June 2027": {Who: "The trust", Due: "2027-06-01"},
		"Working to improve services":                    {},
	} {
		p := minutes.Split("Next steps:\n* " + text).Pieces[0]
		if p.Kind != minutes.Step || p.Text != text || p.Who != want.Who || p.Due != want.Due {
			t.Errorf("%q became %+v", text, p)
		}
	}
}

func TestAListPastedFromAWordProcessorHasItsMarksOnLinesOfTheirOwn(t *testing.T) {
	r := minutes.Split("2. NEXT STEPS\n·\nOne thing\n·\nAnother thing\n\uf0b7\tA third")
	begins(t, of(r, minutes.Step), "step : One thing", "step : Another thing", "step : A third")
}

func TestWhoWasPresentIsNotPlaced(t *testing.T) {
	r := minutes.Split("Present: Cllr Fern, J Moss\nApologies\nB Reed\nKey points\n- Yes")
	begins(t, of(r, minutes.Unplaced), "unplaced : Present: Cllr Fern, J Moss", "unplaced : Apologies", "unplaced : B Reed")
}

// Whatever is pasted, each of its words is in a piece, in a heading, or is a name that a role stands for.
func TestNothingThatIsPastedIsLost(t *testing.T) {
	lines := []string{"Next steps", "Questions and answers", "Key points:", "Presenters", "• a point here", "1. numbered thing", "", "", "Councillor Fern asked why this is so",
		"The director explained that it must", "Q: really so?", "A: indeed so", "Q3. what then? A: nothing then", "Ann Smith, Director and Bo Jones, Trust presented the plan",
		"plain words without mark", "a line that is long enough to be thought of as wrapped in the page", "Present: somebody there", "He made the following points:", "-", "o", "·tight mark",
		"The chair: welcome to all", "short title", "ends with colon:", "Set up a group by 3 March 2027 (Owner: the team)", "B Moss said that she was glad", "1.", "Q:", "A:", "* * *"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(lines), rapid.StringMatching(`[A-Za-z.:?,()' •-]{0,60}`)), 0, 30).Draw(t, "lines"), "\n")
		r := minutes.Split(text)
		kept := strings.Join(r.Headings, " ")
		for _, p := range r.Pieces {
			kept += " " + p.Text + " " + p.Who + " " + p.Check
		}
		have := map[string]bool{}
		for _, word := range words(kept) {
			have[word] = true
		}
		for _, word := range words(text) {
			if !have[word] && !speaker[word] {
				t.Fatalf("%q is lost from\n%s\n%+v", word, text, r)
			}
		}
	})
}

// speaker are words that only say who speaks, or mark an item: a role or a list stands for them.
var speaker = map[string]bool{"councillor": true, "cllr": true, "fern": true, "answer": true, "question": true, "response": true}

// words are the words of a text of three letters or more: shorter ones may be marks such as "b)".
func words(text string) (out []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 3 {
			out = append(out, w)
		}
	}
	return out
}

func FuzzSplit(f *testing.F) {
	f.Add("Next steps\n• one\nQ: a?\nA: b")
	f.Add("Councillor asked")
	f.Fuzz(func(_ *testing.T, text string) { minutes.Split(text) }) // it must not panic
}
