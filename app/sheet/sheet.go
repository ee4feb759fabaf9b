// Package sheet writes and reads tables of spreadsheets, CSV and XLSX, one row at a time: a list of any length leaves the
// program, and comes in, without being held in memory. What people typed can never run as a formula when the file is opened.
package sheet

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"

	"conversations/app/fault"
)

// Format is the kind of a file.
type Format string

// The formats.
const (
	FormatCSV  Format = "csv"
	FormatXLSX Format = "xlsx"
)

// FormatOf tells a file's format by the ending of its name; an Invalid fault where it is neither.
func FormatOf(name string) (Format, error) {
	switch f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))); f {
	case FormatCSV, FormatXLSX:
		return f, nil
	}
	return "", fault.New(fault.Invalid, fmt.Sprintf("%s: the name of the file must end in .csv or .xlsx", name))
}

// MediaType is what a browser is told that the file is.
func (f Format) MediaType() string {
	if f == FormatXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Options say what a table is, and how it is written. The zero Options write a plain CSV with times in UTC.
type Options struct {
	Name   string         // of what is in it: "Bookings"; the XLSX's data sheet is called so
	At     time.Time      // when it was written
	By     string         // who had it written
	Filter [][2]string    // what was chosen, in words: {"Status", "Booked"}; none is everything
	Zone   *time.Location // of all times in it; nil is UTC
	BOM    bool           // CSV begins with a byte order mark, by which Excel knows UTF-8
}

// Table is a table on its way out.
type Table struct {
	Head    []string
	Rows    iter.Seq2[[]any, error] // a row's cells, or the error that ends the table
	Options Options
}

// Write writes a table in the given format. See CSV and XLSX.
func Write(w io.Writer, f Format, t Table) error {
	if f == FormatXLSX {
		return XLSX(w, t.Head, t.Rows, t.Options)
	}
	return CSV(w, t.Head, t.Rows, t.Options)
}

// text is a cell's value as text: times with their offset (ISO 8601), yes and no, lists parted by |, nothing for nil.
func text(value any, zone *time.Location) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return yesNo(v)
	case time.Time:
		return v.In(zone).Format(time.RFC3339)
	case *time.Time:
		if v == nil {
			return ""
		}
		return v.In(zone).Format(time.RFC3339)
	case []string:
		return strings.Join(v, "|")
	}
	return fmt.Sprint(value)
}

func yesNo(v bool) string {
	if v {
		return "yes"
	}
	return "no"
}

// number is a value that a spreadsheet may count with.
func number(value any) (text string, ok bool) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), true
	default:
		return "", false
	}
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}
