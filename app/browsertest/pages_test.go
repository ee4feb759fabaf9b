package browsertest_test

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"conversations/app/browsertest"
)

// badPage breaks each rule that the checks of all pages look for, so that it is known that they can fail.
const (
	badPage = `<!DOCTYPE html><html><head><title>Bad</title><style>p { width: 2000px }</style></head>
<body><img src="http://127.0.0.1:9/elsewhere.png"><p>wide</p><script>document.title = 'ran'</script><input></body></html>`
	badPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src *"
)

func TestTheChecksOfPagesFindABadPage(t *testing.T) {
	w := newWorld(t)
	p := browsertest.Open(t, w.Site, browsertest.WithScript)
	p.Go("/bad")
	problems := strings.Join(p.Problems(), "\n")
	if !strings.Contains(problems, "asks another site: http://127.0.0.1:9/elsewhere.png") || !strings.Contains(problems, "Content Security Policy") {
		t.Errorf("another site's picture and a script in the page were not noticed: %s", problems)
	}
	if faults := strings.Join(p.Axe(), "\n"); !strings.Contains(faults, "image-alt") || !strings.Contains(faults, "label") {
		t.Errorf("axe did not find the picture and the field without words: %s", faults)
	}
	if len(p.Sideways()) == 0 {
		t.Error("a page of 2000 pixels was not found too wide")
	}
}

// fitness is a check that every page passes in a window of a width that matters: 320 is what 400 % leaves of 1280.
type fitness struct {
	width  int64
	what   string
	faults func(*browsertest.Page) []string
}

// checks are those of each way that script may go. What a page looks like without our scripts differs by its small
// size alone, and its colours do not.
var checks = map[browsertest.Mode][]fitness{
	browsertest.WithScript: {
		{1280, "has no accessibility fault", (*browsertest.Page).Axe},
		{390, "has no accessibility fault", (*browsertest.Page).AxeOfWidth},
		{390, "does not scroll sideways", (*browsertest.Page).Sideways},
		{320, "does not scroll sideways", (*browsertest.Page).Sideways},
	},
	browsertest.ScriptBlocked: {
		{390, "has no accessibility fault", (*browsertest.Page).AxeAgain},
		{320, "does not scroll sideways", (*browsertest.Page).Sideways},
	},
}

// Every page is looked at as it is with our scripts. Those that our scripts change are looked at without them too, and
// some of the others for what stands around every page.
func TestEveryPageIsFitForEverybody(t *testing.T) {
	w := newWorld(t)
	sights := w.sights(t)
	changed := visitAll(t, w, "with our scripts", browsertest.WithScript, sights)
	var without []sight
	for i, s := range sights {
		if changed[i] || i%20 == 0 {
			without = append(without, s)
		}
	}
	t.Logf("%d pages, %d of them without our scripts too", len(sights), len(without))
	visitAll(t, w, "with our scripts blocked", browsertest.ScriptBlocked, without)
}

// tabs is how many tabs look at pages at once: a tab waits much of its time.
const tabs = 4

// visitAll looks at sights and says of each whether our scripts changed its page.
func visitAll(t *testing.T, w *world, name string, mode browsertest.Mode, sights []sight) (changed []bool) {
	changed = make([]bool, len(sights))
	t.Run(name, func(t *testing.T) {
		var staff, public [tabs]*browsertest.Page
		for tab := range tabs {
			staff[tab], public[tab] = browsertest.Open(t, w.Site, mode), browsertest.Open(t, w.Site, mode)
			staff[tab].SignIn(w.admin.Email, w.admin.Password)
		}
		var next atomic.Int64
		var all sync.WaitGroup
		for tab := range tabs {
			all.Go(func() {
				for i := int(next.Add(1)) - 1; i < len(sights); i = int(next.Add(1)) - 1 {
					s, p := sights[i], public[tab]
					if s.staff {
						p = staff[tab]
					}
					t.Run(s.name(), func(t *testing.T) {
						p := p.For(t)
						s.visit(t, p)
						check(t, p, checks[mode])
						changed[i] = mode == browsertest.WithScript && (s.send != nil || p.ScriptChangedIt())
					})
				}
			})
		}
		all.Wait()
	})
	return changed
}

// visit brings a tab to the sight.
func (s sight) visit(t *testing.T, p *browsertest.Page) {
	t.Helper()
	if s.send == nil {
		status := p.Go(s.path)
		if status != s.status || p.Path() != s.path {
			t.Fatalf("%s answered %d and led to %s", s.path, status, p.Path())
		}
		return
	}
	if !p.OnSite() { // any page of the site can send a form
		p.Go(s.from)
	}
	if status := p.Send(s.path, s.send); status != s.status {
		t.Fatalf("a form sent to %s was answered with %d:\n%s", s.path, status, p.Text())
	}
}

// check begins with the width that the window has already, from the page before: resizing takes as long as looking.
func check(t *testing.T, p *browsertest.Page, checks []fitness) {
	t.Helper()
	for _, problem := range p.Problems() {
		t.Errorf("it is not so that the page asks only us and keeps its policy: %s", problem)
	}
	if p.Width() == checks[len(checks)-1].width {
		checks = slices.Clone(checks)
		slices.Reverse(checks)
	}
	for _, c := range checks {
		p.Resize(c.width, 844)
		for _, fault := range c.faults(p) {
			t.Errorf("at %d wide it is not so that the page %s: %s", c.width, c.what, fault)
		}
	}
}
