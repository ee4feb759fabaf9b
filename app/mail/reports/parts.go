package reports

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
)

const (
	depthLimit = 4  // of parts in parts
	partsLimit = 50 // in all
)

// part is a leaf of a mail's tree of parts, decoded. A mail inside of a mail is a leaf.
type part struct {
	kind   string // its media type, in small letters: message/delivery-status
	header header
	body   []byte
}

// leaves are the parts of a mail in their order; of one that is broken, those that can be found.
func leaves(h header, body []byte) []part { return appendLeaves(nil, h, body, 0) }

func appendLeaves(found []part, h header, body []byte, depth int) []part {
	kind, boundary := mediaType(h.get("content-type"))
	if len(found) >= partsLimit {
		return found
	}
	if !strings.HasPrefix(kind, "multipart/") || boundary == "" {
		return append(found, part{kind, h, decoded(h.get("content-transfer-encoding"), body)})
	}
	if depth >= depthLimit {
		return found
	}
	for _, text := range split(body, boundary) {
		h, body := readHeader(text)
		found = appendLeaves(found, h, body, depth+1)
	}
	return found
}

// mediaType reads a Content-Type; what is not one is plain text.
func mediaType(value string) (kind, boundary string) {
	kind, params, err := mime.ParseMediaType(value)
	if err != nil && kind == "" {
		kind = "text/plain"
	}
	return kind, params["boundary"]
}

// split cuts a body at its boundary. What stands before the first is left out; a last part that does not end is in.
func split(body []byte, boundary string) (texts [][]byte) {
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(body) && len(texts) < partsLimit; {
		line, after := cutLine(body[at:])
		if rest, is := bytes.CutPrefix(line, mark); is && isMarkEnd(rest) {
			if start >= 0 {
				texts = append(texts, body[start:at])
			}
			start = len(body) - len(after)
			if bytes.HasPrefix(rest, []byte("--")) {
				return texts
			}
		}
		at = len(body) - len(after)
	}
	if start >= 0 && start < len(body) {
		texts = append(texts, body[start:])
	}
	return texts
}

// isMarkEnd tells a boundary from another that begins with the same letters.
func isMarkEnd(rest []byte) bool {
	rest = bytes.TrimRight(rest, " \t")
	return len(rest) == 0 || string(rest) == "--"
}

// decoded undoes a transfer encoding as far as it can be undone.
func decoded(encoding string, body []byte) []byte {
	var r io.Reader
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body))
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(body))
	default:
		return body
	}
	text, _ := io.ReadAll(r)
	return text
}
