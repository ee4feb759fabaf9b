package surveys

import (
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"conversations/app/database"
)

// column is a column of the export: of one question, and of one option or row where it has several.
type column struct {
	head     string
	question int64  // 0 is none any more
	part     string // the label of the option or row that it is about; "" is the whole question
	holds    string // what stands in it, in words
	options  []FormChoice
	value    func(Given) any
}

// of is the column's cell in the row of a response.
func (c column) of(answers Answers) any {
	given := answers[c.question]
	if given.Unreadable && len(given.Choices) == 0 && len(given.Rows) == 0 && given.Number == nil && given.Text == "" {
		return unreadableCode
	}
	return c.value(given)
}

// placeColumns gives each column of a survey that has no place yet the next one. Every change of what is asked does it, so
// that the columns stand in the order in which they were made, whenever answers are taken out.
func placeColumns(tx *database.Tx, surveyID int64) error {
	c, err := readCatalogue(tx.DB, surveyID)
	if err != nil {
		return err
	}
	names, err := columnNames(tx.DB, surveyID)
	if err != nil {
		return err
	}
	for _, column := range c.columns() {
		if slices.Contains(names, column.head) {
			continue
		}
		names = append(names, column.head)
		if err := tx.Exec("INSERT INTO survey_columns (survey_id, name, position) VALUES (?, ?, ?)", surveyID, column.head, len(names)).Error; err != nil {
			return fmt.Errorf("give the column %s of survey %d its place: %w", column.head, surveyID, err)
		}
	}
	return nil
}

func columnNames(read *gorm.DB, surveyID int64) (names []string, err error) {
	if err := read.Raw("SELECT name FROM survey_columns WHERE survey_id = ? ORDER BY position", surveyID).Scan(&names).Error; err != nil {
		return nil, fmt.Errorf("read the columns of survey %d: %w", surveyID, err)
	}
	return names, nil
}

// placedColumns are the columns of a survey in their places. One without a place stands last: no answer is left out.
func (c *catalogue) placedColumns(read *gorm.DB) (placed []column, err error) {
	names, err := columnNames(read, c.form.Survey.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]column{}
	for _, column := range c.columns() {
		if known[column.head] = column; !slices.Contains(names, column.head) {
			names = append(names, column.head)
		}
	}
	for _, name := range names {
		column, there := known[name]
		if !there { // made after the catalogue was read
			column = emptyColumn(name)
		}
		placed = append(placed, column)
	}
	return placed, nil
}

func emptyColumn(name string) column {
	return column{head: name, holds: "nothing any more", value: func(Given) any { return "" }}
}

// columns are those of all questions that a survey ever had, in the order in which they were made.
func (c *catalogue) columns() (columns []column) {
	questions := slices.Clone(c.questions)
	slices.SortFunc(questions, func(a, b FormQuestion) int { return a.Number - b.Number })
	for _, q := range questions {
		for _, list := range [][]FormChoice{q.Options, q.Rows} {
			slices.SortFunc(list, func(a, b FormChoice) int { return int(a.ID - b.ID) })
		}
		columns = append(columns, q.columns()...)
	}
	return columns
}

// columns of one question: q3, and where it has several q3_near, q3_nhs-111.
func (q FormQuestion) columns() (columns []column) {
	name, codes, other := "q"+strconv.Itoa(q.Number), map[int64]string{}, false
	for _, o := range q.Options {
		codes[o.ID] = o.Code
		other = other || o.Special == OtherSpecial
	}
	add := func(head, part, holds string, value func(Given) any) {
		columns = append(columns, column{head: head, question: q.ID, part: part, holds: holds, value: value})
	}
	switch q.Kind {
	case SeveralOf:
		for _, o := range q.Options {
			add(name+"_"+o.Code, o.Label, "1 chosen, 0 not chosen, empty no answer", func(g Given) any { return g.chose(o.ID) })
		}
	case Grid:
		for _, row := range q.Rows {
			add(name+"_"+row.Code, row.Label, "a code", func(g Given) any {
				if option, answered := g.Rows[row.ID]; answered && option == unreadableRow {
					return unreadableCode
				}
				return codes[g.Rows[row.ID]]
			})
			columns[len(columns)-1].options = q.Options
		}
	case OneOf, YesNo, Recontact, QuoteOK:
		add(name, "", "a code", func(g Given) any {
			if len(g.Choices) == 0 {
				return ""
			}
			return codes[g.Choices[0]]
		})
		columns[len(columns)-1].options = q.Options
	case Scale, Number:
		add(name, "", "a number", func(g Given) any {
			if g.Number == nil {
				return ""
			}
			return *g.Number
		})
	default:
		add(name, "", map[Kind]string{Date: "a day", Postcode: "the first part of a postcode"}[q.Kind], func(g Given) any { return g.Text })
		if columns[0].holds == "" {
			columns[0].holds = "text"
		}
	}
	if other {
		add(name+"_text", "", "what \"other\" is", func(g Given) any { return g.Other })
	}
	return columns
}

// chose is 1 where an option was chosen, 0 where another was, and nothing where the question was not answered.
func (g Given) chose(option int64) any {
	if len(g.Choices) == 0 {
		return ""
	}
	if slices.Contains(g.Choices, option) {
		return 1
	}
	return 0
}
