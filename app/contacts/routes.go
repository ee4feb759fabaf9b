package contacts

import (
	"conversations/app/accounts"
	"conversations/app/sheet"
	"conversations/app/web"
)

// Routes hangs the pages about contacts and signing up on the shell.
func Routes(shell *web.Shell, service *Service) {
	signUpRoutes(shell, service)
	importRoutes(shell, service)
	contactRoutes(shell, service)
}

// contactRoutes are the staff's pages of contacts, their groups and the ledger.
func contactRoutes(shell *web.Shell, service *Service) {
	h, may := staffHandlers{shell, service}, accounts.ManageContacts
	shell.Staff.GET(listPath, may, h.list)
	shell.Staff.GET(listPath+".csv", may, h.export(sheet.FormatCSV), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(listPath+".xlsx", may, h.export(sheet.FormatXLSX), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(listPath+"/new", may, h.addForm)
	shell.Staff.POST(listPath+"/new", may, h.add)
	shell.Staff.GET(groupsPath, may, h.groups)
	shell.Staff.GET(groupsPath+"/new", may, h.addGroupForm)
	shell.Staff.POST(groupsPath+"/new", may, h.addGroup)
	shell.Staff.GET(groupsPath+"/:group", may, h.groupForm)
	shell.Staff.POST(groupsPath+"/:group", may, h.changeGroup)
	shell.Staff.GET(listPath+"/:id", may, h.contact)
	shell.Staff.GET(listPath+"/:id/change", may, h.changeForm)
	shell.Staff.POST(listPath+"/:id/change", may, h.change)
	shell.Staff.GET(listPath+"/:id/record", may, h.recordForm)
	shell.Staff.POST(listPath+"/:id/record", may, h.record)
	shell.Staff.GET(listPath+"/:id/entries/:entry/take-back", may, h.takeBackForm)
	shell.Staff.POST(listPath+"/:id/entries/:entry/take-back", may, h.takeBack)
	shell.Staff.GET(listPath+"/:id/stop", may, h.stopForm)
	shell.Staff.POST(listPath+"/:id/stop", may, h.stop)
	shell.Staff.GET(listPath+"/:id/allow", may, h.allowForm)
	shell.Staff.POST(listPath+"/:id/allow", may, h.allow)
	shell.Staff.GET(listPath+"/:id/merge", may, h.mergeForm)
	shell.Staff.POST(listPath+"/:id/merge", may, h.merge)
	shell.Staff.POST(listPath+"/:id/merges/:merge/undo", may, h.undoMerge)
}
