package app

import (
	"context"
	"fmt"
	"slices"

	"conversations/app/audiences"
	"conversations/app/bookings"
	"conversations/app/events"
)

// eventsOffered is how many past events an audience can be chosen by; those to come are all offered.
const eventsOffered = 60

// plugSources tells audiences what bookings know.
func (a *App) plugSources() {
	a.Audiences.Add(audiences.Source{
		Kind: "booked", Label: "Booked for an event", Says: "who booked for %s", Options: a.eventOptions,
		Where: func(contact string, slugs []string) (string, []any) {
			return bookings.WhoBooked(contact + ".email_key"), []any{slugs}
		},
	})
	a.Audiences.Add(audiences.Source{
		Kind: "came", Label: "Came to an event", Says: "who came to %s", Options: a.pastEventOptions,
		Where: func(contact string, slugs []string) (string, []any) {
			return bookings.WhoCame(contact + ".email_key"), []any{slugs}
		},
	})
}

func (a *App) eventOptions(ctx context.Context, chosen []string) ([]audiences.Option, error) {
	coming, err := a.Events.List(ctx, events.Filter{})
	if err != nil {
		return nil, err
	}
	past, err := a.pastEventOptions(ctx, chosen)
	if err != nil {
		return nil, err
	}
	options := make([]audiences.Option, 0, len(coming)+len(past))
	for _, e := range coming {
		options = append(options, eventOption(e))
	}
	return unique(append(options, past...)), nil
}

func (a *App) pastEventOptions(ctx context.Context, chosen []string) (options []audiences.Option, err error) {
	past, err := a.Events.List(ctx, events.Filter{When: events.Past, Limit: eventsOffered})
	if err != nil {
		return nil, err
	}
	for _, e := range past {
		options = append(options, eventOption(e))
	}
	for _, slug := range chosen {
		if e, err := a.Events.BySlug(ctx, slug); err == nil { // one that is gone is shown by its slug
			options = append(options, eventOption(e))
		}
	}
	return unique(options), nil
}

func eventOption(e events.Event) audiences.Option {
	return audiences.Option{Value: e.Slug, Label: fmt.Sprintf("%s, %s", e.Title, e.When())}
}

func unique(options []audiences.Option) (out []audiences.Option) {
	for _, o := range options {
		if !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}
