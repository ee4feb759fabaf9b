package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"conversations/app/fault"

	"github.com/xuri/excelize/v2"
)

// What a workbook may hold once it is unpacked, and of each part in memory; longer ones wait in temporary files.
const (
	unpackedBytes = 256 << 20
	memoryBytes   = 1 << 20
)

func openXLSX(file *io.SectionReader, limits Limits) (in *Incoming, err error) {
	defer unlessBroken(&err)
	f, err := excelize.OpenReader(file, excelize.Options{UnzipSizeLimit: unpackedBytes, UnzipXMLSizeLimit: memoryBytes})
	if err != nil {
		return nil, brokenWorkbook(err)
	}
	name, err := dataSheet(f)
	if err == nil {
		err = datesAsISO(f)
	}
	if err != nil {
		return nil, errors.Join(brokenWorkbook(err), f.Close())
	}
	return &Incoming{
		Format: FormatXLSX, Sheet: name, limits: limits,
		rows:  func() iter.Seq2[Row, error] { return xlsxRows(f, name) },
		close: f.Close,
	}, nil
}

// brokenWorkbook keeps the library's words for the log.
func brokenWorkbook(cause error) error {
	return fault.Wrap(fault.Invalid, "The workbook cannot be read. Open it in a spreadsheet program and save it again as an Excel workbook (.xlsx).", cause)
}

// unlessBroken makes an error of it where the library fails at a workbook that was made to break it.
func unlessBroken(err *error) {
	if p := recover(); p != nil {
		*err = brokenWorkbook(fmt.Errorf("the library panicked: %v", p))
	}
}

// dataSheet is the first sheet that can be seen, save for the one by which XLSX says what a file is.
func dataSheet(f *excelize.File) (string, error) {
	for _, name := range f.GetSheetList() {
		seen, err := f.GetSheetVisible(name)
		if err != nil {
			return "", err
		}
		if seen && !saysWhatItIs(f, name) {
			return name, nil
		}
	}
	return "", errors.New("there is no sheet to be seen")
}

func saysWhatItIs(f *excelize.File, name string) bool {
	if name != aboutSheet || len(f.GetSheetList()) == 1 {
		return false
	}
	for row, err := range xlsxRows(f, name) {
		return err == nil && len(row.Cells) > 0 && row.Cells[0] == aboutFirst
	}
	return false
}

func xlsxRows(f *excelize.File, name string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := f.Rows(name)
		if err != nil {
			yield(Row{}, brokenWorkbook(err))
			return
		}
		defer func() { _ = rows.Close() }()
		width := 0
		for line := 1; ; line++ {
			cells, more, err := nextRow(rows)
			if err != nil {
				yield(Row{Line: line}, err)
				return
			}
			if !more {
				return
			}
			if line > excelize.TotalRows { // a row may say that it is any number, and all before it would be gone through
				yield(Row{Line: line}, brokenWorkbook(errors.New("a row has a number that no sheet has")))
				return
			}
			if width == 0 {
				width = filled(cells) // of the headings, which come first
			}
			for len(cells) < width {
				cells = append(cells, "") // a workbook leaves out the empty ones at the end
			}
			if !yield(Row{Line: line, Cells: cells}, nil) {
				return
			}
		}
	}
}

func nextRow(rows *excelize.Rows) (cells []string, more bool, err error) {
	defer unlessBroken(&err)
	if !rows.Next() {
		if err := rows.Error(); err != nil {
			return nil, false, brokenWorkbook(err)
		}
		return nil, false, nil
	}
	if cells, err = rows.Columns(); err != nil {
		return nil, false, brokenWorkbook(err)
	}
	return cells, true, nil
}
