package browsertest_test

import (
	"net/url"
	"strings"
	"testing"

	"conversations/app/apptest"
	"conversations/app/bookings"
	"conversations/app/browsertest"
	"conversations/app/database"
	"conversations/app/events"
)

func TestAResidentWithoutScriptFindsBooksChangesAndCancels(t *testing.T) {
	site := apptest.Start(t)
	e := site.OpenEvent("talk", 10, 4)
	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.Go("/")
	p.Fill("Find events near you", "al1 1aa")
	p.Click("Find")
	p.Click(e.Title)
	p.Shows("There are 10 places left", "Example Hall", "01442 898867")
	p.Click("Book a place")

	p.Fill("Full name", "Ada Example")
	p.Fill("Email address", "ada@residents.example")
	p.Choose("Number of people", "3 people")
	p.Tick("A hearing loop")
	p.Unfold("Person 2: name and what they need")
	p.Fill("Name of person 2 (optional)", "Ben Example")
	p.TickIn("What does person 2 need to take part?", "An interpreter for another language")
	p.FillIn("Person 2: name and what they need", "Tell us more about this (optional)", "Polish")
	p.Fill("What would you like to ask? (optional)", "Will there be evening appointments?")
	p.Click("Book a place")
	p.Shows("You have a place", "The details are on their way")
	if strings.Contains(p.Text(), "reference") {
		t.Fatalf("a stranger who types this address must not learn the reference:\n%s", p.Text())
	}

	p.Go(linkTo(t, site, "ada@residents.example", "/bookings/"))
	p.Shows("You have 3 places.", "Ada Example", "A hearing loop", "Ben Example", "An interpreter for another language", "Note: Polish", "Asked for", "Not arranged yet")
	p.Click("Change your booking")
	if name := p.Value("Full name"); name != "Ada Example" {
		t.Fatalf("the form has forgotten the name: %q", name)
	}
	p.Choose("Number of people", "2 people")
	p.Click("Save the change")
	p.Shows("Your booking is changed", "You have 2 places.")
	p.Click("Cancel your booking")
	p.Shows("Do you want to cancel your booking?")
	p.Click("Yes, cancel the booking")
	p.Shows("Your booking is cancelled")
	p.Go("/events/talk")
	p.Shows("There are 10 places left")
}

func TestAResidentWithATelephoneOnlyReadsTheReferenceOnThePage(t *testing.T) {
	site := apptest.Start(t)
	site.OpenEvent("talk", 10, 4)
	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.Go("/events/talk/book")
	p.Fill("Full name", "Eve Example")
	p.Fill("Telephone number", "01632 960002")
	p.Click("Book a place")
	p.Shows("You have a place", "Your booking reference", "Please write your booking reference down")
	calls, err := site.App.Bookings.Calls(site.Ctx(), "due")
	if err != nil || len(calls) != 1 || calls[0].Name != "Eve Example" {
		t.Fatalf("one call to Eve is due, and not %v, %v", calls, err)
	}
}

func TestAResidentAsksToBeToldOfTheDateAndIs(t *testing.T) {
	site := apptest.Start(t)
	dated := events.FormOf(site.OpenEvent("dated", 10, 4))
	undated := dated
	undated.Slug, undated.Schedule = "undated", events.Schedule{}
	e, err := site.App.Events.Create(site.Ctx(), undated)
	must(t, err)
	must(t, second(site.App.Events.Publish(site.Ctx(), e.ID)))

	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.Go("/events/undated")
	p.Click("Tell me when there is a date")
	p.Fill("Full name", "Ida Example")
	p.Fill("Email address", "ida@residents.example")
	p.Click("Tell me")
	p.Shows("We will tell you as soon as you can book a place")
	must(t, second(site.App.Events.SetDate(site.Ctx(), e.ID, dated)))
	p.Go(linkTo(t, site, "ida@residents.example", "/events/undated"))
	p.Shows("Book a place")
}

func TestAStaffMemberWithoutScriptMakesAnEventBooksForACallerAndRecordsTheCall(t *testing.T) {
	site := apptest.Start(t)
	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.SignIn("admin@example.org", admin(t, site))
	p.Go("/staff/events")
	p.Click("Make a new event")
	p.Fill("Title", "An evening about hospitals")
	p.Choose("Locality", "Dacorum")
	p.Fill("Summary (optional)", "Talk with people who plan hospitals.")
	p.Fill("Day", "14")
	p.Fill("Month", "6")
	p.Fill("Year", nextYear())
	p.Fill("Start time", "7pm")
	p.Fill("Name of the place (optional)", "Example Hall")
	p.Fill("How many people there are places for", "20")
	p.Click("Save as a draft")
	p.Shows("Draft")
	p.Click("Publish")
	p.Shows("Everybody will see the event")
	p.Click("Publish")
	p.Shows("Open", "0 of 20")

	p.Click("Book for a caller")
	p.Fill("Full name", "Eve Example")
	p.Fill("Telephone number", "01632 960002")
	p.Tick("Space for a wheelchair")
	p.Click("Book")
	p.Shows("Eve Example", "Booked", "Space for a wheelchair")
	p.Click("All bookings of this event")
	p.Shows("Eve Example", "01632 960002")

	p.Go("/staff/calls") // who was told while booking is not called to hear the same
	if strings.Contains(p.Text(), "Eve Example") {
		t.Fatalf("a caller is to be called back:\n%s", p.Text())
	}
	p.Go("/staff/bookings?q=Eve+Example")
	p.Click(bookingOf(t, site, "Eve Example").Spoken())
	p.Click("Cancel")
	p.Click("Yes, cancel the booking")
	p.Go("/staff/calls")
	p.Click("Eve Example")
	p.Shows("01632 960002", "What to say")
	p.Tick("Spoke to them")
	p.Click("Record the call")
	p.Go("/staff/calls")
	if strings.Contains(p.Text(), "Eve Example") {
		t.Fatalf("a call that is done is still to be made:\n%s", p.Text())
	}
}

