// Package apptest runs the whole program for a test: in the test's own process on a fresh database with its mail
// caught, or as a process of its own that can be killed.
package apptest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"conversations"
	"conversations/app"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database/databasetest"
	"conversations/app/devmail"
	"conversations/app/events"
)

// Site is a running program.
type Site struct {
	t      testing.TB
	URL    string
	App    *app.App
	Mail   *devmail.Box
	Client *http.Client // follows no redirects and keeps no cookies
}

// Ctx is the context of the program itself, which may do everything.
func (s *Site) Ctx() context.Context { return audit.AsSystem(context.Background()) }

// Start runs the program on a fresh SQLite file until the test ends. settings overlay the configuration, as
// CONVERSATIONS_… variables.
func Start(t testing.TB, settings ...string) *Site {
	t.Helper()
	return StartOn(t, databasetest.SQLite(t), settings...)
}

// StartOn is Start on a database that is there already.
func StartOn(t testing.TB, address string, settings ...string) *Site {
	t.Helper()
	box, err := devmail.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mailServer, err := box.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + listener.Addr().String()
	cfg, err := config.Parse(conversations.Config, append(Settings(address, base, mailServer.Port), settings...))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	a, err := app.New(ctx, cfg, Log(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	devmail.Routes(a.Shell, box)
	stopped := make(chan error, 1)
	go func() { stopped <- a.RunOn(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("the program ended with %v", err)
		}
		_ = a.Close()
		_ = mailServer.Close()
	})
	return &Site{t: t, URL: base, App: a, Mail: box, Client: NewClient()}
}

// Settings are the variables that a program under test needs.
func Settings(address, base string, mailPort int) []string {
	return []string{
		"CONVERSATIONS_BASE_URL=" + base, "CONVERSATIONS_HTTP_ADDR=" + strings.TrimPrefix(base, "http://"), "CONVERSATIONS_DATABASE_URL=" + address,
		"CONVERSATIONS_MAIL_HOST=127.0.0.1", "CONVERSATIONS_MAIL_PORT=" + strconv.Itoa(mailPort), "CONVERSATIONS_MAIL_TLS=none",
		"CONVERSATIONS_HTTP_RATE_LIMITS_BOOKINGS_PER_HOUR=1000000", "CONVERSATIONS_HTTP_RATE_LIMITS_SIGN_INS_PER_HOUR=1000000",
		"CONVERSATIONS_STAFF_REQUIRE_CODE=false",
	}
}

// NewClient is a browser of the plainest kind: it follows no redirects.
func NewClient() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 128},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Log shows the program's warnings where the test fails or runs with -v.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(writer{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

type writer struct{ t testing.TB }

func (w writer) Write(p []byte) (int, error) {
	defer func() { _ = recover() }() // a line that comes after the test's end has nowhere to go
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// Answer is what came back: the status, where it leads, and the page.
type Answer struct {
	Status   int
	Location string
	Header   http.Header
	Body     string
}

// Get asks for a page.
func (s *Site) Get(path string) Answer {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.address(path), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(request)
}

// Post sends a form.
func (s *Site) Post(path string, form url.Values) Answer {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.address(path), strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(request)
}

// address takes a path, or a whole address of the site as a mail has it.
func (s *Site) address(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return s.URL + path
}

func (s *Site) do(request *http.Request) Answer {
	s.t.Helper()
	response, err := s.Client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header.Get("Location"), response.Header, string(body)}
}

// OpenEvent publishes an event two weeks from now that takes bookings.
func (s *Site) OpenEvent(slug string, capacity, maxParty int) events.Event {
	s.t.Helper()
	return OpenEvent(s.t, s.App.Events, slug, capacity, maxParty)
}

// OpenEvent publishes an event two weeks from now that takes bookings.
func OpenEvent(t testing.TB, service *events.Service, slug string, capacity, maxParty int) events.Event {
	t.Helper()
	ctx := audit.AsSystem(context.Background())
	day := time.Now().AddDate(0, 0, 14)
	e, err := service.Create(ctx, events.Form{
		Title: "Conversation event in St Albans and Harpenden", Slug: slug, Locality: "st-albans-and-harpenden", LedBy: "A local GP",
		Summary: "Talk with local GPs about health and care.", Description: "Come and *talk* with us.\n\n- Tea from 6.30pm\n- Everybody is welcome",
		Schedule: events.Schedule{
			StartsDay: strconv.Itoa(day.Day()), StartsMonth: strconv.Itoa(int(day.Month())), StartsYear: strconv.Itoa(day.Year()), StartsTime: "7pm", EndsTime: "9pm",
		},
		Venue:    events.Venue{VenueName: "Example Hall", VenueAddress: "1 Example Street, St Albans", VenuePostcode: "AL1 1AA", StepFree: "Step-free from the street."},
		Capacity: strconv.Itoa(capacity), MaxParty: strconv.Itoa(maxParty), WaitingList: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if e, err = service.Publish(ctx, e.ID); err != nil {
		t.Fatal(err)
	}
	return e
}

// Eventually waits until the condition holds; after a minute the test fails with what was waited for.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline.C:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// Root is the project's top folder.
func Root(t testing.TB) string {
	t.Helper()
	for _, up := range []string{".", "..", "../..", "../../.."} {
		if _, err := os.Stat(up + "/go.mod"); err == nil {
			return up
		}
	}
	t.Fatal("the project's top folder is not above this one")
	return ""
}
