package newsletters_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

func TestTheSecondOfTwoWritersIsToldAndBothTextsAreKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		d := openDesk(t, address)
		u, c := d.now(t, d.letter(t, "February 2017", "Urgent care", "Tell us about it").ID)
		mine := c
		mine.Closing = "Yours"
		d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Opening = "Hello {name}" })
		_, err := d.Save(d.second, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: mine, Made: newsletters.Typed})

		var conflict *newsletters.TextConflict
		if !errors.As(err, &conflict) || fault.KindOf(err) != fault.Conflict {
			t.Fatalf("the second was not told: %v", err)
		}
		_, now := d.now(t, u.ID)
		if now.Opening != "Hello {name}" || now.Closing != c.Closing {
			t.Errorf("the first one's text does not count: %+v", now)
		}
		asides, err := d.Asides(d.first, u.ID)
		must(t, err)
		if len(asides) != 1 || !strings.Contains(asides[0].Content, "Yours") || asides[0].Writer != "Comms Two" {
			t.Errorf("the second one's text is not kept aside: %+v", asides)
		}
	})
}

func TestWhoGoesOnWritingBesideTheTextThatCountsHasOneTextAside(t *testing.T) {
	d := newDesk(t)
	u, c := d.now(t, d.letter(t, "February 2017").ID)
	d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Opening = "Hello" })
	based := u.TextID
	for i := range 3 {
		c.Closing = fmt.Sprintf("Yours, %d", i)
		kept, err := d.Save(d.second, u.ID, newsletters.Writing{BasedOn: based, Content: c, Made: newsletters.Auto})
		if fault.KindOf(err) != fault.Conflict {
			t.Fatalf("not told: %v", err)
		}
		based = kept.ID
	}
	asides, err := d.Asides(d.first, u.ID)
	must(t, err)
	if len(asides) != 1 || !strings.Contains(asides[0].Content, "Yours, 2") {
		t.Errorf("there are %d texts aside, and the last word is not in them", len(asides))
	}
	h, err := d.History(d.first, u.ID, 1)
	must(t, err)
	if h.Total != 6 { // begun, letter, hello, and three beside it
		t.Errorf("%d texts are kept, not 6", h.Total)
	}
}

func TestWordsThatAreSentTwiceAreKeptAsideOnce(t *testing.T) {
	d := newDesk(t)
	u, c := d.now(t, d.letter(t, "February 2017").ID)
	d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Opening = "Hello" })
	c.Closing = "Yours"
	again := newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Auto}
	first, err := d.Save(d.second, u.ID, again)
	second, errAgain := d.Save(d.second, u.ID, again)
	if fault.KindOf(err) != fault.Conflict || fault.KindOf(errAgain) != fault.Conflict || first.ID != second.ID {
		t.Fatalf("kept as %d (%v) and %d (%v)", first.ID, err, second.ID, errAgain)
	}
	now, _ := d.now(t, u.ID)
	_, err = d.Merge(d.second, u.ID, first.ID, now.TextID, map[string]newsletters.Side{"opening": newsletters.KeepNow, "closing": newsletters.TakeOther})
	must(t, err)
	if _, err := d.Save(d.second, u.ID, again); err != nil {
		t.Errorf("words that were taken over already are kept aside once more: %v", err)
	}
}

func TestTwentyWritersAtOnceLoseNoWord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		d := openDesk(t, address)
		u, c := d.now(t, d.letter(t, "February 2017").ID)
		var all sync.WaitGroup
		told := make([]bool, 20)
		for i := range told {
			mine := c
			mine.Closing = fmt.Sprintf("closing number %d.", i)
			all.Go(func() {
				_, err := d.Save(d.second, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: mine, Made: newsletters.Auto})
				told[i] = fault.KindOf(err) == fault.Conflict
				if err != nil && !told[i] {
					t.Error(err)
				}
			})
		}
		all.Wait()
		h, err := d.History(d.first, u.ID, 1)
		must(t, err)
		for i := range told {
			if !slices.ContainsFunc(h.Texts, func(k newsletters.KeptText) bool {
				return strings.Contains(k.Content, fmt.Sprintf("closing number %d.", i))
			}) {
				t.Errorf("text %d is lost", i)
			}
		}
		if n := len(told) - count(told); n != 1 {
			t.Errorf("%d writers were not told of another, and one should not be", n)
		}
	})
}

func count(all []bool) (n int) {
	for _, one := range all {
		if one {
			n++
		}
	}
	return n
}

