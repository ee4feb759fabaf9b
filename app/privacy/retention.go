package privacy

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
)

// Forget erases, as declared, whatever has been kept for its time. It is work for the job runner: it goes in
// chunks, each with an entry of counts in the audit log, can be broken off anywhere, and run again does nothing more.
func (s *Service) Forget(ctx context.Context) error {
	for _, t := range s.ground {
		for _, keep := range t.keeps() {
			for {
				done, err := s.forgetChunk(ctx, t, keep)
				if err != nil {
					return fmt.Errorf("forget %s of %s: %w", keep, t.Name, err)
				}
				if done < atOnce {
					break
				}
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
		}
	}
	return s.CleanUp(ctx)
}

// keeps are the keeping times of a table's columns.
func (t table) keeps() (keys []string) {
	for _, c := range t.personal() {
		if !slices.Contains(keys, c.Personal.Keep) {
			keys = append(keys, c.Personal.Keep)
		}
	}
	return keys
}

func (s *Service) forgetChunk(ctx context.Context, t table, keep string) (done int, err error) {
	var columns []database.Column
	var still []string
	for _, c := range t.personal() {
		if c.Personal.Keep == keep {
			columns = append(columns, c)
			still = append(still, holds(c.Name, t.shapes[c.Name], c.Personal.AtEnd()))
		}
	}
	where := `(` + t.Since + `) < ? AND (` + strings.Join(still, " OR ") + `)`
	before := s.db.Now().Add(-KeepFor(s.cfg.Retention, keep))
	first, err := firstKeysOf(s.db.Read(ctx), t, 1, where, before)
	if err != nil || len(first) == 0 {
		return 0, err // the usual case: nothing to write
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		keys, err := firstKeysOf(tx.DB, t, atOnce, where, before)
		if err != nil {
			return err
		}
		done = len(keys)
		if err := s.erase(ctx, tx, t, columns, keys, database.Personal.AtEnd); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "privacy.forget", t.Name, 0, audit.Details{"rows": done, "keep": keep})
	})
	return done, err
}

// KeepFor finds a keeping time by its key in the configuration file; 0 where there is no such key.
func KeepFor(r config.Retention, key string) time.Duration {
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("koanf") == key {
			return time.Duration(v.Field(i).Int())
		}
	}
	return 0
}

// Keeps are the keys of all keeping times that the columns name.
func (s *Service) Keeps() (keys []string) {
	for _, t := range s.ground {
		keys = append(keys, t.keeps()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
