// Package files says what a file that somebody sends is: by what is in it and never by its name, what it may be called,
// and how large it is in words.
package files

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Kind is a kind of file that may be kept. The zero Kind is none.
type Kind struct {
	ContentType string
	Extension   string // with its dot
	Words       string // for people who decide whether to open it: "PDF"
}

var (
	pdf  = Kind{"application/pdf", ".pdf", "PDF"}
	png  = Kind{"image/png", ".png", "picture"}
	jpeg = Kind{"image/jpeg", ".jpg", "picture"}

	// office are kinds that are packed with zip, by the file that each has inside.
	office = map[string]Kind{
		"word/document.xml":    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "Word"},
		"xl/workbook.xml":      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "Excel"},
		"ppt/presentation.xml": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", "PowerPoint"},
	}
	openDocument = map[string]Kind{
		"application/vnd.oasis.opendocument.text":         {"application/vnd.oasis.opendocument.text", ".odt", "OpenDocument"},
		"application/vnd.oasis.opendocument.spreadsheet":  {"application/vnd.oasis.opendocument.spreadsheet", ".ods", "OpenDocument"},
		"application/vnd.oasis.opendocument.presentation": {"application/vnd.oasis.opendocument.presentation", ".odp", "OpenDocument"},
	}
)

// Accepted says in words which kinds are known.
const Accepted = "a PDF, a Word, Excel, PowerPoint or OpenDocument file without macros, or a PNG or JPEG picture"

// Sniff finds what a file is by what is in it; false where it is of no kind that is accepted, or may hold macros.
func Sniff(data []byte) (Kind, bool) {
	switch http.DetectContentType(data) {
	case "application/pdf":
		return pdf, true
	case "image/png":
		return png, true
	case "image/jpeg":
		return jpeg, true
	case "application/zip":
		return sniffZip(data)
	}
	return Kind{}, false
}

func sniffZip(data []byte) (kind Kind, known bool) {
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return kind, false
	}
	for _, file := range packed.File {
		name := strings.ToLower(file.Name)
		if strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
			return kind, false // macros
		}
		if found, ok := office[name]; ok {
			kind, known = found, true
		}
		if name == "mimetype" {
			kind, known = openDocument[beginning(file)]
		}
	}
	return kind, known
}

const mimeTypeBytes = 100

func beginning(file *zip.File) string {
	content, err := file.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = content.Close() }()
	text, _ := io.ReadAll(io.LimitReader(content, mimeTypeBytes)) // what cannot be read is no kind that we know
	return string(text)
}

// Words says what a file is: "PDF, 120 KB". size is in bytes.
func Words(contentType string, size int64) string {
	words := "file"
	for _, kind := range append(all(office, openDocument), pdf, png, jpeg) {
		if kind.ContentType == contentType {
			words = kind.Words
		}
	}
	return words + ", " + Size(size)
}

func all(maps ...map[string]Kind) (kinds []Kind) {
	for _, m := range maps {
		for _, kind := range m {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Size says in words how large a file is.
func Size(bytes int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	switch {
	case bytes >= mega && bytes%mega == 0:
		return fmt.Sprintf("%d MB", bytes/mega)
	case bytes >= mega:
		return fmt.Sprintf("%.1f MB", float64(bytes)/mega)
	default:
		return fmt.Sprintf("%d KB", max(1, bytes/kilo))
	}
}
