package bookings

import (
	"fmt"
	"slices"
	"strings"

	"conversations/app/contacts"
	"conversations/app/events"
	"conversations/app/fault"
)

// How long a typed text may be, in letters.
const (
	nameLetters     = 120
	noteLetters     = 1000
	questionLetters = 2000
)

// Request is what somebody asks for on the booking form, or staff for a caller.
type Request struct {
	Name         string
	Email        string
	Phone        string
	People       int
	BookerComes  bool
	Names        []string      // of the attendees by position, the booker left out; may be short
	Needs        []NeedRequest // per attendee
	Question     string
	QuoteOK      bool
	Recontact    bool
	Updates      bool
	Channel      Channel
	FormKey      string // "" or the form's own random key: pressed twice, booked once
	EmailChecked string // the address that was questioned and found right by the person

	// Override gives places above the capacity. Staff only; the audit log names it.
	Override bool
}

// NeedRequest is one need of the attendee at a position.
type NeedRequest struct {
	Position int
	Need     string
	Note     string
}

// person is somebody's name and ways to be reached, tidied, with the keys that recognise them.
type person struct {
	name, email, phone          string
	emailKey, phoneKey, nameKey string
}

// checkPerson tidies and checks the three fields that every public form of this package has.
func checkPerson(name, email, phone, emailChecked string, f *fault.Fields) (p person) {
	p.name, p.email, p.phone = contacts.Tidy(name), strings.TrimSpace(email), contacts.Tidy(phone)
	if p.name == "" {
		f.Add("name", "Enter your full name")
	} else if letters(p.name) > nameLetters {
		f.Add("name", fmt.Sprintf("Your name must be %d letters or fewer", nameLetters))
	}
	if p.email == "" && p.phone == "" {
		f.Add("email", "Enter an email address or a telephone number, so that we can reach you")
	}
	if p.email != "" {
		checkEmail(p.email, emailChecked, f)
	}
	if p.phone != "" {
		p.phone, p.phoneKey = checkPhone(p.phone, f)
	}
	p.emailKey, p.nameKey = contacts.NormaliseEmail(p.email), contacts.NameKey(p.name)
	return p
}

func checkEmail(email, checked string, f *fault.Fields) {
	if problem := contacts.CheckEmail(email, checked); problem != "" {
		f.Add("email", problem)
	}
}

func checkPhone(phone string, f *fault.Fields) (written, key string) {
	written, key, problem := contacts.ReadPhone(phone)
	if problem != "" {
		f.Add("phone", problem)
	}
	return written, key
}

// validate checks a whole request against the event, every field at once.
func (r *Request) validate(e events.Event) (person, error) {
	var f fault.Fields
	p := checkPerson(r.Name, r.Email, r.Phone, r.EmailChecked, &f)
	checkPartySize(r.People, e.MaxParty, &f)
	r.checkNames(&f)
	r.checkNeeds(&f)
	r.Question = strings.TrimSpace(r.Question)
	if letters(r.Question) > questionLetters {
		f.Add("question", fmt.Sprintf("Your question must be %d letters or fewer", questionLetters))
	}
	if !slices.Contains([]Channel{Online, Telephone, Email, InPerson}, r.Channel) {
		f.Add("channel", "Choose how the booking reached us")
	}
	return p, f.Err()
}

func checkPartySize(people, most int, f *fault.Fields) {
	if people < 1 || people > most {
		f.Add("party_size", fmt.Sprintf("Choose how many people, from 1 to %d. If you are more, please telephone us", most))
	}
}

func (r *Request) checkNames(f *fault.Fields) {
	for i, name := range r.Names {
		r.Names[i] = contacts.Tidy(name)
		if letters(name) > nameLetters {
			f.Add(fmt.Sprintf("attendee_name_%d", r.namePosition(i)), fmt.Sprintf("A name must be %d letters or fewer", nameLetters))
		}
		if at := r.namePosition(i); r.Names[i] != "" && at > r.People && !f.Has("party_size") {
			f.Add("party_size", fmt.Sprintf("You named person %d, but not that they come. Change the number of people, or take out the name", at))
		}
	}
}

// namePosition is the attendee's position of the i-th name: the booker, where coming, is the first.
func (r *Request) namePosition(i int) int {
	if r.BookerComes {
		return i + 2
	}
	return i + 1
}

func (r *Request) checkNeeds(f *fault.Fields) {
	var kept []NeedRequest
	seen := map[NeedRequest]bool{}
	for _, n := range r.Needs {
		n.Note = strings.TrimSpace(n.Note)
		same := NeedRequest{Position: n.Position, Need: n.Need}
		if !knownNeed(n.Need) || seen[same] || n.Position < 1 {
			continue
		}
		seen[same] = true
		if n.Position > r.People {
			f.Add("party_size", fmt.Sprintf("You told us what person %d needs, but not that they come. Change the number of people, or untick it", n.Position))
			continue
		}
		if letters(n.Note) > noteLetters {
			f.Add(noteField(n.Position), fmt.Sprintf("This note must be %d letters or fewer", noteLetters))
		}
		if n.Note == "" && n.Need == "interpreter" {
			f.Add(noteField(n.Position), "Tell us which language the interpreter should speak")
		}
		if n.Note == "" && n.Need == "other" {
			f.Add(noteField(n.Position), "Tell us what you need")
		}
		kept = append(kept, n)
	}
	r.Needs = kept
}

func noteField(position int) string {
	if position == 1 {
		return "access_notes"
	}
	return fmt.Sprintf("access_notes_%d", position)
}

// attendees are the people of the party by position, with what names are known.
func (r *Request) attendees(booker string) []Attendee {
	out := make([]Attendee, max(r.People, 0))
	for i := range out {
		out[i].Position = i + 1
	}
	if r.BookerComes && len(out) > 0 {
		out[0].Name = booker
	}
	for i, name := range r.Names {
		if at := r.namePosition(i) - 1; at < len(out) {
			out[at].Name = name
		}
	}
	return out
}

func letters(text string) int { return len([]rune(text)) }
