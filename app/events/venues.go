package events

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// SavedVenue is a venue that is kept with what a visitor has to know about it: a row of the table venues.
type SavedVenue struct {
	ID           int64
	Name         string
	Address      string
	Postcode     string
	GettingThere string
	Parking      string
	StepFree     string
	HearingLoop  string
	Toilets      string
	Version      int64
	Retired      bool // not offered any more
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// TableName is the table that places live in.
func (SavedVenue) TableName() string { return "venues" }

// Venue is the place as the form of an event has it.
func (p SavedVenue) Venue() Venue {
	return Venue{VenueName: p.Name, VenueAddress: p.Address, VenuePostcode: p.Postcode, GettingThere: p.GettingThere, Parking: p.Parking,
		StepFree: p.StepFree, HearingLoop: p.HearingLoop, Toilets: p.Toilets}
}

// VenueForm is what staff typed about a place.
type VenueForm struct {
	Venue
	Retired bool  `form:"retired"`
	Version int64 `form:"version"`
}

// Venues lists the venues by name; retired ones only if asked.
func (s *Service) Venues(ctx context.Context, retired bool) (list []SavedVenue, err error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	q := s.db.Read(ctx).Order("retired, name, id")
	if !retired {
		q = q.Where("retired = ?", false)
	}
	if err := q.Find(&list).Error; err != nil {
		return nil, fmt.Errorf("list venues: %w", err)
	}
	return list, nil
}

// VenueByID reads one venue; NotFound where there is none.
func (s *Service) VenueByID(ctx context.Context, id int64) (p SavedVenue, err error) {
	if err := mayManage(ctx); err != nil {
		return p, err
	}
	err = database.First(s.db.Read(ctx).Raw("SELECT * FROM venues WHERE id = ?", id), &p)
	if database.IsNotFound(err) {
		return p, fault.New(fault.NotFound, "There is no such venue.")
	}
	return p, err
}

// SaveVenue stores a venue: a new one with id 0, else the one that is there. Events that were held or planned there
// keep the words that they have. The error is an Invalid fault, or Conflict where somebody else was quicker.
func (s *Service) SaveVenue(ctx context.Context, id int64, f VenueForm) (saved SavedVenue, err error) {
	if err := mayManage(ctx); err != nil {
		return saved, err
	}
	p, err := s.readVenue(f)
	if err != nil {
		return saved, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		action := "venue.create"
		p.ID, p.Version, p.CreatedAt = 0, 1, tx.Now()
		if id != 0 {
			var before SavedVenue
			if err := database.First(tx.Raw("SELECT * FROM venues WHERE id = ?"+tx.ForUpdate(), id), &before); err != nil {
				return fault.Wrap(fault.NotFound, "There is no such venue.", err)
			}
			if before.Version != f.Version {
				return fault.New(fault.Conflict, "Somebody else changed this venue while you were writing. Look at it, and change it again.")
			}
			action = "venue.change"
			p.ID, p.Version, p.CreatedAt = id, before.Version+1, before.CreatedAt
		}
		p.UpdatedAt = tx.Now()
		if err := tx.Save(&p).Error; err != nil {
			if database.IsDuplicate(err) {
				var again fault.Fields
				again.Add("venue_name", "There is a venue of this name and postcode already")
				return again.Err()
			}
			return fmt.Errorf("keep a venue: %w", err)
		}
		saved = p
		return audit.Record(ctx, tx, action, "venues", p.ID, nil)
	})
	return saved, err
}

// readVenue reads a venue as the form of an event reads it.
func (s *Service) readVenue(f VenueForm) (SavedVenue, error) {
	r := &reading{cfg: s.cfg}
	var e Event
	r.venue(f.Venue, &e)
	if e.VenueName == "" {
		r.fields.Add("venue_name", "Enter the name of the place")
	}
	return SavedVenue{Name: e.VenueName, Address: e.VenueAddress, Postcode: e.VenuePostcode, GettingThere: e.GettingThere, Parking: e.Parking,
		StepFree: e.StepFree, HearingLoop: e.HearingLoop, Toilets: e.Toilets, Retired: f.Retired}, r.fields.Err()
}
