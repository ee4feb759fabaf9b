package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestContactsAreImportedFromAFile(t *testing.T) {
	folder := t.TempDir()
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "import.db")}
	bring := func(args ...string) (int, string, string) {
		return runWith(t, environ, append([]string{"--config", "../../config.yaml", "import", "contacts"}, args...)...)
	}
	file := filepath.Join(folder, "contacts.csv")
	write := func(rows string) {
		if err := os.WriteFile(file, []byte("email,name,organisation,groups,localities,consent,consent_date,consent_source,shoe size\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const good = "ada@residents.example,Ada Example,,residents,dacorum,yes,2017-01-31,a form,5\nben@residents.example,Ben Example,,media,,no,,,\n"
	write(good + "cleo,Cleo Example,,,,,,,\n")
	mended := filepath.Join(folder, "bad.csv")
	for _, step := range []struct {
		what string
		args []string
		code int
		says []string
	}{
		{"a dry run", []string{file, "--dry-run"}, failed, []string{"2 new", "1 bad", "line 4 (Cleo Example, cleo): “cleo” is not an email address", "left out: shoe size", "nothing was imported"}},
		{"a list with a bad row", []string{file, "--bad", mended}, failed, []string{"1 row cannot be used, so nothing was imported", mended}},
		{"without the bad row", []string{file, "--skip-bad"}, done, []string{"2 new", "The list is imported."}},
		{"again", []string{file, "--skip-bad"}, done, []string{"0 new, 0 changed, 2 with nothing new", "nothing new to import"}},
		{"no file", []string{filepath.Join(folder, "none.csv")}, failed, []string{"none.csv"}},
		{"a picture", []string{picture(t, folder)}, misused, []string{"This is not a table that can be read"}},
		{"a group that is none", []string{file, "--basis", "because"}, misused, []string{"Choose why we may write to them"}},
	} {
		code, out, errs := bring(step.args...)
		said := out + errs
		if code != step.code {
			t.Errorf("%s: exit %d\n%s", step.what, code, said)
		}
		for _, want := range step.says {
			if !strings.Contains(said, want) && want != mended {
				t.Errorf("%s does not say %q:\n%s", step.what, want, said)
			}
		}
	}
	bad, err := os.ReadFile(mended)
	if err != nil || !strings.Contains(string(bad), "cleo,Cleo Example,,,,,,,,4,bad,\"“cleo” is not an email address") {
		t.Errorf("the bad rows are %q, %v", bad, err)
	}
}

func picture(t *testing.T, folder string) string {
	t.Helper()
	file := filepath.Join(folder, "picture.csv")
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
