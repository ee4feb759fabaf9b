package mail

import (
	"slices"
	"strings"
)

// What a letter to many may have in any of its texts and links, save for the subject: each recipient's own value
// stands there. The letters around the words are for private use in Unicode, so nobody types them.
const (
	NameField        = fieldBegin + "name" + fieldEnd        // the recipient's name, or NewMailing.Nameless
	UnsubscribeField = fieldBegin + "unsubscribe" + fieldEnd // the address at which the recipient ends these letters
	PreferencesField = fieldBegin + "preferences" + fieldEnd // the address at which the recipient chooses what comes
	PersonalField    = fieldBegin + "personal" + fieldEnd    // Recipient.Personal
)

const (
	fieldBegin = "\uE000"
	fieldEnd   = "\uE001"
)

// allFields are the fields in the order of values.
var allFields = []string{NameField, UnsubscribeField, PreferencesField, PersonalField}

// Values are what stands in the place of the fields.
type Values struct {
	Name        string
	Unsubscribe string // an absolute address
	Preferences string // an absolute address
	Personal    string
}

// list is the values in the order of allFields.
func (v Values) list() [4]string {
	return [4]string{v.Name, v.Unsubscribe, v.Preferences, v.Personal}
}

// Filled gives blocks with the values in the place of the fields: for a preview, and for a test that is sent as a
// single mail.
func Filled(blocks []Block, v Values) []Block {
	var pairs []string
	for i, value := range v.list() {
		pairs = append(pairs, allFields[i], value)
	}
	fill := strings.NewReplacer(pairs...).Replace
	out := slices.Clone(blocks)
	for i := range out {
		out[i] = out[i].mapped(fill)
	}
	return out
}

// HasFields says whether a field stands in a text.
func HasFields(text string) bool { return strings.Contains(text, fieldBegin) }

// mapped is the block with f applied to each of its texts.
func (b Block) mapped(f func(string) string) Block {
	b.Text, b.Href, b.Src, b.Alt = f(b.Text), f(b.Href), f(b.Src), f(b.Alt)
	b.Spans = mappedSpans(b.Spans, f)
	b.Items = slices.Clone(b.Items)
	for i := range b.Items {
		b.Items[i] = f(b.Items[i])
	}
	b.ItemSpans = slices.Clone(b.ItemSpans)
	for i := range b.ItemSpans {
		b.ItemSpans[i] = mappedSpans(b.ItemSpans[i], f)
	}
	b.Rows = slices.Clone(b.Rows)
	for i, row := range b.Rows {
		b.Rows[i] = [2]string{f(row[0]), f(row[1])}
	}
	return b
}

func mappedSpans(spans []Span, f func(string) string) []Span {
	spans = slices.Clone(spans)
	for i := range spans {
		spans[i].Text, spans[i].Href = f(spans[i].Text), f(spans[i].Href)
	}
	return spans
}
