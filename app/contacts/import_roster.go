package contacts

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/database"

	"gorm.io/gorm"
)

// roster says which rows of a list are about which contact, and which are about the same. It is made anew whenever a
// list is checked, and changes nothing.
//
// A row with an email address is about the contact with that address, or about the one that a contact with that address
// was merged into. A row without one is about the contact of the same name with the same postcode or the same
// telephone number, and where several are, about none: it must be made clearer.
type roster struct {
	settings string // those under which it was made
	doubleOf map[int64]int64
	doubles  map[int64][]int64 // by the row that they are taken together with
	contact  map[int64]int64
	unclear  map[int64]bool

	byContact map[int64]int64 // the first row about a contact
	byEmail   map[string]int64
	byTitle   map[string]int64 // by name with postcode or number; severalRows where there are several
	nameless  []entrant        // rows without an address, which come last
}

// severalRows stands for the row where a name with a postcode or a number leads to more than one.
const severalRows = -1

// entrant is a row on its way into the roster.
type entrant struct {
	row     int64
	w       wish
	contact int64
	unclear bool
}

// rosterChunk is how many rows are looked at together.
const rosterChunk = 1000

// callRoster makes the roster of a list.
func (s *Service) callRoster(ctx context.Context, i Import, r *rowReader) (*roster, error) {
	all := &roster{settings: i.Settings, doubleOf: map[int64]int64{}, doubles: map[int64][]int64{}, contact: map[int64]int64{},
		unclear: map[int64]bool{}, byContact: map[int64]int64{}, byEmail: map[string]int64{}, byTitle: map[string]int64{}}
	q := s.db.Read(ctx)
	for last := int64(0); ; {
		rows, err := rowsOf(q, `import_id = ? AND id > ? ORDER BY id LIMIT ?`, i.ID, last, rosterChunk)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		last = rows[len(rows)-1].ID
		found, err := r.entrants(rows)
		if err != nil {
			return nil, err
		}
		if err := recognise(q, found, 0); err != nil {
			return nil, err
		}
		all.enter(found)
	}
	for _, e := range all.nameless {
		all.place(e, all.ofTitle(e.w))
	}
	all.nameless, all.byContact, all.byEmail, all.byTitle = nil, nil, nil, nil
	return all, nil
}

// entrants are the rows that can be used.
func (r *rowReader) entrants(rows []ImportRow) (found []entrant, err error) {
	for _, row := range rows {
		cells, err := row.values()
		if err != nil {
			return nil, err
		}
		if row.Trouble != "" {
			continue
		}
		if w, wrong := r.read(cells); len(wrong) == 0 {
			found = append(found, entrant{row: row.ID, w: w})
		}
	}
	return found, nil
}

func (a *roster) enter(found []entrant) {
	for _, e := range found {
		if e.w.EmailKey == "" {
			e.w = wish{Contact: Contact{Kind: e.w.Kind, Name: e.w.Name, Organisation: e.w.Organisation, PhoneKey: e.w.PhoneKey, Postcode: e.w.Postcode}}
			a.nameless = append(a.nameless, e)
			continue
		}
		a.place(e, a.byEmail[e.w.EmailKey])
	}
}

// place notes a row; with is the row of the list that is about the same, 0 where there is none.
func (a *roster) place(e entrant, with int64) {
	if e.contact != 0 {
		with = a.byContact[e.contact]
	}
	switch {
	case e.unclear || with == severalRows:
		a.unclear[e.row] = true
		return
	case with != 0:
		a.doubleOf[e.row] = with
		a.doubles[with] = append(a.doubles[with], e.row)
	default:
		with = e.row
		if e.contact != 0 {
			a.contact[e.row], a.byContact[e.contact] = e.contact, e.row
		} else if e.w.EmailKey != "" {
			a.byEmail[e.w.EmailKey] = e.row
		}
	}
	for _, key := range titleKeys(e.w.Contact) {
		if other := a.byTitle[key]; other != 0 && other != with {
			a.byTitle[key] = severalRows
		} else {
			a.byTitle[key] = with
		}
	}
}

// ofTitle finds the row that a row without an address is about.
func (a *roster) ofTitle(w wish) (row int64) {
	for _, key := range titleKeys(w.Contact) {
		switch other := a.byTitle[key]; {
		case other == severalRows, row != 0 && other != 0 && other != row:
			return severalRows
		case other != 0:
			row = other
		}
	}
	return row
}

