// Package accounts is the people who work here: who they are, what they may do, and how they sign in.
package accounts

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"conversations/app/audit"
	"conversations/app/fault"
)

const (
	nameRunes          = 100
	emailBytes         = 254
	passwordRunes      = 12 // at least
	passwordLimitBytes = 256
)

// Staff is a member of staff. A row of the table staff.
type Staff struct {
	ID           int64
	Email        string // lower case
	Name         string
	Role         Role
	PasswordHash string
	TOTPSecret   string `gorm:"column:totp_secret"`    // base32; "" before the authenticator app is set up
	TOTPLastStep int64  `gorm:"column:totp_last_step"` // the half-minute of the last code used: a code is good once
	Active       bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
	LastSignInAt *time.Time
	LeftAt       *time.Time
}

// TableName is the table that staff live in.
func (Staff) TableName() string { return "staff" }

// actor is the member of staff as one who acts. Without a role they may do nothing: while they have no
// authenticator app and need one.
func (s Staff) actor(needsCode bool) audit.Actor {
	a := audit.Actor{Kind: audit.Staff, ID: s.ID, Name: s.Name, Email: s.Email, Role: string(s.Role)}
	if needsCode && s.TOTPSecret == "" {
		a.Role = ""
	}
	return a
}

// NewPerson is what an administrator types to add somebody.
type NewPerson struct {
	Email string `form:"email"`
	Name  string `form:"name"`
	Role  string `form:"role"`
}

func (p NewPerson) check() error {
	var problems fault.Fields
	if !address(p.Email) {
		problems.Add("email", "Enter an email address, like name@example.org")
	}
	if p.Name == "" || utf8.RuneCountInString(p.Name) > nameRunes {
		problems.Add("name", "Enter their name, in 100 letters or fewer")
	}
	if !slices.Contains(Roles(), Role(p.Role)) {
		problems.Add("role", "Choose what they do")
	}
	return problems.Err()
}

func lower(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func address(email string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && a.Address == email && len(email) <= emailBytes && strings.Contains(email[strings.LastIndex(email, "@"):], ".")
}

// checkPassword refuses what is guessed first: short ones, the person's own names and the ones everybody takes.
func checkPassword(password string, s Staff, programme string) error {
	password = norm.NFC.String(password)
	problem := ""
	switch {
	case utf8.RuneCountInString(password) < passwordRunes:
		problem = "Enter a password of 12 characters or more. Three words that do not belong together are easy to remember"
	case len(password) > passwordLimitBytes:
		problem = "Enter a shorter password"
	case easilyGuessed(password, s.Email, s.Name, programme):
		problem = "Choose a password that is harder to guess"
	}
	if problem == "" {
		return nil
	}
	return fault.Fields{{Name: "password", Message: problem}}.Err()
}

// easilyGuessed compares letters and digits alone, in lower case, with figures at the end left off.
func easilyGuessed(password string, known ...string) bool {
	plain := reduced(password)
	for _, k := range append(known, commonPasswords()...) {
		if plain == reduced(k) {
			return true
		}
	}
	return strings.Count(plain, plain[:min(1, len(plain))]) == len(plain) // one letter again and again
}

func reduced(text string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f {
			return r
		}
		return -1
	}, strings.ToLower(text))
	if stem := strings.TrimRight(kept, "0123456789"); stem != "" {
		return stem
	}
	return kept
}

// commonPasswords are the ones of twelve or more characters that lead the lists of what people take.
func commonPasswords() []string {
	return []string{"password", "passwordpassword", "123456789012", "1234567890123", "12345678901234", "123456123456",
		"qwertyuiop", "qwertyuiopasdf", "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcdefghijkl", "iloveyou", "letmeinletmein",
		"administrator", "welcomewelcome", "correcthorsebatterystaple", "changemeplease", "nationalhealthservice",
		"trustno", "superman", "liverpoolfc", "manchesterunited", "football", "sunshine", "princess", "111111111111",
		"121212121212", "123123123123", "987654321098", "qwerty", "asdfghjkl", "zxcvbnm", "asdfghjklqwerty", "conversations"}
}
