package browsertest

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Click presses the link or button with this text, which must lead to another page, and returns that page's status.
func (p *Page) Click(text string) (status int) {
	p.t.Helper()
	return p.loads("click "+text, p.press(text, `a[href], button, [role=button], input[type=submit]`))
}

// Fill types into the control with this label. What stood there is gone.
func (p *Page) Fill(label, text string) {
	p.t.Helper()
	p.check("click into "+label, chromedp.Do(p.ctx, p.press(label, `label`)))
	p.eval(`document.activeElement.select?.()`)
	p.Keys(text)
}

// Tick presses the checkbox or radio button with this label.
func (p *Page) Tick(label string) {
	p.t.Helper()
	p.check("tick "+label, chromedp.Do(p.ctx, p.press(label, `label`)))
}

// TickIn is Tick for one of several checkboxes with the same label: the one in the fieldset with this legend.
func (p *Page) TickIn(legend, label string) {
	p.t.Helper()
	p.check("tick "+label, chromedp.Do(p.ctx, p.press(label, `label`, legend, `fieldset`)))
}

// FillIn is Fill for one of several controls with the same label: the one in the details with this summary.
func (p *Page) FillIn(summary, label, text string) {
	p.t.Helper()
	p.check("click into "+label, chromedp.Do(p.ctx, p.press(label, `label`, summary, `details`)))
	p.eval(`document.activeElement.select?.()`)
	p.Keys(text)
}

// Press clicks a link or button that leads to another part of the same page.
func (p *Page) Press(text string) {
	p.t.Helper()
	p.check("press "+text, chromedp.Do(p.ctx, p.press(text, `a[href], button`)))
}

// Unfold opens the details with this summary.
func (p *Page) Unfold(summary string) {
	p.t.Helper()
	p.check("unfold "+summary, chromedp.Do(p.ctx, p.press(summary, `summary`)))
}

// Choose takes an option of the select with this label, by typing it.
func (p *Page) Choose(label, option string) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`(%s)(%s, 'label').control.focus()`, finder, quoted(label)))
	p.Keys(option)
}

// Keys types on the keyboard, wherever the focus is. kb has the names of keys that are no letters.
func (p *Page) Keys(keys string) {
	p.t.Helper()
	p.check("type", chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// KeysLoad types keys that must lead to another page, and returns that page's status.
func (p *Page) KeysLoad(keys string) (status int) {
	p.t.Helper()
	return p.loads("press a key that leads on", chromedp.KeyEvent(keys))
}

// SignIn signs a member of staff in, by the page for it.
func (p *Page) SignIn(email, password string) {
	p.t.Helper()
	p.Go("/staff/sign-in")
	p.Fill("Email address", email)
	p.Fill("Password", password)
	if status := p.Click("Sign in"); status != 200 || !strings.HasPrefix(p.Path(), "/staff") || p.Path() == "/staff/sign-in" {
		p.t.Fatalf("signing in as %s led to %s (%d):\n%s", email, p.Path(), status, p.Text())
	}
}

// finder finds what stands on the page for people under a text: exactly, else at its beginning.
const finder = `((text, kind, within = document) => {
	const say = e => (e.innerText || e.value || '').replace(/\s+/g, ' ').trim()
	const seen = [...within.querySelectorAll(kind)].filter(e => e.getClientRects().length > 0)
	const found = seen.find(e => say(e) === text) ?? seen.find(e => say(e).startsWith(text))
	if (!found) throw new Error('there is no ' + kind + ' "' + text + '" on ' + location.pathname + ': ' + seen.map(say).join(' | '))
	return found
})`

// press clicks with the mouse in the middle of what it finds, which may have to be within something else.
func (p *Page) press(text, kind string, within ...string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		find := fmt.Sprintf(`(%s)(%s, %s)`, finder, quoted(text), quoted(kind))
		if len(within) == 2 {
			find = fmt.Sprintf(`(%s)(%s, %s, (%s)(%s, %s))`, finder, quoted(text), quoted(kind), finder, quoted(within[0]), quoted(within[1]))
		}
		at, err := chromedp.Evaluate[[]float64](fmt.Sprintf(`(e => {
			e.scrollIntoView({block: 'center', behavior: 'instant'})
			const box = e.getClientRects()[0]
			return [box.x + box.width / 2, box.y + box.height / 2]
		})(%s)`, find))(ctx, t)
		if err != nil {
			return err
		}
		_, err = chromedp.MouseClickXY(at[0], at[1])(ctx, t)
		return err
	})
}

// Upload chooses a file from this machine in the file box with this label.
func (p *Page) Upload(label, file string) {
	p.t.Helper()
	id := Eval[string](p, fmt.Sprintf(`(%s)(%s, 'label').control.id`, finder, quoted(label)))
	p.check("choose the file "+file, chromedp.Do(p.ctx, chromedp.SetUploadFiles(chromedp.ID(id), []string{file})))
}

// Drag takes hold of the middle of one thing and lets go a little below the middle of another, which must lead to another
// page. Both are named as in a style sheet.
func (p *Page) Drag(what, to string) (status int) {
	p.t.Helper()
	at := func(selector string) []float64 {
		return Eval[[]float64](p, fmt.Sprintf(`(box => [box.x + box.width / 2, box.y + box.height / 2])(document.querySelector(%s).getBoundingClientRect())`, quoted(selector)))
	}
	p.eval(fmt.Sprintf(`document.querySelector(%s).scrollIntoView({block: 'center', behavior: 'instant'})`, quoted(to)))
	from, onto := at(what), at(to)
	mouse := func(kind input.DispatchMouseEventType, x, y float64) {
		p.call("drag "+what, func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1})
			return err
		})
	}
	mouse(input.DispatchMouseEventTypeMousePressed, from[0], from[1])
	mouse(input.DispatchMouseEventTypeMouseMoved, onto[0], onto[1]+1)
	return p.loads("let go of "+what, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseReleased, X: onto[0], Y: onto[1] + 1, Button: input.MouseButtonLeft, ClickCount: 1})
		return err
	}))
}
