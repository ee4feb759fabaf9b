package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/privacy"
)

// Restored tells what a restore did.
type Restored struct {
	database.Restored
	ErasedAgain int // people who were erased after the backup was made
	Waiting     int // mails
}

// Restore is database.Restore for the whole program: whoever was erased in the database that is replaced, after the
// backup was made, is erased again.
func Restore(ctx context.Context, cfg *config.Config, file string, replace bool, log *slog.Logger) (done Restored, err error) {
	var marks []privacy.Mark
	if replace {
		if marks, err = privacy.Marks(ctx, cfg.Database.URL); err != nil {
			log.Warn("whoever was erased since the backup cannot be erased again: the database that is replaced cannot be read", "error", err)
		}
	}
	if done.Restored, err = database.Restore(ctx, cfg.Database.URL, file, replace); err != nil {
		return done, err
	}
	a, err := New(ctx, cfg, log, nil)
	if err != nil {
		return done, fmt.Errorf("open what was restored: %w", err)
	}
	defer func() { _ = a.Close() }()
	if done.ErasedAgain, err = a.Privacy.EraseAgain(audit.AsSystem(ctx), marks); err != nil {
		return done, err
	}
	sum, err := a.Outbox.Summary(ctx)
	done.Waiting = sum.Queued
	return done, err
}

// backups is the folder of nightly backups.
func backups(cfg *config.Config) database.Backups {
	at, _ := time.Parse("15:04", cfg.Backup.At) // checked with the configuration
	return database.Backups{Folder: cfg.Backup.Folder, Keep: cfg.Backup.Keep, Zone: cfg.Zone(),
		At: time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute}
}
