package browsertest_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"conversations/app/apptest"
	"conversations/app/browsertest"
)

func TestBookingByKeyboardAloneWithTheFocusAlwaysInSight(t *testing.T) {
	site := apptest.Start(t)
	e := site.OpenEvent("talk", 10, 4)
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.Go("/")
	p.Keys(kb.Tab)
	if first := focused(p); !strings.HasPrefix(first, "Skip to main content") {
		t.Fatalf("the first stop is %q and not the way past the header", first)
	}
	p.Press("Skip to main content")
	tabTo(t, p, e.Title)
	p.KeysLoad(kb.Enter)
	tabTo(t, p, "Book a place")
	p.KeysLoad(kb.Enter)

	tabTo(t, p, "Full name")
	p.Keys("Ada Example")
	tabTo(t, p, "Email address")
	p.Keys("ada@residents.example")
	tabTo(t, p, "Number of people")
	p.Keys("2 people")
	tabTo(t, p, "A hearing loop")
	p.Keys(" ")
	tabTo(t, p, "Person 2: name and what they need")
	p.Keys(kb.Enter)
	tabTo(t, p, "Name of person 2 (optional)")
	p.Keys("Ben Example")
	tabTo(t, p, "Book a place")
	p.KeysLoad(kb.Enter)
	p.Shows("You have a place")

	p.Go(linkTo(t, site, "ada@residents.example", "/bookings/"))
	p.Shows("You have 2 places.", "A hearing loop", "Ben Example")
}

func TestAFocusThatIsNotShownIsFound(t *testing.T) {
	site := apptest.Start(t)
	p := browsertest.Open(t, site, browsertest.WithScript)
	p.Go("/")
	tabTo(t, p, "Events")
	if !browsertest.Eval[bool](p, seen) {
		t.Error("the focus on the link cannot be seen")
	}
	browsertest.Eval[bool](p, `(() => {
		const sheet = new CSSStyleSheet()
		sheet.replaceSync('*, *::before, *::after { outline: none !important; box-shadow: none !important; background: white !important; border-color: black !important }')
		document.adoptedStyleSheets = [sheet]
		return true
	})()`)
	if browsertest.Eval[bool](p, seen) {
		t.Error("a focus without any sign of it was not found")
	}
}

// tabTo presses Tab until what has the focus is called so. Each stop on the way must show that it has the focus and
// must be in the window.
func tabTo(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	var passed []string
	for range 80 {
		p.Keys(kb.Tab)
		if browsertest.Eval[bool](p, `document.activeElement === document.body`) {
			continue // the window itself: before the first stop, and after the last
		}
		stop := focused(p)
		if !browsertest.Eval[bool](p, seen) {
			t.Errorf("the focus on %q cannot be seen", stop)
		}
		if strings.HasPrefix(stop, name) {
			return
		}
		passed = append(passed, stop)
	}
	t.Fatalf("Tab never comes to %q: %s", name, strings.Join(passed, " | "))
}

// focused is what the element with the focus is called.
func focused(p *browsertest.Page) string {
	return browsertest.Eval[string](p, `(e => (e.labels?.[0]?.innerText || e.innerText || e.getAttribute('aria-label') || e.tagName).replace(/\s+/g, ' ').trim())(document.activeElement)`)
}

// seen says that the focus is shown: by an outline, a shadow, a border or a background of its own, around the element
// or, for a checkbox, around the box that stands for it; and that it lies in the window.
const seen = `(e => {
	const looks = () => [e, ...e.parentElement.querySelectorAll('label')].flatMap(x => [null, '::before', '::after'].map(part => {
		const s = getComputedStyle(x, part)
		const outline = s.outlineStyle === 'none' ? '' : s.outlineWidth + s.outlineColor
		return [outline, s.boxShadow, s.borderWidth, parseFloat(s.borderWidth) ? s.borderColor : '', s.backgroundColor].join()
	})).join('|')
	const box = e.getBoundingClientRect(), inside = box.bottom > 0 && box.top < innerHeight
	const shown = looks()
	e.blur()
	const plain = looks()
	e.focus({preventScroll: true})
	return inside && shown !== plain
})(document.activeElement)`
