package contacts

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/mail"
)

// LettersPageSize is how many letters the page of a contact shows at once.
const LettersPageSize = 25

// History is all that is known of one contact.
type History struct {
	Card
	Stands  []Standing
	Ledger  []ConsentEntry // newest first, by when it was recorded
	Stopped mail.SuppressionReason
	Letters []mail.Letter // one page, newest first
	Sent    int           // letters in all
	Page    int           // of the letters, from 1
	Pages   int
	Single  []mail.Mail      // about the contact itself, newest first: to confirm a sign-up, to change choices
	Merged  []Contact        // those that were merged into this one
	Merges  []Merge          // of them, newest first
	Staff   map[int64]string // names by id
}

// History gives all that is known of one contact; of a merged one, all about that which it was merged into. A NotFound
// fault where there is none.
func (s *Service) History(ctx context.Context, id int64, page int) (h History, err error) {
	if h.Card, err = s.Card(ctx, id); err != nil { // asks for the right
		return h, err
	}
	q := s.db.Read(ctx)
	if h.Stands, err = standingsOf(q, h.ID); err != nil {
		return h, err
	}
	if err := q.Raw(`SELECT * FROM consents WHERE contact_id = ? ORDER BY id DESC`, h.ID).Scan(&h.Ledger).Error; err != nil {
		return h, fmt.Errorf("read the ledger of contact %d: %w", h.ID, err)
	}
	if h.Email != "" {
		stopped, err := s.outbox.Suppressed(ctx, h.Email)
		if err != nil {
			return h, err
		}
		h.Stopped = stopped[h.Email]
	}
	err = s.letters(ctx, &h, page)
	return h, err
}

// letters adds what was sent to the contact and to those that were merged into it.
func (s *Service) letters(ctx context.Context, h *History, page int) (err error) {
	q := s.db.Read(ctx)
	if err := q.Raw(`SELECT * FROM contacts WHERE merged_into = ? ORDER BY id`, h.ID).Scan(&h.Merged).Error; err != nil {
		return fmt.Errorf("read what was merged into contact %d: %w", h.ID, err)
	}
	if h.Merges, err = mergesOf(q, h.ID); err != nil {
		return err
	}
	ids := []int64{h.ID}
	for _, m := range h.Merged {
		ids = append(ids, m.ID)
	}
	h.Page = max(1, page)
	if h.Letters, h.Sent, err = s.outbox.Letters(ctx, ids, LettersPageSize, (h.Page-1)*LettersPageSize); err != nil {
		return err
	}
	h.Pages = max(1, (h.Sent+LettersPageSize-1)/LettersPageSize)
	if h.Page > h.Pages {
		return s.letters(ctx, h, h.Pages)
	}
	for _, id := range ids {
		mails, err := s.outbox.About(ctx, "contacts", id)
		if err != nil {
			return err
		}
		h.Single = append(h.Single, mails...)
	}
	h.Staff, err = s.staff(ctx)
	return err
}

func (s *Service) staff(ctx context.Context) (map[int64]string, error) {
	all, err := accounts.Colleagues(ctx, s.db)
	names := map[int64]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	return names, err
}
