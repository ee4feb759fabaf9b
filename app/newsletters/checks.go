package newsletters

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"conversations/app/accounts"
	"conversations/app/mail"
)

// Finding is something about a letter that somebody should look at before it leaves.
type Finding struct {
	Error bool   // it may not leave like this; else it is a warning
	Field string // id of the control on the page where the letter is written: "body-3"
	Text  string // a whole sentence that says what to do
}

// PartReading is how hard a part of a letter is to read.
type PartReading struct {
	Field, Label string
	Reading      Reading
}

// Checks is what was found in a letter.
type Checks struct {
	Findings []Finding // errors first, then in the order of the letter
	Readings []PartReading
	Words    int
	Bytes    int // of the HTML that is sent
}

// Errors are the findings with which the letter may not leave.
func (c Checks) Errors() (errors []Finding) {
	for _, f := range c.Findings {
		if f.Error {
			errors = append(errors, f)
		}
	}
	return errors
}

const (
	maxSubjectCharacters = 70   // more is cut off in the lists of most mail readers
	longLetterWords      = 2000 // about ten minutes
	wordsAMinute         = 200
	clippedFromBytes     = 102 << 10 // from there Gmail shows a part only, and hides the link to stop these emails
	nearlyClippedBytes   = clippedFromBytes * 9 / 10
)

// Check looks through a letter before it is approved, sent or published. It changes nothing and asks no other site.
func (s *Service) Check(ctx context.Context, u Update, c Content) (Checks, error) {
	if err := accounts.Require(ctx, accounts.WriteUpdates); err != nil {
		return Checks{}, err
	}
	l := &look{words: c.words()}
	l.subject(c)
	l.parts(c)
	if u.isLetter() {
		l.letter(c)
	}
	l.placeholders(c)
	l.months(c)
	l.reading(c)
	if err := s.checkPictures(ctx, l, c); err != nil {
		return Checks{}, err
	}
	if err := s.checkLinks(ctx, l, u, c); err != nil {
		return Checks{}, err
	}
	if err := s.checkEvents(ctx, l, u, c); err != nil {
		return Checks{}, err
	}
	size, err := s.checkSize(ctx, l, u, c)
	slices.SortStableFunc(l.findings, func(a, b Finding) int { return rank(a) - rank(b) })
	return Checks{Findings: l.findings, Readings: l.readings, Words: l.words, Bytes: size}, err
}

func rank(f Finding) int {
	if f.Error {
		return 0
	}
	return 1
}

// look gathers what is found.
type look struct {
	findings []Finding
	readings []PartReading
	words    int
}

func (l *look) err(field, text string, args ...any)  { l.add(true, field, text, args) }
func (l *look) warn(field, text string, args ...any) { l.add(false, field, text, args) }

func (l *look) add(isError bool, field, text string, args []any) {
	l.findings = append(l.findings, Finding{Error: isError, Field: field, Text: fmt.Sprintf(text, args...)})
}

func (l *look) subject(c Content) {
	switch n := utf8.RuneCountInString(c.Title); {
	case strings.TrimSpace(c.Title) == "":
		l.err("title", "Write a title. It is the subject of the email.")
	case n > maxSubjectCharacters:
		l.warn("title", "The title has %d characters. Most people see the first %d in their list of emails.", n, maxSubjectCharacters)
	}
	if c.Title != "" && c.Title == strings.ToUpper(c.Title) && strings.ToLower(c.Title) != c.Title {
		l.warn("title", "The title is all in capitals. It is hard to read, and spam filters dislike it.")
	}
}

// parts looks for what a letter lacks.
func (l *look) parts(c Content) {
	if len(c.Sections) == 0 {
		l.err("sections-add", "Add a section. The letter says nothing yet.")
	}
	seen := map[string]int{}
	for i, s := range c.Sections {
		l.section(i, s)
		if first, again := seen[strings.ToLower(s.Heading)]; again && s.Heading != "" {
			l.warn(SectionField("heading", i), "Sections %d and %d have the same heading.", first+1, i+1)
		}
		seen[strings.ToLower(s.Heading)] = i
	}
	for i, s := range c.Signatories {
		if s.Name != "" && s.Office == "" {
			l.warn(SectionField("office", i), "Say which office %s holds.", s.Name)
		}
	}
	if l.words > longLetterWords {
		l.warn("title", "The letter has %d words. That is about %d minutes of reading. Can a part of it wait, or go on a page of its own?", l.words, l.words/wordsAMinute)
	}
}

