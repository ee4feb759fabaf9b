package mail

import (
	"cmp"
	"fmt"
	"sync"
	"time"
)

// The sender pauses after trouble with the server, longer each time.
const (
	firstPause   = 30 * time.Second
	longestPause = 5 * time.Minute
)

// trouble is what stands between the whole outbox and the mail server, as this instance last saw it.
type trouble struct {
	mu    sync.Mutex
	words string // "" while all is well
	since time.Time
	until time.Time // when to try again
	pause time.Duration

	first, longest time.Duration // firstPause and longestPause where they are zero
}

// note begins or lengthens the pause. Trouble that others met in the same pause is the same trouble.
func (t *trouble) note(words string, now time.Time) (fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.words != "" && now.Before(t.until) {
		return false
	}
	if t.words == "" {
		t.since, t.pause = now, cmp.Or(t.first, firstPause)/2
		fresh = true
	}
	t.pause = min(2*t.pause, cmp.Or(t.longest, longestPause))
	t.words, t.until = words, now.Add(t.pause)
	return fresh
}

// clear ends the trouble: the server has spoken with us about a mail.
func (t *trouble) clear() (was bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	was = t.words != ""
	t.words = ""
	return was
}

// paused says whether it is too early to try the server again.
func (t *trouble) paused(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.words != "" && now.Before(t.until)
}

// serverDown says in words why no mail leaves, or "". While no mail waits, nobody tries the server, so that trouble
// of long ago would be told for ever.
func (o *Outbox) serverDown(waiting bool) string {
	if o.cfg.Mail.Host == "" {
		return "No mail server is named, so mails wait. Set mail.host in the configuration."
	}
	t := &o.trouble
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.words == "" || !waiting {
		return ""
	}
	zone := o.cfg.Zone()
	return fmt.Sprintf("The mail server cannot be used since %s, so mails wait. It is tried again at %s. The reason: %s",
		t.since.In(zone).Format("15:04 on 2 January"), t.until.In(zone).Format("15:04:05"), t.words)
}
