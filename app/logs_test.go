package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/sources/live"
	"tracefall/sources/tracetest"
	"tracefall/views"
)

// logServer answers as VictoriaLogs does, for any trace: two lines of its second span, and one without a span.
type logServer struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string
	status atomic.Int32
	hold   chan struct{} // answers wait for it, nil for none
	gone   chan struct{} // closed when a request that waits was given up
}

func (s *logServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

// serveLogs starts a log store and has the model know it under the name vl.
func serveLogs(t *testing.T, m *model) *logServer {
	t.Helper()
	s := &logServer{gone: make(chan struct{})}
	second := m.set.Trace(0).Span(1)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Query().Get("query"))
		s.mu.Unlock()
		if s.hold != nil {
			select {
			case <-s.hold:
			case <-r.Context().Done():
				close(s.gone)
				return
			}
		}
		if status := s.status.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		at := time.Unix(0, second.Start()).UTC()
		for n, text := range []string{"charge 42.00", "card refused", "password=hunter2hunter2"} {
			span := second.ID().String()
			if n == 2 {
				span = ""
			}
			fmt.Fprintf(w, `{"_time":%q,"_msg":%q,"level":"error","service.name":"cart","span_id":%q}`+"\n", at.Add(time.Duration(n)*time.Millisecond).Format(time.RFC3339Nano), text, span)
		}
	}))
	t.Cleanup(s.Close)
	m.opt.Config.LogStores = []live.LogConfig{{Config: live.Config{Name: "vl", Kind: live.VictoriaLogs, URL: s.URL}}}
	return s
}

// TestLogsAreAskedWhenTheTabOpens opens a trace, moves in it, opens the detail and other tabs: the log store is not asked.
// Then the tab asks it once, and what came lies in the detail too.
func TestLogsAreAskedWhenTheTabOpens(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	s := serveLogs(t, m)
	press(t, m, "j", "k", "enter", "j", "enter", "tab", "esc", "2", "3", "4", "5", "8", "1", "D", "esc", "?", "esc")
	if got := line(m, 1); !strings.Contains(got, "6 logs") || s.count() != 0 {
		t.Fatalf("%d questions before the tab was opened; the tabs say %q", s.count(), got)
	}
	press(t, m, "6")
	if got := screenText(m); s.count() != 1 || !strings.Contains(got, "3 lines") || !strings.Contains(got, "card refused") || strings.Contains(got, "hunter2") {
		t.Fatalf("%d questions; the screen says\n%s", s.count(), got)
	}
	if want := `trace_id:="` + m.waterfall.Trace().ID().String() + `" | sort by (_time)`; s.asked[0] != want {
		t.Errorf("asked %s, want %s", s.asked[0], want)
	}
	if got := line(m, 1); !strings.Contains(got, "6 logs 3") {
		t.Errorf("the tabs say %q", got)
	}
	press(t, m, "j", "enter")
	if m.screen() != waterfallScreen || m.waterfall.Selected() != 1 {
		t.Errorf("enter leads to screen %d, span %d", m.screen(), m.waterfall.Selected())
	}
	mustShow(t, m, "≡")
	press(t, m, "enter")
	if got := screenText(m); !strings.Contains(got, "EVENTS AND LOGS") || !strings.Contains(got, "card refused") || strings.Contains(got, "hunter2") {
		t.Errorf("the detail says\n%s", got)
	}
	press(t, m, "esc", "6", "1", "6")
	if s.count() != 1 {
		t.Errorf("%d questions when the tab is shown again", s.count())
	}
	press(t, m, "R")
	if s.count() != 2 || !strings.Contains(screenText(m), "3 lines") {
		t.Errorf("%d questions when asked again; the screen says\n%s", s.count(), screenText(m))
	}
	press(t, m, "D")
	if got := screenText(m); !strings.Contains(got, "vl · http://127.0.0.1") || !strings.Contains(got, "GET /select/logsql/query?") {
		t.Errorf("the import report says\n%s", got)
	}
}

