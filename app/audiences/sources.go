package audiences

import (
	"context"
	"fmt"

	"conversations/app/config"
	"conversations/app/database"
)

// Source knows one kind of thing about contacts that a rule can ask for.
type Source struct {
	Kind  string // names it in rules: group
	Label string // above what it offers: "Groups"
	Says  string // in a sentence, %s for what was chosen: "in %s"; "" is true of everybody
	Plain bool   // there is nothing to choose: it is true of a contact or not
	// Options are what can be chosen, and those that are chosen already; nil for a Plain one.
	Options func(ctx context.Context, chosen []string) ([]Option, error)
	// Where gives an SQL condition over a row of contacts, true where one of the values fits. contact is what the query
	// calls that row.
	Where func(contact string, values []string) (condition string, args []any)
}

// Option is something to choose.
type Option struct {
	Value, Label string
	Says         string // in a sentence; "" is the label
}

// The kinds that this package knows by itself.
const (
	Everyone = "everyone"
	Asked    = "asked"
	Group    = "group"
	Locality = "locality"
)

// NoLocality, as a locality, is a contact who named none: they hear about all.
const NoLocality = "none"

// builtIn are the sources that need contacts alone.
func builtIn(cfg *config.Config, db *database.DB) []Source {
	return []Source{
		{Kind: Everyone, Label: "Everyone in contacts", Plain: true, Where: func(string, []string) (string, []any) { return "TRUE", nil }},
		{Kind: Asked, Label: "Said yes to", Says: "who said yes to %s", Options: purposeOptions(cfg), Where: saidYes},
		{Kind: Group, Label: "Groups", Says: "in %s", Options: groupOptions(db), Where: inGroup},
		{Kind: Locality, Label: "Localities", Says: "in %s", Options: localityOptions(cfg), Where: inLocality},
	}
}

// saidYes is true of who was asked and agreed, not of who is written to on another basis.
func saidYes(contact string, purposes []string) (string, []any) {
	return `EXISTS (SELECT 1 FROM current_consents cc WHERE cc.contact_id = ` + contact + `.id AND cc.purpose IN ? AND cc.entry = 'given' AND cc.basis = 'consent')`, []any{purposes}
}

func inGroup(contact string, slugs []string) (string, []any) {
	return `EXISTS (SELECT 1 FROM contact_group_members m JOIN contact_groups g ON g.id = m.group_id WHERE m.contact_id = ` + contact + `.id AND g.slug IN ?)`, []any{slugs}
}

func inLocality(contact string, slugs []string) (string, []any) {
	named := `SELECT 1 FROM contact_localities l WHERE l.contact_id = ` + contact + `.id`
	condition := `EXISTS (` + named + ` AND l.locality IN ?)`
	for _, slug := range slugs {
		if slug == NoLocality {
			condition += ` OR NOT EXISTS (` + named + `)`
		}
	}
	return condition, []any{slugs}
}

func purposeOptions(cfg *config.Config) func(context.Context, []string) ([]Option, error) {
	return func(context.Context, []string) (options []Option, err error) {
		for _, p := range cfg.Contacts.Purposes {
			options = append(options, Option{Value: p.Slug, Label: p.Name})
		}
		return options, nil
	}
}

func localityOptions(cfg *config.Config) func(context.Context, []string) ([]Option, error) {
	return func(context.Context, []string) (options []Option, err error) {
		for _, l := range cfg.Localities {
			options = append(options, Option{Value: l.Slug, Label: l.Name})
		}
		return append(options, Option{NoLocality, "No locality named: they hear about all", "no locality in particular"}), nil
	}
}

func groupOptions(db *database.DB) func(context.Context, []string) ([]Option, error) {
	return func(ctx context.Context, chosen []string) (options []Option, err error) {
		err = db.Read(ctx).Raw(`SELECT slug AS value, name AS label FROM contact_groups WHERE NOT retired OR slug IN ? ORDER BY name, id`, append(chosen, "")).Scan(&options).Error
		if err != nil {
			return nil, fmt.Errorf("list the groups: %w", err)
		}
		return options, nil
	}
}
