package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/disclosure"
	"conversations/app/fault"
)

// Release is what was published of a survey at once: a row of the table survey_releases.
type Release struct {
	ID         int64
	SurveyID   int64
	Tables     string // JSON: Published
	Digest     string // SHA-256 of it
	ReleasedBy *int64
	ReleasedAt time.Time
}

// TableName is the table that releases live in.
func (Release) TableName() string { return "survey_releases" }

// Published is what everybody can see of the answers: no number in it, and no difference of numbers, is one to four people.
type Published struct {
	By      string             `json:"by,omitempty"` // what every question is also counted by; see Breakdowns
	ByLabel string             `json:"by_label,omitempty"`
	Parts   []PublishedPart    `json:"parts"`
	Counts  disclosure.Release `json:"counts"`
}

// PublishedPart is one thing that is counted: a question, a row of a grid, or an answer of several.
type PublishedPart struct {
	Key      string `json:"key"`
	Question int64  `json:"question"` // id
	Label    string `json:"label"`    // of the question
	About    string `json:"about,omitempty"`
	Kind     Kind   `json:"kind"`
}

// Preview is what would be published now.
type Preview struct {
	Form       Form
	By         string // what the questions are also counted by
	Fixed      bool   // an earlier release has settled that
	Breakdowns []Side // what can be chosen
	Last       *Release
	Shown      bool // the page with results is up
	TooFew     bool // nothing can be published now
	Published  Published
	Digest     string // of what is shown: to publish just this
}

// PreviewRelease shows what would be published, with the last release before it; by is what the questions are counted by
// besides, as far as no earlier release has settled it. It needs the right to manage surveys.
func (s *Service) PreviewRelease(ctx context.Context, surveyID int64, by string) (Preview, error) {
	if err := mayBuild(ctx); err != nil {
		return Preview{}, err
	}
	return s.preview(ctx, s.DB.Read(ctx), surveyID, by)
}

func (s *Service) preview(ctx context.Context, read *gorm.DB, surveyID int64, by string) (p Preview, err error) {
	c, err := readCatalogue(read, surveyID)
	if err != nil {
		return p, err
	}
	p = Preview{Form: c.form, By: by, Breakdowns: c.breakdowns(), Shown: c.form.Survey.PublicResults}
	last, err := lastRelease(read, surveyID)
	if err != nil {
		return p, err
	}
	var earlier *Published
	if last != nil {
		if earlier, err = last.read(); err != nil {
			return p, err
		}
		p.Last, p.Fixed, p.By = last, true, earlier.By
	}
	n, err := s.countRelease(ctx, read, &c, p.By, last)
	if err != nil {
		return p, err
	}
	var counts *disclosure.Release
	if earlier != nil {
		counts = &earlier.Counts
	}
	p.Published = Published{By: p.By, ByLabel: n.by.label, Parts: n.parts}
	p.Published.Counts, err = disclosure.PublishAll(n.people, n.tables(), n.severals(), counts)
	if p.TooFew = errors.Is(err, disclosure.ErrTooFew); p.TooFew {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("make a release of survey %d: %w", surveyID, err)
	}
	_, p.Digest, err = p.Published.text()
	return p, err
}

func (p Published) text() (text, digest string, err error) {
	b, err := json.Marshal(p)
	sum := sha256.Sum256(b)
	return string(b), hex.EncodeToString(sum[:]), err
}

func (r Release) read() (*Published, error) {
	var p Published
	if err := json.Unmarshal([]byte(r.Tables), &p); err != nil {
		return nil, fmt.Errorf("read release %d: %w", r.ID, err)
	}
	return &p, nil
}

// lastRelease is nil where nothing was published yet.
func lastRelease(read *gorm.DB, surveyID int64) (*Release, error) {
	var r Release
	err := database.First(read.Raw("SELECT * FROM survey_releases WHERE survey_id = ? ORDER BY id DESC LIMIT 1", surveyID), &r)
	if database.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last release of survey %d: %w", surveyID, err)
	}
	return &r, nil
}

// Publish makes a release of just what was shown, and puts the page with results up. The error is a Conflict where answers
// came in meanwhile, or where too few have.
func (s *Service) Publish(ctx context.Context, surveyID int64, by, digest string) error {
	seen, err := s.PreviewRelease(ctx, surveyID, by)
	if err != nil {
		return err
	}
	if seen.TooFew {
		return fault.New(fault.Conflict, "Fewer than five people have answered, or fewer than five more than at the last time. Wait for more answers.")
	}
	if seen.Form.Survey.State == Draft {
		return fault.New(fault.Conflict, "This survey is a draft. There is nothing to publish.")
	}
	if seen.Digest != digest {
		return fault.New(fault.Conflict, "Answers came in while you were looking. Look at the new numbers, and publish them then.")
	}
	text, digest, err := seen.Published.text()
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		if _, err := lockSurvey(tx, surveyID); err != nil {
			return err
		}
		last, err := lastRelease(tx.DB, surveyID)
		if err != nil {
			return err
		}
		if (last == nil) != (seen.Last == nil) || last != nil && last.ID != seen.Last.ID {
			return fault.New(fault.Conflict, "Somebody else has just published results. Look at them first.")
		}
		r := Release{SurveyID: surveyID, Tables: text, Digest: digest, ReleasedBy: audit.StaffID(ctx), ReleasedAt: tx.Now()}
		if err := tx.Create(&r).Error; err != nil {
			return fmt.Errorf("store a release: %w", err)
		}
		if err := showResults(tx, surveyID, true); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "survey.publish", "surveys", surveyID, audit.Details{"release": r.ID, "people": seen.Published.Counts.People, "by": seen.By, "digest": digest})
	})
}

// ShowResults takes the page with results down, or puts it up again as it was last published. What was published stays on
// record: people may have kept it.
func (s *Service) ShowResults(ctx context.Context, surveyID int64, show bool) error {
	if err := mayBuild(ctx); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		if _, err := lockSurvey(tx, surveyID); err != nil {
			return err
		}
		last, err := lastRelease(tx.DB, surveyID)
		if err != nil {
			return err
		}
		if last == nil {
			return fault.New(fault.Conflict, "Nothing has been published yet.")
		}
		if err := showResults(tx, surveyID, show); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "survey.show_results", "surveys", surveyID, audit.Details{"shown": show})
	})
}

func showResults(tx *database.Tx, surveyID int64, show bool) error {
	if err := tx.Exec("UPDATE surveys SET public_results = ? WHERE id = ?", show, surveyID).Error; err != nil {
		return fmt.Errorf("show the results of survey %d: %w", surveyID, err)
	}
	return nil
}

// PublishedResults is what everybody sees: the last release. NotFound where the page is not up.
func (s *Service) PublishedResults(ctx context.Context, slug string) (form Form, p Published, at time.Time, err error) {
	if form, err = s.BySlug(ctx, slug, ""); err != nil {
		return form, p, at, err
	}
	last, err := lastRelease(s.DB.Read(ctx), form.Survey.ID)
	if err != nil {
		return form, p, at, err
	}
	if last == nil || !form.Survey.PublicResults {
		return form, p, at, fault.New(fault.NotFound, "The results of this survey are not published.")
	}
	read, err := last.read()
	if err != nil {
		return form, p, at, err
	}
	return form, *read, last.ReleasedAt, nil
}
