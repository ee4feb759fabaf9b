package reports_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"conversations/app/mail"
	"conversations/app/mail/reports"
)

func TestAReportOfADeadMailboxSuppressesItAndCountsOnce(t *testing.T) {
	for _, name := range []string{"postfix-gone", "exim-gone", "exim-plain-gone", "exchange-gone", "webmail-gone", "qmail-plain-gone"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			letter, other := w.sent("robin", 1), w.sent("alexandra", 1)

			w.take(w.about(letter, name), reports.Noted)
			w.take(w.about(letter, name), reports.Known)

			w.wantSuppressed("Robin@dead.example", mail.SuppressedBounced)
			w.wantSuppressed(other.Address, "")
			if got := w.audited(); got != fmt.Sprint("system delivery.bounce deliveries ", letter.ID) {
				t.Errorf("the log says\n%s", got)
			}
			if d := w.sent("robin", 0); d.Bounce != mail.HardBounce || d.BounceWords == "" {
				t.Errorf("the letter came back as %q: %q", d.Bounce, d.BounceWords)
			}
		})
	}
}

func TestAFullMailboxIsGivenUpAfterSoManyLettersInARow(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		for letter := 1; letter <= w.cfg.Mail.Bounces.Soft; letter++ {
			w.wantSuppressed("robin@dead.example", "")
			d := w.sent("robin", 1)
			w.take(w.about(d, "postfix-full"), reports.Noted)
			w.take(w.about(d, "postfix-full"), reports.Known)
		}
		w.wantSuppressed("robin@dead.example", mail.SuppressedBounced)
	})
}

func TestAComplaintIsNotedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		d := w.sent("robin", 1)
		w.take(w.about(d, "complaint"), reports.Noted)
		w.take(w.about(d, "complaint"), reports.Known)
		w.wantSuppressed("robin@dead.example", mail.SuppressedComplained)
		if got := w.audited(); got != fmt.Sprint("system delivery.complain deliveries ", d.ID) {
			t.Errorf("the log says\n%s", got)
		}
	})
}

func TestAComplaintThatNamesNoAddressIsKnownByTheMessageID(t *testing.T) {
	w := newWorld(t)
	d := w.sent("robin", 1)
	w.take(strings.ReplaceAll(w.about(d, "complaint"), "bounces+", "hidden-"), reports.Noted)
	w.wantSuppressed("robin@dead.example", mail.SuppressedComplained)
}

func TestWhatIsNoBounceChangesNothing(t *testing.T) {
	w := newWorld(t)
	d := w.sent("robin", 1)
	for _, name := range []string{"vacation", "out-of-office", "receipt", "postfix-delayed", "success"} {
		w.take(w.about(d, name), reports.Nothing)
	}
	w.take(w.about(d, "person-forwards-a-report"), reports.Unclear)
	w.take("", reports.Unclear)
	w.wantUntouched(d)
}

func (w *world) wantUntouched(d mail.Delivery) {
	w.t.Helper()
	w.wantSuppressed(d.Address, "")
	now, err := w.outbox.Delivery(w.t.Context(), d.ID)
	if err != nil || now.BouncedAt != nil || now.ComplainedAt != nil {
		w.t.Errorf("the letter bounced at %v, was complained of at %v (%v)", now.BouncedAt, now.ComplainedAt, err)
	}
	if log := w.audited(); log != "" {
		w.t.Errorf("the log says\n%s", log)
	}
}

func TestAForgedReportSuppressesNobody(t *testing.T) {
	w := newWorld(t)
	d := w.sent("robin", 1)
	envelope, message := w.links.Code("delivery.envelope", d.ID), w.links.Code("delivery.message", d.ID)
	for what, forged := range map[string]struct{ envelope, message string }{
		"nothing at all":                        {"", ""},
		"the number of the letter":              {fmt.Sprint(d.ID), fmt.Sprint(d.ID)},
		"a token with one other letter":         {otherEnd(envelope), otherEnd(message)},
		"the tokens in each other's place":      {message, envelope},
		"a token for something else":            {w.links.Code("delivery.unsubscribe", d.ID), w.links.Token("unsubscribe", d.ID)},
		"half a token":                          {envelope[:len(envelope)/2], message[:len(message)/2]},
		"a letter that there is not":            {w.links.Code("delivery.envelope", 999), w.links.Code("delivery.message", 999)},
		"a Message-ID of mails that are not it": {"x", "1abcDE-000123-4F"},
	} {
		for _, name := range []string{"postfix-gone", "exim-plain-gone", "qmail-plain-gone", "complaint"} {
			text := strings.NewReplacer("TOKEN", forged.envelope, "MESSAGE", forged.message).Replace(shape(t, name))
			got, err := w.reader.Take(t.Context(), strings.NewReader(text))
			if err != nil || got != reports.Unclear {
				t.Errorf("%s with %s: %q, %v", name, what, got, err)
			}
		}
	}
	w.wantUntouched(d)

	// The control: with what only we can have made, the same report counts.
	w.take(w.about(d, "postfix-gone"), reports.Noted)
	w.wantSuppressed(d.Address, mail.SuppressedBounced)
}

// otherEnd changes a code in its middle, where every bit counts.
func otherEnd(code string) string {
	at, sign := len(code)/2, "a"
	if code[at] == 'a' {
		sign = "b"
	}
	return code[:at] + sign + code[at+1:]
}

func TestAPlainReportIsNotBelievedForAMessageIDAlone(t *testing.T) {
	w := newWorld(t)
	d := w.sent("robin", 1)
	text := w.about(d, "exim-plain-gone")
	w.take(strings.ReplaceAll(text, "bounces+"+w.links.Code("delivery.envelope", d.ID), "bounces"), reports.Unclear)
	w.wantUntouched(d)
	w.take(text, reports.Noted)
}

func TestThatALetterWasPassedOnAndFailedElsewhereIsNoProofThatOursIsGone(t *testing.T) {
	w := newWorld(t)
	d := w.sent("robin", 1)
	w.take(strings.ReplaceAll(w.about(d, "postfix-gone"), "robin@dead.example", "elsewhere@far.example"), reports.Noted)
	w.wantSuppressed(d.Address, "")
	if now := w.sent("robin", 0); now.Bounce != mail.SoftBounce || strings.Contains(now.BounceWords, "far.example") {
		t.Errorf("it came back as %q: %q", now.Bounce, now.BounceWords)
	}
}

func TestTheSameReportTakenByManyAtOnceCountsOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		text := w.about(w.sent("robin", 1), "postfix-gone")
		results := make([]reports.Result, 8)
		var all sync.WaitGroup
		for i := range results {
			all.Go(func() {
				var err error
				if results[i], err = w.reader.Take(t.Context(), strings.NewReader(text)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		noted := 0
		for _, r := range results {
			if r == reports.Noted {
				noted++
			}
		}
		if entries := strings.Count(w.audited(), "delivery.bounce"); noted != 1 || entries != 1 {
			t.Errorf("noted %d times, %d entries in the log", noted, entries)
		}
	})
}
