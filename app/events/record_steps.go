package events

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// StepForm is what staff type about what has become of a next step.
type StepForm struct {
	State   string `form:"state"`
	Note    string `form:"note,lines"`
	Owner   string `form:"owner"`
	Day     string `form:"due_day"`
	Month   string `form:"due_month"`
	Year    string `form:"due_year"`
	Version int64  `form:"version"` // of the record that was shown
}

// FollowStep notes what has become of a next step. That needs no new approval: the words of the step stay. The
// error is a *RecordConflict where the record was changed meanwhile.
func (s *Service) FollowStep(ctx context.Context, eventID, stepID int64, f StepForm) (Record, error) {
	return s.changeRecord(ctx, eventID, f.Version, "step.follow", func(tx *database.Tx, r *Record) error {
		i, err := r.step(stepID)
		if err != nil {
			return err
		}
		p, err := f.apply(r.Parts[i])
		if err != nil {
			return err
		}
		if p.SettledAt = nil; p.State != StepOpen {
			now := tx.Now()
			p.SettledAt = &now
		}
		r.Parts[i] = p
		if err := tx.Save(&p).Error; err != nil {
			return fmt.Errorf("save next step %d: %w", stepID, err)
		}
		return audit.Record(ctx, tx, "step."+string(p.State), "record_parts", stepID, audit.Details{"event": eventID})
	})
}

func (r Record) step(id int64) (int, error) {
	for i, p := range r.Parts {
		if p.ID == id && p.Kind == minutes.Step {
			return i, nil
		}
	}
	return 0, fault.New(fault.NotFound, "There is no such next step.")
}

func (f StepForm) apply(p RecordPart) (RecordPart, error) {
	r := &reading{}
	switch state := StepState(f.State); state {
	case StepOpen, StepDone, StepDropped:
		p.State = state
	default:
		r.fields.Add("state", "Choose what has become of it")
	}
	p.Note = r.text("note", f.Note, maxNoteCharacters, "What came of it")
	if p.State == StepDropped && strings.TrimSpace(f.Note) == "" {
		r.fields.Add("note", "Say why it does not go ahead. Everybody can read this")
	}
	p.Who = r.line("owner", f.Owner, maxLineCharacters, "Who does it")
	p.DueOn = r.dueOn("due_day", dateText{f.Day, f.Month, f.Year})
	return p, r.fields.Err()
}

// StepFilter chooses next steps of all records.
type StepFilter struct {
	Show     string // "late", "open" (default), "done", "dropped", "all"
	Locality string // slug; "" is all
	Page     int    // from 1
}

// FollowedStep is a next step with the event at which it was promised.
type FollowedStep struct {
	RecordPart
	Title    string
	Locality string
	StartsAt *time.Time
	Late     bool `gorm:"-"`
}

// StepPage is one page of next steps, those due first at the top, those without a day at the end.
type StepPage struct {
	Steps              []FollowedStep
	Total, Page, Pages int
}

// StepPageSize is how many next steps are listed at once.
const StepPageSize = 50

// Steps gives one page of the next steps of all records, drafts among them.
func (s *Service) Steps(ctx context.Context, f StepFilter) (page StepPage, err error) {
	if err := mayManage(ctx); err != nil {
		return page, err
	}
	where, args := f.where(s.today())
	db := s.db.Read(ctx).Table("record_parts p").Joins("JOIN events e ON e.id = p.event_id").Where(where, args...)
	var total int64
	if err := db.Count(&total).Error; err != nil {
		return page, fmt.Errorf("count next steps: %w", err)
	}
	page.Total, page.Pages = int(total), max(1, (int(total)+StepPageSize-1)/StepPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	err = s.db.Read(ctx).Table("record_parts p").Joins("JOIN events e ON e.id = p.event_id").Where(where, args...).
		Select("p.*, e.title, e.locality, e.starts_at").Order("CASE WHEN p.due_on = '' THEN 1 ELSE 0 END, p.due_on, p.event_id, p.position").
		Limit(StepPageSize).Offset((page.Page - 1) * StepPageSize).Scan(&page.Steps).Error
	if err != nil {
		return page, fmt.Errorf("list next steps: %w", err)
	}
	for i, step := range page.Steps {
		page.Steps[i].Late = step.RecordPart.Late(s.today())
	}
	return page, nil
}

func (f StepFilter) where(today string) (string, []any) {
	parts, args := []string{"p.kind = 'step'"}, []any{}
	switch f.Show {
	case "late":
		parts, args = append(parts, "p.state = 'open' AND p.due_on <> '' AND p.due_on < ?"), append(args, today)
	case "done", "dropped":
		parts, args = append(parts, "p.state = ?"), append(args, f.Show)
	case "all":
	default:
		parts = append(parts, "p.state = 'open'")
	}
	if f.Locality != "" {
		parts, args = append(parts, "e.locality = ?"), append(args, f.Locality)
	}
	return strings.Join(parts, " AND "), args
}

func (s *Service) today() string { return s.db.Now().In(s.cfg.Zone()).Format(dayForm) }

// RecordsDue is what staff still have to do about records.
type RecordsDue struct {
	LateSteps int
	Missing   []Event // held in the year before now, and their record is not public; the latest first
}

// RecordsDue says what staff still have to do about records.
func (s *Service) RecordsDue(ctx context.Context) (due RecordsDue, err error) {
	late, err := s.Steps(ctx, StepFilter{Show: "late"})
	if err != nil {
		return due, err
	}
	due.LateSteps = late.Total
	err = s.db.Read(ctx).Where("status = ? AND starts_at > ?", Held, s.db.Now().AddDate(-1, 0, 0)).
		Where("NOT EXISTS (SELECT 1 FROM records r WHERE r.event_id = events.id AND r.state = 'public')").
		Order("starts_at DESC, id DESC").Limit(StaffPageSize).Find(&due.Missing).Error
	if err != nil {
		return due, fmt.Errorf("list events without a record: %w", err)
	}
	return due, nil
}
