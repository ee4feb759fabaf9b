package browsertest_test

import (
	"testing"

	"conversations/app/browsertest"
	"conversations/app/devmail"
)

func TestNoMailHasAnAccessibilityFault(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	for kind, m := range w.oneMailOfEachKind(t) {
		t.Run(kind, func(t *testing.T) {
			p := p.For(t)
			p.Show(m.HTML)
			for _, width := range []int64{1280, 390} {
				p.Resize(width, 844)
				for _, fault := range append(p.AxeOfMail(), p.Sideways()...) {
					t.Errorf("%q at %d wide: %s", m.Subject, width, fault)
				}
			}
		})
	}
}

// oneMailOfEachKind finds in the mailbox one mail of each kind that the outbox knows.
func (w *world) oneMailOfEachKind(t *testing.T) map[string]devmail.Message {
	t.Helper()
	var kinds []struct{ Kind, MessageID string }
	must(t, w.App.DB.Read(w.Ctx()).Raw(`SELECT kind, max(message_id) AS message_id FROM mails WHERE state = 'sent' GROUP BY kind`).Scan(&kinds).Error)
	messages, err := w.Mail.List()
	must(t, err)
	found := map[string]devmail.Message{}
	for _, k := range kinds {
		for _, m := range messages {
			if m.MessageID == k.MessageID {
				found[k.Kind] = m
			}
		}
	}
	if len(found) < 5 || len(found) != len(kinds) {
		t.Fatalf("of %v only %d are in the mailbox", kinds, len(found))
	}
	return found
}
