package feedback

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"conversations/app/fault"
)

// Tones are what a comment can sound like, in the order in which they are offered.
func Tones() []string { return []string{"positive", "negative", "mixed", "neutral"} }

// Mark is a theme that a coder found in a comment: in all of it, or in a part.
type Mark struct {
	ThemeID int64 `json:"theme"`
	StartAt int   `json:"start,omitempty"` // in characters of the text as redacted; 0 to 0 is the whole
	EndAt   int   `json:"end,omitempty"`
	Place   int   `json:"place,omitempty"` // which suggestion it was, from 1; 0 is none
}

// coded is how a reading stands: what a step of coding keeps of before and after. It holds no words.
type coded struct {
	Verdict  Verdict `json:"verdict,omitempty"`
	Tone     string  `json:"tone,omitempty"`
	Quotable bool    `json:"quotable,omitempty"`
	Redacted int     `json:"redacted,omitempty"` // of the text that the parts were marked in
	Marks    []Mark  `json:"marks,omitempty"`
}

// CodingForm is how a coder codes a comment.
type CodingForm struct {
	Verdict      string   `form:"verdict"`       // coded, none, undecided
	Themes       []string `form:"theme"`         // ids
	Parts        []string `form:"part"`          // "12:5:20": theme, and from which character to which its words stand
	ExcerptTheme string   `form:"excerpt_theme"` // the same by typing: the id of a theme
	Excerpt      string   `form:"excerpt"`       // and words that stand in the comment
	Tone         string   `form:"tone"`
	Quotable     bool     `form:"quotable"`
	Version      int      `form:"version"`  // of the reading that was in view; 0 is none
	Redacted     int      `form:"redacted"` // of the text that was in view
	Offered      string   `form:"offered"`  // the suggestions that were in view, the best first: ids with commas between
}

// marks gives the themes that were chosen, each part by itself, in the order of their ids.
func (f CodingForm) marks(problems *fault.Fields) (marks []Mark) {
	offered := f.offered()
	parted := map[int64]bool{}
	add := func(m Mark) {
		m.Place = slices.Index(offered, m.ThemeID) + 1
		marks = append(marks, m)
	}
	for _, part := range f.Parts {
		var m Mark
		fields := strings.Split(part, ":")
		if len(fields) == 3 {
			m.ThemeID, _ = strconv.ParseInt(fields[0], 10, 64)
			m.StartAt, _ = strconv.Atoi(fields[1])
			m.EndAt, _ = strconv.Atoi(fields[2])
		}
		if m.ThemeID <= 0 || m.StartAt < 0 || m.EndAt <= m.StartAt {
			problems.Add("part", "Mark the words again")
			continue
		}
		parted[m.ThemeID] = true
		add(m)
	}
	for _, text := range f.Themes {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id <= 0 {
			problems.Add("theme", "Choose themes from the list")
			continue
		}
		if !parted[id] {
			add(Mark{ThemeID: id})
		}
	}
	return sorted(marks)
}

// offered are the suggestions that were in view.
func (f CodingForm) offered() (ids []int64) {
	for text := range strings.SplitSeq(f.Offered, ",") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && len(ids) < shownSuggestions {
			ids = append(ids, id)
		}
	}
	return ids
}

func sorted(marks []Mark) []Mark {
	slices.SortFunc(marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.ThemeID, b.ThemeID), cmp.Compare(a.StartAt, b.StartAt), cmp.Compare(a.EndAt, b.EndAt))
	})
	return slices.CompactFunc(marks, func(a, b Mark) bool { return a.same(b) })
}

// same says whether two marks are of one theme at one place.
func (m Mark) same(other Mark) bool {
	return m.ThemeID == other.ThemeID && m.StartAt == other.StartAt && m.EndAt == other.EndAt
}

// wish is what the form asks for, checked against the comment's words. The error is an Invalid fault with a message at
// each field.
func (f CodingForm) wish(c Comment) (coded, error) {
	var problems fault.Fields
	w := coded{Verdict: Verdict(f.Verdict), Tone: f.Tone, Quotable: f.Quotable, Redacted: c.Redacted, Marks: f.marks(&problems)}
	if f.Tone != "" && !slices.Contains(Tones(), f.Tone) {
		problems.Add("tone", "Choose a tone from the list")
	}
	w.excerpt(f, c, &problems)
	switch w.Verdict {
	case Coded:
		if len(w.Marks) == 0 && !problems.Has("theme") && !problems.Has("excerpt") {
			problems.Add("theme", "Tick at least one theme, or say that none of them fits")
		}
	case NoneFits, Undecided:
		if len(w.Marks) > 0 {
			problems.Add("verdict", "You ticked themes, so say that they fit, or untick them")
		}
	case TakenBack:
		problems.Add("verdict", "Say whether themes fit")
	default:
		problems.Add("verdict", "Say whether themes fit")
	}
	letters := utf8.RuneCountInString(c.Text)
	if slices.ContainsFunc(w.Marks, func(m Mark) bool { return m.EndAt > letters }) {
		problems.Add("part", "Mark the words again: the comment is shorter than that")
	}
	return w, problems.Err()
}

// excerpt adds the part that was typed.
func (w *coded) excerpt(f CodingForm, c Comment, problems *fault.Fields) {
	if f.Excerpt == "" {
		return
	}
	id, err := strconv.ParseInt(f.ExcerptTheme, 10, 64)
	if err != nil || id <= 0 {
		problems.Add("excerpt_theme", "Choose the theme that these words show")
		return
	}
	// In a form words stand on one line; in the comment a line may end between them.
	at := strings.Index(oneLine(c.Text), oneLine(f.Excerpt))
	if at < 0 {
		problems.Add("excerpt", "Copy the words exactly as they stand in the comment")
		return
	}
	start := utf8.RuneCountInString(oneLine(c.Text)[:at])
	part := Mark{ThemeID: id, StartAt: start, EndAt: start + utf8.RuneCountInString(f.Excerpt), Place: slices.Index(f.offered(), id) + 1}
	whole := func(m Mark) bool { return m.ThemeID == id && m.EndAt == 0 }
	w.Marks = sorted(append(slices.DeleteFunc(w.Marks, whole), part))
}

// oneLine keeps every character in its place.
func oneLine(text string) string { return strings.NewReplacer("\n", " ", "\t", " ").Replace(text) }

// themes are the ids of a reading's themes, each once.
func (w coded) themes() (ids []int64) {
	for _, m := range w.Marks {
		ids = append(ids, m.ThemeID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// landed is a reading with its themes as they are by now.
func (w coded) landed(on map[int64]Landing) coded {
	moved := make([]Mark, len(w.Marks))
	for i, m := range w.Marks {
		m.ThemeID = on[m.ThemeID].Theme.ID
		moved[i] = m
	}
	w.Marks = sorted(moved)
	return w
}

// equal says whether two readings say the same. Which suggestion a theme was does not matter.
func (w coded) equal(other coded) bool {
	return w.Verdict == other.Verdict && w.Tone == other.Tone && w.Quotable == other.Quotable && slices.EqualFunc(w.Marks, other.Marks, Mark.same)
}

// agrees says whether two coders gave a comment the same themes.
func (w coded) agrees(other coded) bool {
	return w.Verdict == other.Verdict && w.Verdict != Undecided && slices.Equal(w.themes(), other.themes())
}
