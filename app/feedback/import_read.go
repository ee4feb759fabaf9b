package feedback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/contacts"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// ImportFile is a file of comments as it is sent.
type ImportFile struct {
	Name string
	Data io.ReaderAt
	Size int64 // bytes
}

// importColumns are the columns that are known, with other names that they go by.
var importColumns = map[string]string{
	"id": "id", "comment": "comment", "text": "comment", "source": "source", "event": "event", "locality": "locality", "service": "service", "date": "date", "said_on": "date",
	"themes": "themes", "about": "about", "question": "about", "quote_ok": "quote_ok", "recontact": "recontact",
	// of our own export, and made anew here
	"redaction": "", "copies": "", "same_as": "", "set_aside": "",
}

// importRow is a row that can be used.
type importRow struct {
	NewComment
	line   int
	id     string // as the file has it
	themes []int64
}

// rowReader reads the rows of a file of comments.
type rowReader struct {
	s          *Service
	columns    map[string]int
	unknown    []string // headings
	localities map[string]string
	themes     map[string][]int64
	events     map[string]eventPlace
	seen       map[string]int // rows without an id, by what they hold
}

type eventPlace struct {
	id       int64
	locality string
}

func (s *Service) newRowReader(ctx context.Context, head []string) (*rowReader, error) {
	r := &rowReader{s: s, columns: map[string]int{}, localities: map[string]string{}, themes: map[string][]int64{}, events: map[string]eventPlace{}, seen: map[string]int{}}
	for i, title := range head {
		name, known := importColumns[strings.ReplaceAll(fold(title), " ", "_")]
		switch _, twice := r.columns[name]; {
		case !known:
			r.unknown = append(r.unknown, title)
		case name != "" && !twice:
			r.columns[name] = i
		}
	}
	if _, there := r.columns["comment"]; !there {
		return nil, fault.Fields{{Name: "file", Message: "The file has no column that is called comment"}}.Err()
	}
	for _, l := range s.Config.Localities {
		r.localities[fold(l.Slug)], r.localities[fold(l.Name)] = l.Slug, l.Slug
	}
	var themes []Theme
	if err := s.DB.Read(ctx).Raw("SELECT id, code, name FROM themes WHERE retired_at IS NULL AND merged_into IS NULL").Scan(&themes).Error; err != nil {
		return nil, fmt.Errorf("read the themes: %w", err)
	}
	for _, t := range themes {
		for _, key := range []string{fold(t.Code), "name:" + fold(t.Name)} {
			r.themes[key] = append(r.themes[key], t.ID)
		}
	}
	return r, nil
}

// read gives what a row holds. What is wrong with it comes in plain words, all at once.
func (r *rowReader) read(ctx context.Context, row sheet.Row) (out importRow, wrong []string, err error) {
	if row.Trouble != "" {
		return out, []string{row.Trouble}, nil
	}
	cell := func(name string) string {
		at, there := r.columns[name]
		if !there || at >= len(row.Cells) {
			return ""
		}
		return contacts.Tidy(row.Cells[at])
	}
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	out.line, out.id = row.Line, cell("id")
	if out.Text = clean(row.Cells[r.columns["comment"]]); out.Text == "" {
		complain("There is no comment in the row.")
	} else if utf8.RuneCountInString(out.Text) > TextLetters {
		complain("The comment is too long: it may have 20,000 letters.")
	}
	out.About, out.Service = cell("about"), cell("service")
	if utf8.RuneCountInString(out.About) > aboutLetters || utf8.RuneCountInString(out.Service) > serviceLetters {
		complain("The service may have 100 letters, the question 300.")
	}
	var known bool
	if out.Source, known = sourceOf(cell("source")); !known {
		complain("“%s” is not a source. Write one of %s, or leave it empty.", cell("source"), sourceCodes())
	}
	if err := r.readEvent(ctx, cell("event"), &out, complain); err != nil {
		return out, nil, err
	}
	if name := cell("locality"); name != "" {
		if out.Locality, known = r.localities[fold(name)]; !known {
			complain("There is no locality “%s”.", name)
		}
	}
	if text := cell("date"); text != "" {
		var problem string
		if out.SaidOn, problem = r.s.readDay(text); problem != "" {
			complain("“%s”: %s.", text, problem)
		}
	}
	r.readThemes(cell("themes"), &out, complain)
	for _, yes := range []struct {
		column string
		to     *bool
	}{{"quote_ok", &out.QuoteOK}, {"recontact", &out.Recontact}} {
		switch strings.ToLower(cell(yes.column)) {
		case "", "no", "false", "0":
		case "yes", "true", "1":
			*yes.to = true
		default:
			complain("“%s” under %s is neither yes nor no.", cell(yes.column), yes.column)
		}
	}
	out.SourceKey = r.keyOf(out, row)
	return out, wrong, nil
}

