package browsertest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/browsertest"
	"conversations/app/events"
)

// meeting is a conversation event with the notes that were taken there.
type meeting struct {
	slug, locality, title, day, month string
	came, notes                       string
	said                              []string // those of the notes that people said and did not ask
}

func meetings() []meeting {
	return []meeting{
		{"dacorum-january", "dacorum", "Conversation event in Dacorum", "31", "1", "97", `Key points

- Several tables did not know where to go for help in the evening.
- The signs to the blood tests are hard to find.
- People would rather have blood tests near home than travel to Watford.

Questions and answers

A resident asked where to go when the doctor is closed.

A local GP said that NHS 111 knows what is open.

A resident asked who would visit older people at home.

A local GP said that nurses and carers will work as one team.
`, []string{"Several tables", "The signs", "People would"}},
		{"watford-february", "watford-and-three-rivers", "Conversation event in Watford and Three Rivers", "8", "2", "50", `Key points

- It took three weeks to get an appointment.
- One number to call would help, whatever it is about.

Questions and answers

A resident asked how all of this will be paid for.

A local GP said that fewer trips to hospital save money.
`, []string{"It took", "One number"}},
	}
}

// lineOffice is a program with two held events and nothing else in it, and who works with it.
type lineOffice struct {
	*apptest.Site
	t           *testing.T
	lead, admin *browsertest.Page
	events      map[string]int64
	keys        int // that the lead pressed to code
	step        int
}

func openLine(t *testing.T) *lineOffice {
	t.Helper()
	o := &lineOffice{Site: apptest.Start(t), t: t, events: map[string]int64{}}
	o.App.Config.Feedback.DoubleShare = 0
	for _, e := range meetings() {
		o.events[e.slug] = o.hold(e)
	}
	for _, who := range []struct{ email, role string }{{"lead@office.example", "engagement"}, {"admin@office.example", "admin"}} {
		link, err := o.App.Accounts.Add(o.Ctx(), who.email, "A colleague", who.role)
		must(t, err)
		_, _, err = o.App.Accounts.SetPassword(o.Ctx(), link[strings.LastIndexByte(link, '/')+1:], passphrase)
		must(t, err)
	}
	o.lead, o.admin = browsertest.Open(t, o.Site, browsertest.WithScript), browsertest.Open(t, o.Site, browsertest.ScriptDisabled)
	o.lead.SignIn("lead@office.example", passphrase)
	o.admin.SignIn("admin@office.example", passphrase)
	return o
}

const passphrase = "a long walk by the canal in spring"

func (o *lineOffice) hold(e meeting) int64 {
	o.t.Helper()
	ctx := audit.AsSystem(context.Background())
	one, err := o.App.Events.Create(ctx, events.Form{Title: e.title, Slug: e.slug, Locality: e.locality, Summary: "Talk with local GPs about health and care.", Capacity: "120", MaxParty: "6",
		Schedule: events.Schedule{StartsDay: e.day, StartsMonth: e.month, StartsYear: "2017", StartsTime: "7pm", EndsTime: "9pm"}, Venue: events.Venue{VenueName: "Example Hall", VenueAddress: "1 Example Street", VenuePostcode: "HP1 1AA"}})
	must(o.t, err)
	_, err = o.App.Events.Publish(ctx, one.ID)
	must(o.t, err)
	_, err = o.App.Events.Hold(ctx, one.ID, events.Turnout{People: e.came})
	must(o.t, err)
	return one.ID
}

// What people said becomes comments, is coded by keys, counted, answered and published; and the line between the two can be
// followed both ways. MINUTES names a file with the minutes of a real meeting to do the same with: its questions are what
// follows the line "Questions and answers". LINE_PICTURES names a folder for pictures of every step.
func TestTheLineFromWhatWasSaidToWhatWasDone(t *testing.T) {
	o := openLine(t)
	o.lead.Go("/staff/themes")
	o.lead.Click("Start with the first codebook")
	o.look(o.lead, "codebook")
	o.pasteQuestions(meetingQuestions(t))
	for _, e := range meetings() {
		o.takeNotes(e)
	}
	o.lead.Go("/staff/feedback")
	o.look(o.lead, "comments")

	found := o.codeAll()
	wanted := map[string]map[string]int{}
	for _, f := range found {
		if wanted[f.theme] == nil {
			wanted[f.theme] = map[string]int{}
		}
		wanted[f.theme][f.locality]++
	}
	o.lead.Go("/staff/feedback/reports?by=locality")
	o.lead.Shows("Not for publishing")
	o.look(o.lead, "matrix")
	for theme, at := range wanted {
		for locality, n := range at {
			if got := o.cell(theme, locality); !strings.HasPrefix(got, fmt.Sprintf("%d (", n)) {
				t.Errorf("the matrix says %q for %s in %s, and %d were coded", got, theme, locality, n)
			}
		}
	}

	action := o.answer()
	o.followBack(action, found)
	t.Logf("%d comments, %d keys (%.1f each); %v; the answer is at /you-said-we-did?locality=dacorum#one-page-that-says-where-to-go", len(found), o.keys, float64(o.keys)/float64(len(found)), wanted)
}

