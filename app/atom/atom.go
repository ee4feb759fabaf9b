// Package atom writes lists of what was published for feed readers, as RFC 4287 has them.
package atom

import (
	"encoding/xml"
	"fmt"
	"time"
)

// MediaType is what a feed is served as.
const MediaType = "application/atom+xml; charset=utf-8"

// Feed is a list of what was published. All addresses are absolute.
type Feed struct {
	Title   string
	Author  string
	Self    string // of the feed; also its id for ever
	Page    string // the same for people
	Entries []Entry
	Now     time.Time // when an empty feed was written
}

// Entry is one thing that was published. It needs an address and an instant of its last change.
type Entry struct {
	Title     string
	Address   string // also its id for ever
	Published *time.Time
	Updated   time.Time
	Summary   string // plain text
}

// Bytes is the feed as it is served.
func (f Feed) Bytes() ([]byte, error) {
	out := feed{ID: f.Self, Title: f.Title, Updated: f.updated().Format(time.RFC3339), Author: person{Name: f.Author}, Links: []link{
		{Rel: "self", Type: "application/atom+xml", Href: f.Self}, {Rel: "alternate", Type: "text/html", Href: f.Page}}}
	for _, e := range f.Entries {
		out.Entries = append(out.Entries, e.element())
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write an Atom feed: %w", err)
	}
	return append([]byte(xml.Header), text...), nil
}

func (e Entry) element() entry {
	out := entry{ID: e.Address, Title: e.Title, Updated: e.Updated.UTC().Format(time.RFC3339), Summary: e.Summary,
		Link: link{Rel: "alternate", Type: "text/html", Href: e.Address}}
	if e.Published != nil {
		out.Published = e.Published.UTC().Format(time.RFC3339)
	}
	return out
}

// updated is when anything in the feed changed last; of an empty feed, now.
func (f Feed) updated() time.Time {
	var last time.Time
	for _, e := range f.Entries {
		if e.Updated.After(last) {
			last = e.Updated
		}
	}
	if last.IsZero() {
		last = f.Now
	}
	return last.UTC()
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  person   `xml:"author"`
	Links   []link   `xml:"link"`
	Entries []entry  `xml:"entry"`
}

type person struct {
	Name string `xml:"name"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type entry struct {
	ID        string `xml:"id"`
	Title     string `xml:"title"`
	Link      link   `xml:"link"`
	Published string `xml:"published,omitempty"`
	Updated   string `xml:"updated"`
	Summary   string `xml:"summary"`
}
