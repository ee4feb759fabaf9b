package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"conversations/app/database"
)

// Session is one of a staff member's sign-ins, on one browser.
type Session struct {
	ID        string // a hash of the cookie's token: names the session and opens nothing
	StaffID   int64
	CreatedAt time.Time
	SeenAt    time.Time // to within five minutes
	Current   bool
}

// sessionRow is a row of the table sessions. An ended session stays, empty, until it is forgotten: so a request
// that was under way when it was ended cannot bring it back.
type sessionRow struct {
	TokenHash string `gorm:"primaryKey"`
	StaffID   int64
	Data      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// TableName is the table that sessions live in.
func (sessionRow) TableName() string { return "sessions" }

// Sessions lists where a member of staff is signed in, latest first. c says which of them is the one asking.
func (s *Shell) Sessions(c echo.Context, staffID int64) ([]Session, error) {
	ctx := c.Request().Context()
	var rows []sessionRow
	err := s.DB.Read(ctx).Where("staff_id = ? AND expires_at > ?", staffID, s.DB.Now()).Order("created_at DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	var out []Session
	for _, row := range rows {
		one := Session{ID: row.TokenHash, StaffID: row.StaffID, CreatedAt: row.CreatedAt, SeenAt: row.CreatedAt}
		if _, values, err := (sessionCodec{}).Decode(row.Data); err == nil {
			one.SeenAt = seenAt(values, row.CreatedAt)
		}
		one.Current = one.ID == s.currentSession(c)
		out = append(out, one)
	}
	return out, nil
}

func seenAt(values map[string]any, otherwise time.Time) time.Time {
	text, _ := values[keySeen].(string)
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return otherwise
	}
	return time.Unix(seconds, 0).UTC()
}

func (s *Shell) currentSession(c echo.Context) string {
	cookie, err := c.Request().Cookie(cookieName)
	if err != nil {
		return ""
	}
	hash := sha256.Sum256([]byte(cookie.Value)) // as scs does it
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

// EndSessions ends a staff member's sessions, all of them or, with ids, only those.
func EndSessions(tx *database.Tx, staffID int64, ids ...string) error {
	q := tx.Table("sessions").Where("staff_id = ? AND expires_at > ?", staffID, tx.Now())
	if len(ids) > 0 {
		q = q.Where("token_hash IN ?", ids)
	}
	if err := q.Updates(map[string]any{"expires_at": tx.Now(), "data": []byte{}}).Error; err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// ForgetSessions removes sessions that ended before an instant.
func ForgetSessions(tx *database.Tx, before time.Time) error {
	return tx.Exec(`DELETE FROM sessions WHERE expires_at < ?`, before).Error
}

// sessionStore is where scs keeps sessions. Tokens reach it hashed.
type sessionStore struct{ db *database.DB }

var errNoContext = errors.New("sessions are kept and found with a context only")

// FindCtx reads a session that has not ended.
func (st *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var row sessionRow
	err := database.First(st.db.Read(ctx).Raw(`SELECT * FROM sessions WHERE token_hash = ? AND expires_at > ?`, token, st.db.Now()), &row)
	if database.IsNotFound(err) {
		return nil, false, nil
	}
	return row.Data, err == nil, err
}

// CommitCtx keeps a session, unless it has been ended meanwhile.
func (st *sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := sessionCodec{}.Decode(data)
	if err != nil {
		return err
	}
	text, _ := values[keyStaff].(string)
	staffID, _ := strconv.ParseInt(text, 10, 64)
	return st.db.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec(`INSERT INTO sessions (token_hash, staff_id, data, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (token_hash) DO UPDATE SET staff_id = excluded.staff_id, data = excluded.data, expires_at = excluded.expires_at
			WHERE sessions.expires_at > ?`, token, staffID, data, tx.Now(), expiry.UTC().Truncate(time.Microsecond), tx.Now()).Error
	})
}

// DeleteCtx ends a session.
func (st *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return st.db.Write(ctx, func(tx *database.Tx) error {
		return tx.Exec(`UPDATE sessions SET expires_at = ?, data = ? WHERE token_hash = ? AND expires_at > ?`, tx.Now(), []byte{}, token, tx.Now()).Error
	})
}

// Find is not used: the program's sessions always have a context.
func (st *sessionStore) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit is not used.
func (st *sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete is not used.
func (st *sessionStore) Delete(string) error { return errNoContext }
