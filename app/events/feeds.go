package events

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"conversations/app/atom"
	"conversations/app/config"
)

// Feed is a list of public events for other programs to read. Join links are never in it.
type Feed struct {
	Config *config.Config
	Title  string
	Path   string // of the feed itself: "/events.atom"
	Page   string // of the same for people: "/events"
	Events []Event
	Now    time.Time
}

// UID is what an event is called in public calendars, for ever.
func UID(cfg *config.Config, e Event) string { return fmt.Sprintf("event-%d@%s", e.ID, host(cfg)) }

func host(cfg *config.Config) string {
	u, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return "localhost"
	}
	return u.Hostname()
}

// Address is the event's page, as a whole address.
func Address(cfg *config.Config, e Event) string { return absolute(cfg, "/events/"+e.Slug) }

func absolute(cfg *config.Config, path string) string {
	return strings.TrimSuffix(cfg.BaseURL, "/") + path
}

// ICalendar is the feed as a calendar. Events that never had a date are left out; cancelled and postponed ones
// stay in, as cancelled at the date they had last, so that they leave the calendars that took them.
func (f Feed) ICalendar() string {
	var invites []Invite
	for _, e := range f.Events {
		if start, _ := e.calendarTimes(); start != nil {
			invites = append(invites, f.invite(e))
		}
	}
	return Calendar(f.Title, MethodPublish, invites...)
}

func (f Feed) invite(e Event) Invite {
	p := f.Config.Programme
	return Invite{Event: e, Method: MethodPublish, UID: UID(f.Config, e), Sequence: int(e.Version), Stamp: e.UpdatedAt,
		Organizer: Person{Name: p.Name, Email: p.Email}, URL: Address(f.Config, e), Description: f.words(e)}
}

// words is the event in a few lines of plain text.
func (f Feed) words(e Event) string {
	var parts []string
	switch e.Status {
	case Cancelled:
		parts = append(parts, "This event is cancelled.", e.StatusNote)
	case Postponed:
		parts = append(parts, "This event is postponed. A new date will be announced.", e.StatusNote)
	default:
		parts = append(parts, e.When()+".")
	}
	if where := e.Where(); where != "" {
		parts = append(parts, "Where: "+where+".")
	}
	parts = append(parts, e.Summary)
	if l, ok := f.Config.Locality(e.Locality); ok {
		parts = append(parts, "To book or ask, telephone "+l.Telephone+" ("+l.Hours+").")
	}
	return joinNonEmpty(parts, "\n")
}

func joinNonEmpty(parts []string, by string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}

// Atom is the feed by RFC 4287.
func (f Feed) Atom() ([]byte, error) {
	feed := atom.Feed{Title: f.Title, Author: f.Config.Programme.Organisation, Self: absolute(f.Config, f.Path), Page: absolute(f.Config, f.Page), Now: f.Now}
	for _, e := range f.Events {
		feed.Entries = append(feed.Entries, atom.Entry{Title: e.title(), Address: Address(f.Config, e), Published: e.PublishedAt, Updated: e.UpdatedAt, Summary: f.words(e)})
	}
	return feed.Bytes()
}

// title names the state too, where people must not miss it.
func (e Event) title() string {
	if e.Status == Cancelled || e.Status == Postponed {
		return e.Status.Words() + ": " + e.Title
	}
	return e.Title
}

type jsonFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	HomePageURL string     `json:"home_page_url"`
	FeedURL     string     `json:"feed_url"`
	Language    string     `json:"language"`
	Items       []jsonItem `json:"items"`
}

type jsonItem struct {
	ID            string    `json:"id"`
	URL           string    `json:"url"`
	Title         string    `json:"title"`
	ContentText   string    `json:"content_text"`
	Summary       string    `json:"summary,omitempty"`
	DatePublished string    `json:"date_published,omitempty"`
	DateModified  string    `json:"date_modified"`
	Tags          []string  `json:"tags"`
	Event         jsonEvent `json:"_event"` // an extension, as JSON Feed allows
}

type jsonEvent struct {
	About    string `json:"about"`
	Status   Status `json:"status"`
	Locality string `json:"locality"`
	StartsAt string `json:"starts_at,omitempty"` // with the offset of its zone; absent: to be announced
	EndsAt   string `json:"ends_at,omitempty"`
	Where    string `json:"where,omitempty"`
}

// JSON is the feed by JSON Feed 1.1.
func (f Feed) JSON() ([]byte, error) {
	feed := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, HomePageURL: absolute(f.Config, f.Page),
		FeedURL: absolute(f.Config, f.Path), Language: "en-GB", Items: []jsonItem{}}
	for _, e := range f.Events {
		feed.Items = append(feed.Items, f.item(e))
	}
	text, err := json.MarshalIndent(feed, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a JSON feed: %w", err)
	}
	return text, nil
}

func (f Feed) item(e Event) jsonItem {
	item := jsonItem{ID: Address(f.Config, e), URL: Address(f.Config, e), Title: e.title(), ContentText: f.words(e), Summary: e.Summary,
		DateModified: e.UpdatedAt.UTC().Format(time.RFC3339), Tags: []string{e.Locality},
		Event: jsonEvent{About: absolute(f.Config, f.Page), Status: e.Status, Locality: e.Locality, Where: e.Where()}}
	if e.PublishedAt != nil {
		item.DatePublished = e.PublishedAt.UTC().Format(time.RFC3339)
	}
	if e.Dated() {
		item.Event.StartsAt = e.LocalStart().Format(time.RFC3339)
	}
	if e.EndsAt != nil {
		item.Event.EndsAt = e.LocalEnd().Format(time.RFC3339)
	}
	return item
}
