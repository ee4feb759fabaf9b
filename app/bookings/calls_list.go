package bookings

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"

	"gorm.io/gorm"
)

// CallPageSize is how many people, or calls that are done, the list shows at once.
const CallPageSize = 50

// CallFilter chooses calls for the staff's list.
type CallFilter struct {
	Event string // slug
	Kind  string
	Mine  bool   // that the actor is making, or has made or tried
	Tried string // "yes", "no"; "" is all
	Page  int    // from 1
}

// callee is who a call goes to: calls to the same number belong together; where there is none, those about the same
// booking.
const callee = `CASE WHEN c.phone <> '' THEN c.phone ELSE 'booking ' || coalesce(c.booking_id, 0) || ' interest ' || coalesce(c.interest_id, 0) END`

// Callee is somebody to telephone, with all that is to be told them, the oldest first.
type Callee struct {
	Key   string
	Calls []Call
}

// CalleePage is one page of the ring-round list.
type CalleePage struct {
	People []Callee
	Total  int // people
	Page   int // from 1
	Pages  int // at least 1
}

// CallsDue is what is left to be done on the telephone.
type CallsDue struct {
	People int       // who can be called now
	Later  int       // who did not answer and are to be tried again later
	Since  time.Time // when the first of those came on the list; zero where there is nobody
}

// CallSummary counts the people to telephone.
func (s *Service) CallSummary(ctx context.Context) (due CallsDue, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return due, err
	}
	var rows struct {
		People, Ready int
		First         *int64
	}
	err = s.db.Read(ctx).Raw(`SELECT count(*) AS people, coalesce(sum(ready), 0) AS ready, min(CASE WHEN ready = 1 THEN first END) AS first
		FROM (SELECT min(c.id) AS first, `+isReady+` AS ready FROM calls c WHERE c.state = 'due' GROUP BY `+callee+`) AS who`, s.db.Now()).Scan(&rows).Error
	if err != nil {
		return due, fmt.Errorf("count the people to telephone: %w", err)
	}
	due.People, due.Later = rows.Ready, rows.People-rows.Ready
	if rows.First != nil {
		first, err := s.Call(ctx, *rows.First)
		if err != nil {
			return due, err
		}
		due.Since = first.CreatedAt
	}
	return due, nil
}

// isReady is 1 for somebody who can be called now: there is something to tell them that was not put off.
const isReady = `max(CASE WHEN c.try_after IS NULL OR c.try_after <= ? THEN 1 ELSE 0 END)`

// PeopleToCall gives one page of the ring-round list: who can be called now first, the longest waiting at the top. A
// person is on it whole, also where only one of several calls fits the filter.
func (s *Service) PeopleToCall(ctx context.Context, f CallFilter) (page CalleePage, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return page, err
	}
	where, args := f.where(ctx, "due")
	if err := s.db.Read(ctx).Raw(`SELECT count(*) FROM (SELECT 1 FROM calls c`+where+` GROUP BY `+callee+`) AS who`, args...).Row().Scan(&page.Total); err != nil {
		return page, fmt.Errorf("count the people to telephone: %w", err)
	}
	page.Pages = max(1, (page.Total+CallPageSize-1)/CallPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	keys, err := calleesIn(s.db.Read(ctx), s.db.Now(), where, args, CallPageSize, (page.Page-1)*CallPageSize)
	if err != nil {
		return page, err
	}
	page.People, err = s.callees(ctx, keys)
	return page, err
}

// calleesIn lists who fits, in the order of the list.
func calleesIn(q *gorm.DB, now time.Time, where string, args []any, limit, offset int) (keys []string, err error) {
	all := append([]any{now}, args...)
	err = q.Raw(`SELECT key FROM (SELECT `+callee+` AS key, min(c.id) AS first, `+isReady+` AS ready FROM calls c`+where+`
		GROUP BY `+callee+`) AS who ORDER BY ready DESC, first LIMIT ? OFFSET ?`, append(all, limit, offset)...).Scan(&keys).Error
	if err != nil {
		return nil, fmt.Errorf("list the people to telephone: %w", err)
	}
	return keys, nil
}

