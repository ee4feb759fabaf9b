package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommentsAreImportedFromAFileAndExportedAgain(t *testing.T) {
	folder := t.TempDir()
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "comments.db")}
	run := func(args ...string) (int, string) {
		code, out, errs := runWith(t, environ, append([]string{"--config", "../../config.yaml"}, args...)...)
		return code, out + errs
	}
	file, written := filepath.Join(folder, "comments.csv"), filepath.Join(folder, "out.csv")
	const rows = "id,comment,source,event,locality,service,date,themes,shoe size\na1,Ring me on 01632 960123 about the bus,letter,,dacorum,,2017-01-31,,5\n"
	for _, step := range []struct {
		what, content string
		args          []string
		code          int
		says          []string
	}{
		{"a check", rows + "a2,,,,,,,,\n", []string{"import", "comments", file, "--dry-run"}, failed, []string{"line 3: There is no comment", "1 new, 0 here already, 1 bad", "left out: shoe size"}},
		{"without the bad row", rows + "a2,,,,,,,,\n", []string{"import", "comments", file, "--skip-bad"}, done, []string{"1 new", "/staff/feedback/imports/1"}},
		{"again", rows, []string{"import", "comments", file}, done, []string{"0 new, 1 here already, 0 bad", "nothing new"}},
		{"no table", "id\n1\n", []string{"import", "comments", file}, misused, []string{"no column that is called comment"}},
		{"out", rows, []string{"export", "comments", written}, done, []string{written}},
		{"the export in again", "", []string{"import", "comments", written}, done, []string{"0 new, 1 here already, 0 bad"}},
	} {
		if err := os.WriteFile(file, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		code, said := run(step.args...)
		if code != step.code {
			t.Errorf("%s: exit %d\n%s", step.what, code, said)
		}
		for _, want := range step.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not say %q:\n%s", step.what, want, said)
			}
		}
	}
	content, err := os.ReadFile(written)
	if err != nil || strings.Contains(string(content), "960123") || !strings.HasPrefix(string(content), "id,comment,source,event,locality,service,date,themes,") {
		t.Errorf("the export is %q, %v", content, err)
	}
}
