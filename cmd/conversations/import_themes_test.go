package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestACodebookIsImportedFromAFileAndWrittenToOne(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + in("themes.db")}
	const rows = "code,parent,name,definition,mood\nbus,access,Buses,How the bus runs,5\naccess,,Access,Getting in,4\n"
	for name, content := range map[string]string{"good.csv": rows, "bad.csv": rows + "lost,nowhere,Lost,,\n,,No code,,\n", "bad.qdc": "<!DOCTYPE x><CodeBook/>"} {
		if err := os.WriteFile(in(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		what string
		args []string
		code int
		says []string
	}{
		{"a dry run", []string{"import", "themes", in("bad.csv"), "--dry-run"}, failed, []string{"2 new", "2 bad", `line 4 (Lost): There is no theme "nowhere" to stand below`, "line 5 (No code): There is no code", "left out: mood", "nothing was imported"}},
		{"a file with bad rows", []string{"import", "themes", in("bad.csv")}, failed, []string{"nothing was imported"}},
		{"without them", []string{"import", "themes", in("bad.csv"), "--skip-bad"}, done, []string{"2 new", "The codebook is imported."}},
		{"again", []string{"import", "themes", in("good.csv")}, done, []string{"0 new, 0 changed, 2 with nothing new", "nothing new to import"}},
		{"a codebook with a document type", []string{"import", "themes", in("bad.qdc")}, misused, []string{"begins with a document type"}},
		{"out", []string{"export", "themes", in("out.csv")}, done, []string{"out.csv is written."}},
		{"and in again", []string{"import", "themes", in("out.csv")}, done, []string{"0 new, 0 changed, 2 with nothing new"}},
		{"out for other programs", []string{"export", "themes", in("out.qdc")}, done, []string{"out.qdc is written."}},
		{"and in again", []string{"import", "themes", in("out.qdc")}, done, []string{"0 new, 0 changed, 2 with nothing new"}},
		{"out with comments", []string{"export", "themes", in("out.qdpx")}, done, []string{"out.qdpx is written."}},
		{"and in again", []string{"import", "themes", in("out.qdpx")}, done, []string{"0 new, 0 changed, 2 with nothing new"}},
	} {
		code, out, errs := runWith(t, environ, append([]string{"--config", "../../config.yaml"}, step.args...)...)
		if code != step.code {
			t.Errorf("%s: exit %d\n%s%s", step.what, code, out, errs)
		}
		for _, want := range step.says {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s does not say %q:\n%s%s", step.what, want, out, errs)
			}
		}
	}
	written, err := os.ReadFile(in("out.csv"))
	if want := "code,name,parent,definition,included,excluded,examples,colour,retired,guid\r\naccess,Access,,Getting in,,,,,no,"; err != nil || !strings.HasPrefix(string(written), want) {
		t.Errorf("the file is %q, %v", written, err)
	}
}
