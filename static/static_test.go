package static

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestThePathOfAFileCarriesAMarkOfItsContent(t *testing.T) {
	if got := Path("css/app.css"); !regexp.MustCompile(`^/static/css/app\.css\?v=[0-9a-f]{10}$`).MatchString(got) {
		t.Errorf("Path: %s", got)
	}
	if got := Path("css/none.css"); got != "/static/css/none.css" {
		t.Errorf("Path of a file that is not there: %s", got)
	}
}

// A rule that is left open takes in all that follow it, and they apply nowhere.
func TestEveryRuleOfAStyleIsClosed(t *testing.T) {
	files, err := fs.Glob(FS, "css/*.css")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d styles, %v", len(files), err)
	}
	comments := regexp.MustCompile(`(?s)/\*.*?\*/`)
	for _, name := range files {
		content, err := fs.ReadFile(FS, name)
		if err != nil {
			t.Fatal(err)
		}
		depth := 0
		for n, line := range strings.Split(comments.ReplaceAllString(string(content), ""), "\n") {
			if strings.HasPrefix(line, ".") && depth > 0 {
				t.Fatalf("%s: the rule before %q (line %d without comments) is not closed", name, line, n+1)
			}
			depth += strings.Count(line, "{") - strings.Count(line, "}")
		}
		if depth != 0 {
			t.Errorf("%s: %d rules are not closed", name, depth)
		}
	}
}

// anAddress is one that leads somewhere: a text may begin to be one, as where somebody types it.
var anAddress = regexp.MustCompile(`https?://[A-Za-z0-9]`)

func TestNothingServedNamesAThirdParty(t *testing.T) {
	if err := Ready(); err != nil {
		t.Fatal(err)
	}
	_ = fs.WalkDir(FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, _ := fs.ReadFile(FS, name)
		text := strings.ReplaceAll(string(content), "http://www.w3.org/", "")
		if anAddress.MatchString(text) || strings.Contains(text, "Frutiger") {
			t.Errorf("%s names a third party or the licensed font", name)
		}
		return nil
	})
}
