package contacts

import "conversations/app/web"

// Routes hangs the pages about contacts and signing up on the shell.
func Routes(shell *web.Shell, service *Service) {
	signUpRoutes(shell, service)
	importRoutes(shell, service)
}
