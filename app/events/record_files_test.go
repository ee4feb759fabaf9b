package events_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/events"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

var aPDF = []byte("%PDF-1.7\nnot much of one")

// packed is a zip file with files of these names in it; a name may bring its content behind "=".
func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, file := range files {
		name, content, _ := strings.Cut(file, "=")
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func aPicture(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatAFileIsIsFoundInIt(t *testing.T) {
	h := newHouse(t)
	e := h.held(t)
	for name, c := range map[string]struct {
		data     []byte
		kind     string // "" is refused
		download string
	}{
		"slides.pdf":         {aPDF, "application/pdf", "slides.pdf"},
		"slides.exe":         {aPDF, "application/pdf", "slides.pdf"},
		`C:\temp\notes.docx`: {packed(t, "[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "notes.docx"},
		"sums.xlsx":          {packed(t, "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sums.xlsx"},
		"open.odt":           {packed(t, "mimetype=application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text", "open.odt"},
		"photo.png":          {aPicture(t), "image/png", "photo.png"},
		"macros.docm":        {packed(t, "word/document.xml", "word/vbaProject.bin"), "", ""},
		"other.zip":          {packed(t, "a.txt"), "", ""},
		"page.pdf":           {[]byte("<html><script>alert(1)</script>"), "", ""},
		"drawing.png":        {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "", ""},
		"empty.pdf":          {nil, "", ""},
		"large.pdf":          {append(bytes.Clone(aPDF), make([]byte, h.cfg.Records.FileBytes)...), "", ""},
	} {
		f, err := h.AddFile(h.ctx, e.ID, events.NewFile{Name: name, Title: "A file", Data: c.data})
		switch {
		case c.kind == "" && messages(t, err)["file"] == "":
			t.Errorf("%s was taken as %s: %v", name, f.ContentType, err)
		case c.kind != "" && (err != nil || f.ContentType != c.kind || f.Name != c.download):
			t.Errorf("%s became %q, %s: %v", name, f.Name, f.ContentType, err)
		}
	}
}

func TestAFileIsForEverybodyOnlyWithAPublicRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		e := h.held(t)
		f, err := h.AddFile(h.ctx, e.ID, events.NewFile{Name: "slides.pdf", Title: "Slides", Data: aPDF})
		if err != nil {
			t.Fatal(err)
		}
		seen := func() bool {
			got, err := h.PublicFile(context.Background(), e.Slug, f.ID)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				t.Fatal(err)
			}
			return err == nil && bytes.Equal(got.Data, aPDF)
		}
		r := h.save(t, e.ID, line(minutes.Point, "", "It went well"))
		if err := h.ShowFile(h.ctx, e.ID, f.ID, true); err != nil || seen() {
			t.Fatalf("a file of a draft is public: %v", err)
		}
		r, _ = h.ApproveRecord(h.ctx, e.ID, r.Version)
		r, _ = h.PublishRecord(h.ctx, e.ID, r.Version)
		if !seen() {
			t.Error("a public file of a public record is not there")
		}
		if err := h.ShowFile(h.ctx, e.ID, f.ID, false); err != nil || seen() {
			t.Errorf("a file for staff is public: %v", err)
		}
		if err := h.ShowFile(h.ctx, e.ID+1, f.ID, true); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a file was reached through another event: %v", err)
		}
		if err := h.RemoveFile(h.ctx, e.ID, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.File(h.ctx, e.ID, f.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a removed file is there: %v", err)
		}
	})
}

// upload sends a form with a file as a browser does.
func (s site) upload(t testing.TB, path, name string, data []byte, fields map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	w, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.send(s.staff, r)
}

func TestAFileIsSentAndDownloadedAndNotShown(t *testing.T) {
	s := newSite(t)
	e := s.held(t)
	path := fmt.Sprintf("/staff/events/%d/record", e.ID)
	if w := s.upload(t, path+"/files", "Fólien \"1\".pdf", aPDF, map[string]string{"title": "Slides <1>", "public": "yes"}); w.Code != 303 {
		t.Fatalf("%d\n%s", w.Code, w.Body)
	}
	wants(t, s.staffGet(t, path, 200), "Slides <1>", "PDF, 1 KB", "Public with the record")
	w := s.send(s.staff, httptest.NewRequest("GET", path+"/files/1", nil))
	if h := w.Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "application/pdf" ||
		!bytes.Equal(w.Body.Bytes(), aPDF) {
		t.Errorf("%d %v", w.Code, h)
	}
	s.get(t, "/events/"+e.Slug+"/files/1", 404)
	if w := s.upload(t, path+"/files", "big.pdf", append(bytes.Clone(aPDF), make([]byte, s.cfg.Records.FileBytes)...), map[string]string{"title": "Big"}); w.Code != 422 ||
		!strings.Contains(w.Body.String(), "must be smaller than 10 MB") || !strings.Contains(w.Body.String(), `value="Big"`) {
		t.Errorf("a file that is too large: %d\n%s", w.Code, w.Body)
	}
	wants(t, s.post(t, path+"/files", nil, 422), "Choose a file", "Say what the file is")
	s.post(t, path+"/files/1", map[string][]string{"do": {"hide"}}, 303)
	wants(t, s.staffGet(t, path, 200), "Staff only")
	s.post(t, path+"/files/1", map[string][]string{"do": {"remove"}}, 303)
	wants(t, s.staffGet(t, path, 200), "There are no files yet")
}
