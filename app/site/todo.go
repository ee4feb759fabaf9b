package site

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/events"
)

// Where staff do what the home page names.
const (
	callsPath    = "/staff/calls"
	bookingsPath = "/staff/bookings"
	eventsPath   = "/staff/events"
	mailsPath    = "/staff/mails"
	accessPath   = "/staff/access"
	stepsPath    = "/staff/steps"
	answersPath  = "/staff/actions"
)

// Task is something that needs doing now. Path is where it is done.
type Task struct {
	Text   string
	Note   string
	Path   string
	Urgent bool
}

// Tasks gives what needs doing now, the most urgent first, as far as the actor may do it: people to telephone, mails
// that do not arrive, events that lack something.
func (s *Service) Tasks(ctx context.Context) (tasks []Task, err error) {
	if err := accounts.Require(ctx, accounts.UseStaffPages); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		action accounts.Action
		find   func(context.Context) ([]Task, error)
	}{
		{accounts.ManageFeedback, s.alarmTasks}, {accounts.MakeCalls, s.callTasks}, {accounts.SeeBookings, s.accessTasks}, {accounts.SeeMails, s.mailTasks}, {accounts.ManageEvents, s.eventTasks},
		{accounts.ManageEvents, s.recordTasks}, {accounts.WriteUpdates, s.updateTasks}, {accounts.ManageFeedback, s.feedbackTasks}, {accounts.ManageFeedback, s.answerTasks},
	} {
		if !accounts.May(audit.ActorFrom(ctx), part.action) {
			continue
		}
		found, err := part.find(ctx)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, found...)
	}
	return tasks, nil
}

// alarmTasks name the alarms that nobody has answered: somebody may be in danger.
func (s *Service) alarmTasks(ctx context.Context) (tasks []Task, err error) {
	open, err := s.feedback.OpenAlarms(ctx)
	for _, a := range open {
		tasks = append(tasks, Task{Text: a.Words(), Path: a.Path(), Urgent: true, Note: "Nobody has answered the alarm since " + events.Moment(a.RaisedAt.In(s.cfg.Zone())) + "."})
	}
	return tasks, err
}

// feedbackTasks name the comments in which nobody has checked what is struck out.
func (s *Service) feedbackTasks(ctx context.Context) ([]Task, error) {
	_, left, err := s.feedback.NextToRedact(ctx, 0)
	if err != nil || left == 0 {
		return nil, err
	}
	return []Task{{Text: "Check what is struck out of " + counted(left, "comment", "comments"), Path: "/staff/feedback/check"}}, nil
}

func (s *Service) callTasks(ctx context.Context) ([]Task, error) {
	due, err := s.bookings.CallSummary(ctx)
	if err != nil || due.People+due.Later == 0 {
		return nil, err
	}
	if due.People == 0 {
		return []Task{{Text: "Later, telephone " + counted(due.Later, "person", "people") + " again", Path: callsPath, Note: "Nobody answered when we called."}}, nil
	}
	return []Task{{
		Text: "Telephone " + counted(due.People, "person", "people"), Path: callsPath, Urgent: true,
		Note: "The first has waited since " + events.Moment(due.Since.In(s.cfg.Zone())) + ".",
	}}, nil
}

// accessTasks names what people need to take part and is not arranged yet: the late first.
func (s *Service) accessTasks(ctx context.Context) (tasks []Task, err error) {
	open, late, err := s.bookings.AccessSummary(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the access needs: %w", err)
	}
	if late > 0 {
		tasks = append(tasks, Task{Text: "Arrange " + counted(late, "access need that is late", "access needs that are late"), Path: accessPath + "?state=late", Urgent: true,
			Note: "There may be too little time left: telephone today."})
	}
	if open > late {
		tasks = append(tasks, Task{Text: "Arrange " + counted(open-late, "access need", "access needs"), Path: accessPath, Note: "There is still time."})
	}
	return tasks, nil
}

func (s *Service) mailTasks(ctx context.Context) (tasks []Task, err error) {
	sum, err := s.outbox.Summary(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the outbox: %w", err)
	}
	if sum.ServerDown != "" {
		tasks = append(tasks, Task{Text: "Emails are not leaving", Path: mailsPath + "?state=queued", Urgent: true,
			Note: counted(sum.Queued, "email waits. ", "emails wait. ") + sum.ServerDown})
	}
	if sum.Failed > 0 {
		tasks = append(tasks, Task{Text: "Look at " + counted(sum.Failed, "email that did not arrive", "emails that did not arrive"),
			Path: mailsPath + "?state=failed"})
	}
	if sum.Late > 0 && sum.ServerDown == "" {
		tasks = append(tasks, Task{Text: "Look at " + counted(sum.Late, "email that waits", "emails that wait"),
			Path: mailsPath + "?state=queued", Note: "They have waited for more than 10 minutes."})
	}
	left, err := s.reports.Left(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the reports that nobody understood: %w", err)
	}
	if left > 0 {
		tasks = append(tasks, Task{Text: "Look at " + counted(left, "email that came back", "emails that came back"), Path: mailsPath,
			Note: "The program could not tell what to do."})
	}
	return tasks, nil
}

