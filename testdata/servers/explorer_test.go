//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// explorer is the program in a terminal.
type explorer struct {
	t      *testing.T
	tty    *os.File
	vt     *vt.Emulator
	output chan []byte
}

// explore runs the program with arguments in a terminal.
func explore(t *testing.T, args ...string) *explorer {
	t.Helper()
	const w, h = 120, 40
	cmd := exec.Command(tracefall, args...)
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "LANG=C.UTF-8", "TERM=xterm-256color"}
	tty, err := pty.StartWithAttrs(cmd, &pty.Winsize{Rows: h, Cols: w}, &syscall.SysProcAttr{Setsid: true, Setctty: true})
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	s := &explorer{t: t, tty: tty, vt: vt.NewEmulator(w, h), output: make(chan []byte, 1024)}
	go func() { _, _ = io.Copy(io.Discard, s.vt) }() // what it would answer
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = tty.Close()
	})
	go func() {
		defer close(s.output)
		for {
			buf := make([]byte, 32<<10)
			n, err := tty.Read(buf)
			if n > 0 {
				s.output <- buf[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return s
}

// wait reads until the screen shows a text.
func (s *explorer) wait(text string) {
	s.t.Helper()
	deadline := time.After(time.Minute)
	for !strings.Contains(s.vt.String(), text) {
		select {
		case data, ok := <-s.output:
			if !ok {
				s.t.Fatalf("the program ended while waiting for %s", text)
			}
			_, _ = s.vt.Write(data)
		case <-deadline:
			s.t.Fatalf("the text %s does not come:\n%s", text, s.vt.String())
		}
	}
}

func (s *explorer) send(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// TestExplorer asks a Jaeger for what is slow and failed, and opens the worst of it.
func TestExplorer(t *testing.T) {
	jaeger.built(t)
	all := incidents(t)
	j := startJaeger(t, "memory", "")
	j.send(t, all[len(all)-1])
	s := explore(t, "--jaeger", j.url, "--since", window, "error=true duration>1s")
	s.wait("server: duration>1s · here: error=true")
	s.wait("8 findings 15")
	s.wait("▲ timeout after 30 s")
	s.send("\r")
	s.wait("1 waterfall")
	s.wait("▲ timeout after 30 s · order-service POST /stock/reserve")
	s.send("q")
	s.wait("1 traces")
}
