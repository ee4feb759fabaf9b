package feedback

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/feedback/agreement"
)

// Agreement is how far people who coded the same comments, each without seeing the other, agree.
type Agreement struct {
	Share     int // percent of comments that are drawn
	Waiting   int // for a second coder
	Agreed    int // comments to which both gave the same themes
	Differs   int // that wait for a third eye
	Settled   int
	Alpha     agreement.Coefficient
	Themes    []agreement.ThemeKappa
	Names     map[string]string // of themes, by code
	Pull      agreement.Pull
	Undecided int // comments left out, because one of the two could not decide
}

// AgreementNow reckons it from all comments that two people coded. It needs the right to manage feedback.
func (s *Service) AgreementNow(ctx context.Context) (a Agreement, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return a, err
	}
	a.Share, a.Names = s.Config.Feedback.DoubleShare, map[string]string{}
	if err := s.countDouble(ctx, &a); err != nil {
		return a, err
	}
	pairs, err := s.pairs(ctx)
	if err != nil {
		return a, err
	}
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return a, err
	}
	now, codes := landings(themes), map[int64]string{}
	var used []string
	for _, t := range themes {
		codes[t.ID] = t.Code
		if t.Live() {
			a.Names[t.Code], used = t.Name, append(used, t.Code)
		}
	}
	a.reckon(pairs, used, func(id int64) string { return codes[now[id]] })
	return a, nil
}

func (s *Service) countDouble(ctx context.Context, a *Agreement) error {
	var rows []struct {
		State string
		N     int
	}
	if err := s.DB.Read(ctx).Raw("SELECT state, count(*) AS n FROM double_codings GROUP BY state").Scan(&rows).Error; err != nil {
		return fmt.Errorf("count comments that two people code: %w", err)
	}
	for _, row := range rows {
		switch row.State {
		case waitingState:
			a.Waiting = row.N
		case agreedState:
			a.Agreed = row.N
		case differsState:
			a.Differs = row.N
		case settledState:
			a.Settled = row.N
		}
	}
	return nil
}

// pair is a comment with what two people made of it.
type pair struct {
	CommentID     int64
	First, Second Verdict
	Offered       string
	FirstThemes   []int64 `gorm:"-"`
	SecondThemes  []int64 `gorm:"-"`
}

func (s *Service) pairs(ctx context.Context) (list []pair, err error) {
	read := s.DB.Read(ctx)
	const both = ` FROM double_codings d JOIN comment_readings a ON a.comment_id = d.comment_id AND a.part = 'first'
		JOIN comment_readings b ON b.comment_id = d.comment_id AND b.part = 'second' WHERE a.verdict <> '' AND b.verdict <> ''`
	if err := read.Raw("SELECT d.comment_id, a.verdict AS first, b.verdict AS second, a.offered" + both + " ORDER BY d.comment_id").Scan(&list).Error; err != nil {
		return nil, fmt.Errorf("list comments that two people coded: %w", err)
	}
	var given []struct {
		CommentID, ThemeID int64
		Part               Part
	}
	err = read.Raw(`SELECT DISTINCT r.comment_id, r.part, k.theme_id FROM codings k JOIN comment_readings r ON r.id = k.reading_id
		WHERE r.part IN ('first', 'second') AND r.comment_id IN (SELECT d.comment_id` + both + `) ORDER BY r.comment_id, r.part, k.theme_id`).Scan(&given).Error
	if err != nil {
		return nil, fmt.Errorf("list the themes that two people gave: %w", err)
	}
	places := map[int64]int{}
	for i, p := range list {
		places[p.CommentID] = i
	}
	for _, g := range given {
		if p := &list[places[g.CommentID]]; g.Part == First {
			p.FirstThemes = append(p.FirstThemes, g.ThemeID)
		} else {
			p.SecondThemes = append(p.SecondThemes, g.ThemeID)
		}
	}
	return list, nil
}

// landings say where each theme's codings stand now: on itself, or on what it was merged into.
func landings(themes []Theme) map[int64]int64 {
	into := map[int64]int64{}
	for _, t := range themes {
		if t.MergedInto != nil {
			into[t.ID] = *t.MergedInto
		}
	}
	now := map[int64]int64{}
	for _, t := range themes {
		id := t.ID
		for range themes {
			if next, merged := into[id]; merged {
				id = next
			}
		}
		now[t.ID] = id
	}
	return now
}

func (a *Agreement) reckon(pairs []pair, themes []string, code func(int64) string) {
	codes := func(ids []int64) (list []string) {
		for _, id := range ids {
			list = append(list, code(id))
		}
		return list
	}
	var judgements []agreement.Judgement
	var seen []agreement.Seen
	for _, p := range pairs {
		if p.First == Undecided || p.Second == Undecided {
			a.Undecided++
			continue
		}
		id, first, second := fmt.Sprint(p.CommentID), codes(p.FirstThemes), codes(p.SecondThemes)
		judgements = append(judgements, agreement.Judgement{Comment: id, Coder: "1", Themes: first}, agreement.Judgement{Comment: id, Coder: "2", Themes: second})
		best, _, _ := strings.Cut(p.Offered, ",")
		if offered, err := strconv.ParseInt(best, 10, 64); err == nil {
			seen = append(seen, agreement.Seen{Suggested: code(offered), Shown: first, Blind: second})
		}
	}
	a.Alpha, a.Pull = agreement.Alpha(judgements), agreement.PullOf(seen)
	for _, k := range agreement.ByTheme(judgements, themes) {
		if k.Both+k.FirstOnly+k.SecondOnly > 0 {
			a.Themes = append(a.Themes, k)
		}
	}
}

// Dispute is a comment about which two people differ.
type Dispute struct {
	Comment       Comment
	First, Second ReadingNow
	Mine          bool // the person who asks is one of the two
}

// Disputes are the comments that wait for a third eye, the oldest first, at most so many as a list shows.
func (s *Service) Disputes(ctx context.Context) (list []Comment, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT c.* FROM double_codings d JOIN comments c ON c.id = d.comment_id WHERE d.state = 'differs' AND c.text <> '' AND c.set_aside = ''
		ORDER BY d.drawn_at, d.comment_id LIMIT ?`, PageSize).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list comments about which two people differ: %w", err)
	}
	return list, nil
}

// DisputeOf gives both readings of a comment. A NotFound fault where nobody differs about it.
func (s *Service) DisputeOf(ctx context.Context, commentID int64) (d Dispute, err error) {
	if d.Comment, err = s.Comment(ctx, commentID); err != nil {
		return d, err
	}
	if d.First, err = s.ReadingOf(ctx, commentID, First); err != nil {
		return d, err
	}
	if d.Second, err = s.ReadingOf(ctx, commentID, Second); err != nil {
		return d, err
	}
	if me := audit.StaffID(ctx); me != nil {
		for _, r := range []ReadingNow{d.First, d.Second} {
			d.Mine = d.Mine || r.CoderID != nil && *r.CoderID == *me
		}
	}
	return d, nil
}
