package surveys

import (
	"context"

	"conversations/app/fault"
)

// Way says where somebody goes from a page of a survey.
type Way string

// The ways.
const (
	Next Way = "next"
	Back Way = "back"
	Save Way = "save" // comes back later
)

// Step is what was sent from one page of a survey.
type Step struct {
	Section  int64 // whose questions were shown
	Way      Way
	Answers  Answers
	Wordings map[int64]int // of each question that was shown, as it was read; nil where all were shown as they are now
	Strange  []int64       // questions that are not on the page, of which something was sent all the same
}

func (step Step) showed(q FormQuestion) bool {
	_, worded := step.Wordings[q.ID]
	_, answered := step.Answers[q.ID]
	return worded || answered || step.Wordings == nil
}

// sectionOfStep is the section that was answered. Where it was taken out meanwhile nothing of it is kept, and its writer
// goes on from where they are. What was never asked in this survey is refused.
func (s *Service) sectionOfStep(ctx context.Context, a Answering, step *Step) (FormSection, error) {
	if section, err := a.Form.sectionByID(step.Section); err == nil {
		return section, s.onceAsked(ctx, a.Form, "survey_questions", step.Strange)
	}
	step.Wordings, step.Answers = map[int64]int{}, Answers{}
	section, _, _ := a.Section()
	return section, s.onceAsked(ctx, a.Form, "survey_sections", []int64{step.Section})
}

// onceAsked refuses what was not taken out of this survey meanwhile: it comes from no page of ours.
func (s *Service) onceAsked(ctx context.Context, form Form, table string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	var known int
	err := s.DB.Read(ctx).Raw("SELECT count(*) FROM "+table+" WHERE survey_id = ? AND retired_at IS NOT NULL AND id IN ?", form.Survey.ID, ids).Scan(&known).Error
	if err == nil && known != len(ids) {
		return form.notFromHere()
	}
	return err
}

func (f Form) notFromHere() error { return fault.New(fault.Invalid, f.say.notFromHere) }

// given are the questions of a section that were shown, and what is answered to all of them.
func (step Step) given(a Answering, section FormSection) (shown []FormQuestion, given Answers) {
	given = Answers{}
	for _, q := range section.Questions {
		if given[q.ID] = a.Answers[q.ID]; step.showed(q) {
			shown, given[q.ID] = append(shown, q), step.Answers[q.ID]
		}
	}
	return shown, given
}

// checked parts the answers of a page that can be kept from what is wrong with the others.
func (section FormSection) checked(answers Answers) (sound Answers, problems fault.Fields) {
	sound = Answers{}
	for _, q := range section.Questions {
		before := len(problems)
		q.Check(answers[q.ID], &problems)
		if len(problems) == before {
			sound[q.ID] = answers[q.ID]
		}
	}
	return sound, problems
}
