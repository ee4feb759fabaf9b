// Package sinktest is a mail server for tests and measurements: fast, with the extensions and the answers that it is
// told to have, and strict about the order of commands.
package sinktest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how the server behaves. The zero value is a plain server that takes everything at once.
type Options struct {
	Addr       string // "" is any free port on loopback
	Pipelining bool
	Chunking   bool
	Delay      time.Duration // before the answer to a text
	Forget     bool          // count the letters and keep none
	// Answer says what is answered at a step ("mail", "rcpt", "text"); "" accepts. An answer that begins with 421 closes
	// the connection, "drop" closes it without a word.
	Answer func(step string, l Letter) string
}

// Letter is a mail as it came. At each step it has what is known by then.
type Letter struct {
	From, To  string
	MessageID string
	Raw       string    // "" with Forget
	Began     time.Time // when MAIL was read
	Chunked   bool      // it came by BDAT
}

// Server is a running server.
type Server struct {
	Addr    string
	options Options
	network net.Listener
	ended   chan struct{} // when it listens no more

	mu       sync.Mutex
	conns    map[net.Conn]bool
	letters  []Letter
	faults   []string
	taken    atomic.Int64
	sessions atomic.Int64
	delays   atomic.Int64
	delayed  atomic.Int64 // nanoseconds
}

// Start starts a server. Close ends it.
func Start(options Options) (*Server, error) {
	if options.Addr == "" {
		options.Addr = "127.0.0.1:0"
	}
	network, err := net.Listen("tcp", options.Addr)
	if err != nil {
		return nil, err
	}
	s := &Server{Addr: network.Addr().String(), options: options, network: network, ended: make(chan struct{}), conns: map[net.Conn]bool{}}
	go s.accept()
	return s, nil
}

func (s *Server) accept() {
	defer close(s.ended)
	for {
		conn, err := s.network.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.mu.Unlock()
		s.sessions.Add(1)
		go s.serve(conn)
	}
}

// Close stops listening and closes every connection.
func (s *Server) Close() {
	_ = s.network.Close()
	<-s.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		_ = conn.Close()
	}
}

// Port is the port that it listens on.
func (s *Server) Port() int { return s.network.Addr().(*net.TCPAddr).Port }

// Taken is how many letters it took.
func (s *Server) Taken() int { return int(s.taken.Load()) }

// Sessions is how many connections were opened.
func (s *Server) Sessions() int { return int(s.sessions.Load()) }

// Latency is how long it really kept a text waiting, on average: a sleep ends late. 0 without any.
func (s *Server) Latency() time.Duration {
	return time.Duration(s.delayed.Load() / max(s.delays.Load(), 1))
}

func (s *Server) delay() {
	if s.options.Delay == 0 {
		return
	}
	began := time.Now()
	time.Sleep(s.options.Delay)
	s.delays.Add(1)
	s.delayed.Add(int64(time.Since(began)))
}

// Letters are those that it took, in their order; none with Forget.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter{}, s.letters...)
}

// Faults are the breaches of protocol that it saw.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.faults...)
}

func (s *Server) fault(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// session is one connection.
type session struct {
	s      *Server
	conn   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	letter Letter
	mail   bool // a sender was accepted
	rcpt   bool // a recipient was accepted
	raw    []byte
}

func (s *Server) serve(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	}()
	one := &session{s: s, conn: conn, in: bufio.NewReaderSize(conn, 64<<10), out: bufio.NewWriter(conn)}
	if _, err := conn.Write([]byte("220 sink.example ready\r\n")); err != nil {
		return
	}
	for one.step() {
	}
}

// step serves one command; false ends the connection. Answers leave when nothing else is there to read.
func (c *session) step() bool {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return false
	}
	ahead := c.in.Buffered() > 0
	text := strings.TrimRight(string(line), "\r\n")
	verb, rest, _ := strings.Cut(text, " ")
	verb = strings.ToUpper(verb)
	if ahead && !c.s.options.Pipelining && verb != "BDAT" {
		c.s.fault("%s was followed by something else before it was answered", verb)
	}
	stay := c.obey(verb, rest)
	if !stay || c.in.Buffered() == 0 {
		return c.out.Flush() == nil && stay
	}
	return true
}

