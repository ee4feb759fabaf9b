package minutes

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	asking = `asked|queried|questioned|enquired|inquired|wondered|wanted to know|sought|requested`
	saying = `explained|said|replied|responded|answered|confirmed|advised|stated|reported|clarified|agreed|noted|assured|reassured|added|told|` +
		`commented|outlined|described|suggested|mentioned|referred|expressed|highlighted|stressed|emphasised|raised|thanked|felt|thought|pointed out|commended|welcomed`
	adverbs = `(?:then |also |further |again |next )?`
)

var (
	speaks = regexp.MustCompile(`^((?:` + title + `(?:\p{Lu}\.? ?)*` + namePart + `(?: ` + namePart + `)?|(?:\p{Lu}\.? ?){1,3}\p{Lu}[\p{L}'’-]+|` + namePart + ` ` + namePart + `(?: ` + namePart + `)?)` +
		`|(?:An?|The|One|Another|Some|Several|Members?|Residents?|Someone|Somebody|People)(?: [\p{L}'’&-]+){0,6}?)(?: \([^)]*\))?,? ` + adverbs + `(` + asking + `|` + saying + `)\b`)
	mainlyAsks = regexp.MustCompile(`^(?:` + asking + `)$`)
	asksToo    = regexp.MustCompile(`\b(?:and|,) ?` + adverbs + `(?:asked|asking|queried|enquired)\b|\?$`)
	letter     = regexp.MustCompile(`^(?i:(q(?:uestion)?)|(a(?:nswer)?|response|reply))\s?\d{0,3}\s?[:.)–-]\s*`)
	inlineA    = regexp.MustCompile(`\s(?:A\d{0,3}|Answer|Response)\s?:\s`)
	dialogue   = regexp.MustCompile(`^([\p{L}][\p{L}.'’ &()-]+): (.+)$`)
)

// speakerLength bounds, in characters, what is taken for the name of a speaker before a colon.
const speakerLength = 62

// startsQuestions says whether a paragraph outside the questions is one nevertheless.
func (r *reader) startsQuestions(p paragraph) bool {
	if m := letter.FindStringSubmatch(p.text); m != nil {
		return m[1] != "" && !p.bullet
	}
	m := speaks.FindStringSubmatch(p.text)
	return m != nil && mainlyAsks.MatchString(m[2]) && r.section != inSteps
}

// turn is a paragraph among the questions and answers.
func (r *reader) turn(p paragraph) {
	if kind, ok := labelled(p.text); ok {
		r.lettered(kind, letter.ReplaceAllString(p.text, ""))
		return
	}
	if m := speaks.FindStringSubmatchIndex(p.text); m != nil {
		r.spoken(speakerOf(p.text[m[2]:m[3]]), p.text[m[2]:m[3]], strings.TrimSpace(p.text[m[3]:]), p.text[m[4]:m[5]])
		return
	}
	if m := dialogue.FindStringSubmatch(p.text); m != nil && len(strings.Fields(m[1])) <= headingWords && utf8.RuneCountInString(m[1]) <= speakerLength {
		r.spoken(speakerOf(m[1]), m[1], m[2], "")
		return
	}
	r.unspoken(p.text)
}

// labelled recognises "Q:", "Q1.", "Answer:".
func labelled(text string) (Kind, bool) {
	m := letter.FindStringSubmatch(text)
	switch {
	case m == nil:
		return Unplaced, false
	case m[1] != "":
		return Question, true
	default:
		return Answer, true
	}
}

// lettered is a question or an answer that says so, and perhaps who speaks.
func (r *reader) lettered(kind Kind, text string) {
	if text == "" {
		return
	}
	if at := inlineA.FindStringIndex(text); kind == Question && at != nil {
		r.lettered(Question, strings.TrimSpace(text[:at[0]]))
		r.lettered(Answer, strings.TrimSpace(text[at[1]:]))
		return
	}
	if m := speaks.FindStringSubmatchIndex(text); m != nil {
		who := text[m[2]:m[3]]
		r.say(kind, speakerOf(who), who, strings.TrimSpace(text[m[3]:]))
		return
	}
	if kind == Question {
		r.add(Piece{Kind: Question, Text: text, Who: Public, Check: "The minutes do not say who asked. Choose the role."})
		return
	}
	r.answer(Piece{Kind: Answer, Text: text, Check: "The minutes do not say who answered. Write the office."})
}

// spoken is a paragraph of somebody who is named. verb is how they spoke; "" where only their name stands before it.
func (r *reader) spoken(s speaker, said, text, verb string) {
	_, official := r.officeOf(s)
	switch {
	case mainlyAsks.MatchString(verb):
		r.say(Question, s, said, text)
	case official:
		r.say(Answer, s, said, text)
	case asksToo.MatchString(text) || verb == "" && (strings.Contains(text, "?") || !r.asked()):
		r.say(Question, s, said, text)
	case r.hasAsked(s):
		r.comment(s, said, text)
	default:
		r.say(Answer, s, said, text)
	}
}

func (r *reader) say(kind Kind, s speaker, said, text string) {
	if kind == Question {
		role, check := s.role()
		if office, ok := r.officeOf(s); ok {
			role, check = Staff, "The minutes say that "+office+" asked this."
		}
		r.hide(s, said, role)
		r.askers = append(r.askers, s)
		r.add(Piece{Kind: Question, Text: capital(text), Who: role, Check: check})
		return
	}
	office, check := r.answerer(s, said)
	r.answer(Piece{Kind: Answer, Text: capital(text), Who: office, Check: check})
}

// comment is what somebody who asked says beside a question.
func (r *reader) comment(s speaker, said, text string) {
	role, _ := s.role()
	r.hide(s, said, role)
	r.add(Piece{Kind: Question, Text: capital(text), Who: role, Check: "This may be a comment and not a question."})
}

// answer adds an answer, if there is a question that it can belong to.
func (r *reader) answer(p Piece) {
	if r.asked() {
		r.add(p)
		return
	}
	if p.Who != "" {
		p.Text = p.Who + ": " + p.Text
	}
	r.add(Piece{Kind: Unplaced, Text: p.Text, Check: strings.TrimSpace("No question stands above this. " + p.Check)})
}

// unspoken is a paragraph that names nobody: a question by its mark, else more of what is being said.
func (r *reader) unspoken(text string) {
	switch {
	case strings.HasSuffix(text, "?"):
		r.add(Piece{Kind: Question, Text: text, Who: Public, Check: "The minutes do not say who asked. Choose the role."})
	case !r.asked():
		r.add(Piece{Kind: Unplaced, Text: text})
	default:
		last := r.pieces[len(r.pieces)-1]
		p := Piece{Kind: Answer, Text: text, Check: "The minutes do not say who answered. Write the office."}
		if last.Kind == Answer {
			p.Who, p.Check = last.Who, "Does this belong to the answer above?"
		}
		r.add(p)
	}
}

// asked says whether the last piece is a question or one of its answers.
func (r *reader) asked() bool {
	if len(r.pieces) == 0 {
		return false
	}
	last := r.pieces[len(r.pieces)-1].Kind
	return last == Question || last == Answer
}

// hasAsked says whether this speaker put a question before.
func (r *reader) hasAsked(s speaker) bool {
	for _, other := range r.askers {
		if s.surname != "" && other.surname == s.surname {
			return true
		}
	}
	return false
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func startsUpper(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(first)
}
