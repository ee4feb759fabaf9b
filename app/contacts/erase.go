package contacts

import (
	"context"
	"fmt"

	"conversations/app/database"
	"conversations/app/mail"

	"gorm.io/gorm"
)

// BeforeErase does what must be done before contacts are erased, for one person or because their time is over. What waits
// for them is not sent. Where they had said anything about updates, yes or no, no list that is brought in later has
// letters go to their address: it stays suppressed, as a keyed hash, until they sign up again themselves. And what they let
// us do ends.
func (s *Service) BeforeErase(ctx context.Context, tx *database.Tx, ids []int64) error {
	for _, id := range ids {
		c, err := contactByID(tx.DB, id)
		if err != nil {
			return err
		}
		if err := s.beforeErase(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) beforeErase(ctx context.Context, tx *database.Tx, c Contact) error {
	owner := c.ID
	if c.MergedInto != nil {
		owner = *c.MergedInto
	}
	stands, err := standingsOf(tx.DB, owner)
	if err != nil {
		return err
	}
	said := false
	for _, st := range stands {
		said = said || st.Purpose == Updates && st.Channel == Email
		if st.Allowed() && owner == c.ID {
			if err := s.end(ctx, tx, c.ID, Withdrawn, Said{Purpose: st.Purpose, Channel: st.Channel, Source: FromErasure}); err != nil {
				return err
			}
		}
	}
	if said && c.Email != "" {
		if err := s.outbox.Suppress(ctx, tx, c.Email, mail.SuppressedAsked); err != nil {
			return err
		}
	}
	return s.keepBack(ctx, tx, c.ID, "")
}

// AlsoKnownAs gives the other addresses and numbers of whoever is known by one of these: those of contacts that were merged.
func (s *Service) AlsoKnownAs(_ context.Context, q *gorm.DB, forms []string) (more []string, err error) {
	var rows []Contact
	err = q.Raw(`SELECT o.email_key, o.phone_key, o.post_key FROM contacts k JOIN contacts o ON coalesce(o.merged_into, o.id) = coalesce(k.merged_into, k.id) AND o.id <> k.id
		WHERE (k.email_key IN ? AND k.email_key <> '' OR k.phone_key IN ? AND k.phone_key <> '' OR k.post_key IN ? AND k.post_key <> '')`, forms, forms, forms).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for merged contacts: %w", err)
	}
	for _, o := range rows {
		for _, key := range []string{o.EmailKey, o.PhoneKey, o.PostKey} {
			if key != "" {
				more = append(more, key)
			}
		}
	}
	return more, nil
}
