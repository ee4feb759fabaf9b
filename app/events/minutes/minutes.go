// Package minutes splits the minutes of a meeting, pasted as they are, into what a record of an event holds: who
// presented, key points, next steps, and each question with its answers, in order. It only reads: no I/O.
//
// It promises two things. Nothing is lost: what it does not understand comes out as Unplaced. And who asked comes
// out as a role, never as a private name. Where it is not certain it says so and why, for a person to decide.
package minutes

import "strings"

// Kind is what a piece of the minutes is.
type Kind string

// The kinds.
const (
	Presenter Kind = "presenter" // Text is the name, Who the office
	Lead      Kind = "lead"      // words before a list of key points
	Point     Kind = "point"
	Step      Kind = "step"     // a promise; Who is its owner
	Question  Kind = "question" // Who is the role of who asked
	Answer    Kind = "answer"   // to the question before it; Who is the office that answered
	Unplaced  Kind = "unplaced" // kept, and not understood
)

// Piece is one part of the minutes.
type Piece struct {
	Kind  Kind
	Text  string
	Who   string
	Due   string // of a step: 2017-03-31; "" where no day is named
	Check string // what a person has to look at, in plain words; "" where it is certain
}

// Result is what the minutes were split into.
type Result struct {
	Pieces   []Piece  // in the order of the minutes
	Headings []string // lines that only said what follows: "Next Steps"
}

// Split splits minutes.
func Split(text string) Result {
	r := &reader{}
	list := paragraphs(text)
	for i, p := range list {
		r.next = paragraph{}
		if i+1 < len(list) {
			r.next = list[i+1]
		}
		r.read(p)
	}
	r.hideNames()
	return Result{Pieces: r.pieces, Headings: r.headings}
}

// reader goes through the minutes from top to bottom and knows in which section it is.
type reader struct {
	section  section
	next     paragraph // after the one that is read
	pieces   []Piece
	headings []string
	people   []person // the presenters, by whom answers are recognised
	askers   []speaker
	private  []private
}

// person is a presenter: a name and the office it stands for.
type person struct{ name, office string }

func (r *reader) add(p Piece) { r.pieces = append(r.pieces, p) }

func (r *reader) read(p paragraph) {
	if to, rest, ok := headingOf(p); ok {
		r.enter(to, p, rest)
		return
	}
	if r.section != inQuestions && r.startsQuestions(p) {
		r.section = inQuestions
	}
	switch r.section {
	case inPresenters:
		r.presenter(p)
	case inPoints:
		r.point(p)
	case inSteps:
		r.add(stepOf(p.text))
	case inQuestions:
		r.turn(p)
	default:
		r.opening(p)
	}
}

// enter begins a section. rest is what stands behind the heading on the same line.
func (r *reader) enter(to section, p paragraph, rest string) {
	r.section = to
	if to == inOther {
		r.add(Piece{Kind: Unplaced, Text: p.text})
		return
	}
	r.headings = append(r.headings, strings.TrimSpace(strings.TrimSuffix(p.text, rest)))
	if rest != "" {
		r.read(paragraph{text: rest})
	}
}

// opening is what stands before the first section that is known.
func (r *reader) opening(p paragraph) {
	switch {
	case r.presented(p.text):
	case leadsToPoints.MatchString(p.text):
		r.section = inPoints
		r.add(Piece{Kind: Lead, Text: p.text, Check: "This leads to the key points. Keep it only if readers need it."})
	case p.bullet:
		r.add(Piece{Kind: Point, Text: p.text, Check: "No heading stands above this. Is it a key point?"})
	default:
		r.add(Piece{Kind: Unplaced, Text: p.text})
	}
}

func (r *reader) point(p paragraph) {
	switch {
	case r.presented(p.text):
	case strings.HasSuffix(p.text, ":"):
		r.add(Piece{Kind: Lead, Text: p.text})
	case p.bullet && isTitle(p.text) && r.next.text != "" && !r.next.bullet:
		r.add(Piece{Kind: Lead, Text: p.text, Check: "This looks like a heading of what follows."})
	default:
		r.add(Piece{Kind: Point, Text: p.text})
	}
}

const titleWords = 5

// isTitle says whether a text is as short as a heading and ends like none of a sentence.
func isTitle(text string) bool {
	return len(strings.Fields(text)) <= titleWords && !strings.ContainsAny(text[len(text)-1:], ".?!;,")
}
