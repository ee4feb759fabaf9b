package surveys

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Entry is what somebody typed from a form on paper, or while a person telephoned.
type Entry struct {
	Page     int64  // random, of the page on which it was typed: a page that is sent twice is one form. 0 for none
	Language string // of the form; "" is the survey's first
	Answers  Answers
}

// Entered is a form that was stored.
type Entered struct {
	ID     int64
	Code   string // the number to write on it
	Drawn  bool   // it is to be entered a second time
	Unread []int  // numbers of questions that are kept as "cannot read", because the answers on paper shut each other out
}

// EnterForm stores one form of a batch. Nothing must be answered on paper. The error is an Invalid fault with a message
// at each field, and a Conflict where the batch takes no forms.
func (s *Service) EnterForm(ctx context.Context, surveyID, batchID int64, e Entry) (done Entered, err error) {
	if err := mayBuild(ctx); err != nil {
		return done, err
	}
	err = s.again(ctx, surveyID, func(form Form) error {
		kept, unread, err := form.fromPaper(e.Answers)
		if err != nil {
			return err
		}
		if len(kept) == 0 {
			return fault.New(fault.Invalid, "Nothing is answered on this form, so there is nothing to save.")
		}
		return s.DB.Write(ctx, func(tx *database.Tx) error {
			b, err := batchOf(tx, surveyID, batchID)
			if err != nil {
				return err
			}
			there, err := sentBefore(tx, b, e.Page, &done)
			if err == nil && !there {
				done, err = s.storeForm(ctx, tx, form, b, Entry{Page: e.Page, Language: e.Language, Answers: kept})
			}
			done.Unread = unread
			return err
		})
	})
	return done, err
}

// sentBefore finds the form that a page became when it was sent before.
func sentBefore(tx *database.Tx, b Batch, page int64, done *Entered) (there bool, err error) {
	const find = `SELECT id, EXISTS (SELECT 1 FROM survey_checks c WHERE c.response_id = survey_responses.id) FROM survey_responses WHERE id = ? AND batch_id = ?`
	err = tx.Row(find, page, b.ID).Scan(&done.ID, &done.Drawn)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	done.Code = formCode(done.ID)
	return err == nil, err
}

// again does something with a survey's form, and once more where the survey was changed meanwhile.
func (s *Service) again(ctx context.Context, surveyID int64, do func(Form) error) error {
	for range tries {
		form, err := s.FormOf(ctx, surveyID, "")
		if err != nil {
			return err
		}
		if err = do(form); !errors.Is(err, errChanged) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "The survey is being changed just now. Please try again in a minute.")
}

// storeForm stores a form of a batch, and draws whether it is to be entered a second time.
func (s *Service) storeForm(ctx context.Context, tx *database.Tx, form Form, b Batch, e Entry) (done Entered, err error) {
	if err := s.takesPaper(tx, b.SurveyID); err != nil {
		return done, err
	}
	if !b.Takes() {
		return done, fault.New(fault.Conflict, "This batch is closed. Open it again to enter more forms.")
	}
	r := s.paperResponse(ctx, tx, form, b, e)
	if r.ID, err = freeID(tx, b.ID, e.Page); err != nil {
		return done, err
	}
	if done.Drawn, err = drawn(tx, b); err != nil {
		return done, err
	}
	if err := storeResponse(tx, form, r, e.Answers); err != nil {
		return done, err
	}
	if err := storeContacts(tx, r, form.questions(), e.Answers); err != nil {
		return done, err
	}
	if done.Drawn {
		if err := tx.Exec("INSERT INTO survey_checks (response_id, batch_id) VALUES (?, ?)", r.ID, b.ID).Error; err != nil {
			return done, fmt.Errorf("draw a form of batch %d: %w", b.ID, err)
		}
	}
	done.ID, done.Code = r.ID, formCode(r.ID)
	if err := s.submitted(ctx, tx, form.Survey, r); err != nil {
		return done, err
	}
	return done, audit.Record(ctx, tx, "survey_batch.enter", "survey_batches", b.ID, form.Survey.naming(r.ID))
}

// paperResponse is the response that a form of a batch becomes.
func (s *Service) paperResponse(ctx context.Context, tx *database.Tx, form Form, b Batch, e Entry) Response {
	r := Response{SurveyID: b.SurveyID, State: Complete, Channel: b.Channel, Language: form.languageOr(e.Language), Locality: s.localityOf(form, e.Answers, b.Locality), EventID: b.EventID,
		BatchID: &b.ID, EnteredBy: audit.StaffID(ctx)}
	if r.Locality == "" {
		r.Locality = b.Locality
	}
	if r.EventID == nil {
		r.EventID = form.Survey.EventID
	}
	if form.Survey.Anonymous { // no times are kept, of paper neither, and few may read another language
		r.Language = form.languageOr("")
		return r
	}
	now := tx.Now()
	r.SubmittedAt = &now
	return r
}

