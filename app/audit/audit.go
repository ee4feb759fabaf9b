// Package audit records who did what to what, and when. Details hold ids and the names of what changed,
// never the words a person wrote, so that the log can outlive them.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"conversations/app/database"
)

// ActorKind tells people who work here from people who visit and from the program itself.
type ActorKind string

// The kinds of actor.
const (
	Resident ActorKind = "resident" // a visitor without an account
	Staff    ActorKind = "staff"
	System   ActorKind = "system" // a job, a command, the program itself
)

// Actor is who acts. The zero Actor is a resident, who has no rights beyond the public pages.
type Actor struct {
	Kind  ActorKind
	ID    int64  // staff id, 0 for others
	Name  string // for showing to the actor; not recorded
	Email string
	Role  string
}

type actorKey struct{}
type requestKey struct{}

// WithActor returns a context in which the actor acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// AsSystem returns a context in which the program itself acts: for jobs, commands and tests.
func AsSystem(ctx context.Context) context.Context { return WithActor(ctx, Actor{Kind: System}) }

// ActorFrom returns who acts in this context; a resident where nobody was named.
func ActorFrom(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Kind: Resident}
}

// StaffID is the member of staff who acts, for columns that lead to them; nil is a visitor or the program itself.
func StaffID(ctx context.Context) *int64 {
	if a := ActorFrom(ctx); a.Kind == Staff && a.ID != 0 {
		return &a.ID
	}
	return nil
}

// WithRequest notes the request's id, so that a log line and an audit entry can be brought together.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestFrom returns the request's id, or "" outside a request.
func RequestFrom(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Details are ids, counts and names of changed fields. Never a text that a person wrote.
type Details map[string]any

// Entry is one row of the audit log.
type Entry struct {
	ID        int64
	At        time.Time
	ActorKind ActorKind
	ActorID   int64
	Action    string // "booking.create", "event.cancel": thing, dot, verb
	Entity    string // table name of what was acted on
	EntityID  int64
	Details   string // JSON
	RequestID string
}

// TableName is the table that entries live in.
func (Entry) TableName() string { return "audit_entries" }

// Record writes an entry in the caller's transaction: what is rolled back was not done and is not recorded.
// The actor and the request come from ctx.
func Record(ctx context.Context, tx *database.Tx, action, entity string, id int64, details Details) error {
	text, err := details.text()
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	a := ActorFrom(ctx)
	err = tx.Exec(`INSERT INTO audit_entries (at, actor_kind, actor_id, action, entity, entity_id, details, request_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, tx.Now(), string(a.Kind), a.ID, action, entity, id, text, RequestFrom(ctx)).Error
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	return nil
}

// Item is one of many things that were done alike.
type Item struct {
	ID      int64 // of what was acted on
	Details Details
}

// RecordEach is Record for many things that were done alike in one transaction.
func RecordEach(ctx context.Context, tx *database.Tx, action, entity string, items []Item) error {
	a, now, request := ActorFrom(ctx), tx.Now(), RequestFrom(ctx)
	rows := make([][]any, len(items))
	for i, item := range items {
		text, err := item.Details.text()
		if err != nil {
			return fmt.Errorf("audit %s: %w", action, err)
		}
		rows[i] = []any{now, string(a.Kind), a.ID, action, entity, item.ID, text, request}
	}
	_, err := tx.ExecMany(`INSERT INTO audit_entries (at, actor_kind, actor_id, action, entity, entity_id, details, request_id) VALUES `,
		`(?, ?, ?, ?, ?, ?, ?, ?)`, ``, rows)
	if err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	return nil
}

// text is the details as the log keeps them.
func (d Details) text() (string, error) {
	if len(d) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(d)
	return string(b), err
}
