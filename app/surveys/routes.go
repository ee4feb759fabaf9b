package surveys

import "conversations/app/web"

// Routes hangs the pages about surveys on the shell.
func Routes(shell *web.Shell, service *Service) {
	buildRoutes(shell, service)
	answerRoutes(shell, service)
	resultRoutes(shell, service)
	paperRoutes(shell, service)
	enterRoutes(shell, service)
	secondRoutes(shell, service)
	inviteRoutes(shell, service)
	asideRoutes(shell, service)
	contactRoutes(shell, service)
	releaseRoutes(shell, service)
	intakeRoutes(shell, service)
}
