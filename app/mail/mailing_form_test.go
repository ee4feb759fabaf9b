package mail_test

import (
	"html"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

// awkward are names that would break a careless writer of mails.
var awkward = map[string]string{
	"plain":     "Ada Fictional",
	"none":      "",
	"umlauts":   "Zoë Ó Fictional-Łukasiewicz",
	"quoted":    `Ada "the \ tester" Fictional, MP (Dacorum)`,
	"many":      strings.TrimSpace(strings.Repeat("Bartholomew Fictional ", 9)),
	"long":      strings.Repeat("Fictional", 20),
	"longer":    "Ada " + strings.Repeat("x", 66) + " Fictional",
	"accents":   strings.TrimSpace(strings.Repeat("Ünnæmeð Ðóttir ", 12)),
	"far":       strings.Repeat("北京市民", 15),
	"emoji":     "🙂🙂 Ada 🙂",
	"encoded":   "=?utf-8?q?Ada?= =?utf-8?b?QWRh?=",
	"markup":    `<b>Ada</b> & "Co" =3D =`,
	"dot":       ".Ada.",
	"at":        "ada@home",
	"fieldlike": "name" + mail.UnsubscribeField,
}

func TestTheRawLetterIsWhatEveryReaderUnderstandsWhoeverItIsTo(t *testing.T) {
	for mode, options := range map[string]sinktest.Options{"in one go": fast, "in two steps": {Pipelining: true}, "step by step": {}} {
		t.Run(mode, func(t *testing.T) {
			w, sink := sinkWorld(t, databasetest.SQLite(t), options)
			m := letter("update:1")
			m.Blocks = append(m.Blocks, mail.Paragraph(".\n.A line that begins with a point is a line all the same, "+strings.Repeat("ä", 200)+mail.NameField+mail.NameField+" ."))
			var to []mail.Recipient
			for key, name := range awkward {
				to = append(to, mail.Recipient{ContactID: contactOf(key), Address: key + "@example.org", Name: name, Personal: "https://conversations.example/s/" + key + "?a=1&b=2"})
			}
			w.release(w.mailingOf(m, to...))

			w.mailingPass(len(awkward))

			for _, l := range sink.Letters() {
				key, _, _ := strings.Cut(l.To, "@")
				t.Run(key, func(t *testing.T) { w.wantForm(t, m, key, l.Raw) })
			}
		})
	}
}

func (w *world) wantForm(t *testing.T, m mail.NewMailing, key, raw string) {
	t.Helper()
	wantPlainLines(t, raw)
	wantEncodedWords(t, raw)
	msg, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	d := w.delivery(key)
	unsubscribe := w.outbox.UnsubscribeURL(d.ID)
	for name, want := range map[string]string{
		"Date": "Mon, 06 Feb 2017 12:00:00 +0000", "Message-Id": w.outbox.MessageIDOf(d.ID), "Subject": m.Subject, "Mime-Version": "1.0",
		"List-Unsubscribe": "<" + unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Precedence": "bulk",
		"List-Id": `"Your Care, Your Future" <updates.yourcare.example>`, "X-Auto-Response-Suppress": "OOF, AutoReply", "Auto-Submitted": "",
	} {
		if got := decoded(t, msg.Header.Get(name)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	wantAddress(t, msg, "From", netmail.Address{Name: "Your Care, Your Future", Address: "events@yourcare.example"})
	wantAddress(t, msg, "Reply-To", netmail.Address{Name: "Your Care, Your Future", Address: "enquiries@yourcare.example"})
	wantAddress(t, msg, "To", netmail.Address{Name: oneLine(awkward[key]), Address: key + "@example.org"})
	if len(msg.Header) != 13 {
		t.Errorf("the headers are %v, want none beyond those we know of", msg.Header)
	}
	w.wantLetterParts(t, m, d, msg)
}

// wantLetterParts wants both parts to be what the letter says, with this recipient's values in the fields.
func (w *world) wantLetterParts(t *testing.T, m mail.NewMailing, d mail.Delivery, msg *netmail.Message) {
	t.Helper()
	name := d.Name
	if name == "" {
		name = "reader"
	}
	values := []string{name, w.outbox.UnsubscribeURL(d.ID), d.Personal}
	fields := []string{mail.NameField, mail.UnsubscribeField, mail.PersonalField}
	var plain, page []string
	for i, field := range fields {
		plain, page = append(plain, field, values[i]), append(page, field, html.EscapeString(values[i]))
	}
	links := mail.Values{Unsubscribe: mail.UnsubscribeField}
	unfilled, err := m.HTML(w.cfg, links)
	if err != nil {
		t.Fatal(err)
	}
	parts := alternatives(t, msg)
	if len(parts) != 2 {
		t.Fatalf("there are %d parts, want 2", len(parts))
	}
	wantPart(t, parts[0], "text/plain", "", strings.NewReplacer(plain...).Replace(m.Text(w.cfg, links)))
	wantPart(t, parts[1], "text/html", "", strings.NewReplacer(page...).Replace(unfilled))
}

var encodedWord = regexp.MustCompile(`=\?[^?\s]+\?[bBqQ]\?[^?]*\?=`)

// wantEncodedWords wants each encoded word of the head to be whole, short, and readable by itself (RFC 2047).
func wantEncodedWords(t *testing.T, raw string) {
	t.Helper()
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	for _, word := range encodedWord.FindAllString(head, -1) {
		if len(word) > 75 {
			t.Errorf("an encoded word of %d letters: %s", len(word), word)
		}
		if text, err := new(mime.WordDecoder).Decode(word); err != nil || strings.ContainsRune(text, '\uFFFD') {
			t.Errorf("%s reads %q (%v)", word, text, err)
		}
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.TrimSpace(line) == "" {
			t.Errorf("an empty line in the head:\n%s", head)
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
