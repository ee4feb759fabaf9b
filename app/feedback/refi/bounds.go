package refi

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"conversations/app/fault"
)

const (
	projectFile   = "project.qde"
	sourcesFolder = "Sources/"
	internal      = "internal://"

	mostCodebookBytes = 16 << 20
	mostProjectBytes  = 128 << 20 // of project.qde
	mostTextBytes     = 8 << 20   // of one text
	mostTextsBytes    = 512 << 20 // of all
	mostParts         = 400_000
	deepest           = 64 // elements within one another
)

func refuse(format string, args ...any) error {
	return fault.New(fault.Invalid, fmt.Sprintf(format, args...))
}

// decode reads XML that may come from anywhere: no more than so many bytes, no document type (it could define words that grow
// without end), and not too deep.
func decode(r io.Reader, most int64, into any) error {
	limited := &io.LimitedReader{R: r, N: most + 1}
	raw := xml.NewDecoder(limited)
	raw.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		return nil, refuse("The file is written in %s. Please export it in UTF-8.", charset)
	}
	err := xml.NewTokenDecoder(&guarded{raw: raw}).Decode(into)
	var known *fault.Error
	switch {
	case limited.N <= 0:
		return refuse("The file is too large: it may hold %d MB of text.", most>>20)
	case errors.As(err, &known):
		return err
	case err != nil:
		return refuse("The file cannot be read as REFI-QDA: %v.", err)
	}
	return nil
}

// guarded passes elements on until one must be refused.
type guarded struct {
	raw   *xml.Decoder
	depth int
}

func (g *guarded) Token() (xml.Token, error) {
	token, err := g.raw.RawToken()
	switch token.(type) {
	case xml.Directive:
		return nil, refuse("The file begins with a document type, which may hide things. Files of this kind have none, so it is refused.")
	case xml.StartElement:
		if g.depth++; g.depth > deepest {
			return nil, refuse("The file has more than %d levels within one another.", deepest)
		}
	case xml.EndElement:
		g.depth--
	}
	return token, err
}

// parts are the files in a project's archive, by name.
type parts struct {
	files map[string]*zip.File
	left  int64 // bytes of text that may still be read
}

func openParts(r io.ReaderAt, size int64) (*parts, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, refuse("The file is not a REFI-QDA project: it is no ZIP archive, or it is cut off.")
	}
	if len(archive.File) > mostParts {
		return nil, refuse("The project has %d parts, and %d are the most.", len(archive.File), mostParts)
	}
	p := &parts{map[string]*zip.File{}, mostTextsBytes}
	for _, f := range archive.File {
		if name := f.Name; strings.Contains(name, "\\") || path.IsAbs(name) || path.Clean("/"+name) != "/"+strings.TrimSuffix(name, "/") {
			return nil, refuse("The project has a part named %q, which leads out of it.", name)
		}
		p.files[strings.ToLower(f.Name)] = f
	}
	return p, nil
}

// text reads one text, whatever the archive says of its size.
func (p *parts) text(name string) (string, error) {
	f := p.files[strings.ToLower(sourcesFolder+name)]
	if f == nil {
		return "", refuse("The text %q is named in the project, and is not in it.", name)
	}
	in, err := f.Open()
	if err != nil {
		return "", refuse("The text %q cannot be read.", name)
	}
	defer func() { _ = in.Close() }()
	most := min(mostTextBytes, p.left)
	read, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return "", refuse("The text %q is damaged.", name)
	}
	if int64(len(read)) > most {
		return "", refuse("The text %q is too long, or all texts together are: one may have %d MB, all %d MB.", name, mostTextBytes>>20, mostTextsBytes>>20)
	}
	p.left -= int64(len(read))
	text := strings.TrimPrefix(string(read), "\ufeff")
	if !utf8.ValidString(text) {
		return "", refuse("The text %q is not in UTF-8.", name)
	}
	return text, nil
}
