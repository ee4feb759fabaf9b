package disclosure_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"conversations/app/disclosure"
)

func locality() disclosure.Variable {
	return disclosure.Variable{Key: "locality", Categories: []string{"Dacorum", "Watford", "St Albans", "Hertsmere"}}
}

func rating() disclosure.Variable {
	return disclosure.Variable{Key: "rating", Categories: []string{"Poor", "Fair", "Good", "No answer"}, Ordered: true}
}

func TestSmallCountsAreMergedWithTheirNeighbours(t *testing.T) {
	release, err := disclosure.Publish(60, []disclosure.Table{{Rows: rating(), Cells: [][]int{{3}, {20}, {30}, {7}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := release.Tables[0]
	if want := [][]int{{23}, {30}, {7}}; !equal(got.Cells, want) || got.RowLabel(0) != "Poor, or Fair" {
		t.Errorf("published %v, the first called %q", got.Cells, got.RowLabel(0))
	}
}

func TestNobodyIsAnAnswerThatCanBeTold(t *testing.T) {
	release, err := disclosure.Publish(50, []disclosure.Table{{Rows: rating(), Cells: [][]int{{0}, {20}, {30}, {0}}}}, nil)
	if err != nil || !equal(release.Tables[0].Cells, [][]int{{0}, {20}, {30}, {0}}) {
		t.Errorf("published %v, %v", release.Tables, err)
	}
}

func TestFewPeopleAreNotPublishedAtAll(t *testing.T) {
	for people, want := range map[int]error{0: disclosure.ErrTooFew, 4: disclosure.ErrTooFew, 5: nil} {
		if _, err := disclosure.Publish(people, nil, nil); !errors.Is(err, want) {
			t.Errorf("%d people: %v", people, err)
		}
	}
}

func TestFewMorePeopleWaitForTheNextRelease(t *testing.T) {
	first, err := disclosure.Publish(50, []disclosure.Table{{Rows: rating(), Cells: [][]int{{10}, {20}, {15}, {5}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := disclosure.Publish(53, nil, &first); !errors.Is(err, disclosure.ErrTooFew) {
		t.Errorf("three more people: %v", err)
	}
	// Ten more, of whom two said Poor: that would be seen in the difference.
	second, err := disclosure.Publish(60, []disclosure.Table{{Rows: rating(), Cells: [][]int{{12}, {28}, {15}, {5}}}}, &first)
	if err != nil || !equal(second.Tables[0].Cells, [][]int{{40}, {15}, {5}}) {
		t.Fatalf("published %v, %v", second.Tables, err)
	}
	// What was merged stays merged, though the numbers have grown.
	third, err := disclosure.Publish(90, []disclosure.Table{{Rows: rating(), Cells: [][]int{{22}, {38}, {25}, {5}}}}, &second)
	if err != nil || !equal(third.Tables[0].Cells, [][]int{{60}, {25}, {5}}) {
		t.Errorf("published %v, %v", third.Tables, err)
	}
}

func TestATableOfTwoVariablesIsMergedInAllItsRowsAlike(t *testing.T) {
	places := locality()
	tables := []disclosure.Table{
		{Rows: rating(), Cells: [][]int{{20}, {40}, {40}, {0}}},
		{Rows: places, Cells: [][]int{{25}, {25}, {25}, {25}}},
		{Rows: rating(), Columns: &places, Cells: [][]int{{5, 6, 7, 2}, {10, 9, 8, 13}, {10, 10, 10, 10}, {0, 0, 0, 0}}},
	}
	release, err := disclosure.Publish(100, tables, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range release.Tables {
		for _, line := range p.Cells {
			if len(line) != len(p.ColumnGroups) {
				t.Errorf("a row has %d cells under %d columns", len(line), len(p.ColumnGroups))
			}
			for _, cell := range line {
				if cell > 0 && cell < disclosure.Smallest {
					t.Errorf("%d people are published", cell)
				}
			}
		}
	}
	if release.Tables[2].Hidden() {
		t.Error("the table was merged to nothing, though two columns would have been enough")
	}
}

// Whoever knows everything that was published, in all releases, cannot work out any count of one to four people: not
// of one category, not of two or three together, not of those who came in between two releases.
func TestNothingPublishedPinsAFewPeople(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(seed)
			published := w.releases(t, disclosure.Publish)
			if pinned := w.pinned(published); len(pinned) > 0 {
				t.Errorf("worked out: %v", pinned)
			}
		})
	}
}

// A rule that hides everything would be safe and useless.
func TestMostOfWhatWasSaidIsPublished(t *testing.T) {
	tables, hidden := 0, 0
	for seed := range uint64(15) {
		for _, r := range newWorld(seed).releases(t, disclosure.Publish) {
			for _, p := range r.Tables {
				tables++
				if p.Hidden() {
					hidden++
				}
			}
		}
	}
	if hidden*3 > tables {
		t.Errorf("%d of %d tables show nothing", hidden, tables)
	}
}

// The solver is worth something only if it finds what a careless rule gives away: blanking small cells and no more.
func TestBlankingSmallCellsAloneGivesThemAway(t *testing.T) {
	found := 0
	for seed := range uint64(3) {
		w := newWorld(seed)
		published := w.releases(t, func(people int, tables []disclosure.Table, _ *disclosure.Release) (disclosure.Release, error) {
			return blanked(people, tables), nil
		})
		found += len(w.pinned(published))
	}
	if found == 0 {
		t.Error("the solver pins nothing, though totals stand beside blank cells")
	}
}

// A ring of tables can give a few people away, though every number in them is large: A by B, B by C, C by A.
func TestTablesThatFormARingAreRefused(t *testing.T) {
	a, b, c := locality(), rating(), disclosure.Variable{Key: "loop", Categories: []string{"Chosen", "Not chosen"}}
	_, err := disclosure.Publish(50, []disclosure.Table{{Rows: a, Columns: &b}, {Rows: b, Columns: &c}, {Rows: c, Columns: &a}}, nil)
	if !errors.Is(err, disclosure.ErrRing) {
		t.Errorf("a ring is %v", err)
	}
}

// Who was asked follows from the question before: "no answer, or not asked" would give away who gave no answer.
func TestThoseWhoWereNotAskedAreNeverMergedWithOthers(t *testing.T) {
	used := disclosure.Variable{Key: "used", Categories: []string{"Yes", "No", "No answer"}, NoAnswer: 3}
	ease := disclosure.Variable{Key: "ease", Categories: []string{"Hard", "Easy", "No answer", "Was not asked"}, NoAnswer: 3, Asked: &disclosure.Asked{Key: "used"}}
	publish := func(usedCells, easeCells [][]int) []disclosure.Published {
		r, err := disclosure.Publish(60, []disclosure.Table{{Rows: used, Cells: usedCells}, {Rows: ease, Cells: easeCells}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Tables
	}
	got := publish([][]int{{30}, {30}, {0}}, [][]int{{8}, {20}, {2}, {30}})[1]
	if !equal(got.RowGroups, [][]int{{0, 2}, {1}, {3}}) {
		t.Errorf("published %v", got.RowGroups)
	}
	// Where "Yes" is not published by itself, neither is what only they were asked: 3 gave no answer to the first.
	got = publish([][]int{{57}, {0}, {3}}, [][]int{{37}, {20}, {0}, {3}})[1]
	if !got.Hidden() {
		t.Errorf("published %v of those whose number is hidden", got.Cells)
	}
}

// Where everybody must choose, the answers together tell how many chose more than one.
func TestAnswersThatAddUpToAFewMoreThanThePeopleAreNotAllPublished(t *testing.T) {
	option := func(key string) disclosure.Variable {
		return disclosure.Variable{Key: key, Categories: []string{"Chosen", "Not chosen"}}
	}
	tables := []disclosure.Table{{Rows: option("a"), Cells: [][]int{{12}, {8}}}, {Rows: option("b"), Cells: [][]int{{11}, {9}}}}
	for required, want := range map[bool]int{true: 1, false: 0} {
		r, err := disclosure.PublishAll(20, tables, []disclosure.Several{{Keys: []string{"a", "b"}, Required: required}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		hidden := 0
		for _, p := range r.Tables {
			if p.Hidden() {
				hidden++
			}
		}
		if hidden != want {
			t.Errorf("required %v: %d answers are hidden", required, hidden)
		}
	}
}

// A question that is added later had no answer from anybody before.
func TestAQuestionAddedLaterDoesNotTellHowManyNewPeopleLeftItOut(t *testing.T) {
	first, err := disclosure.Publish(50, []disclosure.Table{{Rows: rating(), Cells: [][]int{{10}, {20}, {15}, {5}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	added := disclosure.Variable{Key: "added", Categories: []string{"Yes", "No", "No answer"}, NoAnswer: 3, New: true}
	second, err := disclosure.Publish(70, []disclosure.Table{{Rows: rating(), Cells: [][]int{{15}, {25}, {20}, {10}}}, {Rows: added, Cells: [][]int{{9}, {9}, {52}}}}, &first)
	if err != nil {
		t.Fatal(err)
	}
	if got := second.Tables[1].RowGroups; !equal(got, [][]int{{0, 2}, {1}}) && !equal(got, [][]int{{0}, {1, 2}}) {
		t.Errorf("published %v %v", got, second.Tables[1].Cells)
	}
}

// blanked publishes every number that is not small, with everything that is in its row.
func blanked(people int, tables []disclosure.Table) disclosure.Release {
	r := disclosure.Release{People: people}
	for _, t := range tables {
		p := disclosure.Published{Rows: t.Rows, Columns: t.Columns, ColumnGroups: [][]int{{0}}}
		if t.Columns != nil {
			p.ColumnGroups = nil
			for j := range t.Columns.Categories {
				p.ColumnGroups = append(p.ColumnGroups, []int{j})
			}
		}
		for i, line := range t.Cells {
			if slices.ContainsFunc(line, func(n int) bool { return n > 0 && n < disclosure.Smallest }) {
				continue
			}
			p.RowGroups = append(p.RowGroups, []int{i})
			p.Cells = append(p.Cells, line)
		}
		r.Tables = append(r.Tables, p)
	}
	return r
}

func equal(a, b [][]int) bool {
	return slices.EqualFunc(a, b, func(x, y []int) bool { return slices.Equal(x, y) })
}

// world is people in three variables who came in between three releases.
type world struct {
	variables []disclosure.Variable
	atoms     [][4]int // a category of each variable, and the release before which they came in
	counts    []int
}

func newWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 7))
	w := &world{variables: []disclosure.Variable{
		{Key: "locality", Categories: []string{"A", "B", "C"}},
		{Key: "rating", Categories: []string{"Low", "Middle", "High", "No answer"}, Ordered: true},
		{Key: "loop", Categories: []string{"Chosen", "Not chosen"}},
	}}
	for a := range 3 {
		for b := range 4 {
			for c := range 2 {
				for cohort := range 3 {
					n := max(0, r.IntN(9)-3+r.IntN(3)*r.IntN(6))
					if r.IntN(3) == 0 {
						n = 0
					}
					w.atoms, w.counts = append(w.atoms, [4]int{a, b, c, cohort}), append(w.counts, n)
				}
			}
		}
	}
	return w
}

// releases publishes three times, each variable alone and each by the first.
func (w *world) releases(t *testing.T, publish func(int, []disclosure.Table, *disclosure.Release) (disclosure.Release, error)) (out []disclosure.Release) {
	t.Helper()
	var last *disclosure.Release
	for cohort := range 3 {
		release, err := publish(w.people(cohort), w.tables(cohort), last)
		if errors.Is(err, disclosure.ErrTooFew) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for len(out) < cohort { // nothing was published then
			out = append(out, disclosure.Release{})
		}
		out = append(out, release)
		last = &release
	}
	return out
}

func (w *world) people(cohort int) (n int) {
	for i, atom := range w.atoms {
		if atom[3] <= cohort {
			n += w.counts[i]
		}
	}
	return n
}

func (w *world) tables(cohort int) (tables []disclosure.Table) {
	for i, v := range w.variables {
		tables = append(tables, disclosure.Table{Rows: v, Cells: w.cells(cohort, i, -1)})
	}
	places := w.variables[0]
	for i := 1; i < len(w.variables); i++ {
		tables = append(tables, disclosure.Table{Rows: w.variables[i], Columns: &places, Cells: w.cells(cohort, i, 0)})
	}
	return tables
}

func (w *world) cells(cohort, rows, columns int) [][]int {
	out := make([][]int, len(w.variables[rows].Categories))
	for i := range out {
		out[i] = make([]int, 1)
		if columns >= 0 {
			out[i] = make([]int, len(w.variables[columns].Categories))
		}
	}
	for i, atom := range w.atoms {
		if atom[3] > cohort {
			continue
		}
		column := 0
		if columns >= 0 {
			column = atom[columns]
		}
		out[atom[rows]][column] += w.counts[i]
	}
	return out
}
