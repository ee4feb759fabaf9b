package newsletters

import (
	"context"
	"iter"
	"slices"
	"time"

	"conversations/app/accounts"
	"conversations/app/audiences"
	"conversations/app/fault"
	"conversations/app/mail"
)

// Fate is what can have become of somebody's letter.
type Fate string

// The fates, each a list of the report.
const (
	FateSent         Fate = "sent"
	FateQueued       Fate = "queued"
	FateDeferred     Fate = "deferred"
	FateFailed       Fate = "failed"
	FateBounced      Fate = "bounced"
	FateUnsubscribed Fate = "unsubscribed"
	FateComplained   Fate = "complained"
	FateWithdrawn    Fate = "withdrawn"
	FateStopped      Fate = "stopped"
	FateLeftOut      Fate = "left-out"
	FatePaper        Fate = "paper"
)

// Fates lists the fates in the order in which they are told.
func Fates() []Fate {
	return []Fate{FateSent, FateQueued, FateDeferred, FateFailed, FateBounced, FateUnsubscribed, FateComplained, FateWithdrawn, FateStopped, FateLeftOut, FatePaper}
}

// Words is the fate as staff read it.
func (f Fate) Words() string {
	switch f {
	case FateSent:
		return "Sent"
	case FateQueued:
		return "Waiting"
	case FateDeferred:
		return "To be tried again"
	case FateFailed:
		return "Failed"
	case FateBounced:
		return "Came back"
	case FateUnsubscribed:
		return "Stopped these letters"
	case FateComplained:
		return "Reported as unwanted"
	case FateWithdrawn:
		return "Taken back"
	case FateStopped:
		return "Stopped by staff"
	case FateLeftOut:
		return "Left out"
	case FatePaper:
		return "On paper"
	}
	return string(f)
}

// Means says what the fate is, in a sentence.
func (f Fate) Means() string {
	switch f {
	case FateSent:
		return "The mail server of the reader took the letter."
	case FateQueued:
		return "Their turn has not come yet."
	case FateDeferred:
		return "The mail server said \"try again later\". The program does, for a day."
	case FateFailed:
		return "The mail server refused the letter for good."
	case FateBounced:
		return "The mail server took the letter and sent it back later."
	case FateUnsubscribed:
		return "They used the link in this letter to stop these letters."
	case FateComplained:
		return "They told their mail provider that the letter was unwanted. They get no more."
	case FateWithdrawn:
		return "They stopped these letters, or their address was found not to work, before their turn came."
	case FateStopped:
		return "Staff stopped the letter before their turn came."
	case FateLeftOut:
		return "They are wanted by the rule, and we may not or cannot write to them."
	case FatePaper:
		return "They get the letter by post."
	}
	return ""
}

// ofList says whether the fate is told by the list and not by the outbox.
func (f Fate) ofList() bool { return f == FateLeftOut || f == FatePaper }

// deliveries are those of a mailing with this fate.
func (f Fate) deliveries(mailing int64) mail.DeliveryFilter {
	d := mail.DeliveryFilter{MailingID: mailing}
	switch f {
	case FateQueued:
		d.Waiting = true
	case FateBounced:
		d.Bounced = true
	case FateUnsubscribed:
		d.Unsubscribed = true
	case FateComplained:
		d.Complained = true
	case FateSent, FateDeferred, FateFailed, FateWithdrawn, FateStopped:
		d.State = mail.DeliveryState(f)
	case FateLeftOut, FatePaper:
	}
	return d
}

// ReportFilter chooses a list of the report.
type ReportFilter struct {
	Fate Fate // "" is FateSent
	Text string
	Sort string // name, address, when or words, with - before it the other way round
	Page int    // from 1
}

// ReportRow is one person in a report.
type ReportRow struct {
	ContactID int64
	Name      string
	Address   string // of email, or of post
	At        *time.Time
	Words     string // the server's words, or why they are left out
}

// ReportPageSize is how many people a page of a report shows.
const ReportPageSize = 50

// Report is how a letter went, with one of its lists.
type Report struct {
	Progress
	Counts map[Fate]int
	Filter ReportFilter
	Rows   []ReportRow
	Total  int
	Page   int // from 1
	Pages  int // at least 1
}

// ReportOf gives how a letter went. A page past the end is the last. A Conflict fault says that nothing has left yet.
func (s *Service) ReportOf(ctx context.Context, id int64, f ReportFilter) (r Report, err error) {
	if r.Progress, err = s.reportable(ctx, id); err != nil {
		return r, err
	}
	if !slices.Contains(Fates(), f.Fate) {
		f.Fate = FateSent
	}
	r.Filter, r.Counts, r.Page = f, r.counts(), max(1, f.Page)
	if f.Fate.ofList() {
		return r, s.listRows(ctx, &r)
	}
	return r, s.deliveryRows(ctx, &r)
}

