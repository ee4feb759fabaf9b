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

// Migrations are the SQL files that make the tables, by their numbers.
func Migrations(dialect Dialect) (fs.FS, error) {
	return fs.Sub(migrations, "migrations/"+string(dialect))
}

// migrate brings the tables up to date: numbered SQL files, one pair per change, never edited once landed.
func migrate(ctx context.Context, db *sql.DB, dialect Dialect) error {
	provider, err := migrating(db, dialect)
	if err != nil {
		return err
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

func migrating(db *sql.DB, dialect Dialect) (*goose.Provider, error) {
	files, err := Migrations(dialect)
	if err != nil {
		return nil, err
	}
	kind, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if dialect == Postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		kind, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(kind, db, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}

// lastVersion is that of the newest tables this program knows.
func lastVersion(dialect Dialect) (last int64, err error) {
	files, err := fs.ReadDir(migrations, "migrations/"+string(dialect))
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		version, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, err
		}
		last = max(last, version)
	}
	return last, nil
}

// versionOf is that of the tables that are there.
func versionOf(ctx context.Context, db *sql.DB) (version int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

// migratePostgresTo makes the tables of one version, up from older or down from newer ones.
func migratePostgresTo(ctx context.Context, address string, version int64) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	provider, err := migrating(db, Postgres)
	if err != nil {
		return err
	}
	if version == 0 {
		_, err = provider.DownTo(ctx, 0)
	} else {
		_, err = provider.UpTo(ctx, version)
	}
	if err != nil {
		return fmt.Errorf("make the tables of version %d: %w", version, err)
	}
	return nil
}
