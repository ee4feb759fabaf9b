package feedback

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"strconv"
	"strings"

	pages "conversations/templates/feedback"
)

// Removed stands where the words of a comment stood.
const Removed = "removed on request"

// placeMarks are signs that no comment holds which is quoted. While a report is drawn they say where the words of a comment
// begin, whose they are, and where they end.
const (
	placeBegins = '\ue0f0'
	placeNamed  = '\ue0f1'
	placeEnds   = '\ue0f2'
	placeMarks  = string(placeBegins) + string(placeNamed) + string(placeEnds)
)

// marked are quoted words with the signs around them.
func marked(commentID int64, words string) string {
	return fmt.Sprintf("%c%d%c“%s”%c", placeBegins, commentID, placeNamed, words, placeEnds)
}

// document makes the document of a report, and says where in it the words of comments stand.
func (s *Service) document(ctx context.Context, b Board) (content []byte, places []Place, err error) {
	var out bytes.Buffer
	if err := pages.BoardDocument(s.boardView(b)).Render(ctx, &out); err != nil {
		return nil, nil, fmt.Errorf("draw the report: %w", err)
	}
	return unmark(out.Bytes())
}

// unmark takes the signs out of a document.
func unmark(drawn []byte) (content []byte, places []Place, err error) {
	for {
		before, rest, more := bytes.Cut(drawn, []byte(string(placeBegins)))
		content = append(content, before...)
		if !more {
			return content, places, nil
		}
		id, rest, named := bytes.Cut(rest, []byte(string(placeNamed)))
		words, rest, ends := bytes.Cut(rest, []byte(string(placeEnds)))
		comment, err := strconv.ParseInt(string(id), 10, 64)
		if err != nil || !named || !ends {
			return nil, nil, fmt.Errorf("a quote in the report is not whole")
		}
		p := Place{CommentID: comment, StartAt: len(content)}
		content = append(content, words...)
		p.EndAt = len(content)
		places, drawn = append(places, p), rest
	}
}

// printed are the words that stand at a place, without their quotation marks.
func (p Place) printed(content []byte) string {
	if p.StartAt < 0 || p.EndAt > len(content) || p.StartAt > p.EndAt {
		return ""
	}
	words := html.UnescapeString(string(content[p.StartAt:p.EndAt]))
	return strings.TrimSuffix(strings.TrimPrefix(words, "“"), "”")
}

// boardView is what the document shows. What was typed and holds a chosen quotation gets its marks, too.
func (s *Service) boardView(b Board) pages.BoardView {
	v := pages.BoardView{Title: strings.TrimSpace(b.Form.Title), Issued: s.dayText(b.At), Version: strconv.FormatInt(b.Version, 10), NotForPublishing: !b.Form.Published,
		Programme: s.Config.Programme.Name, Sentences: b.Sentences, Method: b.Method, Limits: b.Limits}
	for paragraph := range strings.SplitSeq(strings.TrimSpace(b.Form.Summary), "\n\n") {
		if text := strings.Join(strings.Fields(paragraph), " "); text != "" {
			v.Summary = append(v.Summary, b.markQuotes(text))
		}
	}
	for _, since := range b.Since {
		v.Since = append(v.Since, pages.BoardSince{Heading: since.Heading, Lines: since.Lines})
	}
	for _, n := range b.Numbers {
		v.Numbers = append(v.Numbers, pages.BoardNumbers{Caption: n.Caption, Base: n.Base, Head: n.Head, Rows: n.Rows, Bars: n.Bars, Notes: n.Notes})
	}
	for _, group := range b.Quotes {
		g := pages.BoardQuotes{Theme: group.Theme}
		for _, q := range group.Quotes {
			g.Quotes = append(g.Quotes, pages.BoardQuote{Words: marked(q.CommentID, q.Words), Label: s.quoteLabel(q)})
		}
		v.Quotes = append(v.Quotes, g)
	}
	return v
}

// markQuotes puts the words of the chosen quotations in the place of those that were typed in quotation marks: what stands
// there comes from the comment.
func (b Board) markQuotes(text string) string {
	letters := []rune(text)
	plain := []rune(spaced(text)) // the same letters, with plain apostrophes
	var out strings.Builder
	for i := 0; i < len(letters); i++ {
		ends, begins := closing[plain[i]]
		if !begins || single(plain[i]) && inWord(plain, i-1) {
			out.WriteRune(letters[i])
			continue
		}
		length, words := b.quoteAt(plain[i+1:], ends)
		if length == 0 {
			words = string(letters[i])
		}
		out.WriteString(words)
		i += length
	}
	return out.String()
}

// quoteAt is the chosen quotation that stands at the beginning of letters, with its signs, and how long it is there; 0 is none.
func (b Board) quoteAt(letters []rune, ends string) (length int, words string) {
	for _, group := range b.Quotes {
		for _, q := range group.Quotes {
			if n := knownLength(letters, ends, []string{spaced(q.Words)}); n > length {
				length, words = n, marked(q.CommentID, q.Words)
			}
		}
	}
	return length, words
}
