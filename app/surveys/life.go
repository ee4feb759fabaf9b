package surveys

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Accepting says whether people can answer at the instant now.
func (s Survey) Accepting(now time.Time) bool {
	return s.State == Open && (s.OpensAt == nil || !now.Before(*s.OpensAt)) && (s.ClosesAt == nil || now.Before(*s.ClosesAt))
}

// Asked are the surveys that anybody can answer now, those first that close first: not those about an event, which its guests
// are invited to.
func (s *Service) Asked(ctx context.Context) (forms []Form, err error) {
	var list []Survey
	err = s.DB.Read(ctx).Raw(`SELECT * FROM surveys WHERE state = 'open' AND event_id IS NULL
		AND NOT EXISTS (SELECT 1 FROM survey_invitations i WHERE i.survey_id = surveys.id) ORDER BY closes_at IS NULL, closes_at, id DESC LIMIT 10`).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list open surveys: %w", err)
	}
	for _, survey := range list {
		if !survey.Accepting(s.DB.Now()) {
			continue
		}
		form, err := s.FormOf(ctx, survey.ID, "")
		if err != nil {
			return nil, err
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// Words is the state as staff read it.
func (s State) Words() string {
	return map[State]string{Draft: "Draft", Open: "Open", Closed: "Closed", Archived: "Archived"}[s]
}

// Open lets people answer: at once, or from the day that was set. Every section must have a question.
func (s *Service) Open(ctx context.Context, id int64) (Survey, error) {
	return s.turn(ctx, id, Open, []State{Draft, Closed}, func(tx *database.Tx, survey *Survey) error {
		form, err := readForm(tx.DB, id, "")
		if err != nil {
			return err
		}
		if mistakes := form.mistakes(); len(mistakes) > 0 {
			return fault.New(fault.Invalid, mistakes[0])
		}
		if survey.ClosesAt != nil && !survey.ClosesAt.After(tx.Now()) {
			return fault.New(fault.Invalid, "The day on which this survey closes is over. Set another first.")
		}
		now := tx.Now()
		if survey.OpenedAt == nil {
			survey.OpenedAt = &now
		}
		survey.ClosedAt = nil
		return nil
	})
}

// mistakes are what stands in the way of opening a survey, as sentences that say what to do.
func (f Form) mistakes() (list []string) {
	if len(f.Sections) == 0 {
		return []string{"Add a section with a question first."}
	}
	asked := map[int64]bool{}
	for i, section := range f.Sections {
		if len(section.Questions) == 0 {
			list = append(list, fmt.Sprintf("Section %d has no question. Add one, or take the section out.", i+1))
		}
		if section.IfQuestion != 0 && !asked[section.IfQuestion] {
			list = append(list, fmt.Sprintf("Section %d depends on a question that does not come before it. Change its condition.", i+1))
		}
		for _, q := range section.Questions {
			asked[q.ID] = true
		}
	}
	return list
}

// Close takes no more answers. It can be opened again.
func (s *Service) Close(ctx context.Context, id int64) (Survey, error) {
	return s.turn(ctx, id, Closed, []State{Open}, func(tx *database.Tx, survey *Survey) error {
		now := tx.Now()
		survey.ClosedAt = &now
		return nil
	})
}

// Archive puts a closed survey away, for good: it cannot be changed any more.
func (s *Service) Archive(ctx context.Context, id int64) (Survey, error) {
	return s.turn(ctx, id, Archived, []State{Draft, Closed}, func(tx *database.Tx, survey *Survey) error {
		if survey.ClosedAt == nil {
			now := tx.Now()
			survey.ClosedAt = &now
		}
		return nil
	})
}

func (s *Service) turn(ctx context.Context, id int64, to State, from []State, change func(*database.Tx, *Survey) error) (Survey, error) {
	return s.edit(ctx, id, 0, "survey."+map[State]string{Open: "open", Closed: "close", Archived: "archive"}[to], audit.Details{"to": to}, func(tx *database.Tx, survey *Survey) error {
		for _, state := range from {
			if survey.State == state {
				survey.State = to
				return change(tx, survey)
			}
		}
		return fault.New(fault.Conflict, "The state of this survey is \""+survey.State.Words()+"\", so this cannot be done.")
	})
}
