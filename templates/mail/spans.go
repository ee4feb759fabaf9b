package mail

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// look is what stands on every link: before its address, and behind.
type look struct{ before, behind string }

// mailLook is for mails, which have no style sheet of their own.
var mailLook = look{before: `class="link" `, behind: ` style="color:#005eb8;"`}

// Words writes words as spans does, for a page with a style sheet of its own.
func Words(spans []Span) templ.Component { return written(spans, look{}) }

func spans(spans []Span) templ.Component { return written(spans, mailLook) }

// written writes words with bold, italics and links among them; line breaks stay. It is written by hand, because a
// template adds spaces between what stands on lines of its own, which would part a word from its full stop.
func written(spans []Span, links look) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, s := range spans {
			s.write(&out, links)
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

func (s Span) write(out *strings.Builder, links look) {
	var ends []string
	begin := func(tag, end string) {
		out.WriteString(tag)
		ends = append(ends, end)
	}
	if s.Href != "" {
		begin(`<a `+links.before+`href="`+templ.EscapeString(string(templ.URL(s.Href)))+`"`+links.behind+`>`, "</a>")
	}
	if s.Bold {
		begin("<strong>", "</strong>")
	}
	if s.Italic {
		begin("<em>", "</em>")
	}
	out.WriteString(strings.ReplaceAll(templ.EscapeString(s.Text), "\n", "<br>"))
	for i := len(ends) - 1; i >= 0; i-- {
		out.WriteString(ends[i])
	}
}
