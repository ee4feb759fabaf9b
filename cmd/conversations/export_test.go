package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestBookingsAreExportedToAFileOfTheKindItsNameSays(t *testing.T) {
	folder := t.TempDir()
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "export.db")}
	export := func(args ...string) (int, string, string) {
		return runWith(t, environ, append([]string{"--config", "../../config.yaml", "export", "bookings"}, args...)...)
	}
	file := filepath.Join(folder, "bookings.csv")
	if code, out, errs := export(file, "--bom"); code != done || !strings.Contains(out, file) {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(content), "\ufeff")
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || strings.Join(lines[0][:10], ",") != "reference,event,locality,status,people,name,email,phone,channel,created_at" {
		t.Errorf("wrote %q, %v", content, err)
	}
	book := filepath.Join(folder, "bookings.xlsx")
	if code, _, errs := export(book); code != done {
		t.Fatalf("exit %d\n%s", code, errs)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	if by, _ := f.GetCellValue("About", "B3"); by != "The command line" {
		t.Errorf("the workbook says that it was made by %q", by)
	}
	if code, _, errs := export(filepath.Join(folder, "bookings.pdf")); code != misused || !strings.Contains(errs, ".csv or .xlsx") {
		t.Errorf("a PDF: exit %d, %s", code, errs)
	}
	if code, _, _ := export(file, "--event", "no-such-event"); code != failed {
		t.Errorf("an event that is not there: exit %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".export-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
