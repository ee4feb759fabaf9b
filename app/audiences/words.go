package audiences

import (
	"context"
	"fmt"
	"strings"
)

// Words is a rule as people read it: "People in Councillors or GP practices, of them only those in Dacorum, but not
// those who booked for …".
func (s *Service) Words(ctx context.Context, r Rule) (string, error) {
	if r.Empty() {
		return "Nobody yet.", nil
	}
	names, err := s.names(ctx, r)
	if err != nil {
		return "", err
	}
	first, rest := r.Any, r.All
	joined := " or "
	if len(first) == 0 {
		first, rest, joined = r.All, nil, " and "
	}
	text := s.say(first, names, joined)
	if text == "" || len(first) > 1 && s.unbounded(first, joined) {
		text = "Everyone in contacts"
	} else {
		text = "People " + text
	}
	if only := s.say(rest, names, " and "); only != "" {
		text += ", of them only those " + only
	}
	if not := s.say(r.None, names, " or "); not != "" {
		text += ", but not those " + not
	}
	return text + ".", nil
}

// unbounded says whether one of the conditions is true of everybody, so that the others do not matter.
func (s *Service) unbounded(conditions []Condition, joined string) bool {
	if joined != " or " {
		return false
	}
	for _, c := range conditions {
		if s.sources[c.Kind].Says == "" {
			return true
		}
	}
	return false
}

// say gives conditions in words: "in Councillors or GP practices or who came to …".
func (s *Service) say(conditions []Condition, names map[string]string, joined string) string {
	var parts []string
	for _, c := range conditions {
		says := s.sources[c.Kind].Says
		if says == "" {
			continue
		}
		var values []string
		for _, value := range c.Values {
			values = append(values, names[c.Kind+":"+value])
		}
		if strings.Contains(says, "%s") {
			says = fmt.Sprintf(says, strings.Join(values, " or "))
		}
		parts = append(parts, says)
	}
	return strings.Join(parts, joined)
}

// names are the labels of everything that a rule names, by kind:value. What is not offered any more keeps its value.
func (s *Service) names(ctx context.Context, r Rule) (map[string]string, error) {
	names := map[string]string{}
	for _, conditions := range [][]Condition{r.Any, r.All, r.None} {
		for _, c := range conditions {
			source, known := s.sources[c.Kind]
			if !known || source.Options == nil {
				continue
			}
			options, err := source.Options(ctx, c.Values)
			if err != nil {
				return nil, fmt.Errorf("name what a rule asks for: %w", err)
			}
			for _, value := range c.Values {
				names[c.Kind+":"+value] = value
			}
			for _, o := range options {
				if names[c.Kind+":"+o.Value] = o.Says; o.Says == "" {
					names[c.Kind+":"+o.Value] = o.Label
				}
			}
		}
	}
	return names, nil
}
