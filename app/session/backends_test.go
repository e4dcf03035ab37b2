package session

import (
	"os"
	"strings"
	"testing"
	"time"

	"tracefall/app/config"
	"tracefall/sources/live"
	"tracefall/views"
)

// testBackends are the backends of a configuration with prod and staging, and of flags.
func testBackends(t *testing.T, flags BackendFlags) *Backends {
	t.Helper()
	t.Chdir(t.TempDir())
	s := &Settings{World: &World{Env: func(string) string { return "" }}}
	s.Config.Backends = []config.Backend{
		{Config: live.Config{Name: "prod", Kind: live.Jaeger, URL: "https://jaeger.corp/jaeger"}, Since: 2 * time.Hour, Limit: 7},
		{Config: live.Config{Name: "staging", Kind: live.Tempo, URL: "http://127.0.0.1:3200"}},
	}
	b, err := NewBackends(s, flags)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const someID = "4bf92f3577b34da6a3ce929d0e0e4736"

func TestRequests(t *testing.T) {
	b := testBackends(t, BackendFlags{})
	if err := os.WriteFile("staging:", []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		input string
		want  string // backend, id; "" for no backend
		err   string
	}{
		{input: "prod:" + someID, want: "prod " + someID},
		{input: "prod:abc", want: "prod 00000000000000000000000000000abc"},
		{input: "prod:", want: "prod "},
		{input: "staging:", want: ""}, // a file
		{input: "staging:" + someID, want: "staging " + someID},
		{input: "prod:cart", err: "expected prod:TRACEID"},
		{input: "prdo:", err: `unknown backend "prdo"; did you mean "prod"?`},
		{input: "prdo:" + someID, err: `unknown backend "prdo"`},
		{input: "notes:today.json", want: ""},
		{input: `C:\traces.json`, want: ""},
		{input: "C:", want: ""},
		{input: "-", want: ""},
		{input: "traces.json", want: ""},
		{input: "https://jaeger.corp/jaeger/trace/" + someID + "?uiFind=x", want: "prod " + someID},
		{input: "https://other.corp/trace/" + someID, want: "other.corp " + someID},
		{input: "https://other.corp/trace/today", err: "has no trace id after /trace/"},
		{input: "https://other.corp/", err: "is no link to a trace or a search of Jaeger's UI"},
		{input: "https://me:secret@other.corp/trace/" + someID, err: "set user and password_file"},
	} {
		all, err := b.Requests([]string{c.input}, "")
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("%s: got error %v, want %s", c.input, err, c.err)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", c.input, err)
			continue
		}
		got := ""
		for _, r := range all {
			got = r.Backend.Name + " "
			if !r.ID.IsZero() {
				got += r.ID.String()
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.input, got, c.want)
		}
	}
}

func TestRequestWindow(t *testing.T) {
	for _, c := range []struct {
		flags BackendFlags
		input string
		span  time.Duration
		limit int
	}{
		{BackendFlags{}, "prod:", 2 * time.Hour, 7},
		{BackendFlags{}, "staging:", time.Hour, 100},
		{BackendFlags{Since: "1d12h", Limit: 3}, "prod:", 36 * time.Hour, 3},
		{BackendFlags{All: true}, "prod:", 2 * time.Hour, 0},
		{BackendFlags{From: "2026-03-02T14:02:00Z", To: "2026-03-02 15:02"}, "prod:", time.Hour, 7},
		{BackendFlags{From: "2026-03-02T14:02:00Z", To: "2026-03-02 15:02"}, "prod:" + someID, time.Hour, 7},
		{BackendFlags{}, "prod:" + someID, 0, 7}, // no hint
		{BackendFlags{}, "https://x.y/search?start=1772409600000000&end=1772410200000000&lookback=1h&limit=20", 10 * time.Minute, 20},
		{BackendFlags{}, "https://x.y/search?lookback=3h", 3 * time.Hour, 100},
		{BackendFlags{Since: "5m"}, "https://x.y/search?start=1772409600000000&end=1772410200000000", 5 * time.Minute, 100},
	} {
		all, err := testBackends(t, c.flags).Requests([]string{c.input}, "")
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %d requests, %v", c.input, len(all), err)
		}
		if got := all[0].Window.To.Sub(all[0].Window.From); got != c.span || all[0].Limit != c.limit {
			t.Errorf("%s with %+v: window of %v, limit %d, want %v, %d", c.input, c.flags, got, all[0].Limit, c.span, c.limit)
		}
	}
}

