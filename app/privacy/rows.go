package privacy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/database"
)

// erasedPrefix begins the value that stands for an erased one where every row must have its own.
const erasedPrefix = "erased-"

// erase does to columns of rows what how says of each.
func (s *Service) erase(ctx context.Context, tx *database.Tx, t table, columns []database.Column, keys []any, how func(database.Personal) database.Erase) error {
	for chunk := range slices.Chunk(keys, atOnce) {
		if f := s.before[t.Name]; f != nil {
			if err := f(ctx, tx, integers(chunk)); err != nil {
				return fmt.Errorf("before rows of %s are erased: %w", t.Name, err)
			}
		}
		if err := s.eraseChunk(ctx, tx, t, columns, chunk, how); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) eraseChunk(ctx context.Context, tx *database.Tx, t table, columns []database.Column, keys []any, how func(database.Personal) database.Erase) error {
	var sets []string
	for _, c := range columns {
		switch how(*c.Personal) {
		case database.EraseRow:
			return s.remove(ctx, tx, t, keys)
		case database.EraseBlank:
			sets = append(sets, c.Name+" = "+blank(t.shapes[c.Name]))
		case database.EraseSurely:
			sets = append(sets, c.Name+" = '"+erasedPrefix+"' || CAST("+t.key+" AS TEXT)")
		case database.EraseWords:
			if err := scrub(tx, t, c.Name, keys); err != nil {
				return err
			}
		case database.EraseNever:
		}
	}
	if len(sets) == 0 {
		return nil
	}
	err := tx.Exec(`UPDATE `+t.Name+` SET `+strings.Join(sets, ", ")+` WHERE `+t.key+` IN ?`, keys).Error
	if err != nil {
		return fmt.Errorf("erase columns of %s: %w", t.Name, err)
	}
	return nil
}

// remove deletes rows. What hangs on a row that goes is erased with it, as declared, and lets go of it.
func (s *Service) remove(ctx context.Context, tx *database.Tx, t table, keys []any) error {
	for _, r := range t.hang {
		child, declared := s.named(r.Table)
		if !declared {
			return fmt.Errorf("%s refers to %s and is not declared", r.Table, t.Name)
		}
		if err := s.letGo(ctx, tx, child, r.Column, keys); err != nil {
			return err
		}
	}
	if err := tx.Exec(`DELETE FROM `+t.Name+` WHERE `+t.key+` IN ?`, keys).Error; err != nil {
		return fmt.Errorf("remove rows of %s: %w", t.Name, err)
	}
	return nil
}

func (s *Service) letGo(ctx context.Context, tx *database.Tx, child table, column string, parents []any) error {
	if child.Personal() {
		keys, err := keysOf(tx.DB, child, column+` IN ?`, parents)
		if err != nil {
			return err
		}
		if err := s.erase(ctx, tx, child, child.personal(), keys, asDeclared); err != nil {
			return err
		}
	}
	text := `DELETE FROM ` + child.Name + ` WHERE ` + column + ` IN ?`
	if child.shapes[column].Nullable {
		text = `UPDATE ` + child.Name + ` SET ` + column + ` = NULL WHERE ` + column + ` IN ?`
	}
	if err := tx.Exec(text, parents).Error; err != nil {
		return fmt.Errorf("let rows of %s go: %w", child.Name, err)
	}
	return nil
}

// asDeclared is how one person's data are erased.
func asDeclared(p database.Personal) database.Erase { return p.Erase }

// blank is the SQL of an empty value.
func blank(shape database.Shape) string {
	switch {
	case shape.Nullable:
		return "NULL"
	case shape.Kind == database.BoolKind:
		return "FALSE"
	case shape.Kind == database.NumberKind:
		return "0"
	}
	return "''"
}

// holds is SQL that is true of a row whose column still has something to erase.
func holds(column string, shape database.Shape, how database.Erase) string {
	switch {
	case how == database.EraseRow:
		return "TRUE"
	case how == database.EraseNever:
		return "FALSE"
	case how == database.EraseSurely:
		return column + " NOT LIKE '" + erasedPrefix + "%'"
	case shape.Nullable:
		return column + " IS NOT NULL"
	case shape.Kind == database.BoolKind:
		return column
	case shape.Kind == database.NumberKind:
		return column + " <> 0"
	case shape.Kind == database.BytesKind:
		return "length(" + column + ") > 0"
	}
	return column + " <> ''"
}
