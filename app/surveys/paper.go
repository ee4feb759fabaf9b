package surveys

import (
	"fmt"
	"strings"

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
		Title: form.Words.Title, Introduction: form.Words.Introduction, Thanks: form.Words.Thanks, Anonymous: survey.Anonymous, Draft: survey.State == Draft,
		Send: addressLines(programme.Name, programme.Post), Online: s.Links.URL("/surveys/" + survey.Slug), Version: fmt.Sprintf("%s, version %d", survey.Slug, survey.Version)}
	v.Help = "If you need help with this form, or want to answer by telephone, call " + programme.Telephone + ", " + programme.Hours + "."
	if survey.ClosesAt != nil {
		v.By = survey.ClosesAt.In(s.Config.Zone()).Format("2 January 2006")
	}
	n := form.numbered()
	for i, section := range form.Sections {
		p := pages.PaperSection{Title: section.Words.Title, Introduction: section.Words.Introduction, Only: n.onlyWords(i)}
		for _, q := range section.Questions {
			p.Questions = append(p.Questions, s.paperQuestion(n, i, q))
		}
		v.Sections = append(v.Sections, p)
	}
	return v
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
	p := pages.PaperQuestion{Number: n.numbers[q.ID], Kind: string(q.Kind), Label: q.Words.Title, Help: q.Words.Help, How: q.howOnPaper(), Low: q.Words.Low, High: q.Words.High, Steps: q.Limits.Steps}
	if q.Kind == LongText {
		p.Warning = n.ours(n.say.aside(s.Config.Programme.Complaints.Name, s.Config.Programme.Complaints.Telephone))
	}
	for _, o := range q.Options {
		p.Options = append(p.Options, pages.PaperOption{Label: o.Label, Go: n.jump(section, q, o), Other: o.Special == OtherSpecial})
	}
	if q.Kind == Recontact {
		p.Reach = []pages.Said{n.ours(n.say.name), n.ours(n.say.email), n.ours(n.say.phone)}
	}
	for _, row := range q.Rows {
		p.Rows = append(p.Rows, row.Label)
	}
	return p
}

// howOnPaper says how a question is answered with a pen.
func (q FormQuestion) howOnPaper() string {
	switch q.Kind {
	case OneOf, YesNo, Recontact, QuoteOK:
		return "Tick one box."
	case SeveralOf:
		if q.Limits.Most > 0 {
			return fmt.Sprintf("Tick up to %d boxes.", q.Limits.Most)
		}
		return "Tick all that fit."
	case Scale:
		return "Tick one box."
	case Grid:
		return "Tick one box in each row."
	case Date:
		return "Day, month, year."
	case Postcode:
		return "We keep only the first part, such as HP1."
	}
	return ""
}

// onlyWords say who answers the questions of a section; "" is everybody.
func (n numbered) onlyWords(at int) string {
	section := n.Sections[at]
	q, there := n.Question(section.IfQuestion)
	if !there || len(section.Questions) == 0 {
		return ""
	}
	first, last := n.numbers[section.Questions[0].ID], n.numbers[section.Questions[len(section.Questions)-1].ID]
	which := fmt.Sprintf("question %d", first)
	if last > first {
		which = fmt.Sprintf("questions %d to %d", first, last)
	}
	for _, o := range q.Options {
		if o.ID != section.IfChoice {
			continue
		}
		if section.IfNot {
			return fmt.Sprintf("If you ticked “%s” at question %d, leave out %s and %s.", o.Label, n.numbers[q.ID], which, n.goTo(at+1))
		}
		return fmt.Sprintf("Answer %s only if you ticked “%s” at question %d. If not, %s.", which, o.Label, n.numbers[q.ID], n.goTo(at+1))
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
	words := n.goTo(to)
	return strings.ToUpper(words[:1]) + words[1:]
}

// goTo leads to the first question from a section on.
func (n numbered) goTo(section int) string {
	for _, later := range n.Sections[min(section, len(n.Sections)):] {
		if len(later.Questions) > 0 {
			return fmt.Sprintf("go to question %d", n.numbers[later.Questions[0].ID])
		}
	}
	return "go to the end"
}
