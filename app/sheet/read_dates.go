package sheet

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// How dates in a workbook are given, whatever they look like there.
const (
	isoDate     = "yyyy-mm-dd"
	isoMinutes  = "yyyy-mm-dd hh:mm"
	isoSeconds  = "yyyy-mm-dd hh:mm:ss"
	isoTime     = "hh:mm"
	isoTimeSecs = "hh:mm:ss"
)

// datesAsISO has a workbook show each date and time as ISO 8601 has it, so that 3/2/2017 is never taken for another
// day. It changes the cells' styles, for the library gives rows as text and not what kind of number is in a cell.
func datesAsISO(f *excelize.File) error {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return nil
	}
	iso := map[string]*int{}
	for i := range f.Styles.CellXfs.Xf {
		id := f.Styles.CellXfs.Xf[i].NumFmtID
		if id == nil {
			continue
		}
		format := isoOf(*id, customFormat(f, *id))
		if format == "" {
			continue
		}
		if iso[format] == nil {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				return err
			}
			iso[format] = f.Styles.CellXfs.Xf[style].NumFmtID
		}
		f.Styles.CellXfs.Xf[i].NumFmtID = iso[format]
	}
	return nil
}

func customFormat(f *excelize.File, id int) string {
	if f.Styles.NumFmts == nil {
		return ""
	}
	for _, format := range f.Styles.NumFmts.NumFmt {
		if format != nil && format.NumFmtID == id {
			return format.FormatCode
		}
	}
	return ""
}

// isoOf is the ISO form of a number format; "" where it is not of dates. The first numbers are Excel's own formats,
// the rest of them dates of other countries.
func isoOf(id int, custom string) string {
	if custom != "" {
		return isoOfCustom(custom)
	}
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return isoDate
	case id == 18, id == 20, id == 32, id == 34, id == 55:
		return isoTime
	case id == 19, id == 21, id == 33, id == 35, id == 56:
		return isoTimeSecs
	case id == 22:
		return isoMinutes
	}
	return ""
}

func isoOfCustom(format string) string {
	letters := formatLetters(format)
	has := func(signs string) bool { return strings.ContainsAny(letters, signs) }
	switch {
	case letters == "general" || !has("ydhms"):
		return ""
	case has("yd") && has("h") && has("s"):
		return isoSeconds
	case has("yd") && has("h"):
		return isoMinutes
	case has("yd") || !has("hs"):
		return isoDate
	case has("h") && has("s"):
		return isoTimeSecs
	case has("h"):
		return isoTime
	}
	return "" // minutes and seconds alone are how long something takes
}

// formatLetters is what of a number format speaks of the number: without quoted words, escaped signs, colours and
// conditions, and of several parts the first. A length of time ([h]:mm) has nothing left but its minutes.
func formatLetters(format string) string {
	var kept []rune
	runes := []rune(strings.ToLower(format))
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case ';':
			return string(kept)
		case '\\', '_', '*':
			i++
		case '"':
			i += max(slices.Index(runes[i+1:], '"')+1, 0)
		case '[':
			if i+1 < len(runes) && strings.ContainsRune("hms", runes[i+1]) {
				return "" // a length of time, not a time of day
			}
			i += max(slices.Index(runes[i+1:], ']')+1, 0)
		default:
			kept = append(kept, r)
		}
	}
	return string(kept)
}
