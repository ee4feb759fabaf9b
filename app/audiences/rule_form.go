package audiences

import (
	"context"

	pages "conversations/templates/audiences"
)

// RuleForm is the form of a rule with what is ticked in each of its parts, as ReadRule reads it.
func (s *Service) RuleForm(ctx context.Context, some, all, none []string) (parts []pages.RulePart, err error) {
	parts = []pages.RulePart{
		{Name: "any", Heading: "Who is it for?", Text: "People who fit at least one of these."},
		{Name: "all", Heading: "Only some of them", Text: "They must also fit these. Of each kind one is enough.", Open: len(all) > 0},
		{Name: "none", Heading: "But not these", Text: "Who fits one of these does not get it.", Open: len(none) > 0},
	}
	for i, ticked := range [][]string{some, all, none} {
		if parts[i].Sources, err = s.formSources(ctx, parts[i].Name, ticked); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func (s *Service) formSources(ctx context.Context, part string, ticked []string) (out []pages.RuleSource, err error) {
	for _, source := range s.Sources() {
		if source.Kind == Everyone && part != "any" {
			continue // that says nothing
		}
		r := pages.RuleSource{Kind: source.Kind, Legend: source.Label}
		var values []string
		for _, c := range readConditions(ticked) {
			if c.Kind == source.Kind {
				values, r.Chosen = c.Values, Ticked([]Condition{c})
			}
		}
		options := []Option{{Label: source.Label}}
		if !source.Plain {
			if options, err = source.Options(ctx, values); err != nil {
				return nil, err
			}
		} else {
			r.Legend = "Everybody"
		}
		for _, o := range options {
			r.Options = append(r.Options, pages.Choice{Value: source.Kind + ":" + o.Value, Text: o.Label})
		}
		if len(r.Options) > 0 {
			out = append(out, r)
		}
	}
	return out, nil
}
