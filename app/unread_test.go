package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/export"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views/style"
)

// listingServer answers as Tempo does, whatever it is asked, with all its traces.
type listingServer struct {
	traces []*trace.Trace

	mu    sync.Mutex
	read  []int        // places of the traces that were asked for, from 0 for the newest
	fails map[int]bool // places of those that it cannot give
	grown map[int]bool // places of those of which it tells a span more
	down  bool
}

func (s *listingServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, one := strings.CutPrefix(r.URL.Path, "/api/v2/traces/")
	switch {
	case r.URL.Path == "/api/echo":
		fmt.Fprint(w, "echo")
	case s.down:
		http.Error(w, "being moved", http.StatusForbidden)
	case r.URL.Path == "/api/search":
		rows := []map[string]any{}
		for at, t := range s.traces {
			spans := t.SpanCount()
			if s.grown[at] {
				spans++
			}
			rows = append(rows, map[string]any{
				"traceID": t.ID().String(), "rootServiceName": t.Root().Service(), "rootTraceName": t.Root().Name(),
				"startTimeUnixNano": fmt.Sprint(t.Start()), "durationMs": t.Duration() / int64(time.Millisecond),
				"serviceStats": map[string]any{t.Root().Service(): map[string]int{"spanCount": spans, "errorCount": t.Errors()}},
			})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"traces": rows})
	case one:
		s.trace(w, trace.ParseTraceID(id))
	default:
		http.NotFound(w, r)
	}
}

func (s *listingServer) trace(w http.ResponseWriter, id trace.TraceID) {
	at := slices.IndexFunc(s.traces, func(t *trace.Trace) bool { return t.ID() == id })
	s.mu.Lock()
	s.read = append(s.read, at)
	fails := s.fails[at]
	s.mu.Unlock()
	var b bytes.Buffer
	if err := export.WriteOTLP(&b, s.traces[at:at+1], export.Options{}); err != nil || fails {
		http.Error(w, "the blocks are gone", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, `{"trace":%s}`, b.Bytes())
}

// listing is a model of a backend with traces of which every third failed and every fourth asks a cache.
func listing(t *testing.T, n int, where string) (*model, *listingServer) {
	t.Helper()
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "trace %d\nshop \"GET /%c%c\" %ds +%dms%s\n", i+1, 'a'+i/26, 'a'+i%26, i, 100+i, []string{` error="no"`, "", ""}[i%3])
		if i%4 == 0 {
			fmt.Fprintf(&text, "  cache get %ds +3ms\n", i)
		}
	}
	set := tracetest.Set(t, text.String())
	s := &listingServer{fails: map[int]bool{}}
	for i := range set.Len() {
		s.traces = append(s.traces, set.Trace(i))
	}
	slices.SortFunc(s.traces, func(a, b *trace.Trace) int { return cmp.Compare(b.Start(), a.Start()) })
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	theme, err := style.New("dark", false)
	if err != nil {
		t.Fatal(err)
	}
	opt := &Options{Where: where, Settings: session.Settings{World: &session.World{Env: func(string) string { return "" }}, Theme: &theme}}
	if opt.Backends, err = session.NewBackends(&opt.Settings, session.BackendFlags{Tempo: server.URL}); err != nil {
		t.Fatal(err)
	}
	m, err := newModel(context.Background(), opt, []string{"tempo:"})
	if err != nil {
		t.Fatal(err)
	}
	m.jobs.send = func(tea.Msg) {}
	m.working.after = 0
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	m.started = true
	screenText(m)
	return m, s
}

