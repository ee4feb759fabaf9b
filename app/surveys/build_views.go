package surveys

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/templates/nhs"
	pages "conversations/templates/surveys"
)

func (s *Service) listView(f ListFilter, page ListPage) pages.ListView {
	v := pages.ListView{Text: f.Text, State: string(f.State), Sort: f.Sort, Total: page.Total, Paged: page.Pages > 1,
		CSVHref: f.href(staffHome+"."+string(sheet.FormatCSV), 1), XLSXHref: f.href(staffHome+"."+string(sheet.FormatXLSX), 1)}
	for _, state := range []State{Draft, Open, Closed, Archived} {
		v.States = append(v.States, pages.Choice{Value: string(state), Text: state.Words()})
	}
	for _, l := range page.Surveys {
		answers := strconv.Itoa(l.Responses)
		if l.Anonymous && l.Responses == 0 {
			answers = "Fewer than 5"
		}
		v.Rows = append(v.Rows, pages.ListRow{Title: l.Title, Href: staffPath(l.ID), State: l.State.Words(), Colour: l.State.colour(), Responses: answers, When: s.openWords(l.Survey)})
	}
	for n := 1; n <= page.Pages; n++ {
		v.Pages.Items = append(v.Pages.Items, nhs.PaginationItem{Number: n, Href: f.href(staffHome, n), Current: n == page.Page})
	}
	if page.Page > 1 {
		v.Pages.Previous.Href = f.href(staffHome, page.Page-1)
	}
	if page.Page < page.Pages {
		v.Pages.Next.Href = f.href(staffHome, page.Page+1)
	}
	return v
}

func (s State) colour() string {
	return map[State]string{Draft: "grey", Open: "green", Closed: "orange"}[s]
}

