package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"conversations/app/fault"

	"github.com/xuri/excelize/v2"
)

// aboutSheet says what the file is. It comes first, so that nobody takes an old or a filtered list for all there is.
const (
	aboutSheet = "About"
	aboutFirst = "What" // the first words on it
)

// XLSX writes a table as an Excel workbook: first a sheet that says what it is, when and by whom it was made and what
// was chosen; on the second the rows. Rows wait in a temporary file, not in memory, and nothing is written to w before
// the last has come: an error of rows leaves w untouched. More rows than a sheet can hold are an Invalid fault.
func XLSX(w io.Writer, head []string, rows iter.Seq2[[]any, error], o Options) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	name := sheetName(o.Name)
	if err := errors.Join(f.SetSheetName(f.GetSheetName(0), aboutSheet), second(f.NewSheet(name))); err != nil {
		return fmt.Errorf("make the sheets: %w", err)
	}
	count, err := writeRows(f, name, head, rows, o, bold)
	if err != nil {
		return err
	}
	if err := writeAbout(f, count, o, bold); err != nil {
		return fmt.Errorf("write what the file is: %w", err)
	}
	// The library would put the whole file together in memory first.
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	_, err = f.WriteToBuffer()
	return err
}

func second[T any](_ T, err error) error { return err }

// sheetName is a name that Excel accepts: without some signs, at most 31 letters, and not the first sheet's.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name)
	if letters := []rune(name); len(letters) > excelize.MaxSheetNameLength {
		name = string(letters[:excelize.MaxSheetNameLength])
	}
	if name = strings.TrimSpace(name); name == "" || strings.EqualFold(name, aboutSheet) {
		return "Data"
	}
	return name
}

func writeRows(f *excelize.File, name string, head []string, rows iter.Seq2[[]any, error], o Options, bold int) (count int, err error) {
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return 0, err
	}
	if err := frame(out, len(head)); err != nil {
		return 0, err
	}
	line := make([]any, len(head))
	for i, title := range head {
		line[i] = excelize.Cell{StyleID: bold, Value: title}
	}
	if err := out.SetRow("A1", line); err != nil {
		return 0, err
	}
	for row, err := range rows {
		if err != nil {
			return count, err
		}
		if len(row) != len(head) {
			return count, fmt.Errorf("a row has %d cells under %d headings", len(row), len(head))
		}
		count++
		if count >= excelize.TotalRows {
			return count, fault.New(fault.Invalid, "There are more rows than a spreadsheet can hold. Choose fewer, or take the CSV file.")
		}
		for i, value := range row {
			line[i] = xlsxCell(value, o)
		}
		if err := out.SetRow(fmt.Sprintf("A%d", count+1), line); err != nil {
			return count, err
		}
	}
	return count, out.Flush()
}

// frame keeps the headings in view and gives the columns a width to read in.
func frame(out *excelize.StreamWriter, columns int) error {
	return errors.Join(out.SetColWidth(1, max(columns, 1), 18),
		out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// xlsxCell keeps numbers as numbers. All else is text, which a workbook never runs; empty cells are left out.
func xlsxCell(value any, o Options) any {
	if _, ok := number(value); ok {
		return value
	}
	if t := text(value, o.zone()); t != "" {
		return t
	}
	return nil
}

func writeAbout(f *excelize.File, count int, o Options, bold int) error {
	lines := [][2]string{{aboutFirst, o.Name}, {"Made", text(o.At, o.zone())}, {"By", o.By}, {"Rows", fmt.Sprint(count)}}
	if len(o.Filter) == 0 {
		lines = append(lines, [2]string{"Chosen", "Everything"})
	}
	lines = append(lines, o.Filter...)
	for i, line := range lines {
		at := fmt.Sprintf("A%d", i+1)
		if err := f.SetSheetRow(aboutSheet, at, &[]any{line[0], line[1]}); err != nil {
			return err
		}
	}
	return errors.Join(f.SetColWidth(aboutSheet, "A", "A", 18), f.SetColWidth(aboutSheet, "B", "B", 60), f.SetCellStyle(aboutSheet, "A1", fmt.Sprintf("A%d", len(lines)), bold))
}
