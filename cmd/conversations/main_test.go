package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runWith runs the program's main without a process.
func runWith(t *testing.T, environ []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, environ, &o, &e)
	return code, o.String(), e.String()
}

func TestMisuseIsToldApartFromFailure(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "nothing.yaml")
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("base_url: here\nbase_urll: there\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		args []string
		code int
		says string // on standard error; with code 0 on standard output
	}{
		{"no command", nil, misused, "Usage"},
		{"help", []string{"--help"}, done, "serve"},
		{"help for a command", []string{"demo", "--help"}, done, "--addr"},
		{"a misspelt command", []string{"serv"}, misused, `did you mean "serve"?`},
		{"an unknown flag", []string{"serve", "--fast"}, misused, "unknown flag --fast"},
		{"a role that is none", []string{"staff", "add", "a@b.example", "--name", "A", "--role", "boss"}, misused, "must be one of"},
		{"a missing configuration", []string{"migrate", "--config", missing}, failed, missing},
		{"a broken configuration", []string{"migrate", "--config", broken}, failed, "base_urll: there is no such setting"},
		{"a demo for everybody", []string{"demo", "--addr", "0.0.0.0:0", "--data", t.TempDir()}, misused, "127.0.0.1"},
		{"the version", []string{"version"}, done, "conversations"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := runWith(t, nil, c.args...)
			said := errs
			if c.code == done {
				said = out
			}
			if code != c.code || !strings.Contains(said, c.says) {
				t.Fatalf("exit %d\nout: %s\nerr: %s", code, out, errs)
			}
		})
	}
}

func TestStaffAddPrintsAOneTimeLink(t *testing.T) {
	environ := []string{"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(t.TempDir(), "staff.db")}
	add := func(email string) (int, string, string) {
		return runWith(t, environ, "--config", "../../config.yaml", "staff", "add", email, "--name", "Ada Example", "--role", "admin")
	}
	code, out, errs := add("ada@staff.example")
	if code != done || !strings.Contains(out, "http://127.0.0.1:8080/staff/sign-in/") {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := add("ada@staff.example"); code == done || errs == "" {
		t.Fatalf("added twice: exit %d, %q", code, errs)
	}
	if code, _, errs := add("not an address"); code != misused || !strings.Contains(errs, "email") {
		t.Fatalf("a bad address: exit %d, %q", code, errs)
	}
}