func (c *session) obey(verb, rest string) bool {
	switch verb {
	case "EHLO", "HELO":
		return c.hello(verb)
	case "MAIL":
		return c.sender(rest)
	case "RCPT":
		return c.recipient(rest)
	case "DATA":
		return c.data()
	case "BDAT":
		return c.chunk(rest)
	case "RSET":
		c.reset()
		return c.say("250 2.0.0 forgotten")
	case "NOOP":
		c.s.fault("NOOP")
		return c.say("250 2.0.0 nothing done")
	case "QUIT":
		_ = c.say("221 2.0.0 bye")
		return false
	}
	c.s.fault("there is no command %q", verb)
	return c.say("500 5.5.1 no such command")
}

func (c *session) say(answer string) bool {
	_, _ = c.out.WriteString(answer)
	_, err := c.out.WriteString("\r\n")
	return err == nil
}

func (c *session) hello(verb string) bool {
	lines := []string{"sink.example", "ENHANCEDSTATUSCODES", "8BITMIME"}
	if c.s.options.Pipelining {
		lines = append(lines, "PIPELINING")
	}
	if c.s.options.Chunking {
		lines = append(lines, "CHUNKING")
	}
	if verb == "HELO" {
		lines = lines[:1]
	}
	for i, line := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		if !c.say("250" + mark + line) {
			return false
		}
	}
	return true
}

// asked gives the answer at a step: stay is whether the connection goes on, ok whether the step is accepted.
func (c *session) asked(step string) (stay, ok bool) {
	if c.s.options.Answer == nil {
		return true, true
	}
	answer := c.s.options.Answer(step, c.letter)
	switch answer {
	case "":
		return true, true
	case "drop":
		return false, false
	}
	_ = c.say(answer)
	return !strings.HasPrefix(answer, "421"), false
}

func (c *session) sender(rest string) bool {
	if c.mail {
		c.s.fault("MAIL within a mail")
		return c.say("503 5.5.1 a mail is under way")
	}
	c.letter = Letter{From: address(rest), Began: time.Now()}
	stay, ok := c.asked("mail")
	if ok {
		c.mail = true
		return c.say("250 2.1.0 sender ok")
	}
	return stay
}

func (c *session) recipient(rest string) bool {
	if !c.mail {
		return c.say("503 5.5.1 who sends?")
	}
	c.letter.To = address(rest)
	stay, ok := c.asked("rcpt")
	if ok {
		c.rcpt = true
		return c.say("250 2.1.5 recipient ok")
	}
	return stay
}

func (c *session) data() bool {
	if !c.rcpt {
		return c.say("503 5.5.1 to whom?")
	}
	if !c.say("354 go on") || c.out.Flush() != nil {
		return false
	}
	c.raw = c.raw[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return false
		}
		if len(line) == 3 && line[0] == '.' {
			break
		}
		if line[0] == '.' {
			line = line[1:]
		}
		c.raw = append(c.raw, line...)
	}
	return c.text()
}

func (c *session) chunk(rest string) bool {
	size, last, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(size)
	if err != nil || !c.s.options.Chunking || last != "LAST" {
		c.s.fault("BDAT %s", rest)
		return false
	}
	if cap(c.raw) < n {
		c.raw = make([]byte, n)
	}
	c.raw = c.raw[:n]
	if _, err := io.ReadFull(c.in, c.raw); err != nil {
		return false
	}
	if !c.rcpt {
		return c.say("503 5.5.1 to whom?")
	}
	c.letter.Chunked = true
	return c.text()
}

// text takes a letter that came whole.
func (c *session) text() bool {
	c.letter.MessageID = messageID(c.raw)
	if !c.s.options.Forget {
		c.letter.Raw = string(c.raw)
	}
	c.s.delay()
	stay, ok := c.asked("text")
	letter := c.letter
	c.reset()
	if !ok {
		return stay
	}
	c.s.take(letter)
	return c.say("250 2.0.0 taken")
}

func (s *Server) take(l Letter) {
	s.taken.Add(1)
	if s.options.Forget {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
}

func (c *session) reset() { c.mail, c.rcpt, c.letter = false, false, Letter{} }

func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	inner, _, _ := strings.Cut(rest, ">")
	return inner
}

func messageID(raw []byte) string {
	const name = "Message-ID: "
	at := bytes.Index(raw, []byte(name))
	if at < 0 {
		return ""
	}
	id, _, _ := bytes.Cut(raw[at+len(name):], []byte("\r\n"))
	return string(id)
}
