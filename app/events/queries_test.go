package events_test

import (
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/events"
)

func titles(list []events.Event) string {
	var out []string
	for _, e := range list {
		out = append(out, e.Title)
	}
	return strings.Join(out, ", ")
}

func TestListsAndFeedsHoldTheRightEventsInOrder(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		h := open(t, address)
		titled := func(f events.Form, title, day, month string) events.Form {
			f.Title = title
			if day != "" {
				f.StartsDay, f.StartsMonth = day, month
			}
			return f
		}
		h.create(t, titled(evening(), "draft", "", ""))
		h.published(t, titled(evening(), "later", "10", "3"))
		h.published(t, titled(evening(), "sooner", "20", "2"))
		h.published(t, titled(dateless(), "some day", "", ""))
		off := h.published(t, titled(evening(), "called off", "21", "2"))
		if _, err := h.Cancel(h.ctx, off.ID, "Snow"); err != nil {
			t.Fatal(err)
		}
		never := h.published(t, titled(dateless(), "never", "", ""))
		if _, err := h.Cancel(h.ctx, never.ID, "No hall"); err != nil {
			t.Fatal(err)
		}
		for _, title := range []string{"first", "second"} {
			e := h.published(t, titled(evening(), title, map[string]string{"first": "1", "second": "8"}[title], "2"))
			if _, err := h.Hold(h.ctx, e.ID, events.Turnout{People: "50"}); err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			filter events.Filter
			want   string
		}{
			"upcoming": {events.Filter{}, "sooner, called off, later, some day"}, "past": {events.Filter{When: events.Past}, "never, second, first"},
			"limited": {events.Filter{Limit: 2}, "sooner, called off"}, "elsewhere": {events.Filter{Locality: "hertsmere"}, ""},
		} {
			list, err := h.List(h.ctx, c.filter)
			if err != nil || titles(list) != c.want {
				t.Errorf("%s: %q, want %q, %v", name, titles(list), c.want, err)
			}
		}
		feed, err := h.Feed(h.ctx, "")
		if err != nil || titles(feed) != "second, first, never, called off, some day, sooner, later" {
			t.Errorf("feed: %q, %v", titles(feed), err)
		}
		h.clock.set(time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC))
		if feed, err = h.Feed(h.ctx, ""); err != nil || titles(feed) != "some day" {
			t.Errorf("the feed of a year later: %q, %v", titles(feed), err)
		}
		page, err := h.StaffList(h.ctx, events.StaffFilter{Text: "SOONER", When: events.Past, Status: events.Open, Sort: "-title"})
		if err != nil || titles(page.Events) != "sooner" || page.Total != 1 || page.Pages != 1 {
			t.Errorf("the staff's list: %q, %+v, %v", titles(page.Events), page, err)
		}
	})
}
