// Package reports reads what comes back of letters that left: reports that one could not be delivered (RFC 3464), that
// its reader called it unwanted (RFC 5965), and automatic answers (RFC 3834). Anybody can write such a mail, so one
// counts only where it bears an address or a Message-ID that this installation made for that very letter.
package reports

import "strings"

// Kind says what a mail that came back is.
type Kind string

// The kinds.
const (
	Unknown   Kind = "unknown"
	Delivery  Kind = "delivery"   // how a letter fared
	Complaint Kind = "complaint"  // its reader called it unwanted
	AutoReply Kind = "auto-reply" // "I am away until Monday"
)

// Report is what a mail says that came back.
type Report struct {
	Kind       Kind
	Envelopes  []string // addresses with a + in them that it came to, and that the letter is said to have come from
	MessageIDs []string // that the letter is said to bear, without angle brackets; none of a report in plain words
	Recipients []Recipient
}

// Recipient is what a report says about one address.
type Recipient struct {
	Final    string // the mailbox at the end, "" where it is not told
	Original string // what the letter was addressed to, "" where it is not told
	Action   string // failed, delayed, delivered, relayed, expanded; "" where it is not told
	Status   string // as RFC 3463 has it: 5.1.1; "" where it is not told
	Words    string // the server's, in one line
}

// Outcome says how a letter fared.
type Outcome string

// The outcomes.
const (
	Gone    Outcome = "gone"    // failed for good: there is no such mailbox
	Refused Outcome = "refused" // failed this time: mailbox full, server not found, refused for what it said
	Waiting Outcome = "waiting" // not delivered yet; whoever told that will tell how it ended
	Arrived Outcome = "arrived"
)

// Outcome is how the letter fared at this address.
func (r Recipient) Outcome() Outcome {
	switch r.Action {
	case "delayed":
		return Waiting
	case "delivered", "relayed", "expanded":
		return Arrived
	}
	if r.Action == "" && strings.HasPrefix(r.Status, "2") {
		return Arrived
	}
	if nobodyThere(r.Status, r.Words) {
		return Gone
	}
	return Refused
}

// Names says whether the report speaks of an address by this name; one that names nobody speaks of whoever it came back from.
func (r Recipient) Names(same func(address string) bool) bool {
	if r.Final == "" && r.Original == "" {
		return true
	}
	return r.Final != "" && same(r.Final) || r.Original != "" && same(r.Original)
}

// passedOn is what a report about somebody else's address says about the letter: never that ours is gone, and nothing
// that was said about theirs.
func (r Recipient) passedOn() Recipient {
	if r.Outcome() != Gone && r.Outcome() != Refused {
		return r
	}
	return Recipient{Action: "failed", Words: "It was passed on to another address, and failed there."}
}

// wordsLimit bounds a server's words, in bytes.
const wordsLimit = 500

// inOneLine makes a text that can be kept and shown of whatever a server said.
func inOneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if len(text) > wordsLimit {
		text = strings.ToValidUTF8(text[:wordsLimit], "") + "…"
	}
	return text
}
