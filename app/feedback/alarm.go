package feedback

import (
	"context"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/jobs"
	"conversations/app/mail"
)

// The kinds of alarm.
const (
	Safeguarding = "safeguarding"
	ThreatToLife = "threat-to-life"
)

// alarmWords says what an alarm is about.
func alarmWords(kind string) string {
	if kind == ThreatToLife {
		return "Somebody's life may be in danger"
	}
	return "Somebody may need to be kept safe"
}

// Words says what the alarm is about.
func (a Alarm) Words() string { return alarmWords(a.Kind) }

// Path is the page of the alarm.
func (a Alarm) Path() string { return alarmPath(a.ID) }

// RaiseAlarm marks a comment as urgent. Everybody named in the configuration is written to, without the words, until
// somebody answers. The error is an Invalid fault at the field kind, or a Conflict where an alarm is open already.
func (s *Service) RaiseAlarm(ctx context.Context, commentID int64, kind string) (id int64, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return 0, err
	}
	if kind != Safeguarding && kind != ThreatToLife {
		return 0, fault.Fields{{Name: "kind", Message: "Choose what it is about"}}.Err()
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if _, err := lockComment(tx, commentID); err != nil {
			return err
		}
		var open int
		if err := tx.Row("SELECT count(*) FROM comment_alarms WHERE comment_id = ? AND answered_at IS NULL", commentID).Scan(&open); err != nil {
			return fmt.Errorf("look for an alarm on comment %d: %w", commentID, err)
		}
		if open > 0 {
			return fault.New(fault.Conflict, "There is an alarm on this comment already.")
		}
		now := tx.Now()
		id, err = tx.Insert("INSERT INTO comment_alarms (comment_id, kind, raised_by, raised_at, next_at) VALUES (?, ?, ?, ?, ?) RETURNING id", commentID, kind, audit.StaffID(ctx), now, now)
		if err != nil {
			return fmt.Errorf("raise an alarm on comment %d: %w", commentID, err)
		}
		if err := s.ring(tx, Alarm{ID: id, CommentID: commentID, Kind: kind, RaisedAt: now}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "comment.alarm", "comments", commentID, audit.Details{"alarm": id, "kind": kind, "written_to": len(s.Config.Feedback.Urgent)})
	})
	return id, err
}

// ring writes to everybody once more, and says when the next time is.
func (s *Service) ring(tx *database.Tx, a Alarm) error {
	round := a.Rounds + 1
	for i, address := range s.Config.Feedback.Urgent {
		err := s.Outbox.Enqueue(tx, mail.Message{
			Key: fmt.Sprintf("alarm:%d:%d:%d", a.ID, round, i), Kind: "comment.alarm", About: "comment_alarms", AboutID: a.ID, To: address, Subject: s.alarmSubject(a, round),
			Blocks: s.alarmBlocks(a, round),
		})
		if err != nil {
			return err
		}
	}
	next := tx.Now().Add(s.Config.Feedback.UrgentAgain)
	if err := tx.Exec("UPDATE comment_alarms SET rounds = ?, next_at = ? WHERE id = ?", round, next, a.ID).Error; err != nil {
		return fmt.Errorf("note that alarm %d was rung: %w", a.ID, err)
	}
	return nil
}

func (s *Service) alarmSubject(a Alarm, round int) string {
	subject := "Urgent: a comment needs you now"
	if round > 1 {
		subject += " (" + strconv.Itoa(round) + ")"
	}
	return fmt.Sprintf("%s, alarm %d", subject, a.ID)
}

// alarmBlocks are the mail. It holds nothing of what was said: mails are forwarded, and lie about.
func (s *Service) alarmBlocks(a Alarm, round int) []mail.Block {
	again := fmt.Sprintf("This mail comes again every %s until somebody says that they have it in hand.", spell(s.Config.Feedback.UrgentAgain))
	if round > 1 {
		again = fmt.Sprintf("Nobody has answered yet. This is mail number %d. ", round) + again
	}
	return []mail.Block{
		mail.Heading(alarmWords(a.Kind)),
		mail.Paragraph("A colleague read a comment and marked it as urgent on " + a.RaisedAt.In(s.Config.Zone()).Format("2 January 2006 at 15:04") + ". What was said is not in this mail."),
		mail.Button("Read it, and say that you have it", s.Config.BaseURL+alarmPath(a.ID)),
		mail.Paragraph(again),
	}
}

