package newsletters

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"conversations/app/fault"
)

// Side says whose words a part of a letter gets when two texts are put together.
type Side string

// The sides.
const (
	KeepNow   Side = "now"   // as in the text that counts
	TakeOther Side = "other" // as in the text beside it
	KeepBoth  Side = "both"  // one below the other
)

// Part is a piece of a letter that is compared as a whole: the title, the opening, a section, the closing or the
// signatories.
type Part struct {
	ID    string // "title", or "section-" and the section's key
	Label string
	lines []string
	whole Section
}

func (p Part) text() string { return strings.Join(p.lines, "\n\n") }

// Difference is a part in which two texts of an update differ. A text that lacks the part has no words in it.
type Difference struct {
	ID, Label  string
	Now, Other string // the words
	CanBoth    bool   // both can stand, one below the other
	Suggested  Side   // what only one of the two has changed; "" where both have
}

// Comparison is two texts of an update beside each other.
type Comparison struct {
	Update Update
	Now    KeptText // the one that counts
	Other  KeptText
	Parts  []Difference
}

// Compare sets a text of an update beside the one that counts.
func (s *Service) Compare(ctx context.Context, id, textID int64) (c Comparison, err error) {
	if c.Update, _, err = s.Update(ctx, id); err != nil {
		return c, err
	}
	if c.Other, err = s.KeptText(ctx, id, textID); err != nil {
		return c, err
	}
	if c.Now, err = s.KeptText(ctx, id, c.Update.TextID); err != nil {
		return c, err
	}
	base, err := s.commonBase(ctx, c)
	if err != nil {
		return c, err
	}
	now, err := readContent(c.Now.Content)
	if err != nil {
		return c, err
	}
	other, err := readContent(c.Other.Content)
	c.Parts = differing(now, other, base)
	return c, err
}

// commonBase is the text that the writer of the other one had before them, back beyond texts aside. An empty content
// where there is none: then both have changed everything.
func (s *Service) commonBase(ctx context.Context, c Comparison) (Content, error) {
	t := c.Other
	for t.Aside {
		before, err := s.KeptText(ctx, c.Update.ID, t.BasedOn)
		if fault.KindOf(err) == fault.NotFound {
			return Content{}, nil
		}
		if err != nil {
			return Content{}, err
		}
		t = before
	}
	return readContent(t.Content)
}

// Merge puts the text that counts, which must still be basedOn, and another together, part by part, and saves the
// result; the other is settled. The error names each part for which a choice is missing.
func (s *Service) Merge(ctx context.Context, id, textID, basedOn int64, choices map[string]Side) (Text, error) {
	c, err := s.Compare(ctx, id, textID)
	if err != nil {
		return Text{}, err
	}
	if c.Now.ID != basedOn {
		return Text{}, fault.New(fault.Conflict, "Somebody saved this letter again meanwhile. Look at it once more.")
	}
	var problems fault.Fields
	for _, part := range c.Parts {
		if side := choices[part.ID]; side != KeepNow && side != TakeOther && (side != KeepBoth || !part.CanBoth) {
			problems.Add(part.ID, "Choose whose words to keep: "+part.Label)
		}
	}
	if err := problems.Err(); err != nil {
		return Text{}, err
	}
	now, err := readContent(c.Now.Content)
	if err != nil {
		return Text{}, err
	}
	other, err := readContent(c.Other.Content)
	if err != nil {
		return Text{}, err
	}
	saved, err := s.Save(ctx, id, Writing{BasedOn: basedOn, Content: merged(now, other, choices), Made: Merged})
	if err != nil {
		return saved, err
	}
	return saved, s.settle(ctx, id, textID)
}

// merged puts two contents together. Sections stand in the order of now; those of other alone follow what they follow
// there.
func merged(now, other Content, choices map[string]Side) Content {
	out := now
	if choices["title"] == TakeOther {
		out.Title = other.Title
	}
	out.Opening = chosen(choices["opening"], now.Opening, other.Opening)
	if choices["nameless"] == TakeOther {
		out.Nameless = other.Nameless
	}
	out.Closing = chosen(choices["closing"], now.Closing, other.Closing)
	if choices["signatories"] == TakeOther {
		out.Signatories = other.Signatories
	}
	out.Sections = nil
	for _, section := range now.Sections {
		theirs, there := other.section(section.Key)
		switch choices["section-"+section.Key] {
		case TakeOther:
			if there {
				out.Sections = append(out.Sections, theirs)
			}
		case KeepBoth:
			section.Body = chosen(KeepBoth, section.Body, theirs.Body)
			out.Sections = append(out.Sections, section)
		default:
			out.Sections = append(out.Sections, section)
		}
	}
	return out.withSectionsOf(now, other, choices)
}

