package newsletters

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"conversations/app/fault"
	"conversations/app/web"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// typedLetter is the form of a letter as it is sent: the lists of sections, and those of signatories, are of equal
// length.
type typedLetter struct {
	BasedOn    int64    `form:"based_on"`
	Do         string   `form:"do"`
	Kind       string   `form:"kind"`
	Title      string   `form:"title"`
	Opening    string   `form:"opening,lines"`
	Nameless   string   `form:"nameless"`
	Keys       []string `form:"section_key"`
	Kinds      []string `form:"section_kind"`
	Headings   []string `form:"section_heading"`
	Bodies     []string `form:"section_body,lines"`
	Localities []string `form:"section_locality"`
	Pictures   []string `form:"section_picture"`
	Alts       []string `form:"section_alt,lines"`
	Closing    string   `form:"closing,lines"`
	Names      []string `form:"signatory_name"`
	Offices    []string `form:"signatory_office"`
}

func (f typedLetter) content() (Content, error) {
	c := Content{Title: f.Title, Opening: f.Opening, Nameless: f.Nameless, Closing: f.Closing}
	for _, list := range [][]string{f.Kinds, f.Headings, f.Bodies, f.Localities, f.Pictures, f.Alts} {
		if len(list) != len(f.Keys) {
			return c, unreadable()
		}
	}
	if len(f.Names) != len(f.Offices) {
		return c, unreadable()
	}
	for i, key := range f.Keys {
		picture, _ := strconv.ParseInt(f.Pictures[i], 10, 64) // what is no number is no picture
		c.Sections = append(c.Sections, Section{Key: key, Kind: SectionKind(f.Kinds[i]), Heading: f.Headings[i], Body: f.Bodies[i],
			Locality: f.Localities[i], PictureID: picture, Alt: f.Alts[i]})
	}
	for i, name := range f.Names {
		c.Signatories = append(c.Signatories, Signatory{Name: name, Office: f.Offices[i]})
	}
	return c, nil
}

func (h writeHandlers) editForm(c echo.Context) error {
	u, content, err := h.load(c)
	if err != nil {
		return err
	}
	if !u.Writable() {
		return u.mustBe(Draft, Asked, Approved)
	}
	return h.showEdit(c, http.StatusOK, u, Writing{Kind: u.Kind, BasedOn: u.TextID, Content: content}, nil)
}

func (h writeHandlers) showEdit(c echo.Context, status int, u Update, typed Writing, problems []nhs.FieldError) error {
	v, err := h.service.editView(c.Request().Context(), u, typed, problems)
	if err != nil {
		return err
	}
	return h.show(c, status, web.Page{Title: "Write: " + u.Title, Body: pages.Edit(v), Head: pages.EditHead(), Errors: len(problems) > 0})
}

// edit saves what was typed, and does what the button says. The script sends the same form, and asks for JSON.
func (h writeHandlers) edit(c echo.Context) error {
	var f typedLetter
	if err := web.Bind(c, &f); err != nil {
		return err
	}
	content, err := f.content()
	if err != nil {
		return err
	}
	typed := Writing{Kind: Kind(f.Kind), BasedOn: f.BasedOn, Content: content, Made: Typed}
	if wantsJSON(c) {
		typed.Made = Auto
		return h.autosave(c, typed)
	}
	problems, err := h.takePictures(c, &typed.Content)
	if err != nil {
		return err
	}
	arranged, show := typed.Content.Arranged(f.Do)
	if len(problems) == 0 {
		typed.Content = arranged
	}
	saved, err := h.service.Save(c.Request().Context(), number(c, "id"), typed)
	if conflict, ok := errors.AsType[*TextConflict](err); ok {
		h.shell.Flash(c, web.Notice, bothKept)
		return web.Redirect(c, textPath(conflict.Aside.UpdateID, conflict.Aside.ID)+"/compare")
	}
	if refused, invalid := web.FieldErrors(err); invalid && fault.KindOf(err) == fault.Invalid {
		problems = append(problems, refused...)
	} else if err != nil {
		return err
	} else {
		typed.BasedOn = saved.ID
	}
	if len(problems) > 0 {
		return h.editAgain(c, typed, problems)
	}
	return h.goOn(c, f.Do, show)
}

