package browsertest

import (
	"strconv"

	"github.com/chromedp/chromedp"
)

// Offline cuts the scripts of the open page off from the site, or brings them back: Chromium's own switch leaves out what
// a page sends while it is closed.
func (p *Page) Offline(cut bool) {
	p.t.Helper()
	p.eval(`(() => {
		window.connected ??= window.fetch
		window.fetch = ` + strconv.FormatBool(cut) + ` ? () => Promise.reject(new TypeError('no connection')) : window.connected
	})()`)
}

// Leave goes to an empty page, as when somebody closes a tab.
func (p *Page) Leave() {
	p.t.Helper()
	p.loads("leave", chromedp.Navigate("about:blank"))
}

// Paste pastes HTML, and the plain text that goes with it, into the control with this label, as a browser that
// lets the page take them first.
func (p *Page) Paste(label, html, text string) {
	p.t.Helper()
	p.check("click into "+label, chromedp.Do(p.ctx, p.press(label, `label`)))
	p.eval(`(() => {
		const data = new DataTransfer()
		data.setData('text/html', ` + quoted(html) + `)
		data.setData('text/plain', ` + quoted(text) + `)
		const taken = !document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
		if (!taken) document.execCommand('insertText', false, ` + quoted(text) + `)
	})()`)
}
