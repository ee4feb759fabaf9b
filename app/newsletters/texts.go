package newsletters

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Text is one text of an update: a row of the table update_texts. Its words are never changed; every text is kept.
type Text struct {
	ID        int64
	UpdateID  int64
	BasedOn   int64 // the text that its writer had before them; 0 for the first
	Aside     bool  // somebody else saved meanwhile: kept beside the text that counts
	Content   string
	Made      Made
	SettledAt *time.Time // of one aside: somebody has taken from it what they wanted
	StaffID   *int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table that texts live in.
func (Text) TableName() string { return "update_texts" }

// Made says how a text came about.
type Made string

// The ways.
const (
	Typed    Made = "typed"    // saved by a button
	Auto     Made = "auto"     // saved by itself while somebody wrote
	Copied   Made = "copied"   // from an earlier update
	Restored Made = "restored" // an earlier text, brought back
	Merged   Made = "merged"   // of two texts
	Frozen   Made = "frozen"   // for approval: with the events as they were
)

// Words says how a text came about, as staff read it.
func (m Made) Words() string {
	switch m {
	case Auto:
		return "Saved by itself"
	case Copied:
		return "Copied from an earlier update"
	case Restored:
		return "An earlier text, brought back"
	case Merged:
		return "Put together from two texts"
	case Frozen:
		return "Fixed for approval"
	case Typed:
	}
	return "Saved"
}

// NewUpdate is how an update begins.
type NewUpdate struct {
	Kind  Kind
	Title string
	From  int64 // an earlier update whose letter is the start; 0 begins with an empty one
}

// Create begins an update, as a draft. A letter copied from an earlier one keeps everything but its month, where the
// earlier title names one: that becomes the present.
func (s *Service) Create(ctx context.Context, n NewUpdate) (u Update, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return u, err
	}
	content, made, err := s.beginning(ctx, n)
	if err != nil {
		return u, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		u = Update{Kind: n.Kind, Title: content.Title, Purpose: "updates"}
		if err := begin(ctx, tx, &u, content, made); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "update.create", "updates", u.ID, audit.Details{"kind": u.Kind, "from": n.From})
	})
	return u, err
}

func (s *Service) beginning(ctx context.Context, n NewUpdate) (c Content, made Made, err error) {
	var problems fault.Fields
	if !n.Kind.Known() {
		problems.Add("kind", "Choose what it is")
	}
	if n.Title == "" && n.From == 0 {
		problems.Add("title", "Enter a title. You can change it later")
	}
	tooLong(&problems, "title", n.Title, maxTitleCharacters)
	if err := problems.Err(); err != nil {
		return c, Typed, err
	}
	if n.From == 0 {
		c, err = blank(n.Kind, n.Title).tidied()
		return c, Typed, err
	}
	earlier, err := readUpdate(s.DB.Read(ctx), n.From)
	if err == nil {
		c, err = earlier.content(s.DB.Read(ctx))
	}
	if err != nil {
		return c, Copied, err
	}
	c = c.thawed().renamed(n.Title, s.DB.Now().In(s.Config.Zone()))
	return c, Copied, nil
}

// blank is what to begin with.
func blank(kind Kind, title string) Content {
	if kind != StakeholderUpdate {
		return Content{Title: title, Sections: []Section{{Kind: TextSection}}}
	}
	return Content{Title: title, Opening: "Dear {name}", Nameless: "reader", Sections: []Section{{Kind: TextSection}}, Signatories: []Signatory{{}}}
}

// Writing is a letter as it was typed.
type Writing struct {
	Kind    Kind
	BasedOn int64 // the text that its writer had before them
	Content Content
	Made    Made
}

// TextConflict is what the second of two writers is told: another text was saved while they wrote, and theirs is kept
// aside, to take over from.
type TextConflict struct {
	Counts Text // the other's
	Aside  Text // theirs
}

const bothKept = "Somebody else saved this letter while you were writing. Both texts are kept."

// Error says what happened, in words that are safe to show.
func (c *TextConflict) Error() string { return c.Unwrap().Error() }

// Unwrap gives the fault, of kind Conflict.
func (c *TextConflict) Unwrap() error {
	return fault.New(fault.Conflict, bothKept)
}

// Save keeps a text of an update and makes it the one that counts. Where another was saved since the text that the
// writer had before them, theirs is kept aside and the error is a *TextConflict. Words that are the same as before make
// no new text. A letter that has left the house cannot be changed.
func (s *Service) Save(ctx context.Context, id int64, w Writing) (saved Text, err error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return saved, err
	}
	if w.Content, err = w.Content.thawed().tidied(); err != nil {
		return saved, err
	}
	var conflict *TextConflict
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		saved, conflict, err = s.save(ctx, tx, id, w)
		return err
	})
	if err == nil && conflict != nil {
		return conflict.Aside, conflict
	}
	return saved, err
}

