package mail_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"conversations/app/database"
	"conversations/app/mail"
)

var update = flag.Bool("update", false, "write the golden files anew")

const invitation = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:7@yourcare.example\r\nSUMMARY:Gespräch – über uns\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// full is a mail with every kind of block in it, and with what might break out of them.
func full() mail.Message {
	m := message("ada")
	m.ToName, m.Subject = "Zoë Ó Fictional, \"the\" tester", "Your place: Réunion – Hemel Hempstead, Tuesday 28 February, and a subject that is long enough to need folding"
	m.Blocks = []mail.Block{
		mail.Heading("Your place is booked"),
		mail.Paragraph("Hello Zoë <b>Ó</b> & all,\n\nWe have kept 2 places for you at “Planning care together” & we look forward to seeing you there, whatever the weather.\nYour reference is K7RX 42."),
		mail.Table([2]string{"When", "Tuesday 28 February 2017, 7pm to 9pm"}, [2]string{"Where", "The Forum\nMarlowes\nHemel Hempstead\nHP1 1DN"}),
		mail.Heading("What you asked for"),
		mail.List("A hearing loop: we have asked for it", "Step-free access: arranged, through the side entrance in Dacorum Way, where somebody will meet you from half past six on"),
		mail.Button("See, change or cancel your booking", "http://127.0.0.1:8080/bookings/abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwxyz0123456789?x=1&y=2"),
		mail.Paragraph(".\nA line that begins with a point is a line all the same.\n" + strings.Repeat("long", 300)),
	}
	m.Calendar = &mail.Calendar{Method: mail.CalendarRequest, Body: invitation}
	return m
}

func TestBothFormsOfAMailAreAsTheyWereApproved(t *testing.T) {
	blocks := full().Blocks
	blocks[len(blocks)-1] = mail.Paragraph("See you there.")
	page, err := mail.HTML(settings(), full().Subject, blocks)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "full.html", page)
	golden(t, "full.txt", mail.Text(settings(), blocks))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at it and run the test with -update:\n%s", name, got)
	}
}

func TestALinkThatIsNoAddressOfAPageIsMadeHarmless(t *testing.T) {
	page, err := mail.HTML(settings(), "x", []mail.Block{mail.Button("Press", "javascript:alert(1)")})
	if err != nil || strings.Contains(page, "javascript:") {
		t.Errorf("the page has the script in it (%v)", err)
	}
}

func TestLinesAreWrappedBetweenWordsAndLinksStayWhole(t *testing.T) {
	link := "https://example.org/" + strings.Repeat("x", 100)
	got := mail.Wrap("Ää "+strings.Repeat("word ", 30)+link+" end\nnext", "- ", "  ")
	for line := range strings.SplitSeq(got, "\n") {
		if utf8.RuneCountInString(line) > 72 && strings.TrimSpace(line) != link {
			t.Errorf("too long: %q", line)
		}
	}
	if !strings.HasPrefix(got, "- Ää word") || !strings.HasSuffix(got, "\n  end\n  next") {
		t.Errorf("wrapped as:\n%s", got)
	}
}

func TestTheRawMailIsWhatEveryReaderUnderstands(t *testing.T) {
	w := newWorld(t)
	w.enqueue(full())
	w.pass(1)
	raw := w.server.mails()[0].raw
	row := w.row("ada")

	wantPlainLines(t, raw)
	msg, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": row.MessageID, "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Date": "Mon, 06 Feb 2017 12:00:00 +0000", "Subject": full().Subject,
	} {
		if got := decoded(t, msg.Header.Get(name)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	wantAddress(t, msg, "From", netmail.Address{Name: "Your Care, Your Future", Address: "events@yourcare.example"})
	wantAddress(t, msg, "Reply-To", netmail.Address{Name: "Your Care, Your Future", Address: "enquiries@yourcare.example"})
	wantAddress(t, msg, "To", netmail.Address{Name: full().ToName, Address: "ada@example.org"})
	if len(msg.Header) != 9 {
		t.Errorf("the headers are %v, want none beyond those we know of", msg.Header)
	}
	parts := alternatives(t, msg)
	if len(parts) != 3 {
		t.Fatalf("there are %d parts, want 3", len(parts))
	}
	wantPart(t, parts[0], "text/plain", "", mail.Text(w.cfg, full().Blocks))
	page, _ := mail.HTML(w.cfg, full().Subject, full().Blocks)
	wantPart(t, parts[1], "text/html", "", page)
	wantPart(t, parts[2], "text/calendar", "REQUEST", "")
	if parts[2].body != invitation {
		t.Errorf("the calendar part is %q, want it byte for byte", parts[2].body)
	}
}

func wantPlainLines(t *testing.T, raw string) {
	t.Helper()
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") || strings.ContainsFunc(line, func(r rune) bool { return r > 0x7e }) {
			t.Errorf("a line of %d bytes would not travel everywhere: %q", len(line), line)
		}
	}
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		if len(line) > 78 {
			t.Errorf("a header line of %d bytes: %q", len(line), line)
		}
	}
}

