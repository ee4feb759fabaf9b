package browsertest_test

import (
	"os"
	"testing"

	"conversations/app/audit"
	"conversations/app/browsertest"
	"conversations/app/fault"
	"conversations/app/newsletters"
)

// The pictures of the guide to writing: GUIDE_PICTURES=1 go test ./app/browsertest -run PicturesOfWriting
func TestPicturesOfWriting(t *testing.T) {
	if os.Getenv("GUIDE_PICTURES") != "1" {
		t.Skip("pictures are made where GUIDE_PICTURES=1 asks for them")
	}
	w := newDemo(t)
	drafts, err := w.App.Newsletters.List(w.Ctx(), newsletters.ListFilter{State: newsletters.Draft})
	must(t, err)
	id := drafts.Updates[0].ID
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	letter := "/staff/updates/" + number(id)
	shot := func(name, path, from string) {
		p.Go(path)
		browsertest.Eval[bool](p, `(e => { e?.scrollIntoView(); return true })(document.querySelector('`+from+`'))`)
		p.Shot(name)
	}
	shot("updates", "/staff/updates", "h1")
	shot("update-write", letter+"/edit", "#letter")
	shot("update-check", letter+"/check", "h1")
	shot("update-preview", letter+"/preview", "h1")
	shot("update-compare", letter+"/texts/"+number(w.writtenAtOnce(id))+"/compare", "main form")
}

// writtenAtOnce has two people change a letter at the same time, and gives the text that is kept beside the other.
func (w *world) writtenAtOnce(id int64) (textID int64) {
	u, c, err := w.App.Newsletters.Update(w.Ctx(), id)
	must(w.t, err)
	first, second := c, c
	first.Sections, second.Sections = append([]newsletters.Section{}, c.Sections...), append([]newsletters.Section{}, c.Sections...)
	first.Sections[0].Body = "The first two evenings brought 150 people together. Thank you to all who came! These are the next ones:"
	second.Sections[0].Body = "Nearly 100 people came to Hemel Hempstead, and 50 to Watford. These are the next evenings:"
	second.Closing = "With best wishes"
	for i, content := range []newsletters.Content{first, second} {
		ctx := audit.WithActor(w.Ctx(), audit.Actor{Kind: audit.Staff, ID: int64(3 - 2*i), Role: "admin"})
		saved, err := w.App.Newsletters.Save(ctx, id, newsletters.Writing{BasedOn: u.TextID, Content: content, Made: newsletters.Auto})
		if err != nil && fault.KindOf(err) != fault.Conflict {
			w.t.Fatal(err)
		}
		textID = saved.ID
	}
	return textID
}

// The pictures of the guide to sending: GUIDE_PICTURES=1 go test ./app/browsertest -run PicturesOfSending
func TestPicturesOfSending(t *testing.T) {
	if os.Getenv("GUIDE_PICTURES") != "1" {
		t.Skip("pictures are made where GUIDE_PICTURES=1 asks for them")
	}
	w := newDemo(t)
	w.makeSending()
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.SignIn(w.admin.Email, w.admin.Password)
	for _, s := range []struct{ name, letter, page, from string }{
		{"update-audience", "asked", "/audience", "h1"}, {"update-list", "asked", "/audience/list", "h1"}, {"update-approval", "asked", "/approval", "main iframe"},
		{"update-hold", "held", "/send", "h1"}, {"update-leaving", "leaving", "/send", "h1"}, {"update-report", "sent", "/report", "h1"}, {"update-paper", "sent", "/paper", "h1"},
	} {
		p.Go(w.letterPage(s.letter, s.page))
		browsertest.Eval[bool](p, `(e => { e?.scrollIntoView(); return true })(document.querySelector('`+s.from+`'))`)
		p.Shot(s.name)
	}
}