// titleKeys are the texts by which a contact without an address is known again.
func titleKeys(c Contact) (keys []string) {
	title := plainLetters(c.title())
	if title == "" {
		return nil
	}
	if c.Postcode != "" {
		keys = append(keys, title+"|"+c.Postcode)
	}
	if c.PhoneKey != "" {
		keys = append(keys, title+"|"+c.PhoneKey)
	}
	return keys
}

// recognise finds the contacts that rows are about. Those that came from the import named (0 is none) are passed over for
// rows without an address: they have rows of their own.
func recognise(q *gorm.DB, found []entrant, except int64) error {
	var emails, phones, postcodes []string
	for _, e := range found {
		if e.w.EmailKey != "" {
			emails = append(emails, e.w.EmailKey)
			continue
		}
		if e.w.PhoneKey != "" {
			phones = append(phones, e.w.PhoneKey)
		}
		if e.w.Postcode != "" {
			postcodes = append(postcodes, e.w.Postcode)
		}
	}
	owners, merged, err := ownersOf(q, emails)
	if err != nil {
		return err
	}
	titled, err := titledBy(q, phones, postcodes, except)
	if err != nil {
		return err
	}
	for i := range found {
		e := &found[i]
		if e.w.EmailKey == "" {
			e.contact, e.unclear = onlyOne(titled, e.w.Contact)
			continue
		}
		if e.contact = owners[e.w.EmailKey]; e.contact == 0 {
			e.contact = merged[e.w.EmailKey]
		}
	}
	return nil
}

// ownersOf finds whom addresses belong to: living contacts, and those that contacts with the address were merged into.
func ownersOf(q *gorm.DB, emails []string) (owners, merged map[string]int64, err error) {
	owners, merged = make(map[string]int64, len(emails)), map[string]int64{}
	if len(emails) == 0 {
		return owners, merged, nil
	}
	var list []Contact
	err = q.Raw(`SELECT id, email_key, merged_into FROM contacts WHERE email_key IN ? AND email_key <> '' AND merged_into IS NULL
		UNION ALL SELECT id, email_key, merged_into FROM contacts WHERE email_key IN ? AND email_key <> '' AND merged_into IS NOT NULL ORDER BY 1`, emails, emails).Scan(&list).Error
	if err != nil {
		return nil, nil, fmt.Errorf("find contacts by address: %w", err)
	}
	for _, c := range list {
		if c.MergedInto == nil {
			owners[c.EmailKey] = c.ID
			continue
		}
		if merged[c.EmailKey], err = livingOf(q, *c.MergedInto); err != nil {
			return nil, nil, err
		}
	}
	return owners, merged, nil
}

// livingOf follows a merged contact to the one that it is now.
func livingOf(q *gorm.DB, id int64) (int64, error) {
	for {
		var c Contact
		if err := database.First(q.Raw(`SELECT id, merged_into FROM contacts WHERE id = ?`, id), &c); err != nil {
			return 0, fmt.Errorf("follow merged contact %d: %w", id, err)
		}
		if c.MergedInto == nil {
			return c.ID, nil
		}
		id = *c.MergedInto
	}
}

// titledBy lists living contacts by the texts that titleKeys gives of them.
func titledBy(q *gorm.DB, phones, postcodes []string, except int64) (map[string][]Contact, error) {
	titled := map[string][]Contact{}
	for column, values := range map[string][]string{"phone_key": phones, "postcode": postcodes} {
		if len(values) == 0 {
			continue
		}
		slices.Sort(values)
		var list []Contact
		err := q.Raw(`SELECT id, kind, name, organisation, email_key, phone_key, postcode FROM contacts c WHERE merged_into IS NULL AND `+column+` IN ? AND `+column+` <> ''
			AND NOT EXISTS (SELECT 1 FROM contact_import_rows r WHERE r.contact_id = c.id AND r.import_id = ?) ORDER BY id`, slices.Compact(values), except).Scan(&list).Error
		if err != nil {
			return nil, fmt.Errorf("find contacts by name: %w", err)
		}
		for _, c := range list {
			for _, key := range titleKeys(c) {
				titled[key] = append(titled[key], c)
			}
		}
	}
	return titled, nil
}

// onlyOne is the contact that a row without an address is about: the only one that is so called there, or of several the
// only one without an address.
func onlyOne(titled map[string][]Contact, c Contact) (id int64, unclear bool) {
	all, without := map[int64]bool{}, map[int64]bool{}
	for _, key := range titleKeys(c) {
		for _, other := range titled[key] {
			all[other.ID] = true
			if other.EmailKey == "" {
				without[other.ID] = true
			}
		}
	}
	if len(all) > 1 && len(without) == 1 {
		all = without
	}
	for id = range all {
		return id, len(all) > 1
	}
	return 0, false
}
