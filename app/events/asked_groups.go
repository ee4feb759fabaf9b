package events

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// QuestionGroup is questions that are the same, nearly the same, or about the same: those that share words.
type QuestionGroup struct {
	Shared    []string // words that all of them share, as written in the first; none for a question on its own
	Questions []Asked  // in the chair's order
}

// Same says how many questions of the group are the same, word for word; 0 where all differ.
func (g QuestionGroup) Same() int {
	most, counts := 0, map[string]int{}
	for _, q := range g.Questions {
		text := strings.Join(wordsOf(q.Text), " ")
		counts[text]++
		most = max(most, counts[text])
	}
	if most < 2 {
		return 0
	}
	return most
}

const (
	sharedWords = 2    // at least, for two questions to stand together
	sharedPart  = 0.45 // of the words of the shorter one
)

// GroupQuestions puts questions that are alike together: a question joins the first group whose oldest question it is
// like. A group stands where the first of its questions does. It is a help for the eye and promises no more.
func GroupQuestions(list []Asked) (groups []QuestionGroup) {
	oldestFirst := slices.Clone(list)
	slices.SortStableFunc(oldestFirst, func(a, b Asked) int { return cmp.Compare(a.BookingID, b.BookingID) })
	for _, q := range oldestFirst {
		i := slices.IndexFunc(groups, func(g QuestionGroup) bool { return alike(g.Questions[0].Text, q.Text) })
		if i < 0 {
			groups = append(groups, QuestionGroup{Questions: []Asked{q}})
			continue
		}
		groups[i].Questions = append(groups[i].Questions, q)
	}
	place := map[int64]int{}
	for i, q := range list {
		place[q.BookingID] = i
	}
	byPlace := func(a, b Asked) int { return cmp.Compare(place[a.BookingID], place[b.BookingID]) }
	for i, g := range groups {
		groups[i].Shared = g.shared()
		slices.SortFunc(g.Questions, byPlace)
	}
	slices.SortFunc(groups, func(a, b QuestionGroup) int { return byPlace(a.Questions[0], b.Questions[0]) })
	return groups
}

// inChairsOrder sorts questions that have a place by it; the others follow as they are.
func inChairsOrder(list []Asked) []Asked {
	slices.SortStableFunc(list, func(a, b Asked) int {
		x, y := a.PanelQuestion.Position, b.PanelQuestion.Position
		if x == 0 || y == 0 {
			return cmp.Compare(y, x) // one with a place comes before one without
		}
		return cmp.Compare(x, y)
	})
	return list
}

func alike(a, b string) bool {
	if sameWords(a, b) {
		return true
	}
	x, y := stems(a), stems(b)
	both := 0
	for stem := range x {
		if _, ok := y[stem]; ok {
			both++
		}
	}
	shorter := min(len(x), len(y))
	return both >= sharedWords && float64(both) >= sharedPart*float64(shorter)
}

func (g QuestionGroup) shared() (words []string) {
	if len(g.Questions) < 2 {
		return nil
	}
	first := stems(g.Questions[0].Text)
	for _, word := range wordsOf(g.Questions[0].Text) {
		inAll := first[stemOf(word)] != "" && !slices.Contains(words, word)
		for _, q := range g.Questions[1:] {
			_, ok := stems(q.Text)[stemOf(word)]
			inAll = inAll && ok
		}
		if inAll {
			words = append(words, word)
		}
	}
	return words
}

// wordsOf gives the words of a text in small letters.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.NewReplacer("’", "", "'", "").Replace(text)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// stems gives the words that carry meaning, by their stem.
func stems(text string) map[string]string {
	out := map[string]string{}
	for _, word := range wordsOf(text) {
		if len(word) > 2 && !slices.Contains(commonWords, word) {
			out[stemOf(word)] = word
		}
	}
	return out
}

// stemOf takes common endings off, so that "parked", "parking" and "parks" are one.
func stemOf(word string) string {
	for _, ending := range []string{"ings", "ing", "ies", "ed", "es", "s", "e", "y"} {
		if cut, ok := strings.CutSuffix(word, ending); ok && len(cut) >= 3 {
			return cut
		}
	}
	return word
}

// commonWords say nothing of what a question is about.
var commonWords = strings.Fields(`about after again all also and any are because been before being between both but can could did does doing
	dont down for from further get going had happen happens has have having her here his how i if into is its just like more most need needs new not now of off
	once only other our out over own people please same she should so some such than that the their them then there these they this those through
	to too under until up us very was way we were what when where which while who whom why will with without would you your one make think know much many want`)
