package contacts

import (
	"fmt"
	"net/mail"
	"strings"
	"time"

	"conversations/app/config"
	"conversations/app/links"
)

// wish is what a row of a list wants a contact to be, or several rows taken together. What is empty is left as it is.
type wish struct {
	Contact // without id, keys of suppression, version and times

	largePrint *bool
	groups     []string // slugs
	localities []string // slugs
	said       []answer
	weak       bool // the row is known by an old address of a contact that was merged: it changes nothing that is known
}

// answer is a yes or no to being written to.
type answer struct {
	yes    bool
	dated  bool
	at     time.Time
	source string
}

// rowReader reads the rows of one list.
type rowReader struct {
	set        ImportSettings
	cfg        *config.Config
	now        time.Time
	groups     *names
	localities *names
	phones     map[string]phone // numbers that were read: reading one is slow, and offices share theirs
}

type phone struct{ written, key, problem string }

// phonesKept bounds how many numbers a reader remembers.
const phonesKept = 4096

func (s *Service) newRowReader(set ImportSettings, groups []Group) *rowReader {
	r := &rowReader{set: set, cfg: s.cfg, now: s.db.Now(), groups: newNames("group"), localities: newNames("locality"), phones: map[string]phone{}}
	for _, g := range groups {
		r.groups.add(g.Slug, g.Name, !g.Retired)
	}
	for _, name := range set.NewGroups {
		r.groups.add(links.Words(name), name, true)
	}
	for _, l := range s.cfg.Localities {
		r.localities.add(l.Slug, l.Name, true)
	}
	return r
}

// read gives what a row wants. What is wrong with it comes in plain words, all at once; none is a row that can be used.
func (r *rowReader) read(cells []string) (w wish, wrong []string) {
	c := reading{rowReader: r, cells: cells}
	c.readWho(&w)
	c.readReach(&w)
	c.readManner(&w)
	w.groups = c.list(fieldGroups, r.groups, r.set.Groups)
	w.localities = c.list(fieldLocalities, r.localities, r.set.Localities)
	c.readAnswer(&w)
	if len(c.wrong) == 0 {
		c.checkKnowable(w)
	}
	return w, c.wrong
}

// reading is one row while it is read.
type reading struct {
	*rowReader
	cells []string
	wrong []string
}

func (c *reading) complain(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// raw gives what stands in the columns of a field, below one another where there are several.
func (c *reading) raw(field string) string {
	text := ""
	for i, code := range c.set.Columns {
		if code != field || i >= len(c.cells) {
			continue
		}
		if cell := TidyLines(c.cells[i]); cell != "" && text != "" {
			text += "\n" + cell
		} else if cell != "" {
			text = cell
		}
	}
	return text
}

// line gives what stands in the column of a field, on one line; "" for what people write into cells to leave them empty.
func (c *reading) line(field string) string {
	text := Tidy(c.raw(field))
	switch strings.ToLower(text) {
	case "-", "–", "n/a", "none", "null", "nil", "unknown", "not known":
		return ""
	}
	return text
}

func (c *reading) readWho(w *wish) {
	w.Name, w.Organisation = c.line(fieldName), c.line(fieldOrganisation)
	if w.Name == "" {
		w.Name = strings.TrimSpace(c.line(fieldFirstName) + " " + c.line(fieldLastName))
	}
	c.limit("name", w.Name, nameLetters)
	c.limit("organisation", w.Organisation, organisationLetters)
	switch kind := strings.ToLower(c.line(fieldKind)); kind {
	case "":
	case "person", "individual", "people":
		w.Kind = Person
	case "organisation", "organization", "org", "company":
		w.Kind = Organisation
	default:
		c.complain("“%s” is neither person nor organisation. Write one of the two, or leave it empty.", kind)
	}
}

func (c *reading) limit(what, text string, most int) {
	if letters(text) > most {
		c.complain("The %s is too long: it may have %d letters.", what, most)
	}
}

func (c *reading) readReach(w *wish) {
	if email := c.line(fieldEmail); email != "" {
		c.readEmail(w, email)
	}
	if number := c.line(fieldPhone); number != "" {
		p := c.phone(number)
		if w.Phone, w.PhoneKey = p.written, p.key; p.problem != "" {
			c.complain("“%s” is not a telephone number with its area code, like 01442 898867.", number)
		}
	}
	w.PostAddress = c.raw(fieldPostAddress)
	c.limit("postal address", w.PostAddress, addressLetters)
	if text := c.line(fieldPostcode); text != "" {
		var ok bool
		if w.Postcode, ok = ReadPostcode(text); !ok {
			c.complain("“%s” is not a full UK postcode, such as HP1 1DN.", text)
		}
	}
}

// readEmail takes also what mail programs copy: "Ann Example <ann@example.org>" and "mailto:ann@example.org".
func (c *reading) readEmail(w *wish, text string) {
	if address, err := mail.ParseAddress(text); err == nil && strings.HasSuffix(text, ">") {
		if text = address.Address; w.Name == "" {
			w.Name = Tidy(address.Name)
		}
	}
	text = strings.TrimPrefix(text, "mailto:")
	w.Email, w.EmailKey = text, NormaliseEmail(text)
	if problem := CheckEmail(text, text); problem == "" {
		return
	}
	switch {
	case strings.Count(text, "@") > 1:
		c.complain("There is more than one email address in the cell. Give each person a row of their own.")
	case !strings.Contains(text, "@"):
		c.complain("“%s” is not an email address: it has no @. Mend it, or empty the cell.", text)
	case strings.Contains(text, " "):
		c.complain("“%s” is not an email address: there is a space in it. Mend it, or empty the cell.", text)
	default:
		c.complain("“%s” is not an email address in the right form, like name@example.com. Mend it, or empty the cell.", text)
	}
}

func (c *reading) phone(number string) phone {
	p, known := c.phones[number]
	if !known {
		p.written, p.key, p.problem = ReadPhone(number)
		if len(c.phones) >= phonesKept {
			clear(c.phones)
		}
		c.phones[number] = p
	}
	return p
}

func (c *reading) readManner(w *wish) {
	switch channel := strings.ToLower(c.line(fieldChannel)); channel {
	case "":
	case "email", "e-mail", "mail", "by email":
		w.Channel = Email
	case "post", "letter", "by post", "paper":
		w.Channel = Post
	case "telephone", "phone", "by telephone", "call", "tel":
		w.Channel = Telephone
	default:
		c.complain("“%s” is not a way in which we write. Write email, post or telephone.", channel)
	}
	if text := c.line(fieldLargePrint); text != "" {
		yes, ok := yesOrNo(text)
		if w.largePrint = &yes; !ok {
			c.complain("“%s” does not say whether they need large print. Write yes or no.", text)
		}
	}
	w.Notes = c.raw(fieldNotes)
	c.limit("note", w.Notes, noteLetters)
}

func yesOrNo(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "yes", "y", "true", "1", "x", "✓", "✔", "agreed", "opted in", "opt in", "opt-in", "subscribed":
		return true, true
	case "no", "n", "false", "0", "✗", "refused", "opted out", "opt out", "opt-out", "unsubscribed":
		return false, true
	}
	return false, false
}

