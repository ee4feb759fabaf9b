package feedback

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	pages "conversations/templates/feedback"
)

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting)
}

func hidden(at screen) (list []pages.Pair) {
	for _, p := range []pages.Pair{{Name: "order", Value: at.Order}, {Name: "of", Value: at.Theme}, {Name: "locality", Value: at.Locality}} {
		if p.Value != "" {
			list = append(list, p)
		}
	}
	if at.Event != 0 {
		list = append(list, pages.Pair{Name: "event", Value: strconv.FormatInt(at.Event, 10)})
	}
	return list
}

// codingLinks lead between the pages of coding.
func codingLinks() []pages.Pair {
	return []pages.Pair{{Name: "Code comments", Value: codingHome}, {Name: "Many comments at once", Value: gridHome}, {Name: "Code a second time", Value: doubleHome},
		{Name: "Where two coders differ", Value: splitHome}, {Name: "How far coders agree", Value: agreeHome}, {Name: "How good suggestions are", Value: meterHome},
		{Name: "Comments that no theme fits", Value: newThemesHome}}
}

func waitingWords(n int) string {
	switch n {
	case 0:
		return "No comment waits to be coded."
	case 1:
		return "1 comment waits to be coded."
	}
	return fmt.Sprintf("%d comments wait to be coded.", n)
}

// commentCount is a number of comments in words.
func commentCount(n int) string {
	if n == 1 {
		return "1 comment"
	}
	return fmt.Sprintf("%d comments", n)
}

func (u Undone) words() string {
	text := fmt.Sprintf("Your last step is undone: comment %d is as it was before.", u.Comments[0])
	if len(u.Comments) > 1 {
		text = fmt.Sprintf("Your last step is undone: %d comments are as they were before.", len(u.Comments))
	}
	if u.Kept > 0 {
		text += fmt.Sprintf(" %d stay as they are, because somebody else has coded them since.", u.Kept)
	}
	return strings.Join(append([]string{text}, u.Notes...), " ")
}

func percent(share float64) int { return int(math.Round(100 * share)) }

// day is a day as it is read here.
func (s *Service) day(at time.Time) string { return at.In(s.Config.Zone()).Format("2 January 2006") }

// firstWords are the beginning of a text, for a list.
func firstWords(text string) string {
	const letters = 90
	runes := []rune(oneLine(text))
	if len(runes) <= letters {
		return string(runes)
	}
	cut := string(runes[:letters])
	if at := strings.LastIndex(cut, " "); at > 0 {
		cut = cut[:at]
	}
	return cut + "…"
}
