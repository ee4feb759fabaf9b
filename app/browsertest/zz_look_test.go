package browsertest_test

import (
	"context"
	"os"
	"testing"


	"conversations/app/bookings"
	"conversations/app/browsertest"
)

func TestZZLook(t *testing.T) {
	w := newWorld(t)
	for i := range 34 {
		n := i%2 + 1
		r := resident([]string{"Ada", "Bea", "Cem", "Dot", "Eli", "Fay"}[i%6]+" Sample"+string(rune('a'+i%26)), n)
		if i%4 == 0 {
			r.Needs = []bookings.NeedRequest{{Position: 1, Need: "bsl"}, {Position: 1, Need: "carer"}}
		}
		_, _ = w.App.Bookings.Book(w.Ctx(), w.open.ID, func() bookings.Request { r.Channel = bookings.Online; return r }())
	}
	_ = w.App.Bookings.AddNote(w.Ctx(), w.confirmed.ID, "Rang to say they come by bus and may be ten minutes late.")
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	b := "/staff/bookings/" + number(w.confirmed.ID)
	for name, path := range map[string]string{"list": "/staff/bookings", "event": "/staff/bookings?event=" + w.open.Slug + "&sort=name", "search": "/staff/bookings?q=sampl", "booking": b, "move": b + "/move",
		"restore": "/staff/bookings/" + number(w.gone.ID) + "/restore", "register": "/staff/bookings/register?event=" + w.open.Slug} {
		for _, width := range []int64{1280, 390} {
			p.Resize(width, 900)
			p.Go(path)
			p.WholePicture("/tmp/look/" + name + "-" + number(width) + ".png")
			for _, f := range append(append(p.Axe(), p.Sideways()...), p.Problems()...) {
				t.Error(name, width, f)
			}
		}
	}
	p.Resize(1280, 900)
	p.Go("/staff/bookings/register?event=" + w.open.Slug)
	p.PDF("/tmp/look/register.pdf")
	_ = context.Background
	_ = os.Stdout
}
