package browsertest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/browsertest"
	"conversations/app/devmail"
	"conversations/app/newsletters"
)

// lettersDesk is the program with one letter of one section, and two officers of communications who have it open.
type lettersDesk struct {
	*world
	letter   newsletters.Update
	one, two *browsertest.Page
}

func newLettersDesk(t *testing.T, mode browsertest.Mode) lettersDesk {
	t.Helper()
	d := lettersDesk{world: &world{t: t, Site: apptest.Start(t)}}
	u, err := d.App.Newsletters.Create(d.Ctx(), newsletters.NewUpdate{Kind: newsletters.StakeholderUpdate, Title: "March 2017"})
	must(t, err)
	d.letter = u
	d.one, d.two = browsertest.Open(t, d.Site, mode), browsertest.Open(t, d.Site, mode)
	for name, p := range map[string]*browsertest.Page{"Comms One": d.one, "Comms Two": d.two} {
		email, password := d.officer(name)
		p.SignIn(email, password)
		p.Go(d.edit())
	}
	return d
}

func (d lettersDesk) edit() string { return "/staff/updates/" + number(d.letter.ID) + "/edit" }

// now is what the letter says, in the database.
func (d lettersDesk) now() newsletters.Content {
	d.t.Helper()
	_, c, err := d.App.Newsletters.Update(d.Ctx(), d.letter.ID)
	must(d.t, err)
	return c
}

// letterSaved waits until the script has saved.
func letterSaved(p *browsertest.Page) {
	p.Eventually("the letter saves itself", `/^Saved at \d\d:\d\d\.$/.test(document.querySelector('#saved').textContent)`)
}

func said(p *browsertest.Page, what, words string) {
	p.Eventually(what, `document.querySelector('#saved').textContent.startsWith('`+words+`')`)
}

// told waits for the message above the page.
func told(p *browsertest.Page, words string) {
	p.Eventually("the page says: "+words, `document.querySelector('.app-flash')?.innerText.includes('`+words+`') ?? false`)
}

func TestALetterSavesItselfWhileItIsWritten(t *testing.T) {
	d := newLettersDesk(t, browsertest.WithScript)
	d.one.Fill("Text", "We want to hear what you think.")
	letterSaved(d.one)
	if got := d.now().Sections[0].Body; got != "We want to hear what you think." {
		t.Fatalf("saved as %q", got)
	}
	d.one.Fill("Closing", "With best wishes")
	d.one.Leave() // before the quiet after the last key is over
	apptest.Eventually(t, "what was typed last is saved on leaving", func() bool { return d.now().Closing == "With best wishes" })
}

func TestWordsAreKeptInTheBrowserWhileThereIsNoConnection(t *testing.T) {
	d := newLettersDesk(t, browsertest.WithScript)
	d.one.Offline(true)
	d.one.Fill("Text", "Written on the train.")
	said(d.one, "it says that nothing is saved", "Not saved: there is no connection. Your words are kept in this browser.")
	d.one.Leave() // the battery is empty
	if got := d.now().Sections[0].Body; got != "" {
		t.Fatalf("the connection was not cut: %q", got)
	}
	d.one.Offline(false)
	d.one.Go(d.edit())
	apptest.Eventually(t, "the words come back", func() bool { return d.now().Sections[0].Body == "Written on the train." })
	d.one.Eventually("the page shows them and says so", `document.querySelector('#body-0')?.value === 'Written on the train.' && document.querySelector('#saved').textContent.startsWith('Words of ')`)
	if kept := browsertest.Eval[int](d.one, `localStorage.length`); kept != 0 {
		t.Errorf("%d texts are still in the browser", kept)
	}
}

func TestWordsWrittenWithoutAConnectionStandBesideWhatSomebodyElseSavedMeanwhile(t *testing.T) {
	t.Parallel() // it waits for what the page does every few seconds
	d := newLettersDesk(t, browsertest.WithScript)
	d.one.Offline(true)
	d.one.Fill("Text", "Written on the train.")
	said(d.one, "it says that nothing is saved", "Not saved: ")
	d.two.Fill("Text", "Written in the office.")
	letterSaved(d.two)
	d.one.Offline(false)
	d.one.Eventually("the first is told", `document.querySelector('#conflict').innerText.includes('Both texts are kept')`)
	if got := d.now().Sections[0].Body; got != "Written in the office." {
		t.Errorf("the text of the office was overwritten: %q", got)
	}
	asides, err := d.App.Newsletters.Asides(d.Ctx(), d.letter.ID)
	must(t, err)
	if len(asides) != 1 || !strings.Contains(asides[0].Content, "Written on the train.") {
		t.Errorf("beside it are %+v", asides)
	}
}

