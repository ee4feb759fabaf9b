package surveys

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"conversations/app/disclosure"
)

// The categories besides the answers.
const (
	noAnswerCode = "no-answer"
	notAskedCode = "not-asked"
)

// releaseCount counts people for a release: each question alone, and by one thing besides, the same for all.
type releaseCount struct {
	catalogue *catalogue
	people    int
	asked     []releaseQuestion // in the order of the form
	variables []disclosure.Variable
	parts     []PublishedPart
	by        crossed
	byOwn     int     // the place of by among the variables, where it is a question
	alone     [][]int // by variable and category
	crossed   [][][]int
	now       []int // the category of the person who is being counted, by variable
	answered  map[int]bool
	hits      hits
}

// releaseQuestion is a question with its variables.
type releaseQuestion struct {
	FormQuestion
	section  Section
	at       int // in the catalogue
	first    int // its variables
	count    int
	previous *releaseQuestion // on which the section depends
}

// breakdowns are what the questions of a release can be counted by besides.
func (c *catalogue) breakdowns() (list []Side) {
	for _, key := range []string{byLocality, byEvent, byChannel} {
		list = append(list, Side{Key: key, Label: placeLabel(key)})
	}
	for _, section := range c.form.Sections {
		for _, q := range section.Questions {
			if single := q.Kind == OneOf || q.Kind == YesNo || q.Kind == Scale; single && section.IfQuestion == 0 {
				list = append(list, Side{Key: fmt.Sprintf("q%d", q.Number), Label: q.Words.Title})
			}
		}
	}
	return list
}

func (s *Service) countRelease(ctx context.Context, read *gorm.DB, c *catalogue, by string, last *Release) (*releaseCount, error) {
	n := &releaseCount{catalogue: c, byOwn: -1, answered: map[int]bool{}}
	n.ask(last)
	if at := slices.IndexFunc(c.breakdowns(), func(b Side) bool { return b.Key == by }); at >= 0 {
		n.by = crossed{variable: variable{key: by, label: c.breakdowns()[at].Label}, at: -1}
		n.byOwn = slices.IndexFunc(n.variables, func(v disclosure.Variable) bool { return v.Key == by })
	}
	n.alone, n.crossed, n.now = make([][]int, len(n.variables)), make([][][]int, len(n.variables)), make([]int, len(n.variables))
	for i, v := range n.variables {
		n.alone[i], n.crossed[i] = make([]int, len(v.Categories)), make([][]int, len(v.Categories))
	}
	n.listen()
	where, args := ResultFilter{}.where(s, c.form.Survey.ID)
	place := n.by.key
	if n.byOwn >= 0 {
		place = ""
	}
	if err := eachResponse(read, where, args, place, n.count); err != nil {
		return nil, err
	}
	side := n.by.shown()
	err := s.nameCategories(ctx, &side)
	n.by.categories = side.Categories
	return n, err
}

// ask makes the variables of all questions that are published: those with answers to choose from.
func (n *releaseCount) ask(last *Release) {
	byID := map[int64]*releaseQuestion{}
	for _, section := range n.catalogue.form.Sections {
		for _, asked := range section.Questions {
			at := n.catalogue.at[asked.ID]
			q := releaseQuestion{FormQuestion: n.catalogue.questions[at], section: section.Section, at: at, first: len(n.variables), previous: byID[section.IfQuestion]}
			for _, one := range q.parts() {
				v := one.variable
				v.New = last != nil && q.CreatedAt.After(last.ReleasedAt)
				if section.IfQuestion != 0 {
					v.Categories, v.Codes = append(v.Categories, "Was not asked"), append(v.Codes, notAskedCode)
					v.Asked = q.askedOf(section.Section)
				}
				n.variables, n.parts = append(n.variables, v), append(n.parts, one.part)
				q.count++
			}
			kept := q
			byID[q.ID] = &kept
			n.asked = append(n.asked, q)
		}
	}
}

type releasePart struct {
	variable disclosure.Variable
	part     PublishedPart
}

