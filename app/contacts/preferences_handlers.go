package contacts

import (
	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/contacts"
	"conversations/templates/nhs"
)

// preferencesFields are the choices as they were typed.
type preferencesFields struct {
	Name        string   `form:"name"`
	Localities  []string `form:"localities"`
	How         string   `form:"how"`
	PostAddress string   `form:"post_address,lines"`
	Postcode    string   `form:"postcode"`
	LargePrint  bool     `form:"large_print"`
}

// savedWords say what was just done, by the code in the address.
func savedWords(code string) string {
	return map[string]string{
		"choices": "Your choices are saved.",
		"stopped": "We have stopped everything.",
		"started": "You get our updates again.",
		"confirm": "We have sent you an email. Open the link in it and say yes there. Then you get our updates again.",
	}[code]
}

func (h publicHandlers) preferences(c echo.Context) error {
	secret(c)
	p, err := h.service.PreferencesByToken(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	f := preferencesFields{Name: p.Contact.Name, Localities: p.Localities, How: string(p.how()), LargePrint: p.Contact.LargePrint}
	return h.showPreferences(c, p, f, nil)
}

// how is the way by which updates come now.
func (p Preferences) how() Channel {
	channels := p.channels(Updates)
	for _, ch := range channels {
		if ch == p.Contact.Channel {
			return ch
		}
	}
	if len(channels) > 0 {
		return channels[0]
	}
	return p.Contact.Channel
}

func (h publicHandlers) savePreferences(c echo.Context) error {
	token := c.Param("token")
	if err := h.shell.LimitPosts(c, "subscription"); err != nil {
		return err
	}
	p, err := h.service.PreferencesByToken(c.Request().Context(), token)
	if err != nil {
		return err
	}
	var f preferencesFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	err = h.service.SavePreferences(c.Request().Context(), token, Choices{
		Name: f.Name, Localities: f.Localities, How: Channel(f.How), PostAddress: f.PostAddress, Postcode: f.Postcode, LargePrint: f.LargePrint,
	})
	if messages, refused := web.FieldErrors(err); refused {
		return h.showPreferences(c, p, f, messages)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, preferencesPath(token)+"?saved=choices")
}

// stopEverything does so in one press, as often as it is pressed: nobody is kept from stopping.
func (h publicHandlers) stopEverything(c echo.Context) error {
	if err := h.service.StopEverything(c.Request().Context(), c.Param("token")); err != nil {
		return err
	}
	return web.Redirect(c, preferencesPath(c.Param("token"))+"?saved=stopped")
}

func (h publicHandlers) startAgain(c echo.Context) error {
	token := c.Param("token")
	if err := h.shell.LimitPosts(c, "subscription"); err != nil {
		return err
	}
	var f preferencesFields
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	confirm, err := h.service.StartAgain(c.Request().Context(), token, f.Localities)
	if messages, refused := web.FieldErrors(err); refused && fault.KindOf(err) == fault.Invalid {
		p, err := h.service.PreferencesByToken(c.Request().Context(), token)
		if err != nil {
			return err
		}
		return h.showPreferences(c, p, f, messages)
	}
	if err != nil {
		return err
	}
	done := "started"
	if confirm {
		done = "confirm"
	}
	return web.Redirect(c, preferencesPath(token)+"?saved="+done)
}

func (h publicHandlers) showPreferences(c echo.Context, p Preferences, f preferencesFields, problems []nhs.FieldError) error {
	v := pages.Preferences{
		Errors: problems, Saved: savedWords(web.Query(c, "saved")), Action: preferencesPath(c.Param("token")), Email: p.Contact.Email, Gets: p.Gets(),
		Wording: h.service.updatesPurpose().Wording, Name: f.Name, Areas: h.areas(), Chosen: f.Localities, How: f.How,
		ByEmail: p.Contact.Email != "", HasPost: p.Contact.PostAddress != "", PostAddress: f.PostAddress, Postcode: f.Postcode, LargePrint: f.LargePrint,
		Help: h.help(),
	}
	for _, st := range p.Allowed() {
		v.Lets = append(v.Lets, h.service.purposeName(st.Purpose)+", by "+st.Channel.Words())
	}
	return h.shell.Render(c, statusOf(problems), web.Page{Title: "What we send you", Body: pages.PreferencesPage(v), Errors: len(problems) > 0, NoIndex: true})
}

func (s *Service) purposeName(slug string) string {
	if p, known := s.cfg.Purpose(slug); known {
		return p.Name
	}
	return slug
}
