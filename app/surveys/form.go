package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

// Form is a survey as it is asked, in one language: its sections in order, each with its questions. What is retired is
// not in it.
type Form struct {
	Survey   Survey
	Language string
	Words    Texts
	Sections []FormSection
	say      phrases
}

// FormSection is one page of a form.
type FormSection struct {
	Section
	Words     Texts
	Questions []FormQuestion
}

// FormQuestion is one question of a form.
type FormQuestion struct {
	Question
	Words   Texts
	Limits  Settings
	Options []FormChoice
	Rows    []FormChoice // of a grid
	say     *phrases     // nil is English

	nameless bool // of an anonymous survey: nobody is asked how they can be reached
}

// FormChoice is an option of a question, or a row of a grid.
type FormChoice struct {
	Choice
	Label    string
	Borrowed bool // the label is not translated
}

// LanguageList are the languages of a survey; the first is the one it was written in.
func (s Survey) LanguageList() []string { return strings.Split(s.Languages, "|") }

// WordsIn gives the texts in a language, and what is not translated in the survey's first.
func WordsIn(texts string, languages []string, language string) (Texts, error) {
	var all map[string]Texts
	if err := json.Unmarshal([]byte(texts), &all); err != nil {
		return Texts{}, fmt.Errorf("read the words of a survey: %w", err)
	}
	words, first := all[language], all[languages[0]]
	from := first.fields()
	for name, to := range words.fields() {
		if *to == "" && *from[name] != "" {
			*to, words.Borrowed = *from[name], append(words.Borrowed, name)
		}
	}
	return words, nil
}

// fields are the words by their names.
func (t *Texts) fields() map[string]*string {
	return map[string]*string{"title": &t.Title, "introduction": &t.Introduction, "help": &t.Help, "thanks": &t.Thanks, "low": &t.Low, "high": &t.High}
}

func (t Texts) borrowed(field string) bool { return slices.Contains(t.Borrowed, field) }

// FormOf reads a survey as it is asked, in a language; one that it does not have is its first. The error is NotFound where
// there is no such survey.
func (s *Service) FormOf(ctx context.Context, surveyID int64, language string) (Form, error) {
	return readForm(s.DB.Read(ctx), surveyID, language)
}

func readForm(read *gorm.DB, surveyID int64, language string) (f Form, err error) {
	err = database.First(read.Raw("SELECT * FROM surveys WHERE id = ?", surveyID), &f.Survey)
	if database.IsNotFound(err) {
		return f, noSurvey()
	}
	if err != nil {
		return f, fmt.Errorf("read survey %d: %w", surveyID, err)
	}
	languages := f.Survey.LanguageList()
	if f.Language = language; !slices.Contains(languages, language) {
		f.Language = languages[0]
	}
	f.say = phrasesIn(f.Language)
	if f.Words, err = WordsIn(f.Survey.Texts, languages, f.Language); err != nil {
		return f, err
	}
	questions, err := readQuestions(read, f)
	if err != nil {
		return f, err
	}
	var sections []Section
	if err := read.Raw("SELECT * FROM survey_sections WHERE survey_id = ? AND retired_at IS NULL ORDER BY position, id", surveyID).Scan(&sections).Error; err != nil {
		return f, fmt.Errorf("read the sections of survey %d: %w", surveyID, err)
	}
	for _, section := range sections {
		words, err := WordsIn(section.Texts, languages, f.Language)
		if err != nil {
			return f, err
		}
		f.Sections = append(f.Sections, FormSection{Section: section, Words: words, Questions: questions[section.ID]})
	}
	return f, nil
}

// readQuestions reads the questions of a form by their sections.
func readQuestions(read *gorm.DB, f Form) (map[int64][]FormQuestion, error) {
	var questions []Question
	err := read.Raw("SELECT * FROM survey_questions WHERE survey_id = ? AND retired_at IS NULL ORDER BY position, id", f.Survey.ID).Scan(&questions).Error
	if err != nil {
		return nil, fmt.Errorf("read the questions of survey %d: %w", f.Survey.ID, err)
	}
	choices, err := readChoices(read, f)
	if err != nil {
		return nil, err
	}
	bySection := map[int64][]FormQuestion{}
	for _, question := range questions {
		q := FormQuestion{Question: question, say: &f.say, nameless: f.Survey.Anonymous}
		if q.Words, err = WordsIn(question.Texts, f.Survey.LanguageList(), f.Language); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(question.Settings), &q.Limits); err != nil {
			return nil, fmt.Errorf("read the settings of question %d: %w", question.ID, err)
		}
		for _, choice := range choices[question.ID] {
			if choice.Part == RowPart {
				q.Rows = append(q.Rows, choice)
			} else {
				q.Options = append(q.Options, choice)
			}
		}
		bySection[question.SectionID] = append(bySection[question.SectionID], q)
	}
	return bySection, nil
}

func readChoices(read *gorm.DB, f Form) (map[int64][]FormChoice, error) {
	var choices []Choice
	err := read.Raw(`SELECT c.* FROM survey_choices c JOIN survey_questions q ON q.id = c.question_id
		WHERE q.survey_id = ? AND c.retired_at IS NULL ORDER BY c.question_id, c.part, c.position, c.id`, f.Survey.ID).Scan(&choices).Error
	if err != nil {
		return nil, fmt.Errorf("read the options of survey %d: %w", f.Survey.ID, err)
	}
	byQuestion := map[int64][]FormChoice{}
	for _, choice := range choices {
		words, err := WordsIn(choice.Texts, f.Survey.LanguageList(), f.Language)
		if err != nil {
			return nil, err
		}
		byQuestion[choice.QuestionID] = append(byQuestion[choice.QuestionID], FormChoice{Choice: choice, Label: words.Title, Borrowed: words.borrowed("title")})
	}
	return byQuestion, nil
}

// Question finds a question of the form.
func (f Form) Question(id int64) (FormQuestion, bool) {
	for _, section := range f.Sections {
		for _, q := range section.Questions {
			if q.ID == id {
				return q, true
			}
		}
	}
	return FormQuestion{}, false
}

func noSurvey() error { return fault.New(fault.NotFound, "There is no survey at this address.") }
