package browsertest_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"
	"strings"

	"conversations/app/accounts"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

// makeUpdates writes a letter with everything a letter can have, and a text beside it.
func (w *world) makeUpdates() {
	var picture bytes.Buffer
	hall := image.NewRGBA(image.Rect(0, 0, 600, 300))
	draw.Draw(hall, hall.Bounds(), image.NewUniform(color.RGBA{R: 0, G: 94, B: 184, A: 255}), image.Point{}, draw.Src)
	must(w.t, png.Encode(&picture, hall))
	u, err := w.App.Newsletters.Create(w.Ctx(), newsletters.NewUpdate{Kind: newsletters.StakeholderUpdate, Title: "Stakeholder update: March 2017"})
	must(w.t, err)
	p, err := w.App.Newsletters.AddPicture(w.Ctx(), u.ID, newsletters.NewPicture{Name: "hall.png", Data: picture.Bytes()}, "file-0")
	must(w.t, err)
	c := newsletters.Content{Title: u.Title, Opening: "Dear {name}\n\nHere is what has happened.", Nameless: "reader", Closing: "With best wishes",
		Sections: []newsletters.Section{
			{Key: "urgent", Heading: "Urgent care", Body: "We want to hear **what you think**.\n\n- By telephone\n- [At an event](/events)\n\n## Where\n\n1. In Watford\n2. In Tring\n\n> It was *good* to talk."},
			{Key: "hall", Kind: newsletters.PictureSection, PictureID: p.ID, Alt: "A hall full of people", Body: "The evening in Hemel Hempstead."},
			{Key: "events", Kind: newsletters.EventsSection, Heading: "Coming events"},
			{Key: "holes", Body: "We meet on Monday 28 February 2017 at [venue]. [Click here](/events/nothing)."},
		}, Signatories: []newsletters.Signatory{{Name: "The Chair", Office: "Chair of the board"}, {Name: "The Accountable Officer"}}}
	first, err := w.App.Newsletters.Save(w.Ctx(), u.ID, newsletters.Writing{BasedOn: u.TextID, Content: c, Made: newsletters.Typed})
	must(w.t, err)
	mine := c
	mine.Closing = "Yours sincerely"
	c.Opening = "Dear {name}\n\nHere is what has happened since February."
	must(w.t, second(w.App.Newsletters.Save(w.Ctx(), u.ID, newsletters.Writing{BasedOn: first.ID, Content: c, Made: newsletters.Auto})))
	aside, err := w.App.Newsletters.Save(w.Ctx(), u.ID, newsletters.Writing{BasedOn: first.ID, Content: mine, Made: newsletters.Typed})
	if fault.KindOf(err) != fault.Conflict {
		w.t.Fatalf("no text is beside another: %v", err)
	}
	w.draftLetter, w.aside = u.ID, aside.ID
}

// letterForm is what a browser sends of a letter with one empty section.
func letterForm(change ...string) url.Values {
	form := url.Values{"based_on": {"1"}, "do": {"save"}, "kind": {"update"}, "title": {"March"}, "opening": {"Dear {name}"}, "nameless": {"reader"}, "closing": {"Yours"},
		"section_key": {"a"}, "section_kind": {"picture"}, "section_heading": {""}, "section_body": {""}, "section_locality": {""}, "section_picture": {"0"}, "section_alt": {""},
		"signatory_name": {"The Chair"}, "signatory_office": {"Chair"}}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// updatePaths are the pages on which updates are written.
func (w *world) updatePaths() map[string][]string {
	letter := "/staff/updates/" + number(w.draftLetter)
	aside := letter + "/texts/" + number(w.aside)
	return map[string][]string{
		"/staff/updates":                         {"/staff/updates", "/staff/updates?q=nothing-is-called-this", "/staff/updates?kind=update&sort=title"},
		"/staff/updates/new":                     {"/staff/updates/new"},
		"/staff/updates/:id":                     {letter},
		"/staff/updates/:id/edit":                {letter + "/edit"},
		"/staff/updates/:id/check":               {letter + "/check"},
		"/staff/updates/:id/preview":             {letter + "/preview"},
		"/staff/updates/:id/texts":               {letter + "/texts"},
		"/staff/updates/:id/texts/:text":         {aside},
		"/staff/updates/:id/texts/:text/compare": {aside + "/compare"},
	}
}

// updateForms are forms about updates that are refused.
func (w *world) updateForms() []sight {
	letter := "/staff/updates/" + number(w.draftLetter)
	aside := letter + "/texts/" + number(w.aside) + "/compare"
	return []sight{
		{path: "/staff/updates/new", staff: true, from: "/staff", send: url.Values{"kind": {""}, "title": {""}}, status: 422},
		{path: letter + "/edit", staff: true, from: "/staff", send: letterForm("title", strings.Repeat("long ", 40), "section_heading", strings.Repeat("long ", 40)), status: 422},
		{path: aside, staff: true, from: "/staff", send: url.Values{"based_on": {"0"}}, status: 422},
	}
}

// officer adds somebody of communications and gives their sign-in.
func (w *world) officer(name string) (email, password string) {
	email, password = strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@office.example", "talking about letters"
	link, err := w.App.Accounts.Add(w.Ctx(), email, name, string(accounts.Comms))
	must(w.t, err)
	_, _, err = w.App.Accounts.SetPassword(w.Ctx(), link[strings.LastIndexByte(link, '/')+1:], password)
	must(w.t, err)
	return email, password
}
