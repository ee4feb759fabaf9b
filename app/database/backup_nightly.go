package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// Backups is a folder with one backup a day, of which the latest few are kept.
type Backups struct {
	Folder string
	Keep   int           // days
	At     time.Duration // after midnight, on the clocks of Zone
	Zone   *time.Location
}

// backupName is what the folder's own files are called: nothing else in it is ever removed.
var backupName = regexp.MustCompile(`^conversations-\d{4}-\d{2}-\d{2}\.backup$`)

// Make backs the database up if today's backup is due and not there, and then removes the oldest ones. Two that run
// at once make one backup.
func (b Backups) Make(ctx context.Context, address string, now time.Time) error {
	local := now.In(b.Zone)
	due := time.Date(local.Year(), local.Month(), local.Day(), 0, int(b.At.Minutes()), 0, 0, b.Zone)
	file := filepath.Join(b.Folder, "conversations-"+local.Format(time.DateOnly)+".backup")
	_, err := os.Stat(file)
	if local.Before(due) || err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for today's backup: %w", err)
	}
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return fmt.Errorf("make the folder for backups: %w", err)
	}
	if err := Backup(ctx, address, file); err != nil {
		return err
	}
	return b.rotate()
}

// Files lists the backups by day, the newest first.
func (b Backups) Files() (files []string, err error) {
	entries, err := os.ReadDir(b.Folder)
	if err != nil {
		return nil, fmt.Errorf("look into the folder of backups: %w", err)
	}
	for _, e := range entries {
		if backupName.MatchString(e.Name()) {
			files = append(files, filepath.Join(b.Folder, e.Name()))
		}
	}
	slices.Sort(files)
	slices.Reverse(files)
	return files, nil
}

func (b Backups) rotate() error {
	files, err := b.Files()
	if err != nil {
		return err
	}
	for _, old := range files[min(b.Keep, len(files)):] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}
