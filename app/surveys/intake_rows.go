package surveys

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/fault"
)

// wished is what a row of a file says.
type wished struct {
	outside  string // what the answer is called elsewhere; where the file does not say, made of what the row says
	locality string
	language string
	sent     *time.Time
	answers  Answers
}

// intakeReader reads the rows of a file. It remembers them, so that it finds those that come twice.
type intakeReader struct {
	form    Form
	cfg     *config.Config
	columns []IntakeTarget // for each column; one with no key is left out
	numbers map[int64]int
	seen    map[string]int // lines by what their answers are called
	alike   map[string]int // how often a row came that says the same
}

func newIntakeReader(form Form, cfg *config.Config, set IntakeSettings) *intakeReader {
	r := &intakeReader{form: form, cfg: cfg, numbers: form.numbered().numbers, seen: map[string]int{}, alike: map[string]int{}}
	byKey := form.targetsByKey()
	for _, key := range set.Columns {
		r.columns = append(r.columns, byKey[key])
	}
	return r
}

// read gives what a row says, or why it cannot be used.
func (r *intakeReader) read(row IntakeRow) (w wished, wrong []string, err error) {
	if row.Trouble != "" {
		return w, []string{row.Trouble}, nil
	}
	var cells []string
	if err := json.Unmarshal([]byte(row.Cells), &cells); err != nil {
		return w, nil, fmt.Errorf("read line %d: %w", row.Line, err)
	}
	w.answers = Answers{}
	named := false
	for i, t := range r.columns {
		if i >= len(cells) || t.Key == "" {
			continue
		}
		named = named || t.Key == outsideKey
		if reason := r.take(&w, t, strings.TrimSpace(cells[i])); reason != "" {
			wrong = append(wrong, reason)
		}
	}
	wrong = append(wrong, r.check(w.answers)...)
	if len(w.answers) == 0 && len(wrong) == 0 {
		wrong = append(wrong, "It answers no question.")
	}
	if reason := r.name(&w, named, row.Line, cells); reason != "" {
		wrong = append(wrong, reason)
	}
	return w, wrong, nil
}

// take adds what one cell says. The reason says why it cannot be used.
func (r *intakeReader) take(w *wished, t IntakeTarget, cell string) (reason string) {
	if cell == "" {
		return ""
	}
	switch t.Key {
	case outsideKey:
		w.outside = cell
	case localityKey:
		l, known := r.cfg.Locality(strings.ToLower(cell))
		at := slices.IndexFunc(r.cfg.Localities, func(l config.Locality) bool { return strings.EqualFold(l.Name, cell) })
		switch {
		case known:
			w.locality = l.Slug
		case at >= 0:
			w.locality = r.cfg.Localities[at].Slug
		default:
			return fmt.Sprintf("There is no locality “%s”.", cell)
		}
	case languageKey:
		if w.language = strings.ToLower(cell); !slices.Contains(r.form.Survey.LanguageList(), w.language) {
			return fmt.Sprintf("The survey has no language “%s”.", cell)
		}
	case sentKey:
		at, ok := r.moment(cell)
		if w.sent = &at; !ok {
			return fmt.Sprintf("“%s” is no day. Write it as 2017-02-28.", cell)
		}
	default:
		given := w.answers[t.question.ID]
		if reason := t.take(&given, cell); reason != "" {
			return fmt.Sprintf("Question %d (%s): %s", r.numbers[t.question.ID], t.question.Words.Title, reason)
		}
		if !given.Empty() {
			w.answers[t.question.ID] = given
		}
	}
	return ""
}

// moment reads an instant, or a day on the programme's clocks.
func (r *intakeReader) moment(cell string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, cell, r.cfg.Zone()); err == nil {
			return at.UTC(), true
		}
	}
	at, err := time.ParseInLocation(time.DateOnly, dayTyped(cell), r.cfg.Zone())
	return at.UTC(), err == nil
}

// take adds what a cell says to the answer to a question.
func (t IntakeTarget) take(given *Given, cell string) (reason string) {
	q := t.question
	unread := cell == cannotReadSign || strings.EqualFold(cell, cannotRead) || strings.EqualFold(cell, "cannot read")
	switch {
	case t.other:
		given.Other = cell
	case t.row != 0:
		if given.Rows == nil {
			given.Rows = map[int64]int64{}
		}
		option, known := q.optionOf(cell)
		if given.Rows[t.row] = option; !known && !unread {
			return notAmong(cell)
		}
	case unread:
		given.Unreadable = true
	case t.option != 0:
		chosen, known := yesOrNo(cell)
		if !known {
			return fmt.Sprintf("“%s” is neither 0 nor 1.", cell)
		}
		if chosen && !slices.Contains(given.Choices, t.option) {
			given.Choices = append(given.Choices, t.option)
		}
	default:
		return q.takeWhole(given, cell)
	}
	return ""
}

