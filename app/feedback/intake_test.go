package feedback_test

import (
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

func TestACommentComesInWithWhoItNamesStruckOut(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		n := said("I am Mrs Dora Example, call me on 01632 960123. The bus to the hospital is late every day.\r\n\x00Dora")
		n.Equality, n.SourceKey = map[string]string{"age": "65-74"}, "booking:7"
		n.Who = &feedback.Person{Name: "Dora Example", Email: "Dora@Residents.example", Phone: "01632 960123"}
		id := w.add(t, n)[0]
		c, err := w.Comment(w.lead, id)
		must(t, err)
		if want := "I am Mrs [name], call me on [telephone number]. The bus to the hospital is late every day.\nDora"; c.Text != want || c.Redaction != feedback.Found || c.Redacted != 1 {
			t.Errorf("staff see %q, %s", c.Text, c.Redaction)
		}
		if c.Equality != `{"age":"65-74"}` || c.PersonID == nil || c.SaidOn != "2017-02-01" || c.TakenBy == nil {
			t.Errorf("of the comment is kept %+v", c)
		}
		n.Text = "something else"
		if again := w.add(t, n)[0]; again != id {
			t.Errorf("the same key came in twice, as %d", again)
		}
		var original string
		var findings int
		must(t, w.db.Read(t.Context()).Raw("SELECT text FROM comment_originals WHERE comment_id = ?", id).Scan(&original).Error)
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM comment_findings WHERE comment_id = ? AND state = 'struck'", id).Scan(&findings).Error)
		if !strings.HasSuffix(original, "day.\nDora") || !strings.Contains(original, "01632 960123") || findings != 2 {
			t.Errorf("sealed is %q with %d findings", original, findings)
		}
	})
}

func TestNothingAndTooMuchAreNoComments(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	for _, text := range []string{"", " \r\n\t", "\x00\x00", strings.Repeat("a", feedback.TextLetters+1), strings.Repeat("\xff", 10<<20)} {
		err := w.db.Write(w.lead, func(tx *database.Tx) error {
			_, _, err := w.AddTx(w.lead, tx, said(text))
			return err
		})
		if len(text) < 10<<20 && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	id := w.add(t, said(strings.Repeat("ä", feedback.TextLetters)), said("bad \xff\xfe bytes \u202eturned"))[1]
	c, err := w.Comment(w.lead, id)
	must(t, err)
	if c.Text != "bad \ufffd bytes turned" {
		t.Errorf("kept %q", c.Text)
	}
}

func TestCopiesAreKnown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		const campaign = "I strongly oppose the closing of the walk in centre because my family and many of our neighbours rely on it every single week of the year"
		ids := w.add(t,
			said("More parking please"), said("more parking, PLEASE!"),
			said(campaign), said(campaign+"."), said(campaign+" and so does my mother who is old"),
			said("The closing of the swimming pool worries many families in our street, and nobody asked us whether we use it or would pay more for it"))
		kept := make([]feedback.Comment, len(ids))
		for i, id := range ids {
			c, err := w.Comment(w.lead, id)
			must(t, err)
			kept[i] = c
		}
		if kept[1].SameAs == nil || *kept[1].SameAs != ids[0] || kept[1].LikeGroup != 0 {
			t.Errorf("the second that asks for parking is %+v", kept[1])
		}
		if kept[3].SameAs == nil || *kept[3].SameAs != ids[2] || kept[4].SameAs != nil {
			t.Error("the same words of a campaign are not known, or those with more are taken for the same")
		}
		for _, c := range kept[2:5] {
			if c.LikeGroup != ids[2] {
				t.Errorf("comment %d is in group %d", c.ID, c.LikeGroup)
			}
		}
		if kept[5].LikeGroup != 0 || kept[0].LikeGroup != 0 {
			t.Error("a comment of its own is taken for a copy")
		}
		page, err := w.Comments(w.lead, feedback.Filter{Copies: feedback.AnyCopies})
		must(t, err)
		if page.Total != 3 {
			t.Errorf("%d copies are found", page.Total)
		}
	})
}

func TestCommentsAreFoundByTheirWords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		watford := said("The car park at the surgery is full by nine")
		watford.Locality, watford.Service, watford.Source, watford.SaidOn = "watford", "GP", feedback.FromLetter, ""
		ids := w.add(t, said("Parking near the hospital costs too much"), watford, said("Buses to the hospital, NEAR enough"))
		for _, look := range []struct {
			what string
			f    feedback.Filter
			want []int64
		}{
			{"everything, the newest first", feedback.Filter{}, []int64{ids[2], ids[1], ids[0]}},
			{"another form of a word", feedback.Filter{Text: "bus parks", Aside: "all"}, nil},
			{"a stem", feedback.Filter{Text: "parks", Sort: "taken"}, []int64{ids[0], ids[1]}},
			{"a phrase", feedback.Filter{Text: `“near the hospital”`}, []int64{ids[0]}},
			{"words in any order", feedback.Filter{Text: "hospital near", Sort: "taken"}, []int64{ids[0], ids[2]}},
			{"marks that databases read", feedback.Filter{Text: `hospital) OR (zebra* NEAR"`}, nil},
			{"marks alone", feedback.Filter{Text: `"*':&|`}, nil},
			{"a locality", feedback.Filter{Locality: "watford"}, []int64{ids[1]}},
			{"a service and a source", feedback.Filter{Service: "GP", Source: feedback.FromLetter}, []int64{ids[1]}},
			{"until a day", feedback.Filter{To: "2017-02-01", Sort: "said"}, []int64{ids[0], ids[2]}},
			{"coded", feedback.Filter{Coded: "yes"}, nil},
			{"not coded, not confirmed", feedback.Filter{Coded: "no", Redaction: feedback.Found, Text: "surgery"}, []int64{ids[1]}},
			{"set aside", feedback.Filter{Aside: "only"}, nil},
		} {
			page, err := w.Comments(w.lead, look.f)
			must(t, err)
			var got []int64
			for _, c := range page.Comments {
				got = append(got, c.ID)
			}
			if len(got) != len(look.want) || page.Total != len(got) {
				t.Errorf("%s: found %v, want %v", look.what, got, look.want)
				continue
			}
			for i := range got {
				if got[i] != look.want[i] {
					t.Errorf("%s: found %v, want %v", look.what, got, look.want)
				}
			}
		}
	})
}
