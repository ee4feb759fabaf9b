package feedback

import (
	"strings"
	"unicode"

	"conversations/app/database"
)

// Filter chooses comments; its zero value is all that count.
type Filter struct {
	Text      string // words to find, in any of their forms; "in quotes" as a phrase
	Source    Source
	Event     int64  // id
	Locality  string // slug, or Nowhere
	Service   string
	Theme     int64  // id: coded with it
	Coded     string // "yes", "no"
	Redaction Redaction
	Copies    int64 // a like_group, or AnyCopies
	Import    int64
	From, To  string // days on which it was said, both in
	Aside     string // "" those that count, "only" those set aside, "all"
	Sort      string // a key of commentOrders
	Page      int    // from 1
}

const (
	// Nowhere, as the Locality of a Filter, chooses comments that belong to no locality.
	Nowhere = "none"
	// AnyCopies, as the Copies of a Filter, chooses every comment that is one of several copies.
	AnyCopies int64 = -1
)

// where is a filter as SQL over comments c: conditions joined by AND, never empty.
func (s *Service) where(f Filter) (text string, args []any) {
	var list []string
	add := func(condition string, values ...any) { list, args = append(list, condition), append(args, values...) }
	switch f.Aside {
	case "all":
		add("TRUE")
	case "only":
		add("c.set_aside <> ''")
	default:
		add("c.set_aside = ''")
	}
	if f.Locality == Nowhere {
		add("c.locality = ''")
		f.Locality = ""
	}
	for _, is := range []struct{ column, value string }{{"c.source", string(f.Source)}, {"c.locality", f.Locality}, {"c.service", f.Service}, {"c.redaction", string(f.Redaction)}} {
		if is.value != "" {
			add(is.column+" = ?", is.value)
		}
	}
	for _, is := range []struct {
		condition string
		value     int64
	}{{"c.event_id = ?", f.Event}, {"c.import_id = ?", f.Import}, {"c.id IN (SELECT k.comment_id FROM codings k WHERE k.counts AND k.theme_id IN " + downwards + ")", f.Theme}} {
		if is.value != 0 {
			add(is.condition, is.value)
		}
	}
	switch {
	case f.Copies > 0:
		add("c.like_group = ?", f.Copies)
	case f.Copies == AnyCopies:
		add("c.like_group <> 0")
	}
	switch f.Coded {
	case "yes":
		add("EXISTS (SELECT 1 FROM comment_readings r WHERE r.comment_id = c.id AND r.counts)")
	case "no":
		add("NOT EXISTS (SELECT 1 FROM comment_readings r WHERE r.comment_id = c.id AND r.counts)")
	}
	if f.From != "" {
		add("c.said_on >= ?", f.From)
	}
	if f.To != "" {
		add("c.said_on <> '' AND c.said_on <= ?", f.To)
	}
	if strings.TrimSpace(f.Text) != "" {
		add(s.found(f.Text))
	}
	return strings.Join(list, " AND "), args
}

// found is the condition that a comment holds words.
func (s *Service) found(text string) (condition string, words any) {
	terms := termsOf(text)
	if len(terms) == 0 {
		return "? = ''", text // marks alone are in no comment
	}
	if s.DB.Dialect == database.Postgres {
		return "c.search @@ websearch_to_tsquery('english', ?)", quotedTerms(terms)
	}
	return "c.id IN (SELECT rowid FROM comments_search WHERE comments_search MATCH ?)", quotedTerms(terms)
}

// searchTerms bounds how many words and phrases one search has.
const searchTerms = 20

// termsOf are the words of a search, and its phrases in quotation marks, without any mark that a database would read.
func termsOf(text string) (terms []string) {
	text = strings.Map(func(r rune) rune {
		if r == '“' || r == '”' {
			return '"'
		}
		return r
	}, clean(text))
	for i, part := range strings.Split(text, `"`) {
		words := strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) })
		if len(words) == 0 {
			continue
		}
		if i%2 == 1 {
			terms = append(terms, strings.Join(words, " "))
			continue
		}
		terms = append(terms, words...)
	}
	return terms[:min(len(terms), searchTerms)]
}

// quotedTerms writes each term in quotation marks, so that nothing in it is an operator: all have to be there.
func quotedTerms(terms []string) string {
	return `"` + strings.Join(terms, `" "`) + `"`
}
