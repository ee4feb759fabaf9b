package privacy

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"
)

// Mark is that somebody was erased: from it they are known again, and it says nothing else.
type Mark struct {
	Erasure int64
	At      time.Time
	Mark    string
}

// Marks reads what a database knows of erasures, without changing it; none where there is no such table.
func Marks(ctx context.Context, address string) (marks []Mark, err error) {
	err = database.Look(address, func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, `SELECT e.id, e.at, m.mark FROM erasures e JOIN erasure_marks m ON m.erasure_id = e.id`)
		if err != nil {
			return fmt.Errorf("read who was erased: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var m Mark
			if err := rows.Scan(&m.Erasure, &m.At, &m.Mark); err != nil {
				return err
			}
			marks = append(marks, m)
		}
		return rows.Err()
	})
	return marks, err
}

// EraseAgain erases everybody whom the marks name and who is there: in a backup that is older than their erasure.
// The error may come after some were erased; it can be run again.
func (s *Service) EraseAgain(ctx context.Context, marks []Mark) (people int, err error) {
	if err := accounts.Require(ctx, accounts.ManagePrivacy); err != nil {
		return 0, err
	}
	marks, err = s.later(ctx, marks)
	if err != nil || len(marks) == 0 {
		return 0, err
	}
	found, err := s.recognised(ctx, marks)
	if err != nil {
		return 0, err
	}
	for _, who := range found {
		err := s.db.Write(ctx, func(tx *database.Tx) error {
			h, err := s.find(tx.DB, who)
			if err != nil {
				return err
			}
			for _, t := range s.ground {
				if err := s.erase(ctx, tx, t, t.personal(), h[t.Name], asDeclared); err != nil {
					return err
				}
			}
			_, err = s.record(ctx, tx, who, "Erased again after an older backup was restored", h)
			return err
		})
		if err != nil {
			return people, err
		}
		people++
	}
	return people, s.CleanUp(ctx)
}

// later leaves out erasures that the backup knows of: whoever is there in spite of them came back.
func (s *Service) later(ctx context.Context, marks []Mark) (out []Mark, err error) {
	var last int64
	if err := s.db.Read(ctx).Raw(`SELECT coalesce(max(id), 0) FROM erasures`).Scan(&last).Error; err != nil {
		return nil, fmt.Errorf("find the last erasure: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Erasure <= last }), nil
}

// recognised are the people of the marks, each with all the addresses and numbers of one erasure that are there.
func (s *Service) recognised(ctx context.Context, marks []Mark) (people []Who, err error) {
	of := map[string]int64{}
	for _, m := range marks {
		of[m.Mark] = m.Erasure
	}
	byErasure := map[int64]Who{}
	for _, t := range s.ground {
		for _, way := range t.Ways() {
			if way.To != "" || way.Named != "" || way.Column == "mark" {
				continue
			}
			var values []string
			if err := s.db.Read(ctx).Raw(`SELECT DISTINCT lower(` + way.Column + `) FROM ` + t.Name + ` WHERE ` + way.Column + ` <> ''`).Scan(&values).Error; err != nil {
				return nil, fmt.Errorf("look through %s: %w", t.Name, err)
			}
			for _, value := range values {
				if id, erased := of[s.links.Hash("erased", value)]; erased && !slices.Contains(byErasure[id], value) {
					byErasure[id] = append(byErasure[id], strings.TrimSpace(value))
				}
			}
		}
	}
	for _, who := range byErasure {
		people = append(people, who)
	}
	return people, nil
}
