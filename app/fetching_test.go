package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/style"
)

// backendServer answers as Jaeger does by its api_v3: every trace that starts in the window, or one.
type backendServer struct {
	mu       sync.Mutex
	traces   map[int]backendTrace
	requests []string
	refuse   int                // the status of every answer, 0 for answers
	counts   map[string]float64 // what it counted of checkout by metric, nil for nothing
}

// backendTrace is a trace of "GET /cart" in cart.
type backendTrace struct {
	start  time.Time
	spans  int
	failed bool
}

func (s *backendServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.URL.Path+"?"+r.URL.RawQuery)
	q := r.URL.Query()
	id, one := strings.CutPrefix(r.URL.Path, "/api/v3/traces/")
	switch {
	case s.refuse != 0:
		http.Error(w, "too many requests", s.refuse)
	case strings.HasPrefix(r.URL.Path, "/api/metrics/") && s.counts != nil:
		fmt.Fprintf(w, `{"metrics":[{"labels":[{"name":"service_name","value":"checkout"}],"metricPoints":[{"gaugeValue":{"doubleValue":%g},"timestamp":%q}]}]}`,
			s.counts[strings.TrimPrefix(r.URL.Path, "/api/metrics/")], time.Now().UTC().Format(time.RFC3339Nano))
	case r.URL.Path == "/api/v3/services":
		fmt.Fprint(w, `{"services":["cart","checkout"]}`)
	case r.URL.Path == "/api/v3/operations":
		fmt.Fprintf(w, `{"operations":[{"name":"GET /%s/unseen","spanKind":"server"}]}`, q.Get("service"))
	case one, r.URL.Path == "/api/v3/traces":
		from, _ := time.Parse(time.RFC3339Nano, q.Get("query.start_time_min"))
		to, _ := time.Parse(time.RFC3339Nano, q.Get("query.start_time_max"))
		var spans []string
		for number, t := range s.traces {
			if one && fmt.Sprintf("%032x", number) == id || !one && !t.start.Before(from) && !t.start.After(to) {
				spans = append(spans, t.json(number))
			}
		}
		if len(spans) == 0 {
			http.Error(w, `{"error":{"httpCode":404,"message":"No traces found"}}`, http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, `{"result":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeSpans":[{"spans":[%s]}]}]}}`, strings.Join(spans, ","))
	default:
		fmt.Fprint(w, "<!doctype html>")
	}
}

func (t backendTrace) json(number int) string {
	var list []string
	for i := range t.spans {
		parent, status := "", ""
		if i > 0 {
			parent = `"parentSpanId":"0000000000000001",`
		} else if t.failed {
			status = `,"status":{"code":2}`
		}
		start := t.start.Add(time.Duration(i) * time.Millisecond).UnixNano()
		list = append(list, fmt.Sprintf(`{"traceId":"%032x","spanId":"%016x",%s"name":"%s","kind":2,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[{"key":"db.password","value":{"stringValue":"hunter22hunter22"}}]%s}`,
			number, i+1, parent, []string{"GET /cart", "read", "write", "check", "pack"}[i], start, t.start.Add(100*time.Millisecond).UnixNano(), status))
	}
	return strings.Join(list, ",")
}

// put puts a trace into the server.
func (s *backendServer) put(number int, t backendTrace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traces[number] = t
}

// asked returns the requests since the last call, but for those that find out which server it is.
func (s *backendServer) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, r := range s.requests {
		if strings.HasPrefix(r, "/api/v3/traces") || strings.HasPrefix(r, "/api/v3/operations") || strings.HasPrefix(r, "/api/v3/services") {
			list = append(list, r)
		}
	}
	s.requests = nil
	return list
}

// openBackend opens inputs of a backend called prod, in a directory of its own. Time stands still unless the test moves it;
// what is timed is not waited for.
func openBackend(t *testing.T, s *backendServer, input, where string) (*model, *time.Time) {
	t.Helper()
	t.Chdir(t.TempDir())
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	theme, err := style.New("dark", false)
	if err != nil {
		t.Fatal(err)
	}
	opt := &Options{Settings: session.Settings{World: &session.World{Env: func(string) string { return "" }}, Theme: &theme}, Where: where}
	opt.Config.Backends = []config.Backend{{Config: live.Config{Name: "prod", Kind: live.Jaeger, URL: server.URL}}}
	m, err := newModel(context.Background(), opt, []string{input})
	if err != nil {
		t.Fatal(err)
	}
	m.jobs.send = func(tea.Msg) {}
	m.working.after = 0
	now := time.Now()
	m.fetching.now = func() time.Time { return now }
	m.fetching.rereadAfter, m.watching.every = nil, 0
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	settle(m, m.load())
	s.asked()
	return m, &now
}

