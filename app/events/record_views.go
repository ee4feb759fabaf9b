package events

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"conversations/app/events/minutes"
	"conversations/app/files"
	pages "conversations/templates/events"
)

// recordOnPage is the record on the public page of an event; empty where there is none that is public.
func (s *Service) recordOnPage(ctx context.Context, e Event) (pages.RecordView, error) {
	if e.Status != Held {
		return pages.RecordView{}, nil
	}
	r, err := s.publicRecord(ctx, e.ID)
	if err != nil {
		return pages.RecordView{}, err
	}
	return s.recordView(e, r), nil
}

// recordLinks lead from the staff's page of an event to the questions that were asked and to its record.
func (e Event) recordLinks() (questions, record string) {
	if e.Public() {
		questions = questionsPath(e.ID)
	}
	if e.hasRecord() == nil {
		record = recordPath(e.ID)
	}
	return questions, record
}

func (s *Service) recordView(e Event, r Record) pages.RecordView {
	var v pages.RecordView
	for _, p := range r.Of(minutes.Presenter) {
		v.Presenters = append(v.Presenters, pages.PresenterView{Name: p.Text, Office: p.Who})
	}
	for _, p := range r.Of(minutes.Lead, minutes.Point) {
		v.Points = addPoint(v.Points, p)
	}
	for _, p := range r.Of(minutes.Step) {
		v.Steps = append(v.Steps, s.stepView(p))
	}
	for _, p := range r.Of(minutes.Question, minutes.Answer) {
		v.Questions = addQuestion(v.Questions, p)
	}
	for _, f := range r.Files {
		v.Files = append(v.Files, pages.FileView{Title: f.Title, Words: files.Words(f.ContentType, f.Size), Href: "/events/" + e.Slug + "/files/" + strconv.FormatInt(f.ID, 10)})
	}
	return v
}

func addPoint(groups []pages.PointGroup, p RecordPart) []pages.PointGroup {
	if p.Kind == minutes.Lead {
		return append(groups, pages.PointGroup{Lead: p.Text})
	}
	if len(groups) == 0 {
		groups = append(groups, pages.PointGroup{})
	}
	last := &groups[len(groups)-1]
	last.Points = append(last.Points, p.Text)
	return groups
}

func addQuestion(list []pages.QuestionView, p RecordPart) []pages.QuestionView {
	if p.Kind == minutes.Question {
		text := lines(p.Text)
		if len(text) == 0 {
			text = []string{"This question was taken out, because whoever asked it wanted us to forget their words."}
		}
		return append(list, pages.QuestionView{From: "from " + roleWords(p.Who), Text: text})
	}
	if len(list) > 0 {
		last := &list[len(list)-1]
		last.Answers = append(last.Answers, pages.AnswerView{Office: p.Who, Text: lines(p.Text)})
	}
	return list
}

func roleWords(role string) string {
	switch role {
	case minutes.AnotherRole:
		return "somebody else"
	case minutes.Chair:
		return "the chair"
	}
	return "a " + strings.ToLower(role)
}

func (s *Service) stepView(p RecordPart) pages.StepView {
	v := pages.StepView{Text: p.Text, Owner: p.Who, State: p.State.Words(), Note: lines(p.Note), Late: p.Late(s.today())}
	if day, err := time.Parse(dayForm, p.DueOn); err == nil {
		v.Due = Day(day)
	}
	switch p.State {
	case StepDone:
		v.Colour = "green"
	case StepDropped:
		v.Colour = "grey"
	default:
		v.Colour = "white"
	}
	return v
}

