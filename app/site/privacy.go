package site

import (
	"slices"
	"strings"

	"conversations/app/config"
	"conversations/app/database"
	pages "conversations/templates/site"
)

// privacySections tells of every table that holds something personal, a line for each kind of thing in it.
func privacySections(cfg *config.Config, tables []database.Table) (sections []pages.PrivacySection) {
	for _, t := range tables {
		section := pages.PrivacySection{Heading: t.What}
		for _, c := range t.Columns {
			if c.Personal == nil {
				continue
			}
			row := privacyRow(cfg, t, *c.Personal)
			if !slices.Contains(section.Rows, row) {
				section.Rows = append(section.Rows, row)
			}
		}
		if len(section.Rows) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}

func privacyRow(cfg *config.Config, t database.Table, p database.Personal) pages.PrivacyRow {
	return pages.PrivacyRow{
		What: p.What, Why: capital(p.Purpose), Basis: capital(string(p.Basis)), Keep: keepWords(cfg.Retention, p.Keep, t), Seen: seenWords(p.Seen),
	}
}

// bases explains each lawful basis that the tables name, in the order of the law.
func bases(tables []database.Table) (out []pages.PrivacyBasis) {
	explained := []struct {
		basis database.Basis
		means string
	}{
		{database.Consent, "You said yes. You can say no later, and then we stop."},
		{database.Contract, "We need it because you work here."},
		{database.LegalObligation, "A law says that we must keep it."},
		{database.PublicTask, "We need it to do the work that the law gives us: to listen to people and to plan health care."},
		{database.LegitimateInterest, "We need it to run our work well, and it does not harm you."},
		{database.HealthWithConsent, "What you need to take part can say something about your health, so we keep it only if you choose to tell us."},
	}
	for _, e := range explained {
		if uses(tables, e.basis) {
			out = append(out, pages.PrivacyBasis{Name: capital(string(e.basis)), Means: e.means})
		}
	}
	return out
}

func uses(tables []database.Table, basis database.Basis) bool {
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Personal != nil && c.Personal.Basis == basis {
				return true
			}
		}
	}
	return false
}

// seenWords names roles as people outside know them.
func seenWords(roles []string) string {
	known := map[string]string{
		"admin": "the people who run this website", "engagement": "the team that runs our events", "comms": "the team that writes our updates",
		"door": "the people who welcome you at the door", "nobody": "nobody: it is kept so that only the computer can use it",
	}
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = r
		if w, ok := known[r]; ok {
			words[i] = w
		}
	}
	return capital(listed(words))
}

// listed joins words as a sentence does: "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// capital begins a text with a capital letter.
func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
