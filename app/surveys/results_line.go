package surveys

import (
	"bytes"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"conversations/app/database"
)

// The line of a response is its closed answers as counting needs them, tokens with a space between: c12 is an option
// that was chosen, r3:44 the option of a row of a grid, n7:5 a number or a step, w7 that something was written, u7 that
// the answer on paper cannot be read. It stands in the response, so one reading of the responses counts everything, and
// nothing is counted that several people would have to change at once.
const (
	chosenToken     = 'c'
	rowToken        = 'r'
	numberToken     = 'n'
	writtenToken    = 'w'
	unreadableToken = 'u'
)

// lineOf writes rows of one response, in the order of their questions, on a line.
func lineOf(rows []Answer) string {
	var b []byte
	put := func(kind byte, numbers ...int64) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(b, kind)
		for i, n := range numbers {
			if i > 0 {
				b = append(b, ':')
			}
			b = strconv.AppendInt(b, n, 10)
		}
	}
	for _, a := range rows {
		switch {
		case a.Unreadable:
			put(unreadableToken, a.QuestionID)
			continue
		case a.RowID != 0:
			put(rowToken, a.RowID, a.ChoiceID)
		case a.ChoiceID != 0:
			put(chosenToken, a.ChoiceID)
		case a.Number != nil:
			put(numberToken, a.QuestionID, *a.Number)
		}
		if a.Text != "" {
			put(writtenToken, a.QuestionID)
		}
	}
	return string(b)
}

// readLine calls f with each token of a line; second is 0 where a token has one number.
func readLine(line []byte, f func(kind byte, first, second int64)) {
	for len(line) > 0 {
		kind, at := line[0], 1
		var numbers [2]int64
		for i := range numbers {
			numbers[i], at = readNumber(line, at)
			if at >= len(line) || line[at] != ':' {
				break
			}
			at++
		}
		f(kind, numbers[0], numbers[1])
		line = line[min(at+1, len(line)):] // past the space
	}
}

func readNumber(line []byte, at int) (n int64, next int) {
	negative := at < len(line) && line[at] == '-'
	if negative {
		at++
	}
	for ; at < len(line) && line[at] >= '0' && line[at] <= '9'; at++ {
		n = n*10 + int64(line[at]-'0')
	}
	if negative {
		n = -n
	}
	return n, at
}

// writeLine brings the line of a response up to date with its answers.
func writeLine(tx *database.Tx, responseID int64) error {
	line, err := lineFrom(tx.DB, responseID)
	if err != nil {
		return err
	}
	if err := tx.Exec("UPDATE survey_responses SET chosen = ? WHERE id = ?", line, responseID).Error; err != nil {
		return fmt.Errorf("write the line of response %d: %w", responseID, err)
	}
	return nil
}

func lineFrom(read *gorm.DB, responseID int64) (string, error) {
	var rows []Answer
	err := read.Raw("SELECT * FROM survey_answers WHERE response_id = ? ORDER BY question_id, row_id, choice_id", responseID).Scan(&rows).Error
	if err != nil {
		return "", fmt.Errorf("read the answers of response %d: %w", responseID, err)
	}
	return lineOf(rows), nil
}

// linesAtOnce is how many responses are read in one go: few queries, and little memory however many have answered.
const linesAtOnce = 5_000

// eachResponse reads the lines of the responses that a filter leaves, with their locality, event or channel before them where
// one is asked for ("dacorum c12 …"); "" is none. The bytes are only good during the call. Answers that come in meanwhile are
// counted whole or not at all.
func eachResponse(read *gorm.DB, where string, args []any, place string, f func(line []byte)) error {
	what := map[string]string{"": "chosen", byLocality: "locality || ' ' || chosen", byEvent: "coalesce(event_id, 0) || ' ' || chosen", byChannel: "channel || ' ' || chosen"}[place]
	text := "SELECT string_agg(line, '\n'), max(id), count(*) FROM (SELECT id, " + what + " AS line FROM survey_responses WHERE " + where + " AND id > ? ORDER BY id LIMIT ?) AS taken"
	var last int64
	for {
		var lines []byte
		var id *int64
		var n int
		if err := read.Raw(text, append(append([]any{}, args...), last, linesAtOnce)...).Row().Scan(&lines, &id, &n); err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		if n == 0 {
			return nil
		}
		for range n {
			line, rest, _ := bytes.Cut(lines, []byte{'\n'})
			f(line)
			lines = rest
		}
		if n < linesAtOnce {
			return nil
		}
		last = *id
	}
}
