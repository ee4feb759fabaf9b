package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/mail"
)

// maxSentBackCharacters bounds why an answer is sent back.
const maxSentBackCharacters = 1000

// frozenAction is what the website says: fixed when it is approved. Of quotes it has the ids alone, so that their words go
// from the website with the permission, whatever was approved.
type frozenAction struct {
	Theme     string      `json:"theme"`
	ThemeID   int64       `json:"theme_id,omitempty"`
	Locality  string      `json:"locality,omitempty"`
	Title     string      `json:"title"`
	Said      string      `json:"said"`
	Decided   string      `json:"decided"`
	State     ActionState `json:"state"`
	Owner     string      `json:"owner,omitempty"`
	DueOn     string      `json:"due_on,omitempty"`
	DoneOn    string      `json:"done_on,omitempty"`
	Evidence  string      `json:"evidence,omitempty"`
	Paper     string      `json:"paper,omitempty"`
	PaperHref string      `json:"paper_href,omitempty"`
	Quotes    []int64     `json:"quotes,omitempty"`
}

func (d ActionDetail) freeze() string {
	f := frozenAction{Theme: d.Theme.Name, ThemeID: d.ThemeID, Locality: d.Locality, Title: d.Title, Said: d.Said, Decided: d.Decided, State: d.State, Owner: d.Owner, DueOn: d.DueOn, DoneOn: d.DoneOn, Evidence: d.Evidence}
	for _, q := range d.Quotes {
		f.Quotes = append(f.Quotes, q.ID)
	}
	if d.Paper != nil {
		f.Paper, f.PaperHref = d.Paper.Title, d.Paper.Href
	}
	text, err := json.Marshal(f)
	if err != nil { // it holds texts and numbers alone
		panic(err)
	}
	return string(text)
}

// AskToPublish asks colleagues to look at an answer as it stands at a version. A Conflict fault says what is missing.
func (s *Service) AskToPublish(ctx context.Context, id int64, version int) (Action, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return Action{}, err
	}
	return s.alterAction(ctx, id, version, "action.ask_approval", func(tx *database.Tx, a *Action, _ *actionText) error {
		if a.Approval == ActionAsked || a.Approval == ActionPublished {
			return fault.New(fault.Conflict, "This answer is not a draft.")
		}
		if missing := a.missing(); missing != "" {
			return fault.New(fault.Conflict, missing)
		}
		at := tx.Now()
		a.Approval, a.AskedBy, a.AskedAt = ActionAsked, audit.StaffID(ctx), &at
		return s.tellWhoMayPublish(ctx, tx, *a)
	})
}

// missing says what must be written before an answer can be published; "" is nothing.
func (a Action) missing() string {
	switch {
	case a.Said == "":
		return "Say first what people told us."
	case a.Decided == "":
		return "Say first what we decided, what we did, or why not."
	case a.Owner == "":
		return "Say first which office looks after it."
	case !a.State.Over() && a.DueOn == "":
		return "Say first by when it will be done."
	}
	return ""
}

// Publish approves an answer as it was asked for, and puts it on the website. Where the configuration asks for two people,
// neither who asked nor who wrote it last can.
func (s *Service) Publish(ctx context.Context, id int64, version int) (a Action, err error) {
	d, err := s.Action(ctx, id)
	if err != nil {
		return a, err
	}
	a, err = s.alterAction(ctx, id, version, "action.publish", func(tx *database.Tx, a *Action, _ *actionText) error {
		if a.Approval != ActionAsked {
			return fault.New(fault.Conflict, "Nobody asked for approval of this answer.")
		}
		if err := s.mayPublish(ctx, tx.DB, *a); err != nil {
			return err
		}
		at := tx.Now()
		a.Approval, a.ApprovedBy, a.PublishedAt, a.Published = ActionPublished, audit.StaffID(ctx), &at, d.freeze()
		tx.AfterCommit(s.said.forget)
		return nil
	})
	return a, err
}

// WhyNotPublish says why whoever looks cannot approve an answer; "" where they can.
func (s *Service) WhyNotPublish(ctx context.Context, a Action) (string, error) {
	err := s.mayPublish(ctx, s.DB.Read(ctx), a)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Conflict {
		return f.Message, nil
	}
	return "", err
}

