package surveys

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// catalogue is everything a survey ever asked, in the order of its pages, with what was retired at the end: what was
// answered to it still counts.
type catalogue struct {
	form      Form
	questions []FormQuestion
	variables []variable
	places    map[int64]place // of options, by id
	rows      map[int64]int   // of rows of grids: their variables
	steps     map[int64]int   // of scales: their variables
	at        map[int64]int   // of questions: their places in questions
	quick     []place         // places again by how far ids are from the first: millions are looked up
	first     int64
}

// variable is what people can be counted by: a question, a row of a grid, or how and where they answered.
type variable struct {
	key        string // q3; q5_nhs-111; locality, event, channel
	label      string
	question   int // in the catalogue; -1 is none
	categories []string
	codes      []string // of the categories, as exports have them
	several    bool     // a person can be in several categories
	ordered    bool
}

// place is a category of a variable.
type place struct{ variable, category int }

// What everybody who answered can be counted by, besides what they answered.
const (
	byLocality = "locality"
	byEvent    = "event"
	byChannel  = "channel"
)

// readCatalogue reads a survey with all questions and options that it ever had.
func readCatalogue(read *gorm.DB, surveyID int64) (c catalogue, err error) {
	if c.form, err = readForm(read, surveyID, ""); err != nil {
		return c, err
	}
	choices, err := allChoices(read, c.form)
	if err != nil {
		return c, err
	}
	var rows []Question
	err = read.Raw(`SELECT q.* FROM survey_questions q JOIN survey_sections s ON s.id = q.section_id WHERE q.survey_id = ?
		ORDER BY CASE WHEN q.retired_at IS NULL AND s.retired_at IS NULL THEN 0 ELSE 1 END, s.position, s.id, q.position, q.id`, surveyID).Scan(&rows).Error
	if err != nil {
		return c, fmt.Errorf("read all questions of survey %d: %w", surveyID, err)
	}
	c.places, c.rows, c.steps, c.at = map[int64]place{}, map[int64]int{}, map[int64]int{}, map[int64]int{}
	for _, row := range rows {
		q := FormQuestion{Question: row}
		if q.Words, err = WordsIn(row.Texts, c.form.Survey.LanguageList(), ""); err != nil {
			return c, err
		}
		if err := json.Unmarshal([]byte(row.Settings), &q.Limits); err != nil {
			return c, fmt.Errorf("read the settings of question %d: %w", row.ID, err)
		}
		for _, choice := range choices[row.ID] {
			if choice.Part == RowPart {
				q.Rows = append(q.Rows, choice)
			} else {
				q.Options = append(q.Options, choice)
			}
		}
		c.add(q)
	}
	c.quicken()
	return c, nil
}

// quickAtMost is how far the ids of a survey's options may lie apart to be looked up quickly.
const quickAtMost = 1 << 16

// quicken makes what options are looked up in.
func (c *catalogue) quicken() {
	last := int64(0)
	for id := range c.places {
		if c.first == 0 || id < c.first {
			c.first = id
		}
		last = max(last, id)
	}
	if len(c.places) == 0 || last-c.first > quickAtMost {
		return
	}
	c.quick = make([]place, last-c.first+1)
	for i := range c.quick {
		c.quick[i].variable = -1
	}
	for id, p := range c.places {
		c.quick[id-c.first] = p
	}
}

// place finds an option.
func (c *catalogue) place(id int64) (p place, known bool) {
	if at := id - c.first; at >= 0 && at < int64(len(c.quick)) {
		p = c.quick[at]
		return p, p.variable >= 0
	}
	p, known = c.places[id]
	return p, known
}

func allChoices(read *gorm.DB, f Form) (map[int64][]FormChoice, error) {
	var choices []Choice
	err := read.Raw(`SELECT c.* FROM survey_choices c JOIN survey_questions q ON q.id = c.question_id
		WHERE q.survey_id = ? ORDER BY c.question_id, c.part, c.position, c.id`, f.Survey.ID).Scan(&choices).Error
	if err != nil {
		return nil, fmt.Errorf("read all options of survey %d: %w", f.Survey.ID, err)
	}
	byQuestion := map[int64][]FormChoice{}
	for _, choice := range choices {
		words, err := WordsIn(choice.Texts, f.Survey.LanguageList(), "")
		if err != nil {
			return nil, err
		}
		byQuestion[choice.QuestionID] = append(byQuestion[choice.QuestionID], FormChoice{Choice: choice, Label: words.Title})
	}
	return byQuestion, nil
}

// add puts a question with its variables into the catalogue.
func (c *catalogue) add(q FormQuestion) {
	at := len(c.questions)
	c.questions, c.at[q.ID] = append(c.questions, q), at
	v := variable{key: "q" + strconv.Itoa(q.Number), label: q.Words.Title, question: at, several: q.Kind == SeveralOf}
	for i, o := range q.Options {
		v.categories, v.codes = append(v.categories, o.Label), append(v.codes, o.Code)
		c.places[o.ID] = place{len(c.variables), i}
	}
	switch q.Kind {
	case Grid:
		for _, row := range q.Rows {
			r := v
			r.key, r.label = v.key+"_"+row.Code, q.Words.Title+rowMark(q.Words.Title)+row.Label
			c.rows[row.ID] = len(c.variables)
			c.variables = append(c.variables, r)
		}
	case Scale:
		v.ordered = true
		for n := 1; n <= q.Limits.Steps; n++ {
			v.categories, v.codes = append(v.categories, q.stepLabel(n)), append(v.codes, strconv.Itoa(n))
		}
		c.steps[q.ID] = len(c.variables)
		c.variables = append(c.variables, v)
	case OneOf, SeveralOf, YesNo, Recontact, QuoteOK:
		c.variables = append(c.variables, v)
	}
}

// rowMark stands between the words of a grid and its row: "How good was it? NHS 111".
func rowMark(title string) string {
	if strings.HasSuffix(title, "?") {
		return " "
	}
	return ": "
}

// variable finds what has a key; -1 where nothing has.
func (c *catalogue) variable(key string) int {
	return slices.IndexFunc(c.variables, func(v variable) bool { return v.key == key })
}

// retired says whether a question is no longer asked.
func (c *catalogue) retired(q FormQuestion) bool {
	_, asked := c.form.Question(q.ID)
	return !asked
}

// hits are what a counter wants to know of a line; nil is nothing.
type hits struct {
	chosen     func(variable, category int)
	number     func(question int, n int64)
	written    func(question int)
	unreadable func(question int)
}

// read tells a counter what a line says. What the catalogue does not know was asked after it was read, and is left out.
func (c *catalogue) read(line []byte, h hits) {
	readLine(line, func(kind byte, first, second int64) {
		switch kind {
		case chosenToken:
			if p, known := c.place(first); known {
				h.chosen(p.variable, p.category)
			}
		case rowToken:
			if v, known := c.rows[first]; known {
				if p, known := c.place(second); known {
					h.chosen(v, p.category)
				}
			}
		case numberToken:
			if v, scale := c.steps[first]; scale && second >= 1 && int(second) <= len(c.variables[v].categories) {
				h.chosen(v, int(second)-1)
			} else if at, known := c.at[first]; known && !scale && h.number != nil {
				h.number(at, second)
			}
		case writtenToken:
			if at, known := c.at[first]; known && h.written != nil {
				h.written(at)
			}
		case unreadableToken:
			if at, known := c.at[first]; known && h.unreadable != nil {
				h.unreadable(at)
			}
		}
	})
}
