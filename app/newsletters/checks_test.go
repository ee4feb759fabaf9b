package newsletters_test

import (
	"strings"
	"testing"
	"time"

	"conversations/app/events"
	"conversations/app/newsletters"
)

// fine is a letter in which nothing is found.
func fine() newsletters.Content {
	return newsletters.Content{Title: "Stakeholder update: February 2017", Opening: "Dear {name}", Closing: "With best wishes",
		Sections:    []newsletters.Section{{Key: "a", Kind: newsletters.TextSection, Heading: "Urgent care", Body: "Tell us what you think. We meet on Tuesday 28 February 2017."}},
		Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Chair of the board"}}}
}

func (d desk) checks(t testing.TB, u newsletters.Update, c newsletters.Content) newsletters.Checks {
	t.Helper()
	found, err := d.Check(d.first, u, c)
	must(t, err)
	return found
}

func TestEachFaultOfALetterIsFoundAtItsField(t *testing.T) {
	d := newDesk(t)
	d.KnowsPages([]string{"/", "/events", "/events/:slug", "/updates/:slug", "/bookings/:token", "/documents", "/static/*", "/localities/:slug"}, nil)
	open := d.event(t, evening("open", "hertsmere", "7"))
	cancelled := d.event(t, evening("cancelled", "hertsmere", "8"))
	_, err := d.events.Cancel(d.system(), cancelled.ID, "The hall is flooded.")
	must(t, err)
	u := newsletters.Update{Slug: "mine", State: newsletters.Draft, Kind: newsletters.StakeholderUpdate}
	if found := d.checks(t, u, fine()); len(found.Findings) != 0 {
		t.Fatalf("a letter without a fault: %+v", found.Findings)
	}
	body := func(text string) func(*newsletters.Content) {
		return func(c *newsletters.Content) { c.Sections[0].Body = text }
	}
	for name, c := range map[string]struct {
		change func(*newsletters.Content)
		field  string
		says   string // "" where nothing may be found
		blocks bool
	}{
		"no title":      {func(c *newsletters.Content) { c.Title = " " }, "title", "Write a title", true},
		"long title":    {func(c *newsletters.Content) { c.Title = strings.Repeat("long ", 15) + "." }, "title", "76 characters", false},
		"capitals":      {func(c *newsletters.Content) { c.Title = "NEWS FROM US" }, "title", "capitals", false},
		"no opening":    {func(c *newsletters.Content) { c.Opening = "" }, "opening", "opening", true},
		"no section":    {func(c *newsletters.Content) { c.Sections = nil }, "sections-add", "Add a section", true},
		"empty section": {body(" \n "), "body-0", "\"Urgent care\" is empty", true},
		"no heading":    {func(c *newsletters.Content) { c.Sections = append(c.Sections, newsletters.Section{Body: "Words."}) }, "heading-1", "no heading", false},
		"same heading":  {func(c *newsletters.Content) { c.Sections = append(c.Sections, c.Sections[0]) }, "heading-1", "Sections 1 and 2", false},
		"no closing":    {func(c *newsletters.Content) { c.Closing = "" }, "closing", "closing", true},
		"no signatory":  {func(c *newsletters.Content) { c.Signatories = nil }, "name-0", "who signs", true},
		"no office":     {func(c *newsletters.Content) { c.Signatories[0].Office = "" }, "office-0", "which office The Chair holds", false},
		"no picture":    {func(c *newsletters.Content) { c.Sections[0] = newsletters.Section{Kind: newsletters.PictureSection} }, "file-0", "Choose a picture", true},
		"a picture that is gone": {func(c *newsletters.Content) {
			c.Sections[0] = newsletters.Section{Kind: newsletters.PictureSection, PictureID: 9}
		}, "file-0", "not there any more", true},
		"picture in the text":             {body("Look: ![a hall](hall.png)"), "body-0", "Add a section for it", false},
		"todo":                            {body("TODO write this"), "body-0", "\"TODO\"", true},
		"xxx":                             {body("We have XXX places."), "body-0", "\"XXX\"", true},
		"a date to fill in":               {body("We meet on [date]."), "body-0", "[date]", true},
		"insert":                          {body("It cost [INSERT FIGURE]"), "body-0", "[INSERT FIGURE]", true},
		"braces":                          {body("Dear {first_name}"), "body-0", "{first_name}", true},
		"name elsewhere":                  {body("Dear {name}"), "body-0", "opening alone", true},
		"latin":                           {body("Lorem ipsum dolor"), "body-0", "Lorem ipsum", true},
		"question marks":                  {body("We have ?? places"), "body-0", "\"??\"", true},
		"placeholder in the title":        {func(c *newsletters.Content) { c.Title = "Update: [month] 2017" }, "title", "[month]", true},
		"in a signatory":                  {func(c *newsletters.Content) { c.Signatories[0].Name = "XX" }, "name-0", "\"XX\"", true},
		"to be confirmed":                 {body("The hall is TBC."), "body-0", "TBC", false},
		"a hidden address":                {body("Write to This email address is being protected from spambots."), "body-0", "hides its email addresses", true},
		"the day of an event that is off": {body("Come on Wednesday 8 March."), "body-0", "which is cancelled", false},
		"a link that is no hole":          {body("See the [date of the meeting](/events)."), "", "", false},
		"wrong day of the week":           {body("We meet on Monday 28 February 2017."), "body-0", "is a Tuesday", false},
		"of this year":                    {body("We meet on Wednesday, 28th February."), "body-0", "is a Tuesday", false},
		"an earlier month":                {func(c *newsletters.Content) { c.Opening = "Here is the update for January 2017." }, "opening", "January 2017", false},
		"click here":                      {body("[Click here](/events) for more."), "body-0", "called \"Click here\"", false},
		"dead page":                       {body("[It](/evnets)"), "body-0", "There is no such page", true},
		"dead page in full":               {body("https://conversations.example/nothing"), "body-0", "/nothing. There is no such page", true},
		"live pages":                      {body("[a](/) [b](/events?locality=dacorum) [c](https://conversations.example/events#x) [d](/documents/) [e](/static/a.png) [f](/updates/mine) [g](/localities/dacorum) [h](/events/open)"), "", "", false},
		"no such event":                   {body("[It](/events/nothing)"), "body-0", "/events/nothing. There is no such page", true},
		"no such locality":                {body("[It](/localities/nowhere)"), "body-0", "no such page", true},
		"no such update":                  {body("[It](/updates/other)"), "body-0", "no such page", true},
		"a page for staff":                {body("[It](/staff/updates)"), "body-0", "for staff", true},
		"a page of one person":            {body("[It](/bookings/abc.def)"), "body-0", "one person", true},
		"a cancelled event":               {body("[Come](/events/" + cancelled.Slug + ")"), "body-0", "is cancelled", true},
		"an open event":                   {body("[Come](/events/" + open.Slug + ")"), "", "", false},
		"good links out":                  {body("[a](https://www.nhs.uk/x?y=z) www.nhs.uk [b](mailto:a@b.example) [c](tel:01632960123)"), "", "", false},
		"no host":                         {body("[a](https://intranet/x)"), "body-0", "cannot open", true},
		"this machine":                    {body("[a](http://127.0.0.1:8080/x)"), "body-0", "cannot open", true},
		"nowhere":                         {body("[a](javascript:x)"), "body-0", "leads nowhere", true},
		"no address":                      {body("[a](mailto:press)"), "body-0", "no email address", true},
		"a link out of Outlook":           {body("[a](https://eur01.safelinks.protection.outlook.com/?url=x)"), "body-0", "real address", true},
		"hard to read":                    {body(strings.Repeat("Notwithstanding organisational reconfiguration, commissioning organisations facilitate multidisciplinary collaboration. ", 6)), "body-0", "hard to read", false},
		"a long sentence":                 {body(strings.Repeat("we go on and ", 12) + "stop."), "body-0", "The longest sentence has 49 words", false},
		"a long letter":                   {body(strings.Repeat("It is so. ", 700)), "title", "minutes of reading", false},
		"nothing planned": {func(c *newsletters.Content) {
			c.Sections[0] = newsletters.Section{Kind: newsletters.EventsSection, Locality: "dacorum"}
		}, "locality-0", "no events to come", false},
		"an email that is too long": {func(c *newsletters.Content) { c.Sections[0].Body = strings.Repeat("- **It** is [so](/events).\n", 800) }, "title", "Gmail", true},
	} {
		letter := fine()
		c.change(&letter)
		found := d.checks(t, u, letter)
		var all []string
		hit := false
		for _, f := range found.Findings {
			all = append(all, f.Field+": "+f.Text)
			hit = hit || f.Field == c.field && strings.Contains(f.Text, c.says) && f.Error == c.blocks
		}
		if c.says == "" && len(all) > 0 || c.says != "" && !hit {
			t.Errorf("%s: found %v", name, all)
		}
		if c.blocks != (len(found.Errors()) > 0) {
			t.Errorf("%s: it blocks: %v", name, found.Errors())
		}
	}
}

func TestNewsNeedNeitherOpeningNorSignatures(t *testing.T) {
	d := newDesk(t)
	c := fine()
	c.Opening, c.Closing, c.Signatories = "", "", nil
	if found := d.checks(t, newsletters.Update{Kind: newsletters.News}, c); len(found.Findings) != 0 {
		t.Errorf("found %+v", found.Findings)
	}
	if found := d.checks(t, newsletters.Update{Kind: newsletters.News, Rule: "{}"}, c); len(found.Errors()) != 3 {
		t.Errorf("news that are mailed are no letter: %+v", found.Findings)
	}
}

func TestAnEventThatMovedWhileALetterWasWrittenIsFound(t *testing.T) {
	d := newDesk(t)
	d.KnowsPages([]string{"/events/:slug"}, nil)
	e := d.event(t, evening("moving", "hertsmere", "7"))
	u := d.letter(t, "February 2017", "Come", "[Come](/events/moving) on Tuesday 7 March 2017")
	f := events.FormOf(e)
	f.StartsDay = "8"
	*d.at = d.at.Add(time.Hour)
	_, err := d.events.Move(d.system(), e.ID, f)
	must(t, err)
	_, c := d.now(t, u.ID)
	found := d.checks(t, u, c)
	if len(found.Findings) != 1 || !strings.Contains(found.Findings[0].Text, "now on Wednesday 8 March 2017") {
		t.Errorf("found %+v", found.Findings)
	}
}

func TestOnceApprovalIsAskedForAChangedEventBlocks(t *testing.T) {
	d := newDesk(t)
	e := d.event(t, evening("open", "hertsmere", "7"))
	c := fine()
	c.Sections = append(c.Sections, newsletters.Section{Kind: newsletters.EventsSection, Heading: "Come"})
	frozen, err := d.Freeze(d.first, c)
	must(t, err)
	asked := newsletters.Update{State: newsletters.Asked}
	if found := d.checks(t, asked, frozen); len(found.Findings) != 0 {
		t.Fatalf("found %+v", found.Findings)
	}
	_, err = d.events.Cancel(d.system(), e.ID, "The hall is flooded.")
	must(t, err)
	found := d.checks(t, asked, frozen).Errors()
	if len(found) != 1 || found[0].Field != "locality-1" || !strings.Contains(found[0].Text, "cancelled") {
		t.Errorf("found %+v", found)
	}
}

func TestReadingAgeFollowsFleschAndKincaid(t *testing.T) {
	for text, want := range map[string]int{
		strings.Repeat("The cat sat on the mat. ", 10): 5,
		// A paragraph of plain English, and the same in the English of offices.
		"We want to hear what you think about urgent care. You can tell us at one of our events, by telephone or on our website. We will read everything that you send. In the summer we will say what we have heard and what we will do.":                                                                                    9,
		strings.Repeat("The organisation is seeking stakeholder perspectives regarding the utilisation of unscheduled care provision, facilitating the development of a sustainable commissioning strategy whilst ensuring compliance with national requirements and maximising efficiencies across the health economy. ", 2): 33,
		"Too few words to say.": 0,
	} {
		if got := newsletters.ReadingOf(text).Age(); got < want-1 || got > want+1 {
			t.Errorf("%.40s: %d and not %d: %+v", text, got, want, newsletters.ReadingOf(text))
		}
	}
	for word, want := range map[string]int{"made": 1, "wanted": 2, "places": 2, "services": 3, "table": 2, "the": 1, "being": 1, "patients": 2, "NHS": 3, "2017": 4, "walked": 1, "commissioning": 4, "people": 2} {
		if got := newsletters.ReadingOf(word).Syllables; got != want {
			t.Errorf("%s has %d syllables and not %d", word, got, want)
		}
	}
}
