package surveys

import (
	"net/url"
	"strconv"
	"time"
)

// ResultFilter chooses answers by where, how and when they came; its zero value is all of them. Days are not known of an
// anonymous survey, and are left out.
type ResultFilter struct {
	Locality string // slug; "-" is not known
	Event    string // id
	Channel  string
	From, To string // days, 2017-02-28, both of them included
}

// notKnown is the locality of those of whom none is known.
const notKnown = "-"

func (f ResultFilter) empty() bool { return f == ResultFilter{} }

// usable leaves out what cannot be asked of a survey, and days that are none.
func (f ResultFilter) usable(survey Survey) ResultFilter {
	for _, day := range []*string{&f.From, &f.To} {
		if _, err := time.Parse(time.DateOnly, *day); err != nil || survey.Anonymous {
			*day = ""
		}
	}
	if _, err := strconv.ParseInt(f.Event, 10, 64); err != nil {
		f.Event = ""
	}
	return f
}

// where is the filter as SQL over survey_responses: only what counts.
func (f ResultFilter) where(s *Service, surveyID int64) (string, []any) {
	where, args := "survey_id = ? AND state = 'complete' AND second_of IS NULL", []any{surveyID}
	add := func(condition string, arg any) { where, args = where+" AND "+condition, append(args, arg) }
	switch f.Locality {
	case "":
	case notKnown:
		add("locality = ?", "")
	default:
		add("locality = ?", f.Locality)
	}
	if id, err := strconv.ParseInt(f.Event, 10, 64); err == nil {
		add("event_id = ?", id)
	}
	if f.Channel != "" {
		add("channel = ?", f.Channel)
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.From, s.Config.Zone()); err == nil {
		add("submitted_at >= ?", day.UTC())
	}
	if day, err := time.ParseInLocation(time.DateOnly, f.To, s.Config.Zone()); err == nil {
		add("submitted_at < ?", day.AddDate(0, 0, 1).UTC())
	}
	return where, args
}

// query is the filter in an address.
func (f ResultFilter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"locality": f.Locality, "event": f.Event, "channel": f.Channel, "from": f.From, "to": f.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// href is an address with the filter, and with more pairs of names and values.
func (f ResultFilter) href(path string, more ...string) string {
	q := f.query()
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
