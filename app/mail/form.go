package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// compose puts a mail into the form in which it travels. The same row gives the same mail, save for the
// boundaries between its parts.
func (o *Outbox) compose(m Mail) ([]byte, error) {
	c, err := readContent(m.Content)
	if err != nil {
		return nil, err
	}
	page, err := HTML(o.cfg, m.Subject, c.Blocks)
	if err != nil {
		return nil, err
	}
	msg := o.head(m)
	msg.SetBodyString(gomail.TypeTextPlain, Text(o.cfg, c.Blocks))
	msg.AddAlternativeString(gomail.TypeTextHTML, page)
	if c.Calendar != nil {
		// Base64, because some readers mend the line ends of a calendar that they can read on the way.
		msg.AddAlternativeString(gomail.ContentType("text/calendar; method="+c.Calendar.Method), c.Calendar.Body,
			gomail.WithPartEncoding(gomail.EncodingB64))
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return raw.Bytes(), nil
}

// head sets all that stands above the parts.
func (o *Outbox) head(m Mail) *gomail.Msg {
	s := o.cfg.Mail
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(&netmail.Address{Name: oneLine(s.FromName), Address: s.From})
	msg.ToMailAddress(&netmail.Address{Name: m.ToName, Address: mailbox(m.ToAddress)})
	if s.ReplyTo != "" {
		msg.ReplyToMailAddress(&netmail.Address{Name: oneLine(s.FromName), Address: s.ReplyTo})
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.CreatedAt.In(o.cfg.Zone()).Truncate(time.Second))
	msg.SetGenHeader(gomail.HeaderMessageID, m.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday note shall answer this
	return msg
}

// mailbox writes a domain with letters beyond a to z in the form that every mail server knows.
func mailbox(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || isASCII(address[at:]) {
		return address
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + domain
}