func (c Content) withSectionsOf(now, other Content, choices map[string]Side) Content {
	for i, section := range other.Sections {
		if _, there := now.section(section.Key); there || choices["section-"+section.Key] == KeepNow {
			continue
		}
		at := 0
		if i > 0 {
			at = 1 + slices.IndexFunc(c.Sections, func(s Section) bool { return s.Key == other.Sections[i-1].Key })
			if at == 0 {
				at = len(c.Sections)
			}
		}
		c.Sections = slices.Insert(c.Sections, at, section)
	}
	return c
}

func chosen(side Side, now, other string) string {
	switch side {
	case TakeOther:
		return other
	case KeepBoth:
		return strings.TrimSpace(now + "\n\n" + other)
	default:
		return now
	}
}

func (c Content) section(key string) (Section, bool) {
	for _, s := range c.Sections {
		if s.Key == key {
			return s, true
		}
	}
	return Section{}, false
}

// parts are the pieces of a letter in order.
func (c Content) parts() []Part {
	parts := []Part{{ID: "title", Label: "Title", lines: []string{c.Title}}, {ID: "opening", Label: "Opening", lines: []string{c.Opening}},
		{ID: "nameless", Label: "If we do not know the name", lines: []string{c.Nameless}}}
	for _, s := range c.Sections {
		parts = append(parts, s.part())
	}
	var signed []string
	for _, s := range c.Signatories {
		signed = append(signed, strings.Trim(s.Name+", "+s.Office, ", "))
	}
	return append(parts, Part{ID: "closing", Label: "Closing", lines: []string{c.Closing}}, Part{ID: "signatories", Label: "Signatories", lines: signed})
}

func (s Section) part() Part {
	p := Part{ID: "section-" + s.Key, Label: "Section: " + s.title(), whole: s}
	for _, line := range []string{s.Heading, s.Body, s.Alt} {
		if line != "" {
			p.lines = append(p.lines, line)
		}
	}
	return p
}

// title is what a section is called where its heading is needed.
func (s Section) title() string {
	switch {
	case s.Heading != "":
		return s.Heading
	case s.Kind == PictureSection:
		return "a picture"
	case s.Kind == EventsSection:
		return "coming events"
	}
	return "without a heading"
}

// differing gives the parts in which two contents differ, with whose change is newer than their common base.
func differing(now, other, base Content) (out []Difference) {
	theirs, before := byID(other.parts()), byID(base.parts())
	for _, p := range now.parts() {
		o := theirs[p.ID]
		delete(theirs, p.ID)
		if !p.same(o) {
			out = append(out, difference(p, o, before[p.ID]))
		}
	}
	for _, o := range other.parts() {
		if _, alone := theirs[o.ID]; alone {
			out = append(out, difference(Part{ID: o.ID, Label: o.Label}, o, before[o.ID]))
		}
	}
	return out
}

// shown is the words of a part, and, for people to see, what has none.
func (p Part) shown() string {
	switch s := p.whole; {
	case s.Kind == PictureSection && s.PictureID != 0:
		return strings.TrimSpace(p.text() + "\n\n[Picture " + strconv.FormatInt(s.PictureID, 10) + "]")
	case s.Kind == EventsSection:
		return strings.TrimSpace(p.text() + "\n\n[Coming events: " + either(s.Locality, "all") + "]")
	case s.Key != "" && p.text() == "":
		return "[An empty section]"
	}
	return p.text()
}

func either(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func difference(now, other, base Part) Difference {
	d := Difference{ID: now.ID, Label: now.Label, Now: now.shown(), Other: other.shown()}
	d.CanBoth = now.text() != "" && other.text() != "" && (now.ID == "opening" || now.ID == "closing" || now.whole.Key != "" && other.whole.Key != "")
	switch {
	case now.same(base):
		d.Suggested = TakeOther
	case other.same(base):
		d.Suggested = KeepNow
	}
	return d
}

func (p Part) same(other Part) bool {
	a, b := p.whole, other.whole
	a.Events, b.Events = nil, nil
	return p.text() == other.text() && a.Key == b.Key && a.Kind == b.Kind && a.PictureID == b.PictureID && a.Locality == b.Locality
}

func byID(parts []Part) map[string]Part {
	m := map[string]Part{}
	for _, p := range parts {
		m[p.ID] = p
	}
	return m
}
