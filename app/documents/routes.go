package documents

import (
	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
)

// formBytes is what a form may hold beside its file.
const formBytes = 64 << 10

// Routes hangs the pages of the library on the shell.
func Routes(shell *web.Shell, service *Service) {
	h := handlers{shell, service}
	shell.Public.GET("/documents", h.library, web.Cached("locality", "q", "page"))
	shell.Public.GET("/documents/:slug", h.open, web.Timeout(web.DownloadTimeout))
	upload := web.BodyLimit(service.cfg.Documents.FileBytes + formBytes)
	shell.Staff.GET(staffHome, accounts.ManageDocuments, h.list)
	shell.Staff.GET(staffHome+".csv", accounts.ManageDocuments, h.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+".xlsx", accounts.ManageDocuments, h.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+"/new", accounts.ManageDocuments, h.newForm)
	shell.Staff.POST(staffHome+"/new", accounts.ManageDocuments, h.add, upload)
	shell.Staff.GET(staffHome+"/:id", accounts.ManageDocuments, h.form)
	shell.Staff.POST(staffHome+"/:id", accounts.ManageDocuments, h.change, upload)
	shell.Staff.GET(staffHome+"/:id/file", accounts.ManageDocuments, h.file, web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(staffHome+"/:id/remove", accounts.ManageDocuments, h.askRemove)
	shell.Staff.POST(staffHome+"/:id/remove", accounts.ManageDocuments, h.remove)
}
