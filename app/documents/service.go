// Package documents is the library: reports, plans and cases for change, kept in the database so that a backup is one
// thing, each with what a reader wants to know before opening it.
package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
)

// Service keeps documents. It is safe for use by many goroutines.
type Service struct {
	cfg      *config.Config
	db       *database.DB
	onRemove []func(ctx context.Context, tx *database.Tx, id int64) error
}

// New returns the service.
func New(cfg *config.Config, db *database.DB) *Service { return &Service{cfg: cfg, db: db} }

// OnRemove has f asked before a document is removed, in the same transaction: its error keeps the document. It must come
// before anybody uses the service.
func (s *Service) OnRemove(f func(ctx context.Context, tx *database.Tx, id int64) error) {
	s.onRemove = append(s.onRemove, f)
}

// Add puts a document into the library. The error is an Invalid fault with a message at each field.
func (s *Service) Add(ctx context.Context, f Form, sent Upload) (d Document, err error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return d, err
	}
	fresh, err := f.apply(Document{Version: 1}, sent, s.cfg)
	if err != nil {
		return d, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		d = fresh
		d.CreatedAt, d.UpdatedAt = tx.Now(), tx.Now()
		if d.Slug, err = freeSlug(tx, d.Title); err != nil {
			return err
		}
		if err := tx.Create(&d).Error; err != nil {
			return fmt.Errorf("keep a document: %w", err)
		}
		return audit.Record(ctx, tx, "document.add", "documents", d.ID, audit.Details{"bytes": d.Size, "public": d.Public})
	})
	d.Data = nil
	return d, err
}

// Change stores what was typed about a document, with a new file where one was sent. Its web address stays. The error is
// an Invalid fault, NotFound, or Conflict where somebody else was quicker.
func (s *Service) Change(ctx context.Context, id int64, f Form, sent Upload) (d Document, err error) {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return d, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		before, err := one(tx.DB, facts, "id = ?"+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if d, err = f.apply(before, sent, s.cfg); err != nil {
			return err
		}
		if before.Version != f.Version {
			return fault.New(fault.Conflict, "Somebody else changed this document while you were writing. What you typed is still here: look at theirs, and save again.")
		}
		d.Version, d.UpdatedAt = before.Version+1, tx.Now()
		save := tx.Omit("data")
		if len(sent.Data) > 0 {
			save = tx.DB
		}
		if err := save.Save(&d).Error; err != nil {
			return fmt.Errorf("change document %d: %w", id, err)
		}
		return audit.Record(ctx, tx, "document.change", "documents", id, audit.Details{"bytes": d.Size, "public": d.Public, "new_file": len(sent.Data) > 0})
	})
	d.Data = nil
	return d, err
}

// Remove deletes a document for good. The error is NotFound where there is none, or what another
// feature that uses it says.
func (s *Service) Remove(ctx context.Context, id int64) error {
	if err := accounts.Require(ctx, accounts.ManageDocuments); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		for _, ask := range s.onRemove {
			if err := ask(ctx, tx, id); err != nil {
				return err
			}
		}
		gone := tx.Exec("DELETE FROM documents WHERE id = ?", id)
		if gone.Error != nil {
			return fmt.Errorf("remove document %d: %w", id, gone.Error)
		}
		if gone.RowsAffected == 0 {
			return notFound()
		}
		return audit.Record(ctx, tx, "document.remove", "documents", id, nil)
	})
}

// freeSlug is a web address that no other document has.
func freeSlug(tx *database.Tx, title string) (slug string, err error) {
	base := slugOf(title)
	slug = base
	for n := 2; ; n++ {
		var taken bool
		if err := tx.Row("SELECT COUNT(*) > 0 FROM documents WHERE slug = ?", slug).Scan(&taken); err != nil || !taken {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func notFound() error { return fault.New(fault.NotFound, "There is no such document.") }
