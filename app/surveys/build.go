package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/links"
)

// SurveyForm is what staff typed about a survey, as typed. Its words are in one language.
type SurveyForm struct {
	Title        string `form:"title"`
	Introduction string `form:"introduction,lines"`
	Thanks       string `form:"thanks,lines"`
	Event        string `form:"event"` // id; "" is none
	Anonymous    bool   `form:"anonymous"`
	ContactForm  bool   `form:"contact_form"`
	Languages    string `form:"languages"` // codes with commas between them
	OpensDay     string `form:"opens_day"`
	OpensMonth   string `form:"opens_month"`
	OpensYear    string `form:"opens_year"`
	OpensTime    string `form:"opens_time"`
	ClosesDay    string `form:"closes_day"`
	ClosesMonth  string `form:"closes_month"`
	ClosesYear   string `form:"closes_year"`
	ClosesTime   string `form:"closes_time"`
	Version      int64  `form:"version"`
}

const (
	maxTitleCharacters = 150
	maxTextCharacters  = 5_000
	maxSlugBytes       = 80
)

// mayBuild is asked before everything that staff do with surveys.
func mayBuild(ctx context.Context) error { return accounts.Require(ctx, accounts.ManageSurveys) }

// Create makes a survey with one empty section. The error is an Invalid fault with a message at each field.
func (s *Service) Create(ctx context.Context, f SurveyForm) (survey Survey, err error) {
	if err := mayBuild(ctx); err != nil {
		return survey, err
	}
	fresh := Survey{State: Draft, Languages: "en", ZoneName: s.Config.Programme.Timezone, Version: 1, Texts: "{}"}
	if err := s.apply(f, "", &fresh); err != nil {
		return survey, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		survey = fresh
		survey.CreatedAt, survey.UpdatedAt, survey.CreatedBy = tx.Now(), tx.Now(), audit.StaffID(ctx)
		if survey.Slug, err = freeSlug(tx, f.Title); err != nil {
			return err
		}
		if err := s.eventExists(ctx, survey.EventID); err != nil {
			return err
		}
		if err := tx.Create(&survey).Error; err != nil {
			return fmt.Errorf("store a survey: %w", err)
		}
		first := Section{SurveyID: survey.ID, Position: 1, Texts: "{}", Version: 1}
		if err := tx.Create(&first).Error; err != nil {
			return fmt.Errorf("store the first section: %w", err)
		}
		return audit.Record(ctx, tx, "survey.create", "surveys", survey.ID, nil)
	})
	return survey, err
}

// Change stores what was typed about a survey, its words in one language ("" is its first). Whether it is anonymous is
// fixed once it is open. The error is an Invalid fault, NotFound, or Conflict where somebody else was quicker.
func (s *Service) Change(ctx context.Context, id int64, language string, f SurveyForm) (survey Survey, err error) {
	return s.edit(ctx, id, f.Version, "survey.change", nil, func(_ *database.Tx, stored *Survey) error {
		before := *stored
		if err := s.apply(f, language, stored); err != nil {
			return err
		}
		if before.State != Draft && before.Anonymous != stored.Anonymous {
			return oneProblem("anonymous", "Whether a survey is anonymous cannot be changed once it was open")
		}
		return s.eventExists(ctx, stored.EventID)
	})
}

// edit changes a survey, its version rising. version is that which was shown; 0 is any.
func (s *Service) edit(ctx context.Context, id, version int64, action string, details audit.Details, change func(*database.Tx, *Survey) error) (survey Survey, err error) {
	if err := mayBuild(ctx); err != nil {
		return survey, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if survey, err = lockSurvey(tx, id); err != nil {
			return err
		}
		if version != 0 && survey.Version != version {
			return fault.New(fault.Conflict, "Somebody else changed this survey while you were writing. What you typed is still here: look at theirs, and save again.")
		}
		if survey.State == Archived {
			return fault.New(fault.Conflict, "This survey is archived, so it cannot be changed.")
		}
		if err := change(tx, &survey); err != nil {
			return err
		}
		survey.Version, survey.UpdatedAt = survey.Version+1, tx.Now()
		if err := tx.Save(&survey).Error; err != nil {
			return fmt.Errorf("store survey %d: %w", id, err)
		}
		if err := placeColumns(tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "surveys", id, details)
	})
	return survey, err
}

