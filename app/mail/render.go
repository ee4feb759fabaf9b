package mail

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"conversations/app/config"
	view "conversations/templates/mail"
)

// textWidth is where the lines of the text part are wrapped, in letters.
const textWidth = 72

// HTML renders blocks as the page that mail readers show.
func HTML(cfg *config.Config, subject string, blocks []Block) (string, error) {
	return page(letterView(cfg, subject, blocks))
}

func page(l view.Letter) (string, error) {
	var page bytes.Buffer
	if err := view.HTML(l).Render(context.Background(), &page); err != nil {
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
		level := b.Level
		if b.Kind == HeadingBlock && level == 0 {
			level = 2
			if !headed {
				level = 1
			}
		}
		headed = headed || b.Kind == HeadingBlock
		l.Blocks = append(l.Blocks, blockView(b, level))
	}
	return l
}

// Views gives blocks as templates draw them, for a page that shows a letter: a heading without a level is of level 2.
func Views(blocks []Block) (views []view.Block) {
	for _, b := range split(blocks) {
		views = append(views, blockView(b, max(b.Level, 2)))
	}
	return views
}

func blockView(b Block, level int) view.Block {
	v := view.Block{
		Kind: string(b.Kind), Text: b.Text, Level: level, Spans: spansView(b.prose()), Ordered: b.Ordered, Href: b.Href, Rows: b.Rows,
		Src: b.Src, Alt: b.Alt, Width: b.Width, Lang: b.Lang,
	}
	for _, item := range b.items() {
		v.Items = append(v.Items, spansView(item))
	}
	return v
}

func spansView(spans []Span) (out []view.Span) {
	for _, s := range spans {
		out = append(out, view.Span(s))
	}
	return out
}

// split makes a paragraph of each piece between empty lines, and drops what is empty.
func split(blocks []Block) (out []Block) {
	for _, b := range blocks {
		if b.Kind != ParagraphBlock || b.Spans != nil {
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
	return strings.Join(append(textBlocks(blocks), textFoot(cfg)), "\n\n") + "\n"
}

func textBlocks(blocks []Block) (parts []string) {
	for _, b := range split(blocks) {
		parts = append(parts, textBlock(b))
	}
	return parts
}

func textBlock(b Block) string {
	switch b.Kind {
	case HeadingBlock:
		return underlined(wrap(b.Text, "", ""))
	case ListBlock:
		items := b.items()
		lines := make([]string, len(items))
		for i, item := range items {
			mark := "- "
			if b.Ordered {
				mark = strconv.Itoa(i+1) + ". "
			}
			lines[i] = wrap(textSpans(item), mark, strings.Repeat(" ", len(mark)))
		}
		return strings.Join(lines, "\n")
	case PictureBlock:
		return wrap("[Picture: "+b.Alt+"]", "", "")
	case ButtonBlock:
		return wrap(b.Text+":", "", "") + "\n" + b.Href
	case TableBlock:
		rows := make([]string, len(b.Rows))
		for i, row := range b.Rows {
			rows[i] = wrap(row[0]+": "+row[1], "", "  ")
		}
		return strings.Join(rows, "\n")
	default:
		return wrap(textSpans(b.prose()), "", "")
	}
}

// textSpans writes the address of a link behind its words.
func textSpans(spans []Span) string {
	var out strings.Builder
	for _, s := range spans {
		out.WriteString(s.Text)
		if s.Href != "" && s.Href != strings.TrimSpace(s.Text) {
			out.WriteString(" <" + s.Href + ">")
		}
	}
	return out.String()
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