// readAnswer reads whether they said yes or no, when and where.
func (c *reading) readAnswer(w *wish) {
	text, a := c.line(fieldConsent), answer{source: c.line(fieldConsentSource)}
	var ok bool
	switch a.yes, ok = yesOrNo(text); {
	case text == "" && !c.set.Everybody:
		return
	case text == "":
		a.yes = true
	case !ok:
		c.complain("“%s” is neither yes nor no to our writing. Write yes or no.", text)
		return
	}
	if a.source == "" {
		a.source = c.set.Source
	}
	c.limit("place where they said yes or no", a.source, sourceLetters)
	day := c.line(fieldConsentDate)
	if day == "" {
		day = c.set.Date
	}
	if a.dated = day != ""; a.dated {
		a.at = c.when(day, a.yes)
	} else if a.yes {
		c.complain("They said yes, and it is not known when. Write the day under the consent date.")
	}
	w.said = append(w.said, a)
}

// sourceLetters is how long the words may be for where somebody said yes or no.
const sourceLetters = 200

func (c *reading) when(text string, yes bool) time.Time {
	entry := Given
	if !yes {
		entry = Withdrawn
	}
	at, ok := readDay(text, entry, c.cfg.Zone(), c.now)
	switch {
	case !ok:
		c.complain("“%s” is not a date. Write it like 28/02/2017 or 2017-02-28.", text)
	case at.After(c.now):
		c.complain("The date %s has not come yet.", at.In(c.cfg.Zone()).Format("2 January 2006"))
	}
	return at
}

// readDay is ReadWhen for the many forms of a day that lists have: its month in words, its year in two figures.
func readDay(text string, entry Entry, zone *time.Location, now time.Time) (at time.Time, ok bool) {
	if at, ok = ReadWhen(text, entry, zone, now); ok {
		return at, ok
	}
	text = strings.NewReplacer(".", "/", "-", "/", ",", "").Replace(text)
	for _, form := range []string{"2/1/2006", "2/1/06", "2006/1/2", "2 January 2006", "2 Jan 2006", "2/Jan/2006", "2/Jan/06", "January 2 2006"} {
		if day, err := time.Parse(form, text); err == nil {
			return ReadWhen(day.Format(time.DateOnly), entry, zone, now)
		}
	}
	return time.Time{}, false
}

// checkKnowable wants something by which the contact can be known again.
func (c *reading) checkKnowable(w wish) {
	if w.EmailKey == "" && (w.title() == "" || w.PhoneKey == "" && w.Postcode == "") {
		c.complain("There is no email address. A row without one needs a name, and a telephone number or a postcode, so that we know who it is.")
	}
}