// look keeps pictures of a page at two widths, where LINE_PICTURES asks for them.
func (o *lineOffice) look(p *browsertest.Page, name string) {
	folder := os.Getenv("LINE_PICTURES")
	if folder == "" {
		return
	}
	must(o.t, os.MkdirAll(folder, 0o755))
	o.step++
	for _, width := range []int64{390, 1280} {
		p.Resize(width, 900)
		p.WholePicture(filepath.Join(folder, fmt.Sprintf("%02d-%s-%d.png", o.step, name, width)))
	}
	p.Resize(1280, 800)
}

// meetingQuestions are the questions of a meeting: made up, or those of the file that MINUTES names.
func meetingQuestions(t *testing.T) string {
	file := os.Getenv("MINUTES")
	if file == "" {
		return "A councillor asked what a hub would do that a surgery does not.\n\nA resident asked where somebody goes who needs care for a day or two.\n\nA councillor asked how long the plans would take."
	}
	text, err := os.ReadFile(file)
	must(t, err)
	_, after, found := strings.Cut(string(text), "Questions and answers")
	if !found {
		t.Fatalf("%s has no questions and answers", file)
	}
	asked := regexp.MustCompile(`(?m)^.* (asked|mentioned|referred) .*$`).FindAllString(after, -1)
	return strings.Join(asked, "\n\n")
}

func (o *lineOffice) pasteQuestions(text string) {
	p := o.lead
	p.Go("/staff/feedback/paste")
	p.Fill("Minutes", text)
	p.Choose("Came by", "Minutes")
	p.Choose("Locality (optional)", "Dacorum")
	p.Click("See the comments")
	o.look(p, "questions")
	p.Click("Keep these comments")
}

// takeNotes writes the record of an event, and takes in as comments what people asked and said.
func (o *lineOffice) takeNotes(e meeting) {
	p := o.lead
	p.Go("/staff/events/" + number(o.events[e.slug]) + "/record/minutes")
	p.Fill("Minutes", e.notes)
	p.Click("Split the minutes")
	o.look(p, "record")
	p.Click("Save the draft")
	p.Go("/staff/feedback/noted?event=" + e.slug)
	for _, said := range e.said {
		p.Tick(said)
	}
	o.look(p, "noted")
	p.Click("Take these in")
}

// read is a comment as it was coded.
type read struct{ words, locality, theme string }

// codeAll codes every comment that waits, by keys alone.
func (o *lineOffice) codeAll() (found []read) {
	o.t.Helper()
	p := o.lead
	p.Go("/staff/feedback/code")
	o.look(p, "coding")
	for waits := o.waiting(); waits != ""; waits = o.waiting() {
		one := read{words: browsertest.Eval[string](p, `document.querySelector('[data-text]').innerText`), theme: "Getting to see somebody"}
		facts := browsertest.Eval[string](p, `document.querySelector('.app-coding__facts').innerText`)
		one.locality = map[bool]string{true: "Watford and Three Rivers", false: "Dacorum"}[strings.Contains(facts, "Watford")]
		keys := "/getting to" + kb.Enter
		if regexp.MustCompile(`(?i)\bwhere\b|sign|number`).MatchString(one.words) {
			one.theme, keys = "Finding the way, and services that work together", "/finding"+kb.Enter
		}
		o.keys += len([]rune(keys)) + 1
		p.Keys(keys)
		if p.Keys(kb.Enter); len(found) > 30 {
			o.t.Fatal("coding does not come to an end")
		}
		p.Eventually("another comment comes, or none is left", `document.readyState === 'complete' && (document.querySelector('[data-coding]')?.dataset.comment ?? '') !== '`+waits+`'`)
		found = append(found, one)
	}
	p.Eventually("all is sent", fmt.Sprintf(`performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch').length > %d`, len(found))) // before that the browser asks whether to leave
	o.look(p, "nothing-left")
	return found
}

