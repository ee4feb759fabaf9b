package surveys

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	pages "conversations/templates/surveys"
)

// answerKeys choose answers in their order; 0 is "cannot read".
const answerKeys = "123456789abcdefghijklmnopqrstuvwxyz"

const cannotReadKey = "0"

// entryView is the page on which a form is entered; a second time without what is entered once only.
func (s *Service) entryView(form Form, b BatchLine, answers Answers, second bool) pages.EntryView {
	v := pages.EntryView{Title: form.Words.Title, Batch: b.title(), BackHref: batchPath(b.Batch), Language: form.Survey.LanguageList()[0]}
	if len(form.Survey.LanguageList()) > 1 {
		for _, code := range form.Survey.LanguageList() {
			v.Languages = append(v.Languages, pages.Choice{Value: code, Text: nameForStaff(code)})
		}
	}
	n := form.numbered()
	for i, section := range form.Sections {
		e := pages.EntrySection{Title: section.Words.Title, Only: n.onlyWords(i)}
		for _, q := range section.Questions {
			if second && enteredOnce(q) {
				continue
			}
			items := q.entryItems(n.numbers[q.ID], answers[q.ID])
			if q.Kind == Recontact && !second {
				items[0].Extra = q.contactFields(answers[q.ID].Contact)
			}
			if asked, there := form.Question(section.IfQuestion); there {
				for at := range items {
					items[at].IfName, items[at].IfValue, items[at].IfNot = asked.Field(), strconv.FormatInt(section.IfChoice, 10), section.IfNot
				}
			}
			e.Items = append(e.Items, items...)
		}
		v.Sections = append(v.Sections, e)
	}
	return v
}

// entryItems are a question as it is entered: a grid row by row.
func (q FormQuestion) entryItems(number int, given Given) []pages.EntryItem {
	item := pages.EntryItem{Number: strconv.Itoa(number), Kind: "one", Name: q.Field(), Label: q.Words.Title}
	switch q.Kind {
	case Grid:
		return q.gridItems(item, given)
	case OneOf, YesNo, Recontact, QuoteOK, SeveralOf:
		if q.Kind == SeveralOf {
			item.Kind = "several"
		}
		for i, o := range q.Options {
			other := o.Special == OtherSpecial
			if other {
				item.OtherName, item.Other = q.OtherField(), given.Other
			}
			item.Keys = append(item.Keys, pages.EntryKey{Key: answerKey(i), Value: strconv.FormatInt(o.ID, 10), Label: o.Label, Chosen: slices.Contains(given.Choices, o.ID), Other: other})
		}
		item.Keys = append(item.Keys, unreadKey(given.Unreadable))
	case Scale:
		for n := 1; n <= q.Limits.Steps; n++ {
			item.Keys = append(item.Keys, pages.EntryKey{Key: answerKey(n - 1), Value: strconv.Itoa(n), Label: q.stepWords(n), Chosen: given.Number != nil && *given.Number == int64(n)})
		}
		item.Keys = append(item.Keys, unreadKey(given.Unreadable))
	default:
		q.textItem(&item, given)
	}
	return []pages.EntryItem{item}
}

// contactFields are those for how to reach somebody.
func (q FormQuestion) contactFields(c Contact) []pages.EntryField {
	return []pages.EntryField{{Name: q.nameField(), Label: "Their name", Value: c.Name}, {Name: q.emailField(), Label: "Their email address", Value: c.Email},
		{Name: q.phoneField(), Label: "Their telephone number", Value: c.Phone}}
}

// stepWords are what stands at a step of a scale beside its key, which is its number up to 9.
func (q FormQuestion) stepWords(n int) string {
	switch {
	case n == 1:
		return q.Words.Low
	case n == q.Limits.Steps && n <= 9:
		return q.Words.High
	case n > 9:
		return q.stepLabel(n)
	}
	return ""
}

func (q FormQuestion) gridItems(item pages.EntryItem, given Given) (items []pages.EntryItem) {
	for i, row := range q.Rows {
		one := item
		one.Number, one.Name, one.Row = fmt.Sprintf("%s%c", item.Number, 'a'+rune(i%26)), q.RowField(row.ID), row.Label
		chosen, answered := given.Rows[row.ID]
		for at, o := range q.Options {
			one.Keys = append(one.Keys, pages.EntryKey{Key: answerKey(at), Value: strconv.FormatInt(o.ID, 10), Label: o.Label, Chosen: answered && chosen == o.ID})
		}
		one.Keys = append(one.Keys, unreadKey(given.Unreadable || answered && chosen == unreadableRow))
		items = append(items, one)
	}
	return items
}

func (q FormQuestion) textItem(item *pages.EntryItem, given Given) {
	item.Kind, item.Value = "text", given.Text
	switch q.Kind {
	case LongText:
		item.Kind = "lines"
	case Date:
		item.Hint = "Such as 28 2 2017"
		if day, err := time.Parse(time.DateOnly, given.Text); err == nil {
			item.Value = day.Format("2 1 2006")
		}
	case Postcode:
		item.Hint = "Only its first part is kept"
	}
	if given.Number != nil {
		item.Value = strconv.FormatInt(*given.Number, 10)
	}
	if given.Unreadable {
		item.Value = cannotReadSign
	}
}

// answerKey is the key of the answer at a place; "" where there are more answers than keys.
func answerKey(at int) string {
	if at >= len(answerKeys) {
		return ""
	}
	return answerKeys[at : at+1]
}

func unreadKey(chosen bool) pages.EntryKey {
	return pages.EntryKey{Key: cannotReadKey, Value: cannotRead, Label: "Cannot read", Chosen: chosen}
}
