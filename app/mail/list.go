package mail

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// State is where a mail stands.
type State string

// The states.
const (
	Queued State = "queued"
	Sent   State = "sent"
	Failed State = "failed" // for good
)

// lateAfter is how long a mail may wait before it counts as late.
const lateAfter = 10 * time.Minute

// Mail is a row of the outbox.
type Mail struct {
	ID             int64
	UniqueKey      string
	Kind           string
	About          string
	AboutID        int64
	ToAddress      string
	ToName         string
	Subject        string
	Content        string // JSON; "" once its time is over
	MessageID      string // with its angle brackets
	State          State
	Attempts       int // answers "try again later" so far
	NextTryAt      time.Time
	LeaseOwner     string
	LeaseExpiresAt *time.Time
	LastError      string // the mail server's words
	CreatedAt      time.Time
	SentAt         *time.Time
	FailedAt       *time.Time
}

// TableName is the table that mails live in.
func (Mail) TableName() string { return "mails" }

// Emptied says whether the mail's text is gone, so that it cannot be sent again.
func (m Mail) Emptied() bool { return m.Content == "" }

// ByID finds a mail, or returns a NotFound fault.
func (o *Outbox) ByID(ctx context.Context, id int64) (m Mail, err error) {
	err = database.First(o.db.Read(ctx).Raw(`SELECT * FROM mails WHERE id = ?`, id), &m)
	if database.IsNotFound(err) {
		return m, fault.Wrap(fault.NotFound, "There is no such mail", err)
	}
	return m, err
}

// About lists the mails about one thing, newest first: About(ctx, "bookings", 7).
func (o *Outbox) About(ctx context.Context, about string, id int64) (mails []Mail, err error) {
	err = o.db.Read(ctx).Raw(`SELECT * FROM mails WHERE about = ? AND about_id = ? ORDER BY id DESC`, about, id).
		Scan(&mails).Error
	return mails, err
}

// Filter narrows and pages a list of mails. The zero Filter is the first 50 of all.
type Filter struct {
	State State // "" for every state
	Limit int
	Skip  int
}

// List gives mails for staff, newest first, and how many there are in all.
func (o *Outbox) List(ctx context.Context, f Filter) (mails []Mail, total int64, err error) {
	q := o.db.Read(ctx).Model(&Mail{})
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if err := q.Count(&total).Error; err != nil {
		return nil, 0, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	err = q.Order("id DESC").Limit(f.Limit).Offset(f.Skip).Find(&mails).Error
	return mails, total, err
}

// Summary is how the outbox stands, for the staff's home page and for `check`.
type Summary struct {
	Queued     int
	Late       int    // queued for more than ten minutes
	Failed     int    // for good, can still be sent again and was not yet
	ServerDown string // in words why no mail leaves; "" while all is well
}

// Summary counts the mails and tells whether the mail server can be used, as far as this instance knows.
func (o *Outbox) Summary(ctx context.Context) (s Summary, err error) {
	err = o.db.Read(ctx).Raw(`SELECT
		(SELECT count(*) FROM mails WHERE state = 'queued') AS queued,
		(SELECT count(*) FROM mails WHERE state = 'queued' AND created_at < ?) AS late,
		(SELECT count(*) FROM mails m WHERE state = 'failed' AND content <> ''
			AND NOT EXISTS (SELECT 1 FROM mails again WHERE again.unique_key = m.unique_key || ':again:1')) AS failed`,
		o.db.Now().Add(-lateAfter)).Scan(&s).Error
	s.ServerDown = o.serverDown(s.Queued > 0)
	return s, err
}

// SendAgain queues a copy of a mail that has left or failed, as a mail of its own with a new id. The faults:
// NotFound, Conflict where it still waits, Invalid where its text has been emptied.
func (o *Outbox) SendAgain(ctx context.Context, tx *database.Tx, mailID int64) (newID int64, err error) {
	var m Mail
	err = database.First(tx.Raw(`SELECT * FROM mails WHERE id = ?`+tx.ForUpdate(), mailID), &m)
	switch {
	case database.IsNotFound(err):
		return 0, fault.Wrap(fault.NotFound, "There is no such mail", err)
	case err != nil:
		return 0, err
	case m.State == Queued:
		return 0, fault.New(fault.Conflict, "This mail is still waiting to be sent")
	case m.Emptied():
		return 0, fault.New(fault.Invalid, "This mail cannot be sent again. We no longer keep its text")
	}
	newID, err = o.copy(tx, m)
	if err != nil {
		return 0, fmt.Errorf("send mail %d again: %w", mailID, err)
	}
	tx.AfterCommit(o.Wake)
	return newID, audit.Record(ctx, tx, "mail.send_again", "mails", newID, audit.Details{"copy_of": mailID})
}

// copy needs the original's row lock: it numbers the copies.
func (o *Outbox) copy(tx *database.Tx, m Mail) (int64, error) {
	prefix := m.UniqueKey + ":again:"
	var copies int
	err := tx.Raw(`SELECT count(*) FROM mails WHERE about = ? AND about_id = ?
		AND substr(unique_key, 1, ?) = ? AND substr(unique_key, ?) NOT LIKE '%:%'`,
		m.About, m.AboutID, len([]rune(prefix)), prefix, len([]rune(prefix))+1).Scan(&copies).Error
	if err != nil {
		return 0, err
	}
	now := tx.Now()
	return tx.Insert(`INSERT INTO mails (unique_key, kind, about, about_id, to_address, to_name, subject, content,
			message_id, state, next_try_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?) RETURNING id`,
		fmt.Sprintf("%s%d", prefix, copies+1), m.Kind, m.About, m.AboutID, m.ToAddress, m.ToName, m.Subject, m.Content,
		o.newMessageID(), now, now)
}
