package bookings

import (
	"context"
	"fmt"
	"slices"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/jobs"

	"gorm.io/gorm"
)

// reminderChunk is how many people are reminded in one transaction, as with announcements.
const reminderChunk = 100

// lastCall is how long before the start nobody is reminded any more: they are on their way.
const lastCall = 2 * time.Hour

// officeOpens is the hour of the day at which a reminder by telephone comes on the list.
const officeOpens = 9

// byCall is the kind of the reminder that staff give by telephone to whoever has no e-mail.
const byCall = "call"

// slot is one reminder before an event: what it is called, and from when until when it may be given.
type slot struct {
	kind        string
	from, until time.Time
}

func (s slot) open(now time.Time) bool { return !now.Before(s.from) && now.Before(s.until) }

// slots lists the reminders by e-mail before an event that starts at start, the earliest first. Where the program was
// not running at a reminder's time, it is still given until half-way to the next one, and the last one until lastCall:
// later the next says all that is to be said.
//
// Lengths are time that passes and not what clocks on walls show: on the night the clocks change, 24 hours before 7pm
// is 6pm or 8pm.
func slots(start time.Time, before []time.Duration) []slot {
	before = slices.Clone(before)
	slices.Sort(before)
	before = slices.Compact(before)
	slices.Reverse(before)
	out := make([]slot, len(before))
	for i, d := range before {
		out[i] = slot{kind: fmt.Sprintf("before-%dm", int(d.Minutes())), from: start.Add(-d), until: start.Add(-min(lastCall, d/2))}
		if i+1 < len(before) {
			out[i].until = start.Add(-(d + before[i+1]) / 2)
		}
	}
	return out
}

// callSlot is the one reminder by telephone: due from the morning of a working day, so many before the event's, until
// lastCall. days of 0 is never.
func callSlot(start time.Time, zone *time.Location, days int, work workdays) slot {
	if days == 0 {
		return slot{}
	}
	year, month, day := start.In(zone).Date()
	due := date(year, month, day)
	for days > 0 {
		due = due.AddDate(0, 0, -1)
		if work.works(due) {
			days--
		}
	}
	morning := time.Date(due.Year(), due.Month(), due.Day(), officeOpens, 0, 0, 0, zone)
	return slot{kind: byCall, from: morning.UTC(), until: start.Add(-lastCall)}
}

func (s *Service) slotsOf(e events.Event) []slot {
	all := slots(*e.StartsAt, s.cfg.Bookings.Reminders)
	return append(all, callSlot(*e.StartsAt, e.Zone(), s.cfg.Bookings.ReminderCallDays, s.work))
}

// RemindJob reminds people before events and thanks them after. A late or second run does no harm.
func (s *Service) RemindJob() jobs.Job {
	return jobs.Job{Name: "reminders", Every: 2 * time.Minute, Lease: 5 * time.Minute, Run: s.Remind}
}

// Remind gives every reminder that is due now: before events to who has places, after them to who came and who did
// not. Each person gets each once for each date of the event, on however many instances this runs at the same time:
// who has had it is written in the transaction that queues the mail, while the event is locked.
func (s *Service) Remind(ctx context.Context) error {
	ctx = audit.AsSystem(ctx)
	if err := s.remindBefore(ctx); err != nil {
		return err
	}
	return s.remindAfter(ctx)
}

