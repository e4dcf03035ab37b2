//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tracefall/sources/trace"
)

// since is the beginning of the windows in the requests to the stand-in. They reach to now.
const since = "2026-03-02T00:00:00Z"

// serve serves the traces of all incidents of the demo.
func serve(t *testing.T) (*standIn, string) {
	t.Helper()
	files, err := filepath.Glob("testdata/demo/*.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newStandIn(files...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

// selected is the id of the trace under the cursor.
func (s *played) selected() string {
	s.t.Helper()
	s.Send("yt")
	return s.Copied()
}

var countOf = regexp.MustCompile(`· ([0-9]+)[+]? traces`)

// loaded is how many traces the first line says are loaded, "" where it does not.
func loaded(screen string) string {
	head, _, _ := strings.Cut(screen, "\n")
	found := countOf.FindStringSubmatch(head)
	if found == nil {
		return ""
	}
	return found[1]
}

// asked waits until a number of traces is loaded that is another than before, and nothing is asked any more.
func (s *played) asked(before string) string {
	s.t.Helper()
	n := ""
	s.Until("another number of traces than "+before, func(screen string) bool {
		n = loaded(screen)
		return n != "" && n != before && !strings.Contains(screen, "asking")
	})
	return n
}

// TestBackendGoesOn goes down a list that pauses: more is asked for at its end, the cursor stays on its trace, and keys are
// answered while the server is silent.
func TestBackendGoesOn(t *testing.T) {
	t.Parallel()
	server, url := serve(t)
	all := len(server.traces)
	s := start(t, 120, 40, "--jaeger", url, "--from", since, "--limit", "20")
	first := s.asked("")
	s.Wait("+ traces")
	s.Wait(": scroll, or G for all")
	s.diagnosed()

	silent := make(chan struct{})
	server.change(func() { server.wait = silent })
	s.Press("G")
	s.Wait("asking jaeger for older traces")
	at := s.selected()
	s.Press("kkgG") // each is drawn while the server is silent
	if now := s.selected(); now != at {
		t.Errorf("the cursor is on %s, not on %s", now, at)
	}
	server.change(func() { server.wait = nil })
	close(silent)
	began := time.Now()
	second := s.asked(first)
	t.Logf("%s traces after %s are on the screen %v after the server was free to answer", second, first, time.Since(began))
	if now := s.selected(); now != at {
		t.Errorf("after %s traces more the cursor is on %s, not on %s", second, now, at)
	}

	server.change(func() { server.wait = make(chan struct{}) })
	s.Press("G")
	s.Wait("asking jaeger for older traces")
	s.Send("\x1b")
	s.Wait("stopped asking")
	server.change(func() { server.wait = nil })
	s.Wait(": scroll, or G for all")
	if n := loaded(s.Screen()); n != second {
		t.Errorf("%s traces after stopping, not %s", n, second)
	}

	s.Send(":load all\r")
	s.Until("all traces", func(screen string) bool {
		return loaded(screen) == trace.Grouped(all) && !strings.Contains(screen, "older than")
	})
	s.Send("\x03")
	s.End()
}

// TestBackendAgain asks again: what is new is counted and nothing moves under the cursor; what fails leaves what was there.
func TestBackendAgain(t *testing.T) {
	t.Parallel()
	server, url := serve(t)
	all := server.traces
	server.traces = all[12:]
	s := start(t, 120, 40, "--jaeger", url, "--from", since, "--all")
	before := s.asked("")
	s.diagnosed()
	at := s.selected()
	server.change(func() { server.traces = all })
	s.Send("R")
	s.Wait("12 new")
	s.asked(before)
	if now := s.selected(); now != at {
		t.Errorf("the cursor is on %s, not on %s", now, at)
	}

	server.change(func() { server.down = true })
	was := loaded(s.Screen())
	s.Send("R")
	s.Wait(" traces kept")
	if n := loaded(s.Screen()); n != was || s.selected() != at {
		t.Errorf("%s traces after a failure, not %s", n, was)
	}
	server.change(func() { server.down, server.traces = false, all[1:] })
	s.Send("R")
	s.asked(was)
	s.Send("\x03")
	s.End()
}

// TestBackendWhileItRuns shows rows before the server is through; esc keeps them.
func TestBackendWhileItRuns(t *testing.T) {
	t.Parallel()
	server, url := serve(t)
	answers := make(chan struct{})
	server.change(func() { server.wait = answers })
	s := start(t, 80, 24, "--jaeger", url, "--from", since)
	answers <- struct{}{}
	s.Until("rows while it is asked on", func(screen string) bool { // of the first frame there may be a part
		return strings.Contains(screen, "POST /api") && strings.Contains(screen, "asking")
	})
	s.Send("\x1b")
	s.Wait("stopped asking: this is what came until then")
	s.Wait("POST /api")
	s.Send("\x03")
	s.End()
}

// TestBackendWindow chooses and moves the window, and asks for another query.
func TestBackendWindow(t *testing.T) {
	t.Parallel()
	_, url := serve(t)
	s := start(t, 120, 40, "--jaeger", url, "--from", since, "--all")
	s.asked("")
	s.Send("T")
	s.Wait("Time window")
	s.Send("14:")
	s.Wait("expected 15m, 14:02–14:31")
	s.Send("\x152026-03-02 14:00–15:00\r")
	s.Wait("2026-03-02 14:00–15:00 UTC ·")
	whole := s.asked("")
	s.Send("<")
	s.Wait("2026-03-02 13:30–14:30 UTC ·")
	s.Send("<")
	s.Wait("2026-03-02 13:00–14:00 UTC ·")
	s.Wait("No trace from 2026-03-02 13:00–14:00 UTC.")
	s.Send(">>")
	s.Wait("2026-03-02 14:00–15:00 UTC ·")
	s.Until("the traces of the first window", func(screen string) bool { return loaded(screen) == whole })
	s.Send("/error=true duration>1s\r")
	s.Wait("23 match · server: error=true duration>1s · ")
	s.diagnosed()

	s.Press("jj")
	costless := func(screen string) string { return requestsOf.ReplaceAllString(view(screen), "") }
	s.reopens(t, costless)
}

// requestsOf is what an answer cost.
var requestsOf = regexp.MustCompile(` *[0-9]+ match · .*requests?`)

// TestBackendBehind opens another backend: the one before stays behind it, and is not asked again.
func TestBackendBehind(t *testing.T) {
	t.Parallel()
	server, url := serve(t)
	other, otherURL := serve(t)
	other.change(func() { other.traces = other.traces[:7] })
	home := t.TempDir()
	config := filepath.Join(home, "config.toml")
	text := "[backend.first]\nurl = \"" + url + "/\"\nkind = \"jaeger\"\n[backend.second]\nurl = \"" + otherURL + "/\"\nkind = \"jaeger\"\nsince = \"87600h\"\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, 120, 40, "--config", config, "--backend", "first", "--from", since, "--limit", "20")
	n := s.asked("")
	s.diagnosed()
	s.Press("j")
	at := s.selected()
	server.change(func() { server.down = true })
	s.Send("C")
	s.Wait("Backends")
	s.Wait("jaeger · " + otherURL)
	s.Send("second\r")
	if n := s.asked(n); n != "7" { // until then esc would stop asking
		t.Errorf("%s traces of the second backend, want 7", n)
	}
	s.Send("\x1b")
	s.Until("the first one", func(screen string) bool { return loaded(screen) == n })
	if now := s.selected(); now != at {
		t.Errorf("the cursor is on %s, not on %s", now, at)
	}
	s.Send("\x03")
	s.End()
}

// TestBackendTrace opens a trace by its id that is not among those of the window.
func TestBackendTrace(t *testing.T) {
	beside(t)
	t.Parallel()
	server, url := serve(t)
	id := server.traces[len(server.traces)-1].ID().String()
	s := start(t, 120, 40, "--jaeger", url, "--since", "5m", "--trace", id)
	s.Wait("1 waterfall")
	s.Send("\x03")
	s.End()
}

// TestBackendStops gives a request up at once: the server sees it.
func TestBackendStops(t *testing.T) {
	server, url := serve(t)
	gone := make(chan time.Time, 10)
	server.change(func() { server.wait, server.gone = make(chan struct{}), gone })
	s := start(t, 80, 24, "--jaeger", url, "--from", since)
	s.Wait("asking")
	s.Until("a request", func(string) bool { return server.waits() })
	began := time.Now()
	s.Send("\x1b")
	t.Logf("the server saw the end of the request %v after esc, of which the terminal's waiting for a sequence is 50 ms", (<-gone).Sub(began))
	s.Send("\x03")
	s.End()
}
