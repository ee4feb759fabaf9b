package feedback

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	pages "conversations/templates/feedback"
	"conversations/templates/nhs"
)

// actionView is the page of an answer as whoever looks may see it.
func (s *Service) actionView(ctx context.Context, id int64, reason string, messages []nhs.FieldError) (v pages.ActionView, err error) {
	d, err := s.Action(ctx, id)
	if err != nil {
		return v, err
	}
	v = pages.ActionView{Title: d.Title, Approval: d.Approval.Words(), Base: actionPath(id), Version: strconv.Itoa(d.Version), Errors: messages, Reason: reason, Facts: s.actionFacts(d),
		Said: paragraphsOf(d.Said), Decided: paragraphsOf(d.Decided), Evidence: paragraphsOf(d.Evidence), Quotes: s.actionQuotes(d.Quotes), Lost: lostWords(d.Lost),
		Raised: pages.ActionLink{Text: commentsWords(d.Comments), Href: actionPath(id) + "/comments", Note: " on " + d.Theme.Name + s.inArea(d.Locality) + "."}}
	if d.Overdue(s.today()) {
		v.Late = "Late"
	}
	if d.Paper != nil {
		v.Paper = &pages.ActionLink{Text: d.Paper.Title, Href: d.Paper.Href}
	}
	if d.Public() {
		v.Public = &pages.ActionLink{Text: "It is on the website", Href: saidHome + "#" + d.Slug, Note: "since " + s.actionMoment(*d.PublishedAt) + "."}
		v.Differs = d.Approval != ActionPublished
	}
	if err := s.addSteps(ctx, d, &v); err != nil {
		return v, err
	}
	return v, s.addTold(ctx, d, &v)
}

func (s *Service) actionFacts(d ActionDetail) (facts [][2]string) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{key, value})
		}
	}
	add("Theme", d.Theme.Name)
	add("Area", s.areaName(d.Locality))
	add("How far it has come", d.State.Words())
	add("Looked after by", d.Owner)
	add("Due", actionDay(d.DueOn))
	add("Done on", actionDay(d.DoneOn))
	return facts
}

// addSteps says what can be done next about an answer, and what was done.
func (s *Service) addSteps(ctx context.Context, d ActionDetail, v *pages.ActionView) (err error) {
	switch d.Approval {
	case ActionDraft, ActionWithdrawn:
		v.Missing = d.missing()
		v.CanAsk = v.Missing == ""
	case ActionAsked:
		if v.WhyNot, err = s.WhyNotPublish(ctx, d.Action); err != nil {
			return err
		}
		v.CanApprove, v.CanBack = v.WhyNot == "", true
	case ActionPublished:
	}
	colleagues, err := accounts.Colleagues(ctx, s.DB)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, c := range colleagues {
		names[c.ID] = c.Name
	}
	for _, step := range d.History {
		who := "The program"
		if step.By != nil {
			who = names[*step.By]
		}
		v.History = append(v.History, [3]string{s.actionMoment(step.At), who, step.words()})
	}
	return nil
}

func (step ActionStep) words() string {
	words := step.What
	if len(step.Fields) > 0 {
		words += ": " + strings.Join(step.Fields, ", ")
	}
	if step.Reason != "" {
		words += ": " + step.Reason
	}
	return words
}

// addTold says who could be told and who was.
func (s *Service) addTold(ctx context.Context, d ActionDetail, v *pages.ActionView) error {
	r, err := s.ReachableBy(ctx, d)
	if err != nil {
		return err
	}
	v.Reach = r.words()
	told, err := s.ToldOf(ctx, d)
	if err != nil {
		return err
	}
	for _, t := range told {
		link := pages.ActionLink{Text: t.Title, Note: t.State + "."}
		if t.Known {
			link.Href, link.Note = fmt.Sprintf("%s/told?letter=%d", actionPath(d.ID), t.ID), t.State+". "+toldWords(t)
		}
		v.Told = append(v.Told, link)
	}
	v.CanTell = s.mayTell(ctx, d) == nil
	return nil
}

func (r Reachable) words() string {
	switch {
	case r.People == 0:
		return "We do not know who raised this."
	case r.Agreed == 0:
		return "Nobody who raised this left an address and agreed to be contacted."
	case r.Agreed == 1:
		return "1 person who raised this agreed to be contacted."
	}
	return fmt.Sprintf("%d people who raised this agreed to be contacted.", r.Agreed)
}

func toldWords(t Told) string {
	words := fmt.Sprintf("It goes to %d by email", t.List.Email)
	if t.SentAt != nil {
		words = fmt.Sprintf("It went to %d by email", t.List.Email)
	}
	if t.List.Post > 0 {
		words += fmt.Sprintf(" and %d on paper", t.List.Post)
	}
	return words + "."
}

