package surveys

import (
	"slices"

	"conversations/app/config"
	"conversations/app/fault"
)

// areas are the localities that an outward postcode is in, as the configuration has it.
func (s *Service) areas(outward string) (list []config.Locality) {
	for _, l := range s.Config.Localities {
		if slices.Contains(l.Postcodes, outward) {
			list = append(list, l)
		}
	}
	return list
}

func (q Question) areaField() string { return q.Field() + "-area" }

// checkAreas asks whoever gave a postcode that is in several localities which of them is theirs.
func (s *Service) checkAreas(section FormSection, answers Answers, problems *fault.Fields) {
	for _, q := range section.Questions {
		outward, ok := Outward(answers[q.ID].Text)
		if q.Kind != Postcode || !ok {
			continue
		}
		if areas, chosen := s.areas(outward), answers[q.ID].Area; len(areas) > 1 && chosen != NotSure && !has(areas, chosen) {
			problems.Add(q.areaField(), q.words().chooseArea)
		}
	}
}

func has(areas []config.Locality, slug string) bool {
	return slices.ContainsFunc(areas, func(l config.Locality) bool { return l.Slug == slug })
}

// localityOf is where somebody lives by the first postcode that they gave: where it is in several localities, that which
// they chose, now or on an earlier page (before). "" is not known.
func (s *Service) localityOf(form Form, answers Answers, before string) string {
	for _, section := range form.Sections {
		for _, q := range section.Questions {
			outward, ok := Outward(answers[q.ID].Text)
			if q.Kind != Postcode || !ok {
				continue
			}
			areas, chosen := s.areas(outward), answers[q.ID].Area
			switch {
			case len(areas) == 1:
				return areas[0].Slug
			case has(areas, chosen):
				return chosen
			case chosen == "" && has(areas, before):
				return before
			}
			return ""
		}
	}
	return ""
}
