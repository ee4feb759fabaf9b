package surveys

import (
	"context"
	"fmt"
	"time"

	"conversations/app/fault"
)

// invitationPurpose binds the personal link of an invitation.
const invitationPurpose = "survey.invitation"

// Invitation is that somebody is asked to answer: a row of the table survey_invitations. It is of a contact, or of a
// booking of somebody who came to the event.
type Invitation struct {
	ID         int64
	SurveyID   int64
	ContactID  *int64
	BookingID  *int64
	SendingID  *int64 // nil: it went with the thank-you after the event
	Used       bool   // of an anonymous survey: exchanged for a ballot
	InvitedAt  *time.Time
	RemindedAt *time.Time
	CreatedAt  time.Time
}

// TableName is the table that invitations live in.
func (Invitation) TableName() string { return "survey_invitations" }

// invitationURL is the personal link. It can be made again at any time.
func (s *Service) invitationURL(id int64) string {
	return s.Links.URL("/s/" + s.Links.Token(invitationPurpose, id))
}

// Rate is how many of those who were invited have answered. Of an anonymous survey that are those who exchanged their
// invitation for a ballot: whether they sent it nobody can tell. Who was invited as two contacts that were merged is one.
type Rate struct {
	Invited  int
	Answered int  // 0 where Withheld
	Withheld bool // an anonymous survey that few have answered
	Percent  int  // rounded; 0 where nobody is invited
}

// ResponseRate counts the invitations to a survey. It needs the right to manage surveys.
func (s *Service) ResponseRate(ctx context.Context, surveyID int64) (r Rate, err error) {
	if err := mayBuild(ctx); err != nil {
		return r, err
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return r, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT count(*), count(CASE WHEN `+answered("i")+` THEN 1 END) FROM survey_invitations i WHERE i.survey_id = ? AND i.invited_at IS NOT NULL AND `+stands,
		surveyID).Row().Scan(&r.Invited, &r.Answered)
	if err != nil {
		return r, fmt.Errorf("count the invitations to survey %d: %w", surveyID, err)
	}
	if !s.Enough(form, r.Answered) {
		r.Answered, r.Withheld = 0, true
	}
	if r.Invited > 0 {
		r.Percent = (200*r.Answered + r.Invited) / (2 * r.Invited)
	}
	return r, nil
}

// mustTake makes sure that people can answer a survey now: a Conflict fault says why not.
func (s *Service) mustTake(survey Survey) error {
	switch now := s.DB.Now(); {
	case survey.Accepting(now):
		return nil
	case survey.State == Draft:
		return fault.New(fault.Conflict, "Open the survey first: nobody can answer a draft.")
	case survey.State == Open && survey.OpensAt != nil && now.Before(*survey.OpensAt):
		return fault.New(fault.Conflict, "The survey is not open yet. "+s.openWords(survey)+".")
	}
	return fault.New(fault.Conflict, "The survey takes no answers any more.")
}
