package events

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// firstHeading is the level that a description's largest headings get: the page above it has h1 and h2.
const firstHeading = 3

// linkRelation is on every link of a description: the programme does not vouch for what others link to.
const linkRelation = "nofollow noopener"

var (
	markdown  = goldmark.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(house{}, 100))))
	sanitiser = descriptionPolicy()
)

// RenderMarkdown turns a description into HTML that is safe to place in a page: no script, no style, no picture.
func RenderMarkdown(source string) (string, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(source), &b); err != nil {
		return "", fmt.Errorf("render a description: %w", err)
	}
	return sanitiser.Sanitize(b.String()), nil
}

func descriptionPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + linkRelation + "$")).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// house lowers headings below the page's own, so that the largest are of the first level free and none is skipped
// above them, and marks links.
type house struct{}

// Transform is called by goldmark with each document.
func (house) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var headings []*ast.Heading
	largest := 6
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch node := n.(type) {
		case *ast.Heading:
			if entering {
				headings = append(headings, node)
				largest = min(largest, node.Level)
			}
		case *ast.Link, *ast.AutoLink:
			node.SetAttributeString("rel", []byte(linkRelation))
		}
		return ast.WalkContinue, nil
	})
	for _, h := range headings {
		h.Level = min(h.Level-largest+firstHeading, 6)
	}
}
