package surveys

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Results are the answers to a survey, counted. True numbers: for staff, and not for publishing.
type Results struct {
	Form      Form
	Filter    ResultFilter
	Complete  int  // responses that count
	Shown     int  // of these, the ones that the filter leaves
	Drafts    int  // begun and not sent
	SetAside  int  // by staff: not counted
	Withheld  bool // an anonymous survey with few answers: nothing is shown
	Questions []QuestionResult
}

// QuestionResult is what was answered to one question.
type QuestionResult struct {
	Question   FormQuestion
	Retired    bool          // no longer asked
	Answered   int           // people
	Unreadable int           // on paper
	Counts     []ChoiceCount // of options, or steps; of a grid row by row
	Written    int           // free texts
	Numbers    *NumberSummary
}

// ChoiceCount is how many people chose something.
type ChoiceCount struct {
	Row, Label string // Row is of a grid
	People     int
	Of         int // who answered the question, or the row
}

// Results counts all answers to a survey. It needs the right to manage surveys.
func (s *Service) Results(ctx context.Context, surveyID int64) (Results, error) {
	return s.FilteredResults(ctx, surveyID, ResultFilter{})
}

// FilteredResults counts the answers that a filter leaves. Of an anonymous survey nothing is shown where fewer than five
// are left. It needs the right to manage surveys.
func (s *Service) FilteredResults(ctx context.Context, surveyID int64, f ResultFilter) (r Results, err error) {
	if err := mayBuild(ctx); err != nil {
		return r, err
	}
	read := s.DB.Read(ctx)
	c, err := readCatalogue(read, surveyID)
	if err != nil {
		return r, err
	}
	r.Form, r.Filter = c.form, f.usable(c.form.Survey)
	if err := r.countResponses(read); err != nil {
		return r, err
	}
	if r.Withheld = r.Form.Survey.tooFew(r.Complete); r.Withheld {
		r.Complete, r.Drafts, r.SetAside = 0, 0, 0
		return r, nil
	}
	t := newTally(&c)
	where, args := r.Filter.where(s, surveyID)
	if err := eachResponse(read, where, args, "", t.count); err != nil {
		return r, err
	}
	if r.Shown = t.people; r.Form.Survey.tooFew(t.people) && !r.Filter.empty() {
		r.Shown, r.Withheld = 0, true
		return r, nil
	}
	r.Questions = t.results()
	return r, nil
}

// tooFew says whether so few people are left of an anonymous survey that nothing is shown.
func (s Survey) tooFew(people int) bool { return s.Anonymous && people < fewest }

func (r *Results) countResponses(read *gorm.DB) error {
	var rows []struct {
		State ResponseState
		N     int
	}
	id := r.Form.Survey.ID
	if err := read.Raw("SELECT state, count(*) AS n FROM survey_responses WHERE survey_id = ? GROUP BY state", id).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count the responses to survey %d: %w", id, err)
	}
	for _, row := range rows {
		switch row.State {
		case Complete:
			r.Complete = row.N
		case Drafting:
			r.Drafts = row.N
		case SetAside:
			r.SetAside = row.N
		}
	}
	var second int // the same papers again
	err := read.Raw("SELECT count(*) FROM survey_responses WHERE second_of IN (SELECT id FROM survey_responses WHERE survey_id = ?) AND state = 'complete'", id).Scan(&second).Error
	r.Complete -= second
	return err
}

// tally counts responses question by question.
type tally struct {
	catalogue  *catalogue
	people     int
	counts     [][]int // by variable and category
	base       []int   // who has any category of a variable
	seenBase   []int   // the person last counted in it
	answered   []int   // by question
	seen       []int
	written    []int
	unreadable []int
	seenUnread []int
	numbers    []map[int64]int
	hits       hits
}

func newTally(c *catalogue) *tally {
	q, v := len(c.questions), len(c.variables)
	t := &tally{catalogue: c, counts: make([][]int, v), base: make([]int, v), seenBase: make([]int, v), answered: make([]int, q), seen: make([]int, q),
		written: make([]int, q), unreadable: make([]int, q), seenUnread: make([]int, q), numbers: make([]map[int64]int, q)}
	for i, one := range c.variables {
		t.counts[i] = make([]int, len(one.categories))
	}
	for i := range t.numbers {
		t.numbers[i] = map[int64]int{}
	}
	t.hits = hits{
		chosen: func(v, category int) {
			t.counts[v][category]++
			once(t.base, t.seenBase, v, t.people)
			once(t.answered, t.seen, c.variables[v].question, t.people)
		},
		number: func(q int, n int64) {
			t.numbers[q][n]++
			once(t.answered, t.seen, q, t.people)
		},
		written: func(q int) {
			t.written[q]++
			once(t.answered, t.seen, q, t.people)
		},
		unreadable: func(q int) { once(t.unreadable, t.seenUnread, q, t.people) },
	}
	return t
}

// once counts a person in one place once.
func once(counts, seen []int, at, person int) {
	if seen[at] != person {
		seen[at] = person
		counts[at]++
	}
}

func (t *tally) count(line []byte) {
	t.people++
	t.catalogue.read(line, t.hits)
}

func (t *tally) results() (list []QuestionResult) {
	variable := 0
	for i, q := range t.catalogue.questions {
		r := QuestionResult{Question: q, Retired: t.catalogue.retired(q), Answered: t.answered[i], Written: t.written[i], Unreadable: t.unreadable[i]}
		for row := 0; variable < len(t.counts) && t.catalogue.variables[variable].question == i; variable, row = variable+1, row+1 {
			about := ""
			if q.Kind == Grid {
				about = q.Rows[row].Label
			}
			for at, label := range t.catalogue.variables[variable].categories {
				r.Counts = append(r.Counts, ChoiceCount{Row: about, Label: label, People: t.counts[variable][at], Of: t.base[variable]})
			}
		}
		switch q.Kind {
		case Number:
			r.Numbers = summary(t.numbers[i])
		case Scale:
			r.Numbers = summary(stepNumbers(r.Counts))
		}
		if r.Retired && r.Answered == 0 { // it was taken out before anybody answered
			continue
		}
		list = append(list, r)
	}
	return list
}

func (q FormQuestion) stepLabel(n int) string {
	switch n {
	case 1:
		return fmt.Sprintf("%d, %s", n, q.Words.Low)
	case q.Limits.Steps:
		return fmt.Sprintf("%d, %s", n, q.Words.High)
	}
	return fmt.Sprint(n)
}

// CountComplete is how many have answered; 0 of an anonymous survey before five have. It needs the right to manage surveys.
func (s *Service) CountComplete(ctx context.Context, surveyID int64) (int, error) {
	if err := mayBuild(ctx); err != nil {
		return 0, err
	}
	read := s.DB.Read(ctx)
	form, err := readForm(read, surveyID, "")
	if err != nil {
		return 0, err
	}
	r := Results{Form: form}
	if err := r.countResponses(read); err != nil {
		return 0, err
	}
	return form.Survey.shownCount(r.Complete), nil
}
