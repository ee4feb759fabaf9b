package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// order is who may import whom: a package imports only what stands before it.
var order = []string{
	"config", "fault", "database", "audit", "jobs", "links", "mail", "sheet", "files", "atom", "disclosure", "web", "accounts", "contacts", "events", "bookings", "audiences",
	"surveys", "feedback", "newsletters", "documents", "privacy", "site", "demo", "devmail", "app",
}

// knowEcho are the only files that may import Echo, so that the move to its next version is mechanical.
func knowsEcho(pkg, file string) bool {
	return pkg == "web" || strings.Contains(filepath.Base(file), "handlers") || filepath.Base(file) == "routes.go"
}

func TestPackagesImportOnlyToTheLeft(t *testing.T) {
	for file, imports := range importsBelow(t, ".") {
		pkg := packageOf(file)
		place := slices.Index(order, pkg)
		if place < 0 {
			t.Errorf("%s: package %s has no place in the order", file, pkg)
		}
		for _, path := range imports {
			if target, ours := strings.CutPrefix(path, "conversations/app/"); ours {
				target, _, _ = strings.Cut(target, "/")
				if target != pkg && slices.Index(order, target) >= place {
					t.Errorf("%s (%s) imports %s, which stands to its right", file, pkg, target)
				}
			}
			if strings.HasPrefix(path, "github.com/labstack/echo") && !knowsEcho(pkg, file) {
				t.Errorf("%s knows Echo", file)
			}
		}
	}
}

func TestTemplatesImportNothingOfTheProgram(t *testing.T) {
	for file, imports := range importsBelow(t, "../templates") {
		for _, path := range imports {
			if strings.HasPrefix(path, "conversations/app") {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

func packageOf(file string) string {
	first, _, nested := strings.Cut(filepath.ToSlash(file), "/")
	if !nested {
		return "app"
	}
	return first
}

// importsBelow lists what each file below a folder imports; tests are left out.
func importsBelow(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		helper := strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test"+string(filepath.Separator))
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || helper {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[path] = nil
		for _, i := range parsed.Imports {
			found[path] = append(found[path], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("read %s: %d files, %v", folder, len(found), err)
	}
	return found
}
