package browsertest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"conversations/app/apptest"
)

func TestEveryPageIsValidHTML(t *testing.T) {
	w := newWorld(t)
	folder, cookie := t.TempDir(), w.session()
	var names strings.Builder
	for i, s := range w.sights(t) {
		file := filepath.Join(folder, fmt.Sprintf("%03d.html", i))
		fmt.Fprintf(&names, "%03d.html is %s\n", i, s.name())
		must(t, os.WriteFile(file, w.read(t, s, cookie), 0o600))
	}
	if out, err := validate(t, folder); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, names.String())
	}
	bad := t.TempDir()
	must(t, os.WriteFile(filepath.Join(bad, "bad.html"), []byte(badPage), 0o600))
	if out, err := validate(t, bad); err == nil || !strings.Contains(out, "bad.html") {
		t.Fatalf("a page that is not valid was not found: %v\n%s", err, out)
	}
}

// validate runs html-validate over a folder; what is wrong comes back with the error.
func validate(t *testing.T, folder string) (string, error) {
	t.Helper()
	root, err := filepath.Abs(apptest.Root(t))
	must(t, err)
	out, err := exec.Command("node", filepath.Join(root, "node_modules/html-validate/bin/html-validate.mjs"),
		"--config", filepath.Join(root, ".htmlvalidate.json"), "--formatter", "text", folder).CombinedOutput()
	return strings.ReplaceAll(string(out), folder+"/", ""), err
}

// read asks for a page as it comes, without a browser; the cookie goes to the staff's pages only.
func (w *world) read(t *testing.T, s sight, cookie *http.Cookie) []byte {
	t.Helper()
	method := http.MethodGet
	if s.send != nil {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, w.URL+s.path, strings.NewReader(s.send.Encode()))
	must(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.staff {
		request.AddCookie(cookie)
	}
	response, err := w.Client.Do(request)
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	if response.StatusCode != s.status {
		t.Errorf("%s answered %d and not %d", s.name(), response.StatusCode, s.status)
	}
	return body
}
