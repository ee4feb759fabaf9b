package surveys

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// maxReasonCharacters is how long the reason may be for setting a response aside.
const maxReasonCharacters = 300

// SetResponseAside has a response not count, and keeps why. It is never done silently: it is in the audit log, and the
// results say how many are set aside. The error is an Invalid fault at the field reason, NotFound, or Conflict where the
// response does not count.
func (s *Service) SetResponseAside(ctx context.Context, surveyID, responseID int64, reason string) error {
	var problems fault.Fields
	if reason = strings.TrimSpace(reason); reason == "" {
		problems.Add("reason", "Enter why these answers are not to count")
	}
	limited(&problems, "reason", reason, maxReasonCharacters)
	if err := problems.Err(); err != nil {
		return err
	}
	return s.turnResponse(ctx, surveyID, responseID, "response.set_aside", Complete, SetAside, reason)
}

// PutResponseBack has a response count again that was set aside.
func (s *Service) PutResponseBack(ctx context.Context, surveyID, responseID int64) error {
	return s.turnResponse(ctx, surveyID, responseID, "response.put_back", SetAside, Complete, "")
}

func (s *Service) turnResponse(ctx context.Context, surveyID, responseID int64, action string, from, to ResponseState, reason string) error {
	if err := mayBuild(ctx); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		survey, err := lockSurvey(tx, surveyID)
		if err != nil {
			return err
		}
		var r Response
		err = database.First(tx.Raw("SELECT * FROM survey_responses WHERE id = ? AND survey_id = ?"+tx.ForUpdate(), responseID, surveyID), &r)
		if database.IsNotFound(err) {
			return noResponse()
		}
		if err == nil && r.State != from {
			err = fault.New(fault.Conflict, "Somebody was quicker: the state of this response is \""+r.State.Words()+"\".")
		}
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE survey_responses SET state = ?, set_aside = ? WHERE id = ?", string(to), reason, r.ID).Error; err != nil {
			return fmt.Errorf("change response %d: %w", r.ID, err)
		}
		r.State, r.SetAside = to, reason
		if err := s.submitted(ctx, tx, survey, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "surveys", surveyID, audit.Details{"response": r.ID})
	})
}

func noResponse() error { return fault.New(fault.NotFound, "There is no such response.") }

// Words is the state of a response as staff read it.
func (s ResponseState) Words() string {
	return map[ResponseState]string{Ballot: "Not taken", Drafting: "Begun", Complete: "Counts", SetAside: "Set aside"}[s]
}

// ResponsePageSize is how many responses the list shows at once.
const ResponsePageSize = 50

// ResponseFilter chooses responses; its zero value is those that were sent, whether they count or are set aside.
type ResponseFilter struct {
	State   ResponseState // "" is Complete and SetAside
	Channel string
	Page    int // from 1
}

func (f ResponseFilter) where(surveyID int64) (string, []any) {
	where, args := "survey_id = ? AND second_of IS NULL", []any{surveyID}
	if f.State == Complete || f.State == SetAside {
		where, args = where+" AND state = ?", append(args, string(f.State))
	} else {
		where += " AND state IN ('complete', 'set-aside')"
	}
	if f.Channel != "" {
		where, args = where+" AND channel = ?", append(args, f.Channel)
	}
	return where, args
}

// ResponsePage is one page of responses, without names, in an order that tells nothing.
type ResponsePage struct {
	Form      Form
	Withheld  bool // an anonymous survey that few have answered
	Responses []Response
	Total     int
	Page      int // from 1
	Pages     int // at least 1
}

