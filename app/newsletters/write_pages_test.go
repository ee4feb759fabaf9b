package newsletters_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"conversations/app/newsletters"
)

func TestALetterIsWrittenWithoutScript(t *testing.T) {
	o := newWritingRoom(t)
	v := o.at(o.first)
	v.get("/staff/updates").says(200, "Nothing has been written yet.")
	v.send("/staff/updates/new", url.Values{"kind": {""}, "title": {""}}).says(422, "Choose what it is", "Enter a title")
	path := v.send("/staff/updates/new", url.Values{"kind": {"update"}, "title": {"February 2017"}}).says(303).location
	if path != "/staff/updates/1/edit" {
		t.Fatalf("beginning leads to %s", path)
	}
	form := v.get(path).says(200, "Section 1", "Saved at 14:03 by Comms One.").form()
	with(with(form, "section_heading", 0, "Urgent care"), "section_body", 0, "Tell us\r\nwhat you think.")
	added := v.send(path, pressed(form, "add-text"))
	if added.says(303).location != path+"#section-1" {
		t.Fatalf("adding a section leads to %s", added.location)
	}
	form = v.get(path).form()
	if form["section_body"][0] != "Tell us\r\nwhat you think." || len(form["section_key"]) != 2 {
		t.Fatalf("what was typed before a button was pressed is lost: %v", form)
	}
	with(form, "section_heading", 1, "Winter")
	if to := v.send(path, pressed(form, "up-"+form["section_key"][1])).says(303).location; to != path+"#section-0" {
		t.Errorf("moving up leads to %s", to)
	}
	form = v.get(path).form()
	if strings.Join(form["section_heading"], " ") != "Winter Urgent care" {
		t.Errorf("the sections are in the order %v", form["section_heading"])
	}
	v.send(path, pressed(form, "remove-"+form["section_key"][0])).says(303)
	form = v.get(path).form()
	with(with(form, "signatory_name", 0, "The Chair"), "signatory_office", 0, "Chair of the board")
	with(form, "closing", 0, "With best wishes")
	if to := v.send(path, pressed(form, "add-signatory")).says(303).location; to != path+"#signatory-1" {
		t.Errorf("adding a signatory leads to %s", to)
	}
	form = with(v.get(path).form(), "signatory_office", 1, "Accountable Officer")
	v.send(path, pressed(form, "save")).says(303)
	v.get(path).says(200, "Success", "Saved at 14:03.")
	if to := v.send(path, pressed(form, "check")).says(303).location; to != "/staff/updates/1/check" {
		t.Errorf("save and check leads to %s", to)
	}
	v.get("/staff/updates/1/check").says(200, "Nothing stands in the way", "Urgent care")
	v.get("/staff/updates/1").says(200, "February 2017", "Stakeholder update", "Draft", "Done")
	v.get("/staff/updates").says(200, "1 update", "February 2017", "by Comms One", "Not yet")
}

func TestTheSecondOfTwoWritersPutsBothTextsTogetherWithoutScript(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.", "Winter", "It is cold.")
	path := fmt.Sprintf("/staff/updates/%d/edit", u.ID)
	one, two := o.at(o.first), o.at(o.second)
	first, second := one.get(path).form(), two.get(path).form()
	one.send(path, pressed(with(first, "section_body", 0, "Tell us soon."), "save")).says(303)
	with(with(second, "section_body", 0, "Tell us today."), "section_body", 1, "It is very cold.")
	compare := two.send(path, pressed(second, "save")).says(303).location
	page := two.get(compare).says(200, "Somebody else saved this letter while you were writing. Both texts are kept.", "Tell us soon.", "Tell us today.", "It is very cold.")
	two.get(path).says(200, "There are words beside this text", "By Comms Two")
	one.get("/staff/updates/1").says(200, "Two people wrote at the same time")
	based := page.body[strings.Index(page.body, `name="based_on" value="`)+len(`name="based_on" value="`):]
	choices := url.Values{"based_on": {based[:strings.Index(based, `"`)]}, "part_section-s1": {"other"}}
	two.send(compare, choices).says(422, "Choose whose words to keep: Section: Urgent care")
	choices.Set("part_section-s0", "both")
	if to := two.send(compare, choices).says(303).location; to != path {
		t.Errorf("putting together leads to %s", to)
	}
	form := two.get(path).says(200, "The texts are put together.").form()
	if form["section_body"][0] != "Tell us soon.\r\n\r\nTell us today." || form["section_body"][1] != "It is very cold." {
		t.Errorf("put together as %q", form["section_body"])
	}
	if page := two.get(path); strings.Contains(page.words(), "There are words beside this text") {
		t.Error("what was taken over is still asked about")
	}
}

