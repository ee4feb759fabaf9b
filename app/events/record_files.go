package events

import (
	"context"
	"fmt"
	"time"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/files"
)

// RecordFile is a file that belongs to the record of an event: a row of the table record_files.
type RecordFile struct {
	ID          int64
	EventID     int64
	Name        string // as it is downloaded
	Title       string // what it is, in words
	ContentType string // found in the file, not told by who sent it
	Size        int64  // bytes
	Public      bool   // with the record, once that is public
	Data        []byte
	CreatedAt   time.Time
}

// TableName is the table that files live in.
func (RecordFile) TableName() string { return "record_files" }

// fileFacts are all columns but the file itself.
const fileFacts = "id, event_id, name, title, content_type, size, public, created_at"

// NewFile is a file as staff send it.
type NewFile struct {
	Name   string
	Title  string
	Public bool
	Data   []byte
}

// AddFile attaches a file to the record of an event. What it is is found in the file itself.
func (s *Service) AddFile(ctx context.Context, eventID int64, sent NewFile) (f RecordFile, err error) {
	if err := mayManage(ctx); err != nil {
		return f, err
	}
	if f, err = sent.check(s.cfg.Records.FileBytes); err != nil {
		return f, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		e, err := lock(tx, eventID)
		if err != nil {
			return err
		}
		if err := e.hasRecord(); err != nil {
			return err
		}
		f.EventID, f.CreatedAt = eventID, tx.Now()
		if err := tx.Create(&f).Error; err != nil {
			return fmt.Errorf("store a file: %w", err)
		}
		return audit.Record(ctx, tx, "file.add", "record_files", f.ID, audit.Details{"event": eventID, "bytes": f.Size, "public": f.Public})
	})
	f.Data = nil
	return f, err
}

func (n NewFile) check(limit int64) (RecordFile, error) {
	r := &reading{}
	f := RecordFile{Public: n.Public, Data: n.Data, Size: int64(len(n.Data))}
	f.Title = r.line("title", n.Title, maxTitleCharacters, "What the file is")
	if f.Title == "" {
		r.fields.Add("title", "Say what the file is")
	}
	kind, known := files.Sniff(n.Data)
	switch {
	case len(n.Data) == 0:
		r.fields.Add("file", "Choose a file")
	case f.Size > limit:
		r.fields.Add("file", "The file must be smaller than "+files.Size(limit))
	case !known:
		r.fields.Add("file", "The file must be "+files.Accepted)
	default:
		f.ContentType, f.Name = kind.ContentType, files.Name(n.Name, kind)
	}
	return f, r.fields.Err()
}

// ShowFile says whether everybody gets a file with the record.
func (s *Service) ShowFile(ctx context.Context, eventID, fileID int64, public bool) error {
	return s.changeFile(ctx, eventID, fileID, "file.show", audit.Details{"event": eventID, "public": public},
		"UPDATE record_files SET public = ? WHERE id = ? AND event_id = ?", public, fileID, eventID)
}

// RemoveFile deletes a file for good.
func (s *Service) RemoveFile(ctx context.Context, eventID, fileID int64) error {
	return s.changeFile(ctx, eventID, fileID, "file.remove", audit.Details{"event": eventID},
		"DELETE FROM record_files WHERE id = ? AND event_id = ?", fileID, eventID)
}

func (s *Service) changeFile(ctx context.Context, eventID, fileID int64, action string, details audit.Details, sql string, args ...any) error {
	if err := mayManage(ctx); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		done := tx.Exec(sql, args...)
		if done.Error != nil {
			return fmt.Errorf("%s %d: %w", action, fileID, done.Error)
		}
		if done.RowsAffected == 0 {
			return noFile()
		}
		return audit.Record(ctx, tx, action, "record_files", fileID, details)
	})
}

// File gives staff a file of an event with what is in it.
func (s *Service) File(ctx context.Context, eventID, fileID int64) (RecordFile, error) {
	if err := mayManage(ctx); err != nil {
		return RecordFile{}, err
	}
	return s.file(ctx, "id = ? AND event_id = ?", fileID, eventID)
}

// PublicFile gives everybody a file: one that is marked public, of a record that is public.
func (s *Service) PublicFile(ctx context.Context, slug string, fileID int64) (RecordFile, error) {
	return s.file(ctx, `id = ? AND public AND event_id = (SELECT e.id FROM events e JOIN records r ON r.event_id = e.id
		WHERE e.slug = ? AND e.status = 'held' AND r.state = 'public')`, fileID, slug)
}

func (s *Service) file(ctx context.Context, where string, args ...any) (f RecordFile, err error) {
	err = s.db.Read(ctx).Where(where, args...).Take(&f).Error
	if database.IsNotFound(err) {
		return f, noFile()
	}
	if err != nil {
		return f, fmt.Errorf("read a file: %w", err)
	}
	return f, nil
}

func noFile() error { return fault.New(fault.NotFound, "There is no such file.") }
