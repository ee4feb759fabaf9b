package files

import (
	"path"
	"strings"
	"unicode/utf8"
)

const maxNameCharacters = 100

// Name is what a file of this kind is called when it is downloaded: the last part of the path that was sent, of harmless
// letters, with the ending that belongs to what is in it.
func Name(sent string, kind Kind) string {
	name := harmless(sent)
	return strings.TrimSuffix(name, path.Ext(name)) + kind.Extension
}

func harmless(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"*:<>?|/`+"\u202e", r) {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(name, "-"))
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	for utf8.RuneCountInString(name) > maxNameCharacters {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	return name
}
