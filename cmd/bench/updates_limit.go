package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"

	"conversations"
	"conversations/app/config"
	"conversations/app/mail"
	"conversations/app/mail/sinktest"
)

// sink is a mail server as a process of its own, which takes everything and keeps nothing.
type sink struct {
	cmd  *exec.Cmd
	port int
	in   io.Closer
	out  *bufio.Reader
}

func startSink(ctx context.Context, delay time.Duration) (*sink, error) {
	s := &sink{cmd: exec.CommandContext(ctx, os.Args[0], "sink", delay.String())}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	s.out, s.cmd.Stderr = bufio.NewReader(out), os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := s.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("start the mail server: %w", err)
	}
	s.port, err = strconv.Atoi(strings.TrimSpace(line))
	return s, err
}

// latency ends the mail server and returns how long it really took for each mail.
func (s *sink) latency() (time.Duration, error) {
	if err := s.in.Close(); err != nil {
		return 0, err
	}
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("ask the mail server how long it took: %w", err)
	}
	return time.ParseDuration(strings.TrimSpace(line))
}

func (s *sink) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// serveSink is the process of startSink. At the end of its standard input it says how long it took for each mail.
func serveSink(args []string) error {
	delay, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	s, err := sinktest.Start(sinktest.Options{Pipelining: true, Chunking: true, Delay: delay, Forget: true})
	if err != nil {
		return err
	}
	fmt.Println(s.Port())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	fmt.Println(s.Latency())
	return nil
}

// loop is what sendInALoop is told on its standard input.
type loop struct {
	Port, Connections, Mails int
	Subject, HTML, Text      string // with the field for the name and for the link
}

// runLoop has a process of its own send so many mails with go-mail, and measures it.
func runLoop(ctx context.Context, port, mails int, letter mail.NewMailing) (sending, error) {
	cfg, err := config.Parse(conversations.Config, nil)
	if err != nil {
		return sending{}, err
	}
	fields := mail.Values{Unsubscribe: mail.UnsubscribeField}
	page, err := letter.HTML(cfg, fields)
	if err != nil {
		return sending{}, err
	}
	order, err := json.Marshal(loop{Port: port, Connections: 10, Mails: mails, Subject: letter.Subject, HTML: page, Text: letter.Text(cfg, fields)})
	if err != nil {
		return sending{}, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0], "loop")
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(order)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return sending{}, fmt.Errorf("send in a loop: %w", err)
	}
	rate, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return sending{rate: rate, micros: float64(cpu.Microseconds()) / float64(mails)}, err
}

// sendInALoop is the process of runLoop: as little as go-mail can be asked to do for a mail with a name and a link.
func sendInALoop([]string) error {
	var l loop
	if err := json.NewDecoder(os.Stdin).Decode(&l); err != nil {
		return err
	}
	var next atomic.Int64
	var all sync.WaitGroup
	failures := make([]error, l.Connections)
	began := time.Now()
	for i := range failures {
		all.Go(func() { failures[i] = l.connection(&next) })
	}
	all.Wait()
	fmt.Println(perSecond(l.Mails, time.Since(began)))
	return errors.Join(failures...)
}

func (l loop) connection(next *atomic.Int64) error {
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(l.Port), gomail.WithTLSPolicy(gomail.NoTLS))
	if err != nil {
		return err
	}
	if err := client.DialWithContext(context.Background()); err != nil {
		return err
	}
	for n := next.Add(1); n <= int64(l.Mails); n = next.Add(1) {
		name, link := fmt.Sprintf("Resident Example %d", n), fmt.Sprintf("http://127.0.0.1:8080/unsubscribe/%028d", n)
		fill := strings.NewReplacer(mail.NameField, name, mail.UnsubscribeField, link)
		msg := gomail.NewMsg()
		err := errors.Join(msg.FromFormat("Your Care, Your Future", "events@yourcare.example"), msg.AddToFormat(name, fmt.Sprintf("resident%d@residents.example", n)))
		msg.Subject(l.Subject)
		msg.SetGenHeader("List-Unsubscribe", "<"+link+">")
		msg.SetBodyString(gomail.TypeTextPlain, fill.Replace(l.Text))
		msg.AddAlternativeString(gomail.TypeTextHTML, fill.Replace(l.HTML))
		if err = errors.Join(err, client.Send(msg)); err != nil {
			return err
		}
	}
	return client.Close()
}

// processorTime is how long the processors have worked for a process.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	const tick = 10 * time.Millisecond // USER_HZ is 100 wherever Linux runs
	return time.Duration(user+system) * tick, err
}

// peakMemoryMB is the most memory that a process has had at once.
func peakMemoryMB(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
			kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kilobytes) / 1024, err
		}
	}
	return 0, errors.New("this system does not tell a process's peak memory")
}
