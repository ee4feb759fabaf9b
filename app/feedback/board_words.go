package feedback

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// roundly is a number to the next ten, so that no difference to a number of people can be told from it.
func roundly(n int) string { return english.Sprintf("%d", (n+5)/10*10) }

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
