package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"conversations/app/apptest"
)

// wcag are the sets of axe's rules that make up WCAG 2.2 at level AA.
var wcag = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}

// alike are the later rows of long tables: the same lines of our code draw them as draw the first, and axe takes its time over
// each.
var alike = []string{"tbody tr:nth-child(n+9)"}

// around are the parts that stand around every page.
var around = []string{"body > header", "body > footer"}

var axe struct {
	read   sync.Once
	script string
	err    error
	looked sync.Map // at which parts around pages, as they are, with which rules
}

// Axe are the accessibility faults of the open page, one a line: against WCAG 2.2 AA, and against what axe holds to be
// good practice.
func (p *Page) Axe() []string {
	p.t.Helper()
	return p.axe(append([]string{"best-practice"}, wcag...), true)
}

// AxeAgain is Axe without a look at colours, which takes half the time: for a page whose colours were looked at.
func (p *Page) AxeAgain() []string {
	p.t.Helper()
	return p.axe(append([]string{"best-practice"}, wcag...), false)
}

// AxeOfWidth is Axe for the same page, as it was, at another width: against the rules that the width can break, and those for
// what only stands there at that width.
func (p *Page) AxeOfWidth() []string {
	p.t.Helper()
	return p.axe([]string{"target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "aria-allowed-attr", "aria-hidden-focus", "aria-required-children"}, false)
}

// AxeOfMail is Axe for a mail: good practice for pages, such as landmarks, is nothing for a mail.
func (p *Page) AxeOfMail() []string {
	p.t.Helper()
	return p.axe(wcag, true)
}

func (p *Page) axe(rules []string, colours bool) []string {
	p.t.Helper()
	axe.read.Do(func() {
		script, err := os.ReadFile(filepath.Join(apptest.Root(p.t), "node_modules/axe-core/axe.min.js"))
		axe.script, axe.err = string(script), err
	})
	p.check("read axe (make setup brings it)", axe.err)
	if !Eval[bool](p, `'axe' in window`) {
		p.call("keep axe at hand", func(ctx context.Context) error { // on each page to come: sending it there takes longer than running it
			now := true
			_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
				Source: "if (self === top) {" + axe.script + "}", RunImmediately: &now})
			return err
		})
	}
	exclude := append(p.familiar(rules, colours), alike...)
	return Eval[[]string](p, fmt.Sprintf(`axe.run({include: document, exclude: %s}, {runOnly: %s, rules: {'color-contrast': {enabled: %t}}, preload: false, resultTypes: ['violations']}).then(found =>
		found.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + v.help + ' at ' + n.target.join(' ') + ' ' + n.html.slice(0, 200))))`, quoted(exclude), quoted(rules), colours))
}

// familiar are the parts around the page that axe has looked at already, the same to the letter, in a window of this width and
// with these rules: it would find the same again.
func (p *Page) familiar(rules []string, colours bool) (selectors []string) {
	p.t.Helper()
	parts := Eval[map[string]string](p, fmt.Sprintf(`Object.fromEntries(%s.map(s => [s, document.querySelector(s)]).filter(([, e]) => e)
		.map(([s, e]) => [s, document.documentElement.cloneNode(false).outerHTML + e.outerHTML]))`, quoted(around)))
	for selector, html := range parts {
		if _, looked := axe.looked.LoadOrStore(fmt.Sprint(p.mode, p.Width(), rules, colours, html), true); looked {
			selectors = append(selectors, selector)
		}
	}
	return selectors
}

// Sideways is what makes the page scroll sideways: nothing, or the elements that stick out. What scrolls inside a
// region that the keyboard reaches does not count.
func (p *Page) Sideways() []string {
	p.t.Helper()
	return Eval[[]string](p, `(() => {
		const wide = document.documentElement.clientWidth
		if (document.scrollingElement.scrollWidth <= wide) return []
		return [document.scrollingElement.scrollWidth + ' in ' + wide, ...[...document.querySelectorAll('body *')]
			.filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('[tabindex="0"]'))
			.slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + (e.innerText ?? '').slice(0, 60))]
	})()`)
}
