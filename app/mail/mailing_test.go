package mail_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// letter is a letter to many with every kind of block and every field in it.
func letter(key string) mail.NewMailing {
	return mail.NewMailing{
		Key: key, Kind: "update", About: "updates", AboutID: 12, ListID: "updates", Purpose: "updates",
		Subject: "Stakeholder update: Réunion – February", Because: "You get this because you asked us for updates.",
		Blocks: []mail.Block{
			mail.Heading("Stakeholder update"),
			mail.Paragraph("Dear " + mail.NameField + ","),
			mail.Subheading(2, "What people told us"),
			mail.Prose(mail.Span{Text: "We met "}, mail.Span{Text: "143 people", Bold: true}, mail.Span{Text: " in "}, mail.Span{Text: "Hemel\nHempstead", Italic: true},
				mail.Span{Text: ". Read "}, mail.Span{Text: "what they said", Bold: true, Italic: true, Href: "https://conversations.example/updates/february"}, mail.Span{Text: "."}),
			mail.Subheading(3, "Next"),
			mail.Points(true, []mail.Span{{Text: "First: "}, {Text: "write", Italic: true}}, []mail.Span{{Text: "Then read"}}),
			mail.Picture("https://conversations.example/p/1.jpg", "People at a table", 320),
			mail.Picture("https://conversations.example/p/2.jpg", "A map of the area", 0),
			mail.Button("Answer the survey", mail.PersonalField),
			mail.Prose(mail.Span{Text: "You can "}, mail.Span{Text: "stop these letters", Href: mail.UnsubscribeField}, mail.Span{Text: " at any time, " + mail.NameField + "."}),
		},
	}
}

var someLinks = mail.Values{
	Name: "Zoë & Co", Unsubscribe: "https://conversations.example/unsubscribe/abc", Preferences: "https://conversations.example/subscriptions/abc",
	Personal: "https://conversations.example/s/abc?a=1&b=2",
}

func TestBothFormsOfALetterToManyAreAsTheyWereApproved(t *testing.T) {
	m := letter("update:12")
	m.Blocks = mail.Filled(m.Blocks, someLinks)
	page, err := m.HTML(settings(), someLinks)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "letter.html", page)
	golden(t, "letter.txt", m.Text(settings(), someLinks))
	if mail.HasFields(page) {
		t.Error("a field is left unfilled")
	}
}

func TestAMailingIsMadeOnceAndEachContactIsInItOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "ada", "ben")
		if again := w.mailing("update:1", "ben", "cara"); again != id {
			t.Errorf("the same key made mailing %d and mailing %d", id, again)
		}

		p := w.progress(id)
		if p.Recipients != 3 || p.Queued != 3 || p.State != mail.Filling {
			t.Errorf("it has %d recipients, %d queued, and is %s; want 3 in a mailing that is filling", p.Recipients, p.Queued, p.State)
		}
	})
}

func TestAMailingThatIsOnItsWayTakesNobodyElse(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		id := w.mailing("update:1", "ada")
		w.release(id)

		err := w.db.Write(t.Context(), func(tx *database.Tx) error {
			_, err := w.outbox.AddRecipients(t.Context(), tx, id, recipients("ben"))
			return err
		})
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("adding somebody gives %v, want a conflict", err)
		}
	})
}

func TestAnAddressThatNobodyCanWriteToIsKeptAsFailed(t *testing.T) {
	w := newWorld(t)
	id := w.mailing("update:1", "ada")
	w.write(func(tx *database.Tx) error {
		_, err := w.outbox.AddRecipients(t.Context(), tx, id, []mail.Recipient{{ContactID: 99, Address: "nobody"}})
		return err
	})
	if p := w.progress(id); p.Queued != 1 || p.Failed != 1 {
		t.Errorf("%d queued, %d failed, want one each", p.Queued, p.Failed)
	}
}

func TestTheTokensOfADeliveryOpenItAndNothingElse(t *testing.T) {
	w := newWorld(t)
	w.cfg.Mail.Bounces.Address = "bounces@yourcare.example"
	w.mailing("update:1", "ada", "ben")
	ben := w.delivery("ben")

	envelope, messageID := w.outbox.EnvelopeSender(ben.ID), w.outbox.MessageIDOf(ben.ID)
	for what, open := range map[string]func() (mail.Delivery, error){
		"the envelope sender":              func() (mail.Delivery, error) { return w.outbox.OpenEnvelope(t.Context(), envelope) },
		"the envelope sender, in capitals": func() (mail.Delivery, error) { return w.outbox.OpenEnvelope(t.Context(), upper("<"+envelope+">")) },
		"the Message-ID":                   func() (mail.Delivery, error) { return w.outbox.DeliveryByMessageID(t.Context(), messageID) },
		"the token of List-Unsubscribe": func() (mail.Delivery, error) {
			return w.outbox.OpenUnsubscribe(t.Context(), lastPart(w.outbox.UnsubscribeURL(ben.ID)))
		},
	} {
		if d, err := open(); err != nil || d.ID != ben.ID {
			t.Errorf("%s opens delivery %d (%v), want %d", what, d.ID, err, ben.ID)
		}
	}
	if _, err := w.outbox.OpenEnvelope(t.Context(), messageID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a Message-ID opens an envelope: %v", err)
	}
	if _, err := w.outbox.OpenEnvelope(t.Context(), "bounces@yourcare.example"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an envelope without a token gives %v", err)
	}
}

