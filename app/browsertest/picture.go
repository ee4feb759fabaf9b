package browsertest

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"conversations/app/apptest"
)

// Shot keeps a picture of what the window shows as docs/guide/pictures/NAME.png, where GUIDE_PICTURES=1 asks for it.
func (p *Page) Shot(name string) {
	p.t.Helper()
	if os.Getenv("GUIDE_PICTURES") != "1" {
		return
	}
	p.Picture(filepath.Join(apptest.Root(p.t), "docs/guide/pictures", name+".png"))
}

// Picture writes what the window shows to a file.
func (p *Page) Picture(file string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.check("take a picture", err)
	p.check("make the folder", os.MkdirAll(filepath.Dir(file), 0o755))
	p.check("keep a picture", os.WriteFile(file, picture, 0o644))
}

// WholePicture writes the page from top to bottom to a file.
func (p *Page) WholePicture(file string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	p.check("take a picture", err)
	p.check("keep a picture", os.WriteFile(file, picture, 0o644))
}

// Printed is the page as a PDF, on the paper that its style asks for.
func (p *Page) Printed() (pdf []byte) {
	p.t.Helper()
	p.call("print the page", func(ctx context.Context) error {
		yes := true
		printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes})
		pdf = printed.Data
		return err
	})
	return pdf
}
