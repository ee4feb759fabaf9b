package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/fault"
)

// BoardForm is what staff choose and type for a report to the board.
type BoardForm struct {
	Title     string  `form:"title"`
	Summary   string  `form:"summary,lines"` // plain sentences, a paragraph each
	By        string  `form:"by"`            // a dimension
	Published bool    `form:"published"`     // for everybody: small numbers are hidden
	Quotes    []int64 `form:"-"`
	Filter    Filter  `form:"-"` // only of one that is not for everybody
}

const (
	titleLetters   = 120
	summaryLetters = 5000
	mostQuotes     = 60
)

// Board is a report to the board before it is drawn.
type Board struct {
	Form       BoardForm
	At         time.Time
	Version    int64 // of the codebook
	Sentences  []string
	Since      []BoardSince
	Method     []string
	Numbers    []BoardNumbers
	Quotes     []BoardQuotes
	Limits     []string
	released   *Released
	lastReport int64 // the report of the same kind before it
}

// BoardSince is what was done, or not done, since the last report.
type BoardSince struct {
	Heading string
	Lines   []string
}

// BoardNumbers is a table of a report; a bar of 0 to 100 goes with each row where there are bars.
type BoardNumbers struct {
	Caption, Base string
	Head          []string
	Rows          [][]string
	Bars          []int
	Notes         []string
	order         []int
}

func (b *BoardNumbers) add(n, of int, cells ...string) {
	b.Rows, b.order = append(b.Rows, cells), append(b.order, n)
	share := 0
	if of > 0 {
		share = n * 100 / of
	}
	b.Bars = append(b.Bars, share)
}

// sort puts the largest first.
func (b *BoardNumbers) sort() {
	places := make([]int, len(b.Rows))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(x, y int) int { return cmp.Compare(b.order[y], b.order[x]) })
	rows, bars := make([][]string, len(places)), make([]int, len(places))
	for to, from := range places {
		rows[to], bars[to] = b.Rows[from], b.Bars[from]
	}
	b.Rows, b.Bars = rows, bars
}

// BoardQuotes are the quotations of a theme.
type BoardQuotes struct {
	Theme  string
	Quotes []LockedQuote
}

// check refuses what cannot be a report. Locked are the words that may stand in quotation marks.
func (f BoardForm) check(locked []string) error {
	var problems fault.Fields
	switch title := strings.TrimSpace(f.Title); {
	case title == "":
		problems.Add("title", "Enter a title")
	case utf8.RuneCountInString(title) > titleLetters:
		problems.Add("title", fmt.Sprintf("The title can have %d letters at most", titleLetters))
	case strings.ContainsAny(title, placeMarks):
		problems.Add("title", "There is a sign in the title that cannot be printed. Leave it out")
	case len(QuotationProblems(title, nil)) > 0:
		problems.Add("title", "Leave out quotation marks in the title")
	}
	switch summary := strings.TrimSpace(f.Summary); {
	case summary == "":
		problems.Add("summary", "Write in a few plain sentences what people said and what it means")
	case utf8.RuneCountInString(summary) > summaryLetters:
		problems.Add("summary", fmt.Sprintf("The summary can have %d letters at most", summaryLetters))
	case strings.ContainsAny(summary, placeMarks):
		problems.Add("summary", "There is a sign in the summary that cannot be printed. Leave it out")
	default:
		if wrong := QuotationProblems(summary, locked); len(wrong) > 0 {
			problems.Add("summary", strings.Join(wrong, ". "))
		}
	}
	if len(f.Quotes) > mostQuotes {
		problems.Add("quotes", fmt.Sprintf("Choose %d quotes at most", mostQuotes))
	}
	return problems.Err()
}

// PreviewBoard makes a report as it would be issued now. The errors are Invalid faults at the fields title, summary and quotes,
// and a Conflict where too few people are new for a report to everybody.
func (s *Service) PreviewBoard(ctx context.Context, f BoardForm) (b Board, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return b, err
	}
	chosen := []LockedQuote(nil)
	if len(f.Quotes) > 0 {
		if chosen, err = s.Quotes(ctx, QuoteFilter{IDs: f.Quotes}); err != nil {
			return b, err
		}
	}
	words := make([]string, len(chosen))
	for i, q := range chosen {
		words[i] = q.Words
	}
	if err := f.check(words); err != nil {
		return b, err
	}
	b = Board{Form: f, At: s.DB.Now()}
	if b.Version, err = s.Version(ctx); err != nil {
		return b, err
	}
	if err := s.numbersOf(ctx, &b); err != nil {
		return b, err
	}
	if err := s.sinceLast(ctx, &b); err != nil {
		return b, err
	}
	if b.Quotes, err = s.byTheme(ctx, chosen); err != nil {
		return b, err
	}
	b.Limits = b.limits()
	return b, nil
}

// numbersOf counts, for everybody under the rule of releases, or for the board as it is.
func (s *Service) numbersOf(ctx context.Context, b *Board) error {
	if !b.Form.Published {
		return s.trueNumbers(ctx, b)
	}
	b.Form.Filter = Filter{}
	read := s.DB.Read(ctx)
	last, err := lastReleased(read)
	if err != nil {
		return err
	}
	r, err := s.release(ctx, read, b.Form.By, last)
	if err != nil {
		return err
	}
	if last != nil {
		b.lastReport = last.ID
	}
	b.released, b.Numbers = &r, r.shown()
	m, err := s.MatrixOf(ctx, Filter{}, byLocality)
	if err != nil {
		return err
	}
	b.Sentences = []string{fmt.Sprintf("We read what %s told us, in about %s comments.", counted(r.Counts.People, "person", "people"), roundly(m.Base.Coded))}
	if all := b.Numbers[0]; len(all.Rows) > 0 {
		b.Sentences = append(b.Sentences, fmt.Sprintf("The theme that most people raised is %s: %s people, %s.", all.Rows[0][0], all.Rows[0][1], all.Rows[0][2]))
	}
	b.Method = append(b.method(), fmt.Sprintf("About %s comments came in that count. About %s of them were coded.", roundly(m.Base.Comments), roundly(m.Base.Coded)),
		"Numbers of one to four people are hidden, and so is what would give them away: here, in every table, and in comparison with every report before.")
	return nil
}

func (s *Service) trueNumbers(ctx context.Context, b *Board) error {
	m, err := s.MatrixOf(ctx, b.Form.Filter, b.Form.By)
	if err != nil {
		return err
	}
	b.Numbers = m.board()
	b.Sentences = []string{fmt.Sprintf("We looked at %s from %s.", counted(m.Base.Comments, "comment", "comments"), counted(m.Base.People, "person", "people"))}
	if top := m.top(); top.Total > 0 {
		b.Sentences = append(b.Sentences, fmt.Sprintf("The theme that comes up most is %s: %s, %s of those that were coded.", top.Theme.Name, counted(top.Total, "comment", "comments"), shareText(top.Total, m.Base.Coded)))
	}
	b.Method = append(b.method(), m.Base.sentences()...)
	only, _, err := s.filterWords(ctx, b.Form.Filter)
	if only != "" {
		b.Method = append(b.Method, "This report counts only comments with: "+only+".")
	}
	return err
}
