package demo

import (
	"bytes"
	"fmt"
	"strings"

	"conversations/app/documents"
)

// papers are the documents of the demo: what the programme has published, each as a page that says it is a stand-in.
func papers() []documents.Form {
	return []documents.Form{
		{Title: "Case for change", DatedDay: "1", DatedMonth: "7", DatedYear: "2015", Public: true,
			Summary: "Why health and care services in west Hertfordshire need to change."},
		{Title: "A vision for the future", DatedDay: "1", DatedMonth: "10", DatedYear: "2015", Public: true,
			Summary: "What services could look like, closer to home and joined up."},
		{Title: "Strategic outline case for hospitals", DatedDay: "1", DatedMonth: "11", DatedYear: "2016", Public: true,
			Summary: "Plans for the hospital sites, as they were approved in November 2016."},
		{Title: "Hemel Hempstead outpatients: first notes", DatedDay: "6", DatedMonth: "2", DatedYear: "2017", Locality: "dacorum",
			Summary: "Working notes of the project group. For staff only until they are agreed."},
	}
}

func (f *filler) papers() error {
	for _, p := range papers() {
		sent := documents.Upload{Name: p.Title + ".pdf", Data: pdfPage(p.Title, p.Summary, "This page stands in for the real paper, in the demonstration.")}
		if _, err := f.documents.Add(f.ctx, p, sent); err != nil {
			return fmt.Errorf("document %s: %w", p.Title, err)
		}
	}
	return nil
}

// pdfPage is one page with a few lines of text in the letters of ASCII, as ISO 32000-1 has it.
func pdfPage(lines ...string) []byte {
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	text := "BT /F1 14 Tf 56 780 Td 22 TL"
	for _, line := range lines {
		text += " (" + escape.Replace(line) + ") Tj T*"
	}
	text += " ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var table strings.Builder
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table.String(), len(objects)+1, start)
	return out.Bytes()
}
