package events

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// fileKind is a kind of file that may be attached.
type fileKind struct{ contentType, extension, words string }

var (
	pdf  = fileKind{"application/pdf", ".pdf", "PDF"}
	png  = fileKind{"image/png", ".png", "picture"}
	jpeg = fileKind{"image/jpeg", ".jpg", "picture"}

	// office are kinds that are packed with zip, by the file that each has inside.
	office = map[string]fileKind{
		"word/document.xml":    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "Word"},
		"xl/workbook.xml":      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "Excel"},
		"ppt/presentation.xml": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", "PowerPoint"},
	}
	openDocument = map[string]fileKind{
		"application/vnd.oasis.opendocument.text":         {"application/vnd.oasis.opendocument.text", ".odt", "OpenDocument"},
		"application/vnd.oasis.opendocument.spreadsheet":  {"application/vnd.oasis.opendocument.spreadsheet", ".ods", "OpenDocument"},
		"application/vnd.oasis.opendocument.presentation": {"application/vnd.oasis.opendocument.presentation", ".odp", "OpenDocument"},
	}
)

// sniff finds what a file is by what is in it. Its name is not asked.
func sniff(data []byte) (fileKind, bool) {
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
	return fileKind{}, false
}

func sniffZip(data []byte) (kind fileKind, known bool) {
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

// kindWords says what a file is for people who decide whether to open it: "PDF, 120 KB".
func (f RecordFile) kindWords() string {
	words := "file"
	for _, kind := range append(all(office, openDocument), pdf, png, jpeg) {
		if kind.contentType == f.ContentType {
			words = kind.words
		}
	}
	return words + ", " + sizeWords(f.Size)
}

func all(maps ...map[string]fileKind) (kinds []fileKind) {
	for _, m := range maps {
		for _, kind := range m {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func sizeWords(bytes int64) string {
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
