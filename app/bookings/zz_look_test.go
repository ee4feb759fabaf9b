package bookings

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/web"
)

func TestZZLook(t *testing.T) {
	addr := os.Getenv("LOOK_ADDR")
	if addr == "" {
		t.Skip()
	}
	s := newSite(t)
	e := s.openEvent(12, 4, func(f *events.Form) {
		f.NeedsMet, f.NeedsByDay, f.NeedsByMonth, f.NeedsByYear = "A BSL interpreter is coming. There is a hearing loop.", "24", "2", "2017"
		f.Online, f.JoinLink = true, "https://meet.example/room/conversations"
	})
	full := s.openEvent(3, 3)
	b := s.family(e)
	if err := s.db.Write(s.ctx, func(tx *database.Tx) error {
		return tx.Exec(`UPDATE access_needs SET state='arranged' WHERE need='bsl'`).Error
	}); err != nil {
		t.Fatal(err)
	}
	s.family(full)
	waiting := s.book(full, byTelephone(2, 2))
	s.book(e, byTelephone(3, 1))
	later := undated(s)
	cfg := must(config.Load("../../config.yaml", nil))(t)
	shell := web.New(cfg, s.db, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	shell.Actor = func(_ context.Context, id int64) (audit.Actor, error) {
		return audit.Actor{Kind: audit.Staff, ID: id, Name: "Example Officer", Role: "engagement"}, nil
	}
	shell.Allow = accounts.Require
	shell.PublicNav = []web.NavItem{{Text: "Events", Href: "/events"}}
	shell.StaffNav = []web.NavItem{{Text: "Events", Href: "/staff/events", Action: accounts.ManageEvents}, {Text: "Bookings", Href: "/staff/bookings", Action: accounts.SeeBookings}, {Text: "People to telephone", Href: "/staff/calls", Action: accounts.MakeCalls}}
	shell.Public.GET("/staff/look", func(c echo.Context) error {
		if err := shell.SignIn(c, 1); err != nil {
			return err
		}
		return c.Redirect(303, c.QueryParam("next"))
	})
	// A form posted by itself, to look at what it answers.
	shell.Public.GET("/look/refused", func(c echo.Context) error {
		h := handlers{shell, s.bookings}
		f := form{Name: "", Email: "robin@gmial.com", Phone: "12", Size: "3", NotComing: true, Question: "Why?", People: []formPerson{{Name: "First Example", Needs: []string{"interpreter"}}, {Name: "Sam Example"}, {}, {}}}
		_, err := s.bookings.Book(c.Request().Context(), e.ID, f.request(Online))
		messages, _ := web.FieldErrors(err)
		return h.showBookForm(c, e, events.Places{Taken: 4}, f, messages)
	})
	Routes(shell, s.bookings)
	done := func(id int64, code int) string { return s.bookings.donePath(id, code) }
	list := map[string]string{
		"book": bookPath(e), "full": bookPath(full), "refused": "/look/refused", "interest": interestPath(later), "interestdone": interestPath(later) + "/done",
		"manage": s.bookings.managePath(b), "waiting": s.bookings.managePath(waiting), "change": s.bookings.managePath(b) + "/change", "cancel": s.bookings.managePath(b) + "/cancel",
		"done": done(e.ID, 0), "donetel": done(waiting.ID, 2), "doneagain": done(e.ID, 3),
	}
	for name, path := range map[string]string{"s-choose": "/staff/bookings?q=example", "s-event": ofEventPath(full), "s-new": newPath(e), "s-booking": bookingPath(waiting.ID) + "?booked=new", "s-booking1": bookingPath(b.ID), "s-change": bookingPath(b.ID) + "/change", "s-calls": callsPath, "s-call": callsPath + "/1"} {
		list[name] = "/staff/look?next=" + url.QueryEscape(path)
	}
	out, _ := os.Create(os.Getenv("LOOK_LIST"))
	for name, path := range list {
		fmt.Fprintln(out, name, "http://"+addr+path)
	}
	out.Close()
	server := &http.Server{Addr: addr, Handler: shell.Handler()}
	go server.ListenAndServe()
	for {
		if _, err := os.Stat(os.Getenv("LOOK_LIST") + ".stop"); err == nil {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}
