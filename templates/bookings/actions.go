package bookings

import "conversations/templates/nhs"

// Seat is the form by which staff place a booking anew: at another event, or after a cancellation is undone.
type Seat struct {
	Heading  string
	Caption  string
	Lines    []string
	Action   string
	Button   string
	BackHref string
	Events   []Choice // to move to; none where the event is given
	Event    string
	Wait     bool
	Override bool
	Errors   []nhs.FieldError
}

func (v Seat) wait() nhs.CheckboxesParams {
	box := one("wait", "If there is no room, put them on the waiting list", v.Wait, "Without this, nothing happens where there is no room.")
	box.ErrorMessage = nhs.ErrorFor(v.Errors, "wait")
	return box
}

func (v Seat) override() nhs.CheckboxesParams {
	box := one("override", "Give them places even if there is no room, others wait or booking is closed", v.Override, "This is recorded with your name.")
	box.ErrorMessage = nhs.ErrorFor(v.Errors, "override")
	return box
}

// NoteRow is a note about a booking.
type NoteRow struct {
	Text string
	By   string
	When string
}

// NoteForm is the form that adds a note, as typed.
type NoteForm struct {
	Action string
	Text   string
	Errors []nhs.FieldError
}
