package newsletters

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/files"
)

// picturePath is where pictures are served, before their names.
const picturePath = "/updates/pictures/"

// letterPixels is how wide a picture is in a letter, in CSS pixels: as wide as the words.
const letterPixels = 552

// Picture is a picture in a letter: a row of the table update_pictures. It is never changed, and stays for the letters
// that have left the house with its address in them.
type Picture struct {
	ID          int64
	UpdateID    int64 // for which it was sent; copies of that letter share it
	Code        string
	Name        string // as its file was called
	ContentType string
	Width       int // pixels
	Height      int
	Data        []byte
	CreatedAt   time.Time
}

// TableName is the table that pictures live in.
func (Picture) TableName() string { return "update_pictures" }

// pictureColumns are all columns but the picture itself.
const pictureColumns = "id, update_id, code, name, content_type, width, height, created_at"

func (p Picture) extension() string {
	if p.ContentType == "image/jpeg" {
		return ".jpg"
	}
	return ".png"
}

// letterWidth is how wide it is shown in a letter, in CSS pixels; 0 is as wide as the words.
func (p Picture) letterWidth() int {
	if p.Width < letterPixels {
		return p.Width
	}
	return 0
}

// NewPicture is a picture as staff send it.
type NewPicture struct {
	Name string
	Data []byte
}

// AddPicture takes a picture for a letter; a section then names it by its id. It is drawn anew, upright and at most 1,200
// pixels wide, so that nothing that the camera wrote into the file (such as the place) goes out with it. field is the
// form's field that a message is for.
func (s *Service) AddPicture(ctx context.Context, updateID int64, sent NewPicture, field string) (p Picture, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return p, err
	}
	if p, err = s.drawn(ctx, sent, field); err != nil {
		return p, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		u, err := lock(tx, updateID)
		if err != nil {
			return err
		}
		if err := u.mustBe(Draft, Asked, Approved); err != nil {
			return err
		}
		p.ID, p.UpdateID, p.CreatedAt = 0, u.ID, tx.Now()
		if err := tx.Create(&p).Error; err != nil {
			return fmt.Errorf("store a picture: %w", err)
		}
		return audit.Record(ctx, tx, "picture.add", "update_pictures", p.ID, audit.Details{"update": u.ID, "bytes": len(p.Data), "width": p.Width, "height": p.Height})
	})
	return p, err
}

// drawn checks a picture and draws it anew, one at a time: a large one takes much memory.
func (s *Service) drawn(ctx context.Context, sent NewPicture, field string) (p Picture, err error) {
	refuse := func(message string) (Picture, error) {
		return p, fault.Fields{{Name: field, Message: message}}.Err()
	}
	if int64(len(sent.Data)) > s.Config.Updates.PictureBytes {
		return refuse("The picture must be smaller than " + files.Size(s.Config.Updates.PictureBytes))
	}
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return p, ctx.Err()
	}
	shrunk, problem := shrink(sent.Data)
	if problem != "" {
		return refuse(problem)
	}
	kind, _ := files.Sniff(shrunk.data)
	return Picture{Code: strings.ToLower(rand.Text()), Name: files.Name(sent.Name, kind), ContentType: kind.ContentType,
		Width: shrunk.width, Height: shrunk.height, Data: shrunk.data}, nil
}

// PictureNamed gives everybody the picture of this name, 12-CODE.jpg: in letters that were sent, on the page of one that
// was published, and before that to whoever was given the name. It is a NotFound fault where there is none.
func (s *Service) PictureNamed(ctx context.Context, name string) (p Picture, err error) {
	number, code, _ := strings.Cut(strings.TrimSuffix(name, path.Ext(name)), "-")
	id, _ := strconv.ParseInt(number, 10, 64) // what is no number is no picture
	err = s.DB.Read(ctx).Where("id = ?", id).Take(&p).Error
	if err != nil && !database.IsNotFound(err) {
		return p, fmt.Errorf("read a picture: %w", err)
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(code), []byte(p.Code)) != 1 {
		return Picture{}, fault.New(fault.NotFound, "There is no such picture.")
	}
	return p, nil
}
