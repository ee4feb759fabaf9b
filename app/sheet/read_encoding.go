package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The encodings of a CSV, as people know them.
const (
	UTF8        = "UTF-8"
	UTF16       = "UTF-16"
	Windows1252 = "Windows-1252"
)

// textEncoding is how the letters of a file are written.
type textEncoding struct {
	name string
	mark int64 // bytes of the mark in front
	of   encoding.Encoding
}

func (e textEncoding) decoded(file *io.SectionReader) io.Reader {
	return e.of.NewDecoder().Reader(io.NewSectionReader(file, e.mark, max(file.Size()-e.mark, 0)))
}

// encodingOf goes by the mark in front. Without one it reads the whole file: where more bytes than not cannot be UTF-8,
// they are Windows-1252, which is what Excel writes; a few in a file that is UTF-8 elsewhere spoil only their rows.
func encodingOf(file *io.SectionReader) (textEncoding, error) {
	start := make([]byte, len(byteOrderMark))
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return textEncoding{}, fmt.Errorf("read the file: %w", err)
	}
	switch start = start[:n]; {
	case string(start) == byteOrderMark:
		return textEncoding{UTF8, 3, unicode.UTF8}, nil
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		return textEncoding{UTF16, 2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}, nil
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		return textEncoding{UTF16, 2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}, nil
	}
	fit, unfit, err := countUTF8(io.NewSectionReader(file, 0, file.Size()))
	if err != nil {
		return textEncoding{}, fmt.Errorf("read the file: %w", err)
	}
	if unfit > fit {
		return textEncoding{Windows1252, 0, charmap.Windows1252}, nil
	}
	return textEncoding{UTF8, 0, unicode.UTF8}, nil
}

// countUTF8 counts the letters beyond ASCII that are written as UTF-8 has them, and the bytes that are not.
func countUTF8(r io.Reader) (fit, unfit int, err error) {
	buffer := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buffer[kept:])
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return 0, 0, err
		}
		rest := buffer[:kept+n]
		for len(rest) > 0 && (last || utf8.FullRune(rest)) {
			letter, size := utf8.DecodeRune(rest)
			switch {
			case letter == utf8.RuneError && size == 1:
				unfit++
			case size > 1:
				fit++
			}
			rest = rest[size:]
		}
		if last {
			return fit, unfit, nil
		}
		kept = copy(buffer, rest)
	}
}
