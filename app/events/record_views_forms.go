package events

import (
	"fmt"
	"net/url"
	"strconv"

	"conversations/app/events/minutes"
	pages "conversations/templates/events"
	"conversations/templates/nhs"
)

// kindWords are the kinds of part as staff choose them.
var kindWords = []pages.Choice{
	{Value: string(minutes.Presenter), Text: "Somebody who presented"}, {Value: string(minutes.Lead), Text: "Words before a list of key points"},
	{Value: string(minutes.Point), Text: "A key point"}, {Value: string(minutes.Step), Text: "A next step"}, {Value: string(minutes.Question), Text: "A question"},
	{Value: string(minutes.Answer), Text: "An answer"}, {Value: string(minutes.Unplaced), Text: "Not placed"},
}

// lineWords are what a line of each kind is called, and who is named with it.
var lineWords = map[minutes.Kind]struct{ legend, who, hint string }{
	minutes.Presenter: {"Who presented", "Office", "For example, Programme director."},
	minutes.Lead:      {"Words before a list", "", ""},
	minutes.Point:     {"Key point", "", ""},
	minutes.Step:      {"Next step", "Who does it (optional)", "An office or an organisation."},
	minutes.Question:  {"Question", "Asked by", ""},
	minutes.Answer:    {"Answer", "Answered by", "The office, not the name."},
	minutes.Unplaced:  {"Not placed", "", ""},
}

func roleChoices() (choices []pages.Choice) {
	for _, role := range minutes.Roles() {
		choices = append(choices, pages.Choice{Value: role, Text: role})
	}
	return choices
}

// recordForm is the page on which a record is written.
func (e Event) recordForm(version int64, typed []RecordLine) pages.RecordFormView {
	typed = inSections(typed)
	v := pages.RecordFormView{Event: e.Title, Action: recordPath(e.ID) + "/edit", BackHref: recordPath(e.ID), Version: version, Kinds: kindWords, Roles: roleChoices()}
	v.Sections = []pages.RecordSection{
		{Title: "Who presented", Add: addButtons(typed, minutes.Presenter, "Add a presenter")},
		{Title: "Key points", Add: append(addButtons(typed, minutes.Point, "Add a key point"), addButtons(typed, minutes.Lead, "Add words before a list")...)},
		{Title: "Next steps", Add: addButtons(typed, minutes.Step, "Add a next step")},
		{Title: "Questions and answers", Add: addButtons(typed, minutes.Question, "Add a question")},
		{Title: "Not placed", Hint: "Only staff see these words. Choose what each of them is, or leave it here."},
	}
	counts := map[minutes.Kind]int{}
	for n, line := range typed {
		i := sectionOf(line.Kind)
		if i < 0 {
			i = sectionOf(minutes.Unplaced)
		}
		counts[line.Kind]++
		v.Sections[i].Lines = append(v.Sections[i].Lines, lineView(typed, n, counts[line.Kind]))
	}
	if last := len(v.Sections) - 1; len(v.Sections[last].Lines) == 0 {
		v.Sections = v.Sections[:last]
	}
	return v
}

func addButtons(typed []RecordLine, kind minutes.Kind, text string) []pages.AddButton {
	_, show := added(inSections(append([]RecordLine{}, typed...)), kind)
	return []pages.AddButton{{Text: text, Do: "add-" + string(kind), Show: lineAnchor(show)}}
}

func lineAnchor(n int) string { return "#line-" + strconv.Itoa(n) }

func lineView(typed []RecordLine, n, count int) pages.LineView {
	l, words := typed[n], lineWords[typed[n].Kind]
	v := pages.LineView{N: n, Legend: fmt.Sprintf("%s %d", words.legend, count), Kind: string(l.Kind), Text: l.Text, Who: l.Who,
		WhoLabel: words.who, WhoHint: words.hint, Day: l.Day, Month: l.Month, Year: l.Year, Check: l.Check}
	if l.ID > 0 {
		v.ID = strconv.FormatInt(l.ID, 10)
	}
	button := func(text, do string) {
		_, show := Arrange(typed, do)
		v.Buttons = append(v.Buttons, pages.AddButton{Text: text, Hidden: ": " + v.Legend, Do: do, Show: lineAnchor(show)})
	}
	number := strconv.Itoa(n)
	if n > 0 && sectionOf(typed[n-1].Kind) == sectionOf(l.Kind) {
		button("Move up", "up-"+number)
	}
	if next := n + blockLength(typed, n); next < len(typed) && sectionOf(typed[next].Kind) == sectionOf(l.Kind) {
		button("Move down", "down-"+number)
	}
	button("Remove", "remove-"+number)
	if l.Kind == minutes.Question {
		button("Add an answer", "answer-"+number)
	}
	return v
}

