package contacts

import (
	"context"
	"fmt"
	"strings"

	pages "conversations/templates/contacts"
	"conversations/templates/nhs"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// naming gives groups and localities, kept as slugs, the names that people know.
type naming struct{ groups, localities map[string]string }

func (s *Service) naming(ctx context.Context) (n naming, groups []Group, err error) {
	if groups, err = s.Groups(ctx); err != nil {
		return n, nil, err
	}
	n = naming{map[string]string{}, map[string]string{}}
	for _, g := range groups {
		n.groups[g.Slug] = g.Name
	}
	for _, l := range s.cfg.Localities {
		n.localities[l.Slug] = l.Name
	}
	return n, groups, nil
}

// named gives the names of slugs; one that is not known any more stays as it is.
func named(slugs []string, known map[string]string) (names []string) {
	for _, slug := range slugs {
		if name, ok := known[slug]; ok {
			slug = name
		}
		names = append(names, slug)
	}
	return names
}

func (s *Service) listView(ctx context.Context, f ListFilter, page ListPage) (v pages.ListView, err error) {
	n, groups, err := s.naming(ctx)
	if err != nil {
		return v, err
	}
	v = pages.ListView{Filter: s.listFields(f, groups), Total: countContacts(page.Total), Heads: f.heads(), Paged: page.Pages > 1,
		Pages:   nhs.Pages(page.Page, page.Pages, func(n int) string { return f.href(listPath, "page", fmt.Sprint(n)) }),
		CSVHref: f.href(listPath + ".csv"), XLSXHref: f.href(listPath + ".xlsx")}
	if len(f.chosen()) > 0 {
		v.AllHref = listPath
	}
	for _, c := range page.Contacts {
		v.Rows = append(v.Rows, pages.ListRow{Href: contactPath(c.ID), Name: c.Label(), Organisation: c.beside(), Reach: c.reach(),
			Groups: named(c.Groups, n.groups), Localities: named(c.Localities, n.localities), Updates: c.updatesMark(), Stopped: c.Suppressed})
	}
	return v, nil
}

// beside is what stands in the list beside the contact's label: the organisation of a person, who opens the letters of an
// organisation.
func (c Contact) beside() string {
	switch {
	case c.Kind == Organisation && c.Name != "":
		return "For: " + c.Name
	case c.Kind == Organisation:
		return "An organisation"
	case c.Label() == c.Organisation:
		return ""
	}
	return c.Organisation
}

// reach are the ways to reach a contact, the preferred one first.
func (c Contact) reach() (lines []string) {
	post := strings.Trim(strings.ReplaceAll(c.PostAddress, "\n", ", ")+", "+c.Postcode, ", ")
	for _, way := range []struct {
		by   Channel
		text string
	}{{Email, c.Email}, {Post, post}, {Telephone, c.Phone}} {
		switch {
		case way.text == "":
		case way.by == c.Channel:
			lines = append([]string{way.text}, lines...)
		default:
			lines = append(lines, way.text)
		}
	}
	return lines
}

// updatesMark says in a word whether the contact gets updates.
func (l Listed) updatesMark() pages.Mark {
	if one, may := l.Allowed(); may {
		return pages.Mark{Text: "Yes, by " + one.Channel.Words(), Colour: "green"}
	}
	last, asked := l.Last()
	switch {
	case !asked:
		return pages.Mark{Text: "Never asked", Colour: "grey"}
	case last.Entry == Objected:
		return pages.Mark{Text: "No, objected", Colour: "orange"}
	}
	return pages.Mark{Text: "No, ended", Colour: "orange"}
}

func (s *Service) listFields(f ListFilter, groups []Group) pages.ListFields {
	v := pages.ListFields{Text: f.Text, Group: f.Group, Locality: f.Locality, Channel: string(f.Channel), Kind: string(f.Kind), Basis: f.Basis,
		Suppressed: f.Suppressed, Sort: f.Sort, Kinds: append([]pages.Choice{{Value: "", Label: "Either"}}, kindChoices()...),
		Groups: []pages.Choice{{Value: "", Label: "Any group"}}, Localities: []pages.Choice{{Value: "", Label: "Any locality"}},
		Channels: []pages.Choice{{Value: "", Label: "Any way"}, {Value: "email", Label: "Email"}, {Value: "post", Label: "Post"}, {Value: "telephone", Label: "Telephone"}}}
	for _, g := range groups {
		v.Groups = append(v.Groups, pages.Choice{Value: g.Slug, Label: g.label()})
	}
	for _, l := range s.cfg.Localities {
		v.Localities = append(v.Localities, pages.Choice{Value: l.Slug, Label: l.Name})
	}
	for _, c := range listColumns {
		if c.key != "" {
			v.Sorts = append(v.Sorts, pages.Choice{Value: c.key, Label: c.up}, pages.Choice{Value: "-" + c.key, Label: c.down})
		}
	}
	v.Sorts = append(v.Sorts, pages.Choice{Value: "-added", Label: "Added, newest first"}, pages.Choice{Value: "-changed", Label: "Changed, newest first"})
	if v.Sort == "" {
		v.Sort = "name"
	}
	return v
}

func kindChoices() []pages.Choice {
	return []pages.Choice{{Value: string(Person), Label: "A person"}, {Value: string(Organisation), Label: "An organisation"}}
}

func (g Group) label() string {
	if g.Retired {
		return g.Name + " (not used any more)"
	}
	return g.Name
}

// listColumns are the columns of the list; key is "" where it cannot be sorted by.
var listColumns = []struct{ key, head, up, down string }{
	{"name", "Name", "Name, A to Z", "Name, Z to A"},
	{"organisation", "Organisation", "Organisation, A to Z", "Organisation, Z to A"},
	{head: "How to reach them"}, {head: "Groups"}, {head: "Localities"}, {head: "Updates"},
}

// heads are the columns of the table: a press on one sorts by it, the next press the other way round.
func (f ListFilter) heads() (heads []pages.ListHead) {
	for _, c := range listColumns {
		head, next := pages.ListHead{Text: c.head}, c.key
		if c.key != "" {
			head.Sort = "none"
			switch f.Sort {
			case c.key:
				head.Sort, next = "ascending", "-"+c.key
			case "-" + c.key:
				head.Sort = "descending"
			}
			head.Href = f.href(listPath, "sort", next)
		}
		heads = append(heads, head)
	}
	return heads
}

var english = message.NewPrinter(language.BritishEnglish)

func countContacts(n int) string {
	if n == 1 {
		return "1 contact"
	}
	return english.Sprintf("%d contacts", n)
}