// Responses gives one page of responses. A page past the end is the last.
func (s *Service) Responses(ctx context.Context, surveyID int64, f ResponseFilter) (p ResponsePage, err error) {
	if err := mayBuild(ctx); err != nil {
		return p, err
	}
	if p.Form, err = s.FormOf(ctx, surveyID, ""); err != nil {
		return p, err
	}
	p.Page, p.Pages = 1, 1
	if p.Withheld, err = s.withheld(ctx, p.Form); err != nil || p.Withheld {
		return p, err
	}
	where, args := f.where(surveyID)
	if err := s.DB.Read(ctx).Raw("SELECT count(*) FROM survey_responses WHERE "+where, args...).Scan(&p.Total).Error; err != nil {
		return p, fmt.Errorf("count the responses to survey %d: %w", surveyID, err)
	}
	p.Pages = max(1, (p.Total+ResponsePageSize-1)/ResponsePageSize)
	p.Page = min(max(1, f.Page), p.Pages)
	err = s.DB.Read(ctx).Raw("SELECT * FROM survey_responses WHERE "+where+" ORDER BY id LIMIT ? OFFSET ?", append(args, ResponsePageSize, (p.Page-1)*ResponsePageSize)...).Scan(&p.Responses).Error
	if err != nil {
		return p, fmt.Errorf("list the responses to survey %d: %w", surveyID, err)
	}
	return p, nil
}

// withheld says whether nothing of the answers may be shown yet.
func (s *Service) withheld(ctx context.Context, form Form) (bool, error) {
	var sent int
	err := s.DB.Read(ctx).Raw("SELECT count(*) FROM survey_responses WHERE survey_id = ? AND state = 'complete' AND second_of IS NULL", form.Survey.ID).Scan(&sent).Error
	if err != nil {
		return true, fmt.Errorf("count the responses to survey %d: %w", form.Survey.ID, err)
	}
	return !s.Enough(form, sent), nil
}

// ResponseOf gives one response that was sent, with what it says. NotFound where there is none, or none that may be shown.
func (s *Service) ResponseOf(ctx context.Context, surveyID, responseID int64) (a Answering, err error) {
	if err := mayBuild(ctx); err != nil {
		return a, err
	}
	if a.Form, err = s.FormOf(ctx, surveyID, ""); err != nil {
		return a, err
	}
	if few, err := s.withheld(ctx, a.Form); err != nil || few {
		return a, errOr(err, noResponse())
	}
	read := s.DB.Read(ctx)
	err = database.First(read.Raw("SELECT * FROM survey_responses WHERE id = ? AND survey_id = ? AND state IN ('complete', 'set-aside')", responseID, surveyID), &a.Response)
	if database.IsNotFound(err) {
		return a, noResponse()
	}
	if err != nil {
		return a, fmt.Errorf("read response %d: %w", responseID, err)
	}
	a.Answers, err = readAnswers(read, responseID)
	return a, err
}

// ExportResponseList gives all responses of a filter, without what they say, as a table on its way out; that it was taken
// out is in the audit log.
func (s *Service) ExportResponseList(ctx context.Context, surveyID int64, f ResponseFilter, format sheet.Format) (sheet.Table, error) {
	p, err := s.Responses(ctx, surveyID, f)
	if err != nil {
		return sheet.Table{}, err
	}
	if p.Withheld {
		return sheet.Table{}, fault.New(fault.Conflict, "Fewer than five people have answered this anonymous survey, so nothing is shown yet.")
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "responses_list.export", "surveys", surveyID, audit.Details{"format": format, "rows": p.Total})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		for f.Page = 1; f.Page <= p.Pages; f.Page++ {
			next, err := s.Responses(ctx, surveyID, f)
			for _, r := range next.Responses {
				if !yield([]any{responseNumber(r.ID), string(r.State), r.Channel, r.Locality, timeOrNone(r.SubmittedAt), r.SetAside}, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
	return sheet.Table{Head: []string{"id", "state", "channel", "locality", "submitted_at", "set_aside"}, Rows: rows,
		Options: sheet.Options{Name: "Responses", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(),
			Filter: [][2]string{{"Survey", p.Form.Words.Title}, {"State", string(f.State)}, {"Channel", f.Channel}}}}, nil
}

func timeOrNone(at *time.Time) any {
	if at == nil {
		return ""
	}
	return *at
}
