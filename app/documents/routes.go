package documents

import "conversations/app/web"

// Routes hangs the pages of the library on the shell.
func Routes(shell *web.Shell, service *Service) {
	_, _ = shell, service
}
