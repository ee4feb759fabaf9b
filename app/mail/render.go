package mail

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"conversations/app/config"
	view "conversations/templates/mail"
)

// textWidth is where the lines of the text part are wrapped, in letters.
const textWidth = 72

// HTML renders blocks as the page that mail readers show.
func HTML(cfg *config.Config, subject string, blocks []Block) (string, error) {
	var page bytes.Buffer
	if err := view.HTML(letterView(cfg, subject, blocks)).Render(context.Background(), &page); err != nil {
		return "", fmt.Errorf("render the HTML of a mail: %w", err)
	}
	return page.String(), nil
}

func letterView(cfg *config.Config, subject string, blocks []Block) view.Letter {
	p := cfg.Programme
	l := view.Letter{
		Subject: subject, Programme: p.Name, Organisation: p.Organisation, Post: p.Post,
		Telephone: p.Telephone, Hours: p.Hours, CanReply: cfg.Mail.ReplyTo != "",
	}
	headed := false
	for _, b := range split(blocks) {
		first := b.Kind == HeadingBlock && !headed
		headed = headed || first
		l.Blocks = append(l.Blocks, view.Block{
			Kind: string(b.Kind), Text: b.Text, Items: b.Items, Href: b.Href, Rows: b.Rows, First: first,
		})
	}
	return l
}

// split makes a paragraph of each piece between empty lines, and drops what is empty.
func split(blocks []Block) (out []Block) {
	for _, b := range blocks {
		if b.Kind != ParagraphBlock {
			out = append(out, b)
			continue
		}
		for piece := range strings.SplitSeq(strings.ReplaceAll(b.Text, "\r\n", "\n"), "\n\n") {
			if piece = strings.Trim(piece, "\n"); piece != "" {
				out = append(out, Paragraph(piece))
			}
		}
	}
	return out
}

// Text renders the same blocks for readers who want no HTML. Links stand in full on a line of their own.
func Text(cfg *config.Config, blocks []Block) string {
	var parts []string
	for _, b := range split(blocks) {
		parts = append(parts, textBlock(b))
	}
	parts = append(parts, textFoot(cfg))
	return strings.Join(parts, "\n\n") + "\n"
}

func textBlock(b Block) string {
	switch b.Kind {
	case HeadingBlock:
		return underlined(wrap(b.Text, "", ""))
	case ListBlock:
		items := make([]string, len(b.Items))
		for i, item := range b.Items {
			items[i] = wrap(item, "- ", "  ")
		}
		return strings.Join(items, "\n")
	case ButtonBlock:
		return wrap(b.Text+":", "", "") + "\n" + b.Href
	case TableBlock:
		rows := make([]string, len(b.Rows))
		for i, row := range b.Rows {
			rows[i] = wrap(row[0]+": "+row[1], "", "  ")
		}
		return strings.Join(rows, "\n")
	default:
		return wrap(b.Text, "", "")
	}
}

func textFoot(cfg *config.Config) string {
	p := cfg.Programme
	words := fmt.Sprintf("Telephone us on %s, %s.", p.Telephone, p.Hours)
	if cfg.Mail.ReplyTo != "" {
		words += " You can also reply to this email."
	}
	lines := []string{strings.Repeat("-", textWidth), p.Name, wrap(words, "", ""), p.Organisation}
	if p.Post != "" {
		lines = append(lines, wrap(p.Post, "", ""))
	}
	return strings.Join(lines, "\n")
}

func underlined(heading string) string {
	longest := 0
	for line := range strings.SplitSeq(heading, "\n") {
		longest = max(longest, utf8.RuneCountInString(line))
	}
	return heading + "\n" + strings.Repeat("-", longest)
}

// wrap breaks lines between words; a word that is longer than a line, such as a link, stays whole. Line breaks in
// the text stay. The first line begins with first, the others with rest.
func wrap(text, first, rest string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		indent := rest
		if len(out) == 0 {
			indent = first
		}
		current := ""
		for _, word := range strings.Fields(line) {
			if current != "" && utf8.RuneCountInString(indent+current)+1+utf8.RuneCountInString(word) > textWidth {
				out = append(out, indent+current)
				indent, current = rest, ""
			}
			if current != "" {
				current += " "
			}
			current += word
		}
		out = append(out, strings.TrimRight(indent+current, " "))
	}
	return strings.Join(out, "\n")
}
