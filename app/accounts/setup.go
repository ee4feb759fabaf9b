package accounts

import (
	"context"
	"fmt"

	"github.com/pquerna/otp"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/web"
)

// AskForLink mails a one-time link to whoever works here under that address. Whether anybody does is not told,
// neither by the answer nor by an error.
func (s *Service) AskForLink(ctx context.Context, email string) error {
	email = lower(email)
	if !address(email) {
		return fault.Fields{{Name: "email", Message: "Enter your email address, like name@example.org"}}.Err()
	}
	if s.resets.Take(email, s.db.Now()) > 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		person, err := s.byEmail(tx.DB, email)
		if err != nil && !database.IsNotFound(err) {
			return err
		}
		if person.Active {
			if _, err := s.sendLink(tx, person, resetMail); err != nil {
				return err
			}
		}
		// Recorded for strangers too (id 0): an answer that waits for the disk takes as long as the other.
		return audit.Record(ctx, tx, "staff.reset_asked", "staff", person.ID, nil)
	})
}

// SetPassword uses a one-time link up: the password is changed, and whoever was signed in under the old one is
// signed out. A password that is easily guessed is an Invalid fault and leaves the link as it was; the person is
// named with it. ready says that they may now sign in; if not, their authenticator app comes next.
func (s *Service) SetPassword(ctx context.Context, token, password string) (person Staff, ready bool, err error) {
	person, err = s.LinkOwner(ctx, token)
	if err != nil {
		return Staff{}, false, err
	}
	if err := checkPassword(password, person, s.cfg.Programme.Name); err != nil {
		return person, false, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return person, false, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := spend(tx, token); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE staff SET password_hash = ?, updated_at = ? WHERE id = ?`, hash, tx.Now(), person.ID).Error; err != nil {
			return fmt.Errorf("set a password: %w", err)
		}
		if err := web.EndSessions(tx, person.ID); err != nil {
			return err
		}
		return audit.Record(audit.WithActor(ctx, person.actor(false)), tx, "staff.password_set", "staff", person.ID, nil)
	})
	s.tries.Forget(person.Email)
	return person, !s.cfg.Staff.RequireCode || person.TOTPSecret != "", err
}

// NewAuthenticator makes the address that an authenticator app reads. It is good once SetAuthenticator took it.
func (s *Service) NewAuthenticator(person Staff) (string, error) {
	key, err := newKey(s.cfg.Programme.Name, person.Email)
	if err != nil {
		return "", err
	}
	return key.URL(), nil
}

// SetAuthenticator ties the app to the one who acts, if its code proves that it works. The actor must be staff
// without an app; a lost telephone is an administrator's matter.
func (s *Service) SetAuthenticator(ctx context.Context, address, code string) error {
	me := audit.ActorFrom(ctx)
	key, err := otp.NewKeyFromURL(address)
	if me.Kind != audit.Staff || err != nil {
		return fault.New(fault.SignIn, "Open your sign-in link again.")
	}
	step := stepOf(key.Secret(), code, s.db.Now(), 0)
	if step == 0 {
		return fault.Fields{{Name: "code", Message: "Enter the code that the app shows now. If it is not taken, check that your telephone's clock is right"}}.Err()
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		set := tx.Exec(`UPDATE staff SET totp_secret = ?, totp_last_step = ?, last_sign_in_at = ?, updated_at = ?
			WHERE id = ? AND active AND totp_secret = ''`, key.Secret(), step, tx.Now(), tx.Now(), me.ID)
		if set.Error != nil {
			return fmt.Errorf("set up an authenticator: %w", set.Error)
		}
		if set.RowsAffected != 1 {
			return fault.New(fault.Forbidden, "You have an authenticator app already. If you lost it, ask an administrator.")
		}
		return audit.Record(ctx, tx, "staff.authenticator_set", "staff", me.ID, nil)
	})
}