func (q FormQuestion) takeWhole(given *Given, cell string) (reason string) {
	switch q.Kind {
	case OneOf, YesNo, Recontact, QuoteOK, SeveralOf:
		parts := []string{cell}
		if q.Kind == SeveralOf {
			parts = strings.Split(cell, "|")
		}
		for _, part := range parts {
			option, known := q.optionOf(strings.TrimSpace(part))
			if !known {
				return notAmong(part)
			}
			if !slices.Contains(given.Choices, option) {
				given.Choices = append(given.Choices, option)
			}
		}
	case Scale, Number:
		number, _, _ := strings.Cut(cell, ",") // a step may have its words behind it
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(number, ".0")), 10, 64)
		if given.Number = &n; err != nil {
			return fmt.Sprintf("“%s” is no whole number.", cell)
		}
	case Date:
		day, _, _ := strings.Cut(cell, "T")
		given.Text = dayTyped(day)
	default:
		given.Text = cell
	}
	return ""
}

func notAmong(cell string) string { return fmt.Sprintf("“%s” is none of its answers.", cell) }

// optionOf finds an option by its code, or by its words.
func (q FormQuestion) optionOf(cell string) (id int64, known bool) {
	for _, o := range q.Options {
		if strings.EqualFold(o.Code, cell) || plainLetters(o.Label) == plainLetters(cell) && plainLetters(cell) != "" {
			return o.ID, true
		}
	}
	return 0, false
}

func yesOrNo(cell string) (yes, known bool) {
	switch strings.ToLower(cell) {
	case "1", "yes", "y", "true", "x":
		return true, true
	case "0", "no", "n", "false":
		return false, true
	}
	return false, false
}

// check says what is wrong with answers together. As on paper, no question must be answered, and what was written beside
// "other" ticks it.
func (r *intakeReader) check(answers Answers) (wrong []string) {
	for _, q := range r.form.questions() {
		given, there := answers[q.ID]
		if !there {
			continue
		}
		var problems fault.Fields
		q.say, q.Required = nil, false
		other := slices.IndexFunc(q.Options, func(o FormChoice) bool { return o.Special == OtherSpecial })
		if given.Other != "" && other >= 0 && !slices.Contains(given.Choices, q.Options[other].ID) {
			given.Choices = append(given.Choices, q.Options[other].ID)
			answers[q.ID] = given
		}
		checked := given
		if other >= 0 && given.Other == "" && slices.Contains(given.Choices, q.Options[other].ID) {
			checked.Other = "-" // nobody said what
		}
		switch q.Kind {
		case Grid:
			q.fromPaper(given, &problems)
		case Recontact:
			q.checkChoices(checked, &problems)
		default:
			q.Check(checked, &problems)
		}
		for _, p := range problems {
			wrong = append(wrong, fmt.Sprintf("Question %d (%s): %s.", r.numbers[q.ID], q.Words.Title, p.Message))
		}
	}
	return wrong
}

// name gives the answer of a row its name: the one that it has elsewhere, or one that is made of what it says, so that the
// same file brings nothing in twice. Of an anonymous survey only a digest is kept.
func (r *intakeReader) name(w *wished, named bool, line int, cells []string) (reason string) {
	switch {
	case named && w.outside == "":
		return "It has no name in the column that says what the answer is called elsewhere."
	case !named:
		text := strings.Join(cells, "\x1f")
		r.alike[text]++
		w.outside = "row " + digest(text, strconv.Itoa(r.alike[text]))
	}
	if before, twice := r.seen[w.outside]; twice {
		return fmt.Sprintf("Line %d has the same name, “%s”.", before, w.outside)
	}
	r.seen[w.outside] = line
	return ""
}

// stored is the name as it is kept with a response.
func (r *intakeReader) stored(outside string) string {
	if r.form.Survey.Anonymous {
		return digest(strconv.FormatInt(r.form.Survey.ID, 10), outside)
	}
	return outside
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1e")))
	return hex.EncodeToString(sum[:16])
}
