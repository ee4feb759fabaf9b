package site

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/web"
	"conversations/templates/layout"
	pages "conversations/templates/site"
)

// handlers are the public pages: parse, call the service, render.
type handlers struct {
	shell   *web.Shell
	service *Service
}

func (h handlers) home(c echo.Context) error {
	s, ctx := h.service, c.Request().Context()
	near := web.Query(c, "near")
	areas, err := s.Areas(ctx, events.FindLocality(s.cfg.Localities, near).Localities)
	if err != nil {
		return err
	}
	v := s.homeView(near)
	latest, err := s.newsletters.Latest(ctx, homeUpdates)
	if err != nil {
		return err
	}
	for _, u := range latest {
		v.Updates = append(v.Updates, s.newsletters.Item(u))
	}
	if v.Surveys, err = s.surveyViews(ctx); err != nil {
		return err
	}
	for _, area := range areas {
		view, err := s.areaView(ctx, area)
		if err != nil {
			return err
		}
		v.Areas = append(v.Areas, view)
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "", Description: s.cfg.Programme.Tagline, Body: pages.Home(v), Current: "/"})
}

func (h handlers) locality(c echo.Context) error {
	area, err := h.service.Area(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	v, err := h.service.localityView(c.Request().Context(), area)
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{
		Title: area.Locality.Name, Description: "Events about health and care in " + area.Locality.Name + ", and how to reach us.",
		Body: pages.Locality(v), Locality: area.Locality.Slug, Head: layout.FeedLink("Events in "+area.Locality.Name, "text/calendar", v.CalendarHref),
	})
}

func (h handlers) accessibility(c echo.Context) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Accessibility statement", Body: pages.Accessibility(h.service.accessibilityView())})
}

func (h handlers) privacy(c echo.Context) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Privacy", Body: pages.Privacy(h.service.privacyView())})
}

func (h handlers) cookies(c echo.Context) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Cookies", Body: pages.Cookies(h.service.cookiesView())})
}

func (h handlers) contact(c echo.Context) error {
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Contact us", Body: pages.Contact(h.service.contactView()), Current: "/contact"})
}

// askAddress is where links lead and where a reload of the address by hand ends: it shows the button alone.
func (h handlers) askAddress(c echo.Context) error {
	o, err := officeWithEmail(h.service, c.Param("office"))
	if err != nil {
		return err
	}
	return h.address(c, o, "")
}

// showAddress shows an e-mail address. It is a POST because programs that collect addresses follow links, yet
// changes nothing, so it answers with the page itself: a redirect would make a link of it.
func (h handlers) showAddress(c echo.Context) error {
	o, err := officeWithEmail(h.service, c.Param("office"))
	if err != nil {
		return err
	}
	if err := h.shell.LimitPosts(c, "address"); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return h.address(c, o, o.Email)
}

func officeWithEmail(s *Service, id string) (Office, error) {
	o, err := OfficeByID(s.cfg, id)
	if err == nil && o.Email == "" {
		return o, fault.New(fault.NotFound, "We have no email address for "+o.Name+".")
	}
	return o, err
}

func (h handlers) address(c echo.Context, o Office, email string) error {
	v := pages.AddressView{Address: addressOf(o), Email: email, BackHref: "/contact", BackText: "Other ways to contact us"}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Email address: " + o.Name, Body: pages.EmailAddress(v), NoIndex: true, Current: "/contact"})
}
