package events

import (
	"conversations/app/accounts"
	"conversations/app/web"
)

// uploadBytes is what a form with a file may be larger than the file: so much that one that is too large is still
// read, and its sender told at the field.
const uploadBytes = 4 << 20

// recordRoutes hangs the pages about records and the panel's questions on the shell.
func recordRoutes(shell *web.Shell, service *Service) {
	h := recordHandlers{staffHandlers{shell, service}}
	const event = "/staff/events/:id"
	shell.Public.GET("/events/:slug/files/:file", h.publicFile)
	shell.Staff.GET(event+"/record", accounts.ManageEvents, h.record)
	shell.Staff.POST(event+"/record", accounts.ManageEvents, h.move)
	shell.Staff.GET(event+"/record/edit", accounts.ManageEvents, h.editForm)
	shell.Staff.POST(event+"/record/edit", accounts.ManageEvents, h.edit)
	shell.Staff.GET(event+"/record/minutes", accounts.ManageEvents, h.minutesForm)
	shell.Staff.POST(event+"/record/minutes", accounts.ManageEvents, h.split)
	shell.Staff.GET(event+"/record/steps/:step", accounts.ManageEvents, h.stepForm)
	shell.Staff.POST(event+"/record/steps/:step", accounts.ManageEvents, h.follow)
	shell.Staff.POST(event+"/record/files", accounts.ManageEvents, h.addFile, web.BodyLimit(service.cfg.Records.FileBytes+uploadBytes))
	shell.Staff.GET(event+"/record/files/:file", accounts.ManageEvents, h.file)
	shell.Staff.POST(event+"/record/files/:file", accounts.ManageEvents, h.changeFile)
	shell.Staff.GET(event+"/questions", accounts.ManageEvents, h.questions)
	shell.Staff.POST(event+"/questions", accounts.ManageEvents, h.order)
	shell.Staff.GET(event+"/questions/:booking", accounts.ManageEvents, h.answerForm)
	shell.Staff.POST(event+"/questions/:booking", accounts.ManageEvents, h.answer)
	shell.Staff.GET("/staff/steps", accounts.ManageEvents, h.steps)
}
