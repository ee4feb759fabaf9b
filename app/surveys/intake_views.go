package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

func intakePath(i Intake) string {
	return paperPath(i.SurveyID) + "/imports/" + strconv.FormatInt(i.ID, 10)
}

func intakeColumnsView(form Form, i Intake, set IntakeSettings, examples []string) pages.IntakeColumns {
	v := pages.IntakeColumns{Title: form.Words.Title, File: i.FileName, Action: intakePath(i), DropAction: intakePath(i) + "/drop"}
	for _, t := range form.IntakeTargets() {
		v.Targets = append(v.Targets, pages.Choice{Value: t.Key, Text: t.Label})
	}
	for n, heading := range set.Head {
		c := pages.IntakeColumn{Name: columnField(n), Heading: heading, Value: set.Columns[n]}
		if n < len(examples) && examples[n] != "" {
			c.Hint = "Such as: " + examples[n]
		}
		if heading == "" {
			c.Heading = "Column " + strconv.Itoa(n+1) + ", without a heading"
		}
		v.Columns = append(v.Columns, c)
	}
	return v
}

func (s *Service) intakeCheckView(form Form, i Intake, set IntakeSettings, check IntakeCheck) pages.IntakeCheckView {
	v := pages.IntakeCheckView{Title: form.Words.Title, File: i.FileName, Home: intakePath(i), ColumnsHref: intakePath(i), Unknown: strings.Join(set.Unknown(), ", "),
		Bad: check.Bad, Fresh: check.Fresh, Begun: i.BatchID != nil, More: check.Bad - len(check.Wrong), Facts: [][2]string{
			{"Rows", strconv.Itoa(check.Total)}, {"New answers", strconv.Itoa(check.Fresh)}, {"Here already, and staying as they are", strconv.Itoa(check.There)}, {"Rows that cannot be used", strconv.Itoa(check.Bad)}}}
	for _, row := range check.Wrong {
		v.Wrong = append(v.Wrong, pages.BadRow{Line: strconv.Itoa(row.Line), Reason: strings.Join(row.Reasons, " ")})
	}
	n := form.numbered()
	for _, w := range check.first {
		var lines []string
		for _, q := range form.questions() {
			given, there := w.answers[q.ID]
			if !there {
				continue
			}
			for _, row := range q.partIDs() {
				label := fmt.Sprintf("%d. %s", n.numbers[q.ID], q.Words.Title)
				if at := slices.IndexFunc(q.Rows, func(r FormChoice) bool { return r.ID == row }); at >= 0 {
					label += " " + q.Rows[at].Label
				}
				if part := q.parts(given)[row]; !part.Empty() {
					lines = append(lines, label+": "+q.inWords(part))
				}
			}
		}
		v.First = append(v.First, lines)
	}
	return v
}

// examples are what stands in the first row with something in it, column by column.
func examples(first []string) (list []string) {
	const letters = 40
	for _, cell := range first {
		if short := []rune(cell); len(short) > letters {
			cell = string(short[:letters]) + "…"
		}
		list = append(list, cell)
	}
	return list
}

// atColumns has an error that is about no column said at the first.
func atColumns(messages []fieldError) []nhs.FieldError {
	for i := range messages {
		if messages[i].Field == "" {
			messages[i].Field = columnField(0)
		}
	}
	return messages
}
