package newsletters

import (
	"context"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/mail"
)

// Progress is how far a letter has come on its way out.
type Progress struct {
	Update  Update
	Mailing mail.Progress // zero until it is begun
	List    audiences.List
	OnPaper int
	LeftOut int
}

// Begun says whether the letter was handed to the outbox.
func (p Progress) Begun() bool { return p.Update.MailingID != 0 }

// Ended says that nothing more will leave.
func (p Progress) Ended() bool { return p.Mailing.EndedAt != nil }

// ProgressOf gives how far an update has come.
func (s *Service) ProgressOf(ctx context.Context, id int64) (p Progress, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return p, err
	}
	if p.Update, err = readUpdate(s.DB.Read(ctx), id); err != nil || p.Update.ListID == nil {
		return p, err
	}
	if p.List, err = s.Audiences.ByID(ctx, *p.Update.ListID); err != nil {
		return p, err
	}
	counts, err := s.Audiences.Counts(ctx, p.List.ID)
	if err != nil {
		return p, err
	}
	for _, c := range counts {
		switch c.Outcome {
		case audiences.ByPost:
			p.OnPaper += c.People
		case audiences.LeftOut:
			p.LeftOut += c.People
		case audiences.ByEmail:
		}
	}
	if p.Begun() {
		p.Mailing, err = s.Outbox.MailingProgress(ctx, p.Update.MailingID)
	}
	return p, err
}
