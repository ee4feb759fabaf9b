package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

const (
	reasonLetters  = 300
	serviceLetters = 100
	aboutLetters   = 300
)

// Attributes are what is known of a comment beside its words.
type Attributes struct {
	Source    Source
	About     string
	Event     string // slug; "" is none
	Locality  string // slug; "" is not known
	Service   string
	SaidOn    string // 2017-02-28, or ""
	QuoteOK   bool
	Recontact bool
}

// ChangeComment changes what is known of a comment. version is the one that was read: a comment that somebody has changed
// since is a Conflict fault, and nothing changes. Other errors are Invalid faults with a message per field.
func (s *Service) ChangeComment(ctx context.Context, id, version int64, a Attributes) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	eventID, err := s.checkAttributes(ctx, &a)
	if err != nil {
		return err
	}
	return s.changeComment(ctx, id, version, "comment.change", func(tx *database.Tx, c Comment) (audit.Details, error) {
		changed := a.unlike(c, eventID)
		err := tx.Exec(`UPDATE comments SET source = ?, about = ?, event_id = ?, locality = ?, service = ?, said_on = ?, quote_ok = ?, recontact = ? WHERE id = ?`,
			string(a.Source), a.About, eventID, a.Locality, a.Service, a.SaidOn, a.QuoteOK, a.Recontact, id).Error
		return audit.Details{"changed": changed}, err
	})
}

// unlike names the attributes that differ from what a comment has.
func (a Attributes) unlike(c Comment, eventID *int64) (names []string) {
	same := eventID == c.EventID || eventID != nil && c.EventID != nil && *eventID == *c.EventID
	for _, is := range []struct {
		name string
		same bool
	}{
		{"source", a.Source == c.Source}, {"about", a.About == c.About}, {"event", same}, {"locality", a.Locality == c.Locality}, {"service", a.Service == c.Service},
		{"date", a.SaidOn == c.SaidOn}, {"quote_ok", a.QuoteOK == c.QuoteOK}, {"recontact", a.Recontact == c.Recontact},
	} {
		if !is.same {
			names = append(names, is.name)
		}
	}
	return names
}

// checkAttributes tidies attributes, finds the event, and says all that is wrong at once. Who names an event and no
// locality gets the event's.
func (s *Service) checkAttributes(ctx context.Context, a *Attributes) (eventID *int64, err error) {
	var f fault.Fields
	a.About, a.Service, a.SaidOn = contacts.Tidy(a.About), contacts.Tidy(a.Service), strings.TrimSpace(a.SaidOn)
	if !slices.Contains(Sources(), a.Source) {
		f.Add("source", "Choose where it came from")
	}
	if a.Event != "" {
		e, err := s.Events.BySlug(ctx, a.Event)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if err != nil {
			f.Add("event", "There is no such event. Choose one from the list")
		} else if eventID = &e.ID; a.Locality == "" {
			a.Locality = e.Locality
		}
	}
	if _, known := s.Config.Locality(a.Locality); a.Locality != "" && !known {
		f.Add("locality", "Choose a locality from the list")
	}
	if utf8.RuneCountInString(a.Service) > serviceLetters {
		f.Add("service", "The service must be 100 letters or fewer")
	}
	if utf8.RuneCountInString(a.About) > aboutLetters {
		f.Add("about", "What they were asked must be 300 letters or fewer")
	}
	if problem := s.checkDay(a.SaidOn); problem != "" {
		f.Add("date", problem)
	}
	return eventID, f.Err()
}

// checkDay says what is wrong with a day as in 2017-02-28; "" where nothing is, or no day is given.
func (s *Service) checkDay(day string) (problem string) {
	if day == "" {
		return ""
	}
	at, err := time.ParseInLocation(time.DateOnly, day, s.Config.Zone())
	switch {
	case err != nil:
		return "Enter a day that exists, such as 28 2 2017"
	case at.After(s.DB.Now()):
		return "The day must not be after today"
	case at.Year() < 1948:
		return "Enter the year in four figures, such as 2017"
	}
	return ""
}

