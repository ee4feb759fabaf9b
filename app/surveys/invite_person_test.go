package surveys_test

import (
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

// merged has a contact lead to another, with what it agreed to; 0 parts it again.
func (w world) merged(t testing.TB, gone, kept int64) {
	t.Helper()
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		if kept == 0 {
			return tx.Exec("UPDATE contacts SET merged_into = NULL WHERE id = ?", gone).Error
		}
		if err := tx.Exec("UPDATE consents SET contact_id = ? WHERE contact_id = ?", kept, gone).Error; err != nil {
			return err
		}
		return tx.Exec("UPDATE contacts SET merged_into = ? WHERE id = ?", kept, gone).Error
	}))
}

// invited is the invitation to which a link leads.
func (w world) invited(t testing.TB, token string) surveys.Invited {
	t.Helper()
	i, err := w.InvitationByToken(t.Context(), token, "")
	must(t, err)
	return i
}

func TestWhoWasInvitedAsTwoContactsHasOneInvitationOnceTheyAreMerged(t *testing.T) {
	for _, anonymous := range []bool{false, true} {
		databasetest.Each(t, func(t *testing.T, address string) {
			w := open(t, address)
			w.contacts(t, 9)
			f := w.listening(t, surveys.SurveyForm{Anonymous: anonymous})
			w.sent(t, f, surveys.ToContacts, "")
			tokens := w.tokens(t, "survey.invitation")
			link := func(n string) string { return tokens["c"+n+"@residents.example"] }
			for _, n := range []string{"4", "5", "6", "7", "8"} {
				w.answers(t, link(n), "More buses")
			}
			w.merged(t, 1, 2) // neither answered: the older invitation stands
			w.merged(t, 4, 3) // one answered: that one stands
			w.merged(t, 8, 9) // only one was invited
			if one, two := w.invited(t, link("1")), w.invited(t, link("2")); one.Invitation.ID != two.Invitation.ID || *one.Invitation.ContactID != 1 || one.Answered {
				t.Errorf("the two links lead to %+v and %+v", one.Invitation, two.Invitation)
			}
			if three := w.invited(t, link("3")); !three.Answered {
				t.Errorf("who has answered can answer again by the other link: %+v", three.Invitation)
			}
			if again := w.draftTo(t, f, surveys.ToContacts); again.Waiting != 0 {
				t.Errorf("%d would be invited a second time", again.Waiting)
			}
			if rate, err := w.ResponseRate(w.lead, f.Survey.ID); err != nil || rate != (surveys.Rate{Invited: 6, Answered: 5, Percent: 83}) {
				t.Errorf("rate %+v, %v", rate, err)
			}
			*w.at = w.at.Add(25 * time.Hour)
			if left := w.unreminded(t, f); left[0].People != 1 {
				t.Errorf("to be reminded: %+v", left)
			}
			w.merged(t, 1, 0)
			if one, two := w.invited(t, link("1")), w.invited(t, link("2")); one.Invitation.ID == two.Invitation.ID {
				t.Error("parted again, both still have one invitation")
			}
		})
	}
}

func TestWhoBeganTwiceAsTwoContactsAnswersOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.contacts(t, 3)
		f := w.listening(t, surveys.SurveyForm{})
		w.sent(t, f, surveys.ToContacts, "")
		question := f.Sections[0].Questions[0].ID
		var begun []person
		for _, token := range w.tokens(t, "survey.invitation") {
			accepted, err := w.Accept(t.Context(), w.invited(t, token), "")
			must(t, err)
			begun = append(begun, person{t, w, accepted})
		}
		w.merged(t, 1, 2)
		begun[0].next(surveys.Answers{question: {Text: "More buses"}})
		if _, err := begun[1].send(surveys.Next, surveys.Answers{question: {Text: "More trains"}}); len(begun) != 2 || fault.KindOf(err) != fault.Conflict {
			t.Errorf("of %d, the second answer: %v", len(begun), err)
		}
	})
}
