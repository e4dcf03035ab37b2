//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take that normally takes a fraction of a second, however busy the machine is.
const patience = 2 * time.Minute

// tracefall is the path of the program, as it stands in the tree.
var tracefall string

func TestMain(m *testing.M) { os.Exit(build(m)) }

// build builds the program and runs the tests.
func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "servers-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	tracefall = filepath.Join(dir, "tracefall")
	if out, err := exec.Command("go", "build", "-o", tracefall, "tracefall").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// process is a server that runs until the test ends.
type process struct {
	command *exec.Cmd
	ended   chan struct{}
	log     bytes.Buffer // what it wrote, to be read when it has ended
}

// watched replaces itself by the server that its arguments name, after it has left behind what kills the whole process
// group when standard input ends: a test that is stopped cannot clean up, but its pipes are closed.
const watched = `exec 3<&0; { read -r _ <&3; kill -KILL 0; } & exec "$@" 3<&- </dev/null`

// built returns the path of the server. Where it was not built, the test is skipped.
func (s server) built(t *testing.T) string {
	t.Helper()
	path, err := s.path(".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT RUN against a real %s, as it was not built: %v; go run ./testdata/servers builds it", s.name, err)
	}
	return path
}

// run starts a server in a process group of its own.
func run(t *testing.T, s server, env []string, args ...string) *process {
	t.Helper()
	p := &process{command: exec.Command("sh", append([]string{"-c", watched, "sh", s.built(t)}, args...)...), ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), env...)
	p.command.Stdout, p.command.Stderr = &p.log, &p.log
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := p.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait() // always an error, as it is killed
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) // the group may be gone
		<-p.ended
		_ = stdin.Close()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", s.name, p.log.String())
		}
	})
	return p
}

// answers waits until the server answers a URL, with any status.
func (p *process) answers(t *testing.T, url string) {
	t.Helper()
	p.until(t, url+" to answer", func() bool {
		r, err := http.Get(url)
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return true
	})
}

// until waits for something that a server gets done by itself.
func (p *process) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-p.ended:
			t.Fatalf("the server ended while the test waited for %s", what)
		case <-late:
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// freePorts returns ports of the loopback interface that nothing listens on: of those that are given to nobody who asks for
// any, so that none is taken before the server that it is for listens.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	const first, all = 10_000, 20_000 // Linux gives away those from 32768 on, others from 49152 on
	var ports []string
	for tries := 0; len(ports) < n; tries++ {
		port := strconv.Itoa(first + rand.IntN(all))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil && tries > all {
			t.Fatal(err)
		}
		if err == nil {
			defer l.Close() // only when all are had, so that none comes twice
			ports = append(ports, port)
		}
	}
	return ports
}

// ask gets a URL and returns what was answered, with the status.
func ask(t *testing.T, url string) (status int, body []byte) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err = io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, body
}

// post sends a body and demands that the server takes it.
func post(t *testing.T, url, kind string, body []byte) {
	t.Helper()
	r, err := http.Post(url, kind, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	said, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode/100 != 2 || bytes.Contains(said, []byte("rejected")) { // some spans may be refused with a 200
		t.Fatalf("POST %s: %s: %s", url, r.Status, said)
	}
}
