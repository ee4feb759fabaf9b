package events

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/events/minutes"
)

// readRecord reads a record with its parts and the facts about its files.
func readRecord(db *gorm.DB, eventID int64) (Record, error) {
	r := Record{EventID: eventID}
	err := db.Where("event_id = ?", eventID).Limit(1).Find(&r).Error
	parts := db.Where("event_id = ?", eventID).Order("position").Find(&r.Parts).Error
	files := db.Select(fileFacts).Where("event_id = ?", eventID).Order("id").Find(&r.Files).Error
	if err := errors.Join(err, parts, files); err != nil {
		return Record{}, fmt.Errorf("read the record of event %d: %w", eventID, err)
	}
	return r, nil
}

// lockRecord reads a record and keeps others from changing it, by locking the event that it is of.
func lockRecord(tx *database.Tx, eventID int64) (Record, error) {
	e, err := lock(tx, eventID)
	if err != nil {
		return Record{}, err
	}
	if err := e.hasRecord(); err != nil {
		return Record{}, err
	}
	return readRecord(tx.DB, eventID)
}

func storeRecord(tx *database.Tx, r Record) error {
	if err := tx.Save(&r).Error; err != nil {
		return fmt.Errorf("save the record of event %d: %w", r.EventID, err)
	}
	return nil
}

// replaceParts stores parts instead of those that a record has. A part that stays keeps what is not typed with it:
// what has become of a next step, and whose words a question is.
func replaceParts(tx *database.Tx, r *Record, parts []RecordPart) error {
	before := map[int64]RecordPart{}
	for _, p := range r.Parts {
		before[p.ID] = p
	}
	r.Parts = nil
	for _, p := range parts {
		p.EventID = r.EventID
		if was, ok := before[p.ID]; ok {
			p = p.keeping(was)
			delete(before, p.ID)
		} else {
			p.ID = 0
		}
		if err := tx.Save(&p).Error; err != nil {
			return fmt.Errorf("save a part of the record of event %d: %w", r.EventID, err)
		}
		r.Parts = append(r.Parts, p)
	}
	for id := range before {
		if err := tx.Exec("DELETE FROM record_parts WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("remove part %d of a record: %w", id, err)
		}
	}
	return nil
}

func (p RecordPart) keeping(was RecordPart) RecordPart {
	p.BookingID = was.BookingID
	if p.Kind == minutes.Step && was.Kind == minutes.Step {
		p.State, p.Note, p.SettledAt = was.State, was.Note, was.SettledAt
	}
	return p
}