// actionForm is the form of an answer with what can be chosen.
func (s *Service) actionForm(ctx context.Context, a Action, f ActionForm, messages []nhs.FieldError) (v pages.ActionForm, err error) {
	v = pages.ActionForm{Heading: "Answer a theme", Action: actionsHome + "/new", BackHref: actionsHome, Version: strconv.Itoa(f.Version), Errors: messages, Theme: idText(f.Theme), Locality: f.Locality,
		Title: f.Title, Said: f.Said, Decided: f.Decided, State: string(f.State), Owner: f.Owner, Evidence: f.Evidence, DueDay: f.DueDay, DueMonth: f.DueMonth, DueYear: f.DueYear,
		DoneDay: f.DoneDay, DoneMonth: f.DoneMonth, DoneYear: f.DoneYear, Document: idText(f.Document), Chosen: f.Quotes, Public: a.Public(),
		Localities: s.areaChoices(pages.ActionChoice{Text: "All areas"})}
	if a.ID != 0 {
		v.Heading, v.Action, v.BackHref = "Change: "+a.Title, actionPath(a.ID)+"/edit", actionPath(a.ID)
	}
	for _, state := range ActionStates() {
		v.States = append(v.States, pages.ActionChoice{Value: string(state), Text: state.Words()})
	}
	themes, err := readThemes(s.DB.Read(ctx))
	if err != nil {
		return v, err
	}
	v.Themes = themeChoices(themes, f.Theme, "Choose a theme")
	papers, err := s.papers(ctx)
	if err != nil {
		return v, err
	}
	v.Documents = []pages.ActionChoice{{Text: "None"}}
	for _, p := range papers {
		v.Documents = append(v.Documents, pages.ActionChoice{Value: idText(p.ID), Text: p.Title})
	}
	return v, s.addOffered(ctx, themes, f, &v)
}

// addOffered adds the quotes that can be chosen.
func (s *Service) addOffered(ctx context.Context, themes []Theme, f ActionForm, v *pages.ActionForm) error {
	if f.Theme == 0 {
		v.QuotesNote = "Quotes to choose from are shown here when you have chosen a theme and saved."
		return nil
	}
	quotes, err := quotesOf(s.DB.Read(ctx), QuoteFilter{Theme: standing(themes, f.Theme), Locality: f.Locality})
	v.Quotes, v.QuotesNote = s.actionQuotes(quotes), "There are no quotes on this theme that we may use. You choose quotes on the page of a comment."
	return err
}

func (s *Service) actionQuotes(list []LockedQuote) (out []pages.ActionQuote) {
	for _, q := range list {
		out = append(out, pages.ActionQuote{Value: idText(q.ID), Words: q.Words, From: s.quoteLabel(q)})
	}
	return out
}

func themeChoices(themes []Theme, chosen int64, first string) []pages.ActionChoice {
	choices := []pages.ActionChoice{{Text: first}}
	for _, t := range themes {
		if t.Live() || t.ID == chosen {
			choices = append(choices, pages.ActionChoice{Value: idText(t.ID), Text: strings.Repeat("– ", t.Depth) + t.Name + nowIn(themes, t)})
		}
	}
	return choices
}

// nowIn says into which theme another was merged, "" where it was not.
func nowIn(themes []Theme, t Theme) string {
	if stands := standing(themes, t.ID); stands != t.ID {
		return " (now " + themeOf(themes, stands).Name + ")"
	}
	return ""
}

func (s *Service) areaChoices(first ...pages.ActionChoice) []pages.ActionChoice {
	for _, l := range s.Config.Localities {
		first = append(first, pages.ActionChoice{Value: l.Slug, Text: l.Name})
	}
	return first
}

// idText is an id in a form, "" for none.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (s *Service) areaName(slug string) string {
	if l, known := s.Config.Locality(slug); known {
		return l.Name
	}
	return "All areas"
}

func (s *Service) inArea(slug string) string {
	if l, known := s.Config.Locality(slug); known {
		return " in " + l.Name
	}
	return ""
}

func (s *Service) actionMoment(t time.Time) string {
	return t.In(s.Config.Zone()).Format("2 January 2006, 15:04")
}

// actionDay is a day for reading: "30 June 2017".
func actionDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.Format("2 January 2006")
}

func paragraphsOf(text string) (list []string) {
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

func lostWords(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 quote that was chosen is not shown any more: its writer's permission, or what is struck out, has changed."
	}
	return fmt.Sprintf("%d quotes that were chosen are not shown any more: their writers' permission, or what is struck out, has changed.", n)
}

func commentsWords(n int) string {
	if n == 1 {
		return "1 comment"
	}
	return strconv.Itoa(n) + " comments"
}

// mayWriteLetters says whether whoever looks can open the pages of updates.
func mayWriteLetters(ctx context.Context) bool {
	return accounts.May(audit.ActorFrom(ctx), accounts.WriteUpdates)
}