// eventTasks names what is over and not marked as held, what can be booked without anybody knowing where it is, and
// what has no date.
func (s *Service) eventTasks(ctx context.Context) (tasks []Task, err error) {
	for _, status := range []events.Status{events.Open, events.Closed} {
		over, err := s.events.StaffList(ctx, events.StaffFilter{Status: status, When: events.Past})
		if err != nil {
			return nil, err
		}
		for _, e := range over.Events {
			tasks = append(tasks, s.eventTask(e, "/hold", "Mark as held: "))
		}
	}
	coming, err := s.events.List(ctx, events.Filter{})
	if err != nil {
		return nil, err
	}
	for _, e := range coming {
		switch {
		case e.Status == events.Open && e.VenueName == "" && !e.Online:
			tasks = append(tasks, s.eventTask(e, "/move", "Say where it is: "))
		case e.TakesInterest():
			tasks = append(tasks, s.eventTask(e, "/set-date", "Set the date: "))
		}
	}
	return tasks, nil
}

// recordTasks names what was promised at events and is late, and events that were held and have no public record.
func (s *Service) recordTasks(ctx context.Context) (tasks []Task, err error) {
	due, err := s.events.RecordsDue(ctx)
	if err != nil {
		return nil, err
	}
	if due.LateSteps > 0 {
		tasks = append(tasks, Task{Text: "Follow up " + counted(due.LateSteps, "next step that is late", "next steps that are late"), Path: stepsPath + "?show=late",
			Note: "They were promised at events."})
	}
	for _, e := range due.Missing {
		tasks = append(tasks, s.eventTask(e, "/record", "Publish the record: "))
	}
	return tasks, nil
}

// updateTasks names letters that wait for approval or to be sent, and those that do not leave.
func (s *Service) updateTasks(ctx context.Context) (tasks []Task, err error) {
	todos, err := s.newsletters.Todos(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range todos {
		tasks = append(tasks, Task{Text: t.Text, Note: t.Note, Path: t.Path, Urgent: t.Urgent})
	}
	return tasks, nil
}

// answerTasks names what was promised to people and is late, answers to approve, and large themes without an answer.
func (s *Service) answerTasks(ctx context.Context) (tasks []Task, err error) {
	due, err := s.feedback.ActionsDue(ctx)
	if err != nil {
		return nil, err
	}
	if due.Overdue > 0 {
		tasks = append(tasks, Task{Text: "Follow up " + counted(due.Overdue, "answer that is late", "answers that are late"), Path: answersPath + "?overdue=yes", Note: "We told people that it would be done by now."})
	}
	if due.Approval > 0 {
		tasks = append(tasks, Task{Text: "Look at " + counted(due.Approval, "answer that waits for approval", "answers that wait for approval"), Path: answersPath + "?approval=asked"})
	}
	if n := len(due.Unanswered); n > 0 {
		tasks = append(tasks, Task{Text: "Answer " + counted(n, "large theme", "large themes"), Path: answersPath,
			Note: "The largest is " + due.Unanswered[0].Name + ", in " + counted(due.Unanswered[0].Comments, "comment", "comments") + "."})
	}
	return tasks, nil
}

func (s *Service) eventTask(e events.Event, path, what string) Task {
	return Task{Text: what + e.Title, Note: s.localityName(e.Locality) + ". " + e.When() + ".", Path: fmt.Sprintf("%s/%d%s", eventsPath, e.ID, path)}
}

// Today gives the public events that begin on this day of the programme's calendar, the first one first.
func (s *Service) Today(ctx context.Context) (today []events.Event, err error) {
	if err := accounts.Require(ctx, accounts.SeeDoor); err != nil {
		return nil, err
	}
	for _, when := range []events.When{events.Past, events.Upcoming} {
		list, err := s.events.List(ctx, events.Filter{When: when, Limit: eventsLookedAt})
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if e.Dated() && sameDay(e.LocalStart(), s.db.Now().In(e.Zone())) {
				today = append(today, e)
			}
		}
	}
	return today, nil
}

// eventsLookedAt bounds how many events on either side of now are asked whether they are today's.
const eventsLookedAt = 50

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

func (s *Service) localityName(slug string) string {
	if l, ok := s.cfg.Locality(slug); ok {
		return l.Name
	}
	return slug
}
