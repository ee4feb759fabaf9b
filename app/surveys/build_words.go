package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Word is one text of a survey beside its translation.
type Word struct {
	Field      string // of its form
	Part       string // of what it belongs to: title, introduction, help, thanks, low, high
	Original   string
	Translated string // "" is missing
	most       int    // characters
}

// WordGroup is what belongs together: the survey itself, a section, or a question with its choices.
type WordGroup struct {
	Kind  string // survey, section, question
	Title string
	Words []Word
}

// Translation is everything that a survey says, beside what it says in another language.
type Translation struct {
	Form     Form // in its first language
	Language string
	Groups   []WordGroup
	Missing  int
	All      int
}

// texted is a row with texts.
type texted struct {
	table, prefix string
	id            int64
	question      int64 // to which it belongs; 0 is none
	texts         string
	parts         []string
	most          int // characters of its title
}

// Translation gives the words of a survey beside those in another of its languages. NotFound where it is not in it.
func (s *Service) Translation(ctx context.Context, id int64, language string) (Translation, error) {
	if err := mayBuild(ctx); err != nil {
		return Translation{}, err
	}
	form, err := s.FormOf(ctx, id, "")
	if err != nil {
		return Translation{}, err
	}
	return form.translation(language)
}

func (f Form) translation(language string) (t Translation, err error) {
	t = Translation{Form: f, Language: language}
	if !slices.Contains(f.Survey.LanguageList()[1:], language) {
		return t, fault.New(fault.NotFound, "This survey is not in this language. Add it under Settings first.")
	}
	for _, rows := range f.texted() {
		group := WordGroup{Kind: rows.kind, Title: rows.title}
		for _, row := range rows.rows {
			words, err := row.words(f.Survey.LanguageList()[0], language)
			if err != nil {
				return t, err
			}
			group.Words = append(group.Words, words...)
		}
		for _, w := range group.Words {
			if t.All++; w.Translated == "" {
				t.Missing++
			}
		}
		if len(group.Words) > 0 {
			t.Groups = append(t.Groups, group)
		}
	}
	return t, nil
}

// textedGroup are rows that are translated together.
type textedGroup struct {
	kind, title string
	rows        []texted
}

// texted are all rows with words of a survey as it is asked.
func (f Form) texted() []textedGroup {
	groups := []textedGroup{{"survey", f.Words.Title, []texted{{"surveys", "survey", f.Survey.ID, 0, f.Survey.Texts, []string{"title", "introduction", "thanks"}, maxTitleCharacters}}}}
	for _, section := range f.Sections {
		groups = append(groups, textedGroup{"section", section.Words.Title, []texted{{"survey_sections", "section", section.ID, 0, section.Texts, []string{"title", "introduction"}, maxTitleCharacters}}})
		for _, q := range section.Questions {
			group := textedGroup{"question", q.Words.Title, []texted{{"survey_questions", "question", q.ID, q.ID, q.Texts, []string{"title", "help", "low", "high"}, 2 * maxTitleCharacters}}}
			for _, choice := range slices.Concat(q.Options, q.Rows) {
				group.rows = append(group.rows, texted{"survey_choices", "choice", choice.ID, q.ID, choice.Texts, []string{"title"}, maxTitleCharacters})
			}
			groups = append(groups, group)
		}
	}
	return groups
}

func (row texted) words(first, language string) (list []Word, err error) {
	all := map[string]Texts{}
	if err := json.Unmarshal([]byte(row.texts), &all); err != nil {
		return nil, fmt.Errorf("read the words of %s %d: %w", row.table, row.id, err)
	}
	from, to := all[first], all[language]
	for _, part := range row.parts {
		if original := *from.fields()[part]; original != "" {
			list = append(list, Word{Field: row.field(part), Part: part, Original: original, Translated: *to.fields()[part], most: row.mostOf(part)})
		}
	}
	return list, nil
}

func (row texted) field(part string) string {
	return row.prefix + "-" + strconv.FormatInt(row.id, 10) + "-" + part
}

func (row texted) mostOf(part string) int {
	if part == "title" {
		return row.most
	}
	return maxTextCharacters
}

// Translate stores what a survey says in another of its languages, by the fields of Translation. version is that of the
// survey that was shown. Once the survey was open, the old words of its questions stay on record. The error is an Invalid
// fault with a message at each field, or Conflict where somebody else was quicker.
func (s *Service) Translate(ctx context.Context, id int64, language string, version int64, typed map[string]string) error {
	_, err := s.edit(ctx, id, version, "survey.translate", audit.Details{"language": language}, func(tx *database.Tx, survey *Survey) error {
		form, err := readForm(tx.DB, id, "")
		if err != nil {
			return err
		}
		t, err := form.translation(language)
		if err != nil {
			return err
		}
		if err := t.check(typed); err != nil {
			return err
		}
		for _, group := range form.texted() {
			if err := translateGroup(ctx, tx, survey, form, group, language, typed); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func (t Translation) check(typed map[string]string) error {
	var problems fault.Fields
	for _, group := range t.Groups {
		for _, w := range group.Words {
			limited(&problems, w.Field, typed[w.Field], w.most)
		}
	}
	return problems.Err()
}

func translateGroup(ctx context.Context, tx *database.Tx, survey *Survey, form Form, group textedGroup, language string, typed map[string]string) error {
	kept := false
	for _, row := range group.rows {
		texts, changed, err := row.translated(form.Survey.LanguageList()[0], language, typed)
		if err != nil || !changed {
			if err != nil {
				return err
			}
			continue
		}
		if q, there := form.Question(row.question); there && form.Survey.keepsWordings(q.Question) && !kept {
			if err := keepWording(ctx, tx, *survey, q.Question); err != nil {
				return err
			}
			if err := tx.Exec("UPDATE survey_questions SET wording = wording + 1 WHERE id = ?", q.ID).Error; err != nil {
				return err
			}
			kept = true
		}
		if row.table == "surveys" {
			survey.Texts = texts
			continue
		}
		if err := tx.Exec("UPDATE "+row.table+" SET texts = ? WHERE id = ?", texts, row.id).Error; err != nil {
			return fmt.Errorf("store words: %w", err)
		}
	}
	return nil
}

// translated are the texts of a row with what was typed in one language.
func (row texted) translated(first, language string, typed map[string]string) (texts string, changed bool, err error) {
	all := map[string]Texts{}
	if err := json.Unmarshal([]byte(row.texts), &all); err != nil {
		return "", false, fmt.Errorf("read the words of %s %d: %w", row.table, row.id, err)
	}
	from, to := all[first], all[language]
	for _, part := range row.parts {
		words, sent := typed[row.field(part)]
		if at := to.fields()[part]; sent && *from.fields()[part] != "" && *at != words {
			*at, changed = words, true
		}
	}
	all[language] = to
	out, err := json.Marshal(all)
	return string(out), changed, err
}
