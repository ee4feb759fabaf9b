package contacts

import (
	"cmp"
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

// How long the words of a group may be, in letters.
const (
	groupNameLetters        = 80
	groupDescriptionLetters = 400
)

// GroupForm is a group as it is typed.
type GroupForm struct {
	Name        string `form:"name"`
	Description string `form:"description"`
	Retired     bool   `form:"retired"`
	Version     int64  `form:"version"` // of the group that was shown; 0 for a new one
}

func (f *GroupForm) check() error {
	var problems fault.Fields
	f.Name, f.Description = Tidy(f.Name), Tidy(f.Description)
	if NameKey(f.Name) == "" {
		problems.Add("name", "Enter a name")
	}
	limited(&problems, "name", "The name", f.Name, groupNameLetters)
	limited(&problems, "description", "The description", f.Description, groupDescriptionLetters)
	return problems.Err()
}

// Size is a group with the number of contacts in it.
type Size struct {
	Group
	Contacts int
}

// Sizes lists all groups by name with how many contacts each has; merged and erased ones do not count.
func (s *Service) Sizes(ctx context.Context) (list []Size, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Raw(`SELECT g.*, (SELECT count(*) FROM contact_group_members m JOIN contacts k ON k.id = m.contact_id
			WHERE m.group_id = g.id AND k.merged_into IS NULL AND k.sort_key <> '') AS contacts
		FROM contact_groups g ORDER BY g.retired, g.name, g.id`).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("count the contacts of groups: %w", err)
	}
	return list, nil
}

// GroupByID gives one group, or a NotFound fault.
func (s *Service) GroupByID(ctx context.Context, id int64) (g Group, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return g, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM contact_groups WHERE id = ?`, id), &g)
	if database.IsNotFound(err) {
		return g, noGroup()
	}
	return g, err
}

func noGroup() error { return fault.New(fault.NotFound, "There is no such group.") }

// AddGroup makes a group. Its address is made from its name and stays when it is renamed, for files and audiences name it.
// The error is Invalid with its fields.
func (s *Service) AddGroup(ctx context.Context, f GroupForm) (g Group, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return g, err
	}
	if err := f.check(); err != nil {
		return g, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := freeName(tx, f.Name, 0); err != nil {
			return err
		}
		g = Group{Slug: cmp.Or(links.Words(f.Name), "group"), Name: f.Name, Description: f.Description, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		g.ID, err = tx.Insert(`INSERT INTO contact_groups (slug, name, description, created_at, updated_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			g.Slug, g.Name, g.Description, g.CreatedAt, g.UpdatedAt)
		if database.IsDuplicate(err) {
			return sameName()
		}
		if err != nil {
			return fmt.Errorf("make a group: %w", err)
		}
		return audit.Record(ctx, tx, "contact_group.add", "contact_groups", g.ID, audit.Details{"slug": g.Slug})
	})
	return g, err
}

// ChangeGroup renames a group, or retires it: it is not offered any more, and who is in it stays in it. The error is
// Invalid with its fields, Conflict where somebody else was quicker, or NotFound.
func (s *Service) ChangeGroup(ctx context.Context, id int64, f GroupForm) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := freeName(tx, f.Name, id); err != nil {
			return err
		}
		done := tx.Exec(`UPDATE contact_groups SET name = ?, description = ?, retired = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
			f.Name, f.Description, f.Retired, tx.Now(), id, f.Version)
		if done.Error != nil {
			return fmt.Errorf("change group %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.New(fault.Conflict, "Somebody else changed this group while you were writing. Open it again to see how it stands")
		}
		return audit.Record(ctx, tx, "contact_group.change", "contact_groups", id, audit.Details{"retired": f.Retired})
	})
}

func freeName(tx *database.Tx, name string, id int64) error {
	var groups []Group
	if err := tx.Raw(`SELECT * FROM contact_groups WHERE id <> ?`, id).Scan(&groups).Error; err != nil {
		return fmt.Errorf("list the groups: %w", err)
	}
	for _, g := range groups {
		if NameKey(g.Name) == NameKey(name) {
			return sameName()
		}
	}
	return nil
}

func sameName() error {
	return fault.Fields{{Name: "name", Message: "There is a group with this name already"}}.Err()
}
