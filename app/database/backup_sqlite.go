package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"conversations/app/fault"
)

// backUpSQLite copies the file as of one read transaction, without the space that deleted rows left.
func backUpSQLite(ctx context.Context, path, part string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("find the database: %w", err)
	}
	return withSQLite(path, "rw", func(db *sql.DB) error {
		if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, part); err != nil {
			return err
		}
		return os.Chmod(part, 0o600)
	})
}

// withSQLite opens a file that is there, as it is, on one connection.
func withSQLite(path, mode string, f func(db *sql.DB) error) error {
	db, err := sql.Open("sqlite3", sqliteAsIs(path, mode))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(f(db), db.Close())
}

func restoreSQLite(ctx context.Context, path, file string, replace bool) (done Restored, err error) {
	if done.Version, err = provenSQLite(ctx, file); err != nil {
		return done, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return done, err
	}
	there, err := standingSQLite(ctx, path)
	if err != nil {
		return done, err
	}
	if there && !replace {
		return done, notEmpty()
	}
	part := path + ".restoring"
	if err := errors.Join(removed(part), copied(file, part), synced(part)); err != nil {
		return done, fmt.Errorf("copy the backup: %w", err)
	}
	if done.Aside, err = setAside(path, there); err != nil {
		return done, err
	}
	if err := errors.Join(os.Rename(part, path), synced(filepath.Dir(path))); err != nil {
		return done, err
	}
	db, err := Open(ctx, "sqlite:///"+path, nil)
	if err != nil {
		return done, err
	}
	return done, db.Close()
}

// provenSQLite says that a backup is whole, and which version its tables are.
func provenSQLite(ctx context.Context, file string) (version int64, err error) {
	known, err := lastVersion(SQLite)
	if err != nil {
		return 0, err
	}
	err = withSQLite(file, "ro&immutable=1", func(db *sql.DB) error {
		if problems, err := inspectSQLite(ctx, db); err != nil || len(problems) > 0 {
			return fault.Wrap(fault.Invalid, "the backup is damaged: "+strings.Join(problems, "; "), err)
		}
		if version, err = versionOf(ctx, db); err != nil {
			return fault.Wrap(fault.Invalid, file+" is not a backup of this program", err)
		}
		return tooNew(version, known)
	})
	return version, err
}

// standingSQLite says whether a database with tables in it is there, and refuses one that somebody has open.
func standingSQLite(ctx context.Context, path string) (there bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = withSQLite(path, "rw", func(db *sql.DB) error {
		// In this mode SQLite locks the file against everybody, or fails where anybody has it open.
		for _, text := range []string{`PRAGMA locking_mode = EXCLUSIVE`, `PRAGMA busy_timeout = 500`, `BEGIN EXCLUSIVE`, `COMMIT`} {
			if _, err := db.ExecContext(ctx, text); err != nil && strings.Contains(err.Error(), "locked") {
				return running()
			}
		}
		return nil // whatever else is wrong with it is a reason to replace it
	})
	return true, err
}

// setAside keeps what was there, with its log if one was left, under a name that says when.
func setAside(path string, there bool) (aside string, err error) {
	if there {
		aside = path + ".before-" + time.Now().UTC().Format("20060102-150405")
		if err := os.Rename(path, aside); err != nil {
			return "", fmt.Errorf("put the database aside: %w", err)
		}
	}
	for _, end := range []string{"-wal", "-shm"} {
		move := func() error { return os.Rename(path+end, aside+end) }
		if !there {
			move = func() error { return os.Remove(path + end) }
		}
		if err := move(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return aside, err
		}
	}
	return aside, nil
}

func copied(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
