package newsletters

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Arranged does what a button of the form says, and gives the id of the element to show next; "" is the top. Buttons
// are add-text, add-events, add-picture (at the end, or add-text-KEY below a section), up-KEY, down-KEY, remove-KEY,
// split-KEY (a section of its own for every heading), add-signatory and remove-signatory-N. What it does not know
// changes nothing.
func (c Content) Arranged(do string) (arranged Content, show string) {
	c.Sections, c.Signatories = slices.Clone(c.Sections), slices.Clone(c.Signatories)
	what, argument, _ := strings.Cut(do, "-")
	if kind, key, _ := strings.Cut(argument, "-"); kind == "signatory" {
		return c.withSignatory(what, key)
	}
	if what == "add" {
		return c.withSection(argument)
	}
	n := slices.IndexFunc(c.Sections, func(s Section) bool { return s.Key == argument })
	if n < 0 {
		return c, ""
	}
	to := n
	switch what {
	case "up":
		to = max(0, n-1)
	case "down":
		to = min(len(c.Sections)-1, n+1)
	case "remove":
		c.Sections = slices.Delete(c.Sections, n, n+1)
		return c, "sections"
	case "split":
		c.Sections = slices.Replace(c.Sections, n, n+1, c.Sections[n].split()...)
	}
	c.Sections[n], c.Sections[to] = c.Sections[to], c.Sections[n]
	return c, SectionField("section", to)
}

func (c Content) withSection(argument string) (Content, string) {
	kind, below, _ := strings.Cut(argument, "-")
	section := Section{Kind: SectionKind(kind)}
	switch section.Kind {
	case TextSection, PictureSection:
	case EventsSection:
		section.Heading = "Coming events"
	default:
		return c, ""
	}
	at := len(c.Sections)
	if n := slices.IndexFunc(c.Sections, func(s Section) bool { return below != "" && s.Key == below }); n >= 0 {
		at = n + 1
	}
	c.Sections = slices.Insert(c.Sections, at, section)
	return c, SectionField("section", at)
}

func (c Content) withSignatory(what, number string) (Content, string) {
	switch n, err := strconv.Atoi(number); {
	case what == "add":
		c.Signatories = append(c.Signatories, Signatory{})
		return c, SectionField("signatory", len(c.Signatories)-1)
	case what == "remove" && err == nil && n >= 0 && n < len(c.Signatories):
		c.Signatories = slices.Delete(c.Signatories, n, n+1)
	}
	return c, "signatories"
}

var headingLine = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$`)

// split makes a section of every heading in the text, as when a whole letter was pasted at once. The first keeps what
// stands before the first heading, or becomes the first heading's where nothing does.
func (s Section) split() (parts []Section) {
	current, lines := s, []string{}
	put := func() {
		current.Body = strings.TrimSpace(strings.Join(lines, "\n"))
		if current.Body != "" || current.Heading != "" || current.Kind != TextSection {
			parts = append(parts, current)
		}
	}
	for line := range strings.SplitSeq(s.Body, "\n") {
		heading := headingLine.FindStringSubmatch(line)
		if heading == nil {
			lines = append(lines, line)
			continue
		}
		put()
		current, lines = Section{Kind: TextSection, Heading: plainWords(heading[1])}, nil
		if len(parts) == 0 {
			current.Key = s.Key
		}
	}
	put()
	if len(parts) == 0 {
		return []Section{s}
	}
	return parts
}

// plainWords takes the marks of bold and italics and the backslashes out of a line of markdown.
func plainWords(text string) string {
	text = strings.NewReplacer("**", "", "__", "", `\`, "").Replace(text)
	return strings.Trim(text, "*_ ")
}
