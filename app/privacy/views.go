package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/database"
	pages "conversations/templates/privacy"
)

func (s *Service) moment(t time.Time) string {
	return t.In(s.cfg.Zone()).Format("2 January 2006, 15:04")
}

func (s *Service) showHeld(v *pages.PersonView, held Held) {
	v.Who, v.Rows, v.Tables = held.Who, held.Rows(), tableViews(held)
	known := held.Who.forms()
	for _, t := range held.Tables {
		for _, r := range t.Rows {
			for _, p := range r.Personal {
				text, _ := p.Value.(string)
				reach := p.Column == "email" || p.Column == "phone" || p.Column == "to_address"
				if reach && text != "" && len(missing(Who{text}.forms(), known)) == len(Who{text}.forms()) && !slices.Contains(v.Also, text) {
					v.Also = append(v.Also, text)
				}
			}
		}
	}
}

// missing are those of a that b lacks.
func missing(a, b []string) (out []string) {
	for _, one := range a {
		if !slices.Contains(b, one) {
			out = append(out, one)
		}
	}
	return out
}

func tableViews(held Held) (views []pages.TableView) {
	for _, t := range held.Tables {
		view := pages.TableView{What: t.What}
		for _, r := range t.Rows {
			if facts := factsOf(r); len(facts) > 0 {
				view.Rows = append(view.Rows, facts)
			}
		}
		if len(view.Rows) > 0 {
			views = append(views, view)
		}
	}
	return views
}

func factsOf(r HeldRow) (facts []pages.Fact) {
	for _, p := range r.Personal {
		name := p.Name
		if words := strings.ReplaceAll(p.Column, "_", " "); words != name {
			name += ": " + words
		}
		if text := shown(p.Value); text != "" {
			facts = append(facts, pages.Fact{Name: name, Text: text})
		}
	}
	return facts
}

func shown(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case json.RawMessage:
		return plainWords(string(v))
	default:
		return fmt.Sprint(v)
	}
}

func (s *Service) exportView(held Held) pages.ExportView {
	return pages.ExportView{Organisation: s.cfg.Programme.Organisation, When: s.moment(held.At), Who: held.Who, Tables: tableViews(held)}
}

func (s *Service) eraseView(held Held, o Order) pages.EraseView {
	v := pages.EraseView{Who: held.Who, Rows: held.Rows(), Reason: o.Reason, Sure: o.Sure}
	for _, t := range held.Tables {
		v.Counts = append(v.Counts, pages.Count{What: t.What, Rows: strconv.Itoa(len(t.Rows)), Becomes: s.becomes(t.Name)})
	}
	return v
}

// becomes says what erasure does to the rows of a table.
func (s *Service) becomes(name string) string {
	t, _ := s.named(name)
	words := "is kept: it proves that a duty was done"
	for _, c := range t.personal() {
		switch c.Personal.Erase {
		case database.EraseRow:
			return "goes"
		case database.EraseBlank, database.EraseSurely:
			words = "is emptied, and still counts"
		case database.EraseWords:
			words = "loses its words; who did what, and when, stays"
		case database.EraseNever:
		}
	}
	return words
}

func (s *Service) erasureRows(list []Erasure) (rows []pages.ErasureRow) {
	names := s.staffNames()
	for _, e := range list {
		n := 0
		for _, count := range e.Rows() {
			n += count
		}
		row := pages.ErasureRow{When: s.moment(e.At), Who: "The program", Reason: e.Reason, Rows: strconv.Itoa(n), Cleaned: "Not yet"}
		if e.DoneBy != nil {
			row.Who = names[*e.DoneBy]
		}
		if e.CleanedAt != nil {
			row.Cleaned = s.moment(*e.CleanedAt)
		}
		rows = append(rows, row)
	}
	return rows
}

// staffNames are for showing; without them the page still says everything else.
func (s *Service) staffNames() map[int64]string {
	var people []struct {
		ID   int64
		Name string
	}
	_ = s.db.Read(context.Background()).Raw(`SELECT id, name FROM staff`).Scan(&people).Error
	names := map[int64]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names
}
