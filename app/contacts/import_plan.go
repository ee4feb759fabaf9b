package contacts

import (
	"slices"
	"strings"
	"time"

	"conversations/app/fault"
)

// with takes another row about the same contact together with this one: what the later row says counts, what it leaves
// empty does not, and groups, localities and answers come together. A weak row counts as the earlier one.
func (w wish) with(later wish) wish {
	if later.weak && !w.weak {
		w, later = later, w
	}
	for _, f := range []struct{ mine, theirs *string }{
		{(*string)(&w.Kind), (*string)(&later.Kind)}, {&w.Name, &later.Name}, {&w.Organisation, &later.Organisation},
		{&w.Phone, &later.Phone}, {&w.PhoneKey, &later.PhoneKey},
		{&w.PostAddress, &later.PostAddress}, {&w.Postcode, &later.Postcode}, {(*string)(&w.Channel), (*string)(&later.Channel)},
	} {
		if *f.theirs != "" {
			*f.mine = *f.theirs
		}
	}
	if w.EmailKey == "" {
		w.Email, w.EmailKey = later.Email, later.EmailKey
	}
	if later.largePrint != nil {
		w.largePrint = later.largePrint
	}
	w.Notes = withNote(w.Notes, later.Notes)
	w.groups, w.localities = union(w.groups, later.groups), union(w.localities, later.localities)
	w.said = append(slices.Clone(w.said), later.said...)
	w.weak = later.weak
	return w
}

// withNote adds a note to notes that do not have it yet.
func withNote(notes, note string) string {
	switch {
	case note == "" || strings.Contains("\n"+notes+"\n", "\n"+note+"\n"):
		return notes
	case notes == "":
		return note
	}
	return notes + "\n" + note
}

func union(a, b []string) []string {
	a = slices.Clone(a)
	for _, one := range b {
		if !slices.Contains(a, one) {
			a = append(a, one)
		}
	}
	return a
}

// known is what we know of a contact before a row is used.
type known struct {
	Contact
	groups     []string // slugs
	localities []string
	ledger     []ConsentEntry // about the purpose of the list, without what was annulled
	lastEntry  int64          // of the whole ledger, by id
	suppressed *time.Time     // since when no letters go to the address
}

// there says whether the contact exists.
func (k *known) there() bool { return k.ID != 0 }

// plan is what is to be done to a contact.
type plan struct {
	after      Contact
	fields     []string // codes of the fields that change
	groups     []string // slugs to add
	localities []string
	entries    []ConsentEntry // to add to the ledger; without contact and time of recording
	note       RowNote
	wrong      []string // why nothing can be done
}

// outcome sums the plan up.
func (p plan) outcome() Outcome {
	switch {
	case len(p.wrong) > 0:
		return RowBad
	case p.after.ID == 0:
		return RowCreates
	case len(p.fields)+len(p.groups)+len(p.localities)+len(p.entries) > 0:
		return RowChanges
	}
	return RowSame
}

// planner decides what rows of a list do to contacts. It asks nobody.
type planner struct {
	set     ImportSettings
	version int             // of the wording; 0 where it is not the configured one
	retired map[string]bool // groups, by slug
	zone    *time.Location
}

// decide compares what a row wants with what is known; a contact that is not there yet has no id.
func (d planner) decide(w wish, k *known) (p plan) {
	p.after = k.Contact
	p.fields = overlay(&p.after, w)
	if p.after.Kind == "" {
		p.after.Kind = Person
		if p.after.Name == "" && p.after.Organisation != "" {
			p.after.Kind = Organisation
		}
	}
	p.check()
	p.groups, p.localities = without(w.groups, k.groups), without(w.localities, k.localities)
	for _, slug := range p.groups {
		if d.retired[slug] {
			p.wrong = append(p.wrong, "The group “"+slug+"” is not used any more. Bring it back first, or leave it out.")
		}
	}
	for _, a := range w.said {
		d.answer(&p, k, a)
	}
	return p
}

