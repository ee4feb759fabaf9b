package audiences

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
)

// madeAtOnce is how many contacts are looked at in one transaction: nobody who books meanwhile waits long for it.
const madeAtOnce = 5000

// Request asks for a list.
type Request struct {
	Rule    Rule
	Purpose string // a slug of contacts.purposes: only who has a basis for it is written to
	About   string // table of what it is made for
	AboutID int64
}

// Make makes a list of who the rule wants: everybody once, with what becomes of them. It looks at the contacts chunk by
// chunk; what changes meanwhile counts when the list is used. An Invalid fault says what is wrong with the rule. Lists
// that Make did not finish are nobody's, and go with Drop.
func (s *Service) Make(ctx context.Context, r Request) (List, error) {
	if err := mayUse(ctx); err != nil {
		return List{}, err
	}
	if err := s.Check(r.Rule, r.Purpose); err != nil {
		return List{}, err
	}
	l, err := s.begin(ctx, r)
	if err != nil {
		return List{}, err
	}
	for more := true; more; {
		if more, err = s.makeChunk(ctx, l.ID, r); err != nil {
			return List{}, err
		}
	}
	return s.finish(ctx, l)
}

// Check says what is wrong with a rule or a purpose: an Invalid fault at the fields any, all, none and purpose.
func (s *Service) Check(r Rule, purpose string) error {
	problems := r.problems(s.sources)
	known := slices.ContainsFunc(s.cfg.Contacts.Purposes, func(p config.Purpose) bool { return p.Slug == purpose })
	if !known {
		problems.Add("purpose", "Choose what people agreed to")
	}
	return problems.Err()
}

func (s *Service) begin(ctx context.Context, r Request) (l List, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		l = List{About: r.About, AboutID: r.AboutID, Purpose: r.Purpose, Rule: r.Rule.JSON(), State: making, MadeAt: tx.Now(), MadeBy: audit.StaffID(ctx)}
		if err := tx.Create(&l).Error; err != nil {
			return fmt.Errorf("begin a list of people: %w", err)
		}
		return nil
	})
	return l, err
}

// makeChunk decides about the next contacts; more is false when there is none left.
func (s *Service) makeChunk(ctx context.Context, listID int64, r Request) (more bool, err error) {
	wanted, wantedArgs := r.Rule.condition(s.sources)
	insert := `INSERT INTO audience_list_rows (list_id, contact_id, outcome, reason)
		WITH f AS MATERIALIZED (SELECT ` + facts + ` FROM contacts k WHERE k.id > ? AND k.id <= ? AND k.merged_into IS NULL AND (` + wanted + `)),
			d AS MATERIALIZED (SELECT f.id, ` + verdict + ` AS verdict FROM f)
		SELECT CAST(? AS BIGINT), d.id, CASE WHEN d.verdict IN ('email', 'post') THEN d.verdict ELSE 'left-out' END,
			CASE WHEN d.verdict IN ('email', 'post') THEN '' ELSE d.verdict END FROM d ORDER BY d.id`
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		var from, to int64
		if err := tx.Row(`SELECT last_contact FROM audience_lists WHERE id = ? AND state = 'making'`+tx.ForUpdate(), listID).Scan(&from); err != nil {
			return fmt.Errorf("go on with list %d: %w", listID, err)
		}
		const next = `SELECT coalesce(max(id), 0) FROM (SELECT id FROM contacts WHERE id > ? ORDER BY id LIMIT ?) AS chunk`
		if err := tx.Row(next, from, madeAtOnce).Scan(&to); err != nil {
			return fmt.Errorf("find the next contacts: %w", err)
		}
		if more = to > 0; !more {
			return nil
		}
		args := append(append(append(factArgs(r.Purpose), from, to), wantedArgs...), listID)
		if err := tx.DB.Exec(insert, args...).Error; err != nil {
			return fmt.Errorf("decide about contacts: %w", err)
		}
		return tx.Exec(`UPDATE audience_lists SET last_contact = ? WHERE id = ?`, to, listID).Error
	})
	return more, err
}