func TestInputs(t *testing.T) {
	for _, c := range []struct {
		flags  BackendFlags
		args   []string
		where  string
		need   bool
		inputs string
		query  string
	}{
		{args: []string{"a.json"}, inputs: "a.json"},
		{flags: BackendFlags{Backend: "prod"}, inputs: "prod:"},
		{flags: BackendFlags{Backend: "prod"}, args: []string{"error=true duration>1s"}, inputs: "prod:", query: "error=true duration>1s"},
		{flags: BackendFlags{Backend: "prod"}, args: []string{someID}, inputs: "prod:" + someID},
		{flags: BackendFlags{Backend: "prod"}, args: []string{"error=true"}, where: "x=1", inputs: "error=true", query: "x=1"},
		{flags: BackendFlags{Backend: "prod"}, args: []string{"staging:" + someID}, inputs: "staging:" + someID},
		{flags: BackendFlags{Jaeger: "http://127.0.0.1:16686"}, need: true, inputs: "jaeger:"},
		{
			args:   []string{"https://x.y/search?service=cart&operation=GET%20%2F&minDuration=1.5s&tags=%7B%22error%22%3A%22true%22%7D&tag=http.route:a%20b"},
			inputs: "https://x.y/search?service=cart&operation=GET%20%2F&minDuration=1.5s&tags=%7B%22error%22%3A%22true%22%7D&tag=http.route:a%20b",
			query:  `service=cart name="GET /" duration>=1.5s error=true http.route="a b"`,
		},
		{args: []string{"https://x.y/search?service=cart"}, where: "a=1 OR b=2", inputs: "https://x.y/search?service=cart", query: "(service=cart) (a=1 OR b=2)"},
	} {
		inputs, text, err := testBackends(t, c.flags).Inputs(c.args, c.where, c.need)
		if err != nil {
			t.Errorf("%v: %v", c.args, err)
		}
		if got := strings.Join(inputs, " | "); got != c.inputs || text != c.query {
			t.Errorf("%v: got %s and query %s, want %s and %s", c.args, got, text, c.inputs, c.query)
		}
		if CheckQuery(text) != nil {
			t.Errorf("%v: the query %s is none", c.args, text)
		}
	}
}

// The environment names a backend for commands that need an input, and no other for the explorer, whose demo stays.
func TestInputsOfEnvironment(t *testing.T) {
	t.Chdir(t.TempDir())
	s := &Settings{World: &World{Env: func(name string) string { return map[string]string{"TRACEFALL_BACKEND": "prod"}[name] }}}
	s.Config.Backends = []config.Backend{{Config: live.Config{Name: "prod"}}}
	b, err := NewBackends(s, BackendFlags{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		need bool
		want int
	}{{nil, false, 0}, {nil, true, 1}, {[]string{"error=true"}, false, 1}} {
		if inputs, _, err := b.Inputs(c.args, "", c.need); err != nil || len(inputs) != c.want {
			t.Errorf("%v needed %v: got %v, %v", c.args, c.need, inputs, err)
		}
	}
}

func TestWindowText(t *testing.T) {
	at := func(hour, minute, second int) time.Time {
		return time.Date(2026, 3, 2, hour, minute, second, 0, time.UTC)
	}
	for want, w := range map[string]live.Window{
		"2026-03-02 14:02–15:02 UTC":            {From: at(14, 2, 0), To: at(15, 2, 0)},
		"2026-03-02 14:02:30–14:03:30 UTC":      {From: at(14, 2, 30), To: at(14, 3, 30)},
		"2026-03-02 14:02–2026-03-03 00:00 UTC": {From: at(14, 2, 0), To: at(24, 0, 0)},
	} {
		if got := WindowText(views.ClockUTC, w); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestLatest(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"11:30":                     "2026-03-02T11:30:00Z",
		"14:02":                     "2026-03-01T14:02:00Z", // not yet today
		"11:30:15":                  "2026-03-02T11:30:15Z",
		"2026-02-28T23:00:00+01:00": "2026-02-28T22:00:00Z",
	} {
		got, err := latest(views.ClockUTC, now, text)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
	if _, err := latest(views.ClockUTC, now, "noon"); err == nil {
		t.Error("noon is a time")
	}
}
