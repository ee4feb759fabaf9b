package newsletters

import (
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// paperRoutes hangs the pages about letters on paper on the shell.
func paperRoutes(shell *web.Shell, h sendHandlers) {
	const path = staffHome + "/:id/" + paperStep
	shell.Staff.GET(path, accounts.WriteUpdates, h.paper)
	shell.Staff.GET(path+"/letter", accounts.WriteUpdates, h.edition)
	shell.Staff.GET(path+"/labels", accounts.WriteUpdates, h.labels)
	shell.Staff.POST(path+"/posted", accounts.WriteUpdates, h.posted)
	shell.Staff.POST(path+"/undo", accounts.WriteUpdates, h.undoPosted)
}

func (h sendHandlers) paper(c echo.Context) error {
	p, err := h.service.PaperOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, web.Page{Title: "On paper: " + p.Update.Title, Body: pages.Paper(h.service.paperView(p))})
}

func (h sendHandlers) edition(c echo.Context) error {
	u, blocks, err := h.service.Printed(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	v := h.service.editionView(u, blocks, readPrint(web.Query(c, "print")))
	return h.show(c, http.StatusOK, web.Page{Title: u.Title, Body: pages.Edition(v), Head: pages.EditionHead(), Before: backToPaper(v.BackHref)})
}

func backToPaper(href string) templ.Component {
	return nhs.BackLink(nhs.BackLinkParams{Content: nhs.Text("Back"), Href: href})
}

func (h sendHandlers) labels(c echo.Context) error {
	p := readPrint(web.Query(c, "print"))
	u, rows, err := h.service.Labels(c.Request().Context(), number(c, "id"), p)
	if err != nil {
		return err
	}
	v := h.service.labelsView(u, rows, p, readFrom(web.Query(c, "from")))
	return h.show(c, http.StatusOK, web.Page{Title: "Address labels: " + u.Title, Body: pages.Labels(v), Head: pages.LabelsHead(), Before: backToPaper(v.BackHref)})
}

func (h sendHandlers) posted(c echo.Context) error {
	id := number(c, "id")
	var f struct {
		Print string `form:"print"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	n, err := h.service.MarkPosted(c.Request().Context(), id, readPrint(f.Print))
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(n, "letter is", "letters are")+" marked as posted.")
	return web.Redirect(c, stepPath(id, paperStep))
}

func (h sendHandlers) undoPosted(c echo.Context) error {
	id := number(c, "id")
	var f struct {
		At string `form:"at"`
	}
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, f.At)
	if err != nil {
		return fault.Wrap(fault.Invalid, "We could not read the form. Go back, and send it again.", err)
	}
	n, err := h.service.UndoPosted(c.Request().Context(), id, at)
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(n, "letter is", "letters are")+" to be posted again.")
	return web.Redirect(c, stepPath(id, paperStep))
}
