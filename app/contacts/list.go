package contacts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"

	"gorm.io/gorm"
)

// ListPageSize is how many contacts the staff's list shows at once.
const ListPageSize = 50

// ListFilter chooses contacts for the staff's list; its zero value is all of them.
type ListFilter struct {
	Text       string // each word is part of a name, an organisation, an address or a number
	Group      string // slug
	Locality   string // slug
	Channel    Channel
	Kind       Kind
	Basis      string // yes, no: whether there is a basis to send updates by any channel
	Suppressed string // yes, no: whether letters by email are stopped
	Sort       string // a key of listOrders; "" is by name
	Page       int    // from 1
}

// Listed is a contact in the staff's list.
type Listed struct {
	Card
	Updates    []Standing // how it stands with updates, for each channel that the ledger tells of
	Suppressed bool
}

// ListPage is one page of the staff's list.
type ListPage struct {
	Contacts []Listed
	Total    int
	Page     int // from 1
	Pages    int // at least 1
}

// List gives one page of contacts. A page past the end is the last.
func (s *Service) List(ctx context.Context, f ListFilter) (page ListPage, err error) {
	if err := accounts.Require(ctx, accounts.ManageContacts); err != nil {
		return page, err
	}
	q := f.query()
	if err := q.on(s.db.Read(ctx), "count(*)", "").Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count contacts: %w", err)
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	if page.Total == 0 {
		return page, nil
	}
	var ids []int64
	tail := fmt.Sprintf(" ORDER BY %s LIMIT %d OFFSET %d", q.order, ListPageSize, (page.Page-1)*ListPageSize)
	if err := q.on(s.db.Read(ctx), "k.id", tail).Scan(&ids).Error; err != nil {
		return page, fmt.Errorf("list contacts: %w", err)
	}
	page.Contacts, err = s.listed(ctx, ids)
	return page, err
}

// listOrders are the orders that staff can choose. Each ends in what tells any two contacts apart.
var listOrders = map[string]string{
	"name":          "k.sort_key, k.id",
	"-name":         "k.sort_key DESC, k.id DESC",
	"organisation":  "CASE k.organisation WHEN '' THEN 1 ELSE 0 END, k.organisation, k.sort_key, k.id",
	"-organisation": "k.organisation DESC, k.sort_key, k.id",
	"added":         "k.id",
	"-added":        "k.id DESC",
	"changed":       "k.updated_at, k.id",
	"-changed":      "k.updated_at DESC, k.id DESC",
}

// listQuery is a filter as SQL over contacts k.
type listQuery struct {
	where []string
	args  []any
	order string
}

func (q *listQuery) add(condition string, args ...any) {
	q.where, q.args = append(q.where, condition), append(q.args, args...)
}

func (q *listQuery) on(db *gorm.DB, columns, tail string) *gorm.DB {
	return db.Raw("SELECT "+columns+" FROM contacts k WHERE "+strings.Join(q.where, " AND ")+tail, q.args...)
}

const (
	hasBasis  = "EXISTS (SELECT 1 FROM current_consents cc WHERE cc.contact_id = k.id AND cc.purpose = 'updates' AND cc.entry = 'given')"
	isStopped = "EXISTS (SELECT 1 FROM suppressions su WHERE su.hash = k.suppression_key)"
)

func (f ListFilter) query() *listQuery {
	q := &listQuery{where: []string{"k.merged_into IS NULL", "k.sort_key <> ''"}, order: listOrders["name"]}
	for _, word := range database.SearchWords(NameKey(f.Text)) {
		q.add("k.search_key LIKE ?", "%"+word+"%") // nothing in it needs escaping: letters and figures
	}
	if f.Group != "" {
		q.add("k.id IN (SELECT m.contact_id FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE g.slug = ?)", f.Group)
	}
	if f.Locality != "" {
		q.add("k.id IN (SELECT l.contact_id FROM contact_localities l WHERE l.locality = ?)", f.Locality)
	}
	if f.Channel != "" {
		q.add("k.channel = ?", string(f.Channel))
	}
	if f.Kind != "" {
		q.add("k.kind = ?", string(f.Kind))
	}
	for _, choice := range []struct{ value, condition string }{{f.Basis, hasBasis}, {f.Suppressed, isStopped}} {
		switch choice.value {
		case "yes":
			q.add(choice.condition)
		case "no":
			q.add("NOT " + choice.condition)
		}
	}
	if order, known := listOrders[f.Sort]; known {
		q.order = order
	}
	return q
}

// listed reads contacts with all that the list and its export say, in the order of ids.
func (s *Service) listed(ctx context.Context, ids []int64) (list []Listed, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	q := s.db.Read(ctx)
	var rows []Contact
	if err := q.Raw(`SELECT * FROM contacts WHERE id IN ?`, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	found := make(map[int64]*Listed, len(rows))
	for _, c := range rows {
		found[c.ID] = &Listed{Card: Card{Contact: c}}
	}
	if err := belongings(q, ids, found); err != nil {
		return nil, err
	}
	var stand []Standing
	if err := q.Raw(`SELECT * FROM current_consents WHERE contact_id IN ? AND purpose = ? ORDER BY contact_id, channel`, ids, Updates).Scan(&stand).Error; err != nil {
		return nil, fmt.Errorf("derive how contacts stand: %w", err)
	}
	for _, one := range stand {
		found[one.ContactID].Updates = append(found[one.ContactID].Updates, one)
	}
	for _, id := range ids {
		if one, there := found[id]; there { // it may have been erased meanwhile
			list = append(list, *one)
		}
	}
	return list, s.markSuppressed(ctx, list)
}

// belongings fills in groups and localities.
func belongings(q *gorm.DB, ids []int64, found map[int64]*Listed) error {
	var rows []struct {
		ContactID int64
		Slug      string
		Locality  bool
	}
	err := q.Raw(`SELECT m.contact_id, g.slug, FALSE AS locality FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE m.contact_id IN ?
		UNION ALL SELECT l.contact_id, l.locality, TRUE FROM contact_localities l WHERE l.contact_id IN ? ORDER BY 1, 3, 2`, ids, ids).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read the groups and localities of contacts: %w", err)
	}
	for _, r := range rows {
		one, there := found[r.ContactID]
		switch {
		case !there:
		case r.Locality:
			one.Localities = append(one.Localities, r.Slug)
		default:
			one.Groups = append(one.Groups, r.Slug)
		}
	}
	return nil
}

// Allowed gives the standing that lets us send updates, the preferred channel first; found is false where none does.
func (l Listed) Allowed() (one Standing, found bool) {
	for _, st := range l.Updates {
		if st.Allowed() && (!found || st.Channel == l.Channel) {
			one, found = st, true
		}
	}
	return one, found
}

// Last is the standing that says no, newest first; found is false where somebody may be written to, or never said.
func (l Listed) Last() (one Standing, found bool) {
	if _, may := l.Allowed(); may {
		return one, false
	}
	var newest time.Time
	for _, st := range l.Updates {
		if !found || st.At.After(newest) {
			one, newest, found = st, st.At, true
		}
	}
	return one, found
}

// markSuppressed says of each whether letters to its address are stopped.
func (s *Service) markSuppressed(ctx context.Context, list []Listed) error {
	var addresses []string
	for _, one := range list {
		if one.Email != "" {
			addresses = append(addresses, one.Email)
		}
	}
	if len(addresses) == 0 {
		return nil
	}
	stopped, err := s.outbox.Suppressed(ctx, addresses...)
	if err != nil {
		return err
	}
	for i := range list {
		_, list[i].Suppressed = stopped[list[i].Email]
	}
	return nil
}
