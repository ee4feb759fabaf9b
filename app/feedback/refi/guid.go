package refi

import (
	"crypto/sha1"
	"fmt"
	"regexp"
	"strings"
)

// GUID makes a name out of what identifies a thing, such as the installation, "theme" and its number: the same parts give the
// same name always, so that a second export speaks of the same things (version 5 of RFC 9562).
func GUID(parts ...string) string {
	namespace := [16]byte{0x6b, 0xa7, 0xb8, 0x12, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	hash := sha1.New()
	hash.Write(namespace[:])
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	id := hash.Sum(nil)[:16]
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

var guidForm = regexp.MustCompile(`^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// plain gives a GUID in small letters without the braces that it may have.
func plain(guid string) string {
	guid = strings.TrimSpace(guid)
	if inner, ok := strings.CutPrefix(guid, "{"); ok {
		guid = strings.TrimSuffix(inner, "}")
	}
	return strings.ToLower(guid)
}

var colourForm = regexp.MustCompile(`^#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})$`)