func TestTwoWhoWriteAtOnceAreToldAndPutTheirTextsTogether(t *testing.T) {
	t.Parallel() // it waits for what the page does every few seconds
	d := newLettersDesk(t, browsertest.WithScript)
	d.one.Fill("Text", "From the first.")
	letterSaved(d.one)
	d.two.Fill("Text", "From the second.")
	d.two.Fill("Closing", "Yours")
	d.two.Eventually("the second is told", `document.querySelector('#conflict').innerText.includes('Somebody else saved this letter while you were writing. Both texts are kept.')`)
	d.two.Fill("Closing", "Yours sincerely") // and goes on
	apptest.Eventually(t, "the last word of the second is kept", func() bool {
		asides, err := d.App.Newsletters.Asides(d.Ctx(), d.letter.ID)
		return err == nil && len(asides) == 1 && strings.Contains(asides[0].Content, "Yours sincerely")
	})
	d.two.Go(d.edit())
	d.two.Shows("There are words beside this text")
	d.two.Click("By Comms Two")
	d.two.Shows("From the first.", "From the second.", "Yours sincerely")
	d.two.TickIn("Whose words do you keep? Section: without a heading", "Both, one below the other")
	d.two.Click("Save what I chose")
	told(d.two, "The texts are put together.")
	if c := d.now(); c.Sections[0].Body != "From the first.\n\nFrom the second." || c.Closing != "Yours sincerely" {
		t.Errorf("put together as %+v", c)
	}
	d.one.Eventually("the first learns of it without typing", `document.querySelector('#conflict').innerText.includes('Comms Two saved another text')`)
}

func TestWhatIsPastedFromWordKeepsItsShape(t *testing.T) {
	d := newLettersDesk(t, browsertest.WithScript)
	html, err := os.ReadFile("testdata/word.html")
	must(t, err)
	d.one.Paste("Text", string(html), "plain words")
	want := strings.TrimSpace(`
## Winter pressures

The first weeks of the year were **very busy**. Please ring [NHS 111](tel:111) first, or look at [the winter page](https://www.nhs.example/winter).

- A GP works in the *emergency* department
   - for minor illness
- Older people are seen sooner

## What to do

1. Ring 111
2. See a pharmacist

**We can** pay £5\*2 for \[this\] & more.

- **Dacorum**: 31 January
- Watford: 8 February`)
	if got := d.one.Value("Text"); got != want {
		t.Errorf("pasted as\n%s\n\nand not\n%s", got, want)
	}
	d.one.Eventually("it says that the picture is left out", `document.querySelector('#saved').textContent.startsWith('Pasted. Pictures are left out')`)
	d.one.Click("Save")
	d.one.Click("Make a section of each heading")
	var headings []string
	for _, s := range d.now().Sections {
		headings = append(headings, s.Heading)
	}
	if got := strings.Join(headings, ", "); got != "Winter pressures, What to do" {
		t.Errorf("the sections are %s", got)
	}
}

func TestWhatIsPastedFromElsewhereKeepsItsShapeToo(t *testing.T) {
	d := newLettersDesk(t, browsertest.WithScript)
	for name, c := range map[string]struct{ html, want string }{
		"Outlook": {`<div class="WordSection1"><p class="MsoNormal">One</p><ul style="margin-top:0cm" type="disc"><li class="MsoListParagraph" style="mso-list:l0 level1 lfo1">First<o:p></o:p></li><ul type="circle"><li class="MsoListParagraph" style="mso-list:l0 level2 lfo1">Inner</li></ul></ul></div>`,
			"One\n\n- First\n   - Inner"},
		"Google's documents": {`<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700">Bold</span><span style="font-weight:400"> and plain</span></p><ol><li><p>One</p></li><li><p><span style="font-style:italic">Two</span></p></li></ol></b>`,
			"**Bold** and plain\n\n1. One\n2. *Two*"},
		"a page": {`<article><h3>Title</h3><div>Words<br>below</div><blockquote><p>Said</p></blockquote><p><a href="javascript:alert(1)">bad</a> <a href="mailto:a@b.example">a@b.example</a> <img src="https://elsewhere.example/x.png"> 1. no list</p><script>alert(1)</script></article>`,
			"## Title\n\nWords\nbelow\n\n> Said\n\nbad a@b.example 1. no list"},
		"a line that looks like a list": {`<p><b>x</b></p><p>1. Not a list</p><p># not a heading</p><p>snake_case and _this_</p>`, "**x**\n\n1\\. Not a list\n\n\\# not a heading\n\nsnake_case and \\_this\\_"},
		"plain words":                   {`<span>only words</span>`, "plain"},
		"a few words in a line":         {`<b>two words</b>`, "**two words**"},
	} {
		d.one.Fill("Text", " ")
		d.one.Paste("Text", c.html, "plain")
		if got := strings.TrimSpace(d.one.Value("Text")); got != c.want {
			t.Errorf("%s: pasted as\n%s\n\nand not\n%s", name, got, c.want)
		}
	}
	if asked := strings.Join(d.one.Requests(), " "); strings.Contains(asked, "elsewhere") {
		t.Errorf("pasting asked another site: %s", asked)
	}
	if problems := d.one.Problems(); len(problems) > 0 {
		t.Errorf("pasting caused %v", problems)
	}
}