// TestGoodTraces offers good traces of the backend: nothing is asked before that is chosen, and then for the same operation
// only: before the bad trace first.
func TestGoodTraces(t *testing.T) {
	at := time.Now().Add(-10 * time.Minute)
	s := &backendServer{traces: map[int]backendTrace{7: {at, 3, true}, 8: {at.Add(-time.Minute), 3, true}, 9: {at.Add(-24 * time.Hour), 3, false}}}
	m, _ := openBackend(t, s, "prod:7", "")
	press(t, m, "=")
	if asked := s.asked(); !m.choosing || len(asked) > 0 {
		t.Fatalf("choosing %v, asked before anything was chosen: %q", m.choosing, asked)
	}
	if text := screenText(m); !strings.Contains(text, "good traces from prod") {
		t.Fatalf("no offer:\n%s", text)
	}
	press(t, m, "enter")
	asked := s.asked()
	if len(asked) < 4 || !strings.Contains(asked[0], "query.operation_name=GET+%2Fcart&") || !strings.Contains(asked[0], "query.service_name=cart") {
		t.Errorf("asked %q", asked)
	}
	if !strings.Contains(m.message, "1 good trace from prod") {
		t.Errorf("it says %q", m.message)
	}
	press(t, m, "enter")
	c := m.compare.Comparison()
	if m.screen() != compareScreen || c == nil || c.Good.Trace.ID().Lo != 9 || c.Bad.Trace.ID().Lo != 7 {
		t.Fatalf("screen %d, comparison %v", m.screen(), c)
	}
	if got := m.sharing.reopening().Command(); !strings.HasSuffix(got, fmt.Sprintf("diff prod:%032x prod:%032x", 9, 7)) {
		t.Errorf("the command is %s", got)
	}
}

// TestAskingAgainFailsInFewCells: where there is no room for all of it, why asking again failed comes before what R does.
func TestAskingAgainFailsInFewCells(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Minute), 3, true}}}
	m, _ := openBackend(t, s, "prod:", "")
	s.refuse = http.StatusForbidden
	for width, want := range map[int]string{50: "1 trace kept: prod: refused (403 too many requests)", 200: " is kept; R asks again"} {
		m.Update(tea.WindowSizeMsg{Width: width, Height: 24})
		if press(t, m, "R"); !strings.Contains(m.message, want) || !strings.Contains(m.message, "prod: refused (403") {
			t.Errorf("in %d cells it says %q, want %q in it", width, m.message, want)
		}
	}
}

// TestServices lists the services of a backend with what it counted itself, or why it did not, and asks for the traces of one.
func TestServices(t *testing.T) {
	for _, counts := range []map[string]float64{nil, {"calls": 12.5, "errors": 0.02, "latencies": 412}} {
		s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Minute), 3, true}}, counts: counts}
		m, _ := openBackend(t, s, "prod:", "")
		settle(m, m.command(views.ShowServices))
		text, want := screenText(m), []string{"Services of prod", "cart", "checkout", "no numbers: the server has no metrics"}
		if counts != nil {
			want = []string{"Services of prod", "checkout     12.50 calls/s     2 % errors  p95 412 ms", "cart"}
		}
		for _, one := range want {
			if !strings.Contains(text, one) {
				t.Errorf("no %q in\n%s", one, text)
			}
		}
		s.asked()
		press(t, m, "enter")
		name := "cart" // by name
		if counts != nil {
			name = "checkout" // with the most errors
		}
		if asked := s.asked(); len(asked) == 0 || !strings.Contains(asked[0], "query.service_name="+name+"&") || m.where != "service="+name || m.inPalette {
			t.Errorf("asked %q for %q, in the palette %v", asked, m.where, m.inPalette)
		}
	}
}

// TestWindowsSayWhichIsShown opens the windows to choose, also after one was chosen and one was moved.
func TestWindowsSayWhichIsShown(t *testing.T) {
	m, _ := openBackend(t, &backendServer{traces: map[int]backendTrace{7: {time.Now(), 1, false}}}, "prod:", "")
	for _, step := range []struct{ keys, want string }{{"T", "last 1h  shown now"}, {"15m enter T", "last 15m  shown now"}, {"esc < T", ""}} {
		press(t, m, strings.Fields(step.keys)...)
		if text := screenText(m); !strings.Contains(text, step.want) || strings.Contains(text, "shown now") != (step.want != "") || !m.inPalette {
			t.Errorf("after %s no %q in\n%s", step.keys, step.want, text)
		}
	}
}

// TestServicesStop ends asking by esc.
func TestServicesStop(t *testing.T) {
	m, _ := openBackend(t, &backendServer{traces: map[int]backendTrace{7: {time.Now(), 1, false}}}, "prod:", "")
	cmd := m.command(views.ShowServices)
	press(t, m, "esc")
	if settle(m, cmd); m.inPalette || !strings.Contains(m.message, "stopped asking") {
		t.Errorf("in the palette %v, it says %q", m.inPalette, m.message)
	}
}

