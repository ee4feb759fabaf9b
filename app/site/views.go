package site

import (
	"context"
	"slices"

	"conversations/app/events"
	pages "conversations/templates/site"
)

const (
	// statementDate is when the accessibility statement was prepared: its findings are about this program, so it
	// changes with the tests and not with the installation.
	statementDate = "22 November 2026"
	// staffCookie is the one cookie there is; package web sets it.
	staffCookie = "conversations"
)

func (s *Service) homeView(near string) pages.HomeView {
	p := s.cfg.Programme
	v := pages.HomeView{Name: p.Name, Tagline: p.Tagline, Organisation: p.Organisation, Help: pages.Help{Telephone: p.Telephone, Hours: p.Hours},
		Near: events.NearView(s.cfg, "/", near)}
	for i, place := range v.Near.Places {
		for _, l := range s.cfg.Localities {
			if l.Name == place.Name {
				v.Near.Places[i].Href = localityPath(l.Slug)
			}
		}
	}
	return v
}

func localityPath(slug string) string { return "/localities/" + slug }

func (s *Service) areaView(ctx context.Context, area Area) (pages.AreaEvents, error) {
	items, err := s.events.Items(ctx, area.Upcoming)
	return pages.AreaEvents{Name: area.Locality.Name, Href: localityPath(area.Locality.Slug), Items: items}, err
}

func (s *Service) localityView(ctx context.Context, area Area) (v pages.LocalityView, err error) {
	l := area.Locality
	v = pages.LocalityView{
		Name: l.Name, Towns: l.Towns, Postcodes: l.Postcodes, Help: pages.Help{Telephone: l.Telephone, Hours: l.Hours},
		Address: pages.Address{Office: l.Slug, Name: l.Name}, CalendarHref: localityPath(l.Slug) + ".ics",
		EventsHref: "/events?when=past&locality=" + l.Slug, SignUpHref: "/subscribe?locality=" + l.Slug,
	}
	if v.Upcoming, err = s.events.Items(ctx, area.Upcoming); err != nil {
		return v, err
	}
	if v.Past, err = s.events.Items(ctx, area.Past); err != nil {
		return v, err
	}
	return v, s.addAnswers(ctx, l.Slug, &v)
}

// answersShown is how many of the newest answers a locality's page has.
const answersShown = 5

// addAnswers adds what people said in a locality and what came of it.
func (s *Service) addAnswers(ctx context.Context, slug string, v *pages.LocalityView) error {
	answers, err := s.feedback.Answers(ctx, slug)
	if err != nil {
		return err
	}
	home := "/you-said-we-did?locality=" + slug
	for _, a := range answers[:min(len(answers), answersShown)] {
		v.Answers = append(v.Answers, pages.AnswerItem{Title: a.Title, State: a.State.Words(), Href: home + "#" + a.Slug})
	}
	if len(answers) > 0 {
		v.AnswersHref = home
	}
	return nil
}

func (s *Service) office(id string) pages.OfficeView {
	o, err := OfficeByID(s.cfg, id)
	if err != nil {
		return pages.OfficeView{} // not in the configuration: drawn as nothing
	}
	return pages.OfficeView{Heading: o.Name, Help: pages.Help{Telephone: o.Telephone, Hours: o.Hours}, Address: addressOf(o), Post: o.Post, Website: o.Website}
}

// addressOf has no Office where there is no e-mail address, so that no button is drawn that leads nowhere.
func addressOf(o Office) pages.Address {
	if o.Email == "" {
		return pages.Address{Name: o.Name}
	}
	return pages.Address{Office: o.ID, Name: o.Name}
}

func (s *Service) contactView() pages.ContactView {
	v := pages.ContactView{Programme: s.office(programmeOffice), Complain: s.office(complaintsOffice)}
	if v.Complain.Heading != "" {
		v.Complain.Words = "If you are not happy with something we did, tell us, or complain to: " + v.Complain.Heading + "."
		v.Complain.Heading = "Complain"
	}
	for _, l := range s.cfg.Localities {
		v.Areas = append(v.Areas, s.office(l.Slug))
	}
	return v
}

func (s *Service) accessibilityView() pages.AccessibilityView {
	p, us := s.cfg.Programme, s.office(programmeOffice)
	return pages.AccessibilityView{Name: p.Name, Organisation: p.Organisation, Site: s.cfg.BaseURL, Help: us.Help, Address: us.Address, Post: us.Post,
		Complain: s.office(complaintsOffice), Prepared: statementDate}
}

func (s *Service) privacyView() pages.PrivacyView {
	p := s.cfg.Programme
	v := pages.PrivacyView{Name: p.Name, Organisation: p.Organisation, Sections: privacySections(s.cfg, s.tables), Bases: bases(s.tables),
		Officer: s.office(privacyOffice), Regulator: s.office(regulatorOffice)}
	v.Officer.Words = "To use your rights, or to ask how we look after what we know about you, write to our data protection officer."
	if v.Regulator.Heading != "" {
		v.Regulator.Words = "If you are not happy with our answer, you can complain to the " + v.Regulator.Heading + "."
		v.Regulator.Heading = "If you are not happy with our answer"
	}
	return v
}

func (s *Service) cookiesView() pages.CookiesView {
	return pages.CookiesView{Cookie: staffCookie, Idle: inWords(s.cfg.Staff.SessionIdle), Lifetime: inWords(s.cfg.Staff.SessionLifetime)}
}

func (s *Service) todayViews(list []events.Event) (out []pages.TodayView) {
	slices.SortFunc(list, func(a, b events.Event) int { return a.StartsAt.Compare(*b.StartsAt) })
	for _, e := range list {
		v := pages.TodayView{Title: e.Title, Href: "/staff/door/" + e.Slug, Hours: e.Hours(), Where: e.Where()}
		if e.Status != events.Open {
			v.Status = e.Status.Words()
		}
		out = append(out, v)
	}
	return out
}

// surveyViews are the surveys that anybody can answer now.
func (s *Service) surveyViews(ctx context.Context) (list []pages.Survey, err error) {
	forms, err := s.surveys.Asked(ctx)
	for _, form := range forms {
		view := pages.Survey{Title: form.Words.Title, Href: "/surveys/" + form.Survey.Slug}
		if closes := form.Survey.ClosesAt; closes != nil {
			view.Until = events.Moment(closes.In(s.cfg.Zone()))
		}
		list = append(list, view)
	}
	return list, err
}
