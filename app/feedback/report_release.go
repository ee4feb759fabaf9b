package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/disclosure"
	"conversations/app/fault"
)

// Released is what a published report tells in numbers: no number in it, and no difference of numbers to those published
// before, is one to four people. People are counted, not comments. A theme counts here where it was found itself, not where
// one below it was: the difference between the two would tell of a few.
type Released struct {
	By      string             `json:"by,omitempty"`
	ByLabel string             `json:"by_label,omitempty"`
	Themes  []ReleasedTheme    `json:"themes"`
	Counts  disclosure.Release `json:"counts"`
}

// ReleasedTheme is a theme in a release.
type ReleasedTheme struct {
	Key  string `json:"key"` // of its variable
	Name string `json:"name"`
}

// releaseDimensions are what themes can be counted by for everybody.
func releaseDimension(by string) bool {
	return by == byLocality || by == bySource || by == byService || strings.HasPrefix(by, equalityPrefix)
}

// release makes the next release from all comments that count and were coded; last is the one before it, nil where there is
// none. What themes are counted by is settled by the first release. The error is a Conflict fault where too few are new.
func (s *Service) release(ctx context.Context, read *gorm.DB, by string, last *lastReport) (r Released, err error) {
	if last != nil {
		by = last.released.By
	}
	if !releaseDimension(by) {
		return r, fault.New(fault.Invalid, "Choose what to count by from the list.")
	}
	d, err := s.dimension(read, by)
	if err != nil {
		return r, err
	}
	n, err := s.countPeople(ctx, read, by, last)
	if err != nil {
		return r, err
	}
	r = Released{By: by, ByLabel: d.Label, Themes: n.themes}
	var before *disclosure.Release
	if last != nil {
		before = &last.released.Counts
	}
	r.Counts, err = disclosure.Publish(n.people, n.tables(), before)
	if errors.Is(err, disclosure.ErrTooFew) {
		return r, fault.New(fault.Conflict, "The comments of fewer than five people are coded, or of fewer than five more than at the last time. The difference would show what they said. Wait until more comments are coded.")
	}
	return r, err
}

// lastReport is the last report that was published, with its numbers.
type lastReport struct {
	Report
	released Released
}

// lastReleased is nil where nothing was published yet.
func lastReleased(read *gorm.DB) (*lastReport, error) {
	var l lastReport
	err := database.First(read.Raw(`SELECT id, tables, issued_at FROM reports WHERE published ORDER BY id DESC LIMIT 1`), &l.Report)
	if database.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was published last: %w", err)
	}
	if err := json.Unmarshal([]byte(l.Tables), &l.released); err != nil {
		return nil, fmt.Errorf("read the tables of report %d: %w", l.ID, err)
	}
	return &l, nil
}

// peopleCount counts people by the themes in what they said, each person once.
type peopleCount struct {
	people    int
	variables []disclosure.Variable // of the themes
	themes    []ReleasedTheme
	by        disclosure.Variable
	columns   []int   // people by column
	raised    [][]int // by theme and column
	at        map[int64]int
}

func (s *Service) countPeople(ctx context.Context, read *gorm.DB, by string, last *lastReport) (*peopleCount, error) {
	n := &peopleCount{at: map[int64]int{}}
	if err := n.readVariables(read, last); err != nil {
		return nil, err
	}
	base, args := s.baseOf(Filter{}, by)
	var rows []struct {
		Who, Col string
		ThemeID  int64
	}
	err := read.Raw(`WITH `+base+` SELECT base.who, base.col, coalesce(k.theme_id, 0) AS theme_id FROM base LEFT JOIN codings k ON k.comment_id = base.id AND k.counts
		WHERE base.coded IS NOT NULL ORDER BY base.who, base.id`, args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count people by theme: %w", err)
	}
	codes := make([]string, len(rows))
	for i, r := range rows {
		codes[i] = r.Col
	}
	if err := s.readColumns(ctx, n, by, codes, last); err != nil {
		return nil, err
	}
	column := map[string]int{}
	for i, code := range n.by.Codes {
		column[code] = i
	}
	n.columns, n.raised = make([]int, len(n.by.Codes)), make([][]int, len(n.variables))
	for i := range n.raised {
		n.raised[i] = make([]int, len(n.by.Codes))
	}
	for i := 0; i < len(rows); {
		end, said := i, map[int]bool{}
		for end < len(rows) && rows[end].Who == rows[i].Who {
			if at, known := n.at[rows[end].ThemeID]; known {
				said[at] = true
			}
			end++
		}
		where := column[rows[i].Col]
		n.people++
		n.columns[where]++
		for at := range said {
			n.raised[at][where]++
		}
		i = end
	}
	return n, nil
}