func (s *Service) mayPublish(ctx context.Context, q *gorm.DB, a Action) error {
	me := audit.ActorFrom(ctx)
	if !s.Config.Updates.TwoPeople || me.Kind != audit.Staff {
		return nil
	}
	if a.AskedBy != nil && *a.AskedBy == me.ID {
		return fault.New(fault.Conflict, "You asked for approval, so somebody else has to approve it.")
	}
	writer, err := lastWriterOf(q, a.ID)
	if err != nil {
		return err
	}
	if writer == me.ID {
		return fault.New(fault.Conflict, "You wrote this answer last, so somebody else has to approve it.")
	}
	return nil
}

// lastWriterOf is who changed the words of an answer last, 0 where that was the program itself.
func lastWriterOf(q *gorm.DB, id int64) (staff int64, err error) {
	steps, err := actionHistory(q, id)
	for _, step := range steps {
		if step.By != nil && (len(step.Fields) > 0 || step.What == begun) {
			return *step.By, nil
		}
	}
	return 0, err
}

// SendBack makes an answer that waits for approval a draft again. A reason is needed but from whoever asked.
func (s *Service) SendBack(ctx context.Context, id int64, version int, reason string) (Action, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return Action{}, err
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > maxSentBackCharacters {
		return Action{}, fault.Fields{{Name: "reason", Message: fmt.Sprintf("Say it in %d letters or fewer", maxSentBackCharacters)}}.Err()
	}
	return s.alterAction(ctx, id, version, "action.send_back", func(_ *database.Tx, a *Action, t *actionText) error {
		if a.Approval != ActionAsked {
			return fault.New(fault.Conflict, "Nobody asked for approval of this answer.")
		}
		mine := a.AskedBy != nil && *a.AskedBy == audit.ActorFrom(ctx).ID
		if reason == "" && !mine {
			return fault.Fields{{Name: "reason", Message: "Say what should be changed"}}.Err()
		}
		a.Approval, a.AskedBy, a.AskedAt, t.Reason = ActionDraft, nil, nil, reason
		return nil
	})
}

// TakeOff takes an answer off the website at once. It stays here, and can be published again.
func (s *Service) TakeOff(ctx context.Context, id int64, version int) (Action, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return Action{}, err
	}
	return s.alterAction(ctx, id, version, "action.withdraw", func(tx *database.Tx, a *Action, _ *actionText) error {
		if !a.Public() {
			return fault.New(fault.Conflict, "This answer is not on the website.")
		}
		a.Approval, a.Published, a.PublishedAt, a.AskedBy, a.AskedAt, a.ApprovedBy = ActionWithdrawn, "", nil, nil, nil, nil
		tx.AfterCommit(s.said.forget)
		return nil
	})
}

// tellWhoMayPublish writes to the colleagues who can approve an answer.
func (s *Service) tellWhoMayPublish(ctx context.Context, tx *database.Tx, a Action) error {
	colleagues, err := accounts.WhoMay(tx.DB, accounts.ManageFeedback)
	if err != nil {
		return err
	}
	me := audit.ActorFrom(ctx)
	for _, c := range colleagues {
		if c.ID == me.ID {
			continue
		}
		subject := "Please look at: " + a.Title
		err := s.Outbox.Enqueue(tx, mail.Message{
			Key: fmt.Sprintf("action:%d:%d:asked:%d", a.ID, a.Version+1, c.ID), Kind: "staff.action-asked", About: actionsTable, AboutID: a.ID, To: c.Email, ToName: c.Name, Subject: subject,
			Blocks: []mail.Block{
				mail.Heading(subject), mail.Paragraph("Dear " + c.Name + ","),
				mail.Paragraph(me.Name + " asks for approval of \"" + a.Title + "\", an answer to what people told us. When you approve it, it is on the website."),
				mail.Button("Look at it", s.Links.URL(actionPath(a.ID))),
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func inUse(title string) error {
	return fault.New(fault.Conflict, "The answer \""+title+"\" points to this document. Choose another one there first.")
}
