package browsertest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch sees what a tab asks for and what it complains of, since the last page was asked for.
type watch struct {
	site   string
	blocks bool // our scripts are blocked on purpose

	mu       sync.Mutex
	requests []string
	problems []string
	answered int // status of the page itself
}

func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
		if !strings.HasPrefix(e.Request.URL, w.site+"/") && !strings.HasPrefix(e.Request.URL, "data:") && !strings.HasPrefix(e.Request.URL, "about:") {
			w.problems = append(w.problems, "asks another site: "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument && w.answered == 0 {
			w.answered = int(e.Response.Status)
		}
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument {
			w.problems = append(w.problems, fmt.Sprintf("%s answered %d", e.Response.URL, e.Response.Status))
		}
	case *log.EventEntryAdded:
		w.logged(e.Entry)
	case *runtime.EventExceptionThrown:
		w.problems = append(w.problems, "script failed: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.problems = append(w.problems, fmt.Sprintf("console %s: %s", e.Type, arguments(e)))
		}
	}
}

// logged notes what the browser itself complains of: policies that were broken, above all.
func (w *watch) logged(entry *log.Entry) {
	if entry.Level != log.EntryLevelError && entry.Level != log.EntryLevelWarning {
		return
	}
	refusedPage := entry.Source == log.EntrySourceNetwork && strings.Contains(entry.Text, "status of") // a 422 page is meant
	blocked := w.blocks && strings.Contains(entry.Text, "ERR_BLOCKED_BY_CLIENT")
	if !refusedPage && !blocked {
		w.problems = append(w.problems, fmt.Sprintf("%s %s: %s %s", entry.Source, entry.Level, entry.Text, entry.URL))
	}
}

func arguments(e *runtime.EventConsoleAPICalled) string {
	var texts []string
	for _, a := range e.Args {
		texts = append(texts, string(a.Value)+a.Description)
	}
	return strings.Join(texts, " ")
}

func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.problems, w.answered = nil, nil, 0
}

func (w *watch) status() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered
}

// Requests are the addresses the page asked for, its own first.
func (p *Page) Requests() []string {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	return append([]string{}, p.watch.requests...)
}

// Problems are requests to other sites, broken policies, failed scripts and missing files of the page that is open.
func (p *Page) Problems() []string {
	p.t.Helper()
	p.drawn() // what is reported late has come by then
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	return append([]string{}, p.watch.problems...)
}
