package accounts

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/web"
)

// Add makes an account, mails a one-time sign-in link and returns it, to be handed on. Only ManageStaff may.
func (s *Service) Add(ctx context.Context, email, name, role string) (signInLink string, err error) {
	if err := Require(ctx, ManageStaff); err != nil {
		return "", err
	}
	p := NewPerson{Email: lower(email), Name: name, Role: role}
	if err := p.check(); err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		person := Staff{Email: p.Email, Name: p.Name, Role: Role(p.Role), Active: true}
		person.ID, err = tx.Insert(`INSERT INTO staff (email, name, role, active, created_at, updated_at) VALUES (?, ?, ?, TRUE, ?, ?) RETURNING id`,
			person.Email, person.Name, string(person.Role), tx.Now(), tx.Now())
		if database.IsDuplicate(err) {
			return fault.Fields{{Name: "email", Message: "Somebody has an account with this email address already"}}.Err()
		}
		if err != nil {
			return fmt.Errorf("add an account: %w", err)
		}
		if signInLink, err = s.sendLink(tx, person, welcomeMail); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "staff.add", "staff", person.ID, audit.Details{"role": p.Role})
	})
	return signInLink, err
}

// People lists everybody with an account, those who have left at the end.
func (s *Service) People(ctx context.Context) (people []Staff, err error) {
	if err := Require(ctx, ManageStaff); err != nil {
		return nil, err
	}
	if err := s.db.Read(ctx).Order("active DESC, name, id").Find(&people).Error; err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return people, nil
}

// Person is one account.
func (s *Service) Person(ctx context.Context, id int64) (Staff, error) {
	if err := Require(ctx, ManageStaff); err != nil {
		return Staff{}, err
	}
	return s.byID(s.db.Read(ctx), id)
}

// ChangeRole gives somebody another role; it holds from their next page on.
func (s *Service) ChangeRole(ctx context.Context, id int64, role string) error {
	if !slices.Contains(Roles(), Role(role)) {
		return fault.Fields{{Name: "role", Message: "Choose what they do"}}.Err()
	}
	return s.change(ctx, id, "staff.role", audit.Details{"role": role}, func(tx *database.Tx, p Staff) error {
		if err := tx.Exec(`UPDATE staff SET role = ?, updated_at = ? WHERE id = ?`, role, tx.Now(), id).Error; err != nil {
			return err
		}
		return anAdminRemains(tx)
	})
}

// Deactivate ends an account: its owner is signed out everywhere and cannot sign in again.
func (s *Service) Deactivate(ctx context.Context, id int64) error {
	return s.change(ctx, id, "staff.deactivate", nil, func(tx *database.Tx, _ Staff) error {
		err := tx.Exec(`UPDATE staff SET active = FALSE, left_at = ?, updated_at = ? WHERE id = ?`, tx.Now(), tx.Now(), id).Error
		if err != nil {
			return err
		}
		if err := shutOut(tx, id); err != nil {
			return err
		}
		return anAdminRemains(tx)
	})
}

// Reset takes somebody's password and authenticator app away, signs them out, and mails a new link, which it
// returns: for a lost telephone, or for one who comes back.
func (s *Service) Reset(ctx context.Context, id int64) (signInLink string, err error) {
	err = s.change(ctx, id, "staff.reset", nil, func(tx *database.Tx, p Staff) error {
		err := tx.Exec(`UPDATE staff SET password_hash = '', totp_secret = '', totp_last_step = 0, active = TRUE, left_at = NULL, updated_at = ?
			WHERE id = ?`, tx.Now(), id).Error
		if err != nil {
			return err
		}
		if err := shutOut(tx, id); err != nil {
			return err
		}
		signInLink, err = s.sendLink(tx, p, resetMail)
		return err
	})
	return signInLink, err
}

// change does something to an account in one transaction, with its entry in the audit log.
func (s *Service) change(ctx context.Context, id int64, action string, details audit.Details, do func(*database.Tx, Staff) error) error {
	if err := Require(ctx, ManageStaff); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		person, err := s.byID(tx.DB, id)
		if err != nil {
			return err
		}
		if err := do(tx, person); err != nil {
			return err
		}
		return audit.Record(ctx, tx, action, "staff", id, details)
	})
}

func shutOut(tx *database.Tx, id int64) error {
	if err := web.EndSessions(tx, id); err != nil {
		return err
	}
	return spendLinks(tx, id)
}

// anAdminRemains keeps the last administrator from shutting themselves, and everybody, out.
func anAdminRemains(tx *database.Tx) error {
	var ids []int64
	if err := tx.Raw(`SELECT id FROM staff WHERE role = ? AND active`+tx.ForUpdate(), string(Admin)).Scan(&ids).Error; err != nil {
		return fmt.Errorf("count the administrators: %w", err)
	}
	if len(ids) == 0 {
		return fault.Fields{{Name: "role", Message: "Nobody would be left who can manage accounts. Make somebody else an administrator first"}}.Err()
	}
	return nil
}
