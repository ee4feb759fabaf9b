package contacts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

func noContact() error { return fault.New(fault.NotFound, "There is no such contact.") }

// contactByID gives a contact as it stands, merged or not; a NotFound fault where there is none.
func contactByID(q *gorm.DB, id int64) (c Contact, err error) {
	err = database.First(q.Raw(`SELECT * FROM contacts WHERE id = ?`, id), &c)
	if database.IsNotFound(err) {
		return c, noContact()
	}
	if err != nil {
		return c, fmt.Errorf("read contact %d: %w", id, err)
	}
	return c, nil
}

// lockContact gives a contact, or the one that it was merged into, locked until the commit; a NotFound fault where
// there is none.
func lockContact(tx *database.Tx, id int64) (c Contact, err error) {
	for { // a merged contact leads to one that is not: see Merge
		err = database.First(tx.Raw(`SELECT * FROM contacts WHERE id = ?`+tx.ForUpdate(), id), &c)
		if database.IsNotFound(err) {
			return c, noContact()
		}
		if err != nil {
			return c, fmt.Errorf("lock contact %d: %w", id, err)
		}
		if c.MergedInto == nil {
			return c, nil
		}
		id, c = *c.MergedInto, Contact{}
	}
}

// sameAs gives a contact's id and the ids of those that were merged into it.
func sameAs(q *gorm.DB, id int64) (ids []int64, err error) {
	if err := q.Raw(`SELECT id FROM contacts WHERE merged_into = ? ORDER BY id`, id).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("find what was merged into contact %d: %w", id, err)
	}
	return append([]int64{id}, ids...), nil
}

// idByEmail finds whom an address belongs to: the contact that has it, else the one that a contact with this address
// was merged into; 0 where there is none.
func idByEmail(tx *database.Tx, key string) (id int64, err error) {
	for _, query := range []string{
		`SELECT id FROM contacts WHERE email_key = ? AND email_key <> '' AND merged_into IS NULL`,
		`SELECT merged_into FROM contacts WHERE email_key = ? AND email_key <> '' AND merged_into IS NOT NULL ORDER BY id DESC LIMIT 1`,
	} {
		err = tx.Row(query, key).Scan(&id)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("find a contact by address: %w", err)
		}
	}
	return 0, nil
}

// FindOrCreateTx gives the contact with an address (the one that it was merged into, where it was), or makes one. A
// contact that has no name is given this one. The address is taken as it is: whoever calls has checked it.
func (s *Service) FindOrCreateTx(_ context.Context, tx *database.Tx, email, name string) (id int64, created bool, err error) {
	email, name = strings.TrimSpace(email), Tidy(name)
	key := NormaliseEmail(email)
	if key == "" {
		return 0, false, errors.New("a contact cannot be found without an address")
	}
	if id, err = idByEmail(tx, key); err != nil {
		return 0, false, err
	}
	if id == 0 {
		c := Contact{Kind: Person, Name: name, Email: email, EmailKey: key, Channel: Email}
		switch err := s.insertContact(tx, &c); {
		case err == nil:
			return c.ID, true, nil
		case !errors.Is(err, errTaken):
			return 0, false, err
		}
		if id, err = idByEmail(tx, key); err != nil { // somebody else was quicker
			return 0, false, err
		}
	}
	return id, false, s.nameTx(tx, id, name)
}

// nameTx names a person who has no name yet.
func (s *Service) nameTx(tx *database.Tx, id int64, name string) error {
	if name == "" {
		return nil
	}
	c, err := lockContact(tx, id)
	if err != nil || c.Name != "" || c.Kind != Person {
		return err
	}
	c.Name = name
	return s.updateContact(tx, &c)
}

// errTaken is that another contact has the address.
var errTaken = errors.New("another contact has this address")

