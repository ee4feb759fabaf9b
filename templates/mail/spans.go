package mail

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// spans writes words with bold, italics and links among them; line breaks stay. It is written by hand, because a
// template adds spaces between what stands on lines of its own, which would part a word from its full stop.
func spans(spans []Span) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, s := range spans {
			s.write(&out)
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

func (s Span) write(out *strings.Builder) {
	var ends []string
	begin := func(tag, end string) {
		out.WriteString(tag)
		ends = append(ends, end)
	}
	if s.Href != "" {
		begin(`<a class="link" href="`+templ.EscapeString(string(templ.URL(s.Href)))+`" style="color:#005eb8;">`, "</a>")
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
