package mail_test

import (
	"strings"
	"testing"

	"conversations/app/mail"
	"conversations/app/mail/postfixtest"
)

func TestARealPostfixDeliversEveryMailExactlyOnce(t *testing.T) {
	all := names(19)
	var boxes []string
	for _, name := range all {
		boxes = append(boxes, name+"@example.org")
	}
	postfix := postfixtest.Start(t, boxes...)
	w := newWorld(t)
	w.cfg.Mail.Host, w.cfg.Mail.Port, w.cfg.Mail.TLS = postfix.Host, postfix.Port, "opportunistic"
	w.outbox = w.another("to postfix")
	failed := w.noteFailures()
	w.queue(append(all[:10:10], "nobody")...)
	for _, name := range all[10:] { // with every kind of block and a calendar
		m := full()
		m.Key, m.To = name, name+"@example.org"
		w.enqueue(m)
	}

	w.pass(19)
	w.pass(0)

	until(t, "Postfix has delivered all", func() bool {
		for _, box := range boxes {
			if len(postfix.Delivered(t, box)) == 0 {
				return false
			}
		}
		return true
	})
	for i, box := range boxes {
		mails := postfix.Delivered(t, box)
		if id := w.row(all[i]).MessageID; len(mails) != 1 || !strings.Contains(mails[0], "Message-ID: "+id+"\n") {
			t.Errorf("in the mailbox %s there are %d mails, want one with the id %s", box, len(mails), id)
		}
	}
	if m := w.row("nobody"); m.State != mail.Failed || !strings.HasPrefix(m.LastError, "550") || len(*failed) != 1 {
		t.Errorf("the mail to nobody is %+v\n%s", m, postfix.Log())
	}
}
