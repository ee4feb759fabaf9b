package surveys

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// Batch is a pile of forms that came on paper, calls that were made, or a file from elsewhere: a row of the table
// survey_batches.
type Batch struct {
	ID         int64
	SurveyID   int64
	Name       string
	Channel    string // paper, telephone, import
	EventID    *int64
	Locality   string // slug; "" is mixed or not known
	ReceivedOn string // 2017-03-01; "" is not known
	Forms      int    // as counted by hand; 0 is not counted
	Share      int    // percent of its forms that are entered a second time
	SetAside   string // why none of its forms counts; "" is that they do
	CreatedBy  *int64
	CreatedAt  time.Time
	ClosedAt   *time.Time
}

// TableName is the table that batches live in.
func (Batch) TableName() string { return "survey_batches" }

// The channels by which answers come; those of a batch are the last three.
const (
	onlineChannel    = "online"
	paperChannel     = "paper"
	telephoneChannel = "telephone"
	importChannel    = "import"
)

// channelNames are the channels as staff read them.
func channelName(channel string) string {
	return map[string]string{onlineChannel: "Online", paperChannel: "Paper", telephoneChannel: "Telephone", importChannel: "From a file"}[channel]
}

// Takes says whether forms can be entered into the batch.
func (b Batch) Takes() bool {
	return b.ClosedAt == nil && b.SetAside == "" && b.Channel != importChannel
}

// BatchForm is what staff typed about a batch, as typed.
type BatchForm struct {
	Name     string `form:"name"`
	Channel  string `form:"channel"`
	Event    string `form:"event"` // id; "" is none
	Locality string `form:"locality"`
	Day      string `form:"received_day"`
	Month    string `form:"received_month"`
	Year     string `form:"received_year"`
	Forms    string `form:"forms"`
	Share    string `form:"share"`
}

const (
	maxBatchName  = 100
	maxBatchForms = 100_000
	usualShare    = 10 // percent
	maxReason     = 300
)

// NewBatch begins a batch of forms. The survey must have been opened: before that it may still change its meaning.
func (s *Service) NewBatch(ctx context.Context, surveyID int64, f BatchForm) (b Batch, err error) {
	if err := mayBuild(ctx); err != nil {
		return b, err
	}
	fresh := Batch{SurveyID: surveyID}
	if err := s.applyBatch(f, &fresh); err != nil {
		return b, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		b = fresh
		if err := s.takesPaper(tx, surveyID); err != nil {
			return err
		}
		if err := s.eventExists(ctx, b.EventID); err != nil {
			return err
		}
		b.CreatedBy, b.CreatedAt = audit.StaffID(ctx), tx.Now()
		if err := tx.Create(&b).Error; err != nil {
			return fmt.Errorf("store a batch: %w", err)
		}
		return audit.Record(ctx, tx, "survey_batch.create", "survey_batches", b.ID, audit.Details{"survey": surveyID, "channel": b.Channel})
	})
	return b, err
}

// takesPaper refuses a survey that is a draft, or in the archive. Paper comes in long after people can answer online.
func (s *Service) takesPaper(tx *database.Tx, surveyID int64) error {
	var state State
	if err := tx.Row("SELECT state FROM surveys WHERE id = ?", surveyID).Scan(&state); err != nil {
		return noSurvey()
	}
	switch state {
	case Draft:
		return fault.New(fault.Conflict, "This survey is a draft, so what it asks can still change. Open it first.")
	case Archived:
		return fault.New(fault.Conflict, "This survey is in the archive, so it takes no answers any more.")
	}
	return nil
}

// ChangeBatch stores what was typed about a batch. Forms that were entered already follow its locality and event where
// the paper itself says no other.
func (s *Service) ChangeBatch(ctx context.Context, surveyID, id int64, f BatchForm) error {
	return s.editBatch(ctx, surveyID, id, "survey_batch.change", nil, func(tx *database.Tx, b *Batch) error {
		before := *b
		if err := s.applyBatch(f, b); err != nil {
			return err
		}
		if err := s.eventExists(ctx, b.EventID); err != nil {
			return err
		}
		err := tx.Exec(`UPDATE survey_responses SET event_id = coalesce(CAST(? AS BIGINT), (SELECT s.event_id FROM surveys s WHERE s.id = survey_id)), channel = ?,
			locality = CASE WHEN locality = ? THEN ? ELSE locality END WHERE batch_id = ?`, b.EventID, b.Channel, before.Locality, b.Locality, id).Error
		if err != nil {
			return fmt.Errorf("change the forms of batch %d: %w", id, err)
		}
		return nil
	})
}

// applyBatch puts what was typed onto a batch. The channel of answers from a file stays.
func (s *Service) applyBatch(f BatchForm, b *Batch) error {
	var problems fault.Fields
	b.Name = f.Name
	if limited(&problems, "name", f.Name, maxBatchName); f.Name == "" {
		problems.Add("name", "Enter a name for the pile, such as \"Library, first box\"")
	}
	if b.Channel != importChannel {
		if b.Channel = f.Channel; !slices.Contains([]string{paperChannel, telephoneChannel}, f.Channel) {
			problems.Add("channel", "Choose how the answers came")
		}
	}
	if b.Locality = f.Locality; f.Locality != "" {
		if _, known := s.Config.Locality(f.Locality); !known {
			problems.Add("locality", "Choose from the localities that are there")
		}
	}
	b.EventID = nil
	if f.Event != "" {
		id, err := strconv.ParseInt(f.Event, 10, 64)
		if b.EventID = &id; err != nil {
			problems.Add("event", "Choose from the events that are there")
		}
	}
	b.ReceivedOn = ""
	if strings.TrimSpace(f.Day+f.Month+f.Year) != "" {
		day, real := events.ParseDay(f.Day, f.Month, f.Year)
		if b.ReceivedOn = day.Format(time.DateOnly); !real {
			problems.Add("received_day", "Enter a real date, such as 28 2 2017")
		}
	}
	b.Forms = whole(&problems, "forms", f.Forms, 0, maxBatchForms, "Enter how many forms there are, as a number, or leave it empty")
	b.Share = usualShare
	if f.Share != "" {
		b.Share = whole(&problems, "share", f.Share, 0, 100, "Enter a number from 0 to 100")
	}
	return problems.Err()
}

