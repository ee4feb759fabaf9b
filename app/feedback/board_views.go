package feedback

import (
	"context"
	"fmt"
	"strings"

	pages "conversations/templates/feedback"
)

// issueView is the form of a report, with everything that can be chosen.
func (s *Service) issueView(ctx context.Context, f BoardForm) (v pages.IssueView, err error) {
	if f.By == "" {
		f.By = byLocality
	}
	v = pages.IssueView{Action: reportsHome + "/new", PreviewAction: reportsHome + "/preview", Title: f.Title, Summary: f.Summary, By: f.By, Published: f.Published}
	dimensions, err := s.Dimensions(ctx)
	if err != nil {
		return v, err
	}
	last, err := lastReleased(s.DB.Read(ctx))
	if err != nil {
		return v, err
	}
	if last != nil {
		v.Settled = strings.ToLower(last.released.ByLabel)
	}
	for _, d := range dimensions {
		v.Dimensions = append(v.Dimensions, pages.Option{Value: d.Key, Text: d.Label})
	}
	quotes, err := s.Quotes(ctx, QuoteFilter{})
	if err != nil {
		return v, err
	}
	for _, q := range quotes {
		v.Quotes = append(v.Quotes, quoteItem(q, s.quoteLabel(q)))
	}
	for _, id := range f.Quotes {
		v.Chosen = append(v.Chosen, fmt.Sprint(id))
	}
	v.FilterWords, v.Filter, err = s.filterWords(ctx, f.Filter)
	return v, err
}

// filterWords says a filter in words, and as hidden fields.
func (s *Service) filterWords(ctx context.Context, f Filter) (words string, fields [][2]string, err error) {
	values := f.reportValues(byLocality)
	var said []string
	for _, part := range []struct{ name, label, by string }{{"locality", "locality", byLocality}, {"event", "event", byEvent}, {"source", "from", bySource}, {"service", "service", ""}, {"theme", "theme", "theme"},
		{"from", "since", ""}, {"to", "until", ""}, {"q", "with the words", ""}} {
		value := values.Get(part.name)
		if value == "" {
			continue
		}
		fields = append(fields, [2]string{"only_" + part.name, value})
		switch part.by {
		case "":
		case "theme":
			t, err := s.Theme(ctx, f.Theme)
			if err != nil {
				return "", nil, err
			}
			value = t.Name
		default:
			names, _, err := s.columnNames(ctx, part.by)
			if err != nil {
				return "", nil, err
			}
			if name := names[value]; name != "" {
				value = name
			}
		}
		said = append(said, part.label+" "+value)
	}
	return strings.Join(said, ", "), fields, nil
}