// recordConflict shows what two people wrote at once: the second one's text in the form, ready to be saved on top,
// and what is only in the first one's.
func (e Event) recordConflict(stored Record, yours []RecordLine) pages.RecordFormView {
	v := e.recordForm(stored.Version, yours)
	v.Conflict = true
	mine := map[string]bool{}
	for _, l := range yours {
		mine[l.words()] = true
	}
	for _, l := range LinesOf(stored) {
		if !mine[l.words()] {
			v.Theirs = append(v.Theirs, l.words())
		}
	}
	return v
}

// words is a line as it is compared and shown: "Answer (Programme director): Yes."
func (l RecordLine) words() string {
	text := lineWords[l.Kind].legend
	if l.Who != "" {
		text += " (" + l.Who + ")"
	}
	text += ": " + l.Text
	if !l.due().empty() {
		text += " (" + l.due().words() + ")"
	}
	return text
}

func (e Event) minutesView(typed string) pages.MinutesView {
	return pages.MinutesView{Event: e.Title, Action: recordPath(e.ID) + "/minutes", BackHref: recordPath(e.ID), Text: typed}
}

func saysSplit(found []RecordLine) string {
	toCheck := 0
	for _, l := range found {
		if l.Check != "" {
			toCheck++
		}
	}
	return "We found " + counted(len(found), "part", "parts") + ". " + counted(toCheck, "of them needs", "of them need") +
		" a look: they are marked. Nothing is saved yet. When all is right, save the draft."
}

func stepFormOf(r Record, i int) StepForm {
	p := r.Parts[i]
	due := dayText(p.DueOn)
	return StepForm{State: string(p.State), Note: p.Note, Owner: p.Who, Day: due.day, Month: due.month, Year: due.year, Version: r.Version}
}

func (e Event) followView(p RecordPart, f StepForm) pages.FollowView {
	return pages.FollowView{Event: e.Title, Action: recordPath(e.ID) + "/steps/" + strconv.FormatInt(p.ID, 10), BackHref: recordPath(e.ID), Step: p.Text,
		State: f.State, Note: f.Note, Owner: f.Owner, Day: f.Day, Month: f.Month, Year: f.Year, Version: f.Version}
}

func stepDifferences(theirs, yours StepForm) (out []pages.Difference) {
	for _, d := range []pages.Difference{
		{Label: "What has become of it", Theirs: StepState(theirs.State).Words(), Yours: StepState(yours.State).Words()},
		{Label: "What came of it", Theirs: theirs.Note, Yours: yours.Note}, {Label: "Who does it", Theirs: theirs.Owner, Yours: yours.Owner},
		{Label: "By when", Theirs: dateText{theirs.Day, theirs.Month, theirs.Year}.words(), Yours: dateText{yours.Day, yours.Month, yours.Year}.words()},
	} {
		if d.Theirs != d.Yours {
			out = append(out, d)
		}
	}
	return out
}

// pageHref is the address of another page of the same view of the list.
func (f StepFilter) pageHref(page int) string {
	return "/staff/steps?" + url.Values{"show": {f.Show}, "locality": {f.Locality}, "page": {strconv.Itoa(page)}}.Encode()
}

func pagination(page, pageCount int, href func(int) string) (p nhs.PaginationParams) {
	for n := 1; n <= pageCount; n++ {
		p.Items = append(p.Items, nhs.PaginationItem{Number: n, Href: href(n), Current: n == page})
	}
	if page > 1 {
		p.Previous.Href = href(page - 1)
	}
	if page < pageCount {
		p.Next.Href = href(page + 1)
	}
	return p
}
