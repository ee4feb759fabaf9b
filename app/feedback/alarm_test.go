package feedback_test

import (
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

func TestAnAlarmRingsWithoutTheWordsUntilSomebodyAnswers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.cfg.Feedback.Urgent, w.cfg.Feedback.UrgentAgain = []string{"duty@office.example", "lead@office.example"}, 15*time.Minute
		comment := w.add(t, said("My neighbour locks his mother in the shed at night"))[0]
		mails := func() (list []string) {
			must(t, w.db.Read(t.Context()).Raw("SELECT to_address || ' ' || subject || ' ' || content FROM mails ORDER BY id").Scan(&list).Error)
			return list
		}
		if _, err := w.RaiseAlarm(w.lead, comment, "because"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an alarm about nothing: %v", err)
		}
		id, err := w.RaiseAlarm(w.lead, comment, feedback.Safeguarding)
		must(t, err)
		if _, err := w.RaiseAlarm(w.lead, comment, feedback.ThreatToLife); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second alarm: %v", err)
		}
		for _, step := range []struct {
			later time.Duration
			want  int
		}{{0, 2}, {14 * time.Minute, 2}, {time.Minute, 4}, {time.Minute, 4}, {15 * time.Minute, 6}} {
			*w.at = w.at.Add(step.later)
			must(t, w.RingAlarms(w.lead))
			if n := len(mails()); n != step.want {
				t.Errorf("after %s more there are %d mails, not %d", step.later, n, step.want)
			}
		}
		for _, m := range mails() {
			if strings.Contains(m, "shed") || strings.Contains(m, "neighbour") || !strings.Contains(m, "/staff/feedback/alarms/") {
				t.Errorf("the mail tells what was said, or leads nowhere: %s", m)
			}
		}
		must(t, w.AnswerAlarm(w.lead, id, "I have telephoned the council"))
		if err := w.AnswerAlarm(w.admin, id, ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second answer: %v", err)
		}
		*w.at = w.at.Add(time.Hour)
		must(t, w.RingAlarms(w.lead))
		open, err := w.OpenAlarms(w.lead)
		must(t, err)
		if len(mails()) != 6 || len(open) != 0 {
			t.Errorf("after the answer there are %d mails and %d open alarms", len(mails()), len(open))
		}
	})
}
