package bookings

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/contacts"
	"conversations/app/web"
)

// form is the booking form as it was typed, so that a refused one can be shown again whole.
type form struct {
	Name         string `form:"name"`
	Email        string `form:"email"`
	Phone        string `form:"phone"`
	Size         string `form:"party_size"`
	NotComing    bool   `form:"not_coming"`
	Question     string `form:"question,lines"`
	QuoteOK      bool   `form:"quote_ok"`
	Recontact    bool   `form:"recontact"`
	Updates      bool   `form:"updates"`
	Key          string `form:"form_key"`
	EmailChecked string `form:"email_checked"`
	Trap         string `form:"leave_empty"` // filled in by programs only
	Channel      string `form:"channel"`
	Override     bool   `form:"override"`
	People       []formPerson
}

// formPerson is what was typed about one person, by position.
type formPerson struct {
	Name  string
	Needs []string
	Notes string
}

// emptyForm is a form for a party of up to most people, with a key of its own.
func emptyForm(most int) form {
	return form{Key: rand.Text(), Size: "1", People: make([]formPerson, max(most, 1))}
}

// readForm reads a posted form with up to most people.
func readForm(c echo.Context, most int) (f form, err error) {
	if err := web.Bind(c, &f); err != nil {
		return f, err
	}
	sent := c.Request().PostForm
	f.People = make([]formPerson, max(most, 1))
	for i := range f.People {
		f.People[i] = formPerson{
			Name:  contacts.Tidy(sent.Get(fmt.Sprintf("attendee_name_%d", i+1))),
			Needs: sent[personField("access_needs", i+1)],
			Notes: contacts.TidyLines(sent.Get(personField("access_notes", i+1))),
		}
	}
	return f, nil
}

// personField is the name of a field of the person at a position: the first person's has no number.
func personField(name string, position int) string {
	if position == 1 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, position)
}

// size is how many people were chosen: one where nothing was sent, none where it is no number.
func (f form) size() int {
	if f.Size == "" {
		return 1
	}
	n, err := strconv.Atoi(f.Size)
	if err != nil {
		return 0
	}
	return n
}

// request is what the form asks for.
func (f form) request(channel Channel) Request {
	r := Request{
		Name: f.Name, Email: f.Email, Phone: f.Phone, People: f.size(), BookerComes: !f.NotComing, Question: f.Question,
		QuoteOK: f.QuoteOK, Recontact: f.Recontact, Updates: f.Updates, Channel: channel, FormKey: f.Key, EmailChecked: f.EmailChecked,
	}
	for i, p := range f.People {
		if i > 0 || f.NotComing {
			r.Names = append(r.Names, p.Name)
		}
		r.Needs = append(r.Needs, p.needs(i+1)...)
	}
	return r
}

// needs gives the one note of a person to the needs that it can be about: to "interpreter" and "something else" where
// they are ticked, for those cannot do without, else to all. A note with nothing ticked is itself something else.
func (p formPerson) needs(position int) (out []NeedRequest) {
	ticked := p.Needs
	if len(ticked) == 0 && p.Notes != "" {
		ticked = []string{"other"}
	}
	toSome := slices.ContainsFunc(ticked, needsNote)
	for _, code := range ticked {
		n := NeedRequest{Position: position, Need: code}
		if !toSome || needsNote(code) {
			n.Note = p.Notes
		}
		out = append(out, n)
	}
	return out
}

func needsNote(code string) bool { return code == "interpreter" || code == "other" }

// formOf is the form of a booking that is there, filled in.
func formOf(d Details) form {
	b := d.Booking
	f := emptyForm(mostOf(d))
	f.Name, f.Email, f.Phone, f.Size, f.NotComing = b.Name, b.Email, b.Phone, strconv.Itoa(b.People), !b.BookerComes
	for _, a := range d.Attendees {
		if a.Position > 1 || f.NotComing {
			f.People[a.Position-1].Name = a.Name
		}
	}
	for _, n := range d.Needs {
		if n.State == NoLongerNeeded || n.Position > len(f.People) {
			continue
		}
		p := &f.People[n.Position-1]
		p.Needs = append(p.Needs, n.Need)
		if p.Notes == "" {
			p.Notes = n.Note
		}
	}
	return f
}

// mostOf is how many people the form of a booking has room for: staff may have given more than one may ask for.
func mostOf(d Details) int { return max(d.Event.MaxParty, d.Booking.People) }
