package surveys

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"conversations/app/database"
)

// FreeText is one text that somebody wrote in answer to a question, with what is known of who wrote it.
type FreeText struct {
	SurveyID   int64
	Survey     string // its title
	ResponseID int64
	QuestionID int64
	Question   string // its label as it is now, in the survey's first language
	Text       string // as written, in Language
	Language   string
	Channel    string
	Locality   string // slug; "" is not known
	EventID    *int64
	On         string            // the day on the survey's clocks, 2017-02-28; "" of an anonymous survey
	QuoteOK    bool              // said yes to being quoted, in the same response
	Recontact  bool              // said yes to being asked again
	Equality   map[string]string `gorm:"-"` // by topic, the codes of what the same response says of who wrote it
	Writer     Writer            `gorm:"embedded;embeddedPrefix:writer_"`
}

// Writer is who wrote a text: somebody who let us get in touch, else whom the survey was sent to. Of an anonymous survey, and
// of somebody who answered openly without a name, it is empty.
type Writer struct {
	Name, Email, Phone string
	Wording            string // of the question to which they said yes: exactly what they agreed to
}

// FreeTextPlace is a place in the order of all free texts. The zero value is before the first.
type FreeTextPlace struct{ ResponseID, QuestionID int64 }

// Place is where a text stands: give it as after to go on behind it.
func (f FreeText) Place() FreeTextPlace { return FreeTextPlace{f.ResponseID, f.QuestionID} }

// FreeTexts reads up to limit texts that people wrote, behind a place, of responses that count: sent, not set aside, and
// no paper twice. Equality questions are not among them. Of an anonymous survey there is nothing before it is closed and
// five have answered. The order is that of random ids and tells nothing of time, so what is new can come before a place:
// read from the start, or take each response as it comes with OnSubmitted. It needs the right to manage surveys.
func (s *Service) FreeTexts(ctx context.Context, after FreeTextPlace, limit int) ([]FreeText, error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	return readFreeTexts(s.DB.Read(ctx), "(r.id, q.id) > (?, ?) ORDER BY r.id, q.id LIMIT ?", after.ResponseID, after.QuestionID, limit)
}

// FreeTextsOf reads the texts of one response, for what OnSubmitted calls; none where the response does not count.
func (s *Service) FreeTextsOf(tx *database.Tx, responseID int64) ([]FreeText, error) {
	return readFreeTexts(tx.DB, "r.id = ? ORDER BY q.id", responseID)
}

// saidYes is whether a response says yes to a question of a kind.
func saidYes(kind Kind) string {
	return `EXISTS (SELECT 1 FROM survey_answers y JOIN survey_questions yq ON yq.id = y.question_id JOIN survey_choices yc ON yc.id = y.choice_id
		WHERE y.response_id = r.id AND yq.kind = '` + string(kind) + `' AND yc.code = 'yes')`
}

// closedEnough says that an anonymous survey is over, and that enough people answered to show what they wrote.
var closedEnough = fmt.Sprintf(`s.state IN ('closed', 'archived') AND %d <= (SELECT count(*) FROM survey_responses n
	WHERE n.survey_id = s.id AND n.state = 'complete' AND n.second_of IS NULL)`, fewest)

// writer and writers find who wrote a response r to a survey s. What an anonymous survey holds is not even looked for.
var writer = func() string {
	var columns []string
	for _, c := range []string{"name", "email", "phone"} {
		columns = append(columns, fmt.Sprintf("CASE WHEN w.id IS NOT NULL THEN w.%[1]s ELSE coalesce(o.%[1]s, b.%[1]s, '') END AS writer_%[1]s", c))
	}
	return strings.Join(append(columns, "coalesce(w.wording, '') AS writer_wording"), ", ")
}()

const writers = ` LEFT JOIN survey_respondents w ON w.response_id = r.id AND NOT s.anonymous
		LEFT JOIN survey_invitations i ON i.id = r.invitation_id AND NOT s.anonymous
		LEFT JOIN contacts invited ON invited.id = i.contact_id LEFT JOIN contacts o ON o.id = coalesce(invited.merged_into, invited.id) LEFT JOIN bookings b ON b.id = i.booking_id`

func readFreeTexts(read *gorm.DB, where string, args ...any) (list []FreeText, err error) {
	var rows []struct {
		FreeText
		SurveyTexts, QuestionTexts, Languages, Zone string
		SubmittedAt                                 *time.Time
	}
	err = read.Raw(`SELECT s.id AS survey_id, r.id AS response_id, q.id AS question_id, a.text, r.language, r.channel, r.locality, r.event_id,
		s.texts AS survey_texts, q.texts AS question_texts, s.languages, s.zone, r.submitted_at, `+saidYes(QuoteOK)+` AS quote_ok, `+saidYes(Recontact)+` AS recontact, `+writer+`
		FROM survey_responses r JOIN surveys s ON s.id = r.survey_id JOIN survey_answers a ON a.response_id = r.id JOIN survey_questions q ON q.id = a.question_id`+writers+`
		WHERE r.state = 'complete' AND r.second_of IS NULL AND q.kind IN ('short-text', 'long-text') AND q.topic = '' AND a.text <> '' AND NOT a.unreadable
		AND (NOT s.anonymous OR `+closedEnough+`) AND `+where, args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read free texts: %w", err)
	}
	for _, row := range rows {
		f := row.FreeText
		for _, words := range []struct {
			to    *string
			texts string
		}{{&f.Survey, row.SurveyTexts}, {&f.Question, row.QuestionTexts}} {
			read, err := WordsIn(words.texts, strings.Split(row.Languages, "|"), "")
			if err != nil {
				return nil, err
			}
			*words.to = read.Title
		}
		if f.On, err = dayIn(row.SubmittedAt, row.Zone); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, addEquality(read, list)
}

// addEquality adds what the responses say of who wrote them.
func addEquality(read *gorm.DB, list []FreeText) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]int64, len(list))
	for i, f := range list {
		ids[i] = f.ResponseID
	}
	var rows []struct {
		ResponseID  int64
		Topic, Code string
	}
	err := read.Session(&gorm.Session{NewDB: true}).Raw(`SELECT a.response_id, q.topic, c.code FROM survey_answers a JOIN survey_questions q ON q.id = a.question_id
		JOIN survey_choices c ON c.id = a.choice_id WHERE q.topic <> '' AND a.response_id IN ? ORDER BY a.response_id, q.id, c.id`, ids).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read the equality answers beside free texts: %w", err)
	}
	of := map[int64]map[string]string{}
	for _, r := range rows {
		if of[r.ResponseID] == nil {
			of[r.ResponseID] = map[string]string{}
		}
		of[r.ResponseID][r.Topic] = r.Code
	}
	for i := range list {
		list[i].Equality = of[list[i].ResponseID]
	}
	return nil
}

// dayIn is the day of an instant on the clocks of a zone; no instant has none.
func dayIn(at *time.Time, zone string) (string, error) {
	if at == nil {
		return "", nil
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return "", fmt.Errorf("read the zone of a survey: %w", err)
	}
	return at.In(location).Format(time.DateOnly), nil
}
