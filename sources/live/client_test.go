package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// asked is a client of a test, with what happened on its connection.
type asked struct {
	*client
	mutex  sync.Mutex
	events []Event
	waited []time.Duration // instead of sleeping
}

// connect returns a client that does not sleep.
func connect(t *testing.T, cfg Config) *asked {
	t.Helper()
	return connectIn(t, func(string) string { return "" }, cfg)
}

// connectIn returns one with an environment.
func connectIn(t *testing.T, env func(string) string, cfg Config) *asked {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "prod"
	}
	a := &asked{}
	c, err := newClient(cfg, Options{Version: "1.2", Env: env, Now: time.Now, Log: func(e Event) {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		a.events = append(a.events, e)
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.jitter = func() float64 { return 0 }
	c.pause = func(ctx context.Context, d time.Duration) error {
		a.waited = append(a.waited, d)
		return ctx.Err()
	}
	a.client = c
	t.Cleanup(c.transport.CloseIdleConnections)
	return a
}

// serve starts a server on this machine.
func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func TestRequest(t *testing.T) {
	var got *http.Request
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		fmt.Fprint(w, `{"data":[]}`)
	})
	for tenant, want := range map[string]http.Header{
		"team-a": {"X-Scope-Orgid": {"team-a"}},
		"12:3":   {"Accountid": {"12"}, "Projectid": {"3"}},
		"a:3":    {"X-Scope-Orgid": {"a:3"}},
		"":       {},
	} {
		c := connect(t, Config{URL: at + "/base/", Tenant: tenant, Headers: map[string]string{"X-Team": "a", "Host": "inner"}})
		r, err := c.get(t.Context(), "/api/a%2Fb", url.Values{"q": {"{ x }"}}, "")
		if err != nil || r.status != 200 || string(r.body) != `{"data":[]}` || r.wire != 11 || r.cut != "" {
			t.Fatalf("%+v, %v", r, err)
		}
		if got.Method != http.MethodGet || got.RequestURI != "/base/api/a%2Fb?q=%7B+x+%7D" || got.Host != "inner" {
			t.Errorf("asked %s %s of %s", got.Method, got.RequestURI, got.Host)
		}
		want.Set("Accept", "application/json")
		want.Set("Accept-Encoding", "zstd, gzip")
		want.Set("User-Agent", "tracefall/1.2")
		want.Set("X-Team", "a")
		if len(got.Header) != len(want) {
			t.Errorf("tenant %q: headers %v, want %v", tenant, got.Header, want)
		}
		for name := range want {
			if got.Header.Get(name) != want.Get(name) {
				t.Errorf("tenant %q: %s is %q, want %q", tenant, name, got.Header.Get(name), want.Get(name))
			}
		}
		if len(c.events) != 1 || c.events[0].Request != "GET /base/api/a%2Fb?q=%7B+x+%7D" || c.events[0].Status != 200 || c.events[0].Bytes != 11 {
			t.Errorf("events %+v", c.events)
		}
	}
}

func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string // of the error, "" for a reply
		tries  int
	}{
		{200, "{}", "", 1},
		{400, "no", "", 1},
		{404, `{"error":{"httpCode":404,"message":"No traces found"}}`, "", 1},
		{500, "boom", "", 1},
		{500, "queue is stopped", "prod: 500 after 3 tries: queue is stopped", 3},
		{503, `{"errors":[{"code":503,"msg":"later"}]}`, "prod: 503 after 3 tries: later", 3},
		{502, "<html>", "prod: 502 after 3 tries: a web page", 3},
		{429, "", "prod: 429 after 3 tries: Too Many Requests", 3},
		{401, "no basic auth provided", "prod: refused (401 no basic auth provided): set token_command, token_env, or user and password_file in the configuration", 1},
		{401, "no org id\n", "prod: refused (401 no org id): set tenant in the configuration", 1},
		{200, " \n<!doctype html>", " a web page, no query API; ", 1},
		{404, "<html>", " 404 and a web page, no query API; ", 1},
	} {
		tries := 0
		at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			tries++
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		client := connect(t, Config{URL: at})
		r, err := client.get(t.Context(), "/x", nil, "")
		switch {
		case c.want == "" && (err != nil || r.status != c.status):
			t.Errorf("%d %s: %v", c.status, c.body, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%d %s: %v, want %s", c.status, c.body, err, c.want)
		}
		if tries != c.tries {
			t.Errorf("%d %s: %d tries, want %d", c.status, c.body, tries, c.tries)
		}
		var server *ServerError
		if isPage := strings.Contains(c.want, "no query API"); errors.Is(err, errWebPage) != isPage || err != nil && !isPage && (!errors.As(err, &server) || server.Status != c.status) {
			t.Errorf("%d %s: %#v", c.status, c.body, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	for url, want := range map[string]string{
		"https://oncall:hunter2@jaeger.corp": "prod: url: expected no user in the address: give user and password_file",
		"https://jaeger.corp/?token=hunter2": "prod: url: expected an address without ? and #",
		"ftp://jaeger.corp":                  "prod: url: expected an address such as https://jaeger.corp/jaeger",
		"https://hunter2 @x/%zz":             "prod: url: expected an address such as https://jaeger.corp/jaeger",
		"127.0.0.1:16686":                    "prod: url: expected http:// or https:// in front, as in http://127.0.0.1:16686",
		"jaeger.corp/jaeger":                 "prod: url: expected http:// or https:// in front, as in http://jaeger.corp/jaeger",
		"oncall:hunter2@jaeger.corp":         "prod: url: expected an address such as https://jaeger.corp/jaeger",
		"unix:x.sock":                        "prod: url: expected the whole path of a socket, such as unix:/run/jaeger.sock",
		"":                                   "prod: url is missing",
	} {
		if _, err := Open(Config{Name: "prod", URL: url}, Options{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}
