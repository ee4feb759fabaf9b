package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"conversations/app/apptest"
)

// patience is how long anything in the browser may take.
const patience = 30 * time.Second

// Page is a tab in a private window of its own. What goes wrong in it fails its test.
type Page struct {
	t     testing.TB
	ctx   context.Context
	site  *apptest.Site
	mode  Mode
	watch *watch
	size  *[2]int64
}

// Mode says how a page treats script.
type Mode int

// The modes.
const (
	WithScript     Mode = iota // as most people have it
	ScriptDisabled             // as a browser that runs no script
	ScriptBlocked              // script runs, but ours never arrives: a check that is itself script can look at such a page
)

// Open opens an empty tab, 1280 wide, in a private window that closes with the test.
func Open(t testing.TB, site *apptest.Site, mode Mode) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx, site: site, mode: mode, watch: &watch{site: site.URL}, size: &[2]int64{}}
	p.check("open a tab", chromedp.Do(ctx))
	p.check("watch the tab", chromedp.Listen(ctx, p.watch.see))
	p.call("watch the network", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	})
	p.call("watch the log", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, log.Enable, cdp.Empty{})
		return err
	})
	p.Resize(1280, 800)
	p.limitScript()
	return p
}

func (p *Page) limitScript() {
	p.t.Helper()
	switch p.mode {
	case WithScript:
	case ScriptDisabled:
		p.call("switch script off", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		})
	case ScriptBlocked:
		p.watch.blocks = true
		p.call("block our scripts", func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{
				URLPatterns: []*network.BlockPattern{{URLPattern: p.site.URL + "/static/*.js*", Block: true}}})
			return err
		})
	}
}

// Resize gives the window another size, in CSS pixels.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	size := [2]int64{width, height}
	if *p.size == size {
		return
	}
	*p.size = size
	p.check("resize", chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height)))
	p.drawn()
}

// Width is how wide the window is, in CSS pixels.
func (p *Page) Width() int64 { return p.size[0] }

// drawn waits until the page has been drawn as it is now, and script that answers to its size has run.
func (p *Page) drawn() {
	p.t.Helper()
	if p.mode != ScriptDisabled {
		p.eval(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))`)
	}
}

// Go loads a path of the site, or a whole address as a mail has it, and returns the status.
func (p *Page) Go(path string) (status int) {
	p.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = p.site.URL + path
	}
	return p.loads("load "+path, chromedp.Navigate(path))
}

// Send posts a form from the page that is open, as a form on it would, and returns the status of what comes back.
func (p *Page) Send(path string, form url.Values) (status int) {
	p.t.Helper()
	return p.loads("send a form to "+path, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const form = document.createElement('form')
		form.method = 'post'; form.action = %s
		for (const [name, values] of Object.entries(%s)) for (const value of values) {
			const field = document.createElement('textarea')
			field.name = name; field.value = value; form.append(field)
		}
		document.body.append(form); form.submit()
	})()`, quoted(path), quoted(form))))
}

// Path is where the page is, without the site's address.
func (p *Page) Path() string {
	p.t.Helper()
	return strings.TrimPrefix(Eval[string](p, `location.href`), p.site.URL)
}

// OnSite says whether a page of the site is open.
func (p *Page) OnSite() bool {
	p.t.Helper()
	return strings.HasPrefix(p.Path(), "/")
}

// Text is all that can be read in the main part of the page.
func (p *Page) Text() string {
	p.t.Helper()
	return Eval[string](p, `(document.querySelector('main') ?? document.body).innerText`)
}

// ScriptChangedIt says whether the main part of the page, which came by its address, is not as it was sent any more.
func (p *Page) ScriptChangedIt() bool {
	p.t.Helper()
	return Eval[bool](p, `(async () => {
		const sent = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
		const main = d => d.querySelector('main')?.outerHTML.replace(/ data-[a-z-]+-init(="")?/g, '')
		return main(sent) !== main(document)
	})()`)
}

// Heading is the page's own heading.
func (p *Page) Heading() string {
	p.t.Helper()
	return Eval[string](p, `(document.querySelector('main h1') ?? document.querySelector('h1'))?.innerText ?? ''`)
}

// Value is what stands in the control with this label; for a checkbox "true" or "false".
func (p *Page) Value(label string) string {
	p.t.Helper()
	return Eval[string](p, fmt.Sprintf(`(c => ['checkbox', 'radio'].includes(c.type) ? String(c.checked) : c.value)((%s)(%s, 'label').control)`, finder, quoted(label)))
}

// Shows fails the test where the page does not say each of the texts.
func (p *Page) Shows(texts ...string) {
	p.t.Helper()
	shown := p.Text()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			p.t.Fatalf("%s does not say %q:\n%s", p.Path(), text, shown)
		}
	}
}

// Eventually waits until an expression holds in the page.
func (p *Page) Eventually(what, expression string) {
	p.t.Helper()
	apptest.Eventually(p.t, what, func() bool {
		holds, err := ask[bool](p, expression)
		if err != nil && !strings.Contains(err.Error(), leftThePage) {
			p.check("ask the page", err)
		}
		return holds
	})
}

// leftThePage is what Chromium answers where the page went to another one while it was asked.
const leftThePage = "navigated or closed"

// loads does something that leads to another page, and waits until that page is there with all that belongs to it.
func (p *Page) loads(what string, do chromedp.Action[chromedp.Void]) (status int) {
	p.t.Helper()
	p.watch.forget()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, do))
	p.check(what, err)
	p.settle()
	return p.watch.status()
}

// settle waits until our scripts, where they run, have done what they do at the start; where that is to lead to another page,
// until they have on that one.
func (p *Page) settle() {
	p.t.Helper()
	apptest.Eventually(p.t, "the page settles", func() bool {
		_, err := ask[chromedp.Void](p, `(async () => {
			const address = document.querySelector('link[rel="modulepreload"][data-design-system]')?.href
			if (address && document.body.classList.contains('js-enabled')) await import(address).then(() => new Promise(r => setTimeout(r)))
		})()`)
		if err != nil && !strings.Contains(err.Error(), leftThePage) {
			p.check("ask the page", err)
		}
		return err == nil
	})
}

// Eval runs an expression in the page and returns its value.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := ask[T](p, expression)
	p.check("ask the page", err)
	return value
}

func ask[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

func (p *Page) eval(expression string) {
	p.t.Helper()
	Eval[chromedp.Void](p, expression)
}

func (p *Page) call(what string, do func(context.Context) error) {
	p.t.Helper()
	p.check(what, do(p.ctx))
}

func (p *Page) check(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// quoted is a value as script writes it.
func quoted(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // only texts and lists of them come here
	}
	return string(text)
}

// For is the same tab, for a part of the test: what goes wrong fails that part.
func (p *Page) For(t testing.TB) *Page {
	part := *p
	part.t = t
	return &part
}

// Show shows HTML that is no page of the site, such as a mail, by itself.
func (p *Page) Show(html string) {
	p.t.Helper()
	p.loads("open an empty page", chromedp.Navigate("about:blank"))
	p.call("show the text", func(ctx context.Context) error {
		tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
		if err == nil {
			_, err = chromedp.Call(ctx, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: html})
		}
		return err
	})
	p.drawn()
}
