package newsletters

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"conversations/app/mail"
)

// letterMarkdown is the markdown of letters: headings, lists, quotations, bold, italics and links. Code and HTML are
// left out, for in a letter four spaces or a < are no more than that.
var letterMarkdown = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(paragraphs{parser.NewParagraphParser()}, 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewLinkifyParser(), 999),
	),
)

// paragraphs takes lines that begin with many spaces too: elsewhere they are code.
type paragraphs struct{ parser.BlockParser }

// CanAcceptIndentedLine is what the parser asks before it offers such a line.
func (paragraphs) CanAcceptIndentedLine() bool { return true }

// words turns markdown into blocks. base is the site's address, before links to its own pages. A line break that was
// typed stays one.
func words(base, markdown string) []mail.Block {
	source := []byte(markdown)
	t := translator{base: base, source: source}
	t.blocks(letterMarkdown.Parse(text.NewReader(source)), style{})
	return t.out
}

// translator walks the tree of a text.
type translator struct {
	base   string
	source []byte
	out    []mail.Block
}

// style is how words look in the place where the walk is.
type style struct {
	bold, italic bool
	href         string
}

func (t *translator) blocks(parent ast.Node, s style) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch node := n.(type) {
		case *ast.Heading:
			t.out = append(t.out, mail.Subheading(textLevel, plain(t.spans(n, style{}))))
		case *ast.List:
			t.out = append(t.out, mail.Points(node.IsOrdered(), t.items(node, s)...))
		case *ast.Blockquote:
			t.blocks(n, style{italic: true})
		case *ast.ThematicBreak:
		default:
			if spans := t.spans(n, s); len(spans) > 0 {
				t.out = append(t.out, mail.Prose(spans...))
			}
		}
	}
}

// items are the points of a list. A list within a point becomes lines of that point.
func (t *translator) items(list *ast.List, s style) (items [][]mail.Span) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		var spans []mail.Span
		for n := item.FirstChild(); n != nil; n = n.NextSibling() {
			if inner, nested := n.(*ast.List); nested {
				for _, point := range t.items(inner, s) {
					spans = append(append(spans, mail.Span{Text: "\n– "}), point...)
				}
				continue
			}
			if len(spans) > 0 {
				spans = append(spans, mail.Span{Text: "\n"})
			}
			spans = append(spans, t.spans(n, s)...)
		}
		items = append(items, spans)
	}
	return items
}

func (t *translator) spans(parent ast.Node, s style) (spans []mail.Span) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch node := n.(type) {
		case *ast.Text:
			spans = add(spans, literal(node.Segment.Value(t.source)), s)
			if node.SoftLineBreak() || node.HardLineBreak() {
				spans = add(spans, "\n", s)
			}
		case *ast.String:
			spans = add(spans, literal(node.Value), s)
		case *ast.Emphasis:
			inner := s
			inner.bold, inner.italic = s.bold || node.Level == 2, s.italic || node.Level == 1
			spans = append(spans, t.spans(n, inner)...)
		case *ast.Link:
			inner := s
			inner.href = absolute(t.base, string(node.Destination))
			spans = append(spans, t.spans(n, inner)...)
		case *ast.AutoLink:
			inner := s
			address := string(node.URL(t.source))
			if node.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(address, "mailto:") {
				address = "mailto:" + address
			}
			inner.href = absolute(t.base, address)
			spans = add(spans, string(node.Label(t.source)), inner)
		default: // of a picture in the text, what stands for it in words
			spans = append(spans, t.spans(n, s)...)
		}
	}
	return spans
}

// add puts words behind others; words that look alike are one span.
func add(spans []mail.Span, words string, s style) []mail.Span {
	if n := len(spans); n > 0 && spans[n-1].Bold == s.bold && spans[n-1].Italic == s.italic && spans[n-1].Href == s.href {
		spans[n-1].Text += words
		return spans
	}
	return append(spans, mail.Span{Text: words, Bold: s.bold, Italic: s.italic, Href: s.href})
}

// literal is a stretch of markdown as it reads: without backslashes, and with what entities stand for.
func literal(raw []byte) string {
	return string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(raw))))
}

func plain(spans []mail.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\n", " "))
}

var siteName = regexp.MustCompile(`^[\pL\d-]+(\.[\pL\d-]+)+(/|$)`)

// absolute makes of a link as typed one that works in a mail: pages of this site get its address, "www.nhs.uk" gets its
// scheme. What leads nowhere in a mail, or may run script, becomes "".
func absolute(base, link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" {
			return ""
		}
		return u.String()
	case u.Scheme == "mailto" || u.Scheme == "tel":
		return u.String()
	case u.Scheme != "" || u.Path == "":
		return ""
	case u.Host != "":
		return "https:" + u.String()
	case siteName.MatchString(u.Path):
		return "https://" + u.String()
	case strings.HasPrefix(u.Path, "/"):
		return base + u.String()
	}
	return base + "/" + u.String()
}