// whole reads a whole number; an empty text is the least.
func whole(problems *fault.Fields, field, text string, least, most int, message string) int {
	if text == "" {
		return least
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if err != nil || n < least || n > most {
		problems.Add(field, message)
	}
	return n
}

// CloseBatch says that all forms of a batch are entered.
func (s *Service) CloseBatch(ctx context.Context, surveyID, id int64) error {
	return s.editBatch(ctx, surveyID, id, "survey_batch.close", nil, func(tx *database.Tx, b *Batch) error {
		now := tx.Now()
		b.ClosedAt = &now
		return nil
	})
}

// OpenBatch lets forms be entered into a batch again.
func (s *Service) OpenBatch(ctx context.Context, surveyID, id int64) error {
	return s.editBatch(ctx, surveyID, id, "survey_batch.open", nil, func(_ *database.Tx, b *Batch) error {
		b.ClosedAt = nil
		return nil
	})
}

// SetBatchAside has none of a batch's answers count, for a reason that stays with it. RestoreBatch takes it back.
func (s *Service) SetBatchAside(ctx context.Context, surveyID, id int64, reason string) error {
	var problems fault.Fields
	if limited(&problems, "reason", reason, maxReason); strings.TrimSpace(reason) == "" {
		problems.Add("reason", "Say why these answers should not count")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.editBatch(ctx, surveyID, id, "survey_batch.set_aside", nil, func(tx *database.Tx, b *Batch) error {
		if b.SetAside != "" {
			return fault.New(fault.Conflict, "This batch is set aside already.")
		}
		b.SetAside = reason
		return s.turnBatch(ctx, tx, *b, Complete, "", SetAside, batchReason(reason))
	})
}

// turnBatch has the responses of a batch count, or not, and tells everybody who asked.
func (s *Service) turnBatch(ctx context.Context, tx *database.Tx, b Batch, from ResponseState, reason string, to ResponseState, why string) error {
	var survey Survey
	if err := database.First(tx.Raw("SELECT * FROM surveys WHERE id = ?", b.SurveyID), &survey); err != nil {
		return err
	}
	var turned []Response
	if err := tx.Raw("SELECT * FROM survey_responses WHERE batch_id = ? AND state = ? AND set_aside = ?", b.ID, string(from), reason).Scan(&turned).Error; err != nil {
		return fmt.Errorf("read the forms of batch %d: %w", b.ID, err)
	}
	err := tx.Exec("UPDATE survey_responses SET state = ?, set_aside = ? WHERE batch_id = ? AND state = ? AND set_aside = ?", string(to), why, b.ID, string(from), reason).Error
	if err != nil {
		return fmt.Errorf("turn the forms of batch %d: %w", b.ID, err)
	}
	for _, r := range turned {
		r.State, r.SetAside = to, why
		if err := s.submitted(ctx, tx, survey, r); err != nil {
			return err
		}
	}
	return nil
}

// RestoreBatch has the answers of a batch count again, but for those that were set aside by themselves.
func (s *Service) RestoreBatch(ctx context.Context, surveyID, id int64) error {
	return s.editBatch(ctx, surveyID, id, "survey_batch.restore", nil, func(tx *database.Tx, b *Batch) error {
		reason := b.SetAside
		if b.SetAside = ""; reason == "" {
			return fault.New(fault.Conflict, "This batch is not set aside.")
		}
		return s.turnBatch(ctx, tx, *b, SetAside, batchReason(reason), Complete, "")
	})
}

// batchReason is why a response of a batch that is set aside does not count.
func batchReason(reason string) string { return "The whole batch: " + reason }

// editBatch changes a batch of a survey in a transaction, with an entry in the audit log.
func (s *Service) editBatch(ctx context.Context, surveyID, id int64, action string, details audit.Details, change func(*database.Tx, *Batch) error) error {
	if err := mayBuild(ctx); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		b, err := batchOf(tx, surveyID, id)
		if err != nil {
			return err
		}
		if err := change(tx, &b); err != nil {
			return err
		}
		if err := tx.Save(&b).Error; err != nil {
			return fmt.Errorf("store batch %d: %w", id, err)
		}
		return audit.Record(ctx, tx, action, "survey_batches", id, details)
	})
}

// batchOf reads a batch of a survey, and holds it until the transaction ends.
func batchOf(tx *database.Tx, surveyID, id int64) (b Batch, err error) {
	err = database.First(tx.Raw("SELECT * FROM survey_batches WHERE survey_id = ? AND id = ?"+tx.ForUpdate(), surveyID, id), &b)
	if database.IsNotFound(err) {
		return b, noBatch()
	}
	return b, err
}

func noBatch() error { return fault.New(fault.NotFound, "There is no such batch in this survey.") }
