package minutes

import (
	"regexp"
	"strings"
)

const (
	title     = `(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir|Dame|Rev|Cllr|Councillor)\.? )`
	namePart  = `\p{Lu}[\p{L}'’.-]*`
	wholeName = title + `?` + namePart + `(?: ` + namePart + `){1,3}`
)

var (
	presenting = regexp.MustCompile(`\b(?:presented|gave an? (?:presentation|update|talk)|introduced|spoke (?:about|on|to))\b`)
	introduces = regexp.MustCompile(`(?:^|\band |; |, and )(` + wholeName + `)(?:, | [–—-] | \()`)
	byOffice   = regexp.MustCompile(`(?i)^(?:an?|the|our) (?:[\p{L}'’&-]+ ){0,5}[\p{L}'’&-]+$`)
)

// presented recognises the sentence that says who presented: "Ann Smith, Programme Director, and Bo Jones, Trust,
// presented …". What they presented is kept.
func (r *reader) presented(text string) bool {
	at := presenting.FindStringIndex(text)
	if at == nil {
		return false
	}
	subject := strings.TrimRight(text[:at[0]], " ,")
	found := peopleIn(subject)
	if len(found) == 0 && byOffice.MatchString(subject) {
		found = []person{{office: subject}}
	}
	if len(found) == 0 {
		return false
	}
	for _, p := range found {
		r.addPresenter(p)
	}
	r.add(Piece{Kind: Unplaced, Text: capital(text[at[0]:])})
	return true
}

// presenter is a line below the heading "Presenters".
func (r *reader) presenter(p paragraph) {
	if r.presented(p.text) {
		return
	}
	found := peopleIn(p.text)
	if len(found) == 0 {
		r.add(Piece{Kind: Presenter, Text: p.text, Check: "Write the name and the office apart, or the office alone."})
		return
	}
	for _, p := range found {
		r.addPresenter(p)
	}
}

func (r *reader) addPresenter(p person) {
	r.people = append(r.people, p)
	r.add(Piece{Kind: Presenter, Text: p.name, Who: p.office})
}

// peopleIn finds "Name, office and Name, office". What stands before the first name belongs to nobody: then nobody
// is found, so that it is not lost.
func peopleIn(text string) (found []person) {
	at := introduces.FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 || at[0][0] != 0 {
		return nil
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		office := strings.Trim(text[m[1]:end], " ,;.")
		if strings.HasSuffix(text[m[2]:m[1]], "(") {
			office = strings.Replace(office, ")", "", 1)
		}
		found = append(found, person{name: text[m[2]:m[3]], office: office})
	}
	return found
}
