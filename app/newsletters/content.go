package newsletters

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Content is what a letter says. Its texts are markdown, save for titles, headings and names, which are plain.
type Content struct {
	Title       string      `json:"title"`
	Opening     string      `json:"opening,omitempty"` // may hold {name}
	Sections    []Section   `json:"sections,omitempty"`
	Closing     string      `json:"closing,omitempty"`
	Signatories []Signatory `json:"signatories,omitempty"`
}

// SectionKind says what a section holds.
type SectionKind string

// The kinds of section.
const (
	TextSection    SectionKind = "text"
	EventsSection  SectionKind = "events"  // fills itself with the events to come
	PictureSection SectionKind = "picture" // a picture, and words below it
)

// Section is one part of a letter.
type Section struct {
	Key       string      `json:"key"` // stays with the section when it is moved or its heading is changed
	Kind      SectionKind `json:"kind"`
	Heading   string      `json:"heading,omitempty"`
	Body      string      `json:"body,omitempty"`     // markdown
	Locality  string      `json:"locality,omitempty"` // slug, of events: only those there; "" for all
	Events    []EventLine `json:"events,omitempty"`   // as they were when the letter was frozen
	PictureID int64       `json:"picture,omitempty"`
	Alt       string      `json:"alt,omitempty"` // what the picture shows, in words
}

// EventLine is an event as a letter names it.
type EventLine struct {
	Slug  string `json:"slug"`
	Title string `json:"title"`
	When  string `json:"when"`
	Where string `json:"where"`
}

// Signatory is who signs a letter.
type Signatory struct {
	Name   string `json:"name"`
	Office string `json:"office"`
}

// Digest tells two contents apart: the same words, sections, pictures and events give the same digest.
func (c Content) Digest() string {
	sum := sha256.Sum256([]byte(c.text()))
	return hex.EncodeToString(sum[:])
}

func (c Content) text() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(fmt.Sprintf("newsletters: a content of strings cannot be written: %v", err))
	}
	return string(text)
}

func readContent(text string) (c Content, err error) {
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("read the text of an update: %w", err)
	}
	return c, nil
}
