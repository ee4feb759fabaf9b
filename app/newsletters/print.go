package newsletters

import (
	"context"
	"time"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Paper is how a letter stands on paper.
type Paper struct {
	Update Update
	Count  audiences.PaperCount
}

// Ready says whether letters can be posted: as with emails, nothing leaves before it may.
func (p Paper) Ready() bool { return p.Update.ReleasedAt != nil && p.Update.ListID != nil }

// PaperOf gives how a letter stands on paper.
func (s *Service) PaperOf(ctx context.Context, id int64) (p Paper, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return p, err
	}
	if p.Update, err = readUpdate(s.DB.Read(ctx), id); err != nil || p.Update.ListID == nil {
		return p, err
	}
	p.Count, err = s.Audiences.CountPaper(ctx, *p.Update.ListID)
	return p, err
}

// Printed gives the letter as it is printed: nobody is addressed by name.
func (s *Service) Printed(ctx context.Context, id int64) (u Update, blocks []mail.Block, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, nil, err
	}
	if u, err = readUpdate(s.DB.Read(ctx), id); err != nil {
		return u, nil, err
	}
	c, err := u.content(s.DB.Read(ctx))
	if err != nil {
		return u, nil, err
	}
	blocks, err = s.Letter(ctx, u, c)
	return u, mail.Filled(blocks, mail.Values{Name: c.NamelessWords()}), err
}

// Labels gives whom an edition is posted to and was not yet.
func (s *Service) Labels(ctx context.Context, id int64, p audiences.Print) (Update, []audiences.Row, error) {
	u, list, err := s.postable(ctx, id)
	if err != nil {
		return u, nil, err
	}
	rows, err := s.Audiences.ToPost(ctx, list, p)
	return u, rows, err
}

// MarkPosted notes that an edition was put in the post.
func (s *Service) MarkPosted(ctx context.Context, id int64, p audiences.Print) (people int, err error) {
	_, list, err := s.postable(ctx, id)
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if people, err = audiences.MarkPosted(tx, list, p); err != nil {
			return err
		}
		if people == 0 {
			return fault.New(fault.Conflict, "Nobody is left to post a letter to.")
		}
		return audit.Record(ctx, tx, "update.posted", updatesTable, id, audit.Details{"print": p, "people": people})
	})
	return people, err
}

// UndoPosted takes back that letters were posted at an instant. A Conflict fault says that it was taken back already.
func (s *Service) UndoPosted(ctx context.Context, id int64, at time.Time) (people int, err error) {
	_, list, err := s.postable(ctx, id)
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		if people, err = audiences.UndoPosted(tx, list.ID, at); err != nil {
			return err
		}
		if people == 0 {
			return fault.New(fault.Conflict, "This was undone already.")
		}
		return audit.Record(ctx, tx, "update.posted_undo", updatesTable, id, audit.Details{"people": people, "at": at})
	})
	return people, err
}

// postable is an update whose letters can be posted, with its list.
func (s *Service) postable(ctx context.Context, id int64) (Update, audiences.List, error) {
	p, err := s.PaperOf(ctx, id)
	if err != nil {
		return p.Update, audiences.List{}, err
	}
	if !p.Ready() {
		return p.Update, audiences.List{}, fault.New(fault.Conflict, "Letters on paper are posted once the letter is sent.")
	}
	list, err := s.Audiences.ByID(ctx, *p.Update.ListID)
	return p.Update, list, err
}
