package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
)

// File is a file of a posted form with the name it was sent under, or nothing where none was chosen. It reads one byte
// more than limitBytes, so that what is larger is seen to be. The route's BodyLimit must leave room for it.
func File(c echo.Context, field string, limitBytes int64) (name string, data []byte, err error) {
	header, err := c.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, "We could not read the file. Go back, and send it again.", err)
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = file.Close() }()
	var content bytes.Buffer
	_, err = content.ReadFrom(io.LimitReader(file, limitBytes+1))
	return header.Filename, content.Bytes(), err
}
