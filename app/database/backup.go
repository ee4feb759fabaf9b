package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"conversations/app/fault"
)

// Backup writes everything that is in a database into a new file, as it stands at one instant, while the program goes
// on working with it. It needs no tool and changes nothing in the database, not even an older version's tables. The
// file is on disk when it returns; a file that is there already is never overwritten. Of SQLite it is a database
// again; of PostgreSQL a tar of tables.
func Backup(ctx context.Context, address, file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fault.New(fault.Invalid, file+" is there already. Name a new file")
	}
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what an earlier backup left behind: %w", err)
	}
	if err := backUp(ctx, address, part); err != nil {
		return errors.Join(fmt.Errorf("back up: %w", err), removed(part))
	}
	// A link, unlike a rename, never replaces a file that somebody made meanwhile.
	if err := errors.Join(synced(part), os.Link(part, file)); err != nil {
		return errors.Join(fmt.Errorf("back up: %w", err), removed(part))
	}
	return errors.Join(os.Remove(part), synced(filepath.Dir(file)))
}

func backUp(ctx context.Context, address, part string) error {
	if path, ok := strings.CutPrefix(address, "sqlite://"); ok {
		return backUpSQLite(ctx, sqlitePath(path), part)
	}
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(backUpPostgres(ctx, address, out), out.Close())
}

// Restored tells what a restore did.
type Restored struct {
	Version int64  // of the tables in the backup
	Aside   string // where the database that was there before lies now; "" where there was none
}

// Restore fills an empty database from a backup of the same kind, after proving that the backup is whole, and brings
// its tables up to date. With replace it takes the place of one that is not empty: SQLite's file is put aside,
// PostgreSQL's tables are dropped. The program must not be running on it. The faults are Invalid and Conflict.
func Restore(ctx context.Context, address, file string, replace bool) (Restored, error) {
	head, err := beginning(file)
	if err != nil {
		return Restored{}, err
	}
	lite := strings.HasPrefix(head, "SQLite format 3\x00")
	path, wantLite := strings.CutPrefix(address, "sqlite://")
	switch {
	case lite && wantLite:
		return restoreSQLite(ctx, sqlitePath(path), file, replace)
	case lite:
		return Restored{}, fault.New(fault.Invalid, file+" is a backup of SQLite, and the database here is PostgreSQL")
	case wantLite:
		return Restored{}, fault.New(fault.Invalid, file+" is not a backup of SQLite")
	}
	return restorePostgres(ctx, address, file, replace)
}

func beginning(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("open the backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	return string(head[:n]), nil
}

func notEmpty() error {
	return fault.New(fault.Conflict, "The database is not empty. Nothing was changed. To put the backup in its place, say --replace")
}

func running() error {
	return fault.New(fault.Conflict, "The program, or another one, is still using the database. Stop it first. Nothing was changed")
}

// tooNew refuses a backup of tables that this program does not know yet.
func tooNew(version, known int64) error {
	if version <= known {
		return nil
	}
	return fault.New(fault.Invalid, fmt.Sprintf("the backup was made by a newer version of the program (tables %d, known %d)", version, known))
}

// synced has a file or folder on disk before it returns.
func synced(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