// staffRecord is the staff's page of a record.
func (s *Service) staffRecord(e Event, r Record) pages.StaffRecordView {
	path := recordPath(e.ID)
	v := pages.StaffRecordView{Event: e.Title, State: r.State.Words(), Colour: r.State.colour(), Version: r.Version, StateAction: path,
		Record: s.recordView(e, r.forEverybody()), Actions: r.actions(e), FilesAction: path + "/files", FileLimit: files.Size(s.cfg.Records.FileBytes)}
	for i, p := range r.Of(minutes.Step) {
		v.Record.Steps[i].Href = path + "/steps/" + strconv.FormatInt(p.ID, 10)
	}
	for _, p := range r.Of(minutes.Unplaced) {
		v.Unplaced = append(v.Unplaced, p.Text)
	}
	v.Record.Files = nil // below, with what can be done with each
	for _, f := range r.Files {
		href := path + "/files/" + strconv.FormatInt(f.ID, 10)
		v.Files = append(v.Files, pages.FileView{Title: f.Title, Words: files.Words(f.ContentType, f.Size), Href: href, Action: href, Public: f.Public})
	}
	if e.hasRecord() == nil && (r.Version == 0 || r.State == RecordDraft) {
		v.EditHref, v.MinutesHref = path+"/edit", path+"/minutes"
	}
	if e.StartsAt != nil && !s.db.Now().Before(*e.StartsAt) && e.hasRecord() == nil {
		v.CameHref = staffPath(e.ID) + "/hold"
	}
	v.Facts = recordFacts(e, r)
	return v
}

func recordFacts(e Event, r Record) []pages.Fact {
	came := e.cameWords()
	if came == "" {
		came = "Not known yet"
	}
	facts := []pages.Fact{{Label: "Who came", Lines: []string{came}}}
	if r.Version > 0 {
		facts = append(facts, pages.Fact{Label: "Written last", Lines: []string{Moment(r.EditedAt.In(e.Zone()))}})
	}
	if r.ApprovedAt != nil {
		facts = append(facts, pages.Fact{Label: "Approved", Lines: []string{Moment(r.ApprovedAt.In(e.Zone()))}})
	}
	if r.PublishedAt != nil {
		facts = append(facts, pages.Fact{Label: "Public since", Lines: []string{Moment(r.PublishedAt.In(e.Zone()))}})
	}
	return facts
}

func (s RecordState) colour() string {
	switch s {
	case RecordPublic:
		return "green"
	case RecordApproved:
		return "orange"
	default:
		return "grey"
	}
}

func (r Record) actions(e Event) []pages.RecordAction {
	switch {
	case r.State == RecordDraft:
		return []pages.RecordAction{{Value: "approve", Text: "Approve", Says: "Read it through. When it is right, approve it."}}
	case r.State == RecordApproved && e.Status == Held:
		return []pages.RecordAction{{Value: "publish", Text: "Publish", Says: "The record is approved. When you publish it, everybody can read it on the page of the event."},
			{Value: "withdraw", Text: "Change it again", Secondary: true}}
	case r.State == RecordApproved:
		return []pages.RecordAction{{Value: "withdraw", Text: "Change it again", Secondary: true, Says: "The record is approved. Mark the event as held, then you can publish it."}}
	case r.State == RecordPublic:
		return []pages.RecordAction{{Value: "withdraw", Text: "Withdraw", Secondary: true, Says: "Everybody can read the record. To change it, withdraw it first."}}
	}
	return nil
}

func (s *Service) stepsView(f StepFilter, page StepPage) pages.StepsView {
	v := pages.StepsView{Show: f.Show, Locality: f.Locality, Localities: s.localityChoices(), Total: page.Total, ShowPages: page.Pages > 1}
	if !slices.Contains([]string{"late", "done", "dropped", "all"}, f.Show) {
		v.Show = ""
	}
	for _, step := range page.Steps {
		one := s.stepView(step.RecordPart)
		one.Event, one.Href = step.Title, recordPath(step.EventID)+"/steps/"+strconv.FormatInt(step.ID, 10)
		v.Steps = append(v.Steps, one)
	}
	v.Pages = pagination(page.Page, page.Pages, f.pageHref)
	return v
}
