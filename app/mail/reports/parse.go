package reports

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// MessageBytes is how much of a mail is looked at. Reports bring the letter back at their end, if at all.
const MessageBytes = 1 << 20

const (
	recipientsLimit = 50
	addressesLimit  = 20
)

// Parse reads a mail that came back. It never fails at what is in it, whatever that is: an error is r's. What cannot
// be understood is Unknown.
func Parse(r io.Reader) (Report, error) {
	text, err := io.ReadAll(io.LimitReader(r, MessageBytes))
	if err != nil {
		return Report{}, fmt.Errorf("read a mail that came back: %w", err)
	}
	if _, after := cutLine(text); bytes.HasPrefix(text, []byte("From ")) {
		text = after // the line with which a mailbox file parts mails
	}
	h, body := readHeader(text)
	return report(h, leaves(h, body)), nil
}

func report(h header, parts []part) Report {
	r := Report{Kind: Unknown, Envelopes: plusAddresses(h.all("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "return-path"))}
	receipt := false
	for _, p := range parts {
		switch p.kind {
		case "message/delivery-status", "message/global-delivery-status":
			r.Recipients = append(r.Recipients, recipients(p.body)...)
			r.Kind = Delivery
		case "message/feedback-report":
			r.feedback(p.body)
		case "message/disposition-notification":
			receipt = true
		case "message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers", "message/global-headers":
			r.letter(p.body)
		}
	}
	r.Recipients = r.Recipients[:min(len(r.Recipients), recipientsLimit)]
	if r.Kind == Complaint || r.Kind == Delivery && len(r.Recipients) > 0 {
		return r
	}
	r = plainReport(r, h, parts)
	if receipt {
		r.Kind = AutoReply // "your mail was read"
	}
	return r
}

// plainReport is what is left where there is no report as the standards have it: one in plain words, an automatic
// answer, or neither. The letter that may be in it is no proof of anything.
func plainReport(r Report, h header, parts []part) Report {
	r.Kind, r.MessageIDs, r.Recipients = Unknown, nil, nil
	if told, is := inPlainWords(h, parts); is {
		r.Kind, r.Recipients = Delivery, []Recipient{told}
		return r
	}
	if answersByItself(h) {
		r.Kind = AutoReply
	}
	return r
}

// recipients reads the groups of a delivery status: one about the report itself, then one for each recipient.
func recipients(text []byte) (all []Recipient) {
	for len(text) > 0 && len(all) < recipientsLimit {
		var h header
		h, text = readHeader(text)
		if h.has("final-recipient") || h.has("original-recipient") || h.has("action") {
			all = append(all, recipientOf(h))
		}
	}
	return all
}

func recipientOf(h header) Recipient {
	words := inOneLine(untyped(h.get("diagnostic-code")))
	status := statusOf(h.get("status"), words)
	action, _, _ := strings.Cut(strings.ToLower(h.get("action"))+" ", " ") // a comment may follow
	if words == "" {
		words = status
	}
	return Recipient{
		Final: addressOf(untyped(h.get("final-recipient"))), Original: addressOf(untyped(h.get("original-recipient"))),
		Action: action, Status: status, Words: words,
	}
}

// untyped takes "rfc822;" or "smtp;" off a value.
func untyped(value string) string {
	if kind, rest, typed := strings.Cut(value, ";"); typed && !strings.ContainsAny(kind, " @") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

// unwanted are the types of feedback by which a reader wants no more letters (RFC 5965, RFC 6430).
var unwanted = []string{"abuse", "fraud", "opt-out", "opt-out-list", "complaint"}

func (r *Report) feedback(text []byte) {
	for len(text) > 0 {
		var h header
		h, text = readHeader(text)
		if slices.Contains(unwanted, strings.ToLower(h.get("feedback-type"))) {
			r.Kind = Complaint
			r.addEnvelopes(h.all("original-mail-from"))
			return
		}
	}
}

// letter takes up what the letter that came back says of itself.
func (r *Report) letter(text []byte) {
	h, _ := readHeader(text)
	r.addEnvelopes(h.all("return-path"))
	for _, id := range h.all("message-id") {
		if id = strings.Trim(id, "<> "); id != "" && len(r.MessageIDs) < addressesLimit {
			r.MessageIDs = append(r.MessageIDs, id)
		}
	}
}

func (r *Report) addEnvelopes(values []string) {
	for _, address := range plusAddresses(values) {
		if len(r.Envelopes) < addressesLimit && !slices.Contains(r.Envelopes, address) {
			r.Envelopes = append(r.Envelopes, address)
		}
	}
}

var addressForm = regexp.MustCompile(`[^\s<>,;:"()\[\]]{1,64}@[^\s<>,;:"()\[\]@]{1,255}`)

func addressOf(value string) string { return addressForm.FindString(value) }

// plusAddresses finds the addresses with a + in them, which may bear a token.
func plusAddresses(values []string) (found []string) {
	for _, value := range values {
		for _, address := range addressForm.FindAllString(value, addressesLimit) {
			if strings.Contains(address, "+") && len(found) < addressesLimit && !slices.Contains(found, address) {
				found = append(found, address)
			}
		}
	}
	return found
}

// answersByItself tells an automatic answer by the signs that programs give (RFC 3834 and before it).
func answersByItself(h header) bool {
	submitted, _, _ := strings.Cut(strings.ToLower(h.get("auto-submitted")), ";")
	if submitted = strings.TrimSpace(submitted); submitted != "" && submitted != "no" {
		return true
	}
	if h.has("x-autoreply") || h.has("x-autorespond") || h.has("x-autoresponder") || strings.EqualFold(h.get("precedence"), "auto_reply") {
		return true
	}
	subject := h.get("subject")
	if decoded, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = decoded
	}
	subject = strings.ToLower(subject)
	return strings.HasPrefix(subject, "automatic reply") || strings.HasPrefix(subject, "auto reply") || strings.HasPrefix(subject, "autoreply") ||
		strings.HasPrefix(subject, "out of office") || strings.HasPrefix(subject, "out of the office")
}
