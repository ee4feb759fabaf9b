package newsletters

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/audit"
	"conversations/app/database"
)

// Begun is a letter that another feature begins: what it is called, its first section, and whom it is for.
type Begun struct {
	Title, Heading string
	Body           string // markdown
	Rule           audiences.Rule
	Purpose        string
}

// BeginTx begins a stakeholder update in the transaction of another feature, which has asked whether its staff may do what
// it is about. The draft is finished, approved and sent by those who may write updates.
func (s *Service) BeginTx(ctx context.Context, tx *database.Tx, b Begun) (id int64, err error) {
	if err := s.Audiences.Check(b.Rule, b.Purpose); err != nil {
		return 0, err
	}
	content := blank(StakeholderUpdate, b.Title)
	content.Sections[0].Heading, content.Sections[0].Body = b.Heading, b.Body
	if content, err = content.tidied(); err != nil {
		return 0, err
	}
	u := Update{Kind: StakeholderUpdate, Title: content.Title, Rule: b.Rule.JSON(), Purpose: b.Purpose}
	if err := begin(ctx, tx, &u, content, Typed); err != nil {
		return 0, err
	}
	return u.ID, audit.Record(ctx, tx, "update.create", updatesTable, u.ID, audit.Details{"kind": u.Kind})
}

// begin stores a new draft with its first text.
func begin(ctx context.Context, tx *database.Tx, u *Update, content Content, made Made) (err error) {
	u.State, u.Version, u.CreatedBy, u.CreatedAt, u.UpdatedAt = Draft, 1, audit.StaffID(ctx), tx.Now(), tx.Now()
	if u.Slug, err = freeSlug(tx, content.Title, 0); err != nil {
		return err
	}
	if err := tx.Create(u).Error; err != nil {
		return fmt.Errorf("store an update: %w", err)
	}
	t := Text{UpdateID: u.ID, Made: made, Content: content.text(), StaffID: audit.StaffID(ctx)}
	return addText(tx, u, &t)
}

// ForColleagues gives an update to whoever works here: how far it has come, and which list it goes to.
func (s *Service) ForColleagues(ctx context.Context, id int64) (Update, error) {
	if err := accounts.Require(ctx, accounts.UseStaffPages); err != nil {
		return Update{}, err
	}
	return readUpdate(s.DB.Read(ctx), id)
}
