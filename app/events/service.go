package events

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

// Service does what people do with events. It is safe for use by many goroutines once it is put together.
type Service struct {
	// Places tells how many people hold places and wait, by event id. The bookings fill it; nil is nobody.
	Places func(ctx context.Context, ids []int64) (map[int64]Places, error)
	// Questions gives the questions for the panel that were asked at booking, oldest first. The bookings fill it; nil
	// is none.
	Questions func(ctx context.Context, eventID int64) ([]AskedQuestion, error)
	// Came tells how many people came, where it was noted at the door. The bookings fill it; nil is not known.
	Came func(ctx context.Context, id int64) (people int, known bool, err error)
	// Hearers tells who hears of a change of an event, before it is made. The bookings fill it.
	Hearers func(ctx context.Context, id int64) ([]Hearer, error)
	// Links makes links to drafts for people without an account; nil makes none.
	Links *links.Signer

	cfg       *config.Config
	db        *database.DB
	listeners []Listener
}

// Places are counts of people, not of bookings.
type Places struct{ Taken, Waiting int }

// New makes the service.
func New(cfg *config.Config, db *database.DB) *Service { return &Service{cfg: cfg, db: db} }

// Conflict is what the second of two editors is told: Stored is the event as the first left it. Save again with
// Stored's version to put one's own text on top.
type Conflict struct{ Stored Event }

// Error says what happened, in words that are safe to show.
func (c *Conflict) Error() string { return c.Unwrap().Error() }

// Unwrap gives the fault, of kind Conflict.
func (c *Conflict) Unwrap() error {
	return fault.New(fault.Conflict, "Somebody else changed this event while you were writing. Both texts are kept.")
}

// Create makes a draft of what was typed.
func (s *Service) Create(ctx context.Context, f Form) (Event, error) {
	if err := mayManage(ctx); err != nil {
		return Event{}, err
	}
	e, err := f.apply(Event{Status: Draft, Version: 1}, s.cfg)
	if err != nil {
		return Event{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		made := e
		if err := freeSlug(tx, &made); err != nil {
			return err
		}
		if err := tx.Create(&made).Error; err != nil {
			return stored("create an event", err)
		}
		e = made
		return audit.Record(ctx, tx, "event.create", "events", made.ID, audit.Details{"locality": made.Locality})
	})
	return e, err
}

// Edit replaces the event's text with what was typed. The address (slug) of a public event stays as it is, and
// whether it has a date is not changed here but by SetDate and Postpone. The error is a *Conflict where the form
// shows an older version.
func (s *Service) Edit(ctx context.Context, id int64, f Form) (Event, error) {
	return s.change(ctx, id, "event.edit", func(e *Event) error {
		if f.Version != e.Version {
			return &Conflict{Stored: *e}
		}
		before := *e
		after, err := f.apply(before, s.cfg)
		if err != nil {
			return err
		}
		if before.Public() {
			after.Slug = before.Slug
			if err := sameDatedness(before, after); err != nil {
				return err
			}
			if err := after.readyToOpen(); err != nil && (before.Status == Open || before.Status == Closed) {
				return err
			}
		}
		after.rememberDate(before)
		*e = after
		return nil
	}, "")
}

func sameDatedness(before, after Event) error {
	fields := fault.Fields{}
	switch {
	case before.Dated() && !after.Dated():
		fields.Add("starts_day", "A public event keeps its date. To take the date away, postpone the event")
	case !before.Dated() && after.Dated():
		fields.Add("starts_day", "To give this event a date, use \"Set the date\"")
	}
	return fields.Err()
}

// readyToOpen says what is still missing before places can be booked.
func (e Event) readyToOpen() error {
	fields := fault.Fields{}
	if !e.Dated() {
		fields.Add("starts_day", "Enter the date of the event")
	}
	if e.Capacity < 1 {
		fields.Add("capacity", "Enter how many people there are places for")
	}
	return fields.Err()
}

// rememberDate keeps the date that people may have in their calendars.
func (e *Event) rememberDate(before Event) {
	if before.Public() && before.Dated() && !before.sameTime(*e) {
		e.LastStartsAt, e.LastEndsAt = before.StartsAt, before.EndsAt
	}
}

// change is every change of an event that is there: lock, alter, save, record, tell, in one transaction. kind is
// what is told where alter changes the status; "" where it only edits.
func (s *Service) change(ctx context.Context, id int64, action string, alter func(e *Event) error, kind ChangeKind) (Event, error) {
	if err := mayManage(ctx); err != nil {
		return Event{}, err
	}
	var saved Event
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		before, err := lock(tx, id)
		if err != nil {
			return err
		}
		after := before
		if err := alter(&after); err != nil {
			return err
		}
		if err := save(ctx, tx, action, before, &after); err != nil {
			return err
		}
		saved = after
		return s.tell(ctx, tx, changesOf(before, after, kind))
	})
	return saved, err
}

// save stores the event under the next version and records the names of what changed.
func save(ctx context.Context, tx *database.Tx, action string, before Event, after *Event) error {
	changed := changedNames(before, *after)
	if len(changed) == 0 {
		*after = before
		return nil
	}
	if after.Slug != before.Slug {
		if err := freeSlug(tx, after); err != nil {
			return err
		}
	}
	after.Version = before.Version + 1
	after.UpdatedAt = tx.Now()
	if err := tx.Save(after).Error; err != nil {
		return stored("save an event", err)
	}
	return audit.Record(ctx, tx, action, "events", after.ID, audit.Details{"changed": changed})
}

// stored gives two who took the same address at the same instant the words that the slower would have read.
func stored(doing string, err error) error {
	if database.IsDuplicate(err) {
		return slugIsTaken()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// lock reads the whole event and keeps others from changing it until the commit.
func lock(tx *database.Tx, id int64) (Event, error) {
	var e Event
	err := database.First(tx.Raw("SELECT * FROM events WHERE id = ?"+tx.ForUpdate(), id), &e)
	if database.IsNotFound(err) {
		return Event{}, notFound()
	}
	if err != nil {
		return Event{}, fmt.Errorf("read event %d: %w", id, err)
	}
	return e, nil
}

func notFound() error { return fault.New(fault.NotFound, "There is no such event.") }

func mayManage(ctx context.Context) error { return accounts.Require(ctx, accounts.ManageEvents) }
