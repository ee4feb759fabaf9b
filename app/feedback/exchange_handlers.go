package feedback

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/web"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

const (
	mostExchangeBytes = 64 << 20 // of a file that is sent
	mostKeptBytes     = 8 << 20  // of what is sent again to bring it in
)

func exchangeRoutes(shell *web.Shell, h themeHandlers) {
	shell.Staff.GET(themesHome+"/import", accounts.ManageFeedback, h.importForm)
	shell.Staff.POST(themesHome+"/import", accounts.ManageFeedback, h.importCheck, web.BodyLimit(mostExchangeBytes+1<<20), web.Timeout(web.DownloadTimeout))
	shell.Staff.POST(themesHome+"/import/do", accounts.ManageFeedback, h.importDo, web.BodyLimit(mostKeptBytes+1<<20))
	for _, format := range []sheet.Format{sheet.FormatCSV, sheet.FormatXLSX} {
		shell.Staff.GET(themesHome+"."+string(format), accounts.ManageFeedback, h.export(format), web.Timeout(web.DownloadTimeout))
	}
	shell.Staff.GET(themesHome+".qdc", accounts.ManageFeedback, h.send("themes.qdc", "application/xml", h.service.WriteThemeExchange), web.Timeout(web.DownloadTimeout))
	shell.Staff.GET(themesHome+".qdpx", accounts.ManageFeedback, h.send("themes.qdpx", "application/zip", h.service.WriteProject), web.Timeout(web.DownloadTimeout))
}

func (h themeHandlers) export(format sheet.Format) echo.HandlerFunc {
	return func(c echo.Context) error {
		return web.Export(c, "themes", format, func() (sheet.Table, error) {
			return h.service.ExportThemes(c.Request().Context(), format)
		})
	}
}

// send sends a file that is made whole first.
func (h themeHandlers) send(name, contentType string, write func(context.Context, io.Writer) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		var file bytes.Buffer
		if c.Request().Method != http.MethodHead {
			if err := write(c.Request().Context(), &file); err != nil {
				return err
			}
		}
		return h.shell.SendFile(c, name, contentType, file.Bytes())
	}
}

func (h themeHandlers) importForm(c echo.Context) error {
	return h.showImport(c, http.StatusOK, pages.ThemeFileView{})
}

func (h themeHandlers) showImport(c echo.Context, status int, v pages.ThemeFileView) error {
	title := "Bring in a codebook"
	if v.Checked {
		title = "What the file would do"
	}
	return h.render(c, status, web.Page{Title: title, Body: pages.ThemeFile(v), Before: pages.ThemesBack("All themes", themesHome), Errors: len(v.Errors) > 0})
}

func (h themeHandlers) importCheck(c echo.Context) error {
	name, data, err := web.File(c, "file", mostExchangeBytes)
	if err != nil {
		return err
	}
	file, err := readThemeFile(name, data)
	if messages, refused := web.FieldErrors(err); refused {
		return h.showImport(c, http.StatusUnprocessableEntity, pages.ThemeFileView{Errors: messages})
	}
	if err != nil {
		return err
	}
	return h.showChecked(c, http.StatusOK, file, nil)
}

// readThemeFile reads a file of any of the kinds.
func readThemeFile(name string, data []byte) (file ThemeFile, err error) {
	atFile := func(message string) error { return fault.Fields{{Name: "file", Message: message}}.Err() }
	if len(data) == 0 {
		return file, atFile("Choose a file")
	}
	if len(data) > mostExchangeBytes {
		return file, atFile(fmt.Sprintf("The file is too large: it may have %d MB", mostExchangeBytes>>20))
	}
	lower, r := strings.ToLower(name), bytes.NewReader(data)
	if strings.HasSuffix(lower, ".qdc") || strings.HasSuffix(lower, ".qdpx") {
		file, err = ReadThemeExchange(name, r, r.Size())
	} else {
		file, err = ReadThemeSheet(name, r, r.Size())
	}
	return file, err
}

// showChecked shows what a file would do.
func (h themeHandlers) showChecked(c echo.Context, status int, file ThemeFile, messages []nhs.FieldError) error {
	done, err := h.service.ImportThemes(c.Request().Context(), file, ThemeImportOptions{DryRun: true, SkipBad: true})
	if refusal, refused := web.FieldErrors(err); refused {
		return h.showImport(c, http.StatusUnprocessableEntity, pages.ThemeFileView{Errors: refusal})
	}
	if err != nil {
		return err
	}
	kept, err := keptFile(file)
	if err != nil {
		return h.showImport(c, http.StatusUnprocessableEntity, pages.ThemeFileView{Errors: []nhs.FieldError{{Field: "file", Text: "The codebook has too many words to look at here. Use the command import themes"}}})
	}
	v := importView(file, done)
	v.Kept, v.Errors = kept, messages
	return h.showImport(c, status, v)
}

func (h themeHandlers) importDo(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	file, err := fileFrom(posted.Text("kept"))
	if err != nil {
		return err
	}
	done, err := h.service.ImportThemes(c.Request().Context(), file, ThemeImportOptions{SkipBad: posted.Text("skip_bad") != ""})
	if err == nil && done.Bad > 0 && done.Entry.ID == 0 && posted.Text("skip_bad") == "" {
		return h.showChecked(c, http.StatusUnprocessableEntity, file, []nhs.FieldError{{Field: "skip_bad", Text: "Some rows cannot be used. Mend them in the file, or leave them out"}})
	}
	return h.done(c, err, themesHome, fmt.Sprintf("%d added, %d changed, %d the same as before.", done.Added, done.Changed, done.Same))
}

// keptFile packs what was read of a file, so that the page can send it again.
func keptFile(file ThemeFile) (string, error) {
	packed, err := json.Marshal(file)
	if err != nil || len(packed) > mostKeptBytes*3/4 {
		return "", fmt.Errorf("pack a codebook of %d themes: %w", len(file.Themes), err)
	}
	return base64.StdEncoding.EncodeToString(packed), nil
}

// fileFrom unpacks it. It is checked like any file: it comes from outside.
func fileFrom(kept string) (file ThemeFile, err error) {
	packed, err := base64.StdEncoding.DecodeString(kept)
	if err == nil {
		err = json.Unmarshal(packed, &file)
	}
	if err != nil {
		return file, fault.Wrap(fault.Invalid, "We could not read the form. Go back, and choose the file again.", err)
	}
	return file, nil
}

func importView(file ThemeFile, done ThemeImport) pages.ThemeFileView {
	v := pages.ThemeFileView{Checked: true, Name: file.Name, Bad: done.Bad}
	v.Facts = []string{counted(done.Added, "theme is new", "themes are new"), counted(done.Changed, "theme changes", "themes change"), counted(done.Same, "theme stays as it is", "themes stay as they are")}
	if done.Bad > 0 {
		v.Facts = append(v.Facts, counted(done.Bad, "row cannot be used", "rows cannot be used"))
	}
	if len(file.Unknown) > 0 {
		v.Facts = append(v.Facts, "These columns are left out: "+strings.Join(file.Unknown, ", "))
	}
	if len(file.LeftOut) > 0 {
		v.Facts = append(v.Facts, "This is left out: "+strings.Join(file.LeftOut, ", "))
	}
	words := map[string]string{"added": "It is added", "changed": "It is changed"}
	for _, r := range done.Themes {
		if r.What == "same" {
			continue
		}
		row := pages.ThemeFileRow{Line: fmt.Sprint(r.Line), Name: r.Name, What: words[r.What]}
		if r.What == "bad" {
			row.What = "It cannot be used. " + r.Why
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
