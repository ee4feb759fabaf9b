package events

import (
	"context"
	"fmt"
	"time"
)

// Brief is an event as lists of other things name it.
type Brief struct {
	ID       int64
	Slug     string
	Title    string
	Locality string
	ZoneName string
	StartsAt *time.Time
	Status   Status
	Capacity int
}

// When is the day and time in a few words: "Tue 28 Feb 2017, 7pm"; "no date" where there is none.
func (b Brief) When() string {
	if b.StartsAt == nil {
		return "no date"
	}
	at := b.StartsAt.In(Event{ZoneName: b.ZoneName}.Zone())
	return at.Format("Mon 2 Jan 2006") + ", " + Clock(at)
}

// Briefs reads several events at once, by their ids; those that are not there are left out.
func (s *Service) Briefs(ctx context.Context, ids []int64) (map[int64]Brief, error) {
	list, err := s.briefs(ctx, "id IN ?", ids)
	out := make(map[int64]Brief, len(list))
	for _, b := range list {
		out[b.ID] = b
	}
	return out, err
}

// Next gives the next events to begin, drafts and cancelled ones left out.
func (s *Service) Next(ctx context.Context, limit int) ([]Brief, error) {
	return s.briefs(ctx, "starts_at >= ? AND status IN ('open', 'closed') ORDER BY starts_at, id LIMIT ?", s.db.Now(), limit)
}

func (s *Service) briefs(ctx context.Context, where string, args ...any) (list []Brief, err error) {
	rows, err := s.db.Read(ctx).Raw("SELECT id, slug, title, locality, zone, starts_at, status, capacity FROM events WHERE "+where, args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read events in brief: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var b Brief
		if err := rows.Scan(&b.ID, &b.Slug, &b.Title, &b.Locality, &b.ZoneName, &b.StartsAt, &b.Status, &b.Capacity); err != nil {
			return nil, fmt.Errorf("read an event in brief: %w", err)
		}
		list = append(list, b)
	}
	return list, rows.Err()
}
