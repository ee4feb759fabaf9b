package mail

// BlockKind says what a block of a mail is.
type BlockKind string

// The kinds of block.
const (
	HeadingBlock   BlockKind = "heading"
	ParagraphBlock BlockKind = "paragraph"
	ListBlock      BlockKind = "list"
	ButtonBlock    BlockKind = "button"
	TableBlock     BlockKind = "table"
	PictureBlock   BlockKind = "picture"
)

// Block is a piece of a mail, written once and shown twice: in the HTML and in the text. All of it is plain text.
type Block struct {
	Kind      BlockKind   `json:"kind"`
	Text      string      `json:"text,omitempty"`
	Level     int         `json:"level,omitempty"` // of a heading, 2 or 3; 0: the first of a mail is 1, the others 2
	Spans     []Span      `json:"spans,omitempty"` // of a paragraph, instead of Text
	Items     []string    `json:"items,omitempty"`
	ItemSpans [][]Span    `json:"item_spans,omitempty"` // of a list, instead of Items
	Ordered   bool        `json:"ordered,omitempty"`    // of a list: 1, 2, 3
	Href      string      `json:"href,omitempty"`
	Rows      [][2]string `json:"rows,omitempty"`
	Src       string      `json:"src,omitempty"`   // of a picture: an absolute address
	Alt       string      `json:"alt,omitempty"`   // of a picture: what it shows, in words
	Width     int         `json:"width,omitempty"` // of a picture, in CSS pixels; 0: as wide as the letter
	Lang      string      `json:"lang,omitempty"`  // of a paragraph or button: its language, as "ur"; "" is that of the mail
}

// In is the block as being in another language than the mail.
func (b Block) In(language string) Block {
	b.Lang = language
	return b
}

// Span is a stretch of words that look alike.
type Span struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
	Href   string `json:"href,omitempty"` // an absolute address; "" where the words are no link
}

// Heading is a line that names what follows.
func Heading(text string) Block { return Block{Kind: HeadingBlock, Text: text} }

// Subheading is a heading of a level, 2 or 3.
func Subheading(level int, text string) Block {
	return Block{Kind: HeadingBlock, Text: text, Level: level}
}

// Paragraph is running text. A line break in it stays one; an empty line begins a new paragraph.
func Paragraph(text string) Block { return Block{Kind: ParagraphBlock, Text: text} }

// Prose is a paragraph of words with bold, italics and links among them. A line break in it stays one.
func Prose(spans ...Span) Block { return Block{Kind: ParagraphBlock, Spans: spans} }

// List is points without an order.
func List(items ...string) Block { return Block{Kind: ListBlock, Items: items} }

// Points is a list whose items have bold, italics and links in them.
func Points(ordered bool, items ...[]Span) Block {
	return Block{Kind: ListBlock, Ordered: ordered, ItemSpans: items}
}

// Button is a link that stands out. href is absolute and is shown in full in the text.
func Button(text, href string) Block { return Block{Kind: ButtonBlock, Text: text, Href: href} }

// Table is names and their values: {"When", "Tuesday 28 February 2017, 7pm"}.
func Table(rows ...[2]string) Block { return Block{Kind: TableBlock, Rows: rows} }

// Picture is a picture at an absolute address. Many readers do not load it, so alt says what it shows. width is in
// CSS pixels, 0 for as wide as the letter.
func Picture(src, alt string, width int) Block {
	return Block{Kind: PictureBlock, Src: src, Alt: alt, Width: width}
}

// items gives the points of a list as spans, however they were written.
func (b Block) items() [][]Span {
	if b.ItemSpans != nil {
		return b.ItemSpans
	}
	items := make([][]Span, len(b.Items))
	for i, item := range b.Items {
		items[i] = []Span{{Text: item}}
	}
	return items
}

// prose gives the words of a paragraph as spans, however they were written.
func (b Block) prose() []Span {
	if b.Spans != nil {
		return b.Spans
	}
	return []Span{{Text: b.Text}}
}