func TestTheScriptSavesTheSameFormAndIsToldWhatBecameOfIt(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.")
	path := fmt.Sprintf("/staff/updates/%d/edit", u.ID)
	one, two := o.at(o.first), o.at(o.second)
	told := func(p sheet) (answer struct {
		Text                     int64
		At, By, Compare, Problem string
		Mine                     bool
	}) {
		t.Helper()
		must(t, json.Unmarshal([]byte(p.body), &answer))
		return answer
	}
	theirs := two.get(path).form()
	form := with(one.get(path).form(), "section_body", 0, "Tell us soon.")
	saved := told(one.saveByScript(path, form).says(200))
	if saved.At != "14:03" || saved.Text == u.TextID || saved.Compare != "" {
		t.Fatalf("told %+v", saved)
	}
	form.Set("based_on", fmt.Sprint(saved.Text))
	if again := told(one.saveByScript(path, form).says(200)); again.Text != saved.Text {
		t.Error("the same words make another text")
	}
	if now := told(two.get(fmt.Sprintf("/staff/updates/%d/now", u.ID)).says(200)); now.Text != saved.Text || now.Mine || now.By != "Comms One" {
		t.Errorf("told of the text now: %+v", now)
	}
	if beside := told(two.saveByScript(path, with(theirs, "closing", 0, "Yours")).says(409)); !strings.HasSuffix(beside.Compare, fmt.Sprintf("/texts/%d/compare", beside.Text)) {
		t.Errorf("told %+v", beside)
	}
	if long := told(one.saveByScript(path, with(form, "title", 0, strings.Repeat("x", 200))).says(422)); !strings.Contains(long.Problem, "200 characters") {
		t.Errorf("told %+v", long)
	}
	nobody := visitor{writingRoom: o}
	if to := nobody.saveByScript(path, form).says(303).location; !strings.HasPrefix(to, "/staff/sign-in") {
		t.Errorf("who is signed out is led to %s", to)
	}
}

func TestAPictureComesWithTheFormAndNothingElseOfItIsLostWhereItIsRefused(t *testing.T) {
	o := newWritingRoom(t)
	v := o.at(o.first)
	u := o.letter(t, "February 2017")
	path := fmt.Sprintf("/staff/updates/%d/edit", u.ID)
	v.send(path, pressed(v.get(path).form(), "add-picture")).says(303)
	form := v.get(path).form()
	field := "file-" + form["section_key"][0]
	with(form, "closing", 0, "Many thanks")
	v.upload(path, pressed(form, "save"), field, "plan.pdf", []byte("%PDF-1.7")).says(422, "The picture must be a PNG, JPEG or GIF file", "There is a problem")
	form = v.get(path).form()
	if form.Get("closing") != "Many thanks" {
		t.Errorf("the words beside a picture that was refused are lost: %v", form)
	}
	v.upload(path, pressed(with(form, "section_alt", 0, "A full hall"), "save"), field, "hall.jpg", photograph(t, 1300, 20, 1)).says(303)
	page := v.get(path).says(200, "Choose another picture")
	at := strings.Index(page.body, "/updates/pictures/")
	src := page.body[at : at+strings.Index(page.body[at:], `"`)]
	picture := visitor{writingRoom: o}.get(src)
	if picture.status != 200 || picture.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(picture.header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d %v", src, picture.status, picture.header)
	}
	visitor{writingRoom: o}.get("/updates/pictures/1-guessed.jpg").says(404)
	preview := v.get(fmt.Sprintf("/staff/updates/%d/preview/letter", u.ID)).says(200)
	if !strings.Contains(preview.body, `src="https://conversations.example`+src+`" alt="A full hall"`) {
		t.Errorf("the letter does not show the picture:\n%s", preview.body)
	}
}