func TestARefusedFormKeepsEverythingTypedAndLeadsToWhatIsWrong(t *testing.T) {
	site := apptest.Start(t)
	site.OpenEvent("talk", 10, 4)
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.Go("/events/talk/book")
	p.Fill("Email address", "nobody")
	p.Fill("Telephone number", "01632 960002")
	p.Choose("Number of people", "2 people")
	p.Tick("Papers in large print")
	p.Unfold("Person 2: name and what they need")
	p.Fill("Name of person 2 (optional)", "Ben Example")
	p.Fill("What would you like to ask? (optional)", "Why?")
	p.Tick("You may contact me about my question")
	if status := p.Click("Book a place"); status != 422 {
		t.Fatalf("a form without a name was answered with %d", status)
	}
	p.Eventually("the focus is on the summary of what is wrong", `document.activeElement.matches('.nhsuk-error-summary')`)
	if title := browsertest.Eval[string](p, `document.title`); !strings.HasPrefix(title, "Error:") {
		t.Errorf("the title does not say that something is wrong: %s", title)
	}
	for label, typed := range map[string]string{"Email address": "nobody", "Telephone number": "01632 960002", "Number of people": "2",
		"Papers in large print": "true", "Name of person 2 (optional)": "Ben Example", "What would you like to ask? (optional)": "Why?",
		"You may contact me about my question": "true", "You may print my question in reports, without my name": "false"} {
		if value := p.Value(label); value != typed {
			t.Errorf("%s was %q and is now %q", label, typed, value)
		}
	}
	for message, field := range map[string]string{"Enter your full name": "name", "Enter an email address": "email"} {
		p.Press(message)
		p.Eventually("the link leads to the field "+field, `document.activeElement.name === '`+field+`'`)
	}
}

func TestAMistypedAddressIsQuestionedOnceAndNotRefused(t *testing.T) {
	site := apptest.Start(t)
	site.OpenEvent("talk", 10, 4)
	p := browsertest.Open(t, site, browsertest.ScriptDisabled)
	p.Go("/events/talk/book")
	p.Fill("Full name", "Ada Example")
	p.Fill("Email address", "ada@gmial.com")
	p.Click("Book a place")
	p.Shows("Did you mean ada@gmail.com?")
	p.Click("Book a place")
	p.Shows("You have a place")
}

func TestLookingForAPlaceInTheListShowsTheEventsOfItsAreaAlone(t *testing.T) {
	site := apptest.Start(t)
	e := site.OpenEvent("talk", 10, 4)
	for place, there := range map[string]bool{"St Albans": true, "WD17 1AA": false, "Nowhere at all": true} {
		if page := site.Get("/events?near=" + url.QueryEscape(place)); strings.Contains(page.Body, e.Title) != there {
			t.Errorf("looking for %s, the event in St Albans is shown: %t", place, !there)
		}
	}
}

// linkTo waits for the newest mail to somebody and returns the first link in it whose path begins so.
func linkTo(t testing.TB, site *apptest.Site, email, path string) (link string) {
	t.Helper()
	apptest.Eventually(t, "a mail to "+email+" with a link to "+path, func() bool {
		messages, err := site.Mail.List()
		must(t, err)
		for _, m := range messages {
			for _, word := range strings.Fields(m.Text) {
				if strings.Contains(m.To, email) && strings.HasPrefix(word, site.URL+path) {
					link = word
					return true
				}
			}
		}
		return false
	})
	return link
}

// admin makes an administrator admin@example.org and returns the password.
func admin(t testing.TB, site *apptest.Site) (password string) {
	t.Helper()
	link, err := site.App.Accounts.Add(site.Ctx(), "admin@example.org", "Alma Example", "admin")
	must(t, err)
	password = "talking about care"
	if answer := site.Post(link, url.Values{"password": {password}, "again": {password}}); answer.Status != 303 {
		t.Fatalf("choosing a password was answered with %d:\n%s", answer.Status, answer.Body)
	}
	return password
}

// bookingOf finds a booking by its booker's name.
func bookingOf(t *testing.T, site *apptest.Site, name string) bookings.Booking {
	t.Helper()
	var b bookings.Booking
	must(t, database.First(site.App.DB.Read(site.Ctx()).Raw(`SELECT * FROM bookings WHERE name = ?`, name), &b))
	return b
}
