package feedback

import "conversations/app/web"

// Routes hangs the pages about feedback on the shell.
func Routes(shell *web.Shell, service *Service) {
	commentRoutes(shell, service)
	themeRoutes(shell, service)
	codingRoutes(shell, service)
	actionRoutes(shell, service)
	reportRoutes(shell, service)
}
