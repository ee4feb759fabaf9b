package sinktest

import (
	"hash/fnv"
	"sync"
	"sync/atomic"
)

// Temper is what a recipient meets at a Moody server.
type Temper string

// The tempers.
const (
	Welcoming Temper = ""          // the letter is taken
	Later     Temper = "later"     // 451 at the first try
	Unknown   Temper = "unknown"   // 550 at RCPT
	Unwilling Temper = "unwilling" // 550 after the text
)

// TemperOf is the same for an address each time: of a hundred recipients one is told "later", and one is refused.
func TemperOf(address string) Temper {
	h := fnv.New32a()
	_, _ = h.Write([]byte(address))
	return map[uint32]Temper{1: Later, 2: Unknown, 3: Later, 4: Unwilling}[h.Sum32()%200]
}

// Moody gives the answers of a mail server as they are. It closes a connection now and then.
type Moody struct {
	CloseEach int64 // it says 421 at each so-manieth step
	// Leave is called once, on a goroutine of its own, at the step LeaveAt: to have the server go in the midst of its work.
	Leave   func()
	LeaveAt int64

	steps atomic.Int64
	mu    sync.Mutex
	tried map[string]bool
}

// Answer is for Options.
func (m *Moody) Answer(step string, l Letter) string {
	n := m.steps.Add(1)
	if n == m.LeaveAt && m.Leave != nil {
		go m.Leave()
	}
	if n%m.CloseEach == 0 {
		return "421 4.3.2 closing, come back"
	}
	switch temper := TemperOf(l.To); {
	case step == "rcpt" && temper == Later && m.first(l.To):
		return "451 4.7.1 greylisted, try again later"
	case step == "rcpt" && temper == Unknown:
		return "550 5.1.1 <" + l.To + ">: no such mailbox"
	case step == "text" && temper == Unwilling:
		return "550 5.7.1 <" + l.To + "> does not want this"
	}
	return ""
}

func (m *Moody) first(address string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tried == nil {
		m.tried = map[string]bool{}
	}
	before := m.tried[address]
	m.tried[address] = true
	return !before
}

// WantedState is the state in which a delivery to somebody of this temper ends, and how the server's words then begin.
func (t Temper) WantedState() (state, words string) {
	if t == Unknown || t == Unwilling {
		return "failed", "550 5."
	}
	return "sent", ""
}
