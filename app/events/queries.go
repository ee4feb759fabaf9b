package events

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"conversations/app/database"
)

// BySlug finds a public event by the last part of its address, or gives a NotFound fault.
func (s *Service) BySlug(ctx context.Context, slug string) (Event, error) {
	var e Event
	err := s.db.Read(ctx).Where("slug = ? AND status <> ?", slug, Draft).Take(&e).Error
	return e, found(err)
}

// ByID finds any event, drafts among them, or gives a NotFound fault.
func (s *Service) ByID(ctx context.Context, id int64) (Event, error) {
	var e Event
	err := s.db.Read(ctx).Where("id = ?", id).Take(&e).Error
	return e, found(err)
}

func found(err error) error {
	if database.IsNotFound(err) {
		return notFound()
	}
	if err != nil {
		return fmt.Errorf("read an event: %w", err)
	}
	return nil
}

// lockedColumns are what giving a place and writing its mail need: all but the long texts of the public page.
const lockedColumns = `id, slug, title, locality, led_by, zone, starts_local, ends_local, starts_second, ends_second, starts_at, ends_at,
	last_starts_at, last_ends_at, venue_name, venue_address, venue_postcode, getting_there, parking, step_free, hearing_loop, toilets,
	online, join_link, needs_met, needs_by, capacity, max_party, booking_opens_at, booking_closes_at, waiting_list, status, status_note,
	version`

// LockForBooking reads the event and keeps every other booking of it waiting until the commit. Summary,
// Description and attendance are left out. The error is a NotFound fault where there is none.
func LockForBooking(tx *database.Tx, id int64) (Event, error) {
	var e Event
	err := tx.Row("SELECT "+lockedColumns+" FROM events WHERE id = ?"+tx.ForUpdate(), id).Scan(
		&e.ID, &e.Slug, &e.Title, &e.Locality, &e.LedBy, &e.ZoneName, &e.StartsLocal, &e.EndsLocal, &e.StartsSecond, &e.EndsSecond, &e.StartsAt, &e.EndsAt,
		&e.LastStartsAt, &e.LastEndsAt, &e.VenueName, &e.VenueAddress, &e.VenuePostcode, &e.GettingThere, &e.Parking, &e.StepFree, &e.HearingLoop, &e.Toilets,
		&e.Online, &e.JoinLink, &e.NeedsMet, &e.NeedsBy, &e.Capacity, &e.MaxParty, &e.BookingOpensAt, &e.BookingClosesAt, &e.WaitingList, &e.Status, &e.StatusNote,
		&e.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return Event{}, notFound()
	}
	if err != nil {
		return Event{}, fmt.Errorf("lock event %d: %w", id, err)
	}
	return e, nil
}

// When tells events to come from events that are over.
type When string

// The two times.
const (
	Upcoming When = "upcoming" // not over yet, or with no date
	Past     When = "past"
)

// Filter chooses public events. The zero Filter is all that are to come.
type Filter struct {
	Locality string // slug; "" is all
	When     When   // "" is Upcoming
	Limit    int    // 0 is no limit
}

const (
	isUpcoming = `(status IN ('announced', 'postponed') OR status IN ('open', 'closed', 'cancelled') AND COALESCE(ends_at, starts_at) >= ?)`
	isPast     = `(status = 'held' OR status IN ('open', 'closed', 'cancelled') AND (COALESCE(ends_at, starts_at) < ? OR starts_at IS NULL))`
)

// List gives public events: those to come soonest first, then those with no date; past ones latest first.
func (s *Service) List(ctx context.Context, f Filter) ([]Event, error) {
	q := s.db.Read(ctx).Where("status <> ?", Draft)
	if f.When == Past {
		q = q.Where(isPast, s.db.Now()).Order("COALESCE(starts_at, last_starts_at, updated_at) DESC, id DESC")
	} else {
		q = q.Where(isUpcoming, s.db.Now()).Order("CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id")
	}
	if f.Locality != "" {
		q = q.Where("locality = ?", f.Locality)
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	}
	var out []Event
	if err := q.Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return out, nil
}

