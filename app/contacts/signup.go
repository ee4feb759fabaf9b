package contacts

import (
	"slices"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/fault"
)

// SignUpPurpose binds the link by which the owner of an address confirms a sign-up.
const SignUpPurpose = "sign-up"

// mailsAnHour is how many mails an address gets at the most by what people type who need not own it.
const mailsAnHour = 3

// SignUp is what somebody types who wants updates.
type SignUp struct {
	Email        string
	EmailChecked string // the address that was questioned and found right
	Name         string
	Localities   []string // slugs; none is all there are
}

// SignUpRequest is a row of the table subscription_requests: a sign-up that waits until the owner of the address says
// yes, or has been confirmed. An address has one that waits: what is asked again replaces what was asked before.
type SignUpRequest struct {
	ID             int64
	Email          string
	EmailKey       string
	Name           string
	Localities     string // slugs with | between them
	Source         Source
	BookingID      *int64
	Wording        string // what the person was shown when they asked
	WordingVersion int
	CreatedAt      time.Time
	ExpiresAt      time.Time
	Asks           int // in the hour since AsksSince
	AsksSince      time.Time
	ConfirmedAt    *time.Time
	ContactID      *int64 // of a confirmed one
}

// TableName is the table that sign-ups live in.
func (SignUpRequest) TableName() string { return "subscription_requests" }

// Lapsed says whether nobody confirmed it in time.
func (r SignUpRequest) Lapsed(now time.Time) bool {
	return r.ConfirmedAt == nil && !now.Before(r.ExpiresAt)
}

// Slugs are the localities that were asked for.
func (r SignUpRequest) Slugs() []string { return splitSlugs(r.Localities) }

func splitSlugs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '|' })
}

// check tidies what was typed and says everything that is wrong with it at once.
func (r *SignUp) check(cfg *config.Config) error {
	var f fault.Fields
	r.Email, r.Name = strings.TrimSpace(r.Email), Tidy(r.Name)
	checkOwnEmail(r.Email, r.EmailChecked, &f)
	limited(&f, "name", "Your name", r.Name, nameLetters)
	r.Localities = checkLocalities(cfg, r.Localities, &f)
	return f.Err()
}

// checkOwnEmail checks an address that must be there.
func checkOwnEmail(email, checked string, f *fault.Fields) {
	if email == "" {
		f.Add("email", "Enter your email address")
	} else if problem := CheckEmail(email, checked); problem != "" {
		f.Add("email", problem)
	}
}

// checkLocalities gives slugs in the order of the programme, each once. Where none was ticked it gives all of them, for
// that is what the form promises: so they are in every list that is made for one of them.
func checkLocalities(cfg *config.Config, slugs []string, f *fault.Fields) (kept []string) {
	for _, l := range cfg.Localities {
		if len(slugs) == 0 || slices.Contains(slugs, l.Slug) {
			kept = append(kept, l.Slug)
		}
	}
	for _, slug := range slugs {
		if _, known := cfg.Locality(slug); !known {
			f.Add("localities", "Choose areas from the list")
			break
		}
	}
	return kept
}

// areasInWords names localities as people read them. Who has named none hears about all.
func areasInWords(cfg *config.Config, slugs []string) string {
	var names []string
	for _, slug := range slugs {
		if l, known := cfg.Locality(slug); known {
			names = append(names, l.Name)
		}
	}
	switch len(names) {
	case 0, len(cfg.Localities):
		return "All areas"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], "; ") + " and " + names[len(names)-1]
}
