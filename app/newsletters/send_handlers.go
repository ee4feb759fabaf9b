package newsletters

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// sendRoutes hangs the pages by which updates leave on the shell.
func sendRoutes(shell *web.Shell, service *Service) {
	h := sendHandlers{writeHandlers{shell: shell, service: service}}
	audienceRoutes(shell, h)
	approvalRoutes(shell, h)
	const path = staffHome + "/:id/" + sendStep
	shell.Staff.GET(path, accounts.WriteUpdates, h.sending)
	shell.Staff.POST(path, accounts.WriteUpdates, h.send)
	shell.Staff.POST(path+"/schedule", accounts.WriteUpdates, h.schedule)
	shell.Staff.POST(path+"/back", accounts.WriteUpdates, h.callBack)
	shell.Staff.POST(path+"/pause", accounts.WriteUpdates, h.turned(service.Pause, "It is paused. Nobody else gets it until it goes on."))
	shell.Staff.POST(path+"/resume", accounts.WriteUpdates, h.turned(service.Resume, "It goes on."))
	shell.Staff.GET(path+"/stop", accounts.WriteUpdates, h.askStop)
	shell.Staff.POST(path+"/stop", accounts.WriteUpdates, h.turned(service.Stop, "It is stopped. Nobody else gets it."))
	shell.Staff.GET(path+"/progress.json", accounts.WriteUpdates, h.progress)
	reportRoutes(shell, h)
	paperRoutes(shell, h)
}

func (h sendHandlers) sending(c echo.Context) error {
	return h.showSending(c, http.StatusOK, scheduleForm{}, nil)
}

func (h sendHandlers) showSending(c echo.Context, status int, f scheduleForm, problems []nhs.FieldError) error {
	p, err := h.service.ProgressOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return h.show(c, status, web.Page{Title: "Sending: " + p.Update.Title, Body: pages.Send(h.service.sendView(p, f, problems)), Head: pages.SendHead(), Errors: len(problems) > 0})
}

func (h sendHandlers) send(c echo.Context) error {
	id := number(c, "id")
	var f scheduleForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	u, err := h.service.Send(c.Request().Context(), id, f.Version)
	if err != nil {
		return h.refusedToSend(c, f, err)
	}
	if u.State == Published {
		h.shell.Flash(c, web.Success, "It is published. Everybody can read it.")
	}
	return web.Redirect(c, stepPath(id, sendStep))
}

func (h sendHandlers) schedule(c echo.Context) error {
	id := number(c, "id")
	var f scheduleForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	if _, err := h.service.Schedule(c.Request().Context(), id, f.Version, f.moment()); err != nil {
		return h.refusedToSend(c, f, err)
	}
	return web.Redirect(c, stepPath(id, sendStep))
}

// refusedToSend shows the page again with what is wrong.
func (h sendHandlers) refusedToSend(c echo.Context, f scheduleForm, err error) error {
	if problems, refused := web.FieldErrors(err); refused {
		return h.showSending(c, statusOf(err), f, problems)
	}
	return err
}

func (h sendHandlers) callBack(c echo.Context) error {
	id := number(c, "id")
	if _, err := h.service.CallBack(c.Request().Context(), id); err != nil {
		return h.refusedToSend(c, scheduleForm{}, err)
	}
	h.shell.Flash(c, web.Success, "It is called back. Nobody got it. It is still approved.")
	return web.Redirect(c, stepPath(id, sendStep))
}

// turned does something with a letter that is leaving.
func (h sendHandlers) turned(do func(ctx context.Context, id int64) error, done string) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := number(c, "id")
		if err := do(c.Request().Context(), id); err != nil {
			return h.refusedToSend(c, scheduleForm{}, err)
		}
		h.shell.Flash(c, web.Success, done)
		return web.Redirect(c, stepPath(id, sendStep))
	}
}

func (h sendHandlers) askStop(c echo.Context) error {
	p, err := h.service.ProgressOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	if !p.Begun() || p.Ended() {
		return web.Redirect(c, stepPath(p.Update.ID, sendStep))
	}
	return h.show(c, http.StatusOK, web.Page{Title: "Stop it for good? " + p.Update.Title, Body: pages.Confirm(h.service.stopView(p))})
}

// progress tells the page's script how a letter stands.
func (h sendHandlers) progress(c echo.Context) error {
	p, err := h.service.ProgressOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, p.data())
}
