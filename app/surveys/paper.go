package surveys

import (
	"fmt"
	"strings"
	"time"

	pages "conversations/templates/surveys"
)

// numbered is a form with the numbers that its questions have on paper: through all sections, from 1.
type numbered struct {
	Form
	numbers map[int64]int // by question
}

func (f Form) numbered() numbered {
	n := numbered{Form: f, numbers: map[int64]int{}}
	for _, section := range f.Sections {
		for _, q := range section.Questions {
			n.numbers[q.ID] = len(n.numbers) + 1
		}
	}
	return n
}

// paperView is a survey as it is printed.
func (s *Service) paperView(form Form, large bool) pages.PaperView {
	programme, survey := s.Config.Programme, form.Survey
	v := pages.PaperView{Large: large, Language: form.Language, Direction: Direction(form.Language), Programme: programme.Name, Organisation: programme.Organisation,
		Title: form.wordsOf(form.Words, "title"), Introduction: form.wordsOf(form.Words, "introduction"), Thanks: form.wordsOf(form.Words, "thanks"), Draft: survey.State == Draft,
		Send: addressLines(programme.Name, programme.Post), Version: fmt.Sprintf("%s, version %d", survey.Slug, survey.Version)}
	say := form.say.paper
	v.Pen, v.End, v.To = form.ours(say.pen), form.ours(say.thanks), form.ours(say.sendTo)
	v.Help = form.ours(fmt.Sprintf(say.helpLine, programme.Telephone, programme.Hours))
	v.Online = form.ours(fmt.Sprintf(say.answerAt, s.Links.URL("/surveys/"+survey.Slug)))
	if survey.Anonymous {
		v.NoName = form.ours(say.noName)
	}
	if survey.ClosesAt != nil {
		v.By = form.ours(fmt.Sprintf(say.sendBy, form.dayOnPaper(survey.ClosesAt.In(s.Config.Zone()))))
	}
	n := form.numbered()
	for i, section := range form.Sections {
		p := pages.PaperSection{Title: form.wordsOf(section.Words, "title"), Introduction: form.wordsOf(section.Words, "introduction"), Only: n.ours(n.onlyWords(i))}
		for _, q := range section.Questions {
			p.Questions = append(p.Questions, s.paperQuestion(n, i, q))
		}
		v.Sections = append(v.Sections, p)
	}
	return v
}

// dayOnPaper is a day as English has it in words, other languages in numbers.
func (f Form) dayOnPaper(day time.Time) string {
	if f.say.code == firstLanguage {
		return day.Format("2 January 2006")
	}
	return day.Format("2/1/2006")
}

// addressLines are the lines of an address that is written on one. The programme's name is one line, commas or not.
func addressLines(name, post string) (lines []string) {
	if rest, begins := strings.CutPrefix(post, name); begins {
		lines, post = append(lines, name), rest
	}
	for _, line := range strings.Split(post, ",") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (s *Service) paperQuestion(n numbered, section int, q FormQuestion) pages.PaperQuestion {
	p := pages.PaperQuestion{Number: n.numbers[q.ID], Kind: string(q.Kind), Label: n.wordsOf(q.Words, "title"), Help: n.wordsOf(q.Words, "help"), How: n.ours(q.howOnPaper(n.say)),
		Low: n.wordsOf(q.Words, "low"), High: n.wordsOf(q.Words, "high"), Steps: q.Limits.Steps}
	if q.Kind == LongText {
		p.Warning = n.ours(n.say.aside(s.Config.Programme.Complaints.Name, s.Config.Programme.Complaints.Telephone))
	}
	for _, o := range q.Options {
		p.Options = append(p.Options, pages.PaperOption{Label: n.theirs(o.Label, o.Borrowed), Go: n.ours(n.jump(section, q, o)), Other: o.Special == OtherSpecial})
	}
	if q.Kind == Recontact {
		p.Reach = []pages.Said{n.ours(n.say.name), n.ours(n.say.email), n.ours(n.say.phone)}
	}
	for _, row := range q.Rows {
		p.Rows = append(p.Rows, n.theirs(row.Label, row.Borrowed))
	}
	return p
}

// howOnPaper says how a question is answered with a pen.
func (q FormQuestion) howOnPaper(say phrases) string {
	switch q.Kind {
	case OneOf, YesNo, Recontact, QuoteOK, Scale:
		return say.paper.tickOne
	case SeveralOf:
		if q.Limits.Most > 0 {
			return fmt.Sprintf(say.paper.tickAtMost, q.Limits.Most)
		}
		return say.paper.tickAll
	case Grid:
		return say.paper.tickInRows
	case Date:
		return say.day + ", " + strings.ToLower(say.month+", "+say.year) + "."
	case Postcode:
		if q.Words.Help == "" { // else staff have said it
			return say.paper.outward
		}
	}
	return ""
}

// onlyWords say who answers the questions of a section; "" is everybody.
func (n numbered) onlyWords(at int) string {
	section, say := n.Sections[at], n.say.paper
	q, there := n.Question(section.IfQuestion)
	if !there || len(section.Questions) == 0 {
		return ""
	}
	first, last := n.numbers[section.Questions[0].ID], n.numbers[section.Questions[len(section.Questions)-1].ID]
	which := fmt.Sprintf(say.oneQuestion, first)
	if last > first {
		which = fmt.Sprintf(say.questions, first, last)
	}
	for _, o := range q.Options {
		if o.ID != section.IfChoice {
			continue
		}
		if section.IfNot {
			return sentence(fmt.Sprintf(say.leaveOut, o.Label, n.numbers[q.ID], which, n.goTo(at+1)))
		}
		return sentence(fmt.Sprintf(say.onlyIf, which, o.Label, n.numbers[q.ID], n.goTo(at+1)))
	}
	return ""
}

// jump is what stands behind an option that leads over a section: "Go to question 7". It stands only at the last question
// of a section, because whoever follows it leaves out all that lies between.
func (n numbered) jump(at int, q FormQuestion, o FormChoice) string {
	questions := n.Sections[at].Questions
	if questions[len(questions)-1].ID != q.ID {
		return ""
	}
	to := at + 1
	for to < len(n.Sections) && n.Sections[to].IfQuestion == q.ID && (n.Sections[to].IfChoice == o.ID) == n.Sections[to].IfNot {
		to++
	}
	if to == at+1 {
		return ""
	}
	return sentence(n.goTo(to))
}

// goTo leads to the first question from a section on.
func (n numbered) goTo(section int) string {
	for _, later := range n.Sections[min(section, len(n.Sections)):] {
		if len(later.Questions) > 0 {
			return fmt.Sprintf(n.say.paper.goTo, n.numbers[later.Questions[0].ID])
		}
	}
	return n.say.paper.goToEnd
}
