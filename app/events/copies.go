package events

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// maxCopies bounds how many events are made at once.
const maxCopies = 24

// Copies is what is asked for when an event is copied.
type Copies struct {
	Locality string `form:"locality"`    // of the copies; "" is the same
	Dates    string `form:"dates,lines"` // one on each line; none makes one copy without a date
	Series   string `form:"series"`      // a name under which they are shown together with this one; "" is none
}

// Copy makes drafts of an event for other dates: all of its facts, none of its bookings. Given a series, the event
// itself joins it too. The error is an Invalid fault that names each date that cannot be read.
func (s *Service) Copy(ctx context.Context, id int64, c Copies) (made []Event, err error) {
	if err := mayManage(ctx); err != nil {
		return nil, err
	}
	original, err := s.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	copies, err := s.copiesOf(original, c)
	if err != nil {
		return nil, err
	}
	series := strings.Join(strings.Fields(c.Series), " ")
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		made = nil
		for _, one := range copies {
			one.Series = series
			if err := freeSlug(tx, &one); err != nil {
				return err
			}
			if err := tx.Create(&one).Error; err != nil {
				return stored("copy an event", err)
			}
			made = append(made, one)
			if err := audit.Record(ctx, tx, "event.copy", "events", one.ID, audit.Details{"of": id}); err != nil {
				return err
			}
		}
		if series == "" || original.Series == series {
			return nil
		}
		if err := tx.Exec(`UPDATE events SET series = ?, version = version + 1, updated_at = ? WHERE id = ?`, series, tx.Now(), id).Error; err != nil {
			return fmt.Errorf("add event %d to its series: %w", id, err)
		}
		return audit.Record(ctx, tx, "event.edit", "events", id, audit.Details{"changed": []string{"Series"}})
	})
	return made, err
}

// copiesOf writes the forms of the copies and reads them like any other.
func (s *Service) copiesOf(original Event, c Copies) (copies []Event, err error) {
	var problems fault.Fields
	if utf8.RuneCountInString(c.Series) > maxTitleCharacters {
		problems.Add("series", fmt.Sprintf("The name of the series must be %d characters or fewer", maxTitleCharacters))
	}
	dates := lines(c.Dates)
	if len(dates) > maxCopies {
		problems.Add("dates", fmt.Sprintf("Enter at most %d dates at once", maxCopies))
	}
	if len(dates) == 0 {
		dates = []string{""}
	}
	for _, date := range dates {
		f := FormOf(original)
		f.Slug, f.Version = "", 0
		f.setNeedsBy(dateText{})
		f.setOpens(dateText{}, "")
		f.setCloses(dateText{}, "")
		if c.Locality != "" {
			f.Locality = c.Locality
		}
		if !f.on(date) {
			problems.Add("dates", "We cannot read the date \""+date+"\". Write each like 28 March 2017")
			continue
		}
		e, err := f.apply(Event{Status: Draft, Version: 1, ZoneName: original.ZoneName}, s.cfg)
		if err != nil {
			problems.Add("dates", date+": "+err.Error())
			continue
		}
		copies = append(copies, e)
	}
	return copies, problems.Err()
}

// on sets the date of the form from one line; an empty line leaves the date to be announced. The times stay.
func (f *Form) on(line string) bool {
	if line == "" {
		f.Schedule = Schedule{}
		return true
	}
	parts := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '/' || r == '.' || r == '-' })
	if len(parts) > 3 { // "Tuesday 28 March 2017"
		parts = parts[len(parts)-3:]
	}
	if len(parts) != 3 {
		return false
	}
	if _, ok := ParseDay(parts[0], parts[1], parts[2]); !ok {
		return false
	}
	f.StartsDay, f.StartsMonth, f.StartsYear = parts[0], parts[1], parts[2]
	if f.StartsTime == "" { // the original has no date either
		f.StartsTime, f.EndsTime = "7pm", "9pm"
	}
	f.StartsWhich, f.EndsWhich = "", ""
	return true
}

// InSeries lists the other public events of an event's series, soonest first.
func (s *Service) InSeries(ctx context.Context, e Event) (others []Event, err error) {
	if e.Series == "" {
		return nil, nil
	}
	err = s.db.Read(ctx).Where("series = ? AND id <> ? AND status <> ?", e.Series, e.ID, Draft).
		Order("CASE WHEN starts_at IS NULL THEN 1 ELSE 0 END, starts_at, id").Find(&others).Error
	if err != nil {
		return nil, fmt.Errorf("list the series of event %d: %w", e.ID, err)
	}
	return others, nil
}

// Hearer is one party that hears of a change of an event.
type Hearer struct {
	Name     string
	How      string // "email" or "telephone"
	Standing string // "has places", "is waiting", "asked to hear"
	People   int    // in the party; 0 for who asked to hear
}

// hearers are who would be told if the event changed now; none where nobody can say.
func (s *Service) hearers(ctx context.Context, id int64) ([]Hearer, error) {
	if s.Hearers == nil {
		return nil, nil
	}
	return s.Hearers(ctx, id)
}

// previewPurpose binds the links by which people without an account see a draft.
const previewPurpose = "draft"

// PreviewURL is a link by which whoever has it sees a draft, for a colleague to check. "" where links cannot be made.
func (s *Service) PreviewURL(e Event) string {
	if s.Links == nil || e.Public() {
		return ""
	}
	return s.Links.URL("/events/preview/" + s.Links.Token(previewPurpose, e.ID))
}

// ByPreview opens such a link. The event may be public by now.
func (s *Service) ByPreview(ctx context.Context, token string) (Event, error) {
	if s.Links == nil {
		return Event{}, notFound()
	}
	id, err := s.Links.Open(previewPurpose, token)
	if err != nil {
		return Event{}, err
	}
	var e Event
	err = database.First(s.db.Read(ctx).Raw("SELECT * FROM events WHERE id = ?", id), &e)
	if database.IsNotFound(err) {
		return Event{}, notFound()
	}
	return e, err
}