// TestGoodTracesStop ends asking by esc, which leaves the overlay open; what comes later is not shown.
func TestGoodTracesStop(t *testing.T) {
	at := time.Now().Add(-10 * time.Minute)
	s := &backendServer{traces: map[int]backendTrace{7: {at, 3, true}, 9: {at.Add(-time.Minute), 3, false}}}
	m, _ := openBackend(t, s, "prod:7", "")
	press(t, m, "=")
	_, cmd := m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if !m.baselines.Asking() {
		t.Fatal("nothing is asked")
	}
	press(t, m, "esc")
	if !m.choosing || m.baselines.Asking() || !strings.Contains(m.message, "stopped asking") {
		t.Errorf("choosing %v, asking %v, it says %q", m.choosing, m.baselines.Asking(), m.message)
	}
	settle(m, cmd)
	if text := screenText(m); !strings.Contains(text, "good traces from prod") {
		t.Errorf("the offer is gone:\n%s", text)
	}
	press(t, m, "esc")
	if m.choosing {
		t.Error("esc does not close the overlay")
	}
}

// TestReread reads the open trace again: selection and folds stay, and it says what came. One that may still grow says so.
func TestReread(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Second), 3, false}, 8: {time.Now().Add(-5 * time.Minute), 2, false}}}
	m, now := openBackend(t, s, "prod:", "")
	m.list.Select(trace.TraceID{Lo: 7})
	press(t, m, "enter", "j", "j")
	if text := screenText(m); !strings.Contains(text, "may still grow: R") {
		t.Errorf("it does not say that it may grow:\n%s", text)
	}
	s.put(7, backendTrace{time.Now().Add(-10 * time.Second), 5, false})
	press(t, m, "R")
	asked := s.asked()
	if len(asked) != 1 || !strings.HasPrefix(asked[0], fmt.Sprintf("/api/v3/traces/%032x?", 7)) {
		t.Errorf("asked %q", asked)
	}
	if got := m.waterfall.Trace(); got.SpanCount() != 5 || m.waterfall.Selected() != 2 || m.message != "read again: 2 new spans" {
		t.Errorf("%d spans, span %d selected, it says %q", got.SpanCount(), m.waterfall.Selected(), m.message)
	}
	if m.set.Len() != 2 || m.report == nil || m.report.Set != m.set {
		t.Errorf("%d traces, with a report %v", m.set.Len(), m.report != nil)
	}
	*now = now.Add(2 * time.Minute)
	press(t, m, "R")
	if text := screenText(m); strings.Contains(text, "may still grow") {
		t.Errorf("it may still grow after two minutes:\n%s", text)
	}
	press(t, m, "q")
	s.asked()
	press(t, m, "R")
	if asked := s.asked(); len(asked) == 0 || !strings.HasPrefix(asked[0], "/api/v3/traces?") {
		t.Errorf("R in the list asked %q", asked)
	}
}

// TestRereadByItself reads a trace that may still grow again by itself, as long as it is open.
func TestRereadByItself(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Second), 3, false}, 8: {time.Now().Add(-5 * time.Minute), 2, false}}}
	m, _ := openBackend(t, s, "prod:", "")
	m.fetching.rereadAfter = []time.Duration{time.Millisecond, 2 * time.Millisecond}
	m.list.Select(trace.TraceID{Lo: 7})
	var due []rereadMsg
	var find func(tea.Cmd)
	find = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				find(c)
			}
		case rereadMsg:
			due = append(due, msg)
		}
	}
	_, cmd := m.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	find(cmd)
	if len(due) != 2 {
		t.Fatalf("it is to be read again %d times, want 2", len(due))
	}
	s.put(7, backendTrace{time.Now().Add(-10 * time.Second), 4, false})
	_, cmd = m.Update(due[0])
	settle(m, cmd)
	if got := m.waterfall.Trace().SpanCount(); got != 4 {
		t.Errorf("%d spans, want 4", got)
	}
	s.asked()
	whole := m.fetching.again
	m.fetching.again = map[trace.TraceID]time.Time{{Lo: 7}: time.Now().Add(time.Minute)}
	_, cmd = m.Update(due[1])
	settle(m, cmd)
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("it is read again although it cannot grow any more: %q", asked)
	}
	m.fetching.again = whole
	press(t, m, "q")
	s.asked()
	_, cmd = m.Update(due[1])
	settle(m, cmd)
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("it is read again although it is not open: %q", asked)
	}
}