func (s *Service) remindBefore(ctx context.Context) error {
	coming, err := s.eventsToRemind(ctx)
	if err != nil {
		return err
	}
	for _, e := range coming {
		for _, slot := range s.slotsOf(e) {
			if err := s.remindAll(ctx, e, slot); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventsToRemind lists the events that are near enough for a reminder.
func (s *Service) eventsToRemind(ctx context.Context) (list []events.Event, err error) {
	longest := time.Duration(s.cfg.Bookings.ReminderCallDays+4) * 48 * time.Hour // weekends and holidays among them
	for _, d := range s.cfg.Bookings.Reminders {
		longest = max(longest, d)
	}
	now := s.db.Now()
	err = s.db.Read(ctx).Where("status IN ('open', 'closed') AND starts_at > ? AND starts_at <= ?", now, now.Add(longest)).Order("starts_at, id").Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("find events to remind of: %w", err)
	}
	return list, nil
}

// remindAll gives one reminder to everybody it is due to, a chunk at a time. Looking first keeps the event unlocked
// while there is nobody.
func (s *Service) remindAll(ctx context.Context, e events.Event, slot slot) error {
	for ctx.Err() == nil {
		due, err := s.dueFor(s.db.Read(ctx), e, slot)
		if err != nil || len(due) == 0 {
			return err
		}
		err = s.db.Write(ctx, func(tx *database.Tx) error { return s.remindChunk(ctx, tx, e.ID, slot.kind) })
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// remindChunk looks again at everything now that the event is locked: it may have been moved or cancelled, bookings
// too, and another instance may have been quicker.
func (s *Service) remindChunk(ctx context.Context, tx *database.Tx, eventID int64, kind string) error {
	e, err := events.LockForBooking(tx, eventID)
	if err != nil || !e.Dated() || e.Status != events.Open && e.Status != events.Closed {
		return err
	}
	given := 0
	for _, slot := range s.slotsOf(e) {
		if slot.kind != kind {
			continue
		}
		due, err := s.dueFor(tx.DB, e, slot)
		if err != nil {
			return err
		}
		for _, b := range due {
			if err := s.remindOne(ctx, tx, e, b, kind); err != nil {
				return err
			}
		}
		given += len(due)
	}
	if given == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "event.reminded", "events", e.ID, audit.Details{"reminder": kind, "bookings": given})
}

// dueFor lists the next bookings that are to have a reminder now: with places, not reminded of this date yet, and told
// of the date before the reminder's time. Who booked, got places or heard of a new date after that has it fresh in mind.
func (s *Service) dueFor(q *gorm.DB, e events.Event, slot slot) (due []Booking, err error) {
	if !slot.open(s.db.Now()) {
		return nil, nil
	}
	told, err := lastDated(q, e.ID)
	if err != nil || told.After(slot.from) {
		return nil, err
	}
	reach := `email <> ''`
	if slot.kind == byCall {
		reach = `email = ''`
	}
	err = q.Raw(`SELECT `+bookingColumns+` FROM bookings WHERE event_id = ? AND status = 'confirmed' AND `+reach+`
			AND created_at <= ? AND (promoted_at IS NULL OR promoted_at <= ?)
			AND NOT EXISTS (SELECT 1 FROM reminders r WHERE r.booking_id = bookings.id AND r.kind = ? AND r.start_unix = ?)
		ORDER BY id LIMIT ?`, e.ID, slot.from, slot.from, slot.kind, e.StartsAt.Unix(), reminderChunk).Scan(&due).Error
	if err != nil {
		return nil, fmt.Errorf("find who is to be reminded: %w", err)
	}
	return due, nil
}

// lastDated is when people were last told of a new date or place; the zero time where they never were.
func lastDated(q *gorm.DB, eventID int64) (time.Time, error) {
	var a announcement
	err := database.First(q.Raw(`SELECT id, created_at FROM announcements WHERE event_id = ? AND kind IN (?, ?) ORDER BY id DESC LIMIT 1`,
		eventID, string(EventMoved), string(EventDated)), &a)
	return a.CreatedAt, ignoreNotFound(err)
}

func (s *Service) remindOne(ctx context.Context, tx *database.Tx, e events.Event, b Booking, kind string) error {
	if mine, err := claimReminder(tx, e, b, kind); err != nil || !mine {
		return err
	}
	whole, err := loadParty(tx.DB, b)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, e, whole, notice{kind: Reminder, key: reminderKey(e, b, kind)})
}

// claimReminder notes that a booking has a reminder; mine is false where it had it already.
func claimReminder(tx *database.Tx, e events.Event, b Booking, kind string) (mine bool, err error) {
	done := tx.Exec(`INSERT INTO reminders (booking_id, event_id, kind, start_unix, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (booking_id, kind, start_unix) DO NOTHING`, b.ID, e.ID, kind, e.StartsAt.Unix(), tx.Now())
	if done.Error != nil {
		return false, fmt.Errorf("note the reminder of booking %d: %w", b.ID, done.Error)
	}
	return done.RowsAffected == 1, nil
}

// reminderKey makes a reminder unique among mails and calls as well: it is for a booking and a start.
func reminderKey(e events.Event, b Booking, kind string) string {
	return fmt.Sprintf("reminder:%d:%s:%d", b.ID, kind, e.StartsAt.Unix())
}

// dateGone takes reminders off the telephone list when what they remind of changes. Reminders for a new date come in
// their own time.
func (s *Service) dateGone(ctx context.Context, tx *database.Tx, c events.Change) error {
	switch c.Kind {
	case events.Moved, events.ChangePostponed, events.Dated, events.ChangeCancelled, events.ChangeHeld:
	default:
		return nil
	}
	err := tx.Exec(`UPDATE calls SET state = 'done', result = 'not-needed', done_at = ?, done_by = ? WHERE event_id = ? AND kind = ? AND state = 'due'`,
		tx.Now(), nullable(audit.ActorFrom(ctx).ID), c.After.ID, string(Reminder)).Error
	if err != nil {
		return fmt.Errorf("close the reminders by telephone of event %d: %w", c.After.ID, err)
	}
	return nil
}
