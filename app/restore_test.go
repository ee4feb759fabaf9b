package app_test

import (
	"context"
	"path/filepath"
	"testing"

	"conversations"
	"conversations/app"
	"conversations/app/apptest"
	"conversations/app/audit"
	"conversations/app/bookings"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/privacy"
)

// Whoever was erased after a backup was made is erased again when it is restored; who booked since the erasure, and
// everybody else, is not.
func TestARestoreErasesAgainWhoWasErasedAfterTheBackup(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		ctx := audit.AsSystem(context.Background())
		cfg, err := config.Parse(conversations.Config, apptest.Settings(address, "http://127.0.0.1:8080", 1))
		if err != nil {
			t.Fatal(err)
		}
		open := func() *app.App {
			t.Helper()
			a, err := app.New(t.Context(), cfg, apptest.Log(t), nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = a.Close() })
			return a
		}
		a := open()
		e := apptest.OpenEvent(t, a.Events, "evening", 20, 2)
		for _, name := range []string{"Ada Example", "Cora Example"} {
			_, err := a.Bookings.Book(ctx, e.ID, bookings.Request{Name: name, Phone: "01632 96011" + map[string]string{"Ada Example": "1", "Cora Example": "2"}[name],
				People: 1, BookerComes: true, Channel: bookings.Online})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := a.DB.Write(ctx, func(tx *database.Tx) error { return tx.Exec(`UPDATE events SET status = 'held'`).Error }); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "backup")
		if err := database.Backup(ctx, address, file); err != nil {
			t.Fatal(err)
		}
		ada := privacy.Who{"01632 960111"}
		held, err := a.Privacy.Find(ctx, ada)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Privacy.Erase(ctx, privacy.Order{Who: ada, Reason: "Asked", Seen: held.Rows(), Sure: true}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		done, err := app.Restore(ctx, cfg, file, true, apptest.Log(t))
		if err != nil || done.ErasedAgain != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		var names []string
		if err := open().DB.Read(ctx).Raw(`SELECT name FROM bookings ORDER BY id`).Scan(&names).Error; err != nil || len(names) != 2 || names[0] != "" || names[1] != "Cora Example" {
			t.Errorf("after the restore the names are %q, %v", names, err)
		}
	})
}