func (s *Service) save(ctx context.Context, tx *database.Tx, id int64, w Writing) (Text, *TextConflict, error) {
	u, err := lock(tx, id)
	if err != nil {
		return Text{}, nil, err
	}
	if err := u.mustBe(Draft, Asked, Approved); err != nil {
		return Text{}, nil, err
	}
	counts, err := readText(tx.DB, u.ID, u.TextID)
	if err != nil {
		return Text{}, nil, err
	}
	// A text that was only fixed for approval meanwhile has the same words.
	upToDate := w.BasedOn == u.TextID || counts.Made == Frozen && counts.BasedOn == w.BasedOn
	nothing, err := nothingNew(tx, u, counts, w, upToDate)
	if err != nil || nothing {
		return counts, nil, err
	}
	t := Text{UpdateID: u.ID, BasedOn: w.BasedOn, Made: w.Made, Content: w.Content.text(), StaffID: audit.StaffID(ctx), Aside: !upToDate}
	if t.Aside {
		again, err := keptAlready(tx, t)
		switch {
		case err != nil || again.SettledAt != nil:
			return counts, nil, err
		case again.ID != 0:
			return again, &TextConflict{Counts: counts, Aside: again}, nil
		}
		err = s.putAside(ctx, tx, &t)
		return t, &TextConflict{Counts: counts, Aside: t}, err
	}
	return t, nil, s.replace(ctx, tx, u, w, &t)
}

// keptAlready finds the same words of the same writer on the same base aside: a browser that was not told whether they
// arrived sends them again. Its id is 0 where there are none.
func keptAlready(tx *database.Tx, t Text) (again Text, err error) {
	var asides []Text
	err = tx.Raw(`SELECT * FROM update_texts WHERE update_id = ? AND aside AND based_on = ? AND content = ? ORDER BY id DESC LIMIT 1`,
		t.UpdateID, t.BasedOn, t.Content).Scan(&asides).Error
	if err != nil || len(asides) == 0 {
		return again, err
	}
	return asides[0], nil
}

// nothingNew says whether the writing changes nothing: it is what counts already, or its writer has not touched what
// they had before them.
func nothingNew(tx *database.Tx, u Update, counts Text, w Writing, upToDate bool) (bool, error) {
	if same, err := counts.says(w.Content); err != nil || same {
		return same && (w.Kind == "" || w.Kind == u.Kind || !upToDate), err
	}
	if upToDate {
		return false, nil
	}
	before, err := readText(tx.DB, u.ID, w.BasedOn)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil || before.Aside {
		return false, err
	}
	return before.says(w.Content)
}

// says tells whether the words of a text are those of a content.
func (t Text) says(c Content) (bool, error) {
	mine, err := readContent(t.Content)
	return err == nil && mine.thawed().text() == c.thawed().text(), err
}

// replace makes a text the one that counts.
func (s *Service) replace(ctx context.Context, tx *database.Tx, u Update, w Writing, t *Text) error {
	if err := addText(tx, &u, t); err != nil {
		return err
	}
	slug, err := freeSlug(tx, w.Content.Title, u.ID)
	if err != nil {
		return err
	}
	if w.Kind == "" || !w.Kind.Known() {
		w.Kind = u.Kind
	}
	if err := tx.Exec(`UPDATE updates SET title = ?, kind = ?, slug = ? WHERE id = ?`, w.Content.Title, w.Kind, slug, u.ID).Error; err != nil {
		return fmt.Errorf("store update %d: %w", u.ID, err)
	}
	if err := s.touched(ctx, tx, u.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "update.write", "updates", u.ID, audit.Details{"text": t.ID, "made": t.Made, "ended_approval": u.State != Draft})
}

// putAside keeps a text beside the one that counts. One that goes on from another aside takes its place.
func (s *Service) putAside(ctx context.Context, tx *database.Tx, t *Text) error {
	if err := tx.Exec(`UPDATE update_texts SET settled_at = ? WHERE id = ? AND update_id = ? AND aside AND settled_at IS NULL`, tx.Now(), t.BasedOn, t.UpdateID).Error; err != nil {
		return fmt.Errorf("settle a text aside: %w", err)
	}
	if err := storeText(tx, t); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "update.aside", "updates", t.UpdateID, audit.Details{"text": t.ID})
}
