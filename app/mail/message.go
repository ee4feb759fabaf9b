// Package mail is the outbox: mails are rows, written in the transaction that causes them, and sent afterwards
// over connections that stay open. Nothing is lost when the program or the mail server stops; nothing is sent
// twice, save for the one mail a connection had in hand at a crash, which keeps its Message-ID.
package mail

import (
	"encoding/json"
	"fmt"
)

// Methods of a calendar part (RFC 5546).
const (
	CalendarRequest = "REQUEST"
	CalendarCancel  = "CANCEL"
)

// Calendar is what a mail puts into the reader's calendar or takes out of it.
type Calendar struct {
	Method string `json:"method"` // REQUEST or CANCEL, the same as in Body
	Body   string `json:"body"`   // the whole iCalendar text, lines ended by CRLF
}

// Message is a mail before it is in the outbox.
type Message struct {
	Key      string // unique: the same mail is never queued twice
	Kind     string // "booking.confirmed"
	About    string // the table of what it is about, "bookings"
	AboutID  int64
	To       string // one address
	ToName   string
	Subject  string
	Blocks   []Block
	Calendar *Calendar // nil without one
}

// content is the part of a message that is emptied when its time is over.
type content struct {
	Blocks   []Block   `json:"blocks"`
	Calendar *Calendar `json:"calendar,omitempty"`
}

func (m Message) content() (string, error) {
	text, err := json.Marshal(content{Blocks: m.Blocks, Calendar: m.Calendar})
	if err != nil {
		return "", fmt.Errorf("write the content of mail %s: %w", m.Key, err)
	}
	return string(text), nil
}

func readContent(text string) (c content, err error) {
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("read the content: %w", err)
	}
	return c, nil
}
