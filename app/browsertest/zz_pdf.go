package browsertest

import (
	"context"
	"os"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// PDF prints the page.
func (p *Page) PDF(file string) {
	p.call("print", func(ctx context.Context) error {
		yes := true
		got, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes})
		if err != nil {
			return err
		}
		return os.WriteFile(file, got.Data, 0o644)
	})
}
