package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"conversations/app/audit"
	"conversations/app/fault"
)

const (
	cookieName = "conversations"
	// touchEvery is how often at the most a session is written only to say that it is in use.
	touchEvery = 5 * time.Minute

	keyStaff = "staff" // id
	keySeen  = "seen"  // seconds since 1970, at most touchEvery behind
	keyFlash = "flash"
)

// newSessions builds the manager by hand: scs.New would start a store in memory with a goroutine of its own.
func newSessions(s *Shell) *scs.SessionManager {
	return &scs.SessionManager{
		Lifetime:         s.Config.Staff.SessionLifetime,
		Store:            &sessionStore{db: s.DB},
		Codec:            sessionCodec{},
		HashTokenInStore: true,
		ErrorFunc:        func(http.ResponseWriter, *http.Request, error) {},
	}
}

// openSession finds who acts. Residents have no session: without the cookie, and away from /staff, nothing is
// loaded and no cookie is ever set.
func (s *Shell) openSession(c echo.Context) error {
	token := ""
	if cookie, err := c.Request().Cookie(cookieName); err == nil {
		token = cookie.Value
	}
	if token == "" && !staffPath(c.Request().URL.Path) {
		return nil
	}
	ctx, err := s.sessions.Load(c.Request().Context(), token)
	if err != nil {
		return fmt.Errorf("load the session: %w", err)
	}
	c.SetRequest(c.Request().WithContext(ctx))
	c.Response().Before(func() { s.saveSession(c, ctx) })
	c.Response().Header().Set("Cache-Control", "no-store")
	return s.identify(c, ctx)
}

// identify puts the session's owner into the request, and ends a session that has been idle for too long or whose
// owner may no longer sign in.
func (s *Shell) identify(c echo.Context, ctx context.Context) error {
	id, _ := strconv.ParseInt(s.sessions.GetString(ctx, keyStaff), 10, 64)
	if id == 0 {
		return nil
	}
	now := s.DB.Now()
	seen, _ := strconv.ParseInt(s.sessions.GetString(ctx, keySeen), 10, 64)
	idle := now.Sub(time.Unix(seen, 0))
	if idle > s.Config.Staff.SessionIdle {
		return s.sessions.Destroy(ctx)
	}
	actor, err := s.Actor(ctx, id)
	if _, refused := errors.AsType[*fault.Error](err); refused {
		return s.sessions.Destroy(ctx)
	}
	if err != nil {
		return fmt.Errorf("find who is signed in: %w", err)
	}
	if idle >= min(touchEvery, s.Config.Staff.SessionIdle/4) {
		s.sessions.Put(ctx, keySeen, strconv.FormatInt(now.Unix(), 10))
	}
	c.SetRequest(c.Request().WithContext(audit.WithActor(ctx, actor)))
	return nil
}

// saveSession runs before the first byte of the answer. A session that cannot be kept is no reason to lose the
// answer: the person is asked to sign in again.
func (s *Shell) saveSession(c echo.Context, ctx context.Context) {
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, _, err := s.sessions.Commit(context.WithoutCancel(ctx))
		if err != nil {
			s.Log.Error("keep the session", "error", err, "request", requestID(c))
			return
		}
		s.setCookie(c, token, 0)
	case scs.Destroyed:
		s.setCookie(c, "", -1)
	case scs.Unmodified:
	}
}

func (s *Shell) setCookie(c echo.Context, token string, maxAge int) {
	c.SetCookie(&http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// SignIn makes this request's session the staff member's, under a new token, so that a token known before is
// worth nothing. It works below /staff alone.
func (s *Shell) SignIn(c echo.Context, staffID int64) error {
	ctx := c.Request().Context()
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	now := s.DB.Now()
	s.sessions.SetDeadline(ctx, now.Add(s.Config.Staff.SessionLifetime))
	s.sessions.Put(ctx, keyStaff, strconv.FormatInt(staffID, 10))
	s.sessions.Put(ctx, keySeen, strconv.FormatInt(now.Unix(), 10))
	return nil
}

// SignOut ends this request's session.
func (s *Shell) SignOut(c echo.Context) error {
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	return nil
}

// FlashKind is the tone of a message.
type FlashKind string

// The tones.
const (
	Success FlashKind = "success"
	Notice  FlashKind = "notice"
)

// Flash shows staff a message on their next page. Residents have no session: for them it does nothing.
func (s *Shell) Flash(c echo.Context, kind FlashKind, text string) {
	if Who(c).Kind == audit.Staff {
		s.sessions.Put(c.Request().Context(), keyFlash, string(kind)+"\n"+text)
	}
}

// sessionCodec keeps a session as JSON. All its values are strings.
type sessionCodec struct{}

type sessionData struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// Encode writes a session down.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	data := sessionData{Deadline: deadline, Values: make(map[string]string, len(values))}
	for key, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("session value %s is not a string", key)
		}
		data.Values[key] = text
	}
	return json.Marshal(data)
}

// Decode reads a session back.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var data sessionData
	if err := json.Unmarshal(b, &data); err != nil {
		return time.Time{}, nil, fmt.Errorf("read a session: %w", err)
	}
	values := make(map[string]any, len(data.Values))
	for key, value := range data.Values {
		values[key] = value
	}
	return data.Deadline, values, nil
}

// Keep holds a value in this request's session, below /staff alone, until it is kept as "" or the session ends.
func (s *Shell) Keep(c echo.Context, key, value string) {
	if value == "" {
		s.sessions.Remove(c.Request().Context(), "kept."+key)
		return
	}
	s.sessions.Put(c.Request().Context(), "kept."+key, value)
}

// Kept is the value held by Keep, or "".
func (s *Shell) Kept(c echo.Context, key string) string {
	return s.sessions.GetString(c.Request().Context(), "kept."+key)
}
