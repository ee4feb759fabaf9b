package newsletters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/database"
	"conversations/app/fault"
	pages "conversations/templates/newsletters"
	"conversations/templates/nhs"
)

// names are those of the staff, by id.
func (s *Service) names(ctx context.Context) (map[int64]string, error) {
	colleagues, err := accounts.Colleagues(ctx, s.DB)
	names := make(map[int64]string, len(colleagues))
	for _, c := range colleagues {
		names[c.ID] = c.Name
	}
	return names, err
}

func named(names map[int64]string, id *int64) string {
	if id == nil {
		return "The program"
	}
	return names[*id]
}

func (s *Service) approvalView(ctx context.Context, a Audience, reason string, problems []nhs.FieldError) (v pages.ApprovalView, err error) {
	u, path := a.Update, stepPath(a.Update.ID, approvalStep)
	v = pages.ApprovalView{Head: u.head("Approval", path), Version: u.Version, Action: path, Words: a.Words, Frame: staffPath(u.ID) + "/preview/letter",
		Preview: staffPath(u.ID) + "/preview", Reason: reason, Errors: problems, CanRetract: u.State == Asked || u.State == Approved && u.SendAt == nil}
	if a.Made {
		v.List = s.listOverview(a)
	}
	if v.Differs, err = s.differences(ctx, u); err != nil {
		return v, err
	}
	names, err := s.names(ctx)
	if err != nil {
		return v, err
	}
	v.Facts, v.Back = s.approvalFacts(u, names), s.backView(u, names)
	switch u.State {
	case Draft:
		v.Missing, err = s.missing(ctx, a)
		v.CanAsk = len(v.Missing) == 0
	case Asked:
		v.WhyNot, err = s.whyNot(ctx, u)
		v.CanDecide = v.WhyNot == ""
	case Approved:
		v.SendHref = stepPath(u.ID, sendStep)
	case Sending, Sent, Published:
	}
	return v, err
}

func (s *Service) approvalFacts(u Update, names map[int64]string) (facts []pages.Fact) {
	add := func(label string, at *time.Time, by *int64) {
		if at != nil {
			facts = append(facts, pages.Fact{Label: label, Text: named(names, by) + ", at " + s.moment(*at)})
		}
	}
	add("Asked for approval", u.AskedAt, u.AskedBy)
	add("Approved", u.ApprovedAt, u.ApprovedBy)
	return facts
}

// backView says why an update is a draft again; nil where it is not.
func (s *Service) backView(u Update, names map[int64]string) *pages.BackView {
	if u.State != Draft || u.BackWhy == "" || u.BackAt == nil {
		return nil
	}
	v := &pages.BackView{Reason: u.BackReason}
	who := named(names, u.BackBy)
	switch u.BackWhy {
	case Declined:
		v.Heading, v.Text = "Sent back", who+" asked for a change at "+s.moment(*u.BackAt)+":"
	case AskedBack:
		v.Heading, v.Text = "A draft again", who+" made it a draft again at "+s.moment(*u.BackAt)+"."
	case Changed:
		v.Heading, v.Text = "Approval has ended", who+" changed the letter or who it is for at "+s.moment(*u.BackAt)+". Approval has to be asked for again."
	case EventsChanged:
		v.Heading, v.Text = "Not sent", "The events in it changed after it was approved. This was found at "+s.moment(*u.BackAt)+", before anybody got it. Look at the letter, and ask for approval again."
	case NotAsApproved:
		v.Heading, v.Text = "Not sent", "It was not as it was approved. This was found at "+s.moment(*u.BackAt)+", before anybody got it. Ask for approval again."
	}
	return v
}

// missing is what stands in the way of asking for approval.
func (s *Service) missing(ctx context.Context, a Audience) (out []pages.Link, err error) {
	u := a.Update
	c, err := u.content(s.DB.Read(ctx))
	if err != nil {
		return nil, err
	}
	checks, err := s.Check(ctx, u, c)
	if err != nil {
		return nil, err
	}
	if n := len(checks.Errors()); n > 0 {
		out = append(out, pages.Link{Text: "Put right " + counted(n, "thing", "things") + " in the letter", Href: staffPath(u.ID) + "/check"})
	}
	switch {
	case u.Kind == StakeholderUpdate && !u.Mailed():
		out = append(out, pages.Link{Text: "Choose who it is for", Href: stepPath(u.ID, audienceStep)})
	case a.Made && a.List.Size() == 0:
		out = append(out, pages.Link{Text: "Nobody is on the list. Choose who it is for again", Href: stepPath(u.ID, audienceStep)})
	}
	return out, nil
}

// whyNot says why whoever looks cannot approve; "" where they can.
func (s *Service) whyNot(ctx context.Context, u Update) (string, error) {
	err := s.mayApprove(ctx, s.DB.Read(ctx), u)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Conflict {
		return f.Message, nil
	}
	return "", err
}

// differences leads to what has changed since somebody was asked to look the last time.
func (s *Service) differences(ctx context.Context, u Update) (out []pages.Link, err error) {
	var before struct {
		ID        int64
		CreatedAt time.Time
	}
	err = database.First(s.DB.Read(ctx).Raw(`SELECT id, created_at FROM update_texts WHERE update_id = ? AND made = ? AND id < ? ORDER BY id DESC LIMIT 1`, u.ID, string(Frozen), u.TextID), &before)
	if database.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the text that was fixed before: %w", err)
	}
	return []pages.Link{{Text: "Compare the letter with what was fixed for approval at " + s.moment(before.CreatedAt), Href: textPath(u.ID, before.ID) + "/compare"}}, nil
}
