package nhs

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// canonical writes HTML in one form, whatever its indentation and the order of its attributes: a line for each
// tag and each run of words. White space counts as in a browser: between words and inline elements it is one
// space wherever it is written, at the edge of a block it is nothing.
func canonical(t *testing.T, source string) string {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		t.Fatal(err)
	}
	var w canonicalWriter
	for _, node := range nodes {
		w.node(node)
	}
	return strings.Join(w.lines, "\n")
}

type canonicalWriter struct {
	lines    []string
	inWords  bool // words have been written since the last edge of a block
	spaceDue bool
	verbatim bool
}

var inline = []atom.Atom{atom.A, atom.Abbr, atom.B, atom.Code, atom.Em, atom.I, atom.Span, atom.Strong}

func (w *canonicalWriter) node(node *html.Node) {
	switch node.Type {
	case html.TextNode:
		w.words(node.Data)
	case html.ElementNode:
		if isNHSLogo(node) {
			return
		}
		w.element(node)
	}
}

// isNHSLogo finds the one thing in the examples that we leave out on purpose.
func isNHSLogo(node *html.Node) bool {
	return node.Data == "svg" && slices.ContainsFunc(node.Attr, func(a html.Attribute) bool {
		return a.Key == "class" && a.Val == "nhsuk-header__logo"
	})
}

func (w *canonicalWriter) element(node *html.Node) {
	block := !slices.Contains(inline, node.DataAtom)
	w.edge(block)
	w.lines = append(w.lines, "<"+node.Data+attributesInOrder(node)+">")
	before := w.verbatim
	w.verbatim = before || node.DataAtom == atom.Textarea || node.DataAtom == atom.Pre
	for child := range node.ChildNodes() {
		w.node(child)
	}
	w.verbatim = before
	w.edge(block)
	w.lines = append(w.lines, "</"+node.Data+">")
}

func (w *canonicalWriter) edge(block bool) {
	if block {
		w.inWords, w.spaceDue = false, false
	}
}

func (w *canonicalWriter) words(text string) {
	if w.verbatim {
		w.lines = append(w.lines, "|"+text+"|")
		return
	}
	words := strings.Fields(text)
	if startsWithSpace(text) || len(words) == 0 {
		w.spaceDue = true
	}
	if len(words) == 0 {
		return
	}
	line := strings.Join(words, " ")
	if w.spaceDue && w.inWords {
		line = "␣" + line
	}
	w.lines = append(w.lines, line)
	w.inWords = true
	w.spaceDue = startsWithSpace(text[len(text)-1:])
}

func startsWithSpace(text string) bool {
	return text != "" && strings.ContainsRune(" \t\r\n", rune(text[0]))
}

func attributesInOrder(node *html.Node) string {
	list := make([]string, len(node.Attr))
	for i, attribute := range node.Attr {
		list[i] = " " + attribute.Key + "=" + attribute.Val
	}
	slices.Sort(list)
	return strings.Join(list, "")
}
