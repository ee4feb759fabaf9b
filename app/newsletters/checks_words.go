package newsletters

import (
	"regexp"
	"strings"
	"time"
)

// field is a text of the letter and the control in which it is written.
type field struct{ id, label, text string }

// fields are all texts of a letter, in order.
func (c Content) fields() []field {
	all := []field{{"title", "the title", c.Title}, {"opening", "the opening", c.Opening}}
	for i, s := range c.Sections {
		all = append(all, field{SectionField("heading", i), "the heading \"" + s.title() + "\"", s.Heading},
			field{SectionField("body", i), "\"" + s.title() + "\"", s.Body}, field{SectionField("alt", i), "the words for the picture in \"" + s.title() + "\"", s.Alt})
	}
	all = append(all, field{"closing", "the closing", c.Closing})
	for i, s := range c.Signatories {
		all = append(all, field{SectionField("name", i), "the name of a signatory", s.Name}, field{SectionField("office", i), "the office of a signatory", s.Office})
	}
	return all
}

// placeholder is what people leave in a letter to fill in later: a word in capitals, something in braces, words such as
// [date] or [insert figure] that are no link, made-up Latin, dots or question marks in a row.
var placeholder = regexp.MustCompile(`\b(?:TODO|TBC|TBA|TBD|XX+|FIXME)\b|(?i:lorem ipsum)|(?:\?\?+)|\{[^{}\n]{0,60}\}|<(?:[a-z]+ ?){1,6}>|` +
	`\[(?i:date|time|name|venue|place|number|figure|link|tbc|tba|insert|add|check|quote|title|amount|month|year)[^\]\n]{0,60}\](?:[^(]|$)`)

// hiddenAddress is what a page that hides its addresses leaves when it is copied.
var hiddenAddress = regexp.MustCompile(`(?i)This email address is being protected from spambots|You need JavaScript enabled to view it|\[email.protected\]`)

func (l *look) placeholders(c Content) {
	for _, f := range c.fields() {
		if hiddenAddress.MatchString(f.text) {
			l.err(f.id, "Words in %s were copied from a page that hides its email addresses. Write the address itself.", f.label)
		}
		text := f.text
		if f.id == "opening" {
			text = strings.ReplaceAll(text, NamePlaceholder, "")
		}
		for _, found := range placeholder.FindAllString(text, -1) {
			found = strings.TrimSpace(found)
			if found == NamePlaceholder {
				l.err(f.id, "%s stands for the reader's name in the opening alone. Take it out of %s.", NamePlaceholder, f.label)
				continue
			}
			if strings.HasPrefix(found, "TB") { // some letters must leave before a date is certain
				l.warn(f.id, "\"%s\" in %s: say in full what is not certain yet, or fill it in.", found, f.label)
				continue
			}
			l.err(f.id, "\"%s\" in %s looks like something that is still to be filled in.", found, f.label)
		}
	}
}

var (
	weekdayOfDate = regexp.MustCompile(`(?i)\b(mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?(january|february|march|april|may|june|july|august|september|october|november|december)(?:,? (20\d\d))?\b`)
	vagueLink     = regexp.MustCompile(`(?i)\[\s*(?:click here|here|this link|link|read more|more|this page)\s*\]\(`)
)

// months looks for the month of an earlier letter in the opening, and for dates whose day of the week is another.
func (l *look) months(c Content) {
	month := monthOfTitle.FindString(c.Title)
	for _, other := range monthOfTitle.FindAllString(c.Opening, -1) {
		if month != "" && other != month {
			l.warn("opening", "The title says %s, and the opening says %s.", month, other)
		}
	}
	for _, f := range c.fields() {
		for _, m := range weekdayOfDate.FindAllStringSubmatch(f.text, -1) {
			if right := rightWeekday(m, month); right != "" {
				l.warn(f.id, "\"%s\" in %s is a %s. Check the date.", m[0], f.label, right)
			}
		}
		if vague := vagueLink.FindString(f.text); vague != "" {
			words := strings.Trim(vague, "[]( ")
			l.warn(f.id, "A link in %s is called \"%s\". Say where it leads, for people who hear the letter read out.", f.label, words)
		}
	}
}

// rightWeekday is the day of the week that a date really has, where the letter says another; "" where it is right, or
// where no year is known.
func rightWeekday(m []string, monthOfTitle string) string {
	year := m[4]
	if year == "" && monthOfTitle != "" {
		year = monthOfTitle[len(monthOfTitle)-4:]
	}
	date, err := time.Parse("2 January 2006", m[2]+" "+strings.ToUpper(m[3][:1])+strings.ToLower(m[3][1:])+" "+year)
	if err != nil || strings.EqualFold(date.Weekday().String(), m[1]+"day") {
		return ""
	}
	return date.Weekday().String()
}