// spell says a length of time in words.
func spell(d time.Duration) string {
	if d%time.Hour == 0 {
		return counted(int(d/time.Hour), "hour", "hours")
	}
	return counted(int(d.Round(time.Minute)/time.Minute), "minute", "minutes")
}

// AlarmJob writes again to everybody where nobody has answered.
func (s *Service) AlarmJob() jobs.Job {
	return jobs.Job{Name: "alarms", Every: time.Minute, Run: s.RingAlarms}
}

// RingAlarms writes again where it is time. It is work for the job runner.
func (s *Service) RingAlarms(ctx context.Context) error {
	var due int
	const waiting = " FROM comment_alarms WHERE answered_at IS NULL AND next_at <= ?"
	if err := s.DB.Read(ctx).Raw("SELECT count(*)"+waiting, s.DB.Now()).Scan(&due).Error; err != nil || due == 0 {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		var list []Alarm
		if err := tx.Raw("SELECT *"+waiting+" ORDER BY id LIMIT 50"+tx.ForUpdate(), tx.Now()).Scan(&list).Error; err != nil {
			return fmt.Errorf("read the alarms that are due: %w", err)
		}
		for _, a := range list {
			if err := s.ring(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

const outcomeLetters = 300

// AnswerAlarm says that somebody has it in hand: no more mails are written. The error is a Conflict where somebody was
// quicker, and an Invalid fault at the field outcome.
func (s *Service) AnswerAlarm(ctx context.Context, id int64, outcome string) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	outcome = contacts.Tidy(outcome)
	if utf8.RuneCountInString(outcome) > outcomeLetters {
		return fault.Fields{{Name: "outcome", Message: "What you do must be 300 letters or fewer"}}.Err()
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		a, err := alarmOf(tx.Raw, id)
		if err != nil {
			return err
		}
		done := tx.Exec("UPDATE comment_alarms SET answered_by = ?, answered_at = ?, outcome = ?, next_at = NULL WHERE id = ? AND answered_at IS NULL", audit.StaffID(ctx), tx.Now(), outcome, id)
		if done.Error != nil {
			return fmt.Errorf("answer alarm %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.New(fault.Conflict, "Somebody else has it in hand already.")
		}
		return audit.Record(ctx, tx, "comment.alarm_answer", "comments", a.CommentID, audit.Details{"alarm": id, "rounds": a.Rounds})
	})
}

// Alarm reads one alarm. It needs the right to manage feedback.
func (s *Service) Alarm(ctx context.Context, id int64) (a Alarm, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return a, err
	}
	return alarmOf(s.DB.Read(ctx).Raw, id)
}

func alarmOf(raw rawQuery, id int64) (a Alarm, err error) {
	err = database.First(raw("SELECT * FROM comment_alarms WHERE id = ?", id), &a)
	if database.IsNotFound(err) {
		return a, fault.New(fault.NotFound, "There is no such alarm.")
	}
	return a, err
}

// OpenAlarms are those that nobody has answered, the oldest first.
func (s *Service) OpenAlarms(ctx context.Context) (list []Alarm, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw("SELECT * FROM comment_alarms WHERE answered_at IS NULL ORDER BY id").Scan(&list).Error
	return list, err
}

// AlarmsOf are the alarms on a comment, the oldest first.
func (s *Service) AlarmsOf(ctx context.Context, commentID int64) (list []Alarm, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw("SELECT * FROM comment_alarms WHERE comment_id = ? ORDER BY id", commentID).Scan(&list).Error
	return list, err
}

// alarmPath is the page of an alarm.
func alarmPath(id int64) string { return "/staff/feedback/alarms/" + strconv.FormatInt(id, 10) }
