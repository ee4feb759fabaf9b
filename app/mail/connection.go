package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"conversations/app/config"
)

// idleFor is how long a connection that nobody uses stays open.
const idleFor = 20 * time.Second

// maxSteps is how many times the timeout may pass while one mail is sent: find a kept connection dead, connect, be
// greeted, secure and sign in, send.
const maxSteps = 5

// verdict is what became of one try to send a mail.
type verdict int

const (
	accepted verdict = iota // the server has it
	refused                 // for good: about this recipient or this text
	later                   // try this mail again later
	stuck                   // the server or our standing with it, not this mail
)

// outcome is a verdict and the words for it.
type outcome struct {
	verdict verdict
	words   string
	named   bool // with stuck: the server had heard of the recipient, so it may be this mail that upsets it
}

// letter is what goes over the wire.
type letter struct {
	from, to string
	raw      []byte
}

// connection is a way to the mail server, for one mail after the other. It opens when it is needed.
type connection struct {
	settings config.Mail
	roots    *x509.CertPool
	smtp     *smtp.Client // nil while it is closed
	expiry   *time.Timer

	// What follows is for letters to many.
	pipelining, chunking, utf8 bool
	out, body                  []byte // used anew for each letter
	used                       time.Time
}

// send gives one letter to the server. A connection that had been kept may have been closed by the server
// meanwhile; then a new one is opened. No step takes longer than the timeout, and there are at most maxSteps.
func (c *connection) send(ctx context.Context, l letter) outcome {
	kept := c.smtp != nil
	if err := c.open(ctx); err != nil {
		return outcome{verdict: stuck, words: err.Error()}
	}
	err := c.begin(l)
	if err != nil && kept {
		c.close()
		if err := c.open(ctx); err != nil {
			return outcome{verdict: stuck, words: err.Error()}
		}
		err = c.begin(l)
	}
	if err != nil {
		c.close()
		return outcome{verdict: stuck, words: "it takes no mails from " + l.from + ": " + spoken(err)}
	}
	return c.settle(c.transmit(l))
}

// open connects, secures and signs in, unless that was done before.
func (c *connection) open(ctx context.Context) error {
	if c.smtp != nil {
		return c.smtp.UpdateDeadline(c.settings.Timeout)
	}
	client, err := gomail.NewClient(c.settings.Host, c.options()...)
	if err != nil {
		return err
	}
	if c.smtp, err = client.DialToSMTPClientWithContext(ctx); err != nil {
		c.smtp = nil
		return fmt.Errorf("connect to %s: %s", net.JoinHostPort(c.settings.Host, strconv.Itoa(c.settings.Port)), spoken(err))
	}
	c.learn()
	return c.smtp.UpdateDeadline(c.settings.Timeout)
}

func (c *connection) options() []gomail.Option {
	s := c.settings
	options := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTimeout(s.Timeout), gomail.WithTLSConfig(c.tls())}
	switch s.TLS {
	case "implicit":
		options = append(options, gomail.WithSSL())
	case "mandatory":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "opportunistic":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.Username != "" {
		options = append(options, gomail.WithUsername(s.Username), gomail.WithPassword(s.Password),
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	return options
}

// tls: opportunistic encryption would fall back to none at all, so a certificate that cannot be checked (a mail
// server's own, as a rule) is better than refusing it. Never where a password is about to be told.
func (c *connection) tls() *tls.Config {
	unchecked := c.settings.TLS == "opportunistic" && c.settings.Username == ""
	return &tls.Config{
		ServerName: c.settings.Host, RootCAs: c.roots, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: unchecked, //nolint:gosec // see above
	}
}

// begin tells who sends. Whatever the server objects to here is about us, since no recipient was named.
func (c *connection) begin(l letter) error {
	c.smtp.SkipSMTPUTF8(isASCII(l.to)) // else relays would have to support it for nothing
	return c.smtp.Mail("<" + l.from + ">")
}

// transmit names the recipient and hands over the text.
func (c *connection) transmit(l letter) error {
	if utf8, _ := c.smtp.Extension("SMTPUTF8"); !utf8 && !isASCII(l.to) {
		return &textproto.Error{Code: 553, Msg: "the mail server cannot write to addresses with letters beyond a to z"}
	}
	if err := c.smtp.Rcpt("<" + l.to + ">"); err != nil {
		return err
	}
	w, err := c.smtp.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(l.raw); err != nil {
		return err
	}
	return w.Close()
}

// settle judges the answer and leaves the connection ready for the next mail, or closed.
func (c *connection) settle(err error) outcome {
	result := judge(err)
	switch {
	case result.verdict == accepted:
	case result.verdict == stuck || c.smtp.Reset() != nil:
		c.close()
	}
	return result
}

// judge reads the server's answer to a recipient or a text.
func judge(err error) outcome {
	if err == nil {
		return outcome{verdict: accepted}
	}
	answer, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return outcome{verdict: stuck, words: "the connection was lost: " + spoken(err), named: true}
	}
	switch {
	case answer.Code == 421, answer.Code == 530, answer.Code == 534, answer.Code == 535, answer.Code == 538: // closing; sign in first
		return outcome{verdict: stuck, words: spoken(err), named: true}
	case answer.Code >= 500:
		return outcome{verdict: refused, words: spoken(err)}
	default:
		return outcome{verdict: later, words: spoken(err)}
	}
}

// close ends the connection at once.
func (c *connection) close() {
	if c.smtp != nil {
		_ = c.smtp.Close()
		c.smtp = nil
	}
}

// quit ends the connection politely.
func (c *connection) quit() {
	if c.smtp != nil && c.smtp.UpdateDeadline(time.Second) == nil {
		_ = c.smtp.Quit()
	}
	c.close()
}

// wordsLimit bounds the server's words, in bytes: some servers send a page.
const wordsLimit = 500

// spoken is an error on one line; of a server's answer its code and words.
func spoken(err error) string {
	if answer, is := errors.AsType[*textproto.Error](err); is {
		return shortened(strconv.Itoa(answer.Code) + " " + answer.Msg)
	}
	return shortened(err.Error())
}

// shortened is the words of a server on one line, within wordsLimit.
func shortened(words string) string {
	words = strings.ToValidUTF8(oneLine(words), "")
	if len(words) > wordsLimit {
		words = strings.ToValidUTF8(words[:wordsLimit], "") + "…"
	}
	return words
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f })
}

// idle holds the connections that nobody uses just now. The last that came is the first to go out again, so that
// the others grow old and are closed.
type idle struct {
	mu    sync.Mutex
	conns []*connection
}

// take gives a kept connection, or nil.
func (i *idle) take() *connection {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.conns) == 0 {
		return nil
	}
	c := i.conns[len(i.conns)-1]
	i.conns = i.conns[:len(i.conns)-1]
	c.expiry.Stop()
	return c
}

// keep holds an open connection until it is taken again or has been idle for too long.
func (i *idle) keep(c *connection) {
	if c.smtp == nil {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.conns = append(i.conns, c)
	c.expiry = time.AfterFunc(idleFor, func() { i.expire(c) })
}

// expire closes a connection, unless it has been taken in the moment before.
func (i *idle) expire(c *connection) {
	i.mu.Lock()
	at := slices.Index(i.conns, c)
	if at >= 0 {
		i.conns = slices.Delete(i.conns, at, at+1)
	}
	i.mu.Unlock()
	if at >= 0 {
		c.quit()
	}
}

// close ends all that are kept.
func (i *idle) close() {
	for c := i.take(); c != nil; c = i.take() {
		c.quit()
	}
}
