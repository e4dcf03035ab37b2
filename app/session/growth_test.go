package session

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"tracefall/app/config"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// backendsAt are backends of these names and one of them per address.
func backendsAt(t *testing.T, kind live.Kind, answer http.HandlerFunc, names ...string) (*Backends, *Request) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	s := &Settings{World: &World{Env: func(string) string { return "" }}}
	for i, name := range names {
		s.Config.Backends = append(s.Config.Backends, config.Backend{Config: live.Config{Name: name, Kind: kind, URL: fmt.Sprint(server.URL, strings.Repeat("/x", i))}})
	}
	b, err := NewBackends(s, BackendFlags{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Request{Input: "prod:" + someID, Backend: s.Config.Backends[0], ID: trace.ParseTraceID(someID)}
	r.Resume()
	return b, r
}

// TestNoTrace names the other backends for a trace that one does not know.
func TestNoTrace(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"prod"}, "prod: no trace " + someID},
		{[]string{"prod", "staging"}, "prod: no trace " + someID + "; try: staging:" + someID},
		{[]string{"prod", "a1", "a2", "a3", "a4"}, "prod: no trace " + someID + "; try: a1:" + someID + ", a2:" + someID + ", a3:" + someID + ", …"},
	} {
		b, r := backendsAt(t, live.Tempo, func(w http.ResponseWriter, r *http.Request) {
			text := `{"trace":{},"metrics":{}}`
			if r.URL.Path == "/api/echo" {
				text = "echo"
			}
			if _, err := w.Write([]byte(text)); err != nil {
				t.Error(err)
			}
		}, c.names...)
		if _, err := b.Ask([]*Request{r}, live.Whole); err != nil {
			t.Fatal(err)
		}
		if _, err := b.AskOn(context.Background(), r, 0, sources.NewFeed(sources.Options{})); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestKnownValues asks a Tempo for what completes a query: narrowed by the terms beside it where they can, and else all.
func TestKnownValues(t *testing.T) {
	var asked []string
	b, r := backendsAt(t, live.Tempo, func(w http.ResponseWriter, r *http.Request) {
		text := `{"tagValues":[{"value":"/cart"}]}`
		switch q := r.URL.Query().Get("q"); {
		case r.URL.Path == "/api/echo":
			text = "echo"
		case strings.Contains(q, "odd"):
			w.WriteHeader(http.StatusBadRequest)
			asked = append(asked, "refused")
		default:
			asked = append(asked, strings.TrimPrefix(r.URL.Path, "/api/v2/search/tag/")+" "+q)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Error(err)
		}
	}, "prod")
	for text, want := range map[string]string{
		"http.route=":                          ".http.route/values ",
		"service=cart http.route=":             `.http.route/values { resource.service.name = "cart" }`,
		"kind=server service=":                 "resource.service.name/values { kind = server }",
		"service=cart kind=server name=":       `name/values { resource.service.name = "cart" && kind = server }`,
		"service=cart name=":                   `name/values { resource.service.name = "cart" }`,
		"service=odd http.route=":              "refused,.http.route/values ",
		"(service=a OR service=b) http.route=": ".http.route/values ",
	} {
		asked = nil
		wanted, ok := query.WantedAt(text, len(text))
		words := b.Known(context.Background(), []*Request{r}, wanted)
		if got := strings.Join(asked, ","); !ok || got != want || !slices.Equal(words, []string{"/cart"}) {
			t.Errorf("%s: asked %s, want %s; %q", text, got, want, words)
		}
	}
}