// insertContact stores a new contact and gives it its id, version and keys; errTaken where the address is another's.
func (s *Service) insertContact(tx *database.Tx, c *Contact) (err error) {
	c.Version, c.CreatedAt, c.UpdatedAt = 1, tx.Now(), tx.Now()
	s.setKeys(c)
	c.ID, err = tx.Insert(`INSERT INTO contacts (kind, name, organisation, email, email_key, suppression_key, phone, phone_key, post_address, postcode,
			post_key, sort_key, search_key, channel, large_print, notes, version, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
		string(c.Kind), c.Name, c.Organisation, c.Email, c.EmailKey, c.SuppressionKey, c.Phone, c.PhoneKey, c.PostAddress, c.Postcode,
		c.PostKey, c.SortKey, c.SearchKey, string(c.Channel), c.LargePrint, c.Notes, c.Version, c.CreatedAt, c.UpdatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return errTaken
	}
	if err != nil {
		return fmt.Errorf("store a contact: %w", err)
	}
	return nil
}

// updateContact stores what can change, as the next version; errTaken where the address is another's. The contact is
// locked by whoever calls.
func (s *Service) updateContact(tx *database.Tx, c *Contact) error {
	if other, err := anotherWith(tx, c.EmailKey, c.ID); err != nil || other != 0 {
		return errors.Join(err, errTaken)
	}
	c.Version++
	c.UpdatedAt = tx.Now()
	s.setKeys(c)
	err := tx.Exec(`UPDATE contacts SET kind = ?, name = ?, organisation = ?, email = ?, email_key = ?, suppression_key = ?, phone = ?, phone_key = ?,
			post_address = ?, postcode = ?, post_key = ?, sort_key = ?, search_key = ?, channel = ?, large_print = ?, notes = ?, version = ?, updated_at = ? WHERE id = ?`,
		string(c.Kind), c.Name, c.Organisation, c.Email, c.EmailKey, c.SuppressionKey, c.Phone, c.PhoneKey,
		c.PostAddress, c.Postcode, c.PostKey, c.SortKey, c.SearchKey, string(c.Channel), c.LargePrint, c.Notes, c.Version, c.UpdatedAt, c.ID).Error
	if database.IsDuplicate(err) {
		return errTaken
	}
	if err != nil {
		return fmt.Errorf("store contact %d: %w", c.ID, err)
	}
	return nil
}

// anotherWith gives the id of another living contact with an address; 0 where there is none.
func anotherWith(tx *database.Tx, key string, id int64) (other int64, err error) {
	err = tx.Row(`SELECT id FROM contacts WHERE email_key = ? AND email_key <> '' AND merged_into IS NULL AND id <> ?`, key, id).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return other, err
}

// setKeys derives what contacts are known, ordered and found by.
func (s *Service) setKeys(c *Contact) {
	c.EmailKey, c.SuppressionKey, c.PostKey = NormaliseEmail(c.Email), "", ""
	if c.EmailKey != "" {
		c.SuppressionKey = s.links.Hash("suppression", c.EmailKey)
	}
	if c.Postcode != "" {
		c.PostKey = NameKey(c.Label()) + ", " + strings.ToLower(c.Postcode)
	}
	c.SortKey = NameKey(c.Label())
	c.SearchKey = NameKey(strings.Join([]string{c.Name, c.Organisation, c.Email, c.PostAddress, c.Postcode}, " ")) +
		" " + strings.ReplaceAll(c.Phone, " ", "") + " " + strings.TrimPrefix(c.PhoneKey, "+")
}

// groupsOf and localitiesOf give the slugs of what a contact belongs to, in order.
func groupsOf(q *gorm.DB, id int64) (slugs []string, err error) {
	err = q.Raw(`SELECT g.slug FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE m.contact_id = ? ORDER BY g.slug`, id).Scan(&slugs).Error
	return slugs, err
}

func localitiesOf(q *gorm.DB, id int64) (slugs []string, err error) {
	err = q.Raw(`SELECT locality FROM contact_localities WHERE contact_id = ? ORDER BY locality`, id).Scan(&slugs).Error
	return slugs, err
}

// addToGroups puts a contact into groups that exist; those it is in stay. changed is whether it was new to any.
func addToGroups(tx *database.Tx, id int64, slugs []string) (changed bool, err error) {
	for _, slug := range slugs {
		done := tx.Exec(`INSERT INTO contact_group_members (contact_id, group_id) SELECT CAST(? AS BIGINT), g.id FROM contact_groups g WHERE g.slug = ? ON CONFLICT DO NOTHING`, id, slug)
		if done.Error != nil {
			return changed, fmt.Errorf("put contact %d into a group: %w", id, done.Error)
		}
		changed = changed || done.RowsAffected > 0
	}
	return changed, nil
}

// setGroups makes these groups, by slug, the contact's own.
func setGroups(tx *database.Tx, id int64, slugs []string) (changed bool, err error) {
	had, err := groupsOf(tx.DB, id)
	if err != nil {
		return false, err
	}
	for _, slug := range had {
		if slices.Contains(slugs, slug) {
			continue
		}
		changed = true
		if err := tx.Exec(`DELETE FROM contact_group_members WHERE contact_id = ? AND group_id = (SELECT id FROM contact_groups WHERE slug = ?)`, id, slug).Error; err != nil {
			return false, fmt.Errorf("take contact %d out of a group: %w", id, err)
		}
	}
	added, err := addToGroups(tx, id, slugs)
	return changed || added, err
}

// addLocalities adds localities by slug; those it has stay. changed is whether any was new.
func addLocalities(tx *database.Tx, id int64, slugs []string) (changed bool, err error) {
	for _, slug := range slugs {
		done := tx.Exec(`INSERT INTO contact_localities (contact_id, locality) VALUES (?, ?) ON CONFLICT DO NOTHING`, id, slug)
		if done.Error != nil {
			return changed, fmt.Errorf("add a locality to contact %d: %w", id, done.Error)
		}
		changed = changed || done.RowsAffected > 0
	}
	return changed, nil
}

// setLocalities makes these localities, by slug, the contact's own.
func setLocalities(tx *database.Tx, id int64, slugs []string) (changed bool, err error) {
	had, err := localitiesOf(tx.DB, id)
	if err != nil {
		return false, err
	}
	for _, slug := range had {
		if slices.Contains(slugs, slug) {
			continue
		}
		changed = true
		if err := tx.Exec(`DELETE FROM contact_localities WHERE contact_id = ? AND locality = ?`, id, slug).Error; err != nil {
			return false, fmt.Errorf("take a locality from contact %d: %w", id, err)
		}
	}
	added, err := addLocalities(tx, id, slugs)
	return changed || added, err
}