// TestSave saves what came: a new file each time, only for the user, without secrets unless they are shown; it opens with
// the same traces.
func TestSave(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, true}, 8: {time.Now().Add(-5 * time.Minute), 2, false}}}
	m, now := openBackend(t, s, "prod:", "")
	press(t, m, "O", "O", "enter", "V", "O")
	name := "prod-" + now.UTC().Format("20060102T150405Z")
	if want := "saved 2 traces to " + name + "-3.jsonl"; m.message != want {
		t.Errorf("it says %q, want %q", m.message, want)
	}
	for file, secret := range map[string]bool{name + ".jsonl": false, name + "-2.jsonl": false, name + "-3.jsonl": true} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
		if strings.Contains(string(data), "hunter22") != secret || strings.Count(string(data), "\n") != 2 {
			t.Errorf("%s: secret wanted %v, lines wanted 2: %s", file, secret, data)
		}
		r, err := sources.Open(t.Context(), []string{file}, sources.Options{})
		if err != nil || r.Set.Len() != 2 || r.Set.SpanCount() != 5 {
			t.Errorf("%s opens with %v, %v", file, r, err)
		}
	}
	if others, _ := filepath.Glob("*"); len(others) != 3 {
		t.Errorf("the directory has %q", others)
	}
}

// TestCompletionAsks completes services and the operations of the service that the query names by what the backend knows:
// each is asked for once a minute at most, and only while a query is typed.
func TestCompletionAsks(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-time.Minute), 3, true}}}
	m, now := openBackend(t, s, "prod:", "")
	m.completing.now = func() time.Time { return *now }
	press(t, m, "j", "k")
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("asked while nothing is typed: %q", asked)
	}
	press(t, m, strings.Split("/service=c", "")...)
	if asked := s.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "/api/v3/services") {
		t.Errorf("asked %q", asked)
	}
	if text := screenText(m); !strings.Contains(text, "checkout") {
		t.Errorf("the service of the backend is not offered:\n%s", text)
	}
	press(t, m, strings.Split("art name=", "")...)
	if asked := s.asked(); len(asked) != 1 || !strings.HasPrefix(asked[0], "/api/v3/operations?service=cart") {
		t.Errorf("asked %q", asked)
	}
	if text := screenText(m); !strings.Contains(text, "/cart/unseen") {
		t.Errorf("the operation of the backend is not offered:\n%s", text)
	}
	press(t, m, "x")
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("asked again: %q", asked)
	}
	*now = now.Add(2 * time.Minute)
	press(t, m, "y")
	if asked := s.asked(); len(asked) != 1 {
		t.Errorf("after two minutes it asked %q", asked)
	}
}

// TestStoppingKeepsTheFirstLine stops asking again, and asks again where it fails: window and count stay in the first line, and
// to stop is no failure.
func TestStoppingKeepsTheFirstLine(t *testing.T) {
	s := &backendServer{traces: map[int]backendTrace{7: {time.Now().Add(-10 * time.Minute), 3, true}, 8: {time.Now().Add(-11 * time.Minute), 2, false}}}
	m, _ := openBackend(t, s, "prod:", "")
	head := func() string { line, _, _ := strings.Cut(screenText(m), "\n"); return line }
	before := head()
	if !strings.Contains(before, "· 2 traces") {
		t.Fatalf("the first line is %q", before)
	}
	_, cmd := m.Update(tea.KeyPressMsg{Code: 'R', Text: "R"})
	press(t, m, "esc")
	settle(m, cmd)
	if got := head(); m.failed || !strings.Contains(m.message, "stopped asking") || strings.Contains(got, "not read") || !strings.Contains(got, "· 2 traces") {
		t.Errorf("after esc, failed %v, it says %q, the first line %q", m.failed, m.message, got)
	}
	s.refuse = http.StatusForbidden
	press(t, m, "R")
	for width, rest := range map[int][]string{120: {"not read", " · 2 traces", "▲"}, 66: {"not read", " · 2 traces"}, 46: {"not read"}, 30: nil} { // what there is room for
		m.Update(tea.WindowSizeMsg{Width: width, Height: 40})
		got := head()
		if !m.failed || !strings.Contains(got, " UTC") {
			t.Errorf("after a failure, in %d cells, failed %v, the first line %q", width, m.failed, got)
		}
		for _, text := range []string{"not read", " · 2 traces", "▲"} {
			if strings.Contains(got, text) != slices.Contains(rest, text) {
				t.Errorf("in %d cells the first line is %q, want in it %q", width, got, rest)
			}
		}
	}
	s.refuse = 0
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	if press(t, m, "R"); m.failed || !strings.Contains(head(), "2 traces") {
		t.Errorf("after an answer, failed %v, the first line %q", m.failed, head())
	}
}

// importText is the import report of a list, in a terminal that shows all of it.
func importText(t *testing.T, m *model) string {
	t.Helper()
	m.Update(tea.WindowSizeMsg{Width: 160, Height: 200})
	press(t, m, "D")
	text := screenText(m)
	press(t, m, "q")
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	return text
}
