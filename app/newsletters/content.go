package newsletters

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"conversations/app/fault"
)

// Content is what a letter says. Its texts are markdown, save for titles, headings and names, which are plain.
type Content struct {
	Title       string      `json:"title"`
	Opening     string      `json:"opening,omitempty"`  // may hold {name}
	Nameless    string      `json:"nameless,omitempty"` // stands for {name} where we do not know the name
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

// The limits of a letter. Within them anything can be saved, half-done letters above all: what a letter must have
// before it leaves, Check says.
const (
	maxTitleCharacters = 150
	maxTextCharacters  = 20_000
	maxSections        = 40
	maxSignatories     = 10
)

// tidied is the content as it is stored: every section with a key of its own, and nothing in it that its kind does not
// have. The error holds a message at every field that is too long.
func (c Content) tidied() (Content, error) {
	var problems fault.Fields
	short := func(field, text string) { tooLong(&problems, field, text, maxTitleCharacters) }
	long := func(field, text string) { tooLong(&problems, field, text, maxTextCharacters) }
	short("title", c.Title)
	long("opening", c.Opening)
	short("nameless", c.Nameless)
	seen := map[string]bool{}
	sections := make([]Section, 0, len(c.Sections))
	for i, section := range c.Sections {
		section = section.tidied(seen)
		short(SectionField("heading", i), section.Heading)
		long(SectionField("body", i), section.Body)
		long(SectionField("alt", i), section.Alt)
		sections = append(sections, section)
	}
	long("closing", c.Closing)
	for i, signatory := range c.Signatories {
		short(SectionField("name", i), signatory.Name)
		short(SectionField("office", i), signatory.Office)
	}
	if len(sections) > maxSections {
		problems.Add("title", "A letter can have "+strconv.Itoa(maxSections)+" sections at most")
	}
	if len(c.Signatories) > maxSignatories {
		problems.Add("title", "A letter can have "+strconv.Itoa(maxSignatories)+" signatories at most")
	}
	c.Sections = sections
	return c, problems.Err()
}

func (s Section) tidied(seen map[string]bool) Section {
	for s.Key == "" || seen[s.Key] {
		s.Key = strings.ToLower(rand.Text()[:8])
	}
	seen[s.Key] = true
	switch s.Kind {
	case EventsSection:
		s.PictureID, s.Alt = 0, ""
	case PictureSection:
		s.Locality, s.Events = "", nil
	default:
		s.Kind, s.Locality, s.Events, s.PictureID, s.Alt = TextSection, "", nil, 0, ""
	}
	return s
}

func tooLong(problems *fault.Fields, field, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		problems.Add(field, fmt.Sprintf("This is %d characters long, and %d fit. Make it shorter, or split it", n, limit))
	}
}

// SectionField is the id of a control of the section, or signatory, of this number from 0: "body-3".
func SectionField(name string, number int) string { return name + "-" + strconv.Itoa(number) }

// thawed is the content without the events that were frozen: they are filled in anew.
func (c Content) thawed() Content {
	sections := make([]Section, len(c.Sections))
	copy(sections, c.Sections)
	for i := range sections {
		sections[i].Events = nil
	}
	c.Sections = sections
	return c
}