// waiting is the comment on the screen, "" where none is left.
func (o *lineOffice) waiting() string {
	return browsertest.Eval[string](o.lead, `document.querySelector('[data-coding]')?.dataset.comment ?? ''`)
}

// cell is what the matrix says of a theme in a locality.
func (o *lineOffice) cell(theme, locality string) string {
	return browsertest.Eval[string](o.lead, fmt.Sprintf(`(() => {
		const table = [...document.querySelectorAll('table')].find((one) => one.caption?.innerText.startsWith('Themes by locality'))
		const at = [...table.rows[0].cells].findIndex((cell) => cell.innerText.trim() === %q)
		const row = [...table.rows].find((one) => one.cells[0].innerText.endsWith(%q))
		return at < 0 ? 'no column' : row?.cells[at].innerText ?? 'no row'
	})()`, locality, theme))
}

// answer writes an answer, has it approved, reads it as everybody does, and gives the staff's page of it.
func (o *lineOffice) answer() (action string) {
	p := o.lead
	p.Go("/staff/actions/new")
	p.Choose("Theme", "– Finding the way, and services that work together")
	p.Choose("Area", "Dacorum")
	p.Fill("Title", "One page that says where to go")
	p.Fill("You said", "It is hard to know where to go, above all in the evening.")
	p.Fill("We did", "A page for each area says what is open and whom to call.")
	p.Tick("Planned")
	p.Fill("Which office looks after it", "Head of Urgent Care")
	p.Fill("Day", "30")
	p.Fill("Month", "6")
	p.Fill("Year", "2030")
	o.look(p, "answer-form")
	p.Click("Save")
	action = p.Path()
	p.Click("Ask for approval")
	o.look(p, "answer-asked")
	o.admin.Go(action)
	o.admin.Click("Approve and publish")
	o.look(o.admin, "answer-approved")
	reader := browsertest.Open(o.t, o.Site, browsertest.ScriptDisabled)
	reader.Go("/you-said-we-did?locality=dacorum")
	reader.Shows("What we will do", "One page that says where to go", "A page for each area says what is open", "Head of Urgent Care")
	o.look(reader, "answer-public")
	reader.Go("/you-said-we-did?locality=hertsmere")
	if shown := reader.Text(); strings.Contains(shown, "One page that says where to go") {
		o.t.Errorf("the answer for Dacorum is shown in Hertsmere:\n%s", shown)
	}
	return action
}

// followBack goes from the answer to each comment and on to its event, and from a comment forward to the answer.
func (o *lineOffice) followBack(action string, found []read) {
	p := o.lead
	p.Go(action)
	answered := func(f read) bool { return f.theme != "Getting to see somebody" && f.locality == "Dacorum" }
	n := 0
	for _, f := range found {
		if answered(f) {
			n++
		}
	}
	p.Click(fmt.Sprintf("%d comments", n))
	o.look(p, "who-says-so")
	back := p.Path()
	for _, f := range found {
		if shown := strings.Contains(p.Text(), f.words); shown != answered(f) {
			o.t.Errorf("the answer leads back to %q: %v, and it should be %v", f.words, shown, answered(f))
		}
	}
	p.Click("Conversation event in Dacorum")
	if want := "/staff/events/" + number(o.events["dacorum-january"]); p.Path() != want {
		o.t.Errorf("the event of a comment is at %s and not at %s", p.Path(), want)
	}
	p.Go(back)
	p.Click("its record")
	p.Shows("where to go when the doctor is closed")
	p.Go(back)
	i := slices.IndexFunc(found, func(f read) bool { return strings.Contains(f.words, "The signs") })
	p.Click(found[i].words)
	p.Shows("One page that says where to go", "Conversation event in Dacorum")
	o.look(p, "comment")
	comment := p.Path()
	p.Click("Conversation event in Dacorum")
	p.Go(comment)
	p.Click("One page that says where to go")
	if p.Path() != action {
		o.t.Errorf("the comment leads to %s and not to %s", p.Path(), action)
	}
}
