package contacts

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/accounts"

	"gorm.io/gorm"
)

// What rows of a list can be chosen by, beside their outcomes.
const (
	RowsNoted = "noted" // their yes did not count
	RowsKept  = "kept"  // not taken back
)

// RowFilter chooses rows of a list; its zero value is all of them.
type RowFilter struct {
	Show string // an Outcome, RowsNoted or RowsKept; "" is all
	Page int    // from 1
}

// RowSeen is a row of a list as staff see it.
type RowSeen struct {
	ImportRow
	Who   string   // name or address
	Tells []string // what it does or did, a line for each thing
}

// RowPage is one page of the rows of a list.
type RowPage struct {
	Rows  []RowSeen
	Total int
	Page  int // from 1
	Pages int // at least 1
}

// where is the filter as SQL; each text is one of few, so that the index over bad rows serves.
func (f RowFilter) where() string {
	switch f.Show {
	case string(RowBad):
		return ` AND outcome = 'bad'`
	case string(RowCreates), string(RowChanges), string(RowSame), string(RowDouble):
		return ` AND outcome = '` + f.Show + `'`
	case RowsNoted:
		return ` AND note <> '' AND outcome <> 'bad'`
	case RowsKept:
		return ` AND ended = 'kept'`
	}
	return ""
}

// ImportRows gives one page of the rows of a list, with what each does to a contact. A page past the end is the last.
func (s *Service) ImportRows(ctx context.Context, id int64, f RowFilter) (page RowPage, err error) {
	i, err := s.ImportByID(ctx, id)
	if err != nil {
		return page, err
	}
	q := s.db.Read(ctx)
	if err := q.Raw(`SELECT count(*) FROM contact_import_rows WHERE import_id = ?`+f.where(), id).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count the rows of a list: %w", err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	page.Rows, err = s.seen(ctx, i, f, ListPageSize, (page.Page-1)*ListPageSize)
	return page, err
}

// FirstRows gives the first few rows of a kind.
func (s *Service) FirstRows(ctx context.Context, i Import, show string, n int) ([]RowSeen, error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return nil, err
	}
	return s.seen(ctx, i, RowFilter{Show: show}, n, 0)
}

func (s *Service) seen(ctx context.Context, i Import, f RowFilter, limit, offset int) ([]RowSeen, error) {
	q := s.db.Read(ctx)
	rows, err := rowsOf(q, `import_id = ?`+f.where()+` ORDER BY id LIMIT ? OFFSET ?`, i.ID, limit, offset)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	w, err := s.startLook(ctx, i)
	if err != nil {
		return nil, err
	}
	return s.look(q, w, rows)
}

// startLook is startWork for looking only.
func (s *Service) startLook(ctx context.Context, i Import) (*importWork, error) {
	i.State = ""
	return s.startWork(ctx, i)
}

// look says of rows what they do, or did.
func (s *Service) look(q *gorm.DB, w *importWork, rows []ImportRow) ([]RowSeen, error) {
	seen := make([]RowSeen, len(rows))
	at := map[int64]*RowSeen{}
	var used []ImportRow
	for n, row := range rows {
		seen[n].ImportRow = row
		at[row.ID] = &seen[n]
		cells, err := row.values()
		if err != nil {
			return nil, err
		}
		wanted, _ := w.reader.read(cells)
		seen[n].Who = wanted.who()
		if row.Outcome == RowCreates || row.Outcome == RowChanges {
			used = append(used, row)
		}
	}
	if err := tellDoubles(q, seen); err != nil {
		return nil, err
	}
	leads, err := w.readLeads(q, used)
	if err != nil {
		return nil, err
	}
	if err := s.remember(q, w, leads); err != nil {
		return nil, err
	}
	names, err := s.belongingNames(q)
	for _, l := range leads {
		p := w.planner.decide(l.wish, l.known)
		at[l.row.ID].Tells = s.tells(l.known.Contact, p, names)
	}
	return seen, err
}

