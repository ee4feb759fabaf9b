package minutes

import (
	"regexp"
	"strings"
	"unicode"
)

// The roles of people who ask. A question is kept with one of these and never with a name.
const (
	Public      = "Member of the public"
	Resident    = "Resident"
	Councillor  = "Councillor"
	Patient     = "Patient"
	Carer       = "Carer"
	Chair       = "Chair"
	Group       = "Local group"
	Clinician   = "Health professional"
	Staff       = "Member of staff"
	AnotherRole = "Somebody else"
)

// Roles are all of them, in the order in which they are offered.
func Roles() []string {
	return []string{Resident, Public, Councillor, Patient, Carer, Group, Clinician, Staff, Chair, AnotherRole}
}

// speaker is who speaks, as the minutes name them.
type speaker struct {
	title   string // "councillor", "mr"; "" for none
	initial string // of the first name
	surname string // in small letters; "" where the words are no name: "A resident"
	words   string // as written
}

var (
	titled     = regexp.MustCompile(`^` + title)
	startWords = regexp.MustCompile(`^(?:An? (?:\p{Ll}|\p{Lu}{2,}\b|Councillor\b|Member\b|Resident\b|Patient\b|Carer\b)|(?:The|One|Another|Some|Several|Members?|Residents?|Someone|Somebody|People)\b)`)
)

func speakerOf(words string) speaker {
	words = strings.TrimRight(words, " ,")
	if cut := strings.Index(words, " ("); cut > 0 {
		words = words[:cut]
	}
	s := speaker{words: words}
	if startWords.MatchString(words) {
		return s
	}
	name := words
	if t := titled.FindString(words); t != "" {
		s.title = strings.ToLower(strings.Trim(t, ". "))
		name = words[len(t):]
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '.' })
	if len(parts) == 0 {
		return s
	}
	s.surname = strings.ToLower(parts[len(parts)-1])
	if len(parts) > 1 {
		s.initial = strings.ToLower(string([]rune(parts[0])[:1]))
	}
	return s
}

// role is in which role somebody asked. check says what is not certain about it.
func (s speaker) role() (role, check string) {
	if s.title == "councillor" || s.title == "cllr" {
		return Councillor, ""
	}
	if s.surname != "" {
		return Public, "The minutes give a name: " + s.words + ". We keep only the role. Choose the right one."
	}
	words := strings.ToLower(s.words)
	for _, known := range []struct{ word, role string }{
		{"councillor", Councillor}, {"resident", Resident}, {"public", Public}, {"audience", Public}, {"patient group", Group}, {"group", Group},
		{"patient", Patient}, {"carer", Carer}, {"chair", Chair}, {"doctor", Clinician}, {"gp", Clinician}, {"nurse", Clinician},
	} {
		if strings.Contains(words, known.word) {
			return known.role, ""
		}
	}
	return Public, "The minutes say: " + s.words + ". Choose the role."
}

// answerer is the office that answered. check says what is not certain about it.
func (r *reader) answerer(s speaker, said string) (office, check string) {
	if p, ok := r.officeOf(s); ok {
		return p, r.misspelt(s, said)
	}
	if s.surname == "" {
		return s.words, ""
	}
	r.hide(s, said, "the speaker")
	return "", "The minutes say: " + said + ". Write the office that answered."
}

// officeOf finds the presenter who speaks; minutes do not always spell a name in one way.
func (r *reader) officeOf(s speaker) (office string, ok bool) {
	p, ok := r.personOf(s)
	return p.office, ok && p.office != ""
}

func (r *reader) personOf(s speaker) (person, bool) {
	if s.surname == "" {
		return person{}, false
	}
	for _, p := range r.people {
		known := speakerOf(p.name)
		if (s.initial == "" || known.initial == "" || s.initial == known.initial) && alike(s.surname, known.surname) {
			return p, true
		}
	}
	return person{}, false
}

func (r *reader) misspelt(s speaker, said string) string {
	p, _ := r.personOf(s)
	if speakerOf(p.name).surname == s.surname {
		return ""
	}
	return "The minutes say " + said + ". We took this for " + p.name + "."
}

const alikeFrom = 5 // letters: shorter names that differ are different

// alike says whether two names are the same but for one letter.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < alikeFrom || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return string(x[i+1:]) == string(y[i+1:])
	}
	return string(x[i:]) == string(y[i+1:])
}

// private is a name that must not be in the record, and what stands there instead.
type private struct {
	surname string
	said    string
	instead string
}

// hide has a name replaced wherever it stands. Councillors speak in their public office.
func (r *reader) hide(s speaker, said, role string) {
	if s.surname == "" || role == Councillor {
		return
	}
	if _, official := r.officeOf(s); official {
		return
	}
	r.private = append(r.private, private{surname: s.words[strings.LastIndexAny(s.words, " .")+1:], said: said, instead: instead(role)})
}

func instead(role string) string {
	first := []rune(role)[0]
	if strings.HasPrefix(role, "the ") {
		return role
	}
	return "the " + string(unicode.ToLower(first)) + role[len(string(first)):]
}

// hideNames replaces private names in all texts, and asks for a look where a surname stands alone: it may be a place.
func (r *reader) hideNames() {
	for _, name := range r.private {
		surname := regexp.QuoteMeta(name.surname)
		whole := regexp.MustCompile(`\b` + regexp.QuoteMeta(name.said) + `\b|\b(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?|\p{Lu}\.?) ` + surname + `\b`)
		alone := regexp.MustCompile(`\b` + surname + `\b`)
		for i := range r.pieces {
			p := &r.pieces[i]
			p.Text = whole.ReplaceAllString(p.Text, name.instead)
			if p.Check == "" && alone.MatchString(p.Text) {
				p.Check = "This may name a person: " + name.surname + "."
			}
		}
	}
}