// overlay writes what a wish says over a contact and names the fields that change by it. What is only written in other
// capitals is left as it stands; and so is, where the wish is weak, all that is known.
func overlay(c *Contact, w wish) (fields []string) {
	set := func(code string, mine *string, theirs string) {
		if theirs != "" && !strings.EqualFold(*mine, theirs) && (*mine == "" || !w.weak) {
			*mine, fields = theirs, append(fields, code)
		}
	}
	set(fieldKind, (*string)(&c.Kind), string(w.Kind))
	set(fieldName, &c.Name, w.Name)
	set(fieldOrganisation, &c.Organisation, w.Organisation)
	if c.EmailKey == "" && w.EmailKey != "" {
		c.Email, c.EmailKey, fields = w.Email, w.EmailKey, append(fields, fieldEmail)
	}
	if w.PhoneKey != "" && w.PhoneKey != c.PhoneKey && (c.Phone == "" || !w.weak) {
		c.Phone, c.PhoneKey, fields = w.Phone, w.PhoneKey, append(fields, fieldPhone)
	}
	set(fieldPostAddress, &c.PostAddress, w.PostAddress)
	set(fieldPostcode, &c.Postcode, w.Postcode)
	set(fieldChannel, (*string)(&c.Channel), string(w.Channel))
	if w.largePrint != nil && *w.largePrint != c.LargePrint && !w.weak {
		c.LargePrint, fields = *w.largePrint, append(fields, fieldLargePrint)
	}
	if notes := withNote(c.Notes, w.Notes); notes != c.Notes {
		c.Notes, fields = notes, append(fields, fieldNotes)
	}
	return fields
}

// check wants of the contact what every contact must have.
func (p *plan) check() {
	var problems fault.Fields
	if p.after.Kind == Organisation && p.after.Organisation == "" {
		p.wrong = append(p.wrong, "It is an organisation without a name. Write the name under the organisation.")
	}
	p.after.checkChannel(&problems)
	limited(&problems, "notes", "The notes, with those that are there,", p.after.Notes, noteLetters)
	for _, f := range problems {
		p.wrong = append(p.wrong, f.Message+".")
	}
}

func without(wanted, had []string) (added []string) {
	for _, one := range wanted {
		if !slices.Contains(had, one) {
			added = append(added, one)
		}
	}
	return added
}

// answer adds a yes or no to the ledger, where it says something that is not overtaken.
func (d planner) answer(p *plan, k *known, a answer) {
	by := p.after.Channel
	if by == "" {
		return // said already to be wrong
	}
	given, ended := d.last(slices.Concat(k.ledger, p.entries), by)
	switch {
	case a.yes:
		d.yes(p, k, a, given, ended)
	case a.dated:
		if known := !given.After(ended) && !ended.Before(d.dayOf(a.at)); !known && !given.After(a.at) {
			p.entries = append(p.entries, d.entry(Withdrawn, by, a))
		}
	case given.After(ended):
		p.wrong = append(p.wrong, "They say no and it is not known when, and we have a yes of "+given.Format("2 January 2006")+
			". Write the day of the no under the consent date.")
	}
}

// yes counts only where nothing ended it since: a later no, an objection or a suppression always wins.
func (d planner) yes(p *plan, k *known, a answer, given, ended time.Time) {
	switch {
	case k.suppressed != nil && !k.suppressed.Before(a.at):
		p.note = NoteSuppressed
		return
	case k.suppressed != nil:
		p.note = NoteSuppressed // the yes is noted; letters still do not go there
	}
	switch {
	case given.After(ended) && !given.Before(a.at): // known already
	case !a.at.After(ended):
		p.note = NoteUnsubscribed
	default:
		p.entries = append(p.entries, d.entry(Given, p.after.Channel, a))
	}
}

// dayOf is the first moment of the day of an instant.
func (d planner) dayOf(at time.Time) time.Time {
	local := at.In(d.zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, d.zone)
}

// last is when the contact last gave and last ended a basis for a channel; zero where they never did. An objection
// counts from when we heard of it.
func (d planner) last(ledger []ConsentEntry, by Channel) (given, ended time.Time) {
	for _, e := range ledger {
		at := e.At
		if e.Entry == Objected {
			at = e.RecordedAt
		}
		switch {
		case e.Channel != by:
		case e.Entry == Given && at.After(given):
			given = at
		case e.Entry != Given && at.After(ended):
			ended = at
		}
	}
	return given, ended
}

func (d planner) entry(kind Entry, by Channel, a answer) ConsentEntry {
	e := ConsentEntry{Purpose: d.set.Purpose, Channel: by, Entry: kind, At: a.at, Source: FromImport, SourceNote: a.source}
	if kind == Given {
		e.Basis, e.Wording, e.WordingVersion = d.set.Basis, d.set.Wording, d.version
	}
	return e
}
