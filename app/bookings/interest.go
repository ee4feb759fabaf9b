package bookings

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Interest is somebody who wants to hear when an event has a date, or places again: a row of the table interests.
type Interest struct {
	ID        int64
	EventID   int64
	Name      string
	Email     string
	Phone     string
	EmailKey  string
	PhoneKey  string
	Channel   Channel
	CreatedAt time.Time
	ToldAt    *time.Time
}

// TableName is the table that interests live in.
func (Interest) TableName() string { return "interests" }

// InterestRequest is what somebody types who wants to hear of an event.
type InterestRequest struct {
	Name, Email, Phone string
	EmailChecked       string
	Channel            Channel
}

// LeaveInterest notes that somebody wants to hear of the event. Who left interest before is not noted twice and is
// answered the same, so that a stranger learns nothing. The error is an Invalid fault, or Conflict where the event takes bookings
// or is over.
func (s *Service) LeaveInterest(ctx context.Context, eventID int64, r InterestRequest) error {
	if r.Channel != Online {
		if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
			return err
		}
	}
	var f fault.Fields
	p := checkPerson(r.Name, r.Email, r.Phone, r.EmailChecked, &f)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		e, err := events.LockForBooking(tx, eventID)
		if err != nil {
			return err
		}
		room, err := countPlacesOf(tx, e)
		if err != nil {
			return err
		}
		if !takesInterest(e, room) {
			return fault.New(fault.Conflict, "You can book a place at this event now, or it is over. Look at its page")
		}
		return s.addInterest(ctx, tx, e, p, r.Channel)
	})
}

// takesInterest: no date yet, or full with no waiting list to join.
func takesInterest(e events.Event, r room) bool {
	return e.TakesInterest() || e.Status == events.Open && !e.WaitingList && r.free() <= 0
}

func (s *Service) addInterest(ctx context.Context, tx *database.Tx, e events.Event, p person, channel Channel) error {
	id, err := tx.Insert(`INSERT INTO interests (event_id, name, email, phone, email_key, phone_key, channel, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
		e.ID, p.name, p.email, p.phone, p.emailKey, p.phoneKey, string(channel), tx.Now())
	if isNoRow(err) {
		return nil // was there already
	}
	if err != nil {
		return fmt.Errorf("store the interest: %w", err)
	}
	i := Interest{ID: id, EventID: e.ID, Name: p.name, Email: p.email, Phone: p.phone}
	l := letter{
		subject: "We will tell you: " + e.Title, name: p.name,
		opening: []string{"Thank you for your interest in " + e.Title + ".", "We will write to you as soon as you can book a place."},
		closing: []string{contactLine(s.office(e))},
	}
	if p.email != "" { // who gave a telephone number was told on the page
		if err := s.tellInterested(tx, e, i, l, "received", fmt.Sprintf("interest:%d:received", id)); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "interest.create", "interests", id, audit.Details{"event": e.ID, "channel": channel})
}

// announceToInterested tells the next people who left interest that there is a date, or places.
func (s *Service) announceToInterested(tx *database.Tx, e events.Event, a *announcement) (told int, err error) {
	var chunk []Interest
	err = tx.Raw(`SELECT * FROM interests WHERE event_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
		e.ID, a.LastInterest, a.UptoInterest, announcementChunk).Scan(&chunk).Error
	if err != nil {
		return 0, fmt.Errorf("find who left interest: %w", err)
	}
	kind := noticeKind(a.Kind)
	for _, i := range chunk {
		a.LastInterest = i.ID
		if kind == PlacesFree && i.ToldAt != nil {
			continue
		}
		if err := s.tellInterested(tx, e, i, s.interestLetter(e, i, kind), string(kind), fmt.Sprintf("announcement:%d:interest:%d", a.ID, i.ID)); err != nil {
			return 0, err
		}
		if err := tx.Exec(`UPDATE interests SET told_at = ? WHERE id = ?`, tx.Now(), i.ID).Error; err != nil {
			return 0, fmt.Errorf("mark interest %d as told: %w", i.ID, err)
		}
	}
	return len(chunk), nil
}

func (s *Service) interestLetter(e events.Event, i Interest, kind noticeKind) letter {
	l := letter{name: i.Name, closing: []string{contactLine(s.office(e))}}
	switch kind {
	case EventCancelled:
		l.subject, l.opening = "Cancelled: "+e.Title, []string{"You asked to hear about " + e.Title + ". It is cancelled. We are sorry."}
	case EventPostponed:
		l.subject, l.opening = "Postponed: "+e.Title, []string{"You asked to hear about " + e.Title + ". It is postponed. We will tell you the new date."}
	case PlacesFree:
		l.subject, l.opening = "Places are free: "+e.Title, []string{"You asked to hear about " + e.Title + ", " + e.When() + ". There are free places now. The first who book get them."}
	case EventMoved:
		l.subject, l.opening = "New time or place: "+e.Title, []string{"You asked to hear about " + e.Title + ". It is now " + e.When() + at(e) + "."}
	default:
		l.subject, l.opening = "There is a date: "+e.Title, []string{"You asked to hear about " + e.Title + ". It is on " + e.When() + at(e) + ".", "You can book a place now."}
	}
	if e.Status == events.Open {
		button := mail.Button("Book a place", s.links.URL("/events/"+e.Slug+"/book"))
		l.link = &button
	}
	return l
}

// tellInterested queues the mail, or notes the call.
func (s *Service) tellInterested(tx *database.Tx, e events.Event, i Interest, l letter, kind, key string) error {
	if i.Email == "" {
		return s.dueCall(tx, Call{UniqueKey: key, EventID: e.ID, InterestID: &i.ID, Kind: kind, Name: i.Name, Phone: i.Phone, Say: l.spoken()})
	}
	return s.outbox.Enqueue(tx, mail.Message{
		Key: key, Kind: "interest." + kind, About: "interests", AboutID: i.ID, To: i.Email, ToName: i.Name, Subject: l.subject, Blocks: l.blocks(),
	})
}

func loadInterest(tx *database.Tx, id int64) (i Interest, err error) {
	err = database.First(tx.Raw(`SELECT * FROM interests WHERE id = ?`, id), &i)
	if database.IsNotFound(err) {
		return i, fault.New(fault.NotFound, "This interest is not here any more.")
	}
	return i, err
}
