package reports

import (
	"bytes"
	"strings"
)

// Bounds on what is looked at: reports are small, and whoever sends a large one may mean harm.
const (
	fieldsLimit = 200
	valueLimit  = 4 << 10 // bytes
)

// field is one line of a header, unfolded, its name in small letters.
type field struct{ name, value string }

type header []field

// readHeader reads a header as it stands before an empty line, and gives what comes after it. It takes what there is:
// a line that is no field is passed over, for one broken line says nothing about the others.
func readHeader(text []byte) (h header, rest []byte) {
	for len(text) > 0 {
		line, after := cutLine(text)
		if len(bytes.TrimSpace(line)) == 0 {
			return h, after
		}
		text = after
		if line[0] == ' ' || line[0] == '\t' {
			h.lengthen(line)
			continue
		}
		name, value, is := bytes.Cut(line, []byte(":"))
		if is && len(h) < fieldsLimit {
			h = append(h, field{strings.ToLower(string(bytes.TrimSpace(name))), clipped(value)})
		}
	}
	return h, nil
}

// lengthen adds a folded line to the last field.
func (h header) lengthen(line []byte) {
	if len(h) > 0 && len(h[len(h)-1].value) < valueLimit {
		h[len(h)-1].value += " " + clipped(line)
	}
}

func clipped(value []byte) string {
	value = bytes.TrimSpace(value)
	return strings.ToValidUTF8(string(value[:min(len(value), valueLimit)]), "?")
}

// cutLine gives a text's first line without its end, and what comes after it.
func cutLine(text []byte) (line, after []byte) {
	line, after, _ = bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), after
}

// get is the first field of a name, "" where there is none.
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has says whether there is a field of this name.
func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

// all are the values of every field of the names.
func (h header) all(names ...string) (values []string) {
	for _, name := range names {
		for _, f := range h {
			if f.name == name {
				values = append(values, f.value)
			}
		}
	}
	return values
}
