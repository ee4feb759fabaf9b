package feedback

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportChunk is how many comments are read at once on their way out.
const exportChunk = 500

// exportHead are the columns of an export. The first eight are those of an import.
var exportHead = []string{"id", "comment", "source", "event", "locality", "service", "date", "themes", "about", "quote_ok", "recontact", "redaction", "copies", "same_as", "set_aside"}

// ExportComments gives the comments that a filter chooses as a table on its way out, in the order in which they came in,
// with what tells who somebody is struck out. Those that were removed on request are left out. That it was taken out, by
// whom and with which filter is in the log before its first row leaves. It needs the right to manage feedback.
func (s *Service) ExportComments(ctx context.Context, f Filter, format sheet.Format) (sheet.Table, error) {
	if err := accounts.Require(ctx, accounts.ManageFeedback); err != nil {
		return sheet.Table{}, err
	}
	where, args := s.where(f)
	where += " AND c.text <> ''"
	var rows int
	if err := s.DB.Read(ctx).Raw("SELECT count(*) FROM comments c WHERE "+where, args...).Scan(&rows).Error; err != nil {
		return sheet.Table{}, fmt.Errorf("count the comments to export: %w", err)
	}
	details := audit.Details{"format": format, "rows": rows}
	filter := f.words()
	for _, line := range filter {
		if line[0] != "words" { // of what was looked for, nothing is kept: it may be a name
			details[line[0]] = line[1]
		}
	}
	if err := s.DB.Write(ctx, func(tx *database.Tx) error { return audit.Record(ctx, tx, "comment.export", "comments", 0, details) }); err != nil {
		return sheet.Table{}, err
	}
	return sheet.Table{Head: exportHead, Rows: s.exportRows(ctx, where, args), Options: sheet.Options{
		Name: "Comments", At: s.DB.Now(), By: writtenBy(audit.ActorFrom(ctx)), Filter: filter, Zone: s.Config.Zone(),
	}}, nil
}

func writtenBy(a audit.Actor) string {
	if a.Kind == audit.Staff {
		return a.Name
	}
	return "The command line"
}

// words is a filter as an export states it.
func (f Filter) words() (list [][2]string) {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, line := range [][2]string{{"words", f.Text}, {"source", string(f.Source)}, {"event", number(f.Event)}, {"locality", f.Locality}, {"service", f.Service}, {"theme", number(f.Theme)},
		{"coded", f.Coded}, {"redaction", string(f.Redaction)}, {"copies", number(f.Copies)}, {"import", number(f.Import)}, {"from", f.From}, {"to", f.To}, {"aside", f.Aside}} {
		if line[1] != "" {
			list = append(list, line)
		}
	}
	return list
}

// exported is a comment on its way out.
type exported struct {
	Comment
	EventSlug string
	Themes    string
}

func (s *Service) exportRows(ctx context.Context, where string, args []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for last := int64(0); ; {
			list, err := s.exportAfter(ctx, where, args, last)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if !yield(c.cells(), nil) {
					return
				}
			}
			if len(list) < exportChunk {
				return
			}
			last = list[len(list)-1].ID
		}
	}
}

func (s *Service) exportAfter(ctx context.Context, where string, args []any, last int64) (list []exported, err error) {
	args = append(append([]any{}, args...), last, exportChunk)
	err = s.DB.Read(ctx).Raw(`SELECT c.id, c.text, c.source, c.locality, c.service, c.said_on, c.about, c.quote_ok, c.recontact, c.redaction, c.like_group, c.same_as, c.set_aside,
		coalesce(e.slug, '') AS event_slug FROM comments c LEFT JOIN events e ON e.id = c.event_id WHERE `+where+` AND c.id > ? ORDER BY c.id LIMIT ?`, args...).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("read comments to export: %w", err)
	}
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	themes, err := s.themeCodes(ctx, ids)
	for i := range list {
		list[i].Themes = strings.Join(themes[list[i].ID], "|")
	}
	return list, err
}

// themeCodes are the codes of the themes of comments, as they count.
func (s *Service) themeCodes(ctx context.Context, ids []int64) (map[int64][]string, error) {
	codes := map[int64][]string{}
	if len(ids) == 0 {
		return codes, nil
	}
	var rows []struct {
		CommentID int64
		Code      string
	}
	err := s.DB.Read(ctx).Raw(`SELECT DISTINCT k.comment_id, t.code FROM codings k JOIN themes t ON t.id = k.theme_id WHERE k.counts AND k.comment_id IN ? ORDER BY k.comment_id, t.code`, ids).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the themes of comments: %w", err)
	}
	for _, r := range rows {
		codes[r.CommentID] = append(codes[r.CommentID], r.Code)
	}
	return codes, nil
}

func (c exported) cells() []any {
	same, copies := "", ""
	if c.SameAs != nil {
		same = strconv.FormatInt(*c.SameAs, 10)
	}
	if c.LikeGroup != 0 {
		copies = strconv.FormatInt(c.LikeGroup, 10)
	}
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	return []any{c.ID, c.Text, string(c.Source), c.EventSlug, c.Locality, c.Service, c.SaidOn, c.Themes, c.About, yes(c.QuoteOK), yes(c.Recontact), string(c.Redaction), copies, same, c.SetAside}
}
