package accounts

import (
	"context"
	"slices"

	"conversations/app/audit"
	"conversations/app/fault"
	"conversations/app/web"
)

// Action is something a member of staff may be allowed to do.
type Action = web.Action

// The actions.
const (
	UseStaffPages   Action = "staff.use" // the staff's home and one's own account
	SeeEvents       Action = "events.see"
	ManageEvents    Action = "events.manage"
	SeeBookings     Action = "bookings.see"
	ManageBookings  Action = "bookings.manage"
	MakeCalls       Action = "calls.make" // people to telephone
	SeeDoor         Action = "door.see"   // of today's events
	SeeMails        Action = "mails.see"
	ManageSurveys   Action = "surveys.manage"
	ManageFeedback  Action = "feedback.manage"
	SeeReports      Action = "reports.see"
	ManageContacts  Action = "contacts.manage"
	WriteUpdates    Action = "updates.write"
	ManageDocuments Action = "documents.manage"
	ManageStaff     Action = "staff.manage"
	SeeAudit        Action = "audit.see"
	SeeSettings     Action = "settings.see"
	ManagePrivacy   Action = "privacy.manage" // one person's data: see, hand out, erase
)

// Role is what a member of staff does here.
type Role string

// The roles.
const (
	Admin      Role = "admin"
	Engagement Role = "engagement"
	Comms      Role = "comms"
	Door       Role = "door"
)

// Roles lists the roles in the order they are offered.
func Roles() []Role { return []Role{Admin, Engagement, Comms, Door} }

// Name says what the role does, in plain words.
func (r Role) Name() string {
	switch r {
	case Admin:
		return "Administrator: everything"
	case Engagement:
		return "Engagement: events, bookings, surveys, feedback and reports"
	case Comms:
		return "Communications: contacts, updates and documents"
	case Door:
		return "Door: the door of today's events"
	}
	return string(r)
}

// Permissions is who may do what: the one table.
func Permissions() map[Action][]Role {
	return map[Action][]Role{
		UseStaffPages:   {Admin, Engagement, Comms, Door},
		SeeEvents:       {Admin, Engagement},
		ManageEvents:    {Admin, Engagement},
		SeeBookings:     {Admin, Engagement},
		ManageBookings:  {Admin, Engagement},
		MakeCalls:       {Admin, Engagement},
		SeeDoor:         {Admin, Engagement, Door},
		SeeMails:        {Admin, Engagement},
		ManageSurveys:   {Admin, Engagement},
		ManageFeedback:  {Admin, Engagement},
		SeeReports:      {Admin, Engagement},
		ManageContacts:  {Admin, Comms},
		WriteUpdates:    {Admin, Comms},
		ManageDocuments: {Admin, Comms},
		ManageStaff:     {Admin},
		SeeAudit:        {Admin},
		SeeSettings:     {Admin},
		ManagePrivacy:   {Admin},
	}
}

var permissions = Permissions()

// May says whether the actor may do the action. The program itself may do everything; a resident, and a member of
// staff whose sign-in is not set up to the end, nothing.
func May(a audit.Actor, action Action) bool {
	switch a.Kind {
	case audit.System:
		return true
	case audit.Staff:
		return slices.Contains(permissions[action], Role(a.Role))
	case audit.Resident:
	}
	return false
}

// Require returns nil where the actor of ctx may do the action, else a SignIn or Forbidden fault. Every service
// method for staff calls it first.
func Require(ctx context.Context, action Action) error {
	a := audit.ActorFrom(ctx)
	switch {
	case May(a, action):
		return nil
	case a.Kind != audit.Staff:
		return fault.New(fault.SignIn, "Sign in first.")
	case a.Role == "":
		return fault.New(fault.Forbidden, "Finish setting up your sign-in first.")
	}
	return fault.New(fault.Forbidden, "Your role does not include this. If you need it, ask an administrator.")
}