// TestRowsOnTheScreenAreRead: a list of Tempo is one of rows. Those on the screen and 20 below are read, the nearest first;
// the rest when it comes near.
func TestRowsOnTheScreenAreRead(t *testing.T) {
	m, s := listing(t, 200, "")
	m.opt.Backends.Scope.All = true
	settle(m, m.load())
	text := screenText(m)
	seen, plot := len(s.read), 10 // lines that the plot takes as soon as there is something to plot
	if least := m.list.Height + readBelow; seen < least || seen > least+plot || m.set.Len() != seen || slices.Max(s.read) != seen-1 || max(s.read[0], s.read[1]) != 1 || max(s.read[2], s.read[3]) != 3 {
		t.Errorf("%d traces are there, %d lines of the screen, read %v", m.set.Len(), m.list.Height, s.read)
	}
	for _, want := range []string{"200 traces", fmt.Sprintf("%d not yet read", 200-seen), "findings: on the screen only"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	press(t, m, "G")
	if text = screenText(m); !strings.Contains(text, "row 200 of 200") && m.set.Len() <= seen {
		t.Errorf("after G %d traces are there\n%s", m.set.Len(), text)
	}
	slices.Sort(s.read)
	if len(slices.Compact(slices.Clone(s.read))) != len(s.read) {
		t.Errorf("a trace was read twice: %v", s.read)
	}
	if s.read[len(s.read)-1] != 199 {
		t.Errorf("the last row was not read: %v", s.read)
	}
}

// TestRowsThatDoNotMatchGoAway asks for what a server like Tempo cannot be asked: rows have a mark until they are read.
func TestRowsThatDoNotMatchGoAway(t *testing.T) {
	m, s := listing(t, 100, "children=1")
	m.unread.halted = true
	settle(m, m.load())
	m.unread.halted = true
	text := screenText(m)
	if len(s.read) == 0 && !strings.Contains(text, " ?") {
		t.Errorf("no mark of what is undecided in\n%s", text)
	}
	m.unread.halted = false
	settle(m, m.unread.follow())
	text = screenText(m)
	matching := 0
	for _, at := range s.read {
		if s.traces[at].SpanCount() > 1 {
			matching++
		}
	}
	if m.list.Rows() != matching || matching == 0 || !strings.Contains(text, fmt.Sprintf("%d match", matching)) {
		t.Errorf("%d rows, %d of the %d that were read match\n%s", m.list.Rows(), matching, len(s.read), text)
	}
	if rest := 100 - len(s.read); rest > 0 && !strings.Contains(text, fmt.Sprintf("%d not yet read", rest)) {
		t.Errorf("want %d not yet read in\n%s", rest, text)
	}
}

// TestOpensARowThatWasNotRead: enter reads the trace and opens it; esc stops reading; what cannot be read says so.
func TestOpensARowThatWasNotRead(t *testing.T) {
	m, s := listing(t, 100, "")
	cmd := m.load()
	for range 2 { // the load, and nothing that follows from it
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			msg = batch[0]()
		}
		_, cmd = m.Update(msg)
		if m.unread.answer != nil {
			break
		}
	}
	if !m.jobs.busy(jobUnread) {
		t.Fatal("nothing is read")
	}
	if press(t, m, "esc"); m.jobs.busy(jobUnread) || !strings.Contains(m.message, "stopped reading") {
		t.Errorf("esc says %q", m.message)
	}
	press(t, m, "j")
	if len(s.read) > 0 || m.list.Selected() != nil {
		t.Fatalf("read %v after esc", s.read)
	}
	press(t, m, "enter")
	if t2 := m.waterfall.Trace(); m.screen() != waterfallScreen || t2 == nil || t2.ID() != s.traces[1].ID() || len(s.read) != 1 {
		t.Fatalf("screen %d, read %v, says %q", m.screen(), s.read, m.message)
	}
	press(t, m, "q")
	s.fails[2] = true
	press(t, m, "G", "g", "j", "j")
	for m.list.Selected() != nil {
		press(t, m, "j")
	}
	s.fails = map[int]bool{}
	for at := range s.traces {
		s.fails[at] = true
	}
	press(t, m, "enter")
	if !m.failed || !strings.Contains(m.message, "the blocks are gone") {
		t.Errorf("says %q", m.message)
	}
}

// TestAskingAgainKeepsWhatWasRead: R lists rows anew and keeps the traces that were read, with the cursor and the selection; new
// ones are counted, those that grew are read again, and those before the window go away.
func TestAskingAgainKeepsWhatWasRead(t *testing.T) {
	m, s := listing(t, 200, "")
	m.opt.Backends.Scope.All = true
	all := s.traces
	oldest, newest := time.Unix(0, all[len(all)-1].Start()), time.Unix(0, all[0].Start())
	m.opt.Backends.Scope.From = oldest.Add(-time.Hour)
	s.traces = all[12:]
	settle(m, m.load())
	press(t, m, "j", "j", "j", "j", "j")
	at, read := m.list.Selected(), len(s.read)
	if read == 0 || at == nil {
		t.Fatalf("read %d, on %v", read, at)
	}

	s.traces, s.read, s.grown = all, nil, map[int]bool{14: true} // the place that it has now
	press(t, m, "R")
	text := screenText(m)
	for _, want := range []string{"200 traces", "12 new"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if now := m.list.Selected(); now == nil || now.ID() != at.ID() {
		t.Errorf("the cursor is on %v, not on %s", now, at.ID())
	}
	for _, place := range s.read {
		if place >= 12 && place < 12+read && place != 14 {
			t.Errorf("trace %d was read before, and is read again", place)
		}
	}
	if !slices.Contains(s.read, 14) {
		t.Errorf("the trace that grew is not read again: %v", s.read)
	}
	if m.set.Find(all[20].ID()) == nil {
		t.Error("a trace that was read is lost")
	}

	m.opt.Backends.Scope.Since, m.opt.Backends.Scope.From = time.Since(newest.Add(-60*time.Second)), time.Time{}
	for _, r := range m.asking.requests {
		r.Window.To, r.Window.From = time.Now(), newest.Add(-60*time.Second)
	}
	s.traces = all[:61]
	press(t, m, "R")
	if got := m.set.Find(all[70].ID()); got != nil || m.set.Find(all[20].ID()) == nil {
		t.Errorf("of %d traces one is left that ended before the window", m.set.Len())
	}

	kept := m.set
	s.down = true
	press(t, m, "R")
	if m.set != kept || !m.failed {
		t.Errorf("after a failure %d traces are left of %d, says %q", m.set.Len(), kept.Len(), m.message)
	}
}
