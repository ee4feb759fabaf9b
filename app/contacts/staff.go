package contacts

import (
	"context"
	"errors"
	"slices"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Card is a contact with the groups and localities that it belongs to, by their slugs.
type Card struct {
	Contact
	Groups     []string
	Localities []string
}

// ChangeConflict is what the second of two editors is told: Stored is the contact as the first left it. Change again with
// Stored's version to put one's own text on top.
type ChangeConflict struct{ Stored Card }

// Error says what happened, in words that are safe to show.
func (c *ChangeConflict) Error() string { return c.Unwrap().Error() }

// Unwrap gives the fault, of kind Conflict.
func (c *ChangeConflict) Unwrap() error {
	return fault.New(fault.Conflict, "Somebody else changed this contact while you were writing. Both texts are kept.")
}

// Card gives one contact; of a merged one, that which it was merged into. A NotFound fault where there is none.
func (s *Service) Card(ctx context.Context, id int64) (card Card, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return card, err
	}
	q := s.db.Read(ctx)
	c, err := contactByID(q, id)
	if err == nil && c.MergedInto != nil {
		c, err = contactByID(q, *c.MergedInto)
	}
	if err != nil {
		return card, err
	}
	return cardOf(q, c)
}

// Add makes a contact. That we may write to it is recorded apart from it. The error is an Invalid fault with its fields,
// also where another contact has the address.
func (s *Service) Add(ctx context.Context, f Form) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return 0, err
	}
	c, err := f.Check(s.cfg)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.insertContact(tx, &c); err != nil {
			return atEmail(err)
		}
		if err := s.place(tx, c.ID, nil, f); err != nil {
			return err
		}
		id = c.ID
		return audit.Record(ctx, tx, "contact.add", "contacts", id, audit.Details{"groups": len(f.Groups), "localities": len(f.Localities)})
	})
	return id, err
}

// Change puts what was typed onto a contact, its groups and its localities included. The error is a *ChangeConflict where
// somebody else was quicker, an Invalid fault with its fields, or NotFound.
func (s *Service) Change(ctx context.Context, id int64, f Form) error {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return err
	}
	c, err := f.Check(s.cfg)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		stored, err := lockContact(tx, id)
		if err != nil {
			return err
		}
		before, err := cardOf(tx.DB, stored)
		if err != nil {
			return err
		}
		if stored.Version != f.Version {
			return &ChangeConflict{Stored: before}
		}
		c.ID, c.Version, c.CreatedAt = stored.ID, stored.Version, stored.CreatedAt
		if err := s.updateContact(tx, &c); err != nil {
			return atEmail(err)
		}
		if err := s.place(tx, c.ID, before.Groups, f); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "contact.change", "contacts", c.ID, audit.Details{"fields": before.changed(Card{c, f.Groups, f.Localities})})
	})
}

// place puts a contact into the groups and localities of the form. A retired group takes nobody new.
func (s *Service) place(tx *database.Tx, id int64, had []string, f Form) error {
	var open []string
	if err := tx.Raw(`SELECT slug FROM contact_groups WHERE NOT retired`).Scan(&open).Error; err != nil {
		return err
	}
	for _, slug := range f.Groups {
		if !slices.Contains(open, slug) && !slices.Contains(had, slug) {
			return fault.Fields{{Name: "groups", Message: "Choose groups from the list"}}.Err()
		}
	}
	if _, err := setGroups(tx, id, f.Groups); err != nil {
		return err
	}
	_, err := setLocalities(tx, id, f.Localities)
	return err
}

// atEmail gives errTaken as a message at the field.
func atEmail(err error) error {
	if errors.Is(err, errTaken) {
		return fault.Fields{{Name: "email", Message: "Another contact has this email address. Change that one, or merge the two"}}.Err()
	}
	return err
}

// changed names the facts in which two cards differ: names only, for the audit log.
func (c Card) changed(o Card) (names []string) {
	for i, mine := range c.facts() {
		if theirs := o.facts()[i]; mine != theirs {
			names = append(names, mine.field)
		}
	}
	return names
}