func TestWordsThatAreTheSameMakeNoNewText(t *testing.T) {
	d := newDesk(t)
	u, c := d.now(t, d.letter(t, "February 2017", "Urgent care", "Tell us").ID)
	first, err := d.Save(d.first, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Auto})
	must(t, err)
	d.write(t, d.second, u.ID, func(c *newsletters.Content) { c.Closing = "Yours" })
	again, err := d.Save(d.first, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Typed})
	must(t, err) // who has changed nothing is not told of a conflict
	if first.ID != u.TextID || again.ID == u.TextID {
		t.Errorf("text %d was saved as %d, then gave %d", u.TextID, first.ID, again.ID)
	}
}

func TestAChangeEndsAnApprovalAndALetterThatLeftCannotBeChanged(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "February 2017")
	for _, state := range newsletters.States() {
		d.sets(t, u.ID, state)
		now, c := d.now(t, u.ID)
		c.Closing = "Closing for " + string(state)
		_, err := d.Save(d.first, u.ID, newsletters.Writing{BasedOn: now.TextID, Content: c, Made: newsletters.Typed})
		after, c := d.now(t, u.ID)
		if now.Writable() {
			if err != nil || after.State != newsletters.Draft || after.Version != now.Version+1 {
				t.Errorf("%s: changed to %s, version %d: %v", state, after.State, after.Version, err)
			}
			continue
		}
		if fault.KindOf(err) != fault.Conflict || after.State != state || c.Closing == "Closing for "+string(state) {
			t.Errorf("%s: the letter was changed: %v", state, err)
		}
	}
}

func (d desk) sets(t testing.TB, id int64, state newsletters.State) {
	t.Helper()
	must(t, d.db.Write(context.Background(), func(tx *database.Tx) error {
		return tx.Exec(`UPDATE updates SET state = ? WHERE id = ?`, state, id).Error
	}))
}

func TestEveryTextCanBeBroughtBack(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "February 2017", "Urgent care", "Tell us about it")
	old := u.TextID
	d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Sections = nil })
	now, _ := d.now(t, u.ID)
	_, err := d.Restore(d.second, u.ID, old, now.TextID)
	must(t, err)
	_, c := d.now(t, u.ID)
	if len(c.Sections) != 1 || c.Sections[0].Body != "Tell us about it" {
		t.Errorf("the section is not back: %+v", c.Sections)
	}
	d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Closing = "Yours" })
	if _, err := d.Restore(d.second, u.ID, old, now.TextID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("bringing back on top of a text that does not count any more gave %v", err)
	}
}

func TestTwoTextsArePutTogetherPartByPart(t *testing.T) {
	d := newDesk(t)
	u, c := d.now(t, d.letter(t, "February 2017", "Urgent care", "Tell us.", "Winter", "It is cold.", "Online", "Sign up.").ID)
	d.write(t, d.first, u.ID, func(c *newsletters.Content) {
		c.Sections[0].Body = "Tell us soon."
		c.Sections[1].Body = "It is very cold."
	})
	mine := c
	mine.Sections = []newsletters.Section{c.Sections[0], {Key: "new", Heading: "New", Body: "A new one."}, c.Sections[1]} // Online is gone
	mine.Sections[2].Body, mine.Closing = "It is warm.", "Yours"
	aside, err := d.Save(d.second, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: mine, Made: newsletters.Typed})
	if fault.KindOf(err) != fault.Conflict {
		t.Fatal(err)
	}
	compared, err := d.Compare(d.second, u.ID, aside.ID)
	must(t, err)
	suggested := map[string]newsletters.Side{}
	for _, p := range compared.Parts {
		suggested[p.ID] = p.Suggested
	}
	want := map[string]newsletters.Side{"section-s0": newsletters.KeepNow, "section-s1": "", "section-s2": newsletters.TakeOther,
		"section-new": newsletters.TakeOther, "closing": newsletters.TakeOther}
	if fmt.Sprint(suggested) != fmt.Sprint(want) {
		t.Fatalf("suggested %v and not %v", suggested, want)
	}
	_, err = d.Merge(d.second, u.ID, aside.ID, compared.Now.ID, suggested)
	if says(t, err)["section-s1"] == "" {
		t.Fatalf("a choice that is missing was not asked for: %v", err)
	}
	suggested["section-s1"] = newsletters.KeepBoth
	_, err = d.Merge(d.second, u.ID, aside.ID, compared.Now.ID, suggested)
	must(t, err)
	_, now := d.now(t, u.ID)
	var bodies []string
	for _, s := range now.Sections {
		bodies = append(bodies, s.Body)
	}
	if got := strings.Join(bodies, "|"); got != "Tell us soon.|A new one.|It is very cold.\n\nIt is warm." || now.Closing != "Yours" {
		t.Errorf("put together: %s, %s", got, now.Closing)
	}
	if asides, _ := d.Asides(d.first, u.ID); len(asides) != 0 {
		t.Error("the text aside is not settled")
	}
}

