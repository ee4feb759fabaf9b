package feedback

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"conversations/app/events"
	"conversations/app/feedback/redact"
	pages "conversations/templates/feedback"
)

// redactView is the page on which staff look at what is struck out.
func (s *Service) redactView(ctx context.Context, r Redacting) (v pages.Redaction, err error) {
	_, left, err := s.NextToRedact(ctx, r.Comment.ID)
	v = pages.Redaction{ID: r.Comment.ID, Version: int64(r.Comment.Version), Left: counted(left, "comment to check", "comments to check"), Parts: redactParts(r)}
	if left > 1 {
		v.SkipHref = feedbackHome + "/check?after=" + strconv.FormatInt(r.Comment.ID, 10)
	}
	for _, k := range kinds() {
		v.Kinds = append(v.Kinds, pages.Choice{Value: string(k), Label: kindWords(k)})
	}
	return v, err
}

// redactParts cuts the original at its findings. Findings that share words are shown one after the other.
func redactParts(r Redacting) (list []pages.RedactionPart) {
	at := 0
	for _, f := range r.Findings {
		start, end := max(f.StartAt, at), min(f.EndAt, len(r.Original))
		if start >= end {
			start, end = min(f.StartAt, len(r.Original)), min(f.StartAt, len(r.Original)) // inside another
		}
		if start > at {
			list = append(list, pages.RedactionPart{Text: r.Original[at:start], Start: at})
		}
		list = append(list, pages.RedactionPart{ID: f.ID, Text: r.Original[start:end], Label: kindWords(redact.Kind(f.Kind)), Back: f.State == PutBack, Start: start})
		at = max(at, end)
	}
	if at < len(r.Original) {
		list = append(list, pages.RedactionPart{Text: r.Original[at:], Start: at})
	}
	return list
}

// formOfComment fills the form for the facts of a comment.
func (s *Service) formOfComment(ctx context.Context, c Comment) (f handForm, err error) {
	f = handForm{Version: int64(c.Version), Source: string(c.Source), Locality: c.Locality, Service: c.Service, About: c.About, QuoteOK: c.QuoteOK, Recontact: c.Recontact}
	if at, err := time.Parse(time.DateOnly, c.SaidOn); err == nil {
		f.Day, f.Month, f.Year = strconv.Itoa(at.Day()), strconv.Itoa(int(at.Month())), strconv.Itoa(at.Year())
	}
	if c.EventID == nil {
		return f, nil
	}
	e, err := s.Events.ByID(ctx, *c.EventID)
	f.Event = e.Slug
	return f, err
}

// handView is the form for a comment that is typed in, or whose facts are changed.
func (s *Service) handView(ctx context.Context, f handForm, sources []Source) (v pages.CommentForm, err error) {
	v = pages.CommentForm{Version: f.Version, Text: f.Text, Source: f.Source, Event: f.Event, Locality: f.Locality, Service: f.Service, About: f.About, Day: f.Day, Month: f.Month, Year: f.Year,
		QuoteOK: f.QuoteOK, Recontact: f.Recontact, Name: f.Name, Email: f.Email, Phone: f.Phone, Localities: append([]pages.Choice{{Label: "Not known"}}, s.localityChoices()...)}
	for _, source := range sources {
		v.Sources = append(v.Sources, pages.Choice{Value: string(source), Label: source.Words()})
	}
	list, err := s.eventChoices(ctx, "TRUE")
	v.Events = append([]pages.Choice{{Label: "No event"}}, list...)
	return v, err
}

func (s *Service) localityChoices() (choices []pages.Choice) {
	for _, l := range s.Config.Localities {
		choices = append(choices, pages.Choice{Value: l.Slug, Label: l.Name})
	}
	return choices
}

// eventChoices are events to choose from, the newest first.
func (s *Service) eventChoices(ctx context.Context, where string) (choices []pages.Choice, err error) {
	var list []events.Brief
	err = s.DB.Read(ctx).Raw("SELECT e.id, e.slug, e.title, e.locality, e.zone AS zone_name, e.starts_at, e.status FROM events e WHERE e.status <> 'draft' AND " + where +
		" ORDER BY coalesce(e.starts_at, e.updated_at) DESC, e.id DESC LIMIT 200").Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list events to choose from: %w", err)
	}
	for _, e := range list {
		choices = append(choices, pages.Choice{Value: e.Slug, Label: e.Title + ", " + e.When()})
	}
	return choices, nil
}

// recordedEvents are the events with something in their record.
func (s *Service) recordedEvents(ctx context.Context) ([]pages.Choice, error) {
	list, err := s.eventChoices(ctx, "EXISTS (SELECT 1 FROM record_parts p WHERE p.event_id = e.id AND p.kind IN ('question', 'point', 'unplaced'))")
	return append([]pages.Choice{{Label: "Choose an event"}}, list...), err
}

func (s *Service) importRow(i Import) pages.CommentImportRow {
	row := pages.CommentImportRow{ID: i.ID, Name: i.FileName, When: s.clockWords(i.MadeAt), Comments: counted(i.Comments, "comment", "comments")}
	if i.UndoneAt != nil {
		row.State = "Taken out again on " + s.clockWords(*i.UndoneAt) + "."
	}
	return row
}
