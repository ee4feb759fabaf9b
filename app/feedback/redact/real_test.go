package redact

import (
	"encoding/csv"
	"os"
	"testing"
)

// realComments are comments that their publisher has stripped of personal data: what is found in them is not there.
const realComments = "/work/shared/data/nhs-fft/coded-comments.csv"

func TestFewFalseAlarmsInWhatPeopleReallyWrote(t *testing.T) {
	f, err := os.Open(realComments)
	if err != nil {
		t.Skipf("SKIPPED: the real comments are not here (%s), so false alarms are counted in made-up ones alone", realComments)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	alarms, kinds := 0, map[Kind]int{}
	for _, row := range rows[1:] {
		found := Find(row[5])
		if len(found) > 0 {
			alarms++
		}
		for _, f := range found {
			kinds[f.Kind]++
			if os.Getenv("SHOW_FOUND") != "" {
				t.Logf("%s: %q in %.120q", f.Kind, row[5][f.Start:f.End], row[5][max(0, f.Start-30):])
			}
		}
	}
	t.Logf("found something in %d of %d comments: %v", alarms, len(rows)-1, kinds)
	if float64(alarms) > falseAlarms*float64(len(rows)-1) {
		t.Errorf("false alarms in %d of %d comments", alarms, len(rows)-1)
	}
}
