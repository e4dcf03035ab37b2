package app

import (
	"strings"
	"testing"
	"time"

	"tracefall/sources/trace"
)

// TestGoodTracesOfAQueryThatAllMatch: where the backend answered the query, all that is loaded matches, and there is no rest to
// compare with.
func TestGoodTracesOfAQueryThatAllMatch(t *testing.T) {
	at := time.Now().Add(-10 * time.Minute)
	s := &backendServer{traces: map[int]backendTrace{7: {at, 3, true}, 8: {at.Add(-time.Minute), 3, true}}}
	m, _ := openBackend(t, s, "prod:", "service=cart")
	press(t, m, "=")
	if !m.choosing {
		t.Errorf("the baselines are not offered; it says %q", m.message)
	}
}

// TestOnlyWhatMatchesTakesPart asks for a query of which the server answers more: what does not match is counted nowhere, has no
// finding, and is offered as no baseline; the good traces are asked for. A trace that was asked for by itself stays.
func TestOnlyWhatMatchesTakesPart(t *testing.T) {
	at := time.Now().Add(-10 * time.Minute)
	s := &backendServer{traces: map[int]backendTrace{7: {at, 3, true}, 8: {at.Add(-time.Minute), 2, false}, 9: {at.Add(-2 * time.Minute), 2, false}}}
	m, now := openBackend(t, s, "prod:", "children=2")
	if m.set.Len() != 1 || m.report.Set != m.set || !strings.Contains(screenText(m), "· 1 trace ") {
		t.Fatalf("%d traces take part, want the one that matches:\n%s", m.set.Len(), screenText(m))
	}
	settle(m, m.asking.fetch(trace.TraceID{Lo: 9}, nil))
	press(t, m, "W")
	s.put(6, backendTrace{time.Now(), 2, false})
	s.put(5, backendTrace{time.Now(), 3, true})
	*now = now.Add(5 * time.Second)
	_, cmd := m.Update(watchMsg{m.watching.times})
	settle(m, cmd)
	for id, want := range map[uint64]bool{5: true, 6: false, 7: true, 8: false} {
		if there := m.set.Find(trace.TraceID{Lo: id}) != nil; there != want {
			t.Errorf("after watching, trace %d is there: %v", id, there)
		}
	}
	press(t, m, "W", "g", "=")
	if text := screenText(m); !m.choosing || strings.Contains(text, "no error, ") || !strings.Contains(text, "good traces from prod") {
		t.Fatalf("choosing %v, want only the offer:\n%s", m.choosing, text)
	}
	if press(t, m, "enter"); !strings.Contains(m.message, "good traces from prod") {
		t.Errorf("it says %q", m.message)
	}
}

// TestOthersStayWhereNoneMatches: what nearly matches can be seen, and what a detector says rests on what is usual.
func TestOthersStayWhereNoneMatches(t *testing.T) {
	at := time.Now().Add(-10 * time.Minute)
	for _, where := range []string{"children=8", "finding=root-cause"} {
		s := &backendServer{traces: map[int]backendTrace{7: {at, 3, false}, 8: {at.Add(-time.Minute), 3, true}}}
		if m, _ := openBackend(t, s, "prod:", where); m.set.Len() == 0 {
			t.Errorf("%s: nothing stays", where)
		}
	}
}
