package newsletters

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// approvalRoutes hangs the pages about approval on the shell.
func approvalRoutes(shell *web.Shell, h sendHandlers) {
	const path = staffHome + "/:id/" + approvalStep
	shell.Staff.GET(path, accounts.WriteUpdates, h.approval)
	shell.Staff.POST(path+"/ask", accounts.WriteUpdates, h.ask)
	shell.Staff.POST(path+"/approve", accounts.WriteUpdates, h.approve)
	shell.Staff.POST(path+"/decline", accounts.WriteUpdates, h.decline)
	shell.Staff.POST(path+"/withdraw", accounts.WriteUpdates, h.withdraw)
}

// decisionForm is an answer, and to which version of the update.
type decisionForm struct {
	Version int64  `form:"version"`
	Reason  string `form:"reason,lines"`
}

func (h sendHandlers) approval(c echo.Context) error {
	return h.showApproval(c, http.StatusOK, "", nil)
}

func (h sendHandlers) showApproval(c echo.Context, status int, reason string, problems []nhs.FieldError) error {
	a, err := h.service.AudienceOf(c.Request().Context(), number(c, "id"))
	if err != nil {
		return err
	}
	v, err := h.service.approvalView(c.Request().Context(), a, reason, problems)
	if err != nil {
		return err
	}
	return h.show(c, status, web.Page{Title: "Approval: " + a.Update.Title, Body: pages.Approval(v), Errors: len(problems) > 0})
}

func (h sendHandlers) ask(c echo.Context) error {
	return h.decided(c, "Your colleagues are asked to look at it.", func(id int64, f decisionForm) error {
		_, err := h.service.AskApproval(c.Request().Context(), id, f.Version)
		return err
	})
}

func (h sendHandlers) approve(c echo.Context) error {
	return h.decided(c, "It is approved. It can be sent now.", func(id int64, f decisionForm) error {
		_, err := h.service.Approve(c.Request().Context(), id, f.Version)
		return err
	})
}

func (h sendHandlers) decline(c echo.Context) error {
	return h.decided(c, "It is sent back. Your colleagues see why.", func(id int64, f decisionForm) error {
		_, err := h.service.Decline(c.Request().Context(), id, f.Version, f.Reason)
		return err
	})
}

func (h sendHandlers) withdraw(c echo.Context) error {
	return h.decided(c, "It is a draft again.", func(id int64, f decisionForm) error {
		_, err := h.service.Withdraw(c.Request().Context(), id, f.Version)
		return err
	})
}

// decided takes a form of the page, and shows the page again where it is refused.
func (h sendHandlers) decided(c echo.Context, done string, decide func(id int64, f decisionForm) error) error {
	id := number(c, "id")
	var f decisionForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err := decide(id, f)
	if problems, refused := web.FieldErrors(err); refused {
		return h.showApproval(c, statusOf(err), f.Reason, problems)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, done)
	return web.Redirect(c, stepPath(id, approvalStep))
}
