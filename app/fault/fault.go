// Package fault holds the one error a visitor may see. Everything that can go wrong in a way that somebody
// outside should hear of is a fault.Error with a kind, a message that is safe to show, and the cause, which is
// not. Any other error is a surprise: it is logged, and the visitor is told only that something went wrong.
package fault

import (
	"errors"
	"strings"
	"time"
)

// Kind says what sort of thing went wrong; the web shell turns it into an HTTP status, a command into words.
type Kind int

// The kinds, with the HTTP status each becomes.
const (
	Internal    Kind = iota // 500: our mistake
	Invalid                 // 422: something typed needs mending; Fields says what
	NotFound                // 404
	Forbidden               // 403: known who you are, and you may not
	SignIn                  // 303 to the sign-in page: not known who you are
	Conflict                // 409: somebody else was first; nothing was lost
	TooMany                 // 429: slow down; RetryAfter says for how long
	TooLarge                // 413
	Unavailable             // 503: try again later
)

// Field is one message at one form field. Name is the form field's name as in the address book of the
// contract ("email", "party_size"), Message is a whole sentence that says what to do.
type Field struct {
	Name    string
	Message string
}

// Error is a fault: what the visitor may read and, for the log alone, what caused it.
type Error struct {
	Kind       Kind
	Message    string
	Fields     []Field       // in the order of the form; only with Invalid and Conflict
	RetryAfter time.Duration // only with TooMany and Unavailable
	Cause      error         // never shown to a visitor
}

// New returns a fault of the given kind with a message that is safe to show.
func New(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Wrap returns a fault with a cause for the log.
func Wrap(kind Kind, message string, cause error) *Error {
	return &Error{Kind: kind, Message: message, Cause: cause}
}

// Error gives the message, the fields and the cause: for logs and commands, never for a page.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Message)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return strings.TrimPrefix(b.String(), "; ")
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the first fault in err's chain, or Internal if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Fields gathers every field message of a form, so that a visitor hears of all of them at once.
type Fields []Field

// Add notes a message at a field.
func (f *Fields) Add(name, message string) { *f = append(*f, Field{Name: name, Message: message}) }

// Has says whether the field has a message already.
func (f Fields) Has(name string) bool {
	for _, m := range f {
		if m.Name == name {
			return true
		}
	}
	return false
}

// Err returns nil where nothing was noted, else an Invalid fault with all the messages.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "There is a problem", Fields: f}
}
