package privacy

import (
	"time"

	"conversations/app/accounts"
	"conversations/app/web"
)

// Path is where staff find a person.
const Path = "/staff/privacy"

// eraseTime is how long an erasure may take: the file is cleaned before it is answered.
const eraseTime = 4 * time.Minute

// Routes hangs the pages on the shell.
func Routes(shell *web.Shell, service *Service) {
	h := handlers{shell, service}
	shell.Staff.GET(Path, accounts.ManagePrivacy, h.person)
	shell.Staff.POST(Path+"/export", accounts.ManagePrivacy, h.export, web.Timeout(time.Minute))
	shell.Staff.GET(Path+"/erase", accounts.ManagePrivacy, h.askErase)
	shell.Staff.POST(Path+"/erase", accounts.ManagePrivacy, h.erase, web.Timeout(eraseTime))
}
