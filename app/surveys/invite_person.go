package surveys

import (
	"fmt"

	"gorm.io/gorm"

	"conversations/app/database"
)

// Contacts that turn out to be one person are merged, and then a person may have two invitations to a survey. One of them
// stands: the one that was answered, else the one under which answers were begun, else the older. The other only leads to
// it. That is derived whenever it is asked, so that parting the contacts again gives each their own.

// answered is SQL that is true of an invitation that was answered, or exchanged for a ballot.
func answered(invitation string) string {
	return `(` + invitation + `.used OR EXISTS (SELECT 1 FROM survey_responses a WHERE a.invitation_id = ` + invitation + `.id AND a.state IN ('complete', 'set-aside')))`
}

// before is SQL for the order in which the invitations of one person stand.
func before(invitation string) string {
	return `CASE WHEN ` + answered(invitation) + ` THEN 0 WHEN EXISTS (SELECT 1 FROM survey_responses a WHERE a.invitation_id = ` + invitation + `.id) THEN 1 ELSE 2 END, ` + invitation + `.id`
}

// samePerson is SQL that is true of a contact p that is one person with the contact of an id.
func samePerson(contactID string) string {
	kept := `(SELECT coalesce(m.merged_into, m.id) FROM contacts m WHERE m.id = ` + contactID + `)`
	return `(p.id = ` + kept + ` OR p.merged_into = ` + kept + `)`
}

// stands is SQL that is true of an invitation i that no other one of the same person stands before.
var stands = `NOT EXISTS (SELECT 1 FROM contacts p JOIN survey_invitations o ON o.survey_id = i.survey_id AND o.contact_id = p.id
	WHERE ` + samePerson("i.contact_id") + ` AND (` + before("o") + `) < (` + before("i") + `))`

// theOneThatStands is the invitation of the same person that stands for this one: mostly itself.
func (i Invitation) theOneThatStands(read *gorm.DB) (one Invitation, err error) {
	if i.ContactID == nil {
		return i, nil
	}
	err = database.First(read.Raw("SELECT o.* FROM contacts p JOIN survey_invitations o ON o.survey_id = ? AND o.contact_id = p.id WHERE "+samePerson("?")+" ORDER BY "+before("o")+" LIMIT 1",
		i.SurveyID, *i.ContactID, *i.ContactID), &one)
	if err != nil {
		return i, fmt.Errorf("find the invitation that stands for %d: %w", i.ID, err)
	}
	return one, nil
}

// answeredOnce refuses a second answer of one person, begun by an invitation that does not stand any more.
func answeredOnce(tx *database.Tx, r Response) error {
	if r.InvitationID == nil {
		return nil
	}
	var there bool
	err := tx.Row(`SELECT EXISTS (SELECT 1 FROM survey_invitations i JOIN contacts p ON `+samePerson("i.contact_id")+`
		JOIN survey_invitations o ON o.survey_id = i.survey_id AND o.contact_id = p.id AND o.id <> i.id WHERE i.id = ? AND `+answered("o")+`)`, *r.InvitationID).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for an answer by another invitation: %w", err)
	}
	if there {
		return usedUp()
	}
	return nil
}
