package newsletters

import "conversations/app/web"

// Routes hangs the pages about updates on the shell.
func Routes(shell *web.Shell, service *Service) {
	writeRoutes(shell, service)
	sendRoutes(shell, service)
	archiveRoutes(shell, service)
}
