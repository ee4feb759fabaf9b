package documents

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"conversations/app/config"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/files"
	"conversations/app/links"
)

// Document is a file of the library with what a reader wants to know before opening it: a row of the table documents.
type Document struct {
	ID          int64
	Slug        string // the last part of its web address, for life
	Title       string
	Summary     string
	DatedOn     string // the day on the document: 2015-07-01
	Locality    string // slug; "" is for everybody
	FileName    string // as it is downloaded
	ContentType string // found in the file
	Size        int64  // bytes
	Digest      string // SHA-256 of the file, in hex
	Data        []byte
	Public      bool
	Version     int64 // of the row: a change of an older one is refused
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// TableName is the table that documents live in.
func (Document) TableName() string { return "documents" }

// File says what the file is: "PDF, 120 KB".
func (d Document) File() string { return files.Words(d.ContentType, d.Size) }

// Dated is the day on the document in words: "1 July 2015".
func (d Document) Dated() string {
	day, err := time.Parse(time.DateOnly, d.DatedOn)
	if err != nil {
		return d.DatedOn
	}
	return day.Format("2 January 2006")
}

// Form is what staff typed about a document, as typed.
type Form struct {
	Title      string `form:"title"`
	Summary    string `form:"summary,lines"`
	DatedDay   string `form:"dated_day"`
	DatedMonth string `form:"dated_month"`
	DatedYear  string `form:"dated_year"`
	Locality   string `form:"locality"`
	Public     bool   `form:"public"`
	Version    int64  `form:"version"`
}

// FormOf is the form of a document that is stored.
func FormOf(d Document) Form {
	f := Form{Title: d.Title, Summary: d.Summary, Locality: d.Locality, Public: d.Public, Version: d.Version}
	if day, err := time.Parse(time.DateOnly, d.DatedOn); err == nil {
		f.DatedDay, f.DatedMonth, f.DatedYear = day.Format("2"), day.Format("1"), day.Format("2006")
	}
	return f
}

// Upload is a file as it was sent; without Data none was.
type Upload struct {
	Name string
	Data []byte
}

const (
	maxTitleCharacters   = 150
	maxSummaryCharacters = 1_000
)

// apply puts what was typed and sent onto d. The error has a message for every field that needs mending.
func (f Form) apply(d Document, sent Upload, cfg *config.Config) (Document, error) {
	var problems fault.Fields
	f.facts(&d, cfg, &problems)
	sent.put(&d, cfg.Documents.FileBytes, &problems)
	return d, problems.Err()
}

func (f Form) facts(d *Document, cfg *config.Config, problems *fault.Fields) {
	d.Title, d.Summary, d.Public = f.Title, f.Summary, f.Public
	if d.Title == "" {
		problems.Add("title", "Enter a title")
	}
	limited(problems, "title", "The title", d.Title, maxTitleCharacters)
	limited(problems, "summary", "What it is about", d.Summary, maxSummaryCharacters)
	day, ok := events.ParseDay(f.DatedDay, f.DatedMonth, f.DatedYear)
	if !ok {
		problems.Add("dated_day", "Enter the date on the document, such as 1 7 2015")
	}
	d.DatedOn = day.Format(time.DateOnly)
	d.Locality = f.Locality
	if _, known := cfg.Locality(f.Locality); f.Locality != "" && !known {
		problems.Add("locality", "Choose a locality, or all areas")
	}
}

func limited(problems *fault.Fields, name, label, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		problems.Add(name, label+" must be "+strconv.Itoa(most)+" characters or fewer")
	}
}

// put replaces the file. A document that has one may do without a new one.
func (u Upload) put(d *Document, limitBytes int64, problems *fault.Fields) {
	kind, known := files.Sniff(u.Data)
	switch {
	case len(u.Data) == 0 && d.Size > 0:
	case len(u.Data) == 0:
		problems.Add("file", "Choose a file")
	case int64(len(u.Data)) > limitBytes:
		problems.Add("file", "The file must be smaller than "+files.Size(limitBytes))
	case !known:
		problems.Add("file", "The file must be "+files.Accepted)
	default:
		d.ContentType, d.FileName = kind.ContentType, files.Name(u.Name, kind)
		d.Data, d.Size, d.Digest = u.Data, int64(len(u.Data)), digest(u.Data)
	}
}

const maxSlugBytes = 80

func slugOf(title string) string {
	slug := links.Words(title)
	if len(slug) > maxSlugBytes {
		slug = slug[:maxSlugBytes]
	}
	if slug = strings.Trim(slug, "-"); slug == "" {
		return "document"
	}
	return slug
}
