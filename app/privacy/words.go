package privacy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"conversations/app/database"
)

// code is what a text must look like to be the program's own word and not a person's: booking.create, en-GB, step-free.
var code = regexp.MustCompile(`^[a-z0-9][a-z0-9_.:/-]{0,39}$`)

// gone stands where a person's words were.
const gone = "(erased)"

// scrub takes the words out of a JSON column of rows; ids, counts and codes stay.
func scrub(tx *database.Tx, t table, column string, keys []any) error {
	records, err := database.Records(tx.DB, `SELECT `+t.key+` AS row_key, `+column+` FROM `+t.Name+` WHERE `+t.key+` IN ?`, keys)
	if err != nil {
		return fmt.Errorf("read %s of %s: %w", column, t.Name, err)
	}
	for _, r := range records {
		before, _ := r[column].(string)
		after := withoutWords(before)
		if after == before {
			continue
		}
		if err := tx.Exec(`UPDATE `+t.Name+` SET `+column+` = ? WHERE `+t.key+` = ?`, after, r["row_key"]).Error; err != nil {
			return fmt.Errorf("take the words out of %s: %w", t.Name, err)
		}
	}
	return nil
}

// withoutWords is a JSON text without what people wrote; {} where it cannot be read.
func withoutWords(text string) string {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return "{}"
	}
	out, err := json.Marshal(withoutWordsIn(value))
	if err != nil {
		return "{}"
	}
	return string(out)
}

func withoutWordsIn(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = withoutWordsIn(v[key])
		}
	case []any:
		for i := range v {
			v[i] = withoutWordsIn(v[i])
		}
	case string:
		if v != "" && !code.MatchString(v) {
			return gone
		}
	}
	return value
}

// plainWords is a text for reading: of JSON what is said in it, line by line. The whole is in the export for programs.
func plainWords(text string) string {
	var value any
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	var lines []string
	collect(value, &lines)
	return strings.Join(lines, "\n")
}

func collect(value any, lines *[]string) {
	switch v := value.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			switch of := v[name].(type) {
			case map[string]any, []any:
				if name != "calendar" { // the same once more, for machines
					collect(of, lines)
				}
			default:
				if name == "text" || name == "href" {
					collect(of, lines)
				} else if of != nil && name != "kind" {
					*lines = append(*lines, fmt.Sprintf("%s: %v", name, of))
				}
			}
		}
	case []any:
		for _, one := range v {
			collect(one, lines)
		}
	case nil:
	default:
		*lines = append(*lines, fmt.Sprint(v))
	}
}

// marshal is JSON for people to read as well: indented, and < stays <.
func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(value)
	return out.Bytes(), err
}
