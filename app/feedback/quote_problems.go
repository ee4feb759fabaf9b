package feedback

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// QuotationProblems says which words of a text stand in quotation marks though they are no locked quotation, a sentence for
// each: whoever writes may choose which words are quoted, and may not change them. Locked are the words of the quotations that
// may be shown. A locked quotation must be whole; how its spaces and lines are broken does not matter.
func QuotationProblems(text string, locked []string) (problems []string) {
	known := make([]string, len(locked))
	for i, words := range locked {
		known[i] = spaced(words)
	}
	for _, words := range inQuotationMarks(text, known) {
		problems = append(problems, fmt.Sprintf("“%s” stands in quotation marks, but it is no chosen quote. Say it in your own words without quotation marks, or choose the quote on the comment’s page", beginning(words)))
	}
	return problems
}

// spaced is a text with single spaces and plain apostrophes.
func spaced(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("’", "'", "‘", "'").Replace(text)), " ")
}

// beginning is the beginning of words, for a message.
func beginning(words string) string {
	const most = 60
	letters := []rune(spaced(words))
	if len(letters) <= most {
		return string(letters)
	}
	return string(letters[:most]) + "…"
}

// inQuotationMarks finds what stands in quotation marks of any kind and is not known: double, single, of other languages, or as
// in Markdown a line that begins with >. An apostrophe within a word or at its end is none. A mark that is never closed goes
// to the end of its paragraph.
func inQuotationMarks(text string, known []string) (found []string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		found = append(found, quotedIn([]rune(spaced(paragraph)), known)...)
	}
	for line := range strings.Lines(text) {
		words, is := strings.CutPrefix(strings.TrimSpace(line), ">")
		if words = spaced(words); is && words != "" {
			found = append(found, words)
		}
	}
	return found
}

// closing are the marks that end what each mark begins.
var closing = map[rune]string{'"': `"”“`, '“': `”"“`, '”': `”"“`, '„': `“”"`, '«': "»", '»': "«", '‹': "›", '＂': "＂", '‟': `”"`, '‘': "’'", '\'': "'’", '`': "`'’", '′': "′", '″': "″", '「': "」", '『': "』"}

func quotedIn(letters []rune, known []string) (found []string) {
	for i := 0; i < len(letters); i++ {
		ends, begins := closing[letters[i]]
		if !begins || single(letters[i]) && (inWord(letters, i-1) || !inWord(letters, i+1)) {
			continue
		}
		if length := knownLength(letters[i+1:], ends, known); length > 0 {
			i += length
			continue
		}
		end := i + 1
		for end < len(letters) && !(strings.ContainsRune(ends, letters[end]) && !(single(letters[i]) && inWord(letters, end+1))) {
			end++
		}
		if end == len(letters) && single(letters[i]) {
			continue // 'tis no quotation
		}
		if words := strings.TrimSpace(string(letters[i+1 : end])); words != "" {
			found = append(found, words)
		}
		i = end
	}
	return found
}

// knownLength is how many letters a known quotation has with its closing mark, where one stands here; else 0. Known
// quotations may have quotation marks of their own inside.
func knownLength(letters []rune, ends string, known []string) int {
	for _, words := range known {
		quote := []rune(words)
		if n := len(quote); n > 0 && n < len(letters) && slices.Equal(letters[:n], quote) && strings.ContainsRune(ends, letters[n]) {
			return n + 1
		}
	}
	return 0
}

// single says whether a mark is also an apostrophe.
func single(mark rune) bool { return strings.ContainsRune("‘'’`′", mark) }

func inWord(letters []rune, i int) bool {
	return i >= 0 && i < len(letters) && (unicode.IsLetter(letters[i]) || unicode.IsDigit(letters[i]))
}
