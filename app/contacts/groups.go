package contacts

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"
)

// Group is a row of the table contact_groups: "Councillors".
type Group struct {
	ID          int64
	Slug        string
	Name        string
	Description string
	Retired     bool // not offered any more; who is in it stays in it
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName is the table that groups live in.
func (Group) TableName() string { return "contact_groups" }

// Sync makes the groups that the configuration names and that are not there. It changes and deletes none: staff may
// have named one otherwise, or retired it.
func (s *Service) Sync(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		for _, g := range s.cfg.Contacts.Groups {
			err := tx.Exec(`INSERT INTO contact_groups (slug, name, created_at, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (slug) DO NOTHING`,
				g.Slug, g.Name, tx.Now(), tx.Now()).Error
			if err != nil {
				return fmt.Errorf("make the group %s: %w", g.Slug, err)
			}
		}
		return nil
	})
}

// Groups lists all groups by name, retired ones too.
func (s *Service) Groups(ctx context.Context) (groups []Group, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return nil, err
	}
	if err := s.db.Read(ctx).Raw(`SELECT * FROM contact_groups ORDER BY name, id`).Scan(&groups).Error; err != nil {
		return nil, fmt.Errorf("list the groups: %w", err)
	}
	return groups, nil
}