func TestEveryTextIsInTheHistoryAndComesBack(t *testing.T) {
	o := newWritingRoom(t)
	v := o.at(o.second)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.")
	o.write(t, o.first, u.ID, func(c *newsletters.Content) { c.Sections = nil })
	path := fmt.Sprintf("/staff/updates/%d/texts", u.ID)
	v.get(path).says(200, "Comms One", "This is the text now")
	text := fmt.Sprintf("%s/%d", path, u.TextID)
	v.get(text).says(200, "Urgent care", "Tell us.", "Dear {name}", "Bring this text back")
	v.get(text+"/compare").says(200, "Section: Urgent care", "Not in this text.")
	now, _ := o.now(t, u.ID)
	v.send(text+"/restore", url.Values{"based_on": {fmt.Sprint(now.TextID)}}).says(303)
	v.get(fmt.Sprintf("/staff/updates/%d/edit", u.ID)).says(200, "The text is back.", "Tell us.")
	v.get(path + "/999").says(404)
}

func TestTheListIsFilteredSortedAndTakenOut(t *testing.T) {
	o := newWritingRoom(t)
	v := o.at(o.first)
	for _, title := range []string{"B news", "A news"} {
		_, err := o.Create(o.first, newsletters.NewUpdate{Kind: newsletters.News, Title: title})
		must(t, err)
	}
	u := o.letter(t, "February 2017", "Urgent care", "100% of you")
	o.sets(t, u.ID, newsletters.Sent)
	for address, want := range map[string]string{
		"?kind=news&sort=title": "A news|B news", "?kind=news&sort=-title": "B news|A news", "?state=sent": "February 2017", "?q=100%25": "February 2017",
		"?q=URGENT+care": "February 2017", "?q=nothing": "", "?kind=news&state=sent": "", "?kind=statement": "", "?page=99&kind=news&sort=title": "A news|B news",
	} {
		words := v.get("/staff/updates" + address).says(200).words()
		at := -1
		for title := range strings.SplitSeq(want, "|") {
			next := strings.Index(words, title)
			if title != "" && next <= at {
				t.Errorf("%s: %q is not in its place:\n%s", address, title, words)
			}
			at = max(at, next)
		}
		if want == "" && !strings.Contains(words, "No update fits.") {
			t.Errorf("%s shows:\n%s", address, words)
		}
	}
	out := v.get("/staff/updates.csv?kind=news&sort=title")
	if lines := strings.Split(out.body, "\r\n"); out.status != 200 || lines[0] != "slug,kind,title,state,changed_at,changed_by,published_at" || !strings.HasPrefix(lines[1], "a-news,news,A news,draft,2017-02-20T14:03:00Z,Comms One,") {
		t.Errorf("taken out:\n%s", out.body)
	}
	if v.get("/staff/updates.xlsx").status != 200 {
		t.Error("there is no workbook")
	}
	var noted int
	must(t, o.db.Read(t.Context()).Raw(`SELECT count(*) FROM audit_entries WHERE action = 'updates.export'`).Scan(&noted).Error)
	if noted != 2 {
		t.Errorf("%d lists that were taken out are noted", noted)
	}
}

func TestATestGoesToWhoeverAsksForItAlone(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.")
	v := o.at(o.second)
	path := fmt.Sprintf("/staff/updates/%d", u.ID)
	v.get(path+"/preview").says(200, "The test goes to comms.two@office.example alone.", "Dear Comms Two", "Stop these emails")
	letter := v.get(path + "/preview/letter")
	if policy := letter.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the letter is shown under %q", policy)
	}
	mails := func() (to []string) {
		must(t, o.db.Read(t.Context()).Raw(`SELECT to_address || ' ' || subject FROM mails ORDER BY id`).Scan(&to).Error)
		return to
	}
	if v.get(path+"/test").status == 200 || len(mails()) != 0 {
		t.Error("looking sends a mail")
	}
	v.send(path+"/test", nil).says(303)
	v.get(path+"/preview").says(200, "A test is on its way")
	if got := mails(); len(got) != 1 || got[0] != "comms.two@office.example [Test] February 2017" {
		t.Errorf("sent %q", got)
	}
	for range 40 {
		v.send(path+"/test", nil)
	}
	if got := mails(); len(got) != 30 {
		t.Errorf("%d tests were sent within the hour", len(got))
	}
}