func decoded(t *testing.T, header string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Error(err)
	}
	return text
}

func wantAddress(t *testing.T, msg *netmail.Message, name string, want netmail.Address) {
	t.Helper()
	got, err := msg.Header.AddressList(name)
	if err != nil || len(got) != 1 || *got[0] != want {
		t.Errorf("%s is %v (%v), want %v", name, got, err, want)
	}
}

type part struct{ kind, method, charset, encoding, body string }

// alternatives reads the parts with nothing but the standard library.
func alternatives(t *testing.T, msg *netmail.Message) (parts []part) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %s (%v), want multipart/alternative", kind, err)
	}
	reader := multipart.NewReader(msg.Body, parameters["boundary"])
	for {
		p, err := reader.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, readPart(t, p))
	}
}

func readPart(t *testing.T, p *multipart.Part) part {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	got := part{kind: kind, method: parameters["method"], charset: parameters["charset"], encoding: p.Header.Get("Content-Transfer-Encoding")}
	var body io.Reader = p
	switch got.encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(p)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, p)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	got.body = string(text)
	return got
}

func wantPart(t *testing.T, got part, kind, method, body string) {
	t.Helper()
	if got.kind != kind || got.charset != "UTF-8" || got.method != method || (got.encoding != "quoted-printable" && got.encoding != "base64") {
		t.Errorf("the part is %s; charset=%s; method=%s in %s", got.kind, got.charset, got.method, got.encoding)
	}
	if body != "" && strings.ReplaceAll(got.body, "\r\n", "\n") != body {
		t.Errorf("the %s part is\n%s\nwant\n%s", kind, got.body, body)
	}
}

func TestTheSameRowGivesTheSameMailEachTime(t *testing.T) {
	w := newWorld(t)
	w.enqueue(full())
	compose := func() []byte {
		raw, err := w.outbox.Compose(w.row("ada"))
		if err != nil {
			t.Fatal(err)
		}
		_, boundary, _ := bytes.Cut(raw, []byte("boundary="))
		boundary, _, _ = bytes.Cut(boundary, []byte("\r\n"))
		return bytes.ReplaceAll(raw, boundary, []byte("BOUNDARY"))
	}
	if first, second := compose(), compose(); !bytes.Equal(first, second) {
		t.Errorf("the first form\n%s\ndiffers from the second\n%s", first, second)
	}
}

func TestNothingTypedCanAddAHeaderOrARecipient(t *testing.T) {
	w := newWorld(t)
	m := message("ada")
	m.Subject = "Hello\r\nBcc: eve@example.org\r\n\r\nbody"
	m.ToName = "Ada\r\nBcc: eve@example.org"
	w.enqueue(m)
	w.pass(1)

	w.server.wantOnce("ada")
	msg, err := netmail.ReadMessage(strings.NewReader(w.server.mails()[0].raw))
	if err != nil || msg.Header.Get("Bcc") != "" || decoded(t, msg.Header.Get("Subject")) != "Hello Bcc: eve@example.org body" {
		t.Errorf("the headers are %v (%v)", msg.Header, err)
	}
	wantAddress(t, msg, "To", netmail.Address{Name: "Ada Bcc: eve@example.org", Address: "ada@example.org"})
}

func TestAMailThatCannotBeComposedFailsAndHoldsNobodyUp(t *testing.T) {
	w := newWorld(t)
	failed := w.noteFailures()
	w.queue("ada", "ben")
	w.write(brokenContent)

	w.pass(1)

	if m := w.row("ada"); m.State != mail.Failed || len(*failed) != 1 {
		t.Errorf("the mail is %+v, told %d times", m, len(*failed))
	}
}

// brokenContent is a row that no release of the program wrote.
func brokenContent(tx *database.Tx) error {
	return tx.Exec(`UPDATE mails SET content = '{broken' WHERE to_address = 'ada@example.org'`).Error
}
