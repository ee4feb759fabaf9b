package reports

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/jobs"
)

// mailsAtOnce bounds one run over a mailbox. What is left is read the next time.
const mailsAtOnce = 500

// Job reads the mailbox of delivery reports. It belongs to an installation that names one (mail.bounces.host).
func (r *Reader) Job() jobs.Job {
	return jobs.Job{Name: "bounces", Every: r.cfg.Mail.Bounces.Every, Lease: 15 * time.Minute, Run: r.Collect}
}

// Collect reads the unread mails of the mailbox and notes what they say. One that was understood is marked as read and
// moved to the folder for such, where there is one; any other stays, read and with a flag, and is counted for staff.
// It can be stopped at any point: a mail is put aside after it was noted, and what is noted twice counts once.
func (r *Reader) Collect(ctx context.Context) error {
	box, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer box.close()
	uids, err := box.unread()
	if err != nil {
		return err
	}
	for _, uid := range uids[:min(len(uids), mailsAtOnce)] {
		if err := r.collect(ctx, box, uid); err != nil {
			return err
		}
	}
	left, err := box.flagged()
	if err != nil {
		return err
	}
	return r.count(ctx, left)
}

func (r *Reader) collect(ctx context.Context, box *mailbox, uid uint32) error {
	message, err := box.fetch(uid)
	if errors.Is(err, errVanished) {
		return nil
	}
	if err != nil {
		return err
	}
	result, err := r.Take(ctx, message)
	if err != nil {
		return err
	}
	if result == Unclear {
		return box.leave(uid)
	}
	return box.settle(uid)
}

// count keeps how many mails are left for people.
func (r *Reader) count(ctx context.Context, left int) error {
	err := r.db.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO report_folders (folder, unclear, looked_at) VALUES (?, ?, ?)
			ON CONFLICT (folder) DO UPDATE SET unclear = excluded.unclear, looked_at = excluded.looked_at`,
			r.cfg.Mail.Bounces.Folder, left, tx.Now()).Error
	})
	if err != nil {
		return fmt.Errorf("count the mails that nobody understood: %w", err)
	}
	return nil
}

// Left is how many mails in the mailbox could not be understood and wait for a person, as of the last look.
func (r *Reader) Left(ctx context.Context) (count int, err error) {
	if r.cfg.Mail.Bounces.Host == "" {
		return 0, nil
	}
	err = r.db.Read(ctx).Raw(`SELECT coalesce(sum(unclear), 0) FROM report_folders WHERE folder = ?`, r.cfg.Mail.Bounces.Folder).Row().Scan(&count)
	return count, err
}
