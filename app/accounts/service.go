package accounts

import (
	"context"
	"fmt"

	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
	"conversations/app/web"
)

// Service is what can be done with accounts. It is safe for use by many goroutines.
type Service struct {
	cfg    *config.Config
	db     *database.DB
	outbox *mail.Outbox
	hasher *hasher

	tries  *web.Limiter // wrong sign-ins of one account
	resets *web.Limiter // reset mails to one account
}

const resetsPerHour = 3

// New returns the service.
func New(cfg *config.Config, db *database.DB, outbox *mail.Outbox) *Service {
	return &Service{
		cfg: cfg, db: db, outbox: outbox, hasher: newHasher(),
		tries: web.NewLimiter(cfg.HTTP.RateLimits.SignInsPerHour), resets: web.NewLimiter(resetsPerHour),
	}
}

// Actor finds the member of staff that a session belongs to. It is a SignIn fault where they have left.
func (s *Service) Actor(ctx context.Context, id int64) (audit.Actor, error) {
	person, err := s.byID(s.db.Read(ctx), id)
	if err != nil {
		return audit.Actor{}, err
	}
	if !person.Active {
		return audit.Actor{}, fault.New(fault.SignIn, "Sign in first.")
	}
	return person.actor(s.cfg.Staff.RequireCode), nil
}

// Credentials are what somebody types to sign in.
type Credentials struct {
	Email    string `form:"email"`
	Password string `form:"password,raw"`
	Code     string `form:"code"`
}

func (c Credentials) check(needsCode bool) error {
	var problems fault.Fields
	if c.Email == "" {
		problems.Add("email", "Enter your email address")
	}
	if c.Password == "" {
		problems.Add("password", "Enter your password")
	}
	if needsCode && c.Code == "" {
		problems.Add("code", "Enter the code from your authenticator app")
	}
	return problems.Err()
}

// SignIn says who it is that knows these. An Invalid fault does not say which of them is wrong; a TooMany fault
// comes after too many wrong ones for one account, which stays open to its owner after a while.
func (s *Service) SignIn(ctx context.Context, c Credentials) (Staff, error) {
	if err := c.check(s.cfg.Staff.RequireCode); err != nil {
		return Staff{}, err
	}
	email := lower(c.Email)
	if wait := s.tries.Take(email, s.db.Now()); wait > 0 {
		return Staff{}, web.TooMany(wait)
	}
	person, err := s.byEmail(s.db.Read(ctx), email)
	if err != nil && !database.IsNotFound(err) {
		return Staff{}, err
	}
	right, err := s.hasher.matches(ctx, c.Password, person.PasswordHash)
	if err != nil {
		return Staff{}, err
	}
	if !right || !person.Active {
		return Staff{}, s.refuse(ctx, person.ID)
	}
	if s.cfg.Staff.RequireCode && person.TOTPSecret == "" {
		return Staff{}, fault.Fields{{Name: "email", Message: "Your authenticator app is not set up. Press “Forgotten your password?” below to get a link that sets it up"}}.Err()
	}
	if err := s.admit(ctx, person, c.Code); err != nil {
		return Staff{}, err
	}
	s.tries.Forget(email)
	return person, nil
}

// admit notes the sign-in and uses the code up, in one step, so that a code that is sent twice at once is good once.
func (s *Service) admit(ctx context.Context, person Staff, code string) error {
	step := person.TOTPLastStep
	if s.cfg.Staff.RequireCode {
		if step = stepOf(person.TOTPSecret, code, s.db.Now(), person.TOTPLastStep); step == 0 {
			return s.refuse(ctx, person.ID)
		}
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		used := tx.Exec(`UPDATE staff SET totp_last_step = ?, last_sign_in_at = ? WHERE id = ? AND active AND totp_last_step = ?`,
			step, tx.Now(), person.ID, person.TOTPLastStep)
		if used.Error != nil {
			return fmt.Errorf("note a sign-in: %w", used.Error)
		}
		if used.RowsAffected != 1 {
			return wrong()
		}
		return audit.Record(audit.WithActor(ctx, person.actor(false)), tx, "staff.sign_in", "staff", person.ID, nil)
	})
}

// refuse records a wrong try; id is 0 for an e-mail that nobody here has.
func (s *Service) refuse(ctx context.Context, id int64) error {
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "staff.sign_in_refused", "staff", id, nil)
	})
	if err != nil {
		return err
	}
	return wrong()
}

func wrong() error {
	return fault.Fields{{Name: "email", Message: "The email address, the password or the code is not right. A code can be used once only"}}.Err()
}

// SignOut records that somebody has signed out. The session is the shell's to end.
func (s *Service) SignOut(ctx context.Context) error {
	if err := Require(ctx, UseStaffPages); err != nil {
		return nil //nolint:nilerr // nobody was signed in
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "staff.sign_out", "staff", audit.ActorFrom(ctx).ID, nil)
	})
}

// EndSession ends one of one's own sessions.
func (s *Service) EndSession(ctx context.Context, session string) error {
	if err := Require(ctx, UseStaffPages); err != nil {
		return err
	}
	me := audit.ActorFrom(ctx).ID
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := web.EndSessions(tx, me, session); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "staff.session_end", "staff", me, nil)
	})
}

// Forget removes what is no longer of use: ended sessions and links, after retention.sessions. It is a job.
func (s *Service) Forget(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		before := tx.Now().Add(-s.cfg.Retention.Sessions)
		if err := web.ForgetSessions(tx, before); err != nil {
			return fmt.Errorf("forget sessions: %w", err)
		}
		if err := tx.Exec(`DELETE FROM sign_in_links WHERE expires_at < ?`, before).Error; err != nil {
			return fmt.Errorf("forget sign-in links: %w", err)
		}
		return nil
	})
}
