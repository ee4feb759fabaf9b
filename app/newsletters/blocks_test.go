package newsletters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"conversations/app/events"
	"conversations/app/mail"
	"conversations/app/newsletters"
)

// shown writes blocks so that a test can read them: *bold*, _italic_, words<link>.
func shown(blocks []mail.Block) string {
	spans := func(list []mail.Span) (out string) {
		for _, s := range list {
			text := s.Text
			if s.Bold {
				text = "*" + text + "*"
			}
			if s.Italic {
				text = "_" + text + "_"
			}
			if s.Href != "" {
				text += "<" + s.Href + ">"
			}
			out += text
		}
		return out
	}
	var out []string
	for _, b := range blocks {
		switch b.Kind {
		case mail.HeadingBlock:
			out = append(out, fmt.Sprintf("h%d %s", b.Level, b.Text))
		case mail.ListBlock:
			for i, item := range b.ItemSpans {
				mark := "-"
				if b.Ordered {
					mark = fmt.Sprint(i+1, ".")
				}
				out = append(out, mark+" "+spans(item))
			}
		case mail.PictureBlock:
			out = append(out, "picture "+b.Alt)
		default:
			out = append(out, "p "+spans(b.Spans))
		}
	}
	return strings.Join(out, "\n")
}

func (d desk) shows(t testing.TB, c newsletters.Content) string {
	t.Helper()
	blocks, err := d.Blocks(d.first, newsletters.Update{State: newsletters.Draft}, c)
	must(t, err)
	return shown(blocks)
}

func TestMarkdownBecomesBlocks(t *testing.T) {
	d := newDesk(t)
	for markdown, want := range map[string]string{
		"One.\nTwo.\n\nThree.":              "p One.\nTwo.\np Three.",
		"# Big\n#### **Small** ####\nWords": "h3 Big\nh3 Small\np Words",
		"a **b _c_** *d* __e__":             "p a *b **_c_*",
		"- one\n- **two**\n  more":          "- one\n- *two*\nmore",
		"3. one\n4. two":                    "1. one\n2. two",
		"- one\n  - inner\n  - other":       "- one\n– inner\n– other",
		"> said\n> so":                      "p _said\nso_",
		"[page](/events/x?a=1) [nhs](www.nhs.uk/x) [m](mailto:a@b.example) [t](tel:0123)": "p page<https://conversations.example/events/x?a=1> nhs<https://www.nhs.uk/x> m<mailto:a@b.example> t<tel:0123>",
		"[x](javascript:alert(1)) [y](data:text/html,z) [z](#top) [q](//e.example/x)":     "p x y z q<https://e.example/x>",
		"See www.healthierfuture.example or ask press@ccg.example.":                       "p See www.healthierfuture.example<http://www.healthierfuture.example> or ask press@ccg.example<mailto:press@ccg.example>.",
		"<b>bold</b> & &amp; 5 &lt; 6 \\*star\\* 2*3*4":                                   "p <b>bold</b> & & 5 < 6 *star* 2_3_4",
		"    four spaces":          "p four spaces",
		"![a hall](x.png) after":   "p a hall after",
		"one\n---\ntwo":            "p one\np two",
		"{name} \uE000name\uE001!": "p {name} name!",
		"":                         "",
	} {
		got := d.shows(t, newsletters.Content{Sections: []newsletters.Section{{Body: markdown}}})
		if markdown == "a **b _c_** *d* __e__" {
			want = "p a *b *_*c*_ _d_ *e*"
		}
		if got != want {
			t.Errorf("%q gives\n%s\nand not\n%s", markdown, got, want)
		}
	}
}

