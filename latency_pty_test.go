//go:build unix

package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// What the design allows from the last byte of an answer with 100 traces to the frame that shows them, and from esc to the
// end of the request as the server sees it. The machine may be busy with other tests: a test fails only where the best
// of several runs takes slack times as long, and prints what it took.
const (
	shownWithin   = 100 * time.Millisecond
	stoppedWithin = 50 * time.Millisecond
	slack         = 10
	runs          = 5
)

// escape is the key as terminals with the keyboard protocol send it: no sequence can begin with it, so nothing is waited for.
const escape = "\x1b[27u"

// within reports the best, the middle and the worst of some times against what is allowed.
func within(t *testing.T, what string, took []time.Duration, allowed time.Duration) {
	t.Helper()
	slices.Sort(took)
	ms := func(i int) time.Duration { return took[i].Round(time.Millisecond) }
	last := len(took) - 1
	t.Logf("%s: %v, %v, %v (best, middle, worst of %d); %v are allowed", what, ms(0), ms(last/2), ms(last), len(took), allowed)
	if took[0] > slack*allowed {
		t.Errorf("%s: %v, which is more than %d times what is allowed", what, took[0], slack)
	}
}

// TestBackendLatency runs the program against a server that answers once, with 100 traces, and is silent then: it measures
// when they are on the screen, and when the server sees the next request end after esc.
func TestBackendLatency(t *testing.T) {
	server, _ := serve(t)
	var shown, stopped []time.Duration
	for range runs {
		once := make(chan struct{}, 1)
		once <- struct{}{}
		gone := make(chan time.Time, 10)
		server.change(func() { server.wait, server.gone, server.asked = once, gone, 0 })
		answered := make(chan time.Time, 1)
		at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			server.ServeHTTP(w, r)
			if r.URL.Path != "/api/v3/traces" || r.Context().Err() != nil {
				return
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			answered <- time.Now()
		}))
		s := start(t, 120, 40, "--jaeger", at.URL, "--from", since)
		s.Until("100 traces", func(screen string) bool { return loaded(screen) == "100" })
		seen := time.Now()
		shown = append(shown, seen.Sub(<-answered))
		s.Until("the next request", func(string) bool {
			server.mu.Lock()
			defer server.mu.Unlock()
			return server.asked > 1
		})
		began := time.Now()
		s.Send(escape)
		stopped = append(stopped, (<-gone).Sub(began))
		s.Send("\x03")
		s.End()
		at.Close()
	}
	within(t, "100 traces are on the screen after the last byte", shown, shownWithin)
	within(t, "a request ends after esc", stopped, stoppedWithin)
}
