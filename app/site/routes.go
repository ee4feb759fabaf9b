package site

import (
	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
)

// mailPolicy is for the text of a mail alone: mails need styles inline, and nothing else.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// Routes hangs the site's own pages on the shell.
func Routes(shell *web.Shell, service *Service) {
	h := handlers{shell, service}
	shell.Public.GET("/", h.home, web.Cached("near"))
	shell.Public.GET("/localities/:slug", h.locality, web.Cached())
	shell.Public.GET("/accessibility", h.accessibility, web.Cached())
	shell.Public.GET("/privacy", h.privacy, web.Cached())
	shell.Public.GET("/cookies", h.cookies, web.Cached())
	shell.Public.GET("/contact", h.contact, web.Cached())
	shell.Public.GET("/contact/email/:office", h.askAddress)
	shell.Public.POST("/contact/email/:office", h.showAddress)

	staff := staffHandlers{shell, service}
	shell.Staff.GET("/staff", accounts.UseStaffPages, staff.todo)
	shell.Staff.GET(mailsPath, accounts.SeeMails, staff.mails)
	shell.Staff.GET(mailsPath+"/:id", accounts.SeeMails, staff.mail)
	shell.Staff.GET(mailsPath+"/:id/text", accounts.SeeMails, staff.mailText, web.Policy(mailPolicy))
	shell.Staff.POST(mailsPath+"/:id/again", accounts.ManageBookings, staff.sendAgain)
	shell.Staff.GET("/staff/settings", accounts.SeeSettings, staff.settings)
	shell.Staff.GET(logPath, accounts.SeeAudit, staff.log)
	shell.Staff.GET(logPath+".csv", accounts.SeeAudit, staff.logExport(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(logPath+".xlsx", accounts.SeeAudit, staff.logExport(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
}