func TestALetterIsItsPartsInOrder(t *testing.T) {
	d := newDesk(t)
	c := newsletters.Content{Title: "February", Opening: "Dear {name},\n\nHere it is.", Closing: "With best wishes", Sections: []newsletters.Section{
		{Heading: "Urgent care", Body: "Tell us."}, {Kind: newsletters.EventsSection, Heading: "Coming events", Body: "Come along."}, {Heading: "Winter"}},
		Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Chair of the board"}, {Office: "Accountable officer"}, {}}}
	want := "p Dear " + mail.NameField + ",\np Here it is.\nh2 Urgent care\np Tell us.\nh2 Coming events\np Come along.\n" +
		"p No dates are fixed yet. See all events<https://conversations.example/events>\nh2 Winter\np With best wishes\np *The Chair*\nChair of the board\np *Accountable officer*"
	if got := d.shows(t, c); got != want {
		t.Errorf("the letter is\n%s", got)
	}
	letter, err := d.Letter(d.first, newsletters.Update{}, c)
	must(t, err)
	if letter[0].Kind != mail.HeadingBlock || letter[0].Text != "February" {
		t.Errorf("the letter begins with %+v", letter[0])
	}
}

// evening is the form of an event on a day of March 2017.
func evening(slug, locality, day string) events.Form {
	return events.Form{Title: "Conversation event", Slug: slug, Locality: locality, Summary: "Talk about care.", Capacity: "50", MaxParty: "4",
		Schedule: events.Schedule{StartsDay: day, StartsMonth: "3", StartsYear: "2017", StartsTime: "7pm", EndsTime: "9pm"},
		Venue:    events.Venue{VenueName: "The Hall", VenueAddress: "1 High Street", VenuePostcode: "AL1 1AA"}}
}

func (d desk) event(t testing.TB, f events.Form) events.Event {
	t.Helper()
	ctx := d.system()
	e, err := d.events.Create(ctx, f)
	must(t, err)
	e, err = d.events.Publish(ctx, e.ID)
	must(t, err)
	return e
}

func TestComingEventsFillThemselvesAndAreCheckedAgainOnceFrozen(t *testing.T) {
	d := newDesk(t)
	first, second := d.event(t, evening("first", "hertsmere", "7")), d.event(t, evening("second", "dacorum", "9"))
	c := newsletters.Content{Sections: []newsletters.Section{{Kind: newsletters.EventsSection}, {Kind: newsletters.EventsSection, Locality: "hertsmere"}}}
	line := func(e events.Event, when string) string {
		return "- *Conversation event*<https://conversations.example/events/" + e.Slug + ">\n" + when + "\nThe Hall, 1 High Street, AL1 1AA"
	}
	one, other := line(first, "Tuesday 7 March 2017, 7pm to 9pm"), line(second, "Thursday 9 March 2017, 7pm to 9pm")
	if got := d.shows(t, c); got != one+"\n"+other+"\n"+one {
		t.Fatalf("filled with\n%s", got)
	}
	frozen, err := d.Freeze(d.first, c)
	must(t, err)
	if moved, err := d.EventsMoved(d.first, frozen); err != nil || len(moved) != 0 {
		t.Fatalf("nothing has changed, and it says %v, %v", moved, err)
	}
	_, err = d.events.Cancel(d.system(), second.ID, "The hall is flooded.")
	must(t, err)
	d.event(t, evening("third", "hertsmere", "14"))
	moved, err := d.EventsMoved(d.first, frozen)
	must(t, err)
	if got := strings.Join(moved, " "); len(moved) != 3 || !strings.Contains(got, "Thursday 9 March 2017, 7pm to 9pm) is over or cancelled.") || strings.Count(got, "is new.") != 2 {
		t.Errorf("it says %v", moved)
	}
	blocks, err := d.Blocks(d.first, newsletters.Update{State: newsletters.Approved}, frozen)
	must(t, err)
	if got := shown(blocks); got != one+"\n"+other+"\n"+one {
		t.Errorf("an approved letter changed under its approver:\n%s", got)
	}
	*d.at = d.at.Add(60 * 24 * time.Hour)
	if got := d.shows(t, c); !strings.Contains(got, "No dates are fixed yet.") {
		t.Errorf("events that are over are still in a draft:\n%s", got)
	}
}
