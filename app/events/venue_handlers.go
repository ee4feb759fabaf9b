package events

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"conversations/app/web"
	pages "conversations/templates/events"
)

const venuesPath = "/staff/venues"

func venuePath(id int64) string { return venuesPath + "/" + strconv.FormatInt(id, 10) }

// venues lists the places that are kept.
func (h staffHandlers) venues(c echo.Context) error {
	list, err := h.service.Venues(c.Request().Context(), true)
	if err != nil {
		return err
	}
	v := make([]pages.VenueRow, len(list))
	for i, p := range list {
		v[i] = pages.VenueRow{Name: p.Name, Href: venuePath(p.ID), Postcode: p.Postcode, Missing: p.missing(), Retired: p.Retired}
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: "Venues", Body: pages.Venues(v), Wide: true, Current: staffHome,
		Before: pages.Back("Events", staffHome)})
}

// missing names what a visitor would ask for and nobody has written down.
func (p SavedVenue) missing() (names []string) {
	for _, fact := range []struct{ name, text string }{{"address", p.Address}, {"postcode", p.Postcode}, {"how to get there", p.GettingThere},
		{"parking", p.Parking}, {"step-free access", p.StepFree}, {"hearing loop", p.HearingLoop}, {"toilets", p.Toilets}} {
		if fact.text == "" {
			names = append(names, fact.name)
		}
	}
	return names
}

func (h staffHandlers) venueForm(c echo.Context) error {
	if c.Param("id") == "" {
		return h.showVenue(c, http.StatusOK, 0, VenueForm{}, nil)
	}
	p, err := h.loadVenue(c)
	if err != nil {
		return err
	}
	return h.showVenue(c, http.StatusOK, p.ID, VenueForm{Venue: p.Venue(), Retired: p.Retired, Version: p.Version}, nil)
}

func (h staffHandlers) loadVenue(c echo.Context) (SavedVenue, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return SavedVenue{}, notFound()
	}
	return h.service.VenueByID(c.Request().Context(), id)
}

func (h staffHandlers) saveVenue(c echo.Context) error {
	var id int64
	if c.Param("id") != "" {
		p, err := h.loadVenue(c)
		if err != nil {
			return err
		}
		id = p.ID
	}
	var f VenueForm
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	p, err := h.service.SaveVenue(c.Request().Context(), id, f)
	if fields, invalid := fieldsOf(err); invalid {
		return h.showVenue(c, http.StatusUnprocessableEntity, id, f, fields)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, p.Name+" is saved.")
	return web.Redirect(c, venuesPath)
}

func (h staffHandlers) showVenue(c echo.Context, status int, id int64, f VenueForm, errors []fieldError) error {
	v := pages.VenueView{Heading: "Add a venue", Action: venuesPath + "/new", Typed: typed(Form{Venue: f.Venue}), Retired: f.Retired,
		Version: f.Version, Errors: errors}
	if id != 0 {
		v.Heading, v.Action = "Change: "+f.VenueName, venuePath(id)
	}
	return h.shell.Render(c, status, web.Page{Title: v.Heading, Body: pages.Venue(v), Before: pages.Back("Venues", venuesPath),
		Errors: len(errors) > 0, Current: staffHome})
}

// withVenue fills in the place that the address asks for, and gives the choice of the others.
func (h staffHandlers) withVenue(c echo.Context, f *Form) (pages.VenueChoice, error) {
	list, err := h.service.Venues(c.Request().Context(), false)
	if err != nil {
		return pages.VenueChoice{}, err
	}
	choice := pages.VenueChoice{Action: c.Request().URL.Path, Chosen: web.Query(c, "venue")}
	for _, p := range list {
		value := strconv.FormatInt(p.ID, 10)
		choice.Venues = append(choice.Venues, pages.Choice{Value: value, Text: p.Name})
		if value == choice.Chosen {
			online, link := f.Online, f.JoinLink
			f.Venue = p.Venue()
			f.Online, f.JoinLink = online, link
		}
	}
	return choice, nil
}

// copyForm asks for which dates an event is copied.
func (h staffHandlers) copyForm(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	return h.showCopy(c, http.StatusOK, e, Copies{Locality: e.Locality, Series: e.Series}, nil)
}

func (h staffHandlers) copy(c echo.Context) error {
	e, err := h.load(c)
	if err != nil {
		return err
	}
	var f Copies
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	made, err := h.service.Copy(c.Request().Context(), e.ID, f)
	if fields, invalid := fieldsOf(err); invalid {
		return h.showCopy(c, http.StatusUnprocessableEntity, e, f, fields)
	}
	if err != nil {
		return err
	}
	h.shell.Flash(c, web.Success, counted(len(made), "draft", "drafts")+" made. Check what is different, then publish.")
	if len(made) == 1 {
		return web.Redirect(c, staffPath(made[0].ID))
	}
	return web.Redirect(c, staffHome+"?status=draft")
}

func (h staffHandlers) showCopy(c echo.Context, status int, e Event, f Copies, errors []fieldError) error {
	v := pages.CopyView{Event: e.Title, Action: staffPath(e.ID) + "/copy", BackHref: staffPath(e.ID), Localities: h.service.localityChoices(),
		Locality: f.Locality, Dates: f.Dates, Series: f.Series, Errors: errors}
	return h.shell.Render(c, status, web.Page{Title: "Copy an event", Body: pages.Copy(v), Before: pages.Back("Back to the event", v.BackHref),
		Errors: len(errors) > 0, Current: staffHome})
}

// draft is the public page of a draft, for whoever has its link.
func (h handlers) draft(c echo.Context) error {
	e, err := h.service.ByPreview(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	if e.Public() {
		return web.Redirect(c, "/events/"+e.Slug)
	}
	v, err := h.service.eventView(e, Places{})
	if err != nil {
		return err
	}
	return h.shell.Render(c, http.StatusOK, web.Page{Title: e.Title, Body: pages.Event(v), NoIndex: true, Current: "/events"})
}
