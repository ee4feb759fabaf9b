package feedback

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	pages "conversations/templates/feedback"
)

// parts are the words of a comment with what is struck out named.
func parts(text string) (all []pages.CommentPart) {
	for len(text) > 0 {
		at, label := nextStruck(text)
		if at < 0 {
			return append(all, pages.CommentPart{Text: text})
		}
		if at > 0 {
			all = append(all, pages.CommentPart{Text: text[:at]})
		}
		all, text = append(all, pages.CommentPart{Text: label, Label: label}), text[at+len(label):]
	}
	return all
}

// nextStruck is where the next mark of something struck out stands, such as [name]; -1 where there is none.
func nextStruck(text string) (at int, label string) {
	at = -1
	for _, k := range kinds() {
		mark := "[" + k.Words() + "]"
		if i := strings.Index(text, mark); i >= 0 && (at < 0 || i < at) {
			at, label = i, mark
		}
	}
	return at, label
}

func (s *Service) localityName(slug string) string {
	if l, known := s.Config.Locality(slug); known {
		return l.Name
	}
	return slug
}

// dayWords is a day as people read it; other where there is none.
func dayWords(day, other string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return other
	}
	return at.Format("2 January 2006")
}

func (s *Service) clockWords(at time.Time) string {
	return at.In(s.Config.Zone()).Format("2 January 2006 at 15:04")
}

func (s *Service) staffNames(ctx context.Context) (map[int64]string, error) {
	all, err := accounts.Colleagues(ctx, s.DB)
	names := make(map[int64]string, len(all))
	for _, c := range all {
		names[c.ID] = c.Name
	}
	return names, err
}

// commentView is the page of one comment.
func (s *Service) commentView(ctx context.Context, c Comment) (v pages.CommentView, err error) {
	v = pages.CommentView{ID: c.ID, Version: int64(c.Version), Removed: c.Text == "", Words: parts(c.Text), About: c.About, Aside: c.SetAside, Base: pages.CommentHref(c.ID)}
	v.EditHref, v.ToCheck = v.Base+"/change", c.Redaction == Found && c.Text != ""
	names, err := s.staffNames(ctx)
	if err != nil {
		return v, err
	}
	if v.Facts, err = s.commentFactRows(ctx, c, names); err != nil {
		return v, err
	}
	if err := s.addWho(ctx, &v, c); err != nil {
		return v, err
	}
	copies, err := s.Copies(ctx, c)
	if err != nil {
		return v, err
	}
	for _, other := range copies {
		v.Copies = append(v.Copies, s.commentRow(other, nil))
	}
	v.CopiesNote = copiesNote(c, len(copies))
	if err := s.addAlarms(ctx, &v, c, names); err != nil {
		return v, err
	}
	if v.Parts, err = s.commentParts(ctx, c); err != nil {
		return v, err
	}
	v.MayOpen = c.Text != "" && accounts.May(audit.ActorFrom(ctx), accounts.ManagePrivacy)
	return v, s.addHistory(ctx, &v, names)
}

func copiesNote(c Comment, others int) string {
	if c.LikeGroup != 0 {
		return "These are copies of one text, or nearly. In reports they are counted apart."
	}
	return counted(others, "other comment says", "other comments say") + " exactly the same."
}

// commentFactRows are what is known of a comment, for its page.
func (s *Service) commentFactRows(ctx context.Context, c Comment, names map[int64]string) (rows []pages.CommentFact, err error) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, pages.CommentFact{Name: key, Text: value})
		}
	}
	add("Came from", c.Source.Words())
	if c.EventID != nil {
		briefs, err := s.Events.Briefs(ctx, []int64{*c.EventID})
		if err != nil {
			return nil, err
		}
		if e, there := briefs[*c.EventID]; there {
			rows = append(rows, pages.CommentFact{Name: "Event", Text: e.Title + ", " + e.When(), Href: fmt.Sprintf("/staff/events/%d", e.ID)})
		}
	}
	add("Locality", s.localityName(c.Locality))
	add("Service", c.Service)
	add("Said on", dayWords(c.SaidOn, "Not known"))
	add("We may quote it", yesNo(c.QuoteOK))
	add("We may get in touch", yesNo(c.Recontact))
	add("What is struck out", redactionWords(c, names))
	if c.TakenBy != nil {
		add("Taken in by", names[*c.TakenBy])
	}
	return rows, nil
}

func redactionWords(c Comment, names map[int64]string) string {
	if c.Redaction != Confirmed {
		return "Found by the program, and not checked yet"
	}
	if c.ConfirmedBy != nil && names[*c.ConfirmedBy] != "" {
		return "Checked by " + names[*c.ConfirmedBy]
	}
	return "Checked"
}

func yesNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func (s *Service) addWho(ctx context.Context, v *pages.CommentView, c Comment) error {
	p, err := s.PersonOf(ctx, c)
	if notFound(err) {
		return nil
	}
	for _, row := range []pages.CommentFact{{Name: "Name", Text: p.Name}, {Name: "Email", Text: p.Email}, {Name: "Telephone", Text: p.Phone}} {
		if row.Text != "" {
			v.Who = append(v.Who, row)
		}
	}
	if v.WhoNote = "They did not agree that we get in touch about it."; c.Recontact {
		v.WhoNote = "They agreed that we get in touch about it."
	}
	return err
}

func (s *Service) addAlarms(ctx context.Context, v *pages.CommentView, c Comment, names map[int64]string) error {
	alarms, err := s.AlarmsOf(ctx, c.ID)
	if v.MayRaise = c.Text != ""; err != nil {
		return err
	}
	for _, a := range alarms {
		if a.AnsweredAt == nil {
			v.MayRaise = false
		}
		v.Alarms = append(v.Alarms, pages.CommentAlarm{Text: alarmWords(a.Kind), Note: s.alarmState(a, names), Href: alarmPath(a.ID)})
	}
	return nil
}

func (s *Service) alarmState(a Alarm, names map[int64]string) string {
	if a.AnsweredAt == nil {
		return "Nobody has answered yet. " + counted(a.Rounds, "round of emails was", "rounds of emails were") + " sent."
	}
	who := "Somebody"
	if a.AnsweredBy != nil && names[*a.AnsweredBy] != "" {
		who = names[*a.AnsweredBy]
	}
	words := who + " has it in hand, since " + s.clockWords(*a.AnsweredAt) + "."
	if a.Outcome != "" {
		words += " " + a.Outcome
	}
	return words
}

func (s *Service) alarmView(ctx context.Context, a Alarm) (v pages.AlarmView, err error) {
	c, err := s.Comment(ctx, a.CommentID)
	if err != nil {
		return v, err
	}
	names, err := s.staffNames(ctx)
	v = pages.AlarmView{ID: a.ID, Heading: alarmWords(a.Kind), Words: parts(c.Text), CommentHref: pages.CommentHref(c.ID), Open: a.AnsweredAt == nil,
		Note: "Marked as urgent on " + s.clockWords(a.RaisedAt) + ".", Answered: s.alarmState(a, names)}
	if v.Open {
		v.Note += " " + s.alarmState(a, names)
	}
	return v, err
}

// commentParts are what other features know of a comment: how it is coded, and what came of it.
func (s *Service) commentParts(ctx context.Context, c Comment) (list []pages.CommentPartOf, err error) {
	for _, part := range []func(context.Context, Comment) (pages.CommentPartOf, error){s.themesPart, s.quotesPart, s.actionsPart} {
		p, err := part(ctx, c)
		if err != nil {
			return nil, err
		}
		if len(p.Lines) > 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

// themesPart says how a comment is coded.
func (s *Service) themesPart(ctx context.Context, c Comment) (p pages.CommentPartOf, err error) {
	var names []string
	err = s.DB.Read(ctx).Raw(`SELECT DISTINCT t.name FROM codings k JOIN themes t ON t.id = k.theme_id WHERE k.comment_id = ? AND k.counts ORDER BY t.name`, c.ID).Scan(&names).Error
	if err != nil {
		return p, fmt.Errorf("read the themes of comment %d: %w", c.ID, err)
	}
	p.Heading = "Themes"
	for _, name := range names {
		p.Lines = append(p.Lines, pages.CommentLink{Text: name})
	}
	return p, nil
}

// actionsPart leads to what came of a comment: the answers to its themes.
func (s *Service) actionsPart(ctx context.Context, c Comment) (p pages.CommentPartOf, err error) {
	came, err := s.CameOf(ctx, c.ID)
	p.Heading = "What came of it"
	for _, a := range came {
		p.Lines = append(p.Lines, pages.CommentLink{Text: a.Title + " (" + a.Theme + "): " + a.Words(), Href: a.Href()})
	}
	return p, err
}

// deeds say in plain words what the log calls by a name.
var deeds = map[string]string{
	"comment.add": "Came in", "comment.change": "Its facts were changed", "comment.set_aside": "Set aside", "comment.put_back": "Let count again", "comment.redact": "More was struck out or put back",
	"comment.confirm": "What is struck out was confirmed, and the original sealed", "comment.open_original": "The words as they came were opened", "comment.alarm": "Marked as urgent",
	"comment.alarm_answer": "Somebody has the alarm in hand", "comment.code": "Coded", "comment.code_undo": "A coding was taken back", "comment.draw": "Drawn to be coded by a second person",
}

func (s *Service) addHistory(ctx context.Context, v *pages.CommentView, names map[int64]string) error {
	entries, err := s.CommentHistory(ctx, v.ID)
	for _, e := range entries {
		what, known := deeds[e.Action]
		if !known {
			what = e.Action
		}
		who := "The program"
		switch e.ActorKind {
		case audit.Staff:
			who = names[e.ActorID]
		case audit.Resident:
			who = "A visitor"
		case audit.System:
		}
		v.History = append(v.History, [3]string{s.clockWords(e.At), what, who})
	}
	return err
}
