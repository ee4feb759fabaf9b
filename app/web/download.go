package web

import (
	"bufio"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/sheet"
)

// DownloadTimeout is how long the longest list may take over a slow line: Timeout(DownloadTimeout) on its route.
const DownloadTimeout = 4 * time.Minute

// downloadBytes are held back before anything is sent: a list that fails at once is still answered with an error page.
const downloadBytes = 64 << 10

// Download sends a table as a file called name with the format's ending. HEAD is answered without making it. Where a
// row fails after the first have left, the connection is cut, so that nobody takes half a list for a whole one.
func Download(c echo.Context, name string, f sheet.Format, t sheet.Table) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, f.MediaType())
	h.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name+"."+string(f)))
	h.Set(echo.HeaderCacheControl, "no-store")
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	out := bufio.NewWriterSize(c.Response(), downloadBytes)
	err := sheet.Write(out, f, t)
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		return nil
	}
	if c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	h.Del(echo.HeaderContentDisposition)
	return err
}

// Export sends the table that make gives, as Download does. HEAD does not make it, so that nothing is noted of what does not
// leave. With bom=yes in the address a CSV begins with a byte order mark.
func Export(c echo.Context, name string, f sheet.Format, make func() (sheet.Table, error)) error {
	if c.Request().Method == http.MethodHead {
		return Download(c, name, f, sheet.Table{})
	}
	t, err := make()
	if err != nil {
		return err
	}
	t.Options.BOM = t.Options.BOM || Query(c, "bom") == "yes"
	return Download(c, name, f, t)
}

// SendFile sends a file to be kept and not shown: no browser runs what is in it. The shell adds nosniff.
func (s *Shell) SendFile(c echo.Context, name, contentType string, data []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return s.Bytes(c, http.StatusOK, contentType, data)
}
