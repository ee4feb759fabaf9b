package database_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
)

func write(t *testing.T, db *database.DB, text string, args ...any) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *database.Tx) error { return tx.Exec(text, args...).Error }); err != nil {
		t.Fatal(err)
	}
}

func counted(t *testing.T, db *database.DB, text string, args ...any) (n int) {
	t.Helper()
	if err := db.Read(t.Context()).Raw(text, args...).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

const insertKey = `INSERT INTO keys (name, value, created_at) VALUES (?, ?, ?)`
const insertEntry = `INSERT INTO audit_entries (at, actor_kind, action, entity, entity_id, details, request_id) VALUES (?, 'system', 'x.y', 'keys', 1, ?, '')`

// another is an empty database of the same kind.
func another(t *testing.T, address string) string {
	t.Helper()
	if strings.HasPrefix(address, "sqlite") {
		return databasetest.NewSQLite(t)
	}
	return databasetest.NewPostgres(t)
}

func TestABackupRestoresEverythingIntoAnEmptyDatabase(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := databasetest.Open(t, address, nil)
		write(t, db, insertKey, "a", []byte{0, 1, 2, '\\', '\n'}, db.Now())
		for i := range 50 {
			write(t, db, insertEntry, db.Now(), fmt.Sprintf("line %d\n\ttab, \\ and 'quotes' é", i))
		}
		file, to := filepath.Join(t.TempDir(), "b"), another(t, address)
		if err := database.Backup(t.Context(), address, file); err != nil {
			t.Fatal(err)
		}
		if _, err := database.Restore(t.Context(), to, file, false); err != nil {
			t.Fatal(err)
		}
		if problems, err := database.Inspect(t.Context(), to); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		restored := databasetest.Open(t, to, nil)
		want := `SELECT count(*) FROM audit_entries WHERE details LIKE '%tab, \ and ''quotes'' é'`
		if got := counted(t, restored, strings.ReplaceAll(want, `\`, `_`)); got != 50 {
			t.Fatalf("%d of 50 rows came back", got)
		}
		var value []byte
		if err := restored.Read(t.Context()).Raw(`SELECT value FROM keys WHERE name = 'a'`).Row().Scan(&value); err != nil || string(value) != "\x00\x01\x02\\\n" {
			t.Fatalf("bytes came back as %q, %v", value, err)
		}
		write(t, restored, insertEntry, restored.Now(), "next")
		if got := counted(t, restored, `SELECT max(id) FROM audit_entries`); got != 51 {
			t.Errorf("the next row is number %d, want 51", got)
		}
	})
}

func TestABackupNeverOverwritesAndARestoreOnlyWhenTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db, err := database.Open(t.Context(), address, nil)
		if err != nil {
			t.Fatal(err)
		}
		write(t, db, insertKey, "before", []byte("x"), db.Now())
		file := filepath.Join(t.TempDir(), "b")
		if err := database.Backup(t.Context(), address, file); err != nil {
			t.Fatal(err)
		}
		if err := database.Backup(t.Context(), address, file); err == nil || !strings.Contains(err.Error(), "is there already") {
			t.Fatalf("a backup was overwritten: %v", err)
		}
		write(t, db, insertKey, "after", []byte("x"), db.Now())
		if _, err := database.Restore(t.Context(), address, file, true); err == nil || !strings.Contains(err.Error(), "still using") {
			t.Fatalf("replaced under a running program: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := database.Restore(t.Context(), address, file, false); err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Fatalf("replaced without being told: %v", err)
		}
		if _, err := database.Restore(t.Context(), address, file, true); err != nil {
			t.Fatal(err)
		}
		if got := counted(t, databasetest.Open(t, address, nil), `SELECT count(*) FROM keys WHERE name IN ('before', 'after')`); got != 1 {
			t.Errorf("%d keys, want that from before the backup alone", got)
		}
	})
}

func TestADamagedBackupIsRefusedAndChangesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := databasetest.Open(t, address, nil)
		for i := range 200 {
			write(t, db, insertEntry, db.Now(), strings.Repeat(fmt.Sprint(i), 100))
		}
		file := filepath.Join(t.TempDir(), "b")
		if err := database.Backup(t.Context(), address, file); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, damaged := range map[string][]byte{"cut short": whole[:len(whole)/2], "overwritten": overwritten(whole), "empty": {}} {
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			to := another(t, address)
			if _, err := database.Restore(t.Context(), to, file, false); err == nil {
				t.Errorf("a backup that is %s was taken", name)
			}
			fresh := databasetest.Open(t, to, nil)
			if got := counted(t, fresh, `SELECT count(*) FROM audit_entries`); got != 0 {
				t.Errorf("%d rows came of a backup that is %s", got, name)
			}
		}
	})
}

func overwritten(whole []byte) []byte {
	out := append([]byte{}, whole...)
	for i := len(out) / 2; i < len(out)/2+3000; i++ {
		out[i] = 'x'
	}
	return out
}

// A pair of rows is written in one transaction; a backup made meanwhile must hold both of a pair, or neither.
func TestABackupWhileOthersWriteIsOfOneInstant(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		db := databasetest.Open(t, address, nil)
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					_ = db.Write(ctx, func(tx *database.Tx) error {
						if err := tx.Exec(insertKey, fmt.Sprintf("%d-%d", w, i), []byte("x"), tx.Now()).Error; err != nil {
							return err
						}
						return tx.Exec(insertEntry, tx.Now(), fmt.Sprintf("%d-%d", w, i)).Error
					})
				}
			})
		}
		for round := range 3 {
			file, to := filepath.Join(t.TempDir(), "b"), another(t, address)
			if err := database.Backup(t.Context(), address, file); err != nil {
				t.Fatal(err)
			}
			if _, err := database.Restore(t.Context(), to, file, false); err != nil {
				t.Fatal(err)
			}
			restored := databasetest.Open(t, to, nil)
			odd := counted(t, restored, `SELECT (SELECT count(*) FROM keys WHERE name NOT IN (SELECT details FROM audit_entries))
				+ (SELECT count(*) FROM audit_entries WHERE details NOT IN (SELECT name FROM keys))`)
			if odd != 0 {
				t.Errorf("round %d: %d rows without the other of their pair", round, odd)
			}
		}
		stop()
		writers.Wait()
	})
}

func TestNightlyBackupsAreMadeOnceADayAndRotated(t *testing.T) {
	address := databasetest.SQLite(t)
	databasetest.Open(t, address, nil)
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	b := database.Backups{Folder: filepath.Join(t.TempDir(), "backups"), Keep: 2, At: 2 * time.Hour, Zone: london}
	make := func(text string, want ...string) {
		t.Helper()
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Make(t.Context(), address, now); err != nil {
			t.Fatal(err)
		}
		files, err := b.Files()
		if err != nil && len(want) > 0 {
			t.Fatal(err)
		}
		var got []string
		for _, f := range files {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "conversations-"), ".backup"))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Fatalf("at %s there are backups of %v, want %v", text, got, want)
		}
	}
	make("2017-06-01T00:30:00Z") // 1.30 in London: not yet
	make("2017-06-01T01:30:00Z", "2017-06-01")
	if err := os.WriteFile(filepath.Join(b.Folder, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	make("2017-06-01T20:00:00Z", "2017-06-01")
	make("2017-06-02T02:00:00Z", "2017-06-02", "2017-06-01")
	make("2017-06-03T02:00:00Z", "2017-06-03", "2017-06-02")
	if _, err := os.Stat(filepath.Join(b.Folder, "notes.txt")); err != nil {
		t.Error("a file that is no backup was removed")
	}
}

func TestCleaningLeavesNothingOfWhatWasErased(t *testing.T) {
	address := databasetest.SQLite(t)
	db := databasetest.Open(t, address, nil)
	for i := range 300 {
		write(t, db, insertEntry, db.Now(), fmt.Sprintf("SECRETWORD %d %s", i, strings.Repeat("z", i)))
	}
	write(t, db, `UPDATE audit_entries SET details = '' WHERE id % 2 = 0`)
	write(t, db, `DELETE FROM audit_entries WHERE details <> ''`)
	if err := db.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(db.Path + end)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "SECRETWORD") {
			t.Errorf("the erased word is still in %s", db.Path+end)
		}
	}
	write(t, db, insertEntry, db.Now(), "writing goes on")
}
