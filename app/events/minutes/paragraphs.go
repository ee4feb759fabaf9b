package minutes

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraph is what belongs together: a bullet point, a numbered item, or lines without an empty one between.
type paragraph struct {
	text   string
	bullet bool // it had a mark such as • or 1.
	marked bool // the mark was no number, so it is an item of a list and no heading
}

var (
	symbols     = `[•·●▪◦‣⁃∙■□✓➢►\x{f0b7}\x{f0a7}]`
	symbolMark  = regexp.MustCompile(`^(?:` + symbols + `+\s*|[*–—-]+\s+|o\s+)`)
	loneMark    = regexp.MustCompile(`^(?:` + symbols + `|[*–—-]|o)$`)
	numberMark  = regexp.MustCompile(`^(?:\(?\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+`)
	wrapsFrom   = 50 // characters: a shorter line was ended on purpose
	unprintable = strings.NewReplacer("\u00a0", " ", "\u200b", "", "\ufeff", "", "\r", "", "\u2028", "\n", "\u2029", "\n")
)

// paragraphs reads a text as people paste it: from a word processor, a web page or an email with broken lines.
func paragraphs(text string) (list []paragraph) {
	joins, pending, last := false, false, ""
	for line := range strings.SplitSeq(unprintable.Replace(text), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "":
			joins = false
			continue
		case loneMark.MatchString(line):
			pending, joins = true, false
			continue
		}
		p := marks(line)
		p.bullet, p.marked = p.bullet || pending, p.marked || pending
		if joins && !p.bullet && goesOn(last, p) {
			list[len(list)-1].text += " " + p.text
		} else if p.text != "" {
			list = append(list, p)
		}
		joins, pending, last = len(list) > 0, false, line
	}
	return list
}

func marks(line string) paragraph {
	if mark := symbolMark.FindString(line); mark != "" {
		return paragraph{text: line[len(mark):], bullet: true, marked: true}
	}
	if mark := numberMark.FindString(line); mark != "" {
		return paragraph{text: line[len(mark):], bullet: true}
	}
	return paragraph{text: line}
}

// goesOn says whether a line is the rest of the one above it, which was too long for its page.
func goesOn(above string, p paragraph) bool {
	if _, _, heading := headingOf(p); heading {
		return false
	}
	if _, ok := labelled(p.text); ok {
		return false
	}
	first, _ := utf8.DecodeRuneInString(p.text)
	ended := strings.ContainsAny(above[len(above)-1:], ".?!:;")
	return !ended && (unicode.IsLower(first) || utf8.RuneCountInString(above) >= wrapsFrom)
}