func (s *Service) reportable(ctx context.Context, id int64) (Progress, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return Progress{}, err
	}
	p, err := s.ProgressOf(ctx, id)
	if err == nil && !p.Begun() {
		err = fault.New(fault.Conflict, "There is no report yet: this letter has not been sent.")
	}
	return p, err
}

func (p Progress) counts() map[Fate]int {
	m := p.Mailing
	return map[Fate]int{FateSent: m.Sent, FateQueued: m.Queued + m.Claimed, FateDeferred: m.Deferred, FateFailed: m.Failed, FateBounced: m.Bounced,
		FateUnsubscribed: m.Unsubscribed, FateComplained: m.Complaint, FateWithdrawn: m.Withdrawn, FateStopped: m.Halted, FateLeftOut: p.LeftOut, FatePaper: p.OnPaper}
}

func (s *Service) deliveryRows(ctx context.Context, r *Report) error {
	f := r.Filter.Fate.deliveries(r.Update.MailingID)
	f.Text, f.Sort, f.Limit, f.Skip = r.Filter.Text, r.Filter.Sort, ReportPageSize, (r.Page-1)*ReportPageSize
	list, total, err := s.Outbox.Deliveries(ctx, f)
	if err != nil {
		return err
	}
	r.Total, r.Pages = total, max(1, (total+ReportPageSize-1)/ReportPageSize)
	if r.Page > r.Pages {
		r.Page = r.Pages
		return s.deliveryRows(ctx, r)
	}
	for _, d := range list {
		r.Rows = append(r.Rows, r.Filter.Fate.row(d))
	}
	return nil
}

// row is a delivery as its fate tells it.
func (f Fate) row(d mail.Delivery) ReportRow {
	row := ReportRow{ContactID: d.ContactID, Name: d.Name, Address: d.Address, At: d.DoneAt, Words: d.Words}
	switch f {
	case FateBounced:
		row.At, row.Words = d.BouncedAt, d.BounceWords
	case FateUnsubscribed:
		row.At = d.UnsubscribedAt
	case FateComplained:
		row.At = d.ComplainedAt
	case FateDeferred:
		row.At = &d.DueAt
	default:
	}
	return row
}

// listSorts are the orders of a report in those of a list.
var listSorts = map[string]string{"name": "name", "-name": "-name", "address": "email", "-address": "-email", "words": "outcome", "-words": "-outcome"}

// onList chooses the people of a list with a fate that the list tells.
func (f ReportFilter) onList() audiences.RowFilter {
	rows := audiences.RowFilter{Outcome: audiences.LeftOut, Text: f.Text, Sort: listSorts[f.Sort], Page: f.Page}
	if f.Fate == FatePaper {
		rows.Outcome = audiences.ByPost
	}
	return rows
}

func (s *Service) listRows(ctx context.Context, r *Report) error {
	page, err := s.Audiences.Rows(ctx, r.List.ID, r.Filter.onList())
	if err != nil {
		return err
	}
	r.Total, r.Page, r.Pages = page.Total, page.Page, page.Pages
	for _, row := range page.Rows {
		r.Rows = append(r.Rows, s.rowOf(row))
	}
	return nil
}

func (s *Service) rowOf(row audiences.Row) ReportRow {
	r := ReportRow{ContactID: row.ContactID, Name: row.Label(), Address: row.Email, At: row.PostedAt}
	switch {
	case row.Outcome == audiences.ByPost && row.PostedAt != nil:
		r.Address, r.Words = postLine(row), "Posted"
	case row.Outcome == audiences.ByPost:
		r.Address, r.Words = postLine(row), "To be posted"
	default:
		r.Words = leftOutWords(row.Reason, row.Was != "")
	}
	return r
}

// EachOfReport gives a whole list of the report, to be taken out; its Page does not count.
func (s *Service) EachOfReport(ctx context.Context, p Progress, f ReportFilter) iter.Seq2[ReportRow, error] {
	return func(yield func(ReportRow, error) bool) {
		if f.Fate.ofList() {
			for row, err := range s.Audiences.Each(ctx, p.List.ID, f.onList()) {
				if !yield(s.rowOf(row), err) {
					return
				}
			}
			return
		}
		d := f.Fate.deliveries(p.Update.MailingID)
		d.Text, d.Sort = f.Text, f.Sort
		for one, err := range s.Outbox.EachDelivery(ctx, d) {
			if !yield(f.Fate.row(one), err) {
				return
			}
		}
	}
}
