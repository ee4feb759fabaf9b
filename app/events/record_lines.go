package events

import (
	"slices"
	"strconv"
	"strings"

	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// RecordLine is one part of a record as typed. ID is 0 for a part that is not stored yet.
type RecordLine struct {
	ID               int64
	Kind             minutes.Kind
	Text, Who        string
	Day, Month, Year string // by when, of a next step
	Check            string // what to look at, where the part comes from pasted minutes
}

// LinesOf gives a record's parts as they are typed.
func LinesOf(r Record) []RecordLine {
	lines := make([]RecordLine, len(r.Parts))
	for i, p := range r.Parts {
		due := dayText(p.DueOn)
		lines[i] = RecordLine{ID: p.ID, Kind: p.Kind, Text: p.Text, Who: p.Who, Day: due.day, Month: due.month, Year: due.year}
	}
	return inSections(lines)
}

// LinesFromMinutes splits pasted minutes into parts for staff to look through.
func LinesFromMinutes(text string) []RecordLine {
	pieces := minutes.Split(text).Pieces
	lines := make([]RecordLine, len(pieces))
	for i, p := range pieces {
		due := dayText(p.Due)
		lines[i] = RecordLine{Kind: p.Kind, Text: p.Text, Who: p.Who, Day: due.day, Month: due.month, Year: due.year, Check: p.Check}
	}
	return inSections(lines)
}

// sections are the parts of a record that stand together, in their order.
var sections = [][]minutes.Kind{
	{minutes.Presenter}, {minutes.Lead, minutes.Point}, {minutes.Step}, {minutes.Question, minutes.Answer}, {minutes.Unplaced},
}

func sectionOf(kind minutes.Kind) int {
	return slices.IndexFunc(sections, func(kinds []minutes.Kind) bool { return slices.Contains(kinds, kind) })
}

func inSections(lines []RecordLine) []RecordLine {
	slices.SortStableFunc(lines, func(a, b RecordLine) int { return sectionOf(a.Kind) - sectionOf(b.Kind) })
	return lines
}

// Arrange does what a button of the form says, such as up-3, down-3, remove-3, answer-3 (an answer to question 3) or
// add-point, and gives the number of the line to show next. What it does not know changes nothing.
func Arrange(lines []RecordLine, do string) (arranged []RecordLine, show int) {
	lines = inSections(slices.Clone(lines))
	what, argument, _ := strings.Cut(do, "-")
	if what == "add" {
		return added(lines, minutes.Kind(argument))
	}
	n, err := strconv.Atoi(argument)
	if err != nil || n < 0 || n >= len(lines) {
		return lines, 0
	}
	switch what {
	case "up":
		return movedUp(lines, n)
	case "down":
		next := n + blockLength(lines, n)
		if next >= len(lines) || sectionOf(lines[next].Kind) != sectionOf(lines[n].Kind) {
			return lines, n
		}
		length := blockLength(lines, next)
		lines, _ = movedUp(lines, next)
		return lines, n + length
	case "remove":
		return removed(lines, n), n
	case "answer":
		at := n + blockLength(lines, n)
		return slices.Insert(lines, at, RecordLine{Kind: minutes.Answer}), at
	}
	return lines, n
}

func added(lines []RecordLine, kind minutes.Kind) ([]RecordLine, int) {
	if sectionOf(kind) < 0 {
		return lines, 0
	}
	line := RecordLine{Kind: kind}
	if kind == minutes.Question {
		line.Who = minutes.Public
	}
	at := slices.IndexFunc(lines, func(l RecordLine) bool { return sectionOf(l.Kind) > sectionOf(kind) })
	if at < 0 {
		at = len(lines)
	}
	return slices.Insert(lines, at, line), at
}

// blockLength is how many lines move together: a question with its answers, else one.
func blockLength(lines []RecordLine, n int) int {
	length := 1
	if lines[n].Kind == minutes.Question {
		for n+length < len(lines) && lines[n+length].Kind == minutes.Answer {
			length++
		}
	}
	return length
}

// movedUp exchanges a block with the one above it in its section. An answer moves by one line.
func movedUp(lines []RecordLine, n int) ([]RecordLine, int) {
	above := n - 1
	if lines[n].Kind == minutes.Question {
		for above > 0 && lines[above].Kind == minutes.Answer {
			above--
		}
	}
	if above < 0 || sectionOf(lines[above].Kind) != sectionOf(lines[n].Kind) {
		return lines, n
	}
	block := slices.Clone(lines[n : n+blockLength(lines, n)])
	lines = slices.Delete(lines, n, n+len(block))
	return slices.Insert(lines, above, block...), above
}

// removed takes a line out. The answers of a question that goes are kept as not placed.
func removed(lines []RecordLine, n int) []RecordLine {
	end := n + blockLength(lines, n)
	for i := n + 1; i < end; i++ {
		lines[i].Kind = minutes.Unplaced
	}
	return inSections(slices.Delete(lines, n, n+1))
}

// LineField is the name of the form field of a line, for messages: "text-3".
func LineField(name string, n int) string { return name + "-" + strconv.Itoa(n) }

// partsOf turns typed lines into parts. Empty lines are left out. The error holds a message at every line that needs
// mending.
func partsOf(lines []RecordLine) ([]RecordPart, error) {
	r := &reading{}
	var parts []RecordPart
	for n, line := range lines {
		if line.blank() {
			continue
		}
		p := r.part(n, line)
		if p.Kind == minutes.Answer && (len(parts) == 0 || sectionOf(parts[len(parts)-1].Kind) != sectionOf(minutes.Answer)) {
			r.fields.Add(LineField("text", n), "This answer has no question above it. Put it below its question")
		}
		p.Position = len(parts) + 1
		parts = append(parts, p)
	}
	return parts, r.fields.Err()
}

func (l RecordLine) due() dateText { return dateText{l.Day, l.Month, l.Year} }

// blank says that nothing was typed. The role of a question is always chosen, so it does not count.
func (l RecordLine) blank() bool {
	return strings.TrimSpace(l.Text) == "" && l.due().empty() && (strings.TrimSpace(l.Who) == "" || l.Kind == minutes.Question)
}

func (r *reading) part(n int, line RecordLine) RecordPart {
	p := RecordPart{ID: line.ID, Kind: line.Kind, Who: r.line(LineField("who", n), line.Who, maxLineCharacters, "This")}
	if sectionOf(line.Kind) < 0 {
		r.fields.Add(LineField("kind", n), "Choose what this is")
	}
	p.Text = r.text(LineField("text", n), line.Text, maxTextCharacters, "This text")
	if p.Text == "" && p.Kind != minutes.Presenter {
		r.fields.Add(LineField("text", n), "Write the words, or remove this part")
	}
	if p.Kind == minutes.Question && !slices.Contains(minutes.Roles(), p.Who) {
		r.fields.Add(LineField("who", n), "Choose the role of who asked. Do not write a name")
	}
	if p.Kind == minutes.Lead || p.Kind == minutes.Point || p.Kind == minutes.Unplaced {
		p.Who = ""
	}
	if p.Kind == minutes.Step {
		p.State, p.DueOn = StepOpen, r.dueOn(LineField("due", n), line.due())
	}
	return p
}

// dueOn reads the day by which a step is promised; nothing typed is no day.
func (r *reading) dueOn(field string, typed dateText) string {
	if typed.empty() {
		return ""
	}
	day, ok := typed.date()
	if !ok {
		r.fields.Add(field, dateProblem(typed, "The day by which it is done"))
		return ""
	}
	return day.Format(dayForm)
}

// unreadable is a form whose lists do not fit each other: no page of ours sends one.
func unreadable() error {
	return fault.New(fault.Invalid, "We could not read the form. Go back, and send it again.")
}
