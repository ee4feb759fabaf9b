package feedback

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
)

// GridForm adds a theme to many comments, or removes it.
type GridForm struct {
	Comments []string `form:"comment"` // "12:3": id, and the version of its coding that was in view; 0 is none
	Do       string   `form:"do"`      // add, remove
	Theme    int64    `form:"chosen"`
}

// GridDone is what became of it.
type GridDone struct {
	Changed int
	Already int     // that had it, or had it not
	Clashed []int64 // comments that somebody else coded meanwhile; they stay
	Notes   []string
}

// gridTicks are the most that can be changed at once.
const gridTicks = 200

type tick struct {
	id      int64
	version int
}

func (f GridForm) check() (ticks []tick, err error) {
	var problems fault.Fields
	for _, text := range f.Comments {
		id, version, _ := strings.Cut(text, ":")
		var t tick
		t.id, _ = strconv.ParseInt(id, 10, 64)
		if t.version, err = strconv.Atoi(version); err == nil && t.id > 0 {
			ticks = append(ticks, t)
		}
	}
	slices.SortFunc(ticks, func(a, b tick) int { return int(a.id - b.id) }) // the order in which everybody locks them
	ticks = slices.CompactFunc(ticks, func(a, b tick) bool { return a.id == b.id })
	if len(ticks) == 0 {
		problems.Add("comment", "Tick the comments that you mean")
	}
	if len(ticks) > gridTicks {
		problems.Add("comment", fmt.Sprintf("Tick at most %d comments", gridTicks))
	}
	if f.Do != "add" && f.Do != "remove" {
		problems.Add("do", "Choose what to do")
	}
	if f.Theme <= 0 {
		problems.Add("chosen", "Choose a theme")
	}
	return ticks, problems.Err()
}

// CodeMany adds a theme to many comments or removes it, in one step that Undo takes back as one. A comment that somebody else coded
// since it was in view stays as it is, and is told. A comment that loses its last theme waits to be coded again. It needs the right to
// manage feedback; the error is an Invalid fault with a message at each field.
func (s *Service) CodeMany(ctx context.Context, f GridForm) (done GridDone, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return done, err
	}
	ticks, err := f.check()
	if err != nil {
		return done, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		done = GridDone{}
		on, err := s.landTx(ctx, tx, []int64{f.Theme})
		if err != nil {
			return err
		}
		if told := on[f.Theme].Told; told != "" {
			done.Notes = append(done.Notes, told)
		}
		m := gridMove{do: f.Do, theme: on[f.Theme].Theme.ID, at: tx.Now()}
		for _, t := range ticks {
			if err := s.codeTick(ctx, tx, t, m, &done); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}

// gridMove is what is done to each. All steps of one act bear one time: by that they are taken back as one.
type gridMove struct {
	do    string
	theme int64
	at    time.Time
}

func (s *Service) codeTick(ctx context.Context, tx *database.Tx, t tick, move gridMove, done *GridDone) error {
	err := mayStillCode(tx, t.id, CodingForm{})
	if fault.KindOf(err) == fault.Conflict {
		done.Clashed = append(done.Clashed, t.id)
		return nil
	}
	if err != nil {
		return err
	}
	part := First
	state, err := doubleState(tx, t.id)
	if err != nil {
		return err
	}
	if state == settledState {
		part = Third
	}
	r, err := readingOf(tx, t.id, part)
	if err != nil {
		return err
	}
	if r.Version != t.version {
		done.Clashed = append(done.Clashed, t.id)
		return nil
	}
	before, err := stateOf(tx, r)
	if err != nil {
		return err
	}
	after := before
	after.Marks = slices.Clone(before.Marks)
	has := func(m Mark) bool { return m.ThemeID == move.theme }
	switch there := slices.ContainsFunc(before.Marks, has); {
	case there == (move.do == "add"):
		done.Already++
		return nil
	case move.do == "add":
		after.Verdict, after.Marks = Coded, sorted(append(after.Marks, Mark{ThemeID: move.theme}))
	default:
		if after.Marks = slices.DeleteFunc(after.Marks, has); len(after.Marks) == 0 {
			after.Verdict = TakenBack
		}
	}
	if after.Verdict == TakenBack {
		if err := mayUndoDouble(tx, r, TakenBack); fault.KindOf(err) == fault.Conflict {
			done.Clashed = append(done.Clashed, t.id)
			return nil
		}
	}
	done.Changed++
	return s.take(ctx, tx, codingStep{CommentID: t.id, Part: part, After: after, Version: r.Version, At: move.at})
}

// GridLine is a comment with how it is coded.
type GridLine struct {
	Comment
	Reading Reading // Version is 0 where there is none
	Themes  []int64
}

// GridPage is one page of comments with how they are coded.
type GridPage struct {
	Lines []GridLine
	Page
}

// Grid gives a page of the comments that a filter chooses. It needs the right to manage feedback.
func (s *Service) Grid(ctx context.Context, f Filter) (g GridPage, err error) {
	if g.Page, err = s.Comments(ctx, f); err != nil {
		return g, err
	}
	g.Lines, err = s.gridLines(s.DB.Read(ctx), g.Comments)
	return g, err
}

func (s *Service) gridLines(read *gorm.DB, comments []Comment) (lines []GridLine, err error) {
	ids := make([]int64, len(comments))
	for i, c := range comments {
		ids[i] = c.ID
	}
	var readings []Reading
	if err := read.Raw(`SELECT r.* FROM comment_readings r WHERE r.comment_id IN ? AND r.part <> 'second' ORDER BY r.comment_id, CASE WHEN r.counts THEN 1 ELSE 0 END, r.id`, ids).Scan(&readings).Error; err != nil {
		return nil, fmt.Errorf("read how comments are coded: %w", err)
	}
	counting := map[int64]Reading{}
	for _, r := range readings {
		counting[r.CommentID] = r // the last is the one that counts, or the first where none does
	}
	var given []Coding
	if err := read.Raw(`SELECT k.* FROM codings k WHERE k.comment_id IN ? AND k.counts ORDER BY k.comment_id, k.theme_id`, ids).Scan(&given).Error; err != nil {
		return nil, fmt.Errorf("read the themes of comments: %w", err)
	}
	themes := map[int64][]int64{}
	for _, k := range given {
		if !slices.Contains(themes[k.CommentID], k.ThemeID) {
			themes[k.CommentID] = append(themes[k.CommentID], k.ThemeID)
		}
	}
	for _, c := range comments {
		lines = append(lines, GridLine{c, counting[c.ID], themes[c.ID]})
	}
	return lines, nil
}

// equalityFacts are the answers to equality questions that came with a comment, as code words.
func (c Comment) equalityFacts() (facts []string) {
	var answers map[string]string
	if json.Unmarshal([]byte(c.Equality), &answers) != nil {
		return nil
	}
	for topic, code := range answers {
		facts = append(facts, topic+": "+code)
	}
	slices.Sort(facts)
	return facts
}
