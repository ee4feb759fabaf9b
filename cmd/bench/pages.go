package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"

	"github.com/labstack/echo/v4"
)

const (
	pagesAtOnce   = 64
	pagesPerRound = 40000
)

// eventsPage compares the list of events with a bare Echo handler that sends the same bytes from a process of its own.
func eventsPage(ctx context.Context) (row, error) {
	var slugs []string
	for i := range 12 {
		slugs = append(slugs, fmt.Sprintf("bench-%d", i))
	}
	s, err := startSite(ctx, slugs, 100)
	if err != nil {
		return row{}, err
	}
	defer s.stop()
	bare, addr, err := startBare(ctx, "http://"+s.addr+"/events")
	if err != nil {
		return row{}, err
	}
	defer func() {
		_ = bare.Process.Kill()
		_ = bare.Wait()
	}()
	get := func(addr string) func() (float64, error) {
		request := fmt.Appendf(nil, "GET /events HTTP/1.1\r\nHost: %s\r\n\r\n", addr)
		return func() (float64, error) {
			return load(addr, pagesAtOnce, pagesPerRound, 200, func(int) []byte { return request })
		}
	}
	a, b, ratio, err := paired(get(s.addr), get(addr))
	return row{
		what: "events page beside a bare Echo handler, the same bytes", ours: fmt.Sprintf("%.0f/s", a), limit: fmt.Sprintf("%.0f/s", b), ratio: ratio, goal: 0.5,
	}, err
}

// startBare fetches a page and has a second process of this program serve its bytes.
func startBare(ctx context.Context, page string) (*exec.Cmd, string, error) {
	response, err := http.Get(page)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	addr, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	cmd := exec.CommandContext(ctx, os.Args[0], "bare", addr)
	cmd.Stdin, cmd.Stderr = response.Body, os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	return cmd, addr, waitFor("http://" + addr + "/events")
}

// serveBare serves what stands on standard input, as plainly as Echo can.
func serveBare(addr string) error {
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	length := strconv.Itoa(len(body))
	e.GET("/events", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentLength, length)
		return c.HTMLBlob(http.StatusOK, body)
	})
	return e.Start(addr)
}
