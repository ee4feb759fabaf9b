package newsletters

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// SaveAudience says who an update is for and makes the list of them. version is that of the update that was shown. A
// change ends an approval. An empty rule is an update that is published and not sent. Invalid faults name the fields any,
// all, none and purpose.
func (s *Service) SaveAudience(ctx context.Context, id, version int64, rule audiences.Rule, purpose string) (l audiences.List, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return l, err
	}
	if rule.Empty() && len(rule.None) == 0 {
		return l, s.setAudience(ctx, id, version, "", purpose)
	}
	if err := s.Audiences.Check(rule, purpose); err != nil {
		return l, err
	}
	if err := s.setAudience(ctx, id, version, rule.JSON(), purpose); err != nil {
		return l, err
	}
	return s.RemakeList(ctx, id)
}

func (s *Service) setAudience(ctx context.Context, id, version int64, rule, purpose string) error {
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		u, err := lock(tx, id)
		if err != nil {
			return err
		}
		if err := u.mustBe(Draft, Asked, Approved); err != nil {
			return err
		}
		if err := u.mustBeVersion(version); err != nil {
			return err
		}
		if u.Corrects != nil {
			return fault.New(fault.Conflict, "A correction goes to the same people as the letter that it corrects.")
		}
		if rule == "" && u.Kind == StakeholderUpdate {
			return fault.Fields{{Name: "any", Message: "Choose who it is for"}}.Err()
		}
		if u.Rule == rule && u.Purpose == purpose {
			return nil
		}
		if err := tx.Exec(`UPDATE updates SET rule = ?, purpose = ? WHERE id = ?`, rule, purpose, id).Error; err != nil {
			return fmt.Errorf("store the audience of update %d: %w", id, err)
		}
		if err := s.touched(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.audience", updatesTable, id, audit.Details{"purpose": purpose, "mailed": rule != "", "ended_approval": u.State != Draft})
	})
}

// RemakeList makes the list of a draft anew, with contacts as they are now.
func (s *Service) RemakeList(ctx context.Context, id int64) (l audiences.List, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return l, err
	}
	u, err := readUpdate(s.DB.Read(ctx), id)
	if err != nil {
		return l, err
	}
	if err := u.mustBe(Draft); err != nil {
		return l, err
	}
	rule, err := audiences.ParseRule(u.Rule)
	if err != nil {
		return l, err
	}
	if l, err = s.Audiences.Make(ctx, audiences.Request{Rule: rule, Purpose: u.Purpose, About: updatesTable, AboutID: id}); err != nil {
		return l, err
	}
	return l, s.Audiences.Drop(ctx, updatesTable, id, l.ID)
}

// Audience is who an update goes to, as staff look at it before it is sent.
type Audience struct {
	Update   Update
	Rule     audiences.Rule
	Words    string // the rule in plain words
	List     audiences.List
	Made     bool // there is a list, made of this rule
	Counts   []audiences.Count
	Before   *audiences.List // of the last letter that was sent, of the same kind
	Letter   string          // its title
	Differs  audiences.Difference
	Warnings []string
}

// AudienceOf gives who an update goes to: the frozen list, or for a draft the one that was made last.
func (s *Service) AudienceOf(ctx context.Context, id int64) (a Audience, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return a, err
	}
	if a.Update, err = readUpdate(s.DB.Read(ctx), id); err != nil {
		return a, err
	}
	if a.Rule, err = audiences.ParseRule(a.Update.Rule); err != nil || !a.Update.Mailed() {
		return a, err
	}
	if a.Words, err = s.Audiences.Words(ctx, a.Rule); err != nil {
		return a, err
	}
	if err := s.addList(ctx, &a); err != nil || !a.Made {
		return a, err
	}
	if a.Counts, err = s.Audiences.Counts(ctx, a.List.ID); err != nil {
		return a, err
	}
	if err := s.compareWithLast(ctx, &a); err != nil {
		return a, err
	}
	a.Warnings = a.warnings()
	return a, nil
}

func (s *Service) addList(ctx context.Context, a *Audience) (err error) {
	if a.Update.ListID != nil {
		a.List, err = s.Audiences.ByID(ctx, *a.Update.ListID)
	} else {
		a.List, err = s.Audiences.Latest(ctx, updatesTable, a.Update.ID)
	}
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	a.Made = err == nil && a.List.Rule == a.Update.Rule && a.List.Purpose == a.Update.Purpose
	return err
}

// compareWithLast looks at the list of the last letter of the same kind that was sent.
func (s *Service) compareWithLast(ctx context.Context, a *Audience) error {
	var last struct {
		Title  string
		ListID int64
	}
	err := database.First(s.DB.Read(ctx).Raw(`SELECT title, list_id FROM updates WHERE id <> ? AND kind = ? AND corrects IS NULL AND released_at IS NOT NULL
		AND list_id IS NOT NULL ORDER BY released_at DESC, id DESC LIMIT 1`, a.Update.ID, a.Update.Kind), &last)
	if database.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the last letter: %w", err)
	}
	list, err := s.Audiences.ByID(ctx, last.ListID)
	if err != nil {
		return err
	}
	a.Before, a.Letter = &list, last.Title
	a.Differs, err = s.Audiences.Compare(ctx, list.ID, a.List.ID)
	return err
}

// Where a list is much larger or smaller than the last, as a ratio, somebody should look twice.
const (
	muchLarger  = 1.5
	muchSmaller = 0.67
)

func (a Audience) warnings() (words []string) {
	if a.List.Size() == 0 {
		return []string{"Nobody is on the list. Choose who it is for again."}
	}
	if a.Before == nil || a.Before.Size() == 0 || a.Update.Corrects != nil {
		return nil
	}
	ratio := float64(a.List.Size()) / float64(a.Before.Size())
	than := fmt.Sprintf(" than that of the last letter, \"%s\": %s then, %s now. Is that right?", a.Letter, countPeople(a.Before.Size()), countPeople(a.List.Size()))
	switch {
	case ratio >= muchLarger:
		words = append(words, "The list is much longer"+than)
	case ratio <= muchSmaller:
		words = append(words, "The list is much shorter"+than)
	}
	return words
}
