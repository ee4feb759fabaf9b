package newsletters

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"conversations/app/mail"
)

// Levels of headings in a letter, below its title.
const (
	sectionLevel = 2
	textLevel    = 3 // of headings in the text of a section
)

// NamePlaceholder, in the opening of a letter, stands for the name of whoever reads it.
const NamePlaceholder = "{name}"

// nameless stands for a name where the letter does not say what should.
const nameless = "reader"

// Blocks makes the one form of a letter that its HTML, its text, its print and its page in the archive are drawn from.
// The title is not among them. A section of events holds what was frozen once approval is asked for, before that what
// is true now. The opening may hold mail.NameField: mail.Filled puts NamelessWords there where nobody is addressed.
func (s *Service) Blocks(ctx context.Context, u Update, c Content) ([]mail.Block, error) {
	pictures, err := s.pictureFacts(ctx, c)
	if err != nil {
		return nil, err
	}
	if u.State == Draft || u.State == "" {
		if c, err = s.Freeze(ctx, c); err != nil {
			return nil, err
		}
	}
	base := strings.TrimRight(s.Config.BaseURL, "/")
	blocks := words(base, strings.ReplaceAll(withoutFields(c.Opening), NamePlaceholder, mail.NameField))
	for _, section := range c.Sections {
		if section.Heading != "" {
			blocks = append(blocks, mail.Subheading(sectionLevel, withoutFields(section.Heading)))
		}
		if p, there := pictures[section.PictureID]; there {
			blocks = append(blocks, mail.Picture(base+p.path(), withoutFields(section.Alt), p.letterWidth()))
		}
		blocks = append(blocks, words(base, withoutFields(section.Body))...)
		if section.Kind == EventsSection {
			blocks = append(blocks, eventBlocks(base, section)...)
		}
	}
	blocks = append(blocks, words(base, withoutFields(c.Closing))...)
	for _, signatory := range c.Signatories {
		blocks = append(blocks, signature(signatory)...)
	}
	return blocks, nil
}

// Letter is Blocks with the title at their head, as a mail has it.
func (s *Service) Letter(ctx context.Context, u Update, c Content) ([]mail.Block, error) {
	blocks, err := s.Blocks(ctx, u, c)
	return append([]mail.Block{mail.Heading(withoutFields(c.Title))}, blocks...), err
}

// NamelessWords stand for {name} where the name is not known.
func (c Content) NamelessWords() string {
	if c.Nameless == "" {
		return nameless
	}
	return c.Nameless
}

// withoutFields takes out of a text what only the program itself may put there: the marks of merge fields.
func withoutFields(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\uE000' && r <= '\uF8FF' {
			return -1
		}
		return r
	}, text)
}

func eventBlocks(base string, section Section) []mail.Block {
	if len(section.Events) == 0 {
		return []mail.Block{mail.Prose(mail.Span{Text: "No dates are fixed yet. "}, mail.Span{Text: "See all events", Href: base + "/events"})}
	}
	items := make([][]mail.Span, len(section.Events))
	for i, e := range section.Events {
		items[i] = []mail.Span{{Text: e.Title, Bold: true, Href: base + "/events/" + e.Slug}, {Text: "\n" + e.When}}
		if e.Where != "" {
			items[i] = append(items[i], mail.Span{Text: "\n" + e.Where})
		}
	}
	return []mail.Block{mail.Points(false, items...)}
}

func signature(s Signatory) []mail.Block {
	name, office := withoutFields(s.Name), withoutFields(s.Office)
	switch {
	case name == "" && office == "":
		return nil
	case office == "" || name == "":
		return []mail.Block{mail.Prose(mail.Span{Text: name + office, Bold: true})}
	}
	return []mail.Block{mail.Prose(mail.Span{Text: name, Bold: true}, mail.Span{Text: "\n" + office})}
}

// pictureFacts finds the pictures of a letter by their ids, without what is in them.
func (s *Service) pictureFacts(ctx context.Context, c Content) (map[int64]Picture, error) {
	var ids []int64
	for _, section := range c.Sections {
		if section.PictureID != 0 {
			ids = append(ids, section.PictureID)
		}
	}
	found := map[int64]Picture{}
	if len(ids) == 0 {
		return found, nil
	}
	var pictures []Picture
	if err := s.DB.Read(ctx).Raw(`SELECT `+pictureColumns+` FROM update_pictures WHERE id IN ?`, ids).Scan(&pictures).Error; err != nil {
		return nil, fmt.Errorf("find the pictures of a letter: %w", err)
	}
	for _, p := range pictures {
		found[p.ID] = p
	}
	return found, nil
}

// path is the picture's address on this site. Its name cannot be guessed, for it is there before the letter is public.
func (p Picture) path() string {
	return picturePath + strconv.FormatInt(p.ID, 10) + "-" + p.Code + p.extension()
}