func TestAHardBounceSuppressesAndSoManySoftOnesInARow(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.cfg.Mail.Bounces.Soft = 2
		var told []string
		w.outbox.OnBounced(func(_ context.Context, _ *database.Tx, d mail.Delivery) error {
			told = append(told, d.Address+" "+d.BounceWords)
			return nil
		})
		first, second := w.mailing("update:1", "ada", "ben"), w.mailing("update:2", "ada", "ben")
		w.write(func(tx *database.Tx) error { return tx.Exec(`UPDATE deliveries SET state = 'sent'`).Error })
		var noted []bool
		bounce := func(mailing int64, name string, hard bool, words string) {
			w.write(func(tx *database.Tx) error {
				n, err := w.outbox.RecordBounce(t.Context(), tx, w.deliveryIn(mailing, name).ID, hard, words)
				noted = append(noted, n)
				return err
			})
		}

		bounce(first, "ada", false, "mailbox full")
		bounce(first, "ada", false, "mailbox full")
		w.wantSuppressed("ada", "")
		bounce(second, "ada", false, "mailbox\nfull again")
		w.wantSuppressed("ada", mail.SuppressedBounced)
		bounce(first, "ben", true, "no such mailbox")
		w.wantSuppressed("ben", mail.SuppressedBounced)

		if fmt.Sprint(noted) != "[true false true true]" {
			t.Errorf("noted: %v; the second was the same again", noted)
		}
		if got := fmt.Sprint(told); got != "[ada@example.org mailbox full again ben@example.org no such mailbox]" {
			t.Errorf("told of %s", got)
		}
		if p := w.progress(first); p.Bounced != 2 {
			t.Errorf("%d bounced, want 2", p.Bounced)
		}
	})
}

func TestAComplaintSuppressesAndIsToldOnce(t *testing.T) {
	w := newWorld(t)
	told := 0
	w.outbox.OnComplaint(func(context.Context, *database.Tx, mail.Delivery) error { told++; return nil })
	w.mailing("update:1", "ada")
	for range 2 {
		w.write(func(tx *database.Tx) error {
			_, err := w.outbox.RecordComplaint(t.Context(), tx, w.delivery("ada").ID)
			return err
		})
	}
	w.wantSuppressed("ada", mail.SuppressedComplained)
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}

	w.write(func(tx *database.Tx) error { return w.outbox.LiftSuppression(t.Context(), tx, "Ada@Example.org ", 1) })
	w.wantSuppressed("ada", "")
}

func TestDeliveriesAreListedByMailingStateAndContact(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		first, second := w.mailing("update:1", "ada", "ben", "cara"), w.mailing("update:2", "ada")
		w.write(func(tx *database.Tx) error {
			_, err := w.outbox.WithdrawDeliveries(t.Context(), tx, contactOf("ben"), "updates")
			return err
		})
		w.write(func(tx *database.Tx) error { return w.outbox.MarkUnsubscribed(t.Context(), tx, w.delivery("ben").ID) })

		for what, test := range map[string]struct {
			filter mail.DeliveryFilter
			want   string
		}{
			"a mailing":          {mail.DeliveryFilter{MailingID: first}, "[ada ben cara] 3"},
			"its second page":    {mail.DeliveryFilter{MailingID: first, Limit: 2, Skip: 2}, "[cara] 3"},
			"a state":            {mail.DeliveryFilter{MailingID: first, State: mail.DeliveryWithdrawn}, "[ben] 1"},
			"a contact":          {mail.DeliveryFilter{ContactID: contactOf("ada")}, "[ada ada] 2"},
			"who unsubscribed":   {mail.DeliveryFilter{MailingID: first, Unsubscribed: true}, "[ben] 1"},
			"nobody came back":   {mail.DeliveryFilter{MailingID: second, Bounced: true}, "[] 0"},
			"nobody complained":  {mail.DeliveryFilter{Complained: true}, "[] 0"},
			"the other purposes": {mail.DeliveryFilter{MailingID: second, State: mail.DeliveryQueued}, "[ada] 1"},
		} {
			list, total, err := w.outbox.Deliveries(t.Context(), test.filter)
			if got := fmt.Sprint(namesOf(list), " ", total); err != nil || got != test.want {
				t.Errorf("%s gives %s (%v), want %s", what, got, err, test.want)
			}
		}
	})
}

func TestAMailingIsPausedResumedAndStoppedOnlyWhereThatMakesSense(t *testing.T) {
	w := newWorld(t)
	id := w.mailing("update:1", "ada")
	step := func(do func(ctx context.Context, tx *database.Tx, id int64) error) error {
		return w.db.Write(t.Context(), func(tx *database.Tx) error { return do(t.Context(), tx, id) })
	}
	if err := step(w.outbox.PauseMailing); fault.KindOf(err) != fault.Conflict {
		t.Errorf("pausing one that is filling gives %v", err)
	}
	w.write(func(tx *database.Tx) error { return w.outbox.ReleaseMailing(t.Context(), tx, id, noon.Add(time.Hour)) })
	for _, do := range []func(context.Context, *database.Tx, int64) error{w.outbox.PauseMailing, w.outbox.ResumeMailing, w.outbox.StopMailing} {
		if err := step(do); err != nil {
			t.Error(err)
		}
	}
	if err := step(w.outbox.ResumeMailing); fault.KindOf(err) != fault.Conflict {
		t.Errorf("resuming one that is stopped gives %v", err)
	}
	if m, err := w.outbox.Mailing(t.Context(), id); err != nil || m.State != mail.Stopped || !m.ReleaseAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("the mailing is %+v (%v)", m, err)
	}
}
