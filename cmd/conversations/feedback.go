package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"strings"

	"conversations/app/fault"
	"conversations/app/feedback/classify"
	"conversations/app/sheet"
)

type feedbackCommand struct {
	Suggest feedbackSuggestCommand `cmd:"" help:"Suggest themes for comments, learnt from comments that people have coded. Needs no database."`
}

type feedbackSuggestCommand struct {
	Coded    string `help:"CSV or XLSX file with coded comments: columns id, comment and themes (several separated by |). Other columns are ignored, and so are rows without themes." required:"" placeholder:"CODED.csv"`
	Comments string `help:"File with the comments to suggest themes for: columns id and comment." required:"" placeholder:"NEW.csv"`
	Out      string `help:"File to write: columns id, theme, confidence (0 to 1) and applies (true or false), the best first for each comment. One that is there is replaced." required:"" placeholder:"OUT.csv"`
	Top      int    `help:"How many suggestions for each comment; themes that apply are always among them." default:"5" placeholder:"N"`
}

// Run learns from the coded comments and writes suggestions for the others.
func (c feedbackSuggestCommand) Run(w *world) error {
	format, err := sheet.FormatOf(c.Out)
	if err != nil {
		return err
	}
	if c.Top < 1 {
		return fault.New(fault.Invalid, "--top must be at least 1")
	}
	coded, err := readComments(w, c.Coded, true)
	if err != nil {
		return err
	}
	comments, err := readComments(w, c.Comments, false)
	if err != nil {
		return err
	}
	model, err := learn(w, c.Coded, coded, comments)
	if err != nil {
		return err
	}
	table := sheet.Table{Head: []string{"id", "theme", "confidence", "applies"}, Rows: suggestions(w, model, comments, c.Top)}
	if err := writeWhole(c.Out, format, table); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "Suggestions for %d comments, learnt from %d coded ones, are written to %s.\n", len(comments), len(coded), c.Out)
	return nil
}

// learn trains on what is coded. What is not tells which words are common.
func learn(w *world, file string, coded, comments []classify.Example) (*classify.Model, error) {
	uncoded := make([]string, len(comments))
	for i, comment := range comments {
		uncoded[i] = comment.Text
	}
	model, err := classify.Train(w, coded, nil, classify.Options{Unlabelled: uncoded})
	if errors.Is(err, classify.ErrNoThemes) {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s: no comment in it has a theme, so there is nothing to learn from.", file))
	}
	return model, err
}

// suggestions are the rows to write.
func suggestions(w *world, model *classify.Model, comments []classify.Example, top int) iter.Seq2[[]any, error] {
	show := countOn(w.out, len(comments), "comments")
	return func(yield func([]any, error) bool) {
		for i, comment := range comments {
			if err := w.Err(); err != nil {
				yield(nil, err)
				return
			}
			show(i + 1)
			for rank, s := range model.Suggest(comment.Text) {
				if rank >= top && !s.Applies {
					continue
				}
				if !yield([]any{comment.ID, s.Theme, math.Round(s.Confidence*1e4) / 1e4, fmt.Sprint(s.Applies)}, nil) {
					return
				}
			}
		}
	}
}

// readComments reads a file. Rows that cannot be used are named and left out; where the comments are coded, rows without
// themes too.
func readComments(w *world, file string, coded bool) (comments []classify.Example, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	about, err := f.Stat()
	if err != nil {
		return nil, err
	}
	in, err := sheet.Read(f, about.Size(), sheet.Limits{FileBytes: 1 << 30, Rows: 5_000_000})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	id, text, themes, err := commentColumns(in, file, coded)
	if err != nil {
		return nil, err
	}
	for row, err := range in.Rows() {
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		case len(row.Cells) != len(in.Head):
			fmt.Fprintf(w.errors, "%s, line %d, is left out: %s\n", file, row.Line, row.Trouble)
			continue
		}
		example := classify.Example{ID: row.Cells[id], Text: row.Cells[text]}
		if coded {
			if example.Themes = themesIn(row.Cells[themes]); len(example.Themes) == 0 {
				continue
			}
		}
		comments = append(comments, example)
	}
	return comments, nil
}

func commentColumns(in *sheet.Incoming, file string, coded bool) (id, text, themes int, err error) {
	id, text, themes = in.Column("id"), in.Column("comment"), in.Column("themes")
	var missing []string
	for _, column := range []struct {
		name   string
		at     int
		needed bool
	}{{"id", id, true}, {"comment", text, true}, {"themes", themes, coded}} {
		if column.needed && column.at < 0 {
			missing = append(missing, column.name)
		}
	}
	if len(missing) > 0 {
		return 0, 0, 0, fault.New(fault.Invalid, fmt.Sprintf("%s: there is no column %s. The columns are: %s.", file, strings.Join(missing, ", "), strings.Join(in.Head, ", ")))
	}
	return id, text, themes, nil
}

func themesIn(cell string) (themes []string) {
	for theme := range strings.SplitSeq(cell, "|") {
		if theme = strings.TrimSpace(theme); theme != "" {
			themes = append(themes, theme)
		}
	}
	return themes
}

// countOn shows how far it is where somebody looks: on a terminal.
func countOn(out io.Writer, of int, what string) func(done int) {
	f, is := out.(*os.File)
	if is = is && terminal(f); !is {
		return func(int) {}
	}
	return func(done int) {
		if done == of {
			fmt.Fprint(out, "\r\033[K")
		} else if done%100 == 0 {
			fmt.Fprintf(out, "\r%d of %d %s\033[K", done, of, what)
		}
	}
}
