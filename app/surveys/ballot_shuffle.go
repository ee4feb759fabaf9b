package surveys

import (
	"context"
	"fmt"
	"time"

	"conversations/app/database"
	"conversations/app/jobs"
)

// ShuffleJob forgets the order in which anonymous answers came, once a minute.
func (s *Service) ShuffleJob() jobs.Job {
	return jobs.Job{Name: "ballots", Every: time.Minute, Run: s.Shuffle}
}

// Shuffle takes away the order in which PostgreSQL keeps rows, which is that of writing: it writes the rows of every
// anonymous survey that was answered since once more, in a random order. SQLite keeps rows by their keys, which are
// random, so there it has nothing to do.
func (s *Service) Shuffle(ctx context.Context) error {
	if s.DB.Dialect != database.Postgres {
		return nil
	}
	var list []int64
	if err := s.DB.Read(ctx).Raw("SELECT id FROM surveys WHERE anonymous AND state <> 'draft' ORDER BY id").Scan(&list).Error; err != nil {
		return fmt.Errorf("find anonymous surveys: %w", err)
	}
	for _, id := range list {
		written, err := s.writtenSince(ctx, id)
		if err == nil && written {
			err = s.DB.Write(ctx, func(tx *database.Tx) error { return shuffle(tx, id) })
		}
		if err != nil {
			return fmt.Errorf("shuffle the ballots of survey %d: %w", id, err)
		}
	}
	return nil
}

// rowsOf are the rows of a survey that hang on ballots, or are as private.
var rowsOf = []struct{ table, of string }{
	{"survey_responses", "survey_id = ?"},
	{"survey_answers", "response_id IN (SELECT id FROM survey_responses WHERE survey_id = ?)"},
	{"survey_respondents", "survey_id = ?"},
}

// writtenSince says whether rows of a survey were written in more than one transaction: after a shuffle they are of one.
func (s *Service) writtenSince(ctx context.Context, surveyID int64) (written bool, err error) {
	for _, rows := range rowsOf {
		var transactions int
		err := s.DB.Read(ctx).Raw("SELECT count(DISTINCT xmin::text) FROM "+rows.table+" WHERE "+rows.of, surveyID).Scan(&transactions).Error
		if err != nil || transactions > 1 {
			return err == nil, err
		}
	}
	return false, nil
}

// shuffle writes the rows of a survey anew. Whoever answers meanwhile waits.
func shuffle(tx *database.Tx, surveyID int64) error {
	if err := tx.Exec("LOCK TABLE survey_responses, survey_answers, survey_respondents IN EXCLUSIVE MODE").Error; err != nil {
		return err
	}
	for _, rows := range rowsOf {
		if err := rewrite(tx, rows.table, rows.of, surveyID); err != nil {
			return err
		}
	}
	return nil
}

// rewrite takes rows out and puts them back in a random order, in one statement, so that what leads to them holds.
func rewrite(tx *database.Tx, table, of string, surveyID int64) error {
	return tx.Exec("WITH taken AS (DELETE FROM "+table+" WHERE "+of+" RETURNING *) INSERT INTO "+table+" SELECT * FROM taken ORDER BY random()", surveyID).Error
}
