package bookings

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/events"

	"gorm.io/gorm"
)

// ListPageSize is how many bookings the staff's list shows at once.
const ListPageSize = 50

// AnyNeed, as the Need of a ListFilter, chooses every booking with an access need.
const AnyNeed = "any"

// ListFilter chooses bookings for the staff's list; its zero value is all of them.
type ListFilter struct {
	Event   string // slug
	Status  Status
	Channel Channel
	Need    string // a code of Needs, or AnyNeed
	Text    string // a name as it was heard, a reference, an e-mail address or figures of a telephone number
	Sort    string // a key of listOrders; "" is the nearest to Text, else the order of joining, else the newest first
	Page    int    // from 1
}

// Listed is a booking in the staff's list.
type Listed struct {
	ID        int64
	Reference string
	EventID   int64
	Status    Status
	People    int
	Name      string
	Email     string
	Phone     string
	Channel   Channel
	CreatedAt time.Time
	Event     events.Brief
	Needs     []AccessNeed // those that still stand
}

// ListPage is one page of the staff's list.
type ListPage struct {
	Bookings []Listed
	Total    int
	Page     int           // from 1
	Pages    int           // at least 1
	Event    *events.Event // where the list is of one
}

// List gives one page of bookings. A page past the end is the last. It needs the right to see bookings; an event that
// does not exist is a NotFound fault.
func (s *Service) List(ctx context.Context, f ListFilter) (page ListPage, err error) {
	q, err := s.listQuery(ctx, f)
	if err != nil {
		return page, err
	}
	page.Event = q.event
	ids, err := s.pageOf(ctx, q, f, &page)
	if err != nil {
		return page, fmt.Errorf("list bookings: %w", err)
	}
	page.Bookings, err = s.listed(ctx, ids)
	return page, err
}

// pageOf counts the bookings of a query and gives the ids of one page of them.
func (s *Service) pageOf(ctx context.Context, q *listQuery, f ListFilter, page *ListPage) (ids []int64, err error) {
	if f.Text != "" {
		if ids, page.Total, err = s.foundAt(ctx, q, max(1, f.Page)); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 { // nothing was looked for, or the page is past the end
		if err := q.on(s.db.Read(ctx), "count(*)", "").Scan(&page.Total).Error; err != nil {
			return nil, err
		}
	}
	page.Pages = max(1, (page.Total+ListPageSize-1)/ListPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	if len(ids) == 0 && page.Total > 0 {
		err = q.on(s.db.Read(ctx), "b.id", q.pageTail(page.Page)).Scan(&ids).Error
	}
	return ids, err
}

// foundAt gives a page of ids and the count of all in one query: where a text is looked for, finding is the work, and
// is done once for both.
func (s *Service) foundAt(ctx context.Context, q *listQuery, page int) (ids []int64, total int, err error) {
	rows, err := q.on(s.db.Read(ctx), "b.id, count(*) OVER ()", q.pageTail(page)).Rows()
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id, &total); err != nil {
			return nil, 0, err
		}
		ids = append(ids, id)
	}
	return ids, total, rows.Err()
}

func (q *listQuery) pageTail(page int) string {
	return fmt.Sprintf(" ORDER BY %s LIMIT %d OFFSET %d", q.order, ListPageSize, (page-1)*ListPageSize)
}

// listQuery is a filter as SQL over bookings b and events e.
type listQuery struct {
	event  *events.Event
	from   string
	where  []string
	args   []any
	order  string
	orders []any // arguments of order
}

func (q *listQuery) add(condition string, args ...any) {
	q.where, q.args = append(q.where, condition), append(q.args, args...)
}

func (q *listQuery) on(db *gorm.DB, columns, tail string) *gorm.DB {
	from, args := "bookings b", q.args
	if tail != "" {
		from, args = q.from, append(append([]any{}, q.args...), q.orders...)
	}
	text := "SELECT " + columns + " FROM " + from
	if len(q.where) > 0 {
		text += " WHERE " + strings.Join(q.where, " AND ")
	}
	return db.Raw(text+tail, args...)
}

// listOrders are the orders that staff can choose. Each ends in what tells any two bookings apart.
var listOrders = map[string]string{
	"booked":     "b.id",
	"-booked":    "b.id DESC",
	"name":       "b.name_key, b.id",
	"-name":      "b.name_key DESC, b.id DESC",
	"reference":  "b.reference",
	"-reference": "b.reference DESC",
	"people":     "b.people, b.id",
	"-people":    "b.people DESC, b.id DESC",
	"status":     statusOrder + ", b.queue_position, b.id",
	"-status":    statusOrder + " DESC, b.queue_position DESC, b.id DESC",
	"event":      "coalesce(e.starts_at, e.last_starts_at, e.updated_at), b.event_id, b.id",
	"-event":     "coalesce(e.starts_at, e.last_starts_at, e.updated_at) DESC, b.event_id DESC, b.id DESC",
}