func (s *Service) callees(ctx context.Context, keys []string) ([]Callee, error) {
	people := make([]Callee, len(keys))
	if len(keys) == 0 {
		return people, nil
	}
	at := map[string]int{}
	for i, key := range keys {
		people[i].Key, at[key] = key, i
	}
	var rows []struct {
		Call `gorm:"embedded"`
		Key  string
	}
	err := s.db.Read(ctx).Raw(`SELECT c.*, `+callee+` AS key FROM calls c WHERE c.state = 'due' AND `+callee+` IN ? ORDER BY c.id`, keys).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what is to be told: %w", err)
	}
	for _, r := range rows {
		i := at[r.Key]
		people[i].Calls = append(people[i].Calls, r.Call)
	}
	return people, nil
}

func (f CallFilter) where(ctx context.Context, state string) (string, []any) {
	parts, args := []string{`c.state = ?`}, []any{state}
	add := func(condition string, values ...any) { parts, args = append(parts, condition), append(args, values...) }
	if f.Event != "" {
		add(`c.event_id = (SELECT id FROM events WHERE slug = ?)`, f.Event)
	}
	if f.Kind != "" {
		add(`c.kind = ?`, f.Kind)
	}
	if me := audit.ActorFrom(ctx).ID; f.Mine {
		add(`(c.taken_by = ? OR c.done_by = ? OR EXISTS (SELECT 1 FROM call_attempts t WHERE t.call_id = c.id AND t.staff_id = ?))`, me, me, me)
	}
	switch f.Tried {
	case "yes":
		add(`c.result <> ''`)
	case "no":
		add(`c.result = ''`)
	}
	return ` WHERE ` + strings.Join(parts, " AND "), args
}

// Calls lists the calls that are due, the longest waiting first, or done, the newest first: at most 500.
func (s *Service) Calls(ctx context.Context, state string) (calls []Call, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return nil, err
	}
	order := "id"
	if state == "done" {
		order = "done_at DESC, id DESC"
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE state = ? ORDER BY `+order+` LIMIT 500`, state).Scan(&calls).Error
	return calls, err
}

// CallsDone gives one page of the calls that are done, the newest first, and how many there are.
func (s *Service) CallsDone(ctx context.Context, f CallFilter) (calls []Call, total int, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return nil, 0, err
	}
	where, args := f.where(ctx, "done")
	if err := s.db.Read(ctx).Raw(`SELECT count(*) FROM calls c`+where, args...).Row().Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the calls: %w", err)
	}
	err = s.db.Read(ctx).Raw(`SELECT c.* FROM calls c`+where+` ORDER BY c.done_at DESC, c.id DESC LIMIT ? OFFSET ?`,
		append(args, CallPageSize, (max(1, f.Page)-1)*CallPageSize)...).Scan(&calls).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list the calls: %w", err)
	}
	return calls, total, nil
}

// Call reads one call; NotFound where there is none.
func (s *Service) Call(ctx context.Context, id int64) (c Call, err error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return c, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE id = ?`, id), &c)
	if database.IsNotFound(err) {
		return c, noCall()
	}
	return c, err
}

func noCall() error { return fault.New(fault.NotFound, "This call is not on the list any more.") }

// CalleeOf gives everything that is to be told to the person of a call; of one that is done, that call alone.
func (s *Service) CalleeOf(ctx context.Context, id int64) (who Callee, err error) {
	c, err := s.Call(ctx, id)
	if err != nil || c.State != "due" {
		return Callee{Calls: []Call{c}}, err
	}
	var key string
	if err := s.db.Read(ctx).Raw(`SELECT `+callee+` FROM calls c WHERE c.id = ?`, id).Row().Scan(&key); err != nil {
		return who, err
	}
	people, err := s.callees(ctx, []string{key})
	if err != nil {
		return who, err
	}
	return people[0], nil
}

// attempts lists who rang about these calls, when and with what result, newest first.
func (s *Service) attempts(ctx context.Context, calls []Call) (list []attempt, err error) {
	ids := make([]int64, len(calls))
	for i, c := range calls {
		ids[i] = c.ID
	}
	err = s.db.Read(ctx).Raw(`SELECT * FROM call_attempts WHERE call_id IN ? ORDER BY id DESC`, ids).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read the attempts: %w", err)
	}
	return list, nil
}
