package newsletters

import (
	"context"

	"conversations/app/audiences"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// audienceForm is who an update is for, as typed.
type audienceForm struct {
	Version int64    `form:"version"`
	Any     []string `form:"any"`
	All     []string `form:"all"`
	None    []string `form:"none"`
	Purpose string   `form:"purpose"`
}

func (f audienceForm) rule() audiences.Rule { return audiences.ReadRule(f.Any, f.All, f.None) }

func formOfAudience(a Audience) audienceForm {
	return audienceForm{Version: a.Update.Version, Any: audiences.Ticked(a.Rule.Any), All: audiences.Ticked(a.Rule.All),
		None: audiences.Ticked(a.Rule.None), Purpose: a.Update.Purpose}
}

func (s *Service) audienceView(ctx context.Context, a Audience, f audienceForm, problems []nhs.FieldError) (v pages.AudienceView, err error) {
	u, path := a.Update, stepPath(a.Update.ID, audienceStep)
	v = pages.AudienceView{Head: u.head("Who it is for", path), Action: path, Version: u.Version, Optional: u.Kind != StakeholderUpdate,
		Purpose: f.Purpose, Errors: problems, Words: a.Words}
	if a.Made {
		v.List = s.listOverview(a)
	}
	if u.State == Draft && u.Mailed() {
		v.RemakeHref = path + "/again"
	}
	switch {
	case !u.Writable():
		v.Fixed = "This letter has left, so who it is for stays as it is."
	case u.Corrects != nil:
		v.Fixed = "This is a correction. It goes to the same people as the letter that it corrects, less those who do not want it any more."
	case u.State == Asked:
		v.Ends = "This letter is waiting for approval. If you change who it is for, approval has to be asked for again."
	case u.State == Approved:
		v.Ends = "This letter is approved. If you change who it is for, it has to be approved again."
	case u.State == Draft:
	}
	for _, p := range s.Config.Contacts.Purposes {
		v.Purposes = append(v.Purposes, pages.Choice{Value: p.Slug, Text: p.Name})
	}
	v.Parts, err = s.Audiences.RuleForm(ctx, f.Any, f.All, f.None)
	return v, err
}

// listOverview is how a list stands, as the pages of an update show it.
func (s *Service) listOverview(a Audience) *pages.ListView {
	at := func(f audiences.RowFilter) string { return peopleHref(a.Update.ID, f, "") }
	email, post, left := totals(a.Counts)
	v := &pages.ListView{Made: "It was made at " + s.moment(a.List.MadeAt) + ".", Href: at(audiences.RowFilter{}), Email: english.Sprint(email), Post: english.Sprint(post),
		Left: english.Sprint(left), EmailHref: at(audiences.RowFilter{Outcome: audiences.ByEmail}), PostHref: at(audiences.RowFilter{Outcome: audiences.ByPost}),
		LeftHref: at(audiences.RowFilter{Outcome: audiences.LeftOut}), Warnings: a.Warnings}
	for _, c := range a.Counts {
		if c.Outcome == audiences.LeftOut {
			v.Reasons = append(v.Reasons, pages.ReasonRow{Text: leftOutWords(c.Reason, c.Since), People: english.Sprint(c.People),
				Href: at(audiences.RowFilter{Outcome: audiences.LeftOut, Reason: c.Reason, Since: c.Since})})
		}
	}
	if a.Before != nil {
		v.Compared = "The last letter, \"" + a.Letter + "\", went to " + countPeople(a.Before.Size()) + ". " + differenceWords(a.Differs)
	}
	return v
}

func differenceWords(d audiences.Difference) string {
	switch {
	case d.Added == 0 && d.Gone == 0:
		return "This one goes to the same people."
	case d.Gone == 0:
		return counted(d.Added, "person is", "people are") + " new on this list, and nobody is gone."
	case d.Added == 0:
		return "Nobody is new on this list, and " + counted(d.Gone, "person is", "people are") + " gone."
	}
	return counted(d.Added, "person is", "people are") + " new on this list, and " + counted(d.Gone, "person is", "people are") + " gone."
}

func totals(counts []audiences.Count) (email, post, left int) {
	for _, c := range counts {
		switch c.Outcome {
		case audiences.ByEmail:
			email += c.People
		case audiences.ByPost:
			post += c.People
		case audiences.LeftOut:
			left += c.People
		}
	}
	return email, post, left
}

// outcomes are what a list can be narrowed to, as the address has it: an outcome, or a reason with its outcome.
func outcomes(counts []audiences.Count) []pages.Choice {
	choices := []pages.Choice{{Text: "Everybody"}, {Value: string(audiences.ByEmail), Text: "By email"}, {Value: string(audiences.ByPost), Text: "On paper"},
		{Value: string(audiences.LeftOut), Text: "Left out"}}
	for _, c := range counts {
		if c.Outcome == audiences.LeftOut {
			f := audiences.RowFilter{Outcome: c.Outcome, Reason: c.Reason, Since: c.Since}
			choices = append(choices, pages.Choice{Value: shown(f), Text: "Left out: " + lowerFirst(leftOutWords(c.Reason, c.Since))})
		}
	}
	return choices
}
