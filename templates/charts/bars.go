// Package charts draws numbers as SVG on the server: plain bars, each with its words and its number, so that nobody needs to
// see colour or run script. Stand a table with the same numbers beside them.
package charts

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// BarsParams is a chart of horizontal bars in groups.
type BarsParams struct {
	ID     string // of the element, and the beginning of the ids of its parts; unique in the page
	Title  string // what the chart shows, for those who hear it
	Groups []Group
}

// Group is bars that belong together; its title may be empty.
type Group struct {
	Title string
	Bars  []Bar
}

// Bar is one bar. Share is its length, from 0 to 1; Value is the number as it is written behind it.
type Bar struct {
	Label, Value string
	Share        float64
}

// The measures of a chart, in the units of its drawing: at 390 pixels one is about one pixel.
const (
	width        = 360
	lineHeight   = 18
	barHeight    = 16
	barGap       = 10
	groupGap     = 10
	valueWidth   = 96
	lettersALine = 46
)

// drawn is a part of the chart with its place.
type drawn struct {
	Lines  []string // of words above a bar, or of a group's title
	Bold   bool
	Top    int     // of the first line's ground
	BarTop int     // 0 is no bar
	Long   float64 // of the bar
	Value  string
}

func (p BarsParams) drawing() (parts []drawn, height int) {
	for i, g := range p.Groups {
		if g.Title != "" {
			if i > 0 {
				height += groupGap
			}
			d := drawn{Lines: wrapped(g.Title), Bold: true, Top: height + lineHeight - 4}
			height += len(d.Lines) * lineHeight
			parts = append(parts, d)
		}
		for _, b := range g.Bars {
			d := drawn{Lines: wrapped(b.Label), Top: height + lineHeight - 4, Long: max(0, min(1, b.Share)) * (width - valueWidth), Value: b.Value}
			height += len(d.Lines) * lineHeight
			d.BarTop = height + 2
			height += barHeight + barGap
			parts = append(parts, d)
		}
	}
	return parts, height
}

// wrapped breaks words into lines that fit.
func wrapped(text string) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lettersALine:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

func place(n int) string { return fmt.Sprint(n) }

func length(x float64) string { return fmt.Sprintf("%.1f", x) }