// parts are the variables of a question, each with the category of those who gave no answer.
func (q releaseQuestion) parts() (list []releasePart) {
	key := fmt.Sprintf("q%d", q.Number)
	add := func(key, about string, v disclosure.Variable) {
		v.Key, v.Ordered = key, q.Kind == Scale
		list = append(list, releasePart{v, PublishedPart{Key: key, Question: q.ID, Label: q.Words.Title, About: about, Kind: q.Kind}})
	}
	answers := func() (v disclosure.Variable) {
		for _, o := range q.Options {
			v.Categories, v.Codes = append(v.Categories, o.Label), append(v.Codes, o.Code)
		}
		for step := 1; q.Kind == Scale && step <= q.Limits.Steps; step++ {
			v.Categories, v.Codes = append(v.Categories, q.stepLabel(step)), append(v.Codes, fmt.Sprint(step))
		}
		v.Categories, v.Codes = append(v.Categories, "No answer"), append(v.Codes, noAnswerCode)
		v.NoAnswer = len(v.Categories)
		return v
	}
	switch q.Kind {
	case OneOf, YesNo, Scale:
		add(key, "", answers())
	case Grid:
		for _, row := range q.Rows {
			add(key+"_"+row.Code, row.Label, answers())
		}
	case SeveralOf:
		for _, o := range q.Options {
			add(key+"_"+o.Code, o.Label, disclosure.Variable{Categories: []string{"Chosen", "Not chosen"}, Codes: []string{"1", "0"}, NoAnswer: 2})
		}
	}
	return list
}

// askedOf is the category of the question before on which it depends who is asked.
func (q releaseQuestion) askedOf(section Section) *disclosure.Asked {
	if p := q.previous; p != nil {
		for i, o := range p.Options {
			switch {
			case o.ID != section.IfChoice:
			case p.Kind == SeveralOf:
				return &disclosure.Asked{Key: fmt.Sprintf("q%d_%s", p.Number, o.Code)}
			case p.Kind == OneOf || p.Kind == YesNo:
				return &disclosure.Asked{Key: fmt.Sprintf("q%d", p.Number), Category: i}
			}
		}
	}
	return &disclosure.Asked{Key: "nothing that is published"}
}

// listen makes what reads a person's line: now is then the category of each variable.
func (n *releaseCount) listen() {
	first := map[int]releaseQuestion{} // by the question's place in the catalogue
	for _, q := range n.asked {
		first[q.at] = q
	}
	n.hits = hits{chosen: func(v, category int) {
		of := n.catalogue.variables[v].question
		q, published := first[of]
		if !published || q.count == 0 {
			return
		}
		n.answered[of] = true
		switch q.Kind {
		case SeveralOf:
			n.now[q.first+category] = 0
		case Grid:
			n.now[q.first+v-n.firstVariable(of)] = category
		default:
			n.now[q.first] = category
		}
	}}
}

// firstVariable is the first of a question's variables in the catalogue.
func (n *releaseCount) firstVariable(question int) int {
	return slices.IndexFunc(n.catalogue.variables, func(v variable) bool { return v.question == question })
}

func (n *releaseCount) count(line []byte) {
	n.people++
	var place []byte
	if n.by.key != "" && n.byOwn < 0 {
		place, line, _ = bytes.Cut(line, []byte{' '})
	}
	for i, v := range n.variables {
		n.now[i] = v.NoAnswer - 1
	}
	clear(n.answered)
	n.catalogue.read(line, n.hits)
	n.lead()
	column := n.column(place)
	for i, category := range n.now {
		n.alone[i][category]++
		if column >= 0 {
			for len(n.crossed[i][category]) <= column {
				n.crossed[i][category] = append(n.crossed[i][category], 0)
			}
			n.crossed[i][category][column]++
		}
	}
}

// lead marks the questions that the person was not asked, unless they answered all the same: the survey may have been
// changed since.
func (n *releaseCount) lead() {
	asked := map[int64]bool{}
	for _, q := range n.asked {
		shown := true
		if q.section.IfQuestion != 0 {
			shown = (asked[q.section.IfQuestion] && n.chose(q)) != q.section.IfNot
		}
		asked[q.ID] = shown
		for i := q.first; !shown && !n.answered[q.at] && i < q.first+q.count; i++ {
			n.now[i] = len(n.variables[i].Categories) - 1
		}
	}
}

// chose says whether the person gave the answer on which a question's section depends.
func (n *releaseCount) chose(q releaseQuestion) bool {
	p := q.previous
	if p == nil || p.count == 0 {
		return false
	}
	at := slices.IndexFunc(p.Options, func(o FormChoice) bool { return o.ID == q.section.IfChoice })
	if at < 0 {
		return false
	}
	if p.Kind == SeveralOf {
		return n.now[p.first+at] == 0
	}
	return n.now[p.first] == at
}