// Feed gives every public event that feeds carry, newest first: those to come, with a date or without, and what was
// in the year before now. locality is a slug; "" is all.
func (s *Service) Feed(ctx context.Context, locality string) ([]Event, error) {
	q := s.db.Read(ctx).Where("status <> ?", Draft).Order("id DESC").
		Where("(status IN ('announced', 'postponed') OR COALESCE(starts_at, last_starts_at, updated_at) > ?)", s.db.Now().AddDate(-1, 0, 0))
	if locality != "" {
		q = q.Where("locality = ?", locality)
	}
	var out []Event
	if err := q.Find(&out).Error; err != nil {
		return nil, fmt.Errorf("list events for a feed: %w", err)
	}
	return out, nil
}

// places gives the counts of people, or none where nobody counts them.
func (s *Service) places(ctx context.Context, list ...Event) (map[int64]Places, error) {
	if s.Places == nil || len(list) == 0 {
		return map[int64]Places{}, nil
	}
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return s.Places(ctx, ids)
}

// StaffFilter chooses events for the staff's list; its zero value is all of them.
type StaffFilter struct {
	Status   Status
	Locality string
	Text     string // in title, place or who leads it
	When     When   // "" is any time
	Sort     string // "starts" (default), "-starts", "title", "-title", "updated", "-updated"
	Page     int    // from 1
}

// StaffPageSize is how many events the staff's list shows at once.
const StaffPageSize = 25

// StaffPage is one page of the staff's list.
type StaffPage struct {
	Events []Event
	Total  int
	Page   int // from 1
	Pages  int // at least 1
}

var sorts = map[string]string{
	"":         "CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id",
	"starts":   "CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id",
	"-starts":  "CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at DESC, id DESC",
	"title":    "LOWER(title), id",
	"-title":   "LOWER(title) DESC, id DESC",
	"updated":  "updated_at, id",
	"-updated": "updated_at DESC, id DESC",
}

// StaffList gives one page of all events, drafts among them. A page past the end is the last page.
func (s *Service) StaffList(ctx context.Context, f StaffFilter) (StaffPage, error) {
	if err := mayManage(ctx); err != nil {
		return StaffPage{}, err
	}
	where, args := f.where(s.db.Now())
	var total int64
	if err := s.db.Read(ctx).Model(&Event{}).Where(where, args...).Count(&total).Error; err != nil {
		return StaffPage{}, fmt.Errorf("count events: %w", err)
	}
	page := StaffPage{Total: int(total), Pages: max(1, (int(total)+StaffPageSize-1)/StaffPageSize)}
	page.Page = min(max(1, f.Page), page.Pages)
	order, ok := sorts[f.Sort]
	if !ok {
		order = sorts[""]
	}
	err := s.db.Read(ctx).Where(where, args...).Order(order).
		Limit(StaffPageSize).Offset((page.Page - 1) * StaffPageSize).Find(&page.Events).Error
	if err != nil {
		return StaffPage{}, fmt.Errorf("list events: %w", err)
	}
	return page, nil
}

func (f StaffFilter) where(now time.Time) (string, []any) {
	parts, args := []string{"1 = 1"}, []any{}
	add := func(sql string, values ...any) { parts, args = append(parts, sql), append(args, values...) }
	if f.Status != "" {
		add("status = ?", f.Status)
	}
	if f.Locality != "" {
		add("locality = ?", f.Locality)
	}
	switch f.When {
	case Upcoming:
		add("(status = 'draft' OR "+isUpcoming+")", now)
	case Past:
		add(isPast, now)
	}
	if text := strings.ToLower(strings.TrimSpace(f.Text)); text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
		add(`(LOWER(title) LIKE ? ESCAPE '\' OR LOWER(venue_name) LIKE ? ESCAPE '\' OR LOWER(led_by) LIKE ? ESCAPE '\')`, like, like, like)
	}
	return strings.Join(parts, " AND "), args
}
