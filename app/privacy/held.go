package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
)

// Held is everything that is held about one person.
type Held struct {
	Who    Who
	At     time.Time
	Tables []HeldTable
}

// HeldTable is what one table holds.
type HeldTable struct {
	Name string // of the table
	What string // a row is, in words
	Rows []HeldRow
}

// HeldRow is one row: what is personal, under the names of the declarations, and the bare facts around it.
type HeldRow struct {
	Personal []Value
	Around   []Value
}

// Value is a column of a row.
type Value struct {
	Name   string // in an export
	Column string
	Value  any
}

// Rows is how many rows there are in all.
func (h Held) Rows() (n int) {
	for _, t := range h.Tables {
		n += len(t.Rows)
	}
	return n
}

// Find gives everything that is held about a person; the zero count of rows means nothing. What nobody may see,
// such as the hash of a password, is left out. The error is an Invalid fault where nothing was typed.
func (s *Service) Find(ctx context.Context, w Who) (Held, error) {
	if err := accounts.Require(ctx, accounts.ManagePrivacy); err != nil {
		return Held{}, err
	}
	who, err := s.byReference(ctx, w)
	if err != nil {
		return Held{}, err
	}
	h, err := s.find(s.db.Read(ctx), who)
	if err != nil {
		return Held{}, err
	}
	held := Held{Who: who, At: s.db.Now()}
	for _, t := range s.ground {
		if len(h[t.Name]) == 0 {
			continue
		}
		rows, err := s.read(ctx, t, h[t.Name])
		if err != nil {
			return Held{}, err
		}
		held.Tables = append(held.Tables, HeldTable{Name: t.Name, What: t.What, Rows: rows})
	}
	return held, nil
}

// Export is Find for handing out: it is recorded, without saying whose.
func (s *Service) Export(ctx context.Context, w Who) (held Held, err error) {
	if held, err = s.Find(ctx, w); err != nil {
		return held, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		counts := audit.Details{}
		for _, t := range held.Tables {
			counts[t.Name] = len(t.Rows)
		}
		return audit.Record(ctx, tx, "privacy.export", "erasures", 0, counts)
	})
	return held, err
}

func (s *Service) read(ctx context.Context, t table, keys []any) (rows []HeldRow, err error) {
	for chunk := range slices.Chunk(keys, atOnce) {
		records, err := database.Records(s.db.Read(ctx), `SELECT * FROM `+t.Name+` WHERE `+t.key+` IN ? ORDER BY `+t.key, chunk)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.Name, err)
		}
		for _, r := range records {
			rows = append(rows, t.row(r))
		}
	}
	return rows, nil
}

func (t table) row(record map[string]any) (row HeldRow) {
	for _, c := range t.Columns {
		value := Value{Name: c.Name, Column: c.Name, Value: tidy(record[c.Name], t.shapes[c.Name])}
		switch {
		case c.Personal == nil:
			row.Around = append(row.Around, value)
		case c.Personal.Withheld == "":
			value.Name = c.Personal.Export
			row.Personal = append(row.Personal, value)
		}
	}
	return row
}

// tidy gives a value as other programs read it.
func tidy(value any, shape database.Shape) any {
	switch v := value.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case string:
		if json.Valid([]byte(v)) && len(v) > 1 && v[0] == '{' {
			return json.RawMessage(v)
		}
	case int64:
		if shape.Kind == database.BoolKind {
			return v != 0
		}
	}
	return value
}

// JSON writes everything down for other programs.
func (h Held) JSON() ([]byte, error) {
	type rowOut struct {
		Personal map[string]any `json:"personal"`
		Around   map[string]any `json:"around"`
	}
	type tableOut struct {
		What  string   `json:"what"`
		Table string   `json:"table"`
		Rows  []rowOut `json:"rows"`
	}
	out := struct {
		Who  []string   `json:"looked_for"`
		At   string     `json:"at"`
		Held []tableOut `json:"held"`
	}{Who: h.Who, At: h.At.Format(time.RFC3339), Held: []tableOut{}}
	for _, t := range h.Tables {
		one := tableOut{What: t.What, Table: t.Name}
		for _, r := range t.Rows {
			one.Rows = append(one.Rows, rowOut{grouped(r.Personal), grouped(r.Around)})
		}
		out.Held = append(out.Held, one)
	}
	return marshal(out)
}

// grouped puts columns that share a name in an export below that name.
func grouped(values []Value) map[string]any {
	out := map[string]any{}
	for _, v := range values {
		shared := 0
		for _, o := range values {
			if o.Name == v.Name {
				shared++
			}
		}
		if shared == 1 {
			out[v.Name] = v.Value
			continue
		}
		group, _ := out[v.Name].(map[string]any)
		if group == nil {
			group = map[string]any{}
		}
		group[v.Column] = v.Value
		out[v.Name] = group
	}
	return out
}
