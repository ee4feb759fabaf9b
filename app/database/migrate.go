package database

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date: numbered SQL files, one pair per change, never edited once landed.
func migrate(ctx context.Context, db *sql.DB, dialect Dialect) error {
	files, err := fs.Sub(migrations, "migrations/"+string(dialect))
	if err != nil {
		return err
	}
	kind, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if dialect == Postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		kind, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(kind, db, files, options...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		// SQLite has no lock to hold over several migrations: another process may have been quicker.
		if pending, again := provider.HasPending(ctx); again == nil && !pending {
			return nil
		}
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}