// storeResponse stores a response with its answers to all questions of a form.
func storeResponse(tx *database.Tx, form Form, r Response, answers Answers) error {
	if err := tx.Create(&r).Error; err != nil {
		return fmt.Errorf("store a response: %w", err)
	}
	if err := storeAnswers(tx, r.ID, form.questions(), answers, nil); err != nil {
		return err
	}
	return Answering{Form: form}.unchanged(tx)
}

// questions are those of all sections, in order.
func (f Form) questions() (list []FormQuestion) {
	for _, section := range f.Sections {
		list = append(list, section.Questions...)
	}
	return list
}

// languageOr is the language where the survey has it, else its first.
func (f Form) languageOr(language string) string {
	if languages := f.Survey.LanguageList(); !slices.Contains(languages, language) {
		return languages[0]
	}
	return language
}

// naming is what the audit log says of one response. Of an anonymous survey it does not say which: the log has times.
func (s Survey) naming(responseID int64) audit.Details {
	if s.Anonymous {
		return nil
	}
	return audit.Details{"response": responseID}
}

// drawn says whether the next form of a batch is one of those that are entered a second time. Of each run of forms the
// share is drawn at random, so that nobody can know before a form is saved.
func drawn(tx *database.Tx, b Batch) (bool, error) {
	var entered, before int
	err := tx.Row(`SELECT (SELECT count(*) FROM survey_responses WHERE batch_id = ? AND second_of IS NULL), (SELECT count(*) FROM survey_checks WHERE batch_id = ?)`, b.ID, b.ID).Scan(&entered, &before)
	if err != nil {
		return false, fmt.Errorf("count the forms of batch %d: %w", b.ID, err)
	}
	run, wanted := b.run()
	left, place := wanted-max(0, before-wanted*(entered/run)), entered%run
	if left <= 0 {
		return false, nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(int64(run-place)))
	return err == nil && n.Int64() < int64(left), err
}

// run is how many forms are drawn of how many.
func (b Batch) run() (of, wanted int) {
	divisor := 100
	for b.Share > 0 && (100%divisor != 0 || b.Share%divisor != 0) {
		divisor--
	}
	of, wanted = 100/divisor, b.Share/divisor
	if b.Forms > 0 && b.Forms < of && b.Share > 0 { // a small pile: one at least
		of, wanted = b.Forms, max(1, (b.Forms*b.Share+50)/100)
	}
	return of, wanted
}

// codeLetters are those that nobody takes for another.
const (
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLength  = 4
	codeMask    = 1<<20 - 1 // five bits for each letter
)

// formCode is the number of a form that is written on it. It is random, as the id is of which it is the end.
func formCode(id int64) string {
	code := make([]byte, codeLength)
	for i := range code {
		code[i] = codeLetters[id>>(5*i)&31]
	}
	return string(code)
}

// freeID is an id that no other response has, and whose code no other form of the batch has: the wanted one where it is.
func freeID(tx *database.Tx, batchID, wanted int64) (int64, error) {
	for id := wanted; ; id = randomID() {
		if id <= 0 {
			continue
		}
		taken := 0
		err := tx.Row("SELECT count(*) FROM survey_responses WHERE id = ? OR batch_id = ? AND (id & ?) = ?", id, batchID, int64(codeMask), id&codeMask).Scan(&taken)
		if err != nil || taken == 0 {
			return id, err
		}
	}
}

// EnteredByCode finds a form of a batch by the number that is written on it. The error is an Invalid fault at "code".
func (s *Service) EnteredByCode(ctx context.Context, b Batch, code string) (id int64, err error) {
	if err := mayBuild(ctx); err != nil {
		return 0, err
	}
	code = strings.ToUpper(strings.TrimSpace(code))
	var ends int64
	for i, letter := range []byte(code) {
		at := strings.IndexByte(codeLetters, letter)
		if at < 0 || len(code) != codeLength {
			return 0, oneProblem("code", "Enter the number of a form, such as K7QX")
		}
		ends |= int64(at) << (5 * i)
	}
	err = s.DB.Read(ctx).Raw("SELECT id FROM survey_responses WHERE batch_id = ? AND second_of IS NULL AND (id & ?) = ?", b.ID, int64(codeMask), ends).Scan(&id).Error
	if err == nil && id == 0 {
		return 0, oneProblem("code", "No form of this batch has that number")
	}
	return id, err
}