// tellDoubles says of rows with which line they are taken together.
func tellDoubles(q *gorm.DB, seen []RowSeen) error {
	var ids []int64
	for _, r := range seen {
		if r.DoubleOf != nil {
			ids = append(ids, *r.DoubleOf)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	lines := map[int64]int{}
	rows, err := q.Raw(`SELECT id, line FROM contact_import_rows WHERE id IN ?`, ids).Rows()
	err = eachRow(rows, err, func() error {
		var id int64
		var line int
		err := rows.Scan(&id, &line)
		lines[id] = line
		return err
	})
	for n := range seen {
		if with := seen[n].DoubleOf; with != nil && seen[n].Outcome == RowDouble {
			seen[n].Tells = []string{fmt.Sprintf("With line %d, which is about the same contact.", lines[*with])}
		}
	}
	return err
}

// who is what a row calls its contact.
func (w wish) who() string {
	var parts []string
	for _, text := range []string{w.title(), w.Email} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// remember finds what was known of the contacts before the rows were used: now, or, where they have been, as it was noted.
func (s *Service) remember(q *gorm.DB, w *importWork, leads []lead) error {
	if err := s.learn(q, "", w, leads); err != nil {
		return err
	}
	if err := w.joinDoubles(q, leads); err != nil {
		return err
	}
	for n := range leads {
		l := &leads[n]
		if l.row.VersionAfter == 0 {
			continue // not used yet
		}
		b, err := l.row.was()
		if err != nil {
			return err
		}
		was := &known{Contact: b.Contact}
		if l.row.Outcome == RowChanges {
			was.groups, was.localities = without(l.wish.groups, b.Groups), without(l.wish.localities, b.Localities)
		}
		for _, e := range l.known.ledger {
			if e.ID <= b.Ledger {
				was.ledger = append(was.ledger, e)
			}
		}
		l.known = was
	}
	return nil
}

// belongingNames are the names of groups and localities by slug.
func (s *Service) belongingNames(q *gorm.DB) (map[string]string, error) {
	groups, err := allGroups(q)
	names := map[string]string{}
	for _, l := range s.cfg.Localities {
		names[l.Slug] = l.Name
	}
	for _, g := range groups {
		names[g.Slug] = g.Name
	}
	return names, err
}

// tells says in words what is done to a contact. A new one's name and address are said already.
func (s *Service) tells(was Contact, p plan, names map[string]string) (lines []string) {
	for _, code := range p.fields {
		if was.ID == 0 && (code == fieldName || code == fieldEmail) {
			continue
		}
		line := fieldByCode(code).Label + ": " + p.after.fact(code)
		if before := was.fact(code); was.ID != 0 && before != "" {
			line += " (was: " + before + ")"
		}
		lines = append(lines, line)
	}
	for what, slugs := range map[string][]string{"Groups": p.groups, "Localities": p.localities} {
		if len(slugs) == 0 {
			continue
		}
		called := make([]string, len(slugs))
		for n, slug := range slugs {
			if called[n] = names[slug]; called[n] == "" {
				called[n] = slug
			}
		}
		lines = append(lines, what+": "+strings.Join(called, ", "))
	}
	for _, e := range p.entries {
		said := "Yes"
		if e.Entry != Given {
			said = "No"
		}
		lines = append(lines, fmt.Sprintf("%s to “%s” by %s, said on %s", said, s.purposeName(e.Purpose), e.Channel.Words(), e.At.In(s.cfg.Zone()).Format("2 January 2006")))
	}
	return lines
}

// fact is one field of a contact as text.
func (c *Contact) fact(code string) string {
	switch code {
	case fieldKind:
		return string(c.Kind)
	case fieldName:
		return c.Name
	case fieldOrganisation:
		return c.Organisation
	case fieldEmail:
		return c.Email
	case fieldPhone:
		return c.Phone
	case fieldPostAddress:
		return strings.ReplaceAll(c.PostAddress, "\n", ", ")
	case fieldPostcode:
		return c.Postcode
	case fieldChannel:
		return string(c.Channel)
	case fieldLargePrint:
		if c.LargePrint {
			return "yes"
		}
		return "no"
	case fieldNotes:
		return c.Notes
	}
	return ""
}
