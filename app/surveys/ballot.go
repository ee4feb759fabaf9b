package surveys

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"gorm.io/gorm"

	"conversations/app/database"
	"conversations/app/fault"
)

// An anonymous survey is answered on ballots: rows of survey_responses that are there before anybody answers, alike but
// for their random ids. Whoever begins gets any of them; nothing is kept of who got which. Why it is done so, and what it
// cannot hide, is in docs/decisions/0012-anonymous-ballots.md.
const (
	ballotsAtOnce = 200 // are laid out in one go, never one alone
	spareBallots  = 100 // lie ready beyond those that are invited
)

// Enough says whether so many people have answered that something of the answers may be shown: of an anonymous survey
// from five on.
func (s *Service) Enough(form Form, n int) bool { return !form.Survey.Anonymous || n >= fewest }

// beginBallot gives somebody with the open link a ballot.
func (s *Service) beginBallot(ctx context.Context, form Form) (token string, err error) {
	var id int64
	err = s.DB.Write(ctx, func(tx *database.Tx) (err error) {
		id, err = takeBallot(tx, form)
		return err
	})
	return s.Links.Token(LinkPurpose, id), err
}

// takeBallot takes any of the ballots that lie ready.
func takeBallot(tx *database.Tx, form Form) (id int64, err error) {
	if _, err := lockSurvey(tx, form.Survey.ID); err != nil { // one at a time
		return 0, err
	}
	free, err := freeBallots(tx.DB, form.Survey.ID)
	if err == nil && free == 0 {
		err = layBallots(tx, form.Survey, ballotsAtOnce)
		free = ballotsAtOnce
	}
	if err != nil {
		return 0, err
	}
	const any = "SELECT id FROM survey_responses WHERE survey_id = ? AND state = 'ballot' ORDER BY id LIMIT 1 OFFSET ?"
	if err := tx.Row(any, form.Survey.ID, below(free)).Scan(&id); err != nil {
		return 0, fmt.Errorf("take a ballot of survey %d: %w", form.Survey.ID, err)
	}
	taken := tx.Exec("UPDATE survey_responses SET state = 'draft', language = ? WHERE id = ? AND state = 'ballot'", form.Language, id)
	if taken.Error == nil && taken.RowsAffected != 1 {
		return 0, fault.New(fault.Unavailable, "Please press Start again.")
	}
	return id, taken.Error
}

func freeBallots(q *gorm.DB, surveyID int64) (free int, err error) {
	err = q.Raw("SELECT count(*) FROM survey_responses WHERE survey_id = ? AND state = 'ballot'", surveyID).Scan(&free).Error
	if err != nil {
		return 0, fmt.Errorf("count the ballots of survey %d: %w", surveyID, err)
	}
	return free, nil
}

// below is any number from 0 to n-1, each as likely as the others.
func below(n int) int64 {
	at, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil { // never fails
		panic(err)
	}
	return at.Int64()
}

// layBallots makes ballots ready.
func layBallots(tx *database.Tx, survey Survey, n int) error {
	ballots := make([]Response, n)
	for i := range ballots {
		ballots[i] = Response{ID: randomID(), SurveyID: survey.ID, State: Ballot, Channel: "online", Language: survey.LanguageList()[0]}
	}
	if err := tx.Create(&ballots).Error; err != nil {
		return fmt.Errorf("lay out ballots of survey %d: %w", survey.ID, err)
	}
	return nil
}

// LayBallots sees to it that every anonymous survey that is open has a ballot ready for each invitation that was not
// used, and some to spare. It is work for a job, and comes before invitations go out.
func (s *Service) LayBallots(ctx context.Context) error {
	var open []Survey
	if err := s.DB.Read(ctx).Raw("SELECT * FROM surveys WHERE anonymous AND state = 'open' ORDER BY id").Scan(&open).Error; err != nil {
		return fmt.Errorf("find anonymous surveys: %w", err)
	}
	for _, survey := range open {
		if err := s.ballotsFor(ctx, survey, 0); err != nil {
			return err
		}
	}
	return nil
}

// ballotsFor lays out what is missing for the invitations of a survey, and for so many more.
func (s *Service) ballotsFor(ctx context.Context, survey Survey, more int) error {
	if !survey.Anonymous {
		return nil
	}
	for {
		missing, err := missingBallots(s.DB.Read(ctx), survey.ID, more)
		if err != nil || missing <= 0 {
			return err
		}
		err = s.DB.Write(ctx, func(tx *database.Tx) error {
			if _, err := lockSurvey(tx, survey.ID); err != nil {
				return err
			}
			return layBallots(tx, survey, ballotsAtOnce)
		})
		if err != nil {
			return err
		}
	}
}

func missingBallots(q *gorm.DB, surveyID int64, more int) (missing int, err error) {
	free, err := freeBallots(q, surveyID)
	if err != nil {
		return 0, err
	}
	var unused int
	if err := q.Raw("SELECT count(*) FROM survey_invitations WHERE survey_id = ? AND NOT used", surveyID).Scan(&unused).Error; err != nil {
		return 0, fmt.Errorf("count the invitations to survey %d: %w", surveyID, err)
	}
	return unused + more + spareBallots - free, nil
}
