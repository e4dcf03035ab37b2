package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/app/session"
	"tracefall/views"
)

// TestWatch asks every step for what began in the last minute, doubles the step after failures, and pauses while a trace is
// open and when nobody is there.
func TestWatch(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-3 * time.Minute), 3, false}, 8: {time.Now().Add(-5 * time.Minute), 2, false}}}
	m, now := openBackend(t, s, "prod:", "")
	if m.can(views.Watch) != "" {
		t.Fatal(m.can(views.Watch))
	}
	press(t, m, "W")
	if asked := s.asked(); len(asked) != 1 {
		t.Errorf("W asks %q, want all once", asked)
	}
	pass := func(d time.Duration) []string {
		*now = now.Add(d)
		_, cmd := m.Update(watchMsg{m.watching.times})
		settle(m, cmd)
		return s.asked()
	}
	if asked := pass(4 * time.Second); len(asked) > 0 {
		t.Errorf("after 4 s it asks %q", asked)
	}
	if text := screenText(m); !strings.Contains(text, "● 4 s ago") {
		t.Errorf("no age:\n%s", text)
	}
	to := m.asking.current().To
	s.put(9, backendTrace{time.Now(), 2, false})
	asked := pass(time.Second)
	if want := "query.start_time_min=" + strings.ReplaceAll(to.Add(-time.Minute).UTC().Format(time.RFC3339Nano), ":", "%3A"); len(asked) != 1 || !strings.Contains(asked[0], want) {
		t.Errorf("after 5 s it asks %q, want %s", asked, want)
	}
	if m.set.Len() != 3 || !m.asking.current().To.Equal(*now) || m.report == nil || m.report.Set != m.set {
		t.Errorf("%d traces, the window ends %v", m.set.Len(), m.asking.current().To)
	}
	press(t, m, "enter")
	if asked := pass(10 * time.Second); len(asked) > 0 {
		t.Errorf("while a trace is open it asks %q", asked)
	}
	press(t, m, "q")
	if asked := pass(time.Second); len(asked) != 1 {
		t.Errorf("after the trace was closed it asks %q", asked)
	}
	s.refuse = http.StatusForbidden
	for _, seconds := range []int{5, 10, 20, 40, 60, 60} {
		step := time.Duration(seconds) * time.Second
		if asked := pass(step - time.Second); len(asked) > 0 {
			t.Errorf("before %v it asks %q", step, asked)
		}
		if asked := pass(time.Second); len(asked) == 0 {
			t.Errorf("after %v it does not ask", step)
		}
	}
	s.refuse = 0
	pass(time.Minute)
	if m.watching.step != 5*time.Second {
		t.Errorf("after an answer the step is %v", m.watching.step)
	}
	if asked := pass(15 * time.Minute); len(asked) > 0 || !strings.Contains(screenText(m), "paused until a key") {
		t.Errorf("when nobody is there it asks %q:\n%s", asked, screenText(m))
	}
	press(t, m, "j")
	if asked := pass(time.Second); len(asked) != 1 {
		t.Errorf("after a key it asks %q", asked)
	}
	press(t, m, "W")
	if asked := pass(time.Minute); len(asked) > 0 || m.watching.on {
		t.Errorf("after W it asks %q", asked)
	}
}

// TestAskingAgainKeepsTheBeginning asks again twice: a window with a beginning of its own keeps it, with every trace that lies in
// it, one with both ends stays as it is, and the last hour moves.
func TestAskingAgainKeepsTheBeginning(t *testing.T) {
	began := time.Now().Add(-10 * time.Minute).Truncate(time.Second)
	for _, one := range []struct {
		name           string
		set            func(*session.Scope)
		kept, extended bool
	}{
		{"from", func(s *session.Scope) { s.From = began }, true, true},
		{"from and to", func(s *session.Scope) { s.From, s.To = began, began.Add(time.Minute) }, true, false},
		{"last hour", func(*session.Scope) {}, false, true},
	} {
		t.Run(one.name, func(t *testing.T) {
			s := &backendServer{traces: map[int]backendTrace{7: {began, 3, false}, 8: {began.Add(time.Second), 2, false}}}
			m, _ := openBackend(t, s, "prod:", "")
			one.set(&m.opt.Backends.Scope)
			settle(m, m.load())
			before := m.asking.current()
			press(t, m, "R", "R")
			after := m.asking.current()
			if m.set.Len() != 2 || after.From.Equal(before.From) != one.kept || after.To.After(before.To) != one.extended {
				t.Errorf("%d traces from %v to %v, before from %v to %v", m.set.Len(), after.From, after.To, before.From, before.To)
			}
			if flags, _ := m.opt.Backends.Words(m.asking.requests, m.inputs); one.kept && !slices.Contains(flags, began.UTC().Format(time.RFC3339)) {
				t.Errorf("the command asks with %q", flags)
			}
		})
	}
}

