package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
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

// roundly is a number to the next ten, so that no difference to a number of people can be told from it.
func roundly(n int) string { return english.Sprintf("%d", (n+5)/10*10) }

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

// method says how the numbers came about.
func (b Board) method() []string {
	return []string{
		"Comments come from surveys, questions to the panel, notes of meetings, letters, emails and telephone calls. What tells who somebody is was struck out.",
		fmt.Sprintf("People read each comment and noted the themes in it. They used version %d of the list of themes. The program suggests themes; it never notes one by itself.", b.Version),
		"Which comments are read next is drawn at random, unless a coder asks for another order.",
		"Where many people sent in much the same words, as in a campaign, those words count once.",
	}
}

// sentences state the base of a table.
func (b Base) sentences() []string {
	lines := []string{fmt.Sprintf("%s from %s count. %s coded, %s.", counted(b.Comments, "comment", "comments"), counted(b.People, "person", "people"),
		counted(b.Coded, "of them is", "of them are"), shareText(b.Coded, b.Comments))}
	if b.None > 0 {
		lines = append(lines, fmt.Sprintf("In %s no theme was found.", counted(b.None, "coded comment", "coded comments")))
	}
	if b.Copies > 0 {
		lines = append(lines, fmt.Sprintf("Left out: %s of campaigns, of which each counts once.", counted(b.Copies, "copy", "copies")))
	}
	if b.Coded < b.Comments {
		lines = append(lines, "Not all are coded. Those that are were drawn at random, unless a coder asked for another order.")
	}
	return lines
}

func (b Board) limits() []string {
	list := []string{
		"Who writes to us is not everybody. Numbers of comments do not say what share of all people think so.",
		"A theme says what a comment is about. It does not say that what was said is right.",
		"Quotes are from people who let us quote them. They show how people put it, and not how many think so.",
	}
	if b.Form.Published {
		return append(list, "Some numbers are hidden or counted together, so rows need not add up.")
	}
	return append(list, "These are the true numbers. They are not for publishing: small ones could show who said what.")
}

// top is the theme that was found most often, of those that stand lowest.
func (m Matrix) top() (top MatrixRow) {
	for _, r := range m.Rows {
		if r.Total > top.Total {
			top = r
		}
	}
	return top
}

// board are the tables of a matrix as a report shows them.
func (m Matrix) board() []BoardNumbers {
	base := "Base: " + strings.Join(m.Base.sentences(), " ")
	all := BoardNumbers{Caption: "Themes: in how many comments each was found", Head: []string{"Theme", "Comments", "Share"}, Base: base,
		Notes: []string{"A theme counts where it was found, or one below it. A comment can have several themes, so the shares add up to more than 100%."}}
	by := BoardNumbers{Caption: "Themes by " + strings.ToLower(m.By.Label), Head: []string{"Theme"}, Base: base}
	for _, c := range m.Columns {
		by.Head = append(by.Head, fmt.Sprintf("%s (%d coded)", c.Label, c.Base.Coded))
	}
	for _, r := range m.Rows {
		all.add(r.Total, m.Base.Coded, r.Theme.Name, strconv.Itoa(r.Total), shareText(r.Total, m.Base.Coded))
		line := []string{r.Theme.Name}
		for i, n := range r.Cells {
			line = append(line, fmt.Sprintf("%d (%s)", n, shareText(n, m.Columns[i].Base.Coded)))
		}
		by.Rows = append(by.Rows, line)
	}
	all.sort()
	return []BoardNumbers{all, by}
}

// shareText is a share as people read it.
func shareText(n, of int) string {
	switch share := float64(n) * 100 / float64(max(of, 1)); {
	case of == 0:
		return "–"
	case n > 0 && share < 0.5:
		return "under 1%"
	case n < of && share > 99.5:
		return "over 99%"
	default:
		return fmt.Sprintf("%.0f%%", share)
	}
}

// byTheme puts quotations under the first theme of their comment, in the order of the codebook.
func (s *Service) byTheme(ctx context.Context, quotes []LockedQuote) (list []BoardQuotes, err error) {
	themes, err := s.AllThemes(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(quotes))
	for i, q := range quotes {
		ids[i] = q.CommentID
	}
	var rows []struct{ CommentID, ThemeID int64 }
	if err := s.DB.Read(ctx).Raw(`SELECT comment_id, theme_id FROM codings WHERE counts AND comment_id IN ? ORDER BY id`, append(ids, 0)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the themes of quotes: %w", err)
	}
	first, known := map[int64]int64{}, map[int64]bool{}
	for _, t := range themes {
		known[t.ID] = true
	}
	for _, r := range rows {
		if first[r.CommentID] == 0 && known[r.ThemeID] {
			first[r.CommentID] = r.ThemeID
		}
	}
	for _, t := range append(themes, Theme{Name: "Other quotes"}) {
		group := BoardQuotes{Theme: t.Name}
		for _, q := range quotes {
			if first[q.CommentID] == t.ID {
				group.Quotes = append(group.Quotes, q)
			}
		}
		if len(group.Quotes) > 0 {
			list = append(list, group)
		}
	}
	return list, nil
}
