package feedback

import (
	"context"
	"unicode/utf8"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/feedback/redact"
)

// rawQuery reads, in a transaction or outside of one.
type rawQuery func(sql string, values ...any) *gorm.DB

// shortestReason is how many letters a reason has at least, so that one is written at all.
const shortestReason = 10

// OpenOriginal gives the words of a comment as they came, sealed or not, to an administrator who says why. That it was
// opened, and why, is kept in the log. The error is Forbidden for anybody else, an
// Invalid fault at the field reason, and NotFound where the words are gone.
func (s *Service) OpenOriginal(ctx context.Context, id int64, reason string) (text string, err error) {
	if err := accounts.Require(ctx, accounts.ManagePrivacy); err != nil {
		return "", err
	}
	var f fault.Fields
	reason = contacts.Tidy(reason)
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > reasonLetters {
		f.Add("reason", "Enter why you need to read it, in 10 to 300 letters")
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		c, err := lockComment(tx, id)
		if err != nil {
			return err
		}
		r := Redacting{Comment: c}
		if err := readOriginal(tx.Raw, &r); err != nil {
			return err
		}
		text = r.Original
		return audit.Record(ctx, tx, "comment.open_original", "comments", id, audit.Details{"reason": redact.Struck(reason, redact.Find(reason))})
	})
	return text, err
}