// openWords says from when to when a survey is open.
func (s *Service) openWords(survey Survey) string {
	zone, parts := s.Config.Zone(), []string{}
	for _, end := range []struct {
		word string
		at   *time.Time
	}{{"From", survey.OpensAt}, {"until", survey.ClosesAt}} {
		if end.at != nil {
			parts = append(parts, end.word+" "+events.Moment(end.at.In(zone)))
		}
	}
	if len(parts) == 0 {
		return "Until it is closed"
	}
	text := strings.Join(parts, " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// formOf is the form of a survey that is stored.
func (s *Service) formOf(form Form) SurveyForm {
	survey := form.Survey
	f := SurveyForm{Title: form.Words.Title, Introduction: form.Words.Introduction, Thanks: form.Words.Thanks, Anonymous: survey.Anonymous, ContactForm: survey.ContactForm,
		Languages: strings.Join(survey.LanguageList()[1:], ", "), Version: survey.Version}
	if survey.EventID != nil {
		f.Event = strconv.FormatInt(*survey.EventID, 10)
	}
	f.OpensDay, f.OpensMonth, f.OpensYear, f.OpensTime = typedMoment(survey.OpensLocal)
	f.ClosesDay, f.ClosesMonth, f.ClosesYear, f.ClosesTime = typedMoment(survey.ClosesLocal)
	return f
}

func typedMoment(local string) (day, month, year, clock string) {
	at, err := time.Parse("2006-01-02T15:04", local)
	if err != nil {
		return "", "", "", ""
	}
	return at.Format("2"), at.Format("1"), at.Format("2006"), at.Format("15:04")
}

func (s *Service) settingsView(ctx context.Context, survey Survey, f SurveyForm) (pages.SettingsView, error) {
	v := pages.SettingsView{Heading: "Make a new survey", Action: staffHome + "/new", BackHref: staffHome, Title: f.Title, Introduction: f.Introduction, Thanks: f.Thanks,
		Event: f.Event, Anonymous: f.Anonymous, ContactForm: f.ContactForm, Languages: f.Languages, Version: f.Version,
		OpensDay: f.OpensDay, OpensMonth: f.OpensMonth, OpensYear: f.OpensYear, OpensTime: f.OpensTime,
		ClosesDay: f.ClosesDay, ClosesMonth: f.ClosesMonth, ClosesYear: f.ClosesYear, CloseAt: f.ClosesTime}
	if survey.ID != 0 {
		v.Heading, v.Action, v.BackHref, v.AnonymousFixed = "Settings of the survey", staffPath(survey.ID)+"/settings", staffPath(survey.ID), survey.State != Draft
	}
	page, err := s.Events.StaffList(ctx, events.StaffFilter{Sort: "-starts"})
	if err != nil {
		return v, err
	}
	for _, e := range page.Events {
		v.Events = append(v.Events, pages.Choice{Value: strconv.FormatInt(e.ID, 10), Text: e.Title + ", " + e.When()})
	}
	return v, nil
}

func (s *Service) buildView(_ context.Context, form Form) (pages.BuildView, error) {
	survey, home := form.Survey, staffPath(form.Survey.ID)
	v := pages.BuildView{Title: form.Words.Title, State: survey.State.Words(), Colour: survey.State.colour(), Home: home, Fixed: survey.State == Archived, Equality: true,
		Links: []pages.Choice{{Value: home + "/preview", Text: "Preview"}, {Value: home + "/settings", Text: "Settings"}, {Value: home + "/paper", Text: "Paper, telephone and files"}}}
	if survey.State != Draft {
		v.Links = append(v.Links, pages.Choice{Value: home + "/invitations", Text: "Invitations"}, pages.Choice{Value: home + "/responses", Text: "Responses"})
		v.Links = append(v.Links, pages.Choice{Value: home + "/results", Text: "Results"})
	}
	if survey.State == Open {
		v.PublicHref = "/surveys/" + survey.Slug
	}
	switch {
	case survey.OpensAt != nil || survey.ClosesAt != nil:
		v.Facts = append(v.Facts, s.openWords(survey)+".")
	case survey.State == Open:
		v.Facts = append(v.Facts, "Open until you close it.")
	}
	if survey.Anonymous {
		v.Facts = append(v.Facts, "This survey is anonymous.")
	}
	for _, code := range survey.LanguageList()[1:] {
		t, err := form.translation(code)
		if err != nil {
			return v, err
		}
		name := nameForStaff(code)
		text := "Words in " + name
		if t.Missing > 0 {
			text += fmt.Sprintf(" (%d of %d are missing)", t.Missing, t.All)
		}
		v.Links = append(v.Links, pages.Choice{Value: home + "/words/" + code, Text: text}, pages.Choice{Value: home + "/preview?language=" + code, Text: "Preview in " + name})
	}
	if survey.State == Draft {
		v.Mistakes = form.mistakes()
	}
	for i, section := range form.Sections {
		b := pages.BuildSection{Number: i + 1, Title: section.Words.Title, Condition: form.conditionWords(section), Href: home + "/sections/" + strconv.FormatInt(section.ID, 10),
			First: i == 0, Last: i == len(form.Sections)-1}
		if b.Title == "" {
			b.Title = "Section without a title"
		}
		b.NewHref, b.UsedHref = b.Href+"/questions/new", b.Href+"/used"
		for j, q := range section.Questions {
			v.Equality = v.Equality && q.Topic == ""
			b.Questions = append(b.Questions, pages.BuildQuestion{Label: q.Words.Title, Kind: KindName(q.Kind), Href: home + "/questions/" + strconv.FormatInt(q.ID, 10),
				Required: q.Required, Locked: q.Locked, First: j == 0, Last: j == len(section.Questions)-1})
		}
		v.Sections = append(v.Sections, b)
	}
	for _, a := range []struct {
		from []State
		do   pages.Choice
	}{
		{[]State{Draft}, pages.Choice{Value: "open", Text: "Open the survey"}}, {[]State{Closed}, pages.Choice{Value: "open", Text: "Open it again"}},
		{[]State{Open}, pages.Choice{Value: "close", Text: "Close the survey"}}, {[]State{Draft, Closed}, pages.Choice{Value: "archive", Text: "Put it into the archive"}},
		{[]State{Draft, Open, Closed, Archived}, pages.Choice{Value: "copy", Text: "Copy the survey"}},
	} {
		for _, state := range a.from {
			if state == survey.State {
				v.Actions = append(v.Actions, a.do)
			}
		}
	}
	return v, nil
}

// conditionWords says to whom a section is shown; "" is everybody.
func (f Form) conditionWords(section FormSection) string {
	q, there := f.Question(section.IfQuestion)
	if !there {
		return ""
	}
	for _, o := range q.Options {
		if o.ID != section.IfChoice {
			continue
		}
		if section.IfNot {
			return fmt.Sprintf("Shown unless the answer to %q is %q.", q.Words.Title, o.Label)
		}
		return fmt.Sprintf("Shown if the answer to %q is %q.", q.Words.Title, o.Label)
	}
	return ""
}

func (f Form) sectionByID(id int64) (FormSection, error) {
	for _, section := range f.Sections {
		if section.ID == id {
			return section, nil
		}
	}
	return FormSection{}, fault.New(fault.NotFound, "This section is not in the survey any more.")
}

// typed is a section as its form has it.
func (s FormSection) typed() SectionForm {
	f := SectionForm{Title: s.Words.Title, Introduction: s.Words.Introduction, IfNot: s.IfNot}
	if s.IfQuestion != 0 {
		f.If = strconv.FormatInt(s.IfQuestion, 10) + ":" + strconv.FormatInt(s.IfChoice, 10)
	}
	return f
}

func (f Form) sectionView(id int64, typed SectionForm) pages.SectionView {
	home := staffPath(f.Survey.ID)
	v := pages.SectionView{Heading: "Add a section", Action: home + "/sections/new", BackHref: home, Title: typed.Title, Introduction: typed.Introduction, If: typed.If, IfNot: typed.IfNot}
	if id != 0 {
		v.Heading, v.Action = "Change a section", home+"/sections/"+strconv.FormatInt(id, 10)
		v.RetireHref = v.Action + "/retire"
	}
	for _, c := range f.Conditions(id) {
		v.Conditions = append(v.Conditions, pages.Choice{Value: c.Value(), Text: "If \"" + c.Option.Label + "\" to: " + c.Question.Words.Title})
	}
	return v
}

// typed is a question as its form has it.
func (q FormQuestion) typed() QuestionForm {
	f := QuestionForm{Kind: string(q.Kind), Label: q.Words.Title, Help: q.Words.Help, Required: q.Required, Low: q.Words.Low, High: q.Words.High}
	if q.Limits.Most > 0 {
		f.Most = strconv.Itoa(q.Limits.Most)
	}
	if q.Limits.Steps > 0 {
		f.Steps = strconv.Itoa(q.Limits.Steps)
	}
	if q.Limits.Min != nil {
		f.Min = strconv.FormatInt(*q.Limits.Min, 10)
	}
	if q.Limits.Max != nil {
		f.Max = strconv.FormatInt(*q.Limits.Max, 10)
	}
	for _, o := range q.Options {
		f.OptionIDs, f.Labels = append(f.OptionIDs, strconv.FormatInt(o.ID, 10)), append(f.Labels, o.Label)
		f.Other, f.None, f.PreferNot = f.Other || o.Special == OtherSpecial, f.None || o.Special == NoneSpecial, f.PreferNot || o.Special == PreferNotSpecial
	}
	for _, r := range q.Rows {
		f.RowIDs, f.RowLabels = append(f.RowIDs, strconv.FormatInt(r.ID, 10)), append(f.RowLabels, r.Label)
	}
	return f
}

func (s *Service) questionFormView(ctx context.Context, form Form, sectionID int64, q FormQuestion, f QuestionForm) (pages.QuestionFormView, error) {
	home := staffPath(form.Survey.ID)
	v := pages.QuestionFormView{Heading: "Add a question", Action: home + "/sections/" + strconv.FormatInt(sectionID, 10) + "/questions/new", BackHref: home, New: q.ID == 0,
		Kind: f.Kind, KindName: KindName(Kind(f.Kind)), Label: f.Label, Help: f.Help, Required: f.Required, Locked: q.Locked, Most: f.Most, Min: f.Min, Max: f.Max,
		Steps: f.Steps, Low: f.Low, High: f.High, NewOptions: f.Options, NewRows: f.Rows, Other: f.Other, None: f.None, PreferNot: f.PreferNot,
		Options: kept(f.OptionIDs, f.Labels, f.Remove), Rows: kept(f.RowIDs, f.RowLabels, f.Remove)}
	for _, k := range Kinds() {
		v.Kinds = append(v.Kinds, pages.Choice{Value: string(k), Text: KindName(k)})
	}
	if KindName(Kind(f.Kind)) == "" {
		v.Kind = ""
	}
	if q.ID == 0 {
		return v, nil
	}
	v.Heading, v.Action, v.Kind, v.KindName = "Change a question", home+"/questions/"+strconv.FormatInt(q.ID, 10), string(q.Kind), KindName(q.Kind)
	v.RetireHref = v.Action + "/retire"
	var err error
	v.Wordings, err = s.wordings(ctx, q.ID, form.Survey.LanguageList())
	return v, err
}

func kept(ids, labels, remove []string) (list []pages.Kept) {
	for i, id := range ids {
		k := pages.Kept{ID: id}
		if i < len(labels) {
			k.Label = labels[i]
		}
		for _, r := range remove {
			k.Removed = k.Removed || r == id
		}
		list = append(list, k)
	}
	return list
}

func usedView(action, back, text string, list []Used) pages.UsedView {
	v := pages.UsedView{Action: action, BackHref: back, Text: text}
	for _, q := range list {
		v.Questions = append(v.Questions, pages.UsedQuestion{ID: strconv.FormatInt(q.ID, 10), Label: q.Label, Kind: KindName(q.Kind), Survey: q.Survey})
	}
	return v
}

func (s *Service) previewView(form Form) pages.PreviewView {
	v := pages.PreviewView{Title: form.theirs(form.Words.Title, form.Words.borrowed("title")), Introduction: form.theirs(form.Words.Introduction, form.Words.borrowed("introduction")), Head: form.head()}
	for _, section := range form.Sections {
		p := pages.PreviewSection{Title: form.theirs(section.Words.Title, section.Words.borrowed("title")),
			Introduction: form.theirs(section.Words.Introduction, section.Words.borrowed("introduction")), Condition: form.conditionWords(section)}
		for _, q := range section.Questions {
			p.Questions = append(p.Questions, s.questionView(form, q, Given{}, nil))
		}
		v.Sections = append(v.Sections, p)
	}
	return v
}
