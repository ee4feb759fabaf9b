package apptest

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Process is the program as a process of its own.
type Process struct {
	URL    string
	t      testing.TB
	cmd    *exec.Cmd
	output *bytes.Buffer
	ended  chan struct{}
}

var build struct {
	once   sync.Once
	binary string
	err    error
}

// Binary builds the program, once for all tests of a package, and returns its path.
func Binary(t testing.TB) string {
	t.Helper()
	build.once.Do(func() {
		dir, err := os.MkdirTemp("", "conversations-binary")
		if err != nil {
			build.err = err
			return
		}
		build.binary = filepath.Join(dir, "conversations")
		cmd := exec.Command("go", "build", "-o", build.binary, "./cmd/conversations")
		cmd.Dir = Root(t)
		var out []byte
		if out, build.err = cmd.CombinedOutput(); build.err != nil {
			t.Logf("%s", out)
		}
	})
	if build.err != nil {
		t.Fatalf("build the program: %v", build.err)
	}
	return build.binary
}

// FreeAddress is a loopback address that nobody listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// Serve starts `conversations serve` on the address and waits until it answers.
func Serve(t testing.TB, addr, database string, mailPort int, settings ...string) *Process {
	t.Helper()
	p := &Process{URL: "http://" + addr, t: t, output: &bytes.Buffer{}, ended: make(chan struct{})}
	p.cmd = exec.Command(Binary(t), "serve", "--config", filepath.Join(Root(t), "config.yaml"))
	p.cmd.Env = append(os.Environ(), append(Settings(database, p.URL, mailPort), settings...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.Kill)
	Eventually(t, "the program answers", func() bool {
		select {
		case <-p.ended:
			t.Fatalf("the program ended:\n%s", p.output)
		default:
		}
		response, err := http.Get(p.URL + "/readyz")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return p
}

// Kill ends the process at once, as kill -9 does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// Stop asks the process to end (SIGTERM) and waits for it; it returns what it printed.
func (p *Process) Stop() string {
	_ = p.cmd.Process.Signal(os.Interrupt)
	<-p.ended
	return p.output.String()
}