// keyOf knows the same row again. Two files may use the same ids for different words, so the words are in it.
func (r *rowReader) keyOf(out importRow, row sheet.Row) string {
	if out.id != "" {
		return "import:" + digestOf(out.id, out.Text, out.About)
	}
	key := digestOf(row.Cells...)
	r.seen[key]++
	return "import:" + key + ":" + strconv.Itoa(r.seen[key])
}

func (r *rowReader) readEvent(ctx context.Context, slug string, out *importRow, complain func(string, ...any)) error {
	if slug == "" {
		return nil
	}
	e, known := r.events[slug]
	if !known {
		found, err := r.s.Events.BySlug(ctx, slug)
		if err != nil && !notFound(err) {
			return err
		}
		if err == nil {
			e = eventPlace{found.ID, found.Locality}
		}
		r.events[slug] = e
	}
	if e.id == 0 {
		complain("There is no event “%s”.", slug)
		return nil
	}
	out.EventID, out.Locality = &e.id, e.locality
	return nil
}

func (r *rowReader) readThemes(cell string, out *importRow, complain func(string, ...any)) {
	for name := range strings.SplitSeq(cell, "|") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		ids := r.themes[fold(name)]
		if len(ids) == 0 {
			ids = r.themes["name:"+fold(name)]
		}
		switch {
		case len(ids) == 0:
			complain("There is no theme “%s”. Add it first, or empty the cell.", name)
		case len(ids) > 1:
			complain("“%s” is the name of several themes. Write its code.", name)
		case !slices.Contains(out.themes, ids[0]):
			out.themes = append(out.themes, ids[0])
		}
	}
}

func sourceOf(text string) (Source, bool) {
	if text == "" {
		return FromImport, true
	}
	for _, s := range Sources() {
		if fold(text) == fold(string(s)) || fold(text) == fold(s.Words()) {
			return s, true
		}
	}
	return "", false
}

func sourceCodes() string {
	var codes []string
	for _, s := range Sources() {
		codes = append(codes, string(s))
	}
	return strings.Join(codes, ", ")
}

// readDay reads a day as it is written: 2017-02-28, 28/02/2017. The month comes first only where no other way gives a day.
func (s *Service) readDay(text string) (day, problem string) {
	for _, layout := range []string{time.DateOnly, "2/1/2006", "1/2/2006", "2.1.2006", "2006-01-02 15:04", "2006-01-02 15:04:05", time.RFC3339, "2 January 2006", "2 Jan 2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			day = at.Format(time.DateOnly)
			return day, s.checkDay(day)
		}
	}
	return "", "write the day as 2017-02-28"
}

// faultOf is the fault in an error; never nil.
func faultOf(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	return &fault.Error{}
}

// atFile has what is wrong with a file said at its field.
func atFile(err error) error {
	f := faultOf(err)
	if f.Kind != fault.Invalid || len(f.Fields) > 0 {
		return err
	}
	return fault.Fields{{Name: "file", Message: f.Message}}.Err()
}