// finish counts the list and seals it. Nobody adds to a list that has no more contacts before it.
func (s *Service) finish(ctx context.Context, l List) (List, error) {
	digest, err := s.digest(ctx, l.ID)
	if err != nil {
		return List{}, err
	}
	counts, err := s.Counts(ctx, l.ID)
	if err != nil {
		return List{}, err
	}
	for _, c := range counts {
		switch c.Outcome {
		case ByEmail:
			l.Email += c.People
		case ByPost:
			l.Post += c.People
		case LeftOut:
			l.LeftOut += c.People
		}
	}
	l.State, l.Digest = made, digest
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec(`UPDATE audience_lists SET state = ?, email = ?, post = ?, left_out = ?, digest = ? WHERE id = ?`,
			l.State, l.Email, l.Post, l.LeftOut, l.Digest, l.ID).Error
	})
	if err != nil {
		return List{}, fmt.Errorf("finish list %d: %w", l.ID, err)
	}
	return l, nil
}

// digest is a SHA-256 over who is written to and by which way, as the list was made.
func (s *Service) digest(ctx context.Context, listID int64) (string, error) {
	rows, err := s.db.Read(ctx).Raw(`SELECT contact_id, CASE WHEN was <> '' THEN was ELSE outcome END FROM audience_list_rows
		WHERE list_id = ? AND (outcome <> 'left-out' OR was <> '') ORDER BY contact_id`, listID).Rows()
	if err != nil {
		return "", fmt.Errorf("read list %d: %w", listID, err)
	}
	defer func() { _ = rows.Close() }()
	sum := sha256.New()
	for rows.Next() {
		var contact int64
		var outcome string
		if err := rows.Scan(&contact, &outcome); err != nil {
			return "", fmt.Errorf("read list %d: %w", listID, err)
		}
		_, _ = fmt.Fprintf(io.Writer(sum), "%d %s\n", contact, outcome) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)), rows.Err()
}

// Intact says whether a list is still what it was when it was made, whatever was lost since.
func (s *Service) Intact(ctx context.Context, l List) (bool, error) {
	digest, err := s.digest(ctx, l.ID)
	return digest == l.Digest, err
}

// droppedAtOnce is how many rows of a list go in one transaction.
const droppedAtOnce = 5000

// Drop forgets the lists for a thing that were begun before the newest, save those that are kept: finished or not.
func (s *Service) Drop(ctx context.Context, about string, aboutID, newest int64) error {
	if err := mayUse(ctx); err != nil {
		return err
	}
	var old []int64
	err := s.db.Read(ctx).Raw(`SELECT id FROM audience_lists WHERE about = ? AND about_id = ? AND id < ? AND state <> 'kept' ORDER BY id`, about, aboutID, newest).Scan(&old).Error
	if err != nil {
		return fmt.Errorf("find old lists: %w", err)
	}
	for _, id := range old {
		for more := true; more; {
			if more, err = s.dropChunk(ctx, id); err != nil {
				return fmt.Errorf("drop list %d: %w", id, err)
			}
		}
	}
	return nil
}

// dropChunk removes some of a list; nobody can keep it any more.
func (s *Service) dropChunk(ctx context.Context, id int64) (more bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		ours := tx.Exec(`UPDATE audience_lists SET state = ? WHERE id = ? AND state <> ?`, dropping, id, kept)
		if more = false; ours.Error != nil || ours.RowsAffected == 0 {
			return ours.Error
		}
		gone := tx.Exec(`DELETE FROM audience_list_rows WHERE id IN (SELECT id FROM audience_list_rows WHERE list_id = ? LIMIT ?)`, id, droppedAtOnce)
		if more = gone.RowsAffected > 0; gone.Error != nil || more {
			return gone.Error
		}
		return tx.Exec(`DELETE FROM audience_lists WHERE id = ?`, id).Error
	})
	return more, err
}
