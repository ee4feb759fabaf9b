package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"conversations"
	"conversations/app/apptest"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/events"
)

const configFile = "../../config.yaml"

// A backup made while residents book restores to a database of which `check` says that all is well, and in which every
// booking is whole.
func TestABackupDuringABookingStampedeRestoresToWhatCheckPasses(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		sink := apptest.NewSink(t)
		cfg, err := config.Parse(conversations.Config, nil)
		if err != nil {
			t.Fatal(err)
		}
		db := databasetest.Open(t, address, nil)
		apptest.OpenEvent(t, events.New(cfg, db), "stampede", 5000, 3)
		p := apptest.Serve(t, apptest.FreeAddress(t), address, sink.Port)
		var booked atomic.Int64
		stop := stampede(p.URL, &booked)
		apptest.Eventually(t, "bookings come in", func() bool { return booked.Load() > 50 })

		file := filepath.Join(t.TempDir(), "backup")
		before := booked.Load()
		code, out, errs := runWith(t, apptest.Settings(address, p.URL, sink.Port), "--config", configFile, "backup", file)
		if code != done || !strings.Contains(out, file) {
			t.Fatalf("backup: exit %d\n%s%s", code, out, errs)
		}
		after := booked.Load()
		stop()
		if after == before {
			t.Fatal("nobody booked while the backup was made")
		}

		to := databasetest.NewSQLite(t)
		if strings.HasPrefix(address, "postgres") {
			to = databasetest.NewPostgres(t)
		}
		environ := apptest.Settings(to, p.URL, sink.Port)
		if code, out, errs := runWith(t, environ, "--config", configFile, "restore", file); code != done {
			t.Fatalf("restore: exit %d\n%s%s", code, out, errs)
		}
		if code, out, errs := runWith(t, environ, "--config", configFile, "check"); code != done || !strings.Contains(out, "database: is whole") {
			t.Fatalf("check: exit %d\n%s%s", code, out, errs)
		}
		restored := databasetest.Open(t, to, nil)
		n := number(t, restored, `SELECT count(*) FROM bookings`)
		if int64(n) < before {
			t.Errorf("%d bookings came back, and %d were answered before the backup", n, before)
		}
		for what, query := range map[string]string{
			"bookings without the mail that tells of them": `SELECT count(*) FROM bookings b WHERE NOT EXISTS (SELECT 1 FROM mails m WHERE m.about = 'bookings' AND m.about_id = b.id)`,
			"bookings without their people":                `SELECT count(*) FROM bookings b WHERE people <> (SELECT count(*) FROM attendees a WHERE a.booking_id = b.id)`,
			"bookings without an entry in the audit log":   `SELECT count(*) FROM bookings b WHERE NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.action = 'booking.create' AND e.entity_id = b.id)`,
		} {
			if got := number(t, restored, query); got != 0 {
				t.Errorf("there are %d %s", got, what)
			}
		}
	})
}

func number(t *testing.T, db *database.DB, query string) (n int) {
	t.Helper()
	if err := db.Read(t.Context()).Raw(query).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

// stampede has many book until it is stopped.
func stampede(base string, booked *atomic.Int64) (stop func()) {
	var all sync.WaitGroup
	var ended atomic.Bool
	client := apptest.NewClient()
	for worker := range 16 {
		all.Go(func() {
			for i := 0; !ended.Load(); i++ {
				name := fmt.Sprintf("Resident Example %d-%d", worker, i)
				form := url.Values{"name": {name}, "email": {fmt.Sprintf("r%d-%d@residents.example", worker, i)}, "party_size": {"1"}}
				response, err := client.PostForm(base+"/events/stampede/book", form)
				if err != nil {
					return
				}
				_ = response.Body.Close()
				if response.StatusCode == http.StatusSeeOther {
					booked.Add(1)
				}
			}
		})
	}
	return func() {
		ended.Store(true)
		all.Wait()
		client.CloseIdleConnections()
	}
}

func TestCheckNamesWhatIsWrongAndEndsWithOne(t *testing.T) {
	sink := apptest.NewSink(t)
	fresh := func(t *testing.T) string {
		address := databasetest.SQLite(t)
		db, err := database.Open(t.Context(), address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	change := func(text string) func(*testing.T, string) []string {
		return func(t *testing.T, address string) []string {
			db := databasetest.Open(t, address, nil)
			if err := db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(text).Error }); err != nil {
				t.Fatal(err)
			}
			return nil
		}
	}
	cases := []struct {
		name  string
		spoil func(t *testing.T, address string) (environ []string)
		code  int
		says  string
	}{
		{"all is well", func(*testing.T, string) []string { return nil }, done, "mail server: answers"},
		{"no mail server is a note", func(*testing.T, string) []string { return []string{"CONVERSATIONS_MAIL_HOST="} }, done, "note   mail server"},
		{"a mail server that is down", func(*testing.T, string) []string { return []string{"CONVERSATIONS_MAIL_PORT=1"} }, failed, "WRONG  mail server"},
		{"a damaged file", damage, failed, "WRONG  database"},
		{"no database", func(t *testing.T, address string) []string {
			return []string{"CONVERSATIONS_DATABASE_URL=" + address + ".gone"}
		}, failed, "find the database"},
		{"a job that fails", change(`INSERT INTO jobs (name, next_run_at, last_error) VALUES ('retention', '2999-01-01 00:00:00+00:00', 'no room')`), failed, "job retention: failed the last time: no room"},
		{"a job that does not run", change(`INSERT INTO jobs (name, next_run_at) VALUES ('retention', '2017-01-01 00:00:00+00:00')`), failed, "Is the program running?"},
		{"a mail that failed", change(`INSERT INTO mails (unique_key, kind, about, about_id, to_address, to_name, subject, content, message_id, state, next_try_at, created_at)
			VALUES ('k', 'k', 'bookings', 1, 'a@b.example', '', '', '{}', 'm', 'failed', '2017-01-01 00:00:00+00:00', '2017-01-01 00:00:00+00:00')`), failed, "1 failed"},
		{"no backup in the folder", func(t *testing.T, _ string) []string { return []string{"CONVERSATIONS_BACKUP_FOLDER=" + t.TempDir()} }, failed, "WRONG  backup"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address := fresh(t)
			environ := append(apptest.Settings(address, "http://127.0.0.1:8080", sink.Port), c.spoil(t, address)...)
			code, out, errs := runWith(t, environ, "--config", configFile, "check")
			if code != c.code || !strings.Contains(out, c.says) {
				t.Fatalf("exit %d\n%s%s", code, out, errs)
			}
		})
	}
}

// damage overwrites the middle of the file.
func damage(t *testing.T, address string) []string {
	t.Helper()
	file := database.File(address)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(content)-4096; i++ {
		content[i] = 0x5a
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return nil
}
