package reports

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Reader reads what comes back and notes it at the letter that it is about. It is safe for use by many goroutines.
type Reader struct {
	db     *database.DB
	cfg    *config.Config
	outbox *mail.Outbox
	log    *slog.Logger
	roots  *x509.CertPool // who is believed about certificates; nil means the machine's own list
}

// New returns a reader of what comes back of the outbox's letters.
func New(db *database.DB, cfg *config.Config, outbox *mail.Outbox, log *slog.Logger) *Reader {
	return &Reader{db: db, cfg: cfg, outbox: outbox, log: log}
}

// Result is what came of reading one mail.
type Result string

// The results.
const (
	Noted   Result = "noted"   // now, at the letter that it is about
	Known   Result = "known"   // it was noted before
	Nothing Result = "nothing" // it is understood, and there is nothing to note: an automatic answer, or a letter that arrived or is on its way
	Unclear Result = "unclear" // it cannot be understood, or is about no letter of ours
)

// Take reads one mail and notes what it says, as the system, in the audit log too. The same mail taken twice counts
// once. A mail that does not prove to be about a letter of ours changes nothing, whatever it says.
func (r *Reader) Take(ctx context.Context, message io.Reader) (Result, error) {
	report, err := Parse(message)
	if err != nil {
		return "", err
	}
	switch report.Kind {
	case AutoReply:
		return Nothing, nil
	case Unknown:
		return Unclear, nil
	}
	letter, err := r.letter(ctx, report)
	if fault.KindOf(err) == fault.NotFound {
		return Unclear, nil
	}
	if err != nil {
		return "", fmt.Errorf("find the letter that a report is about: %w", err)
	}
	ctx = audit.AsSystem(ctx)
	if report.Kind == Complaint {
		return r.complaint(ctx, letter)
	}
	return r.delivery(ctx, letter, report.Recipients)
}

// letter finds the delivery that a report is about by what only this installation can have made, or returns a
// NotFound fault.
func (r *Reader) letter(ctx context.Context, report Report) (d mail.Delivery, err error) {
	err = fault.New(fault.NotFound, "The report names no letter of ours.")
	for _, by := range []struct {
		names []string
		open  func(context.Context, string) (mail.Delivery, error)
	}{{report.Envelopes, r.outbox.OpenEnvelope}, {report.MessageIDs, r.outbox.DeliveryByMessageID}} {
		for _, name := range by.names {
			if d, err = by.open(ctx, name); fault.KindOf(err) != fault.NotFound {
				return d, err
			}
		}
	}
	return d, err
}

func (r *Reader) complaint(ctx context.Context, letter mail.Delivery) (Result, error) {
	return r.note(ctx, func(tx *database.Tx) (bool, error) {
		noted, err := r.outbox.RecordComplaint(ctx, tx, letter.ID)
		if err != nil || !noted {
			return false, err
		}
		return true, audit.Record(ctx, tx, "delivery.complain", "deliveries", letter.ID, audit.Details{"mailing_id": letter.MailingID})
	})
}

func (r *Reader) delivery(ctx context.Context, letter mail.Delivery, told []Recipient) (Result, error) {
	bounce, came := r.bounceOf(letter, told)
	if !came {
		return Nothing, nil
	}
	gone := bounce.Outcome() == Gone
	return r.note(ctx, func(tx *database.Tx) (bool, error) {
		noted, err := r.outbox.RecordBounce(ctx, tx, letter.ID, gone, bounce.Words)
		if err != nil || !noted {
			return false, err
		}
		return true, audit.Record(ctx, tx, "delivery.bounce", "deliveries", letter.ID,
			audit.Details{"mailing_id": letter.MailingID, "status": bounce.Status, "hard": gone})
	})
}

// bounceOf finds what a report says about the address that a letter went to, the worst first. Where it speaks only of
// others, the letter was passed on, and that one of theirs is gone is no proof that ours is.
func (r *Reader) bounceOf(letter mail.Delivery, told []Recipient) (bounce Recipient, came bool) {
	ours := slices.DeleteFunc(slices.Clone(told), func(one Recipient) bool {
		return !one.Names(func(address string) bool { return r.outbox.SuppressionHash(address) == letter.AddressHash })
	})
	if passedOn := len(ours) == 0; passedOn {
		for _, one := range told {
			ours = append(ours, one.passedOn())
		}
	}
	for _, outcome := range []Outcome{Gone, Refused} {
		for _, one := range ours {
			if one.Outcome() == outcome {
				return one, true
			}
		}
	}
	return Recipient{}, false
}

func (r *Reader) note(ctx context.Context, record func(tx *database.Tx) (noted bool, err error)) (Result, error) {
	result := Known
	err := r.db.Write(ctx, func(tx *database.Tx) error {
		noted, err := record(tx)
		if result = Known; noted {
			result = Noted
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note what came back of a letter: %w", err)
	}
	return result, nil
}
