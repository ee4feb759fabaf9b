package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"conversations"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/events"
)

// startWithin is how long a process may take until it answers.
const startWithin = 30 * time.Second

// site is the program as a process of its own, on a SQLite file in a folder that goes afterwards.
type site struct {
	addr   string
	folder string
	cfg    *config.Config
	cmd    *exec.Cmd
}

// startSite builds the program, makes events in its database, and serves it. Mails wait: they are measured elsewhere.
// settings overlay the configuration.
func startSite(ctx context.Context, slugs []string, capacity int, settings ...string) (*site, error) {
	folder, err := os.MkdirTemp("", "conversations-bench")
	if err != nil {
		return nil, err
	}
	s := &site{folder: folder}
	if s.addr, err = freeAddress(); err != nil {
		return nil, err
	}
	environ := []string{
		"CONVERSATIONS_BASE_URL=http://" + s.addr, "CONVERSATIONS_HTTP_ADDR=" + s.addr,
		"CONVERSATIONS_DATABASE_URL=sqlite:///" + filepath.Join(folder, "bench.db"),
		"CONVERSATIONS_HTTP_RATE_LIMITS_BOOKINGS_PER_HOUR=100000000",
	}
	environ = append(environ, settings...)
	if s.cfg, err = config.Parse(conversations.Config, environ); err != nil {
		return nil, err
	}
	if err := s.makeEvents(ctx, slugs, capacity); err != nil {
		return nil, err
	}
	binary := filepath.Join(folder, "conversations")
	if out, err := exec.CommandContext(ctx, "go", "build", "-tags=sqlite_fts5", "-o", binary, "./cmd/conversations").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	s.cmd = exec.CommandContext(ctx, binary, "serve")
	s.cmd.Env = append(os.Environ(), environ...)
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	s.cmd.Stderr = log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	return s, waitFor("http://" + s.addr + "/readyz")
}

func (s *site) makeEvents(ctx context.Context, slugs []string, capacity int) error {
	db, err := database.Open(ctx, s.cfg.Database.URL, nil)
	if err != nil {
		return err
	}
	ctx = audit.AsSystem(ctx)
	service := events.New(s.cfg, db)
	day := time.Now().AddDate(0, 0, 30)
	for _, slug := range slugs {
		e, err := service.Create(ctx, events.Form{
			Title: "Conversation event in Dacorum", Slug: slug, Locality: "dacorum", Summary: "Talk with local GPs about health and care.",
			Schedule: events.Schedule{StartsDay: strconv.Itoa(day.Day()), StartsMonth: strconv.Itoa(int(day.Month())), StartsYear: strconv.Itoa(day.Year()), StartsTime: "7pm", EndsTime: "9pm"},
			Venue:    events.Venue{VenueName: "Example Hall", VenueAddress: "1 Example Road, Hemel Hempstead", VenuePostcode: "HP1 1AA"},
			Capacity: strconv.Itoa(capacity), MaxParty: "4", WaitingList: true,
		})
		if err != nil {
			return err
		}
		if _, err := service.Publish(ctx, e.ID); err != nil {
			return err
		}
	}
	return db.Close()
}

func (s *site) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = os.RemoveAll(s.folder)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func waitFor(url string) error {
	deadline := time.Now().Add(startWithin)
	for time.Now().Before(deadline) {
		if response, err := http.Get(url); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("%s does not answer", url)
}
