package feedback

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/fault"
)

// mostParts is into how many themes one can be split at once.
const mostParts = 6

// Stays is, in a split, that a coding stays with the theme that is split.
const Stays = -1

// SplitPart is one of the themes that a theme is split into.
type SplitPart struct{ Name, Definition string }

// Split says how a theme is split.
type Split struct {
	Parts []SplitPart // those with a name
	// Keep has the theme stay as the heading above the new ones. Without it, it is retired, and they stand beside it.
	Keep bool
	// Rest is the part that codings go to which are not in Chosen, from 0, or Stays.
	Rest    int
	Chosen  map[int64]int // part by coding
	Version int
}

// SplitCoding is a coding of the theme that is split, to choose by.
type SplitCoding struct {
	ID        int64
	CommentID int64
	Text      string // the excerpt, or all of it where none is marked, as redacted; "" was removed on request
	Coder     string
}

// mostSplitCodings are offered one by one; the others go where the rest goes.
const mostSplitCodings = 200

// SplitCodings gives the codings of a theme to share out, the first 200, and how many there are.
func (s *Service) SplitCodings(ctx context.Context, id int64) (list []SplitCoding, total int, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, 0, err
	}
	q := s.DB.Read(ctx)
	if err := q.Raw(`SELECT count(*) FROM codings WHERE theme_id = ?`, id).Scan(&total).Error; err != nil {
		return nil, 0, err
	}
	var rows []struct {
		SplitCoding
		StartAt, EndAt int
		Redacted       int
		Now            int
	}
	err = q.Raw(`SELECT g.id, g.comment_id, g.start_at, g.end_at, g.redacted, c.redacted AS now, c.text, coalesce(s.name, '') AS coder FROM codings g
		JOIN comments c ON c.id = g.comment_id JOIN comment_readings r ON r.id = g.reading_id LEFT JOIN staff s ON s.id = r.coder_id
		WHERE g.theme_id = ? ORDER BY g.comment_id, g.id LIMIT ?`, id, mostSplitCodings).Scan(&rows).Error
	for _, r := range rows {
		if r.EndAt > r.StartAt && r.Redacted == r.Now {
			r.Text = excerpt(r.Text, r.StartAt, r.EndAt)
		}
		list = append(list, r.SplitCoding)
	}
	return list, total, err
}

// excerpt is a text from one character up to another, as far as it goes.
func excerpt(text string, start, end int) string {
	runes := []rune(text)
	start, end = min(max(start, 0), len(runes)), min(max(end, 0), len(runes))
	return string(runes[start:max(start, end)])
}

// SplitTheme makes several themes of one and shares its codings out among them. An Invalid fault says what must be mended; a
// Conflict where the theme was changed since it was seen.
func (s *Service) SplitTheme(ctx context.Context, id int64, f Split) (Change, error) {
	return s.changeThemes(ctx, "split", func(c *codebook) error {
		t, err := c.live(id)
		if err != nil {
			return err
		}
		if err := c.asSeen(t, f.Version); err != nil {
			return err
		}
		if err := f.check(len(c.below(id)) > 0); err != nil {
			return err
		}
		c.about = id
		parts, err := c.addParts(t, f)
		if err != nil {
			return err
		}
		if !f.Keep {
			now := c.tx.Now()
			t.RetiredAt = &now
		}
		return c.shareOut(id, parts, f)
	})
}

func (f Split) check(others bool) error {
	var problems fault.Fields
	least := 2
	if f.Keep {
		least = 1
	}
	if len(f.Parts) < least || len(f.Parts) > mostParts {
		problems.Add("part_1", fmt.Sprintf("Enter the names of %d to %d new themes", least, mostParts))
	}
	for i, p := range f.Parts {
		if strings.Contains(p.Name, "|") || utf8.RuneCountInString(p.Name) > maxNameCharacters {
			problems.Add(fmt.Sprintf("part_%d", i+1), fmt.Sprintf("A name can have %d characters at most, and no |", maxNameCharacters))
		}
	}
	if others && !f.Keep {
		problems.Add("keep", "Other themes stand below this one, so it must stay as the heading above the new ones")
	}
	if f.Rest != Stays && (f.Rest < 0 || f.Rest >= len(f.Parts)) || f.Rest == Stays && !f.Keep {
		problems.Add("rest", "Choose one of the new themes for all other comments")
	}
	for _, part := range f.Chosen {
		if (part < 0 || part >= len(f.Parts)) && (part != Stays || !f.Keep) {
			problems.Add("rest", "Some comments have no new theme to go to. Choose again")
			break
		}
	}
	return problems.Err()
}

func (c *codebook) addParts(t *Theme, f Split) (ids []int64, err error) {
	parent, position := t.Parent(), t.Position+1
	if f.Keep {
		parent, position = t.ID, atEnd
	}
	for i, p := range f.Parts {
		at := position
		if !f.Keep {
			at += i
		}
		added, err := c.add(ThemeForm{Name: p.Name, Definition: p.Definition, Parent: parent}.tidy(), "", at)
		if err != nil {
			return nil, err
		}
		ids = append(ids, added.ID)
	}
	return ids, nil
}

func (c *codebook) shareOut(from int64, parts []int64, f Split) error {
	var ids []int64
	if err := c.tx.Raw(`SELECT id FROM codings WHERE theme_id = ? ORDER BY id`, from).Scan(&ids).Error; err != nil {
		return err
	}
	to := map[int][]int64{}
	for _, id := range ids {
		part, chosen := f.Chosen[id]
		if !chosen {
			part = f.Rest
		}
		to[part] = append(to[part], id)
	}
	delete(to, Stays)
	for _, part := range slices.Sorted(maps.Keys(to)) {
		if err := c.moveCodings(from, parts[part], to[part]); err != nil {
			return err
		}
	}
	return nil
}
