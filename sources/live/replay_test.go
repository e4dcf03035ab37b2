package live

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// canned is an answer of a server, and what it answers.
type canned struct {
	status int
	path   string // escaped, "*" for all that is not there
	query  url.Values
	body   []byte
}

func newCanned(t *testing.T, status, uri string, body []byte) canned {
	t.Helper()
	code, err := strconv.Atoi(status)
	if err != nil {
		t.Fatal(err)
	}
	path, raw, _ := strings.Cut(uri, "?")
	query, err := url.ParseQuery(raw)
	if err != nil {
		t.Fatal(err)
	}
	return canned{code, path, query, body}
}

// asks reports whether a request is the one that is answered, but for the values of loose parameters, which either may lack.
func (c canned) asks(path string, query url.Values, loose []string) bool {
	if c.path != path {
		return false
	}
	for _, all := range []url.Values{c.query, query} {
		for name := range all {
			if !slices.Contains(loose, name) && !slices.Equal(c.query[name], query[name]) {
				return false
			}
		}
	}
	return true
}

// written reads answers that are written by hand: each after a line "== STATUS PATH?QUERY".
func written(t *testing.T, name string) []canned {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var answers []canned
	for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
		head, body, _ := strings.Cut(part, "\n")
		status, uri, _ := strings.Cut(head, " ")
		answers = append(answers, newCanned(t, status, uri, []byte(strings.TrimSuffix(body, "\n"))))
	}
	return answers
}

// captured reads answers of real servers, by the names of their files.
func captured(t *testing.T, engine string, names ...string) []canned {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "live", "captures", engine)
	var answers []canned
	for _, name := range names {
		rest := strings.HasPrefix(name, "*")
		name = strings.TrimPrefix(name, "*")
		said, err := os.ReadFile(filepath.Join(dir, name+".status"))
		if os.IsNotExist(err) {
			t.Skipf("NOT TESTED: no captured answers in %s", dir)
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(filepath.Join(dir, name+".body"))
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(string(said))
		_, address, _ := strings.Cut(words[len(words)-1], "://")
		_, uri, _ := strings.Cut(address, "/")
		one := newCanned(t, words[0], "/"+uri, body)
		if rest {
			one.path = "*"
		}
		answers = append(answers, one)
	}
	return answers
}

// replay is a server that gives answers again.
type replay struct {
	*Backend
	mutex sync.Mutex
	loose []string // parameters that may be others
	asked []string
}

// now is the time at which the answers that are written by hand are asked for.
var now = time.Date(2026, 11, 28, 22, 0, 0, 0, time.UTC)

// hour is the window that they are asked for, with an end that is no whole µs or s.
var hour = Window{now.Add(-time.Hour), now.Add(1)}

// again serves answers, and fails the test for a request that none of them answers.
func again(t *testing.T, kind Kind, base string, answers []canned) *replay {
	t.Helper()
	s := &replay{}
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.asked = append(s.asked, r.URL.EscapedPath())
		i := slices.IndexFunc(answers, func(c canned) bool { return c.asks(r.URL.EscapedPath(), r.URL.Query(), s.loose) })
		if i < 0 {
			i = slices.IndexFunc(answers, func(c canned) bool { return c.path == "*" })
			if known := slices.ContainsFunc(answers, func(c canned) bool { return c.path == r.URL.EscapedPath() }); i < 0 || known {
				t.Errorf("asked %s, for which there is no answer", r.URL.RequestURI())
				w.WriteHeader(http.StatusTeapot)
				return
			}
		}
		w.WriteHeader(answers[i].status)
		if _, err := w.Write(answers[i].body); err != nil {
			t.Error(err)
		}
	})
	b, err := Open(Config{Name: "prod", Kind: kind, URL: at + base}, Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	s.Backend = b
	return s
}

// server is which server was found.
func (s *replay) server(t *testing.T) server {
	t.Helper()
	found, err := s.Backend.server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// trace asks for a trace, and describes its spans.
func (s *replay) trace(t *testing.T, id string, w Window, loose ...string) string {
	t.Helper()
	s.loose = loose
	feed := sources.NewFeed(sources.Options{})
	a, err := s.Trace(t.Context(), trace.ParseTraceID(id), w, feed)
	if a.Backend != "prod" || a.URL != s.URL() || a.Requests == 0 {
		t.Errorf("answer %+v", a)
	}
	if err != nil {
		return err.Error()
	}
	if a.Server == "" || a.Bytes == 0 {
		t.Errorf("answer %+v", a)
	}
	return spans(feed.Set())
}

// spans describes the spans of a set, by trace.
func spans(set *trace.Set) string {
	var b bytes.Buffer
	for i := range set.Len() {
		tr := set.Trace(i)
		fmt.Fprintf(&b, "%s %d", tr.ID(), tr.SpanCount())
		if tr.Quality().Partial {
			b.WriteString(" partial")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// found asks for a part of a question, and describes the page.
func (s *replay) found(t *testing.T, p page, err error) string {
	t.Helper()
	if err != nil {
		return "error: " + err.Error()
	}
	if len(p.found) != len(p.rows) {
		t.Errorf("%d ids, %d rows", len(p.found), len(p.rows))
	}
	feed := sources.NewFeed(sources.Options{})
	for _, d := range p.documents {
		if _, err := feed.Add(d.name, d.data, d.notes...); err != nil {
			return err.Error()
		}
	}
	text := spans(feed.Set())
	for _, r := range p.rows {
		text += fmt.Sprintf("row %s %s %s %s +%s %d %d\n", r.ID, r.Service, r.Name,
			r.Window.From.UTC().Format("15:04:05.000000000"), r.Window.To.Sub(r.Window.From), r.Spans, r.Errors)
	}
	if p.partial != "" {
		text += "partial: " + p.partial + "\n"
	}
	return text
}

// is fails the test unless a text is as wanted.
func is(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
	}
}
