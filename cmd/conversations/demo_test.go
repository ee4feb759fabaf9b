package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"conversations/app/apptest"
)

// The demo, as somebody meets it who has just typed `make run`: the events of early 2017 around today, and a booking
// by the plainest of clients is in the mailbox within seconds.
func TestTheDemoHasTheEventsAroundTodayAndABookingReachesItsMailbox(t *testing.T) {
	addr := apptest.FreeAddress(t)
	base := "http://" + addr
	ctx, stop := context.WithCancel(context.Background())
	var out, errs bytes.Buffer
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"demo", "--addr", addr, "--data", t.TempDir()}, nil, &out, &errs) }()
	defer func() {
		stop()
		if code := <-ended; code != done {
			t.Errorf("exit %d: %s", code, errs.String())
		}
		for _, want := range []string{base, base + "/dev/mail", "admin@demo.example"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is not printed:\n%s", want, out.String())
			}
		}
	}()
	apptest.Eventually(t, "the demo answers", func() bool { return get(base+"/readyz") != "" })

	slug := expectTheFourEvents(t, base)
	response, err := http.PostForm(base+"/events/"+slug+"/book", url.Values{"name": {"Curl Example"}, "email": {"curl@residents.example"}, "party_size": {"2"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	apptest.Eventually(t, "the confirmation is in the mailbox", func() bool { return strings.Contains(get(base+"/dev/mail"), "curl@residents.example") })
}

// expectTheFourEvents reads the feed: two held with who came, one open and soon, one without a date. It gives the open one's slug.
func expectTheFourEvents(t *testing.T, base string) (open string) {
	t.Helper()
	var feed struct {
		Items []struct {
			URL   string
			Event struct {
				Status   string
				Locality string
				StartsAt *time.Time `json:"starts_at"`
			} `json:"_event"`
		}
	}
	if err := json.Unmarshal([]byte(get(base+"/events.json")), &feed); err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, item := range feed.Items {
		e := item.Event
		states[e.Locality] = e.Status
		ahead := e.StartsAt != nil && e.StartsAt.After(time.Now())
		if e.Status == "open" != ahead {
			t.Errorf("%s is %s and starts at %v", e.Locality, e.Status, e.StartsAt)
		}
		if e.Status == "open" {
			open = item.URL[strings.LastIndexByte(item.URL, '/')+1:]
		}
		if e.Status == "held" && !strings.Contains(get(item.URL), "Who came") {
			t.Errorf("%s does not say who came", item.URL)
		}
	}
	want := map[string]string{"dacorum": "held", "watford-and-three-rivers": "held", "st-albans-and-harpenden": "open", "hertsmere": "announced"}
	for locality, status := range want {
		if states[locality] != status || len(states) != len(want) {
			t.Errorf("%s is %q, want %s (%v)", locality, states[locality], status, states)
		}
	}
	return open
}

// get gives the body of a page, "" where there is none.
func get(address string) string {
	response, err := http.Get(address)
	if err != nil {
		return ""
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return ""
	}
	return string(body)
}