const statusOrder = "CASE b.status WHEN 'confirmed' THEN 1 WHEN 'waiting' THEN 2 ELSE 3 END"

func (s *Service) listQuery(ctx context.Context, f ListFilter) (q *listQuery, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	q = &listQuery{from: "bookings b", order: listOrders["-booked"]}
	if f.Event != "" {
		e, err := s.events.BySlug(ctx, f.Event)
		if err != nil {
			return nil, err
		}
		q.event, q.order = &e, listOrders["status"]
		q.add("b.event_id = ?", e.ID)
	}
	if f.Status != "" {
		q.add("b.status = ?", string(f.Status))
	}
	if f.Channel != "" {
		q.add("b.channel = ?", string(f.Channel))
	}
	switch f.Need {
	case "":
	case AnyNeed:
		q.add("b.id IN (SELECT n.booking_id FROM access_needs n WHERE n.state <> 'no-longer-needed')")
	default:
		q.add("b.id IN (SELECT n.booking_id FROM access_needs n WHERE n.need = ? AND n.state <> 'no-longer-needed')", f.Need)
	}
	if err := s.addText(ctx, q, f.Text); err != nil {
		return nil, err
	}
	if order, known := listOrders[f.Sort]; known {
		q.order, q.orders = order, nil
	}
	if strings.Contains(q.order, "e.") {
		q.from = "bookings b JOIN events e ON e.id = b.event_id"
	}
	return q, nil
}

// listed reads bookings with their events and needs, in the order of ids.
func (s *Service) listed(ctx context.Context, ids []int64) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, eventIDs, err := s.listedRows(ctx, ids)
	if err != nil {
		return nil, err
	}
	briefs, err := s.events.Briefs(ctx, eventIDs)
	if err != nil {
		return nil, err
	}
	needs, err := s.needsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, 0, len(ids))
	for _, id := range ids {
		if b, there := found[id]; there { // it may have been erased meanwhile
			b.Event, b.Needs = briefs[b.EventID], needs[id]
			list = append(list, b)
		}
	}
	return list, nil
}

func (s *Service) listedRows(ctx context.Context, ids []int64) (found map[int64]Listed, eventIDs []int64, err error) {
	rows, err := s.db.Read(ctx).Raw(`SELECT id, reference, event_id, status, people, name, email, phone, channel, created_at FROM bookings WHERE id IN ?`, ids).Rows()
	if err != nil {
		return nil, nil, fmt.Errorf("read bookings: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found, seen := make(map[int64]Listed, len(ids)), map[int64]bool{}
	for rows.Next() {
		var b Listed
		if err := rows.Scan(&b.ID, &b.Reference, &b.EventID, &b.Status, &b.People, &b.Name, &b.Email, &b.Phone, &b.Channel, &b.CreatedAt); err != nil {
			return nil, nil, fmt.Errorf("read a booking: %w", err)
		}
		found[b.ID] = b
		if !seen[b.EventID] {
			seen[b.EventID] = true
			eventIDs = append(eventIDs, b.EventID)
		}
	}
	return found, eventIDs, rows.Err()
}

// needsOf are the needs that still stand of these bookings.
func (s *Service) needsOf(ctx context.Context, ids []int64) (map[int64][]AccessNeed, error) {
	rows, err := s.db.Read(ctx).Raw(`SELECT booking_id, position, need, state FROM access_needs
		WHERE booking_id IN ? AND state <> 'no-longer-needed' ORDER BY booking_id, position, id`, ids).Rows()
	if err != nil {
		return nil, fmt.Errorf("read the needs of bookings: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := map[int64][]AccessNeed{}
	for rows.Next() {
		var n AccessNeed
		if err := rows.Scan(&n.BookingID, &n.Position, &n.Need, &n.State); err != nil {
			return nil, fmt.Errorf("read a need: %w", err)
		}
		out[n.BookingID] = append(out[n.BookingID], n)
	}
	return out, rows.Err()
}

// Spoken is the reference as it is printed and read over the telephone.
func (l Listed) Spoken() string { return Booking{Reference: l.Reference}.Spoken() }
