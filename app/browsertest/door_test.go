package browsertest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/bookings"
	"conversations/app/browsertest"
	"conversations/app/database"
	"conversations/app/events"
)

const (
	guests     = 60
	mostKeys   = 70 // for everybody, and one more for each exception
	doorPerson = "door@officers.example"
	doorSecret = "a long door password"
)

// evening is an event of this very moment with sixty people, of whom nobody is marked.
func evening(t *testing.T, site *apptest.Site, slug string) events.Event {
	t.Helper()
	e := site.OpenEvent(slug, guests, 1)
	for i := range guests {
		name := fmt.Sprintf("%s Example-%c%c", []string{"Ada", "Ben", "Cleo", "Dora", "Eve", "Finn"}[i%6], 'a'+i/26, 'a'+i%26)
		r := resident(name, 1)
		r.Channel = bookings.Online
		_, err := site.App.Bookings.Book(site.Ctx(), e.ID, r)
		must(t, err)
	}
	must(t, site.App.DB.Write(site.Ctx(), func(tx *database.Tx) error {
		now := tx.Now()
		return tx.Exec(`UPDATE events SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(-time.Minute), now.Add(time.Hour), e.ID).Error
	}))
	return e
}

// atTheDoor opens the door of an event and counts the keys from then on.
func atTheDoor(t *testing.T, site *apptest.Site, p *browsertest.Page, slug string) {
	t.Helper()
	p.Go("/staff/door/" + slug)
	browsertest.Eval[bool](p, `(window.keys = 0, addEventListener('keydown', () => window.keys++, true), true)`)
}

func saved(p *browsertest.Page) {
	p.Eventually("every press is saved", `document.body.dataset.doorWaits === '0'`)
}

// total reads one of the numbers above the list.
func total(p *browsertest.Page, label string) string {
	return browsertest.Eval[string](p, fmt.Sprintf(`[...document.querySelectorAll('#door-totals dt')].find(e => e.innerText === %q)?.nextElementSibling.innerText ?? ''`, label))
}

func expectTotals(t *testing.T, p *browsertest.Page, want map[string]string) {
	t.Helper()
	for label, number := range want {
		if got := total(p, label); got != number {
			t.Errorf("%s is %q and not %q", label, got, number)
		}
	}
}

func doorStaff(t *testing.T, site *apptest.Site) {
	t.Helper()
	link, err := site.App.Accounts.Add(site.Ctx(), doorPerson, "Door Officer", "door")
	must(t, err)
	_, _, err = site.App.Accounts.SetPassword(site.Ctx(), link[strings.LastIndexByte(link, '/')+1:], doorSecret)
	must(t, err)
}

func TestSixtyPeopleAreMarkedByKeyboardInAMinute(t *testing.T) {
	site := apptest.Start(t)
	doorStaff(t, site)
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.SignIn(doorPerson, doorSecret)
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprintf("everybody, then the exceptions, %d wide", width), func(t *testing.T) {
			p := p.For(t)
			p.Resize(width, 844)
			slug := fmt.Sprintf("all-%d", width)
			e := evening(t, site, slug)
			atTheDoor(t, site, p, slug)
			p.Keys("*")
			exceptions := []string{"7", "15", "av", "bh", reference(t, site, e, 30)} // numbers, letters of names, and a reference
			for _, who := range exceptions {
				p.Keys(who + kb.Enter)
			}
			saved(p)
			p.Shot(fmt.Sprintf("door-%d", width))
			expectTotals(t, p, map[string]string{"Expected": "60", "Came": "55", "Did not come": "5", "Not marked": "0"})
			expectKeys(t, p, len(exceptions))
			expectCame(t, site, e, 55)

			undoByKey(p)
			saved(p)
			expectTotals(t, p, map[string]string{"Came": "56", "Did not come": "4"})
			p.Press("Undo 60 people: came") // the first press, on which four exceptions were built
			saved(p)
			expectTotals(t, p, map[string]string{"Came": "0", "Did not come": "4", "Not marked": "56"})
			expectCame(t, site, e, 0)
			fitForAll(t, p)
		})
		t.Run(fmt.Sprintf("one by one, %d wide", width), func(t *testing.T) {
			p := p.For(t)
			p.Resize(width, 844)
			slug := fmt.Sprintf("each-%d", width)
			e := evening(t, site, slug)
			atTheDoor(t, site, p, slug)
			p.Keys(kb.ArrowDown)
			for i := range guests {
				if i%20 == 3 {
					p.Keys("n")
				} else {
					p.Keys(kb.Enter)
				}
			}
			saved(p)
			expectTotals(t, p, map[string]string{"Came": "57", "Did not come": "3", "Not marked": "0"})
			expectKeys(t, p, 3)
			expectCame(t, site, e, 57)
			fitForAll(t, p)
		})
	}
}

func expectKeys(t *testing.T, p *browsertest.Page, exceptions int) {
	t.Helper()
	n := browsertest.Eval[int](p, `window.keys`)
	t.Logf("%d keys for %d people, %d of them exceptions", n, guests, exceptions)
	if n == 0 || n >= mostKeys+exceptions {
		t.Errorf("%d keys were pressed, and not under %d", n, mostKeys+exceptions)
	}
}

func expectCame(t *testing.T, site *apptest.Site, e events.Event, want int) {
	t.Helper()
	people, _, err := site.App.Bookings.Came(site.Ctx(), e.ID)
	if must(t, err); people != want {
		t.Errorf("by the database %d came, and not %d", people, want)
	}
}

// fitForAll is what every page must be, here after it was changed by presses.
func fitForAll(t *testing.T, p *browsertest.Page) {
	t.Helper()
	for _, fault := range append(append(p.Problems(), p.Axe()...), p.Sideways()...) {
		t.Error(fault)
	}
}

// reference is the first letters of the reference of the n-th booking.
func reference(t *testing.T, site *apptest.Site, e events.Event, n int) string {
	t.Helper()
	list, err := site.App.Bookings.OfEvent(site.Ctx(), e.ID, bookings.Filter{})
	must(t, err)
	return list[n].Reference[:4]
}

// undoByKey presses Ctrl and Z in the empty box.
func undoByKey(p *browsertest.Page) {
	browsertest.Eval[bool](p, `document.querySelector('#door-find input').dispatchEvent(new KeyboardEvent('keydown', {key: 'z', ctrlKey: true, bubbles: true, cancelable: true}))`)
}

func TestWalkInsAndTheHeadcountReachTheHeldEvent(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, w.Site, browsertest.ScriptDisabled)
	p.SignIn(w.admin.Email, w.admin.Password)
	e := evening(t, w.Site, "evening")
	p.Go("/staff/door/evening")
	p.Click("Everybody else came")
	p.Fill("Name (optional)", "Wendy Example")
	p.Click("Add")
	p.Shows("Wendy Example, without a booking")
	expectCame(t, w.Site, e, 61)
	p.Fill("People in the room", "63")
	p.Click("Save the headcount")
	p.Shows("Undo: Headcount 63")
	p.Click("Mark the event as held")
	if came := p.Value("How many people came (optional)"); came != "63" {
		t.Fatalf("the headcount is not offered: %q", came)
	}
}
