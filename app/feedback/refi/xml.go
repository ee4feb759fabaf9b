package refi

import (
	"encoding/xml"
	"time"
)

const (
	codebookSpace = "urn:QDA-XML:codebook:1.0"
	projectSpace  = "urn:QDA-XML:project:1.0"
)

// The structs below have the names of the standard, in its order. What it allows besides is read to be counted.

type codebookXML struct {
	XMLName xml.Name  `xml:"CodeBook"`
	Space   string    `xml:"xmlns,attr"`
	Origin  string    `xml:"origin,attr,omitempty"`
	Codes   []codeXML `xml:"Codes>Code"`
	Sets    *many     `xml:"Sets"`
}

type codeXML struct {
	GUID        string    `xml:"guid,attr"`
	Name        string    `xml:"name,attr"`
	Codable     string    `xml:"isCodable,attr"`
	Colour      string    `xml:"color,attr,omitempty"`
	Description string    `xml:"Description,omitempty"`
	Codes       []codeXML `xml:"Code"`
}

type projectXML struct {
	XMLName     xml.Name     `xml:"Project"`
	Space       string       `xml:"xmlns,attr"`
	Name        string       `xml:"name,attr"`
	Origin      string       `xml:"origin,attr,omitempty"`
	Creator     string       `xml:"creatingUserGUID,attr,omitempty"`
	Created     string       `xml:"creationDateTime,attr,omitempty"`
	Users       *usersXML    `xml:"Users"`
	Codebook    *codesXML    `xml:"CodeBook"`
	Variables   *many        `xml:"Variables"`
	Cases       *many        `xml:"Cases"`
	Sources     *sourcesXML  `xml:"Sources"`
	Notes       *notesXML    `xml:"Notes"`
	Links       *many        `xml:"Links"`
	Sets        *many        `xml:"Sets"`
	Graphs      *many        `xml:"Graphs"`
	Description string       `xml:"Description,omitempty"`
	NoteRefs    []noteRefXML `xml:"NoteRef"`
}

// many are elements that are only counted.
type many struct {
	All []element `xml:",any"`
}

type element struct{}

func (m *many) len() int {
	if m == nil {
		return 0
	}
	return len(m.All)
}

type usersXML struct {
	Users []userXML `xml:"User"`
}

type userXML struct {
	GUID string `xml:"guid,attr"`
	Name string `xml:"name,attr,omitempty"`
}

type codesXML struct {
	Codes []codeXML `xml:"Codes>Code"`
}

type sourcesXML struct {
	Texts    []textXML `xml:"TextSource"`
	Pictures []element `xml:"PictureSource"`
	PDFs     []element `xml:"PDFSource"`
	Audios   []element `xml:"AudioSource"`
	Videos   []element `xml:"VideoSource"`
}

type notesXML struct {
	Notes []textXML `xml:"Note"`
}

type textXML struct {
	GUID        string         `xml:"guid,attr"`
	Name        string         `xml:"name,attr,omitempty"`
	Path        string         `xml:"plainTextPath,attr,omitempty"`
	Creator     string         `xml:"creatingUser,attr,omitempty"`
	Created     string         `xml:"creationDateTime,attr,omitempty"`
	Description string         `xml:"Description,omitempty"`
	Content     *string        `xml:"PlainTextContent"`
	Selections  []selectionXML `xml:"PlainTextSelection"`
	Codings     []codingXML    `xml:"Coding"`
	NoteRefs    []noteRefXML   `xml:"NoteRef"`
}

type selectionXML struct {
	GUID        string       `xml:"guid,attr"`
	Name        string       `xml:"name,attr,omitempty"`
	Start       int          `xml:"startPosition,attr"`
	End         int          `xml:"endPosition,attr"`
	Creator     string       `xml:"creatingUser,attr,omitempty"`
	Created     string       `xml:"creationDateTime,attr,omitempty"`
	Description string       `xml:"Description,omitempty"`
	Codings     []codingXML  `xml:"Coding"`
	NoteRefs    []noteRefXML `xml:"NoteRef"`
}

type codingXML struct {
	GUID     string       `xml:"guid,attr"`
	Creator  string       `xml:"creatingUser,attr,omitempty"`
	Created  string       `xml:"creationDateTime,attr,omitempty"`
	Code     noteRefXML   `xml:"CodeRef"`
	NoteRefs []noteRefXML `xml:"NoteRef"`
}

type noteRefXML struct {
	Target string `xml:"targetGUID,attr"`
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}

// whenever reads a time; programs write it with a zone and without, and one that cannot be read is not known.
func whenever(text string) time.Time {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}
