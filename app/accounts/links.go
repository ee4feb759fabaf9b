package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/web"
)

// newLink makes a link for somebody and ends those made before.
func (s *Service) newLink(tx *database.Tx, staffID int64) (id int64, url string, err error) {
	if err := spendLinks(tx, staffID); err != nil {
		return 0, "", err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	id, err = tx.Insert(`INSERT INTO sign_in_links (staff_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?) RETURNING id`,
		staffID, tokenHash(token), tx.Now(), tx.Now().Add(s.cfg.Staff.LinkLifetime))
	if err != nil {
		return 0, "", fmt.Errorf("make a sign-in link: %w", err)
	}
	return id, strings.TrimRight(s.cfg.BaseURL, "/") + web.SignInPath + "/" + token, nil
}

func spendLinks(tx *database.Tx, staffID int64) error {
	err := tx.Exec(`UPDATE sign_in_links SET used_at = ? WHERE staff_id = ? AND used_at IS NULL`, tx.Now(), staffID).Error
	if err != nil {
		return fmt.Errorf("end earlier sign-in links: %w", err)
	}
	return nil
}

// LinkOwner says whose link a token is and changes nothing: programs that scan mails follow every link.
// The error is a NotFound fault where the link was used, is too old or never was.
func (s *Service) LinkOwner(ctx context.Context, token string) (Staff, error) {
	var person Staff
	err := database.First(s.db.Read(ctx).Raw(`SELECT staff.* FROM staff JOIN sign_in_links l ON l.staff_id = staff.id
		WHERE l.token_hash = ? AND l.used_at IS NULL AND l.expires_at > ? AND staff.active`, tokenHash(token), s.db.Now()), &person)
	if database.IsNotFound(err) {
		return Staff{}, linkSpent()
	}
	if err != nil {
		return Staff{}, fmt.Errorf("find a sign-in link: %w", err)
	}
	return person, nil
}

// spend uses a link up; exactly one of many who try it at once succeeds.
func spend(tx *database.Tx, token string) error {
	used := tx.Exec(`UPDATE sign_in_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`,
		tx.Now(), tokenHash(token), tx.Now())
	if used.Error != nil {
		return fmt.Errorf("use a sign-in link: %w", used.Error)
	}
	if used.RowsAffected != 1 {
		return linkSpent()
	}
	return nil
}

func linkSpent() error {
	return fault.New(fault.NotFound, "This sign-in link has been used or is too old. Ask for a new one on the sign-in page, under “Forgotten your password?”.")
}

func tokenHash(token string) string {
	hash := sha256.Sum256([]byte(token))
	return hex.EncodeToString(hash[:])
}