// letter looks for what only a letter to people must have.
func (l *look) letter(c Content) {
	if strings.TrimSpace(c.Opening) == "" {
		l.err("opening", "Write an opening.")
	}
	if strings.TrimSpace(c.Closing) == "" {
		l.err("closing", "Write a closing, such as \"With best wishes\".")
	}
	if !slices.ContainsFunc(c.Signatories, func(s Signatory) bool { return s != (Signatory{}) }) {
		l.err(SectionField("name", 0), "Say who signs the letter.")
	}
}

// isLetter says whether somebody gets it as a letter: then it is addressed to them, and signed.
func (u Update) isLetter() bool { return u.Kind == StakeholderUpdate || u.Mailed() }

func (l *look) section(i int, s Section) {
	if s.Kind == TextSection && strings.TrimSpace(s.Body) == "" {
		l.err(SectionField("body", i), "The section \"%s\" is empty. Write its text, or remove it.", s.title())
	}
	if s.Kind == PictureSection && s.PictureID == 0 {
		l.err(SectionField("file", i), "Choose a picture for the section \"%s\", or remove it.", s.title())
	}
	if s.Heading == "" && s.Kind != PictureSection && i > 0 {
		l.warn(SectionField("heading", i), "Section %d has no heading. Headings help people find what concerns them.", i+1)
	}
	if strings.Contains(s.Body, "](") && strings.Contains(s.Body, "![") {
		l.warn(SectionField("body", i), "A picture in the text of \"%s\" is not shown. Add a section for it instead.", s.title())
	}
}

// Advice for the words that stand for a picture.
const (
	altAdvice        = "Say in words what the picture in \"%s\" shows. Many people do not see it."
	maxAltCharacters = 250
)

func (s *Service) checkPictures(ctx context.Context, l *look, c Content) error {
	pictures, err := s.pictureFacts(ctx, c)
	if err != nil {
		return err
	}
	for i, section := range c.Sections {
		if section.Kind != PictureSection || section.PictureID == 0 {
			continue
		}
		field := SectionField("alt", i)
		p, there := pictures[section.PictureID]
		alt := strings.TrimSpace(section.Alt)
		switch {
		case !there:
			l.err(SectionField("file", i), "The picture in \"%s\" is not there any more. Choose it once more.", section.title())
		case alt == "":
			l.err(field, altAdvice, section.title())
		case strings.EqualFold(alt, p.Name) || strings.HasSuffix(strings.ToLower(alt), p.extension()):
			l.err(field, "The name of a file says nothing about the picture in \"%s\". Say what it shows.", section.title())
		case utf8.RuneCountInString(alt) > maxAltCharacters:
			l.warn(field, "The words for the picture in \"%s\" are long. One or two sentences are enough: write the rest below the picture.", section.title())
		}
	}
	return nil
}

// checkSize makes the HTML as it is sent and looks how large it is.
func (s *Service) checkSize(ctx context.Context, l *look, u Update, c Content) (int, error) {
	blocks, err := s.Letter(ctx, u, c)
	if err != nil {
		return 0, err
	}
	page, err := mail.NewMailing{Subject: c.Title, Blocks: blocks, Nameless: c.NamelessWords()}.HTML(s.Config, mail.Values{Unsubscribe: s.Config.BaseURL, Preferences: s.Config.BaseURL})
	switch n := len(page); {
	case err != nil:
		return 0, err
	case n > clippedFromBytes:
		l.err("title", "The email has %d KB. Gmail shows the first 102 KB only, and hides the link to stop these emails. Make the letter shorter.", n>>10)
	case n > nearlyClippedBytes:
		l.warn("title", "The email has %d KB. From 102 KB on, Gmail hides its end.", n>>10)
	}
	return len(page), nil
}