// SetCommentAside has a comment not count, and keeps why. The error is an Invalid fault at the field reason, or a
// Conflict where it is aside already.
func (s *Service) SetCommentAside(ctx context.Context, id, version int64, reason string) error {
	var f fault.Fields
	if reason = contacts.Tidy(reason); reason == "" {
		f.Add("reason", "Enter why this comment is not to count")
	}
	if utf8.RuneCountInString(reason) > reasonLetters {
		f.Add("reason", "The reason must be 300 letters or fewer")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.turnComment(ctx, id, version, reason, "comment.set_aside")
}

// PutCommentBack has a comment count again.
func (s *Service) PutCommentBack(ctx context.Context, id, version int64) error {
	return s.turnComment(ctx, id, version, "", "comment.put_back")
}

func (s *Service) turnComment(ctx context.Context, id, version int64, reason, action string) error {
	return s.changeComment(ctx, id, version, action, func(tx *database.Tx, c Comment) (audit.Details, error) {
		if (c.SetAside == "") == (reason == "") {
			return nil, fault.New(fault.Conflict, "Somebody was quicker: this was done already.")
		}
		return nil, tx.Exec("UPDATE comments SET set_aside = ? WHERE id = ?", reason, id).Error
	})
}

// changeComment changes a comment that is still as it was read, and notes it in the log.
func (s *Service) changeComment(ctx context.Context, id, version int64, action string, alter func(*database.Tx, Comment) (audit.Details, error)) error {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		c, err := lockComment(tx, id)
		if err != nil {
			return err
		}
		if int64(c.Version) != version {
			return fault.New(fault.Conflict, "Somebody else has changed this comment meanwhile. Look at it as it is now, then do it again.")
		}
		details, err := alter(tx, c)
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE comments SET version = version + 1 WHERE id = ?", id).Error; err != nil {
			return fmt.Errorf("change comment %d: %w", id, err)
		}
		if err := s.Requote(ctx, tx, []int64{id}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "comments", id, details)
	})
}

func lockComment(tx *database.Tx, id int64) (c Comment, err error) {
	err = database.First(tx.Raw("SELECT * FROM comments WHERE id = ?"+tx.ForUpdate(), id), &c)
	if database.IsNotFound(err) {
		return c, noComment()
	}
	if err != nil {
		return c, fmt.Errorf("lock comment %d: %w", id, err)
	}
	return c, nil
}

func noComment() error { return fault.New(fault.NotFound, "There is no such comment.") }

// PersonOf is who said a comment, where that is known. The error is a NotFound fault where it is not.
func (s *Service) PersonOf(ctx context.Context, c Comment) (p Person, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return p, err
	}
	if c.PersonID != nil {
		err = database.First(s.DB.Read(ctx).Raw("SELECT * FROM comment_people WHERE id = ?", *c.PersonID), &p)
	}
	if c.PersonID == nil || database.IsNotFound(err) || err == nil && p.Name == "" && p.Email == "" && p.Phone == "" {
		return p, fault.New(fault.NotFound, "Who said this is not known.")
	}
	return p, err
}

// Copies are the other comments that are copies of one, the first first, up to PageSize.
func (s *Service) Copies(ctx context.Context, c Comment) (list []Comment, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	first := c.ID
	if c.SameAs != nil {
		first = *c.SameAs
	}
	err = s.DB.Read(ctx).Raw(`SELECT * FROM comments WHERE id <> ? AND (id = ? OR same_as = ? OR (like_group <> 0 AND like_group = ?)) ORDER BY id LIMIT ?`,
		c.ID, first, first, c.LikeGroup, PageSize).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read the copies of comment %d: %w", c.ID, err)
	}
	return list, nil
}

// CommentHistory is what was done to a comment, the first first.
func (s *Service) CommentHistory(ctx context.Context, id int64) (entries []audit.Entry, err error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw("SELECT * FROM audit_entries WHERE entity = 'comments' AND entity_id = ? ORDER BY id", id).Scan(&entries).Error
	if err != nil {
		return nil, fmt.Errorf("read the history of comment %d: %w", id, err)
	}
	return entries, nil
}
