package privacy

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorm.io/gorm"

	"conversations/app/fault"

	"github.com/nyaruka/phonenumbers"
)

// atOnce bounds how many rows one statement names.
const atOnce = 500

// holding is the rows that are about one person: their keys by table.
type holding map[string][]any

// rows counts them.
func (h holding) rows() (n int) {
	for _, keys := range h {
		n += len(keys)
	}
	return n
}

// add gives true where a key is new.
func (h holding) add(table string, keys []any) (grew bool) {
	known := make(map[any]bool, len(h[table]))
	for _, key := range h[table] {
		known[key] = true
	}
	for _, key := range keys {
		if !known[key] {
			known[key], grew = true, true
			h[table] = append(h[table], key)
		}
	}
	return grew
}

// Who is what a person is looked for by: e-mail addresses and telephone numbers, as typed.
type Who []string

// forms are all the ways in which the columns may have what was typed: small letters, and a number as it is
// dialled here and from abroad.
func (w Who) forms() (forms []string) {
	for _, typed := range w {
		typed = strings.ToLower(strings.TrimSpace(typed))
		if typed == "" {
			continue
		}
		forms = append(forms, typed)
		if number, err := phonenumbers.Parse(typed, "GB"); err == nil && !strings.Contains(typed, "@") {
			forms = append(forms, phonenumbers.Format(number, phonenumbers.E164), phonenumbers.Format(number, phonenumbers.NATIONAL))
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// marks are keyed hashes by which the person is known again after everything else has gone.
func (s *Service) marks(w Who) (marks []string) {
	for _, form := range w.forms() {
		marks = append(marks, s.links.Hash("erased", form))
	}
	return marks
}

// byReference reads a booking's reference as the addresses of who booked; other words are given back as they are.
func (s *Service) byReference(ctx context.Context, w Who) (Who, error) {
	var out Who
	for _, typed := range w {
		var found []struct{ EmailKey, PhoneKey string }
		reference := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(typed), "-", ""))
		err := s.db.Read(ctx).Raw(`SELECT email_key, phone_key FROM bookings WHERE reference = ?`, reference).Scan(&found).Error
		if err != nil {
			return nil, fmt.Errorf("look for a booking's reference: %w", err)
		}
		if len(found) == 0 {
			out = append(out, typed)
		}
		for _, b := range found {
			out = append(out, b.EmailKey, b.PhoneKey)
		}
	}
	out = slices.DeleteFunc(out, func(one string) bool { return strings.TrimSpace(one) == "" })
	if len(out) == 0 {
		return nil, fault.Fields{{Name: "who", Message: "Enter an email address, a telephone number or a booking reference"}}.Err()
	}
	return s.widen(ctx, out)
}

// widen adds the other addresses of the person that features know of.
func (s *Service) widen(ctx context.Context, w Who) (Who, error) {
	for _, f := range s.also {
		more, err := f(ctx, s.db.Read(ctx), w.forms())
		if err != nil {
			return nil, err
		}
		for _, one := range more {
			if !slices.Contains(w.forms(), one) {
				w = append(w, one)
			}
		}
	}
	return w, nil
}

// find follows the declared ways to every row about the person.
func (s *Service) find(q *gorm.DB, w Who) (holding, error) {
	h := holding{}
	forms := append(w.forms(), s.marks(w)...)
	for _, t := range s.ground {
		for _, way := range t.Ways() {
			if way.To != "" || way.Named != "" {
				continue // below
			}
			keys, err := keysOf(q, t, `lower(`+way.Column+`) IN ?`, forms)
			if err != nil {
				return nil, err
			}
			h.add(t.Name, keys)
		}
	}
	for grew := true; grew; {
		grew = false
		for _, t := range s.ground {
			more, err := s.follow(q, t, h)
			if err != nil {
				return nil, err
			}
			grew = h.add(t.Name, more) || grew
		}
	}
	return h, nil
}

// follow gives the rows of a table that belong to rows found already.
func (s *Service) follow(q *gorm.DB, t table, h holding) (keys []any, err error) {
	for _, way := range t.Ways() {
		for to, ids := range h {
			if way.To != to && (way.Named == "" || to == t.Name) {
				continue
			}
			where, args := way.Column+` IN ?`, []any{}
			if way.Named != "" {
				where, args = way.Named+` = ? AND `+where, append(args, to)
			}
			for chunk := range slices.Chunk(integers(ids), atOnce) {
				more, err := keysOf(q, t, where, append(slices.Clone(args), chunk)...)
				if err != nil {
					return nil, err
				}
				keys = append(keys, more...)
			}
		}
	}
	return keys, nil
}

// integers are the keys that another row can refer to.
func integers(keys []any) (ids []int64) {
	for _, key := range keys {
		if id, ok := key.(int64); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// keysOf gives the keys of the rows that fit, in order.
func keysOf(q *gorm.DB, t table, where string, args ...any) (keys []any, err error) {
	return firstKeysOf(q, t, math.MaxInt32, where, args...)
}

// firstKeysOf is keysOf for a limited number of rows.
func firstKeysOf(q *gorm.DB, t table, limit int, where string, args ...any) (keys []any, err error) {
	rows, err := q.Raw(`SELECT `+t.key+` FROM `+t.Name+` WHERE `+where+` ORDER BY `+t.key+` LIMIT ?`, append(args, limit)...).Rows()
	if err != nil {
		return nil, fmt.Errorf("look through %s: %w", t.Name, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key any
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		if b, ok := key.([]byte); ok {
			key = string(b)
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}
