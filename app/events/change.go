package events

import (
	"context"

	"conversations/app/database"
)

// ChangeKind says what happened to a public event that others may have to act on.
type ChangeKind string

// The kinds of change.
const (
	Published       ChangeKind = "published"
	Moved           ChangeKind = "moved" // another time or place
	ChangePostponed ChangeKind = "postponed"
	Dated           ChangeKind = "dated" // a date was set, or set again
	ChangeCancelled ChangeKind = "cancelled"
	PlacesChanged   ChangeKind = "places" // capacity, largest party or waiting list
	ChangeClosed    ChangeKind = "closed"
	Reopened        ChangeKind = "reopened"
	ChangeHeld      ChangeKind = "held"
)

// Change is one thing that happened to a public event. One edit may make several.
type Change struct {
	Kind          ChangeKind
	Before, After Event
}

// Listener is told of a change in the transaction that makes it: if it fails, nothing was changed.
type Listener func(ctx context.Context, tx *database.Tx, c Change) error

// OnChange has f told of every change. It is called while the program is put together, not later.
func (s *Service) OnChange(f Listener) { s.listeners = append(s.listeners, f) }

func (s *Service) tell(ctx context.Context, tx *database.Tx, changes []Change) error {
	for _, c := range changes {
		for _, listener := range s.listeners {
			if err := listener(ctx, tx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// changesOf lists what others have to hear. kind is told where the status changed; else it is an edit.
func changesOf(before, after Event, kind ChangeKind) []Change {
	if kind != "" && before.Status != after.Status {
		return []Change{{Kind: kind, Before: before, After: after}}
	}
	return edits(before, after)
}

// edits lists what an edit of a public event means to others.
func edits(before, after Event) (out []Change) {
	if !before.Public() {
		return nil
	}
	if (before.Status == Open || before.Status == Closed) && !before.sameTimeAndPlace(after) {
		out = append(out, Change{Kind: Moved, Before: before, After: after})
	}
	if before.Capacity != after.Capacity || before.MaxParty != after.MaxParty || before.WaitingList != after.WaitingList {
		out = append(out, Change{Kind: PlacesChanged, Before: before, After: after})
	}
	return out
}

func (e Event) sameTimeAndPlace(o Event) bool { return e.sameTime(o) && e.samePlace(o) }

func (e Event) sameTime(o Event) bool {
	return e.ZoneName == o.ZoneName && e.StartsLocal == o.StartsLocal && e.EndsLocal == o.EndsLocal &&
		e.StartsSecond == o.StartsSecond && e.EndsSecond == o.EndsSecond
}

func (e Event) samePlace(o Event) bool {
	return e.VenueName == o.VenueName && e.VenueAddress == o.VenueAddress && e.VenuePostcode == o.VenuePostcode &&
		e.Online == o.Online && e.JoinLink == o.JoinLink
}
