package events

import (
	"context"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// Record gives the record of an event for staff; one of version 0 where none was written.
func (s *Service) Record(ctx context.Context, eventID int64) (Record, error) {
	if err := mayManage(ctx); err != nil {
		return Record{}, err
	}
	return readRecord(s.db.Read(ctx), eventID)
}

// publicRecord gives what everybody may see of a record: nothing that is not placed, and public files alone. It is
// empty where the record is not public.
func (s *Service) publicRecord(ctx context.Context, eventID int64) (Record, error) {
	r, err := readRecord(s.db.Read(ctx), eventID)
	if err != nil || r.State != RecordPublic {
		return Record{}, err
	}
	return r.forEverybody(), nil
}

func (r Record) forEverybody() Record {
	r.Parts = r.Of(minutes.Presenter, minutes.Lead, minutes.Point, minutes.Step, minutes.Question, minutes.Answer)
	var files []RecordFile
	for _, f := range r.Files {
		if f.Public {
			files = append(files, f)
		}
	}
	r.Files = files
	return r
}

// SaveRecord replaces the text of a draft record with what was typed; version is that of the record that was shown,
// 0 for a new one. The error is a *RecordConflict where somebody else was quicker.
func (s *Service) SaveRecord(ctx context.Context, eventID, version int64, lines []RecordLine) (Record, error) {
	if err := mayManage(ctx); err != nil {
		return Record{}, err
	}
	parts, err := partsOf(lines)
	if err != nil {
		return Record{}, err
	}
	return s.changeRecord(ctx, eventID, version, "record.edit", func(tx *database.Tx, r *Record) error {
		if err := r.mustBe(RecordDraft); err != nil {
			return err
		}
		r.EditedBy, r.EditedAt = audit.ActorFrom(ctx).ID, tx.Now()
		return replaceParts(tx, r, parts)
	})
}

// ApproveRecord says that the record is right. Where the configuration asks for two people, who wrote it last cannot.
func (s *Service) ApproveRecord(ctx context.Context, eventID, version int64) (Record, error) {
	return s.changeRecord(ctx, eventID, version, "record.approve", func(tx *database.Tx, r *Record) error {
		if err := r.mustBe(RecordDraft); err != nil {
			return err
		}
		if err := r.readyToApprove(); err != nil {
			return err
		}
		me, now := audit.ActorFrom(ctx).ID, tx.Now()
		if s.cfg.Records.TwoPeople && me != 0 && me == r.EditedBy {
			return fault.New(fault.Conflict, "You wrote this record, so somebody else has to approve it.")
		}
		r.State, r.ApprovedBy, r.ApprovedAt = RecordApproved, me, &now
		return nil
	})
}

// PublishRecord shows an approved record to everybody, on the page of an event that is marked as held.
func (s *Service) PublishRecord(ctx context.Context, eventID, version int64) (Record, error) {
	return s.changeRecord(ctx, eventID, version, "record.publish", func(tx *database.Tx, r *Record) error {
		if err := r.mustBe(RecordApproved); err != nil {
			return err
		}
		e, err := lock(tx, eventID)
		if err != nil {
			return err
		}
		if e.Status != Held {
			return fault.New(fault.Conflict, "Mark the event as held first. Then publish its record.")
		}
		now := tx.Now()
		r.State, r.PublishedAt = RecordPublic, &now
		return nil
	})
}

// WithdrawRecord makes an approved or public record a draft again: only then can its text be changed.
func (s *Service) WithdrawRecord(ctx context.Context, eventID, version int64) (Record, error) {
	return s.changeRecord(ctx, eventID, version, "record.withdraw", func(_ *database.Tx, r *Record) error {
		if err := r.mustBe(RecordApproved, RecordPublic); err != nil {
			return err
		}
		r.State, r.ApprovedBy, r.ApprovedAt, r.PublishedAt = RecordDraft, 0, nil, nil
		return nil
	})
}

func (r Record) mustBe(states ...RecordState) error {
	for _, state := range states {
		if r.State == state {
			return nil
		}
	}
	return fault.New(fault.Conflict, "The state of this record is \""+r.State.Words()+"\", so this cannot be done.")
}

// changeRecord is every change of a record: lock its event, compare the version, alter, save, record, in one
// transaction.
func (s *Service) changeRecord(ctx context.Context, eventID, version int64, action string, alter func(tx *database.Tx, r *Record) error) (saved Record, err error) {
	if err := mayManage(ctx); err != nil {
		return Record{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		r, err := lockRecord(tx, eventID)
		if err != nil {
			return err
		}
		if r.Version != version {
			return &RecordConflict{Stored: r}
		}
		if r.Version == 0 {
			r.State, r.CreatedAt, r.EditedAt = RecordDraft, tx.Now(), tx.Now()
		}
		r.Version++
		if err := storeRecord(tx, r); err != nil { // before its parts, which refer to it
			return err
		}
		if err := alter(tx, &r); err != nil {
			return err
		}
		if err := storeRecord(tx, r); err != nil {
			return err
		}
		saved = r
		return audit.Record(ctx, tx, action, "records", eventID, audit.Details{"version": r.Version, "parts": len(r.Parts)})
	})
	return saved, err
}
