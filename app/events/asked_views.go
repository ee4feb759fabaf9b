package events

import (
	"fmt"
	"strconv"
	"strings"

	"conversations/app/events/minutes"
	pages "conversations/templates/events"
)

func (e Event) askedView(groups []QuestionGroup) pages.AskedView {
	v := pages.AskedView{Event: e.Title, Action: questionsPath(e.ID), BackHref: staffPath(e.ID)}
	for i, g := range groups {
		group := pages.AskedGroup{Title: g.title(v.Total + 1), Note: g.note(), Show: "group-" + strconv.Itoa(i)}
		if i > 0 {
			group.Up = "group-up-" + strconv.Itoa(i)
		}
		if i+1 < len(groups) {
			group.Down = "group-down-" + strconv.Itoa(i)
		}
		for j, q := range g.Questions {
			v.Total++
			one := e.askedQuestion(q)
			one.Number = v.Total
			if j > 0 {
				one.Up = fmt.Sprintf("up-%d", q.BookingID)
			}
			if j+1 < len(g.Questions) {
				one.Down = fmt.Sprintf("down-%d", q.BookingID)
			}
			group.Questions = append(group.Questions, one)
		}
		v.Groups = append(v.Groups, group)
	}
	return v
}

// title names a group; first is the number of its first question.
func (g QuestionGroup) title(first int) string {
	switch {
	case len(g.Questions) == 1:
		return fmt.Sprintf("Question %d, on its own", first)
	case len(g.Shared) == 0:
		return fmt.Sprintf("Questions %d to %d, which share words", first, first+len(g.Questions)-1)
	default:
		return fmt.Sprintf("Questions %d to %d share: %s", first, first+len(g.Questions)-1, strings.Join(g.Shared, ", "))
	}
}

func (g QuestionGroup) note() string {
	if same := g.Same(); same > 0 {
		return strconv.Itoa(same) + " of them are the same, word for word."
	}
	return ""
}

func (e Event) askedQuestion(q Asked) pages.AskedQuestion {
	v := pages.AskedQuestion{Text: lines(q.Text), Quote: "Use your own words. Do not quote.", Href: fmt.Sprintf("%s/%d", questionsPath(e.ID), q.BookingID)}
	if q.QuoteOK {
		v.Quote = "May be quoted."
	}
	switch {
	case q.PanelQuestion.TakenAt != nil:
		v.State = "Answered, in the record"
	case q.Answered():
		v.State = "Answered"
	}
	return v
}

// reordered gives the bookings in the order after one press: group-up-2, group-down-2, up-17, down-17. Show is the
// part of the address that leads to the group that was moved.
func reordered(groups []QuestionGroup, do string) (ids []int64, show string) {
	at := strings.LastIndex(do, "-")
	what, argument := do[:max(at, 0)], do[at+1:]
	n, _ := strconv.Atoi(argument)
	step := map[bool]int{true: -1, false: 1}[strings.HasSuffix(what, "up")]
	if strings.HasPrefix(what, "group-") {
		if n >= 0 && n < len(groups) && n+step >= 0 && n+step < len(groups) {
			groups[n], groups[n+step] = groups[n+step], groups[n]
			show = "#group-" + strconv.Itoa(n+step)
		}
	} else if what == "up" || what == "down" {
		show = swapped(groups, argument, step)
	}
	for _, g := range groups {
		for _, q := range g.Questions {
			ids = append(ids, q.BookingID)
		}
	}
	return ids, show
}

func swapped(groups []QuestionGroup, booking string, step int) string {
	for i, g := range groups {
		for j, q := range g.Questions {
			if strconv.FormatInt(q.BookingID, 10) == booking && j+step >= 0 && j+step < len(g.Questions) {
				g.Questions[j], g.Questions[j+step] = g.Questions[j+step], g.Questions[j]
				return "#group-" + strconv.Itoa(i)
			}
		}
	}
	return ""
}

func answerFormOf(q Asked) AnswerForm {
	f := AnswerForm{Words: q.PanelQuestion.Words, Role: q.PanelQuestion.Role, Answer: q.PanelQuestion.Answer, AnsweredBy: q.PanelQuestion.AnsweredBy}
	if f.Words == "" && q.QuoteOK {
		f.Words = q.Text
	}
	if f.Role == "" {
		f.Role = minutes.Public
	}
	return f
}

// answerView is the page on which a question is answered; the others of its group may have the same answer.
func (e Event) answerView(q Asked, groups []QuestionGroup, f AnswerForm) pages.AnswerFormView {
	v := pages.AnswerFormView{Event: e.Title, Action: fmt.Sprintf("%s/%d", questionsPath(e.ID), q.BookingID), BackHref: questionsPath(e.ID),
		Asked: lines(q.Text), QuoteOK: q.QuoteOK, Words: f.Words, Role: f.Role, Answer: f.Answer, AnsweredBy: f.AnsweredBy, Roles: roleChoices(),
		AlsoChosen: f.Also, Taken: q.PanelQuestion.TakenAt != nil, Take: f.Take == "yes"}
	for _, g := range groups {
		if _, err := find(g.Questions, q.BookingID); err != nil {
			continue
		}
		for _, other := range g.Questions {
			if other.BookingID != q.BookingID && !other.Answered() {
				v.Also = append(v.Also, pages.Choice{Value: strconv.FormatInt(other.BookingID, 10), Text: other.Text})
			}
		}
	}
	return v
}
