package bookings

import (
	"context"
	"fmt"
	"iter"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportOf is a list on its way out: what it is called, what was chosen, and how its rows are read.
type exportOf[T any] struct {
	name, action, entity string
	filter               [][2]string
	ids                  []int64
	read                 func(ids []int64) ([]T, error)
	cells                func(T) ([]any, error)
}

// exportList notes in the audit log that a list was taken out, by whom and with which filter, before its first row
// leaves. Rows are read chunk by chunk, so that the longest list takes little memory.
func exportList[T any](ctx context.Context, s *Service, head []string, o exportOf[T], format sheet.Format) (sheet.Table, error) {
	details := audit.Details{"format": format, "rows": len(o.ids)}
	for _, line := range o.filter {
		details[line[0]] = line[1]
	}
	err := s.db.Write(ctx, func(tx *database.Tx) error { return audit.Record(ctx, tx, o.action, o.entity, 0, details) })
	if err != nil {
		return sheet.Table{}, err
	}
	return sheet.Table{Head: head, Rows: o.rows(), Options: sheet.Options{
		Name: o.name, At: s.db.Now(), By: writer(audit.ActorFrom(ctx)), Filter: o.filter, Zone: s.cfg.Zone(),
	}}, nil
}

func (o exportOf[T]) rows() iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for ids := o.ids; len(ids) > 0; {
			chunk := ids[:min(exportChunk, len(ids))]
			ids = ids[len(chunk):]
			list, err := o.read(chunk)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, one := range list {
				cells, err := o.cells(one)
				if !yield(cells, err) || err != nil {
					return
				}
			}
		}
	}
}

// chosen are the parts of a filter that were used.
func chosen(pairs ...[2]string) (filter [][2]string) {
	for _, p := range pairs {
		if p[1] != "" {
			filter = append(filter, p)
		}
	}
	return filter
}

// ExportCalls gives every call that a filter lets through, due or done, as a table on its way out.
func (s *Service) ExportCalls(ctx context.Context, f CallFilter, state string, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.MakeCalls); err != nil {
		return sheet.Table{}, err
	}
	where, args := f.where(ctx, state)
	o := exportOf[Call]{name: "Calls", action: "calls.export", entity: "calls",
		filter: chosen([2]string{"state", state}, [2]string{"event", f.Event}, [2]string{"kind", f.Kind}, [2]string{"tried", f.Tried}, [2]string{"mine", ifSo(f.Mine)})}
	if err := s.db.Read(ctx).Raw(`SELECT c.id FROM calls c`+where+` ORDER BY c.id`, args...).Scan(&o.ids).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the calls to export: %w", err)
	}
	names, err := s.names(ctx)
	if err != nil {
		return sheet.Table{}, err
	}
	o.read = func(ids []int64) (list []Call, err error) {
		err = s.db.Read(ctx).Raw(`SELECT * FROM calls WHERE id IN ? ORDER BY id`, ids).Scan(&list).Error
		return list, err
	}
	title := s.titles(ctx)
	o.cells = func(c Call) ([]any, error) {
		event, err := title(c.EventID)
		by := ""
		if c.DoneBy != nil {
			by = names[*c.DoneBy]
		}
		return []any{c.Name, c.Phone, event, callReason(c.Kind), c.Say, c.CreatedAt, c.State, resultWords(c.Result), c.Note, c.TryAfter, c.DoneAt, by}, err
	}
	head := []string{"name", "phone", "event", "why", "say", "since", "state", "result", "note", "try_after", "done_at", "done_by"}
	return exportList(ctx, s, head, o, format)
}

func ifSo(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

// ExportTasks gives every access need that a filter lets through as a table on its way out.
func (s *Service) ExportTasks(ctx context.Context, f TaskFilter, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return sheet.Table{}, err
	}
	where, args := s.taskWhere(ctx, f)
	o := exportOf[Task]{name: "Access needs", action: "needs.export", entity: "access_needs",
		filter: chosen([2]string{"event", f.Event}, [2]string{"need", f.Need}, [2]string{"owner", f.Owner}, [2]string{"state", f.State})}
	if err := s.db.Read(ctx).Raw(`SELECT n.id`+tasksFrom+where+` ORDER BY n.due_on, n.id`, args...).Scan(&o.ids).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("list the access needs to export: %w", err)
	}
	names, err := s.names(ctx)
	if err != nil {
		return sheet.Table{}, err
	}
	o.read = func(ids []int64) (list []Task, err error) {
		err = s.db.Read(ctx).Raw(taskColumns+` WHERE n.id IN ? ORDER BY n.due_on, n.id`, ids).Scan(&list).Error
		return list, err
	}
	title := s.titles(ctx)
	o.cells = func(t Task) ([]any, error) {
		event, err := title(t.EventID)
		owner := ""
		if t.OwnerID != nil {
			owner = names[*t.OwnerID]
		}
		return []any{t.DueOn, t.Late(s.today()), NeedLabel(t.Need), t.Note, taskWhom(t), Booking{Reference: t.Reference}.Spoken(), event, owner, needState(t.State), t.Offer}, err
	}
	return exportList(ctx, s, []string{"arrange_by", "late", "need", "note", "for", "reference", "event", "owner", "state", "offer"}, o, format)
}
