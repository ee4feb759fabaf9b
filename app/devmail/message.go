package devmail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"conversations/app/fault"
)

// Message is a message as it arrived. Parts that it does not have are "".
type Message struct {
	ID        string
	From      string
	To        string
	Subject   string
	Date      time.Time // zero where it has none that can be read
	MessageID string
	Text      string
	HTML      string
	Calendar  string
	Raw       string
}

// List gives all messages, newest first.
func (b *Box) List() ([]Message, error) {
	numbers, err := b.numbers()
	if err != nil {
		return nil, err
	}
	messages := make([]Message, 0, len(numbers))
	for _, n := range numbers {
		m, err := b.Get(strconv.Itoa(n))
		switch {
		case fault.KindOf(err) == fault.NotFound: // made room just now
		case err != nil:
			return nil, err
		default:
			messages = append(messages, m)
		}
	}
	return messages, nil
}

// Get finds a message, or returns a NotFound fault.
func (b *Box) Get(id string) (Message, error) {
	number, err := strconv.Atoi(id)
	if err != nil {
		return Message{}, fault.Wrap(fault.NotFound, "There is no such mail", err)
	}
	raw, err := os.ReadFile(b.path(number))
	if errors.Is(err, fs.ErrNotExist) {
		return Message{}, fault.Wrap(fault.NotFound, "There is no such mail", err)
	}
	if err != nil {
		return Message{}, fmt.Errorf("read mail %s: %w", id, err)
	}
	m, err := parse(raw)
	m.ID = strconv.Itoa(number)
	if err != nil {
		return m, fmt.Errorf("read mail %s: %w", id, err)
	}
	return m, nil
}

func parse(raw []byte) (m Message, err error) {
	m.Raw = string(raw)
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, err
	}
	h := msg.Header
	m.From, m.To, m.Subject = decoded(h.Get("From")), decoded(h.Get("To")), decoded(h.Get("Subject"))
	m.Date, _ = h.Date() // a message without one is shown without one
	m.MessageID = h.Get("Message-Id")
	return m, m.read(textproto.MIMEHeader(h), msg.Body)
}

// read takes the first part of each kind, however deep it stands.
func (m *Message) read(h textproto.MIMEHeader, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.readParts(multipart.NewReader(body, parameters["boundary"]))
	}
	text, err := io.ReadAll(unwrapped(h.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("its %s part: %w", kind, err)
	}
	for wanted, part := range map[string]*string{"text/plain": &m.Text, "text/html": &m.HTML, "text/calendar": &m.Calendar} {
		if kind == wanted && *part == "" {
			*part = strings.ReplaceAll(strings.ToValidUTF8(string(text), "\uFFFD"), "\r\n", "\n")
		}
	}
	return nil
}

func (m *Message) readParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.read(part.Header, part); err != nil {
			return err
		}
	}
}

func unwrapped(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

func decoded(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return text
}

// links lists the addresses of pages in the text part, each once.
func (m Message) links() (links []string) {
	seen := map[string]bool{}
	for _, word := range strings.Fields(m.Text) {
		if (strings.HasPrefix(word, "http://") || strings.HasPrefix(word, "https://")) && !seen[word] {
			seen[word] = true
			links = append(links, word)
		}
	}
	return links
}