func TestTheToolbarMarksWordsByMouseAndByKeyboardAlone(t *testing.T) {
	d := newLettersDesk(t, browsertest.WithScript)
	d.one.Fill("Text", "We meet in Tring.")
	choose := func(text string) {
		browsertest.Eval[bool](d.one, `(b => { b.focus(); const at = b.value.indexOf('`+text+`'); b.setSelectionRange(at, at + `+number(int64(len(text)))+`); return true })(document.querySelector('#body-0'))`)
	}
	tool := func(name string) {
		browsertest.Eval[bool](d.one, `(b => { b.click(); return true })([...document.querySelector('#body-0').parentElement.querySelectorAll('.app-tool')].find(b => b.textContent === '`+name+`'))`)
	}
	is := func(want string) {
		t.Helper()
		if got := d.one.Value("Text"); got != want {
			t.Errorf("the text is %q and not %q", got, want)
		}
	}
	choose("Tring")
	tool("Bold")
	is("We meet in **Tring**.")
	choose("**Tring**")
	tool("Bold")
	is("We meet in Tring.")
	choose("We meet")
	tool("Heading")
	is("## We meet in Tring.")
	tool("Heading")
	is("We meet in Tring.")
	tool("List")
	is("- We meet in Tring.")
	tool("Numbered list")
	is("1. We meet in Tring.")
	tool("Quote")
	is("> We meet in Tring.")
	choose("Tring")
	tool("Link")
	is("> We meet in [Tring](https://).")
	d.one.Keys("/events") // the address is chosen, so typing replaces it
	is("> We meet in [Tring](/events).")

	// By keyboard: back from the box into the toolbar, along it by arrows, and the shortcut in the box.
	d.one.Fill("Text", "Tea")
	choose("Tea")
	d.one.Keys(kb.Control + "b")
	browsertest.Eval[bool](d.one, `(b => { b.parentElement.querySelector('.app-tool[tabindex="0"]').focus(); return true })(document.querySelector('#body-0'))`)
	d.one.Keys(kb.ArrowRight + kb.ArrowRight)
	if at := browsertest.Eval[string](d.one, `document.activeElement.textContent`); at != "Italic" {
		t.Errorf("the arrows lead to %q", at)
	}
	d.one.Keys(kb.End + kb.ArrowRight)
	if at := browsertest.Eval[string](d.one, `document.activeElement.textContent`); at != "Heading" {
		t.Errorf("the arrows do not go round: %q", at)
	}
	if stops := browsertest.Eval[int](d.one, `document.querySelector('#body-0').parentElement.querySelectorAll('.app-tool[tabindex="0"]').length`); stops != 1 {
		t.Errorf("the toolbar is %d stops of the tab key", stops)
	}
}

func TestALetterIsWrittenFromTheFirstWordToATestWithoutScript(t *testing.T) {
	d := newLettersDesk(t, browsertest.ScriptDisabled)
	p := d.one
	p.Go("/staff/updates")
	p.Click("Write something new")
	p.Fill("Title", "News of March")
	p.Click("Start writing")
	p.Fill("Heading", "Urgent care")
	p.Fill("Text", "Tell us what you think.")
	p.Click("Add coming events")
	p.Shows("Just now there are no events to come.")
	if got := p.Value("Text"); got != "Tell us what you think." {
		t.Errorf("a button lost what was typed: %q", got)
	}
	p.Fill("Closing", "With best wishes")
	p.Fill("Name", "The Chair")
	p.Fill("Office", "Chair of the board")
	p.Click("Save and check it")
	p.Shows("Nothing stands in the way", "There are no events to come")
	p.Click("There are no events to come")
	if !strings.HasSuffix(p.Path(), "/edit#locality-1") {
		t.Errorf("a finding leads to %s", p.Path())
	}
	p.Click("Save and preview")
	p.Shows("On a telephone", "Tell us what you think.", "Dear Comms One")
	p.Click("Send me a test")
	told(p, "A test is on its way to comms.one@office.example.")
	apptest.Eventually(t, "the test arrives", func() bool {
		mails, err := d.Mail.List()
		return err == nil && slices.ContainsFunc(mails, func(m devmail.Message) bool { return m.Subject == "[Test] News of March" })
	})
}
