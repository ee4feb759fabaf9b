package feedback

import (
	"context"
	"regexp"
	"strings"

	"conversations/app/accounts"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

// ByHand is a comment that staff type in.
type ByHand struct {
	Attributes
	Text  string
	Name  string // who said it; all three may be left out
	Email string
	Phone string
}

// agreed is what staff read out, or what a letter must say, before somebody may be quoted or written to.
const agreed = "Typed in by staff: the person agreed when they were asked."

// AddByHand takes in a comment that staff typed in. The error is an Invalid fault with a message per field.
func (s *Service) AddByHand(ctx context.Context, h ByHand) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	eventID, err := s.checkHand(ctx, &h)
	if err != nil {
		return 0, err
	}
	n := NewComment{Source: h.Source, About: h.About, Text: h.Text, EventID: eventID, Locality: h.Locality, Service: h.Service, SaidOn: h.SaidOn, QuoteOK: h.QuoteOK, Recontact: h.Recontact}
	if h.Name != "" || h.Email != "" || h.Phone != "" {
		n.Who = &Person{Name: h.Name, Email: h.Email, Phone: h.Phone}
		if h.QuoteOK || h.Recontact {
			n.Who.Wording = agreed
		}
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		id, _, err = s.AddTx(ctx, tx, n)
		return err
	})
	return id, err
}

func (s *Service) checkHand(ctx context.Context, h *ByHand) (eventID *int64, err error) {
	var f fault.Fields
	take := func(err error) error {
		if wrong, refused := refusedFields(err); refused {
			f = append(f, wrong...)
			return nil
		}
		return err
	}
	if err := take(checkText(clean(h.Text))); err != nil {
		return nil, err
	}
	eventID, err = s.checkAttributes(ctx, &h.Attributes)
	if err := take(err); err != nil {
		return nil, err
	}
	h.Name, h.Email, h.Phone = contacts.Tidy(h.Name), contacts.Tidy(h.Email), contacts.Tidy(h.Phone)
	if len([]rune(h.Name)) > serviceLetters {
		f.Add("name", "The name must be 100 letters or fewer")
	}
	if h.Email != "" {
		if problem := contacts.CheckEmail(h.Email, h.Email); problem != "" {
			f.Add("email", problem)
		}
	}
	if h.Phone != "" {
		if _, _, problem := contacts.ReadPhone(h.Phone); problem != "" {
			f.Add("phone", problem)
		}
	}
	if h.Recontact && h.Email == "" && h.Phone == "" {
		f.Add("email", "Enter an email address or a telephone number, so that we can get in touch")
	}
	return eventID, f.Err()
}

// refusedFields are the messages of an Invalid fault.
func refusedFields(err error) (fault.Fields, bool) {
	if fault.KindOf(err) != fault.Invalid {
		return nil, false
	}
	return faultOf(err).Fields, true
}

const (
	// pastedPieces is how many comments one paste may become.
	pastedPieces = 200
	// PastedLetters is how long a paste may be.
	PastedLetters = 200_000
)

// bullet is what stands before a line of a list: -, •, *, 1., a).
var bullet = regexp.MustCompile(`^(?:[-–—•*·▪◦]+|\(?(?:\d{1,3}|[a-z])[.)])\s+`)

// SplitPasted splits what was pasted into comments: by empty lines where there are any, else line by line; a list line by
// line in any case. The error is an Invalid fault at the field text.
func SplitPasted(text string) (pieces []string, err error) {
	text = clean(text)
	var f fault.Fields
	if text == "" {
		f.Add("text", "Paste the minutes")
	}
	if len([]rune(text)) > PastedLetters {
		f.Add("text", "Paste 200,000 letters or fewer at a time")
		return nil, f.Err()
	}
	paragraphs := strings.Contains(text, "\n\n") || strings.Contains(text, "\n \n")
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		mark := bullet.FindString(line)
		line = strings.TrimSpace(line[len(mark):])
		switch {
		case line == "":
			open = false
		case paragraphs && open && mark == "":
			pieces[len(pieces)-1] += " " + line
		default:
			pieces, open = append(pieces, line), true
		}
	}
	if len(pieces) > pastedPieces {
		f.Add("text", "This would be "+counted(len(pieces), "comment", "comments")+". Paste a part that makes 200 or fewer")
	}
	return pieces, f.Err()
}

// KeepPasted takes in the pieces of a paste, all with the same attributes, and says how many were not here yet.
func (s *Service) KeepPasted(ctx context.Context, a Attributes, pieces []string) (added int, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	eventID, err := s.checkAttributes(ctx, &a)
	if err != nil {
		return 0, err
	}
	var all []NewComment
	for _, text := range pieces {
		if text = clean(text); text == "" {
			continue
		}
		if err := checkText(text); err != nil {
			return 0, err
		}
		all = append(all, NewComment{Source: a.Source, SourceKey: "pasted:" + digestOf(string(a.Source), a.Event, a.Locality, a.Service, a.SaidOn, fold(text)), About: a.About, Text: text,
			EventID: eventID, Locality: a.Locality, Service: a.Service, SaidOn: a.SaidOn, QuoteOK: a.QuoteOK})
	}
	if len(all) == 0 || len(all) > pastedPieces {
		return 0, fault.Fields{{Name: "pieces", Message: "Keep at least one comment, and 200 at the most"}}.Err()
	}
	return s.takeAll(ctx, all)
}