// TestLogsOfASpan: L opens the tab with the lines of the span under the cursor; L again and esc show all.
func TestLogsOfASpan(t *testing.T) {
	for _, all := range []string{"L", "esc"} {
		m := testModel(t, tracetest.Set(t, shop))
		serveLogs(t, m)
		press(t, m, "enter", "j", "enter", "L") // the detail has the keys
		if got := screenText(m); !m.onTab(views.ShowLogs) || !strings.Contains(got, "2 of 3 lines of span") {
			t.Fatalf("the screen says\n%s", got)
		}
		press(t, m, all)
		if got := screenText(m); !m.onTab(views.ShowLogs) || strings.Contains(got, "lines of span") || !strings.Contains(got, "3 lines") {
			t.Errorf("after %s the screen says\n%s", all, got)
		}
	}
}

// TestLogsThatNobodyHas: without a log store in the configuration the tab says so, and so does L.
func TestLogsThatNobodyHas(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, "enter")
	for _, key := range []string{"6", "L"} {
		press(t, m, key)
		if m.onTab(views.ShowLogs) || !strings.Contains(m.message, "no [logs.NAME] in the configuration") {
			t.Errorf("%s says %q", key, m.message)
		}
	}
	press(t, m, "esc", "6")
	if !strings.Contains(m.message, views.NotHere) {
		t.Errorf("in the list 6 says %q", m.message)
	}
}

// TestLogsThatFail: what went wrong is said, and R asks again.
func TestLogsThatFail(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	s := serveLogs(t, m)
	s.status.Store(http.StatusForbidden)
	press(t, m, "enter", "6")
	if got := screenText(m); !strings.Contains(got, "vl: refused (403): set ") || !strings.Contains(got, "R asks again") {
		t.Fatalf("the screen says\n%s", got)
	}
	s.status.Store(0)
	press(t, m, "R")
	if got := screenText(m); !strings.Contains(got, "3 lines") {
		t.Errorf("the screen says\n%s", got)
	}
}

// TestLogsStop: esc ends asking, and the server sees it; a key that is pressed meanwhile is not waited for.
func TestLogsStop(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	s := serveLogs(t, m)
	s.hold = make(chan struct{})
	press(t, m, "enter")
	_, cmd := m.Update(tea.KeyPressMsg{Text: "6", Code: '6'})
	ended := make(chan []tea.Msg)
	go func() { ended <- results(cmd) }() // as the program runs it
	for s.count() == 0 {
		time.Sleep(time.Millisecond)
	}
	if got := screenText(m); !strings.Contains(got, "Asking vl") || m.jobs.cancel[jobLogs] == nil {
		t.Fatalf("the screen says\n%s", got)
	}
	press(t, m, "esc")
	<-s.gone
	for _, msg := range <-ended {
		_, next := m.Update(msg)
		settle(m, next)
	}
	if got := screenText(m); !m.onTab(views.ShowLogs) || !strings.Contains(got, "Stopped asking") || m.jobs.cancel[jobLogs] != nil {
		t.Errorf("the screen says\n%s", got)
	}
	close(s.hold)
	press(t, m, "R")
	if got := screenText(m); !strings.Contains(got, "3 lines") {
		t.Errorf("the screen says\n%s", got)
	}
}

// results runs a command and what it consists of, and returns the results of jobs.
func results(cmd tea.Cmd) (all []tea.Msg) {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, one := range msg {
			all = append(all, results(one)...)
		}
	case result:
		all = append(all, msg)
	}
	return all
}

// TestLogsOfBackends checks which log store belongs to a trace.
func TestLogsOfBackends(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	tr := m.set.Trace(0)
	store := func(name string) live.LogConfig {
		return live.LogConfig{Config: live.Config{Name: name, Kind: live.Loki, URL: "https://" + name + ".corp"}}
	}
	check := func(want string) {
		t.Helper()
		cfg, err := m.opt.Backends.LogStore(tr)
		if got := cfg.Name + fmt.Sprint(err); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	check("no [logs.NAME] in the configuration")
	m.opt.Config.LogStores = []live.LogConfig{store("one")}
	check("one<nil>")
	m.opt.Config.LogStores = append(m.opt.Config.LogStores, store("two"))
	check(`several [logs.NAME] and no backend of this trace: set logs = "NAME" of a backend`)

	m.opt.Config.Backends = []config.Backend{{Config: live.Config{Name: tr.Span(0).Input(), URL: "https://j.corp"}, Logs: "two"}}
	var err error
	if m.opt.Backends, err = session.NewBackends(&m.opt.Settings, session.BackendFlags{}); err != nil {
		t.Fatal(err)
	}
	check("two<nil>")
}