// TestWatchStaysInTheWindow watches a window that began a moment ago: nothing before it is asked for.
func TestWatchStaysInTheWindow(t *testing.T) {
	began := time.Now().Add(-10 * time.Second)
	s := &backendServer{traces: map[int]backendTrace{7: {began.Add(-time.Second), 3, false}, 8: {began.Add(time.Second), 2, false}}}
	m, now := openBackend(t, s, "prod:", "")
	m.opt.Backends.Scope.From = began
	press(t, m, "W")
	*now = now.Add(5 * time.Second)
	_, cmd := m.Update(watchMsg{m.watching.times})
	settle(m, cmd)
	if !m.watching.on || m.set.Len() != 1 {
		t.Errorf("watching %v, %d traces, want the one of the window", m.watching.on, m.set.Len())
	}
	m.opt.Backends.Scope.To = began.Add(time.Minute)
	press(t, m, "W")
	if why := m.can(views.Watch); !strings.Contains(why, "ends before now") {
		t.Errorf("a window with an end cannot be watched: it says %q", why)
	}
}

// TestWatchingWorksAgain: what was said about a failure goes as soon as the backend answers again; what was said of anything
// else stays.
func TestWatchingWorksAgain(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-3 * time.Minute), 3, false}}}
	m, now := openBackend(t, s, "prod:", "")
	pass := func(d time.Duration) {
		*now = now.Add(d)
		_, cmd := m.Update(watchMsg{m.watching.times})
		settle(m, cmd)
	}
	for _, key := range []string{"W", "R"} { // which fails: watching, or asking again while it watches
		s.refuse = 0
		press(t, m, "g")
		if !m.watching.on {
			press(t, m, "W", "g")
		}
		s.refuse = http.StatusForbidden
		if key == "R" {
			press(t, m, "R")
		}
		if pass(5 * time.Second); !m.failed || !strings.Contains(m.message, "refused (403") {
			t.Fatalf("%s: while it fails it says %q", key, m.message)
		}
		s.refuse = 0
		if pass(time.Minute); m.failed || m.message != "" {
			t.Errorf("%s: after an answer it still says %q", key, m.message)
		}
	}
	m.say("something else")
	if pass(time.Minute); m.message != "something else" {
		t.Errorf("after an answer it says %q", m.message)
	}
}

// TestWatchingInATrace begins to watch while a trace is open: it says that it pauses, and the list does not, once it is back.
// What is asked meanwhile is in the import report.
func TestWatchingInATrace(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Minute), 3, true}, 8: {time.Now().Add(-11 * time.Minute), 2, false}}}
	m, now := openBackend(t, s, "prod:", "")
	press(t, m, "enter", "W")
	if want := "watching: asks every 5 s, paused while a trace is open; W stops"; m.message != want {
		t.Errorf("it says %q, want %q", m.message, want)
	}
	press(t, m, "q")
	if text := screenText(m); !strings.Contains(text, "● 0 s ago") {
		t.Errorf("the list still pauses:\n%s", text)
	}
	events := func() int { return strings.Count(importText(t, m), "/api/v3/traces?") }
	before := events()
	*now = now.Add(5 * time.Second)
	_, cmd := m.Update(watchMsg{m.watching.times})
	settle(m, cmd)
	if after := events(); after != before+1 {
		t.Errorf("the import report lists %d searches after watching, %d before", after, before)
	}
	s.refuse = http.StatusForbidden
	*now = now.Add(5 * time.Second)
	_, cmd = m.Update(watchMsg{m.watching.times})
	if settle(m, cmd); events() != before+2 {
		t.Errorf("the import report lists %d searches after a refusal, %d before", events(), before)
	}
}
