package bookings

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/contacts"
)

// Bounds of one search, whatever is typed.
const (
	searchWords  = 5  // of the text; more tell nothing new
	nearestWords = 40 // spellings that one word may stand for
)

// lastLetter comes after every letter that a word can hold.
const lastLetter = "\U0010ffff"

// addText narrows a list to what fits a text. Figures are a telephone number, from its start or its end; a text with @ is an
// address, or its beginning; all else is a reference, or names: each word fits a name that begins with it, sounds like
// it or is a slip of the pen away. The nearest come first.
func (s *Service) addText(ctx context.Context, q *listQuery, text string) error {
	text = strings.TrimSpace(text)
	number := digits(text)
	switch {
	case text == "":
		return nil
	case number != noNumber:
		q.add(inWords(begins, begins), append(span(phoneMark+number), span(phoneEnding+reversed(number))...)...)
		return nil
	case strings.Contains(text, "@"):
		q.add(inWords(begins), span(emailMark+strings.ToLower(text))...)
		return nil
	}
	known, err := s.isReference(ctx, text)
	if err != nil {
		return err
	}
	if known {
		q.add("b.reference = ?", ReadReference(text))
		return nil
	}
	words := strings.Fields(contacts.NameKey(text))
	if len(words) == 0 {
		q.add("1 = 0") // no name has such signs
		return nil
	}
	words = words[:min(len(words), searchWords)]
	for _, word := range words {
		alike, err := s.alike(ctx, word)
		if err != nil {
			return err
		}
		q.add(inWords(begins, begins, isOne), append(append(span(word), span(emailMark+word)...), alike)...)
	}
	q.nearestFirst(words)
	return nil
}

// isReference says whether a text is the reference of a booking, and nothing besides.
func (s *Service) isReference(ctx context.Context, text string) (known bool, err error) {
	if letters(text) > referenceLetters+2 || len(ReadReference(text)) != referenceLetters {
		return false, nil
	}
	err = s.db.Read(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM bookings WHERE reference = ?)`, ReadReference(text)).Row().Scan(&known)
	return known, err
}

const (
	begins = "word >= ? AND word < ?"
	isOne  = "word IN ?"
)

// inWords chooses bookings by any of several conditions on their words, each answered from the index alone.
func inWords(conditions ...string) string {
	selects := make([]string, len(conditions))
	for i, c := range conditions {
		selects[i] = "SELECT booking_id FROM booking_words WHERE " + c
	}
	return "b.id IN (" + strings.Join(selects, " UNION ALL ") + ")"
}

// span are all words with a beginning.
func span(beginning string) []any { return []any{beginning, beginning + lastLetter} }

// alike lists what a word may have been written as: how it sounds, and names that are a slip away, the nearest first.
// Slips are looked for among the names with the same first two letters; a slip there mostly sounds the same.
func (s *Service) alike(ctx context.Context, word string) (words []string, err error) {
	words = []string{word}
	if heard := sound(word); heard != "" {
		words = append(words, soundMark+heard)
	}
	letters := []rune(word)
	allowed := slipsAllowed(len(letters))
	if allowed == 0 {
		return words, nil
	}
	var near []string
	args := append(span(string(letters[:2])), len(letters)-allowed, len(letters)+allowed)
	err = s.db.Read(ctx).Raw(`SELECT DISTINCT word FROM booking_words WHERE `+begins+` AND length(word) BETWEEN ? AND ?`, args...).Scan(&near).Error
	if err != nil {
		return nil, fmt.Errorf("look for names like the one typed: %w", err)
	}
	near = slices.DeleteFunc(near, func(other string) bool { return slips(word, other) > allowed })
	slices.SortStableFunc(near, func(a, b string) int { return slips(word, a) - slips(word, b) })
	return append(words, near[:min(len(near), nearestWords)]...), nil
}

// nearestFirst puts bookings first that have words which begin just as was typed.
func (q *listQuery) nearestFirst(words []string) {
	var ranks []string
	for _, word := range words {
		ranks = append(ranks, "CASE WHEN "+inWords(begins, begins)+" THEN 0 ELSE 1 END")
		q.orders = append(append(q.orders, span(word)...), span(emailMark+word)...)
	}
	q.order = strings.Join(ranks, " + ") + ", " + q.order
}