// apply puts what was typed onto a survey.
func (s *Service) apply(f SurveyForm, language string, survey *Survey) error {
	var problems fault.Fields
	if f.Title == "" {
		problems.Add("title", "Enter a title")
	}
	limited(&problems, "title", f.Title, maxTitleCharacters)
	limited(&problems, "introduction", f.Introduction, maxTextCharacters)
	limited(&problems, "thanks", f.Thanks, maxTextCharacters)
	if f.ContactForm && !f.Anonymous {
		problems.Add("contact_form", "Make the survey anonymous too. In other surveys, add a question whether you may get in touch")
	}
	survey.Anonymous, survey.ContactForm = f.Anonymous, f.ContactForm && f.Anonymous
	survey.EventID = nil
	if id, err := strconv.ParseInt(f.Event, 10, 64); err == nil {
		survey.EventID = &id
	}
	survey.setLanguages(f.Languages, &problems)
	survey.OpensLocal, survey.OpensAt = s.moment("opens", f.OpensDay, f.OpensMonth, f.OpensYear, f.OpensTime, "00:00", &problems)
	survey.ClosesLocal, survey.ClosesAt = s.moment("closes", f.ClosesDay, f.ClosesMonth, f.ClosesYear, f.ClosesTime, "23:59", &problems)
	if survey.OpensAt != nil && survey.ClosesAt != nil && !survey.ClosesAt.After(*survey.OpensAt) {
		problems.Add("closes_day", "The survey must close after it opens")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return survey.setWords(language, Texts{Title: f.Title, Introduction: f.Introduction, Thanks: f.Thanks})
}

func limited(problems *fault.Fields, field, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		problems.Add(field, fmt.Sprintf("This is %d characters long, and %d fit. Make it shorter", n, most))
	}
}

// setLanguages reads codes such as "en, ur, pl". The first stays the one that the survey was written in.
func (s *Survey) setLanguages(typed string, problems *fault.Fields) {
	list := []string{s.LanguageList()[0]}
	for _, code := range strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r == ',' || r == ' ' || r == '|' }) {
		if _, known := languageName(code); !known {
			problems.Add("languages", "We do not know the language \""+code+"\". Use codes such as ur for Urdu or pl for Polish")
			continue
		}
		if !slices.Contains(list, code) {
			list = append(list, code)
		}
	}
	s.Languages = strings.Join(list, "|")
}

// moment reads a day and a time of day; no day is no moment. usual is the time where none was typed.
func (s *Service) moment(prefix, day, month, year, clock, usual string, problems *fault.Fields) (local string, at *time.Time) {
	if day+month+year == "" {
		return "", nil
	}
	date, ok := events.ParseDay(day, month, year)
	if !ok {
		problems.Add(prefix+"_day", "Enter a real date, such as 28 2 2017")
		return "", nil
	}
	if clock != "" {
		hour, minute, ok := events.ParseClock(clock)
		if !ok {
			problems.Add(prefix+"_time", "Enter a time like 7pm, 7:30pm or 19:30")
			return "", nil
		}
		usual = fmt.Sprintf("%02d:%02d", hour, minute)
	}
	local = date.Format(time.DateOnly) + "T" + usual
	instant, problem := events.Resolve(local, s.Config.Zone(), false)
	if problem == events.TimeSkipped {
		problems.Add(prefix+"_time", "The clocks go forward over this time. Choose another")
		return "", nil
	}
	return local, &instant
}

// setWords keeps texts in one language; "" is the survey's first.
func (s *Survey) setWords(language string, words Texts) (err error) {
	s.Texts, err = withWords(s.Texts, s.LanguageList(), language, words)
	return err
}

// withWords replaces the texts of one language among those that are kept.
func withWords(kept string, languages []string, language string, words Texts) (string, error) {
	if !slices.Contains(languages, language) {
		language = languages[0]
	}
	all := map[string]Texts{}
	if err := json.Unmarshal([]byte(kept), &all); err != nil {
		return "", fmt.Errorf("read the words that are kept: %w", err)
	}
	all[language] = words
	text, err := json.Marshal(all)
	return string(text), err
}

func (s *Service) eventExists(ctx context.Context, id *int64) error {
	if id == nil {
		return nil
	}
	if _, err := s.Events.ByID(ctx, *id); err != nil {
		return oneProblem("event", "Choose an event that is there")
	}
	return nil
}

func oneProblem(field, message string) error {
	return fault.Fields{{Name: field, Message: message}}.Err()
}

func lockSurvey(tx *database.Tx, id int64) (survey Survey, err error) {
	err = database.First(tx.Raw("SELECT * FROM surveys WHERE id = ?"+tx.ForUpdate(), id), &survey)
	if database.IsNotFound(err) {
		return survey, noSurvey()
	}
	return survey, err
}

// freeSlug is a web address that no other survey has.
func freeSlug(tx *database.Tx, title string) (slug string, err error) {
	base := links.Words(title)
	base = strings.Trim(base[:min(len(base), maxSlugBytes)], "-")
	if base == "" {
		base = "survey"
	}
	slug = base
	for n := 2; ; n++ {
		var taken bool
		if err := tx.Row("SELECT COUNT(*) > 0 FROM surveys WHERE slug = ?", slug).Scan(&taken); err != nil || !taken {
			return slug, err
		}
		slug = base + "-" + strconv.Itoa(n)
	}
}
