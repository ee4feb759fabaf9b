package mail

import (
	"bytes"
	"fmt"
	"html"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// stencil is a letter to many in the form in which it travels, written and encoded once: only the lines that name the
// recipient and what stands in the fields are written for each.
type stencil struct {
	pieces []piece
	after  []byte // what follows the last field
}

// piece is what stands before a field, and the field.
type piece struct {
	before []byte
	field  int  // index into allFields
	page   bool // the field stands in the HTML
}

// stamp is what differs between the recipients of a letter.
type stamp struct {
	date      time.Time
	messageID string
	to        netmail.Address
	values    [4]string // in the order of allFields
}

// stencil writes a mailing once.
func (o *Outbox) stencil(m Mailing) (*stencil, error) {
	letter, err := m.letter()
	if err != nil {
		return nil, err
	}
	links := Values{Unsubscribe: UnsubscribeField}
	if o.PreferencesURL != nil {
		links.Preferences = PreferencesField
	}
	page, err := letter.HTML(o.cfg, links)
	if err != nil {
		return nil, err
	}
	msg := o.mailingHead(m)
	msg.SetBodyString(gomail.TypeTextPlain, letter.Text(o.cfg, links))
	msg.AddAlternativeString(gomail.TypeTextHTML, page)
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write mailing %d: %w", m.ID, err)
	}
	return cut(withoutOwnLines(raw.Bytes())), nil
}

// mailingHead sets what stands above the parts and is the same for all. It is not marked as made by a machine
// (Auto-Submitted): people wrote it. That it is a letter to many is what keeps holiday notes from answering it:
// Precedence, the lines of a list, and for Exchange a line of its own.
func (o *Outbox) mailingHead(m Mailing) *gomail.Msg {
	s := o.cfg.Mail
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(&netmail.Address{Name: oneLine(s.FromName), Address: s.From})
	if s.ReplyTo != "" {
		msg.ReplyToMailAddress(&netmail.Address{Name: oneLine(s.FromName), Address: s.ReplyTo})
	}
	msg.Subject(m.Subject)
	list := netmail.Address{Name: oneLine(o.cfg.Programme.Name), Address: "x@" + m.ListID + "." + domainOf(s.From)}
	msg.SetGenHeaderPreformatted("List-Id", folded("List-Id", strings.Replace(list.String(), "<x@", "<", 1)))
	msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
	msg.SetGenHeader("Precedence", "bulk")
	msg.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	return msg
}

// withoutOwnLines takes out of the head the two lines that go-mail writes by itself and every recipient has anew.
func withoutOwnLines(raw []byte) []byte {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	head, body := raw[:end+2], raw[end+2:]
	var out []byte
	for line := range bytes.SplitAfterSeq(head, []byte("\r\n")) {
		if !bytes.HasPrefix(line, []byte("Date: ")) && !bytes.HasPrefix(line, []byte("Message-ID: ")) {
			out = append(out, line...)
		}
	}
	return append(out, body...)
}

// fieldForms finds each field in quoted-printable, where a line may end in the midst of it.
var fieldForms = formsOf(allFields)

func formsOf(fields []string) *regexp.Regexp {
	var forms []string
	for _, field := range fields {
		var units []string
		for _, b := range []byte(field) {
			unit := string(rune(b))
			if b > 0x7e {
				unit = fmt.Sprintf("=%02X", b)
			}
			units = append(units, unit)
		}
		forms = append(forms, "("+strings.Join(units, `(?:=\r\n)?`)+")")
	}
	return regexp.MustCompile(strings.Join(forms, "|"))
}

const softBreak = "=\r\n"

// cut parts a raw mail at its fields. A soft line break before and after each, which no reader sees, has every value
// begin on a line of its own, so that no line grows too long.
func cut(raw []byte) *stencil {
	s := &stencil{}
	page := bytes.Index(raw, []byte("Content-Type: text/html"))
	var before []byte
	last := 0
	for _, at := range fieldForms.FindAllSubmatchIndex(raw, -1) {
		before = append(before, raw[last:at[0]]...)
		if !bytes.HasSuffix(before, []byte("\r\n")) {
			before = append(before, softBreak...)
		}
		s.pieces = append(s.pieces, piece{before: before, field: fieldAt(at), page: at[0] > page})
		before, last = nil, at[1]
		if rest := raw[last:]; !bytes.HasPrefix(rest, []byte("\r\n")) && !bytes.HasPrefix(rest, []byte(softBreak)) {
			before = []byte(softBreak)
		}
	}
	s.after = append(before, raw[last:]...)
	return s
}

// fieldAt says which of the forms was found: each is a group of the expression.
func fieldAt(found []int) int {
	for i := range allFields {
		if found[2+2*i] >= 0 {
			return i
		}
	}
	return 0
}

// appendTo writes the letter to one recipient behind out.
func (s *stencil) appendTo(out []byte, r stamp) []byte {
	out = appendStamp(out, r)
	for _, p := range s.pieces {
		out = append(out, p.before...)
		value := r.values[p.field]
		if p.page {
			value = html.EscapeString(value)
		}
		out = appendQuotedPrintable(out, value)
	}
	return append(out, s.after...)
}

// letter is the mailing as it was made.
func (m Mailing) letter() (NewMailing, error) {
	c, err := m.content()
	return NewMailing{Subject: m.Subject, Blocks: c.Blocks, Because: c.Because, Nameless: c.Nameless}, err
}
