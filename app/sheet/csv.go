package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"
)

// byteOrderMark is U+FEFF in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// CSV writes a table as RFC 4180 has it: UTF-8, lines ended by CRLF. Text that a spreadsheet would run is quoted with
// a leading apostrophe; Unquote takes it off again. An error of rows ends the table and is returned.
func CSV(w io.Writer, head []string, rows iter.Seq2[[]any, error], o Options) error {
	if o.BOM {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(head))
	for i, title := range head {
		line[i] = Quote(title) // it may be what people typed: the name of a service, of a theme
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if len(row) != len(head) {
			return fmt.Errorf("a row has %d cells under %d headings", len(row), len(head))
		}
		for i, value := range row {
			line[i] = cell(value, o)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cell(value any, o Options) string {
	if digits, ok := number(value); ok {
		return digits
	}
	return Quote(text(value, o.zone()))
}

// Quote puts an apostrophe before a text that a spreadsheet would run as a formula, and before one that begins as if
// that had been done, so that Unquote gives every text back as it was.
func Quote(text string) string {
	if runs(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Unquote takes off what Quote put on.
func Unquote(text string) string {
	if rest, quoted := strings.CutPrefix(text, "'"); quoted && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return text
}

// runs says whether a spreadsheet takes a text for a formula: it begins, perhaps after blanks, with one of these
// signs, of which some programs take the wide forms too. A tab or a line's end at the start has run as well.
func runs(text string) bool {
	if text == "" {
		return false
	}
	if strings.ContainsRune("\t\r\n", rune(text[0])) {
		return true
	}
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	first, _ := firstRune(trimmed)
	return strings.ContainsRune("=+-@＝＋－＠", first)
}

func firstRune(text string) (rune, bool) {
	for _, r := range text {
		return r, true
	}
	return 0, false
}
