package newsletters

// Words is a piece of a letter as a page shows it: a heading, a paragraph, a list or a picture, by Kind.
type Words struct {
	Kind    string // heading, paragraph, list, picture
	Text    string // of a heading
	Level   int    // of a heading: 2 below the page's own
	Spans   []Span
	Items   [][]Span
	Ordered bool
	Src     string
	Alt     string
}

// Span is a stretch of words that look alike.
type Span struct {
	Text   string
	Bold   bool
	Italic bool
	Href   string
}
