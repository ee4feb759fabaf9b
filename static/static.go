// Package static holds the stylesheets, scripts and images that pages ask for, inside the program.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"sync"
)

// FS holds everything served under /static/: css, images, js and vendor.
//
//go:embed css images js all:vendor
var FS embed.FS

const vendorStylesheet = "vendor/nhsuk-frontend.css"

// Ready says whether the design system's files are part of this program; if not, the error says what to do.
func Ready() error {
	if _, err := fs.Stat(FS, vendorStylesheet); err != nil {
		return errors.New("the design system's stylesheet is missing from static/vendor: run `make setup`, then build again")
	}
	return nil
}

// Path gives the address of a file of FS, such as "css/app.css", with a mark of its content, so that
// browsers may keep it for ever and still see a new one at once. A file that is not there gets no mark.
func Path(name string) string {
	if mark, ok := marks()[name]; ok {
		return "/static/" + name + "?v=" + mark
	}
	return "/static/" + name
}

var marks = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	_ = fs.WalkDir(FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(FS, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		found[name] = hex.EncodeToString(sum[:])[:10]
		return nil
	})
	return found
})
