package contacts

import (
	"slices"
	"strings"
)

// names are the groups or the localities that rows can name, by slug or by name.
type names struct {
	what    string // "group"
	slugs   map[string]string
	offered []string
}

func newNames(what string) *names { return &names{what: what, slugs: map[string]string{}} }

func (n *names) add(slug, name string, offered bool) {
	n.slugs[plainLetters(name)] = slug
	n.slugs[plainLetters(slug)] = slug
	if offered {
		n.offered = append(n.offered, name)
	}
}

// list reads a list with | between its parts, and adds what everybody on the list gets. A cell that is no such list and
// not a name either is tried with the other signs that people put between names.
func (c *reading) list(field string, known *names, everybody []string) (slugs []string) {
	text := c.line(field)
	parts := strings.Split(text, "|")
	if _, whole := known.slugs[plainLetters(text)]; len(parts) == 1 && !whole {
		parts = strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' })
	}
	slugs = slices.Clone(everybody)
	for _, part := range parts {
		part = strings.TrimSpace(part)
		slug, there := known.slugs[plainLetters(part)]
		switch {
		case part == "":
		case !there:
			c.complain("There is no %s “%s”. Write one of these: %s.", known.what, part, strings.Join(known.offered, ", "))
		case !slices.Contains(slugs, slug):
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// unknown are the names in a cell of groups that are not known.
func (c *reading) unknown(field string, known *names) (missing []string) {
	for part := range strings.SplitSeq(c.line(field), "|") {
		if part = strings.TrimSpace(part); part != "" && known.slugs[plainLetters(part)] == "" {
			missing = append(missing, part)
		}
	}
	return missing
}

// title is the name by which a contact without an email address is known again: a person's own, or the organisation's.
func (c *Contact) title() string {
	if c.Name != "" && c.Kind != Organisation || c.Organisation == "" {
		return c.Name
	}
	return c.Organisation
}

// sameTitle compares two of them as people would: without regard to capitals, signs and doubled blanks.
func sameTitle(a, b string) bool { return plainLetters(a) == plainLetters(b) }