// takePictures stores the pictures that came with the form and puts them into their sections. What is wrong with one is
// said at its field; the words of the form are saved all the same.
func (h writeHandlers) takePictures(c echo.Context, content *Content) (problems []nhs.FieldError, err error) {
	for i, section := range content.Sections {
		if section.Kind != PictureSection || section.Key == "" {
			continue
		}
		name, data, err := web.File(c, "file-"+section.Key, h.service.Config.Updates.PictureBytes)
		if err != nil {
			return nil, err
		}
		if name == "" {
			continue
		}
		p, err := h.service.AddPicture(c.Request().Context(), number(c, "id"), NewPicture{Name: name, Data: data}, SectionField("file", i))
		if refused, invalid := web.FieldErrors(err); invalid && fault.KindOf(err) == fault.Invalid {
			problems = append(problems, refused...)
			continue
		}
		if err != nil {
			return nil, err
		}
		content.Sections[i].PictureID = p.ID
	}
	return problems, nil
}

// editAgain shows the form again with what was typed and what is wrong with it.
func (h writeHandlers) editAgain(c echo.Context, typed Writing, problems []nhs.FieldError) error {
	u, _, err := h.load(c)
	if err != nil {
		return err
	}
	return h.showEdit(c, http.StatusUnprocessableEntity, u, typed, problems)
}

// goOn leads to where a button of the form leads once everything is saved.
func (h writeHandlers) goOn(c echo.Context, do, show string) error {
	path := staffPath(number(c, "id"))
	switch do {
	case "preview", "check":
		return web.Redirect(c, path+"/"+do)
	case "save":
		h.shell.Flash(c, web.Success, "Saved at "+h.service.clock(h.service.DB.Now())+".")
		return web.Redirect(c, path+"/edit")
	}
	if show != "" {
		show = "#" + show
	}
	return web.Redirect(c, path+"/edit"+show)
}

func wantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON)
}

// savedAnswer is what the script is told: which text is saved, and when.
type savedAnswer struct {
	Text    int64  `json:"text"`
	At      string `json:"at"`      // "14:03", on the programme's clocks
	By      string `json:"by"`      // whose text counts
	Mine    bool   `json:"mine"`    // it is that of whoever asks
	Compare string `json:"compare"` // where two texts are beside each other; "" where there is one
	Problem string `json:"problem"` // why nothing was saved; "" where it was
}

// autosave saves what was typed so far, and answers as JSON.
func (h writeHandlers) autosave(c echo.Context, typed Writing) error {
	saved, err := h.service.Save(c.Request().Context(), number(c, "id"), typed)
	answer := savedAnswer{Text: saved.ID, At: h.service.clock(h.service.DB.Now())}
	if conflict, ok := errors.AsType[*TextConflict](err); ok {
		answer.Compare = textPath(conflict.Aside.UpdateID, conflict.Aside.ID) + "/compare"
		return c.JSON(http.StatusConflict, answer)
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.SignIn {
		answer.Problem = f.Message
		for _, field := range f.Fields {
			answer.Problem = field.Message
		}
		return c.JSON(http.StatusUnprocessableEntity, answer)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, answer)
}

// now tells the script which text counts, so that who writes learns of another who does.
func (h writeHandlers) now(c echo.Context) error {
	u, _, err := h.load(c)
	if err != nil {
		return err
	}
	t, err := h.service.KeptText(c.Request().Context(), u.ID, u.TextID)
	if err != nil {
		return err
	}
	mine := t.StaffID != nil && *t.StaffID == web.Who(c).ID
	return c.JSON(http.StatusOK, savedAnswer{Text: t.ID, At: h.service.clock(t.CreatedAt), By: by(t.Writer), Mine: mine})
}