func TestALetterBeginsFromAnEarlierOneWithThePresentMonth(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "Stakeholder update: January 2017", "Urgent care", "We met in January 2017.")
	d.write(t, d.first, u.ID, func(c *newsletters.Content) { c.Opening = "Here is the update for January 2017." })
	copied, err := d.Create(d.second, newsletters.NewUpdate{Kind: newsletters.StakeholderUpdate, From: u.ID})
	must(t, err)
	_, c := d.now(t, copied.ID)
	if c.Title != "Stakeholder update: February 2017" || c.Opening != "Here is the update for February 2017." || c.Sections[0].Body != "We met in January 2017." {
		t.Errorf("copied as %+v", c)
	}
	if copied.Slug != "stakeholder-update-february-2017" {
		t.Errorf("its address is %s", copied.Slug)
	}
}

func TestWhatIsTooLongIsSaidAtItsField(t *testing.T) {
	d := newDesk(t)
	u, c := d.now(t, d.letter(t, "February 2017", "Urgent care", "Tell us").ID)
	c.Sections[0].Body, c.Title = strings.Repeat("long ", 5000), strings.Repeat("x", 151)
	_, err := d.Save(d.first, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c})
	if m := says(t, err); m["title"] == "" || m["body-0"] == "" {
		t.Errorf("said %v", m)
	}
}

func TestOnlyWhoMayWriteUpdatesSeesOrChangesThem(t *testing.T) {
	d := newDesk(t)
	u := d.letter(t, "February 2017")
	for _, by := range []context.Context{d.reader, context.Background()} {
		_, create := d.Create(by, newsletters.NewUpdate{Kind: newsletters.News, Title: "News"})
		_, save := d.Save(by, u.ID, newsletters.Writing{BasedOn: u.TextID, Content: newsletters.Content{Title: "x"}})
		_, _, read := d.Update(by, u.ID)
		_, history := d.History(by, u.ID, 1)
		_, asides := d.Asides(by, u.ID)
		_, text := d.KeptText(by, u.ID, u.TextID)
		_, restore := d.Restore(by, u.ID, u.TextID, u.TextID)
		_, compare := d.Compare(by, u.ID, u.TextID)
		_, merge := d.Merge(by, u.ID, u.TextID, u.TextID, nil)
		for i, err := range []error{create, save, read, history, asides, text, restore, compare, merge} {
			if k := fault.KindOf(err); k != fault.Forbidden && k != fault.SignIn {
				t.Errorf("call %d was answered with %v", i, err)
			}
		}
	}
}

func TestButtonsArrangeSections(t *testing.T) {
	c := newsletters.Content{Sections: []newsletters.Section{{Key: "a", Body: "A"}, {Key: "b", Body: "Before.\n\n## **Winter** pressures\n\nCold.\n\n### Online ##\nSign up."}, {Key: "c", Body: "C"}},
		Signatories: []newsletters.Signatory{{Name: "One"}, {Name: "Two"}}}
	for do, want := range map[string]string{
		"up-b": "b a c #section-0", "down-b": "a c b #section-2", "up-a": "a b c #section-0", "down-c": "a b c #section-2", "remove-b": "a c #sections",
		"add-text": "a b c + #section-3", "add-events": "a b c +Coming events #section-3", "add-text-a": "a + b c #section-1", "add-nonsense": "a b c #",
		"split-b": "a b +Winter pressures +Online c #section-1", "split-a": "a b c #section-0", "up-nothing": "a b c #", "": "a b c #",
		"remove-signatory-0": "a b c #signatories", "add-signatory": "a b c #signatory-2", "remove-signatory-9": "a b c #signatories",
	} {
		arranged, show := c.Arranged(do)
		var keys []string
		for _, s := range arranged.Sections {
			if s.Key == "" {
				s.Key = "+" + s.Heading
			}
			keys = append(keys, s.Key)
		}
		if got := strings.Join(keys, " ") + " #" + show; got != want {
			t.Errorf("%s gives %s and not %s", do, got, want)
		}
	}
	if len(c.Sections) != 3 || c.Sections[0].Key != "a" || len(c.Signatories) != 2 {
		t.Errorf("the letter itself was changed: %+v", c)
	}
}

func TestWordsThatOnlyOneTextHasAreMarked(t *testing.T) {
	left, right := newsletters.Differences("The meeting is on Tuesday at 7pm.", "The meeting is on Wednesday evening at 7pm.")
	mark := func(pieces []newsletters.Piece) (out string) {
		for _, p := range pieces {
			if p.Changed {
				out += "[" + strings.TrimSpace(p.Text) + "] "
			} else {
				out += p.Text
			}
		}
		return out
	}
	if l, r := mark(left), mark(right); l != "The meeting is on [Tuesday] at 7pm." || r != "The meeting is on [Wednesday evening] at 7pm." {
		t.Errorf("marked %q and %q", l, r)
	}
}