func TestOnlyCommunicationsReachThePages(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017")
	door, nobody := o.at(o.reader), visitor{writingRoom: o}
	for _, path := range []string{"/staff/updates", "/staff/updates.csv", "/staff/updates/new", "", "/edit", "/now", "/check", "/preview", "/preview/letter", "/texts", "/texts/1", "/texts/1/compare"} {
		if !strings.HasPrefix(path, "/staff") {
			path = fmt.Sprintf("/staff/updates/%d%s", u.ID, path)
		}
		door.get(path).says(403)
		nobody.get(path).says(303)
	}
	for _, path := range []string{"/edit", "/test", "/texts/1/restore", "/texts/1/compare"} {
		door.send(fmt.Sprintf("/staff/updates/%d%s", u.ID, path), nil).says(403)
	}
}

func TestLookingChangesNothing(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.")
	v := o.at(o.first)
	state := func() (all string) {
		for _, table := range []string{"updates", "update_texts", "update_pictures", "audit_entries", "mails"} {
			var n int64
			must(t, o.db.Read(t.Context()).Raw(`SELECT count(*) FROM `+table).Scan(&n).Error)
			all += fmt.Sprint(table, n, " ")
		}
		now, c := o.now(t, u.ID)
		return all + fmt.Sprint(now.Version, now.TextID, c.Digest())
	}
	before := state()
	for _, path := range []string{"", "/edit", "/now", "/check", "/preview", "/preview/letter", "/texts", "/texts/1", "/texts/1/compare"} {
		v.get(fmt.Sprintf("/staff/updates/%d%s", u.ID, path)).says(200)
	}
	v.get("/staff/updates?q=x").says(200)
	v.get("/staff/updates/new").says(200)
	if after := state(); after != before {
		t.Errorf("looking changed %s to %s", before, after)
	}
}

func TestALetterThatHasLeftCannotBeWrittenIn(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "February 2017", "Urgent care", "Tell us.")
	v := o.at(o.first)
	path := fmt.Sprintf("/staff/updates/%d", u.ID)
	form := v.get(path + "/edit").form()
	o.sets(t, u.ID, newsletters.Approved)
	v.get(path+"/edit").says(200, "This letter is approved. If you change it, it has to be approved again.")
	o.sets(t, u.ID, newsletters.Sent)
	v.get(path + "/edit").says(409)
	v.send(path+"/edit", pressed(with(form, "closing", 0, "Yours"), "save")).says(409)
	if words := v.get(path).says(200, "Sent").words(); strings.Contains(words, "Title, opening, sections") {
		t.Errorf("it is still offered to write:\n%s", words)
	}
}

func TestAuditHoldsNoWordsOfALetter(t *testing.T) {
	o := newWritingRoom(t)
	u := o.letter(t, "Secret title", "Secret heading", "Secret words")
	p, err := o.AddPicture(o.first, u.ID, newsletters.NewPicture{Name: "secret.jpg", Data: photograph(t, 9, 9, 1)}, "file-0")
	must(t, err)
	o.write(t, o.second, u.ID, func(c *newsletters.Content) {
		c.Sections = append(c.Sections, newsletters.Section{Kind: newsletters.PictureSection, PictureID: p.ID, Alt: "Secret alt"})
	})
	_, err = o.SendTest(o.first, u.ID)
	must(t, err)
	var entries []string
	must(t, o.db.Read(t.Context()).Raw(`SELECT action || ' ' || details FROM audit_entries ORDER BY id`).Scan(&entries).Error)
	all := strings.Join(entries, "\n")
	for _, action := range []string{"update.create", "update.write", "picture.add", "update.test"} {
		if !strings.Contains(all, action) {
			t.Errorf("%s is not noted:\n%s", action, all)
		}
	}
	if strings.Contains(strings.ToLower(all), "secret") {
		t.Errorf("the log holds what people wrote:\n%s", all)
	}
}