// readVariables makes a variable for each live theme: raised, or not.
func (n *peopleCount) readVariables(read *gorm.DB, last *lastReport) error {
	themes, err := readThemes(read)
	if err != nil {
		return err
	}
	parents := map[int64]bool{}
	for _, t := range themes {
		parents[t.Parent()] = true
	}
	for _, t := range themes {
		if !t.Live() {
			continue
		}
		v := disclosure.Variable{Key: fmt.Sprintf("t%d", t.ID), Categories: []string{"Raised", "Not raised"}, Codes: []string{"1", "0"}, NoAnswer: 2,
			New: last != nil && t.CreatedAt.After(last.IssuedAt)}
		name := t.Name
		if parents[t.ID] {
			name += " (in general)"
		}
		n.at[t.ID] = len(n.variables)
		n.variables, n.themes = append(n.variables, v), append(n.themes, ReleasedTheme{Key: v.Key, Name: name})
	}
	return nil
}

// readColumns makes the variable that themes are counted by: what the last release knew, then what has come since.
func (s *Service) readColumns(ctx context.Context, n *peopleCount, by string, codes []string, last *lastReport) error {
	names, order, err := s.columnNames(ctx, by)
	if err != nil {
		return err
	}
	n.by = disclosure.Variable{Key: by}
	if last != nil {
		if own := last.released.Counts.Table(by, ""); own != nil {
			n.by.Codes = slices.Clone(own.Rows.Codes)
		}
	}
	slices.Sort(codes)
	for _, code := range slices.Concat(order, slices.Compact(codes), []string{""}) {
		if !slices.Contains(n.by.Codes, code) {
			n.by.Codes = append(n.by.Codes, code)
		}
	}
	for _, code := range n.by.Codes {
		n.by.Categories = append(n.by.Categories, columnLabel(names, by, code))
	}
	return nil
}

// tables are those of each theme alone, that of the columns alone, then those of both.
func (n *peopleCount) tables() (list []disclosure.Table) {
	for i, v := range n.variables {
		raised := 0
		for _, people := range n.raised[i] {
			raised += people
		}
		list = append(list, disclosure.Table{Rows: v, Cells: [][]int{{raised}, {n.people - raised}}})
	}
	own := disclosure.Table{Rows: n.by}
	for _, people := range n.columns {
		own.Cells = append(own.Cells, []int{people})
	}
	list = append(list, own)
	for i, v := range n.variables {
		not := make([]int, len(n.columns))
		for j, people := range n.columns {
			not[j] = people - n.raised[i][j]
		}
		list = append(list, disclosure.Table{Rows: v, Columns: &n.by, Cells: [][]int{n.raised[i], not}})
	}
	return list
}

// shown is what a release tells, as tables of words: each theme, and each theme by what was settled.
func (r Released) shown() (tables []BoardNumbers) {
	all := BoardNumbers{Caption: "Themes: how many people raised each", Head: []string{"Theme", "People", "Share"}, Base: r.base()}
	hidden := 0
	for _, t := range r.Themes {
		own := r.Counts.Table(t.Key, "")
		if own == nil || len(own.RowGroups) == 1 {
			hidden++
			continue
		}
		people := own.Cells[0][0]
		all.add(people, r.Counts.People, t.Name, strconv.Itoa(people), shareText(people, r.Counts.People))
	}
	if hidden > 0 {
		all.Notes = append(all.Notes, fmt.Sprintf("%d themes are not shown, because few people raised them, or because too little has changed since the last report.", hidden))
	}
	all.sort()
	tables = append(tables, all)
	if own := r.Counts.Table(r.By, ""); own != nil && len(own.RowGroups) > 1 {
		t := BoardNumbers{Caption: "People by " + strings.ToLower(r.ByLabel), Head: []string{r.ByLabel, "People", "Share"}, Base: r.base()}
		for i := range own.RowGroups {
			t.add(own.Cells[i][0], r.Counts.People, own.RowLabel(i), strconv.Itoa(own.Cells[i][0]), shareText(own.Cells[i][0], r.Counts.People))
		}
		tables = append(tables, t)
	}
	return append(tables, r.crossed()...)
}

func (r Released) base() string {
	return fmt.Sprintf("Base: %s whose comments were coded. Each person counts once.", counted(r.Counts.People, "person", "people"))
}

// crossed are the themes by what was settled. Each has columns of its own, because others are counted together in each.
func (r Released) crossed() (tables []BoardNumbers) {
	t := BoardNumbers{Caption: "Themes by " + strings.ToLower(r.ByLabel), Head: []string{"Theme", r.ByLabel, "People", "Of", "Share"}, Base: r.base()}
	for _, theme := range r.Themes {
		both := r.Counts.Table(theme.Key, r.By)
		if both == nil || len(both.RowGroups) == 1 || len(both.ColumnGroups) < 2 {
			continue
		}
		for j := range both.ColumnGroups {
			of := both.Cells[0][j] + both.Cells[1][j]
			t.Rows = append(t.Rows, []string{theme.Name, both.ColumnLabel(j), strconv.Itoa(both.Cells[0][j]), strconv.Itoa(of), shareText(both.Cells[0][j], of)})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []BoardNumbers{t}
}
