package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// tempo is Grafana Tempo. A search gives rows without spans, in no order unless it is asked for the most recent traces;
// their spans are fetched by id.
type tempo struct {
	api
	now       func() time.Time
	unordered atomic.Bool  // with (most_recent=true) is refused
	bound     atomic.Int64 // ns that a search may reach over
	old       atomic.Bool  // without /api/v2/traces
	json      atomic.Bool  // protobuf is refused
}

// tempoBound is how much time a search may reach over unless Tempo is configured otherwise.
const tempoBound = 168 * time.Hour

// valuesWindow is how far back names and values are looked for.
const valuesWindow = time.Hour

func newTempo(a api, now func() time.Time) *tempo {
	t := &tempo{api: a, now: now}
	t.bound.Store(int64(tempoBound))
	return t
}

func (t *tempo) About() string { return "Tempo" }

func (t *tempo) Dialect() ask.Dialect { return ask.TraceQL }

// setWindow sets a window in whole seconds that is no narrower than w: the end is exclusive.
func setWindow(params url.Values, w Window) {
	from := w.From.Unix()
	to := w.To.Add(time.Second - 1).Unix()
	params.Set("start", strconv.FormatInt(from, 10))
	params.Set("end", strconv.FormatInt(max(to, from+1), 10))
}

// Find asks for rows. A window longer than the server's bound is asked for in pieces, the newest first, until there are
// as many rows as may come.
//
//	From      |<- bound ->|<- bound ->|  To
//	|---------|-----------|-----------|
//	    third      second       first
func (t *tempo) Find(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	var p page
	have := map[trace.TraceID]bool{} // a trace may lie in two pieces
	for piece := w; ; {
		if bound := time.Duration(t.bound.Load()); w.From.Before(piece.To.Add(-bound)) {
			// Less than the bound, as both ends are rounded to seconds.
			piece.From = piece.To.Add(2*time.Second - bound)
		} else {
			piece.From = w.From
		}
		got, err := t.search(ctx, part, piece, limit)
		if errors.Is(err, errBound) {
			continue
		}
		if err != nil {
			return p, err
		}
		for _, r := range got.rows {
			if !have[r.ID] {
				have[r.ID] = true
				p.add(r)
			}
		}
		if p.partial == "" {
			p.partial = got.partial
		}
		if len(p.rows) >= limit || !piece.From.After(w.From) {
			return p, nil
		}
		piece.To = piece.From
	}
}

// errBound is a window longer than the server's bound, which is known from then on.
var errBound = errors.New("the window is too long")

// tooLong is how Tempo says that a window is too long.
var tooLong = regexp.MustCompile(`range specified by start and end exceeds ((?:[0-9.]+[a-zµ]+)+)`)

// search asks for the rows of a window, the newest first where the server can.
func (t *tempo) search(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	q := part.TraceQL
	if q == "" {
		q = "{ }"
	}
	params := url.Values{"limit": {strconv.Itoa(limit)}, "spss": {"1"}}
	setWindow(params, w)
	ordered := !t.unordered.Load()
	params.Set("q", q)
	if ordered {
		params.Set("q", q+" with (most_recent=true)")
	}
	r, err := t.request(ctx, "/api/search", params)
	if err != nil {
		return page{}, err
	}
	if ordered && r.status == http.StatusBadRequest && strings.Contains(t.message(r), "invalid TraceQL query") {
		params.Set("q", q)
		if r, err = t.request(ctx, "/api/search", params); err != nil {
			return page{}, err
		}
		if r.status == http.StatusOK {
			t.unordered.Store(true)
			t.learnt("most_recent is refused: answers are in no order")
		}
	}
	if r.status == http.StatusOK {
		return t.rows(r, limit)
	}
	if m := tooLong.FindStringSubmatch(t.message(r)); m != nil {
		if bound, err := time.ParseDuration(m[1]); err == nil && bound > 2*time.Second && w.To.Sub(w.From) > bound-2*time.Second {
			t.bound.Store(int64(bound))
			return page{}, errBound
		}
	}
	return page{}, t.unexpected(r)
}

// rows reads the answer to a search.
func (t *tempo) rows(r *reply, limit int) (page, error) {
	var said struct {
		Traces []struct {
			TraceID, RootServiceName, RootTraceName string
			StartTimeUnixNano                       int64 `json:",string"`
			DurationMs                              int64
			ServiceStats                            map[string]struct{ SpanCount, ErrorCount int }
		}
		Metrics struct{ CompletedJobs, TotalJobs int }
	}
	if !r.decode(&said) {
		return page{}, t.notJSON(r)
	}
	var p page
	for _, s := range said.Traces {
		from := time.Unix(0, s.StartTimeUnixNano)
		one := Row{
			ID: trace.ParseTraceID(s.TraceID), Service: s.RootServiceName, Name: s.RootTraceName,
			Window: Window{from, from.Add(time.Duration(s.DurationMs+1) * time.Millisecond)}, // whole milliseconds
			Took:   time.Duration(s.DurationMs) * time.Millisecond, Services: len(s.ServiceStats),
		}
		for _, of := range s.ServiceStats {
			one.Spans += of.SpanCount
			one.Errors += of.ErrorCount
		}
		p.add(one)
	}
	if done := said.Metrics; len(p.rows) < limit && done.CompletedJobs < done.TotalJobs {
		p.partial = fmt.Sprintf("the server finished %d of %d jobs", done.CompletedJobs, done.TotalJobs)
	}
	return p, nil
}

// Trace asks by api v2, and by the older path where there is no such. A trace that is not there is an empty one in v2, and in
// protobuf a document without spans.
func (t *tempo) Trace(ctx context.Context, id trace.TraceID, w Window) (document, error) {
	params := url.Values{}
	if w.timed() {
		setWindow(params, w.around())
	}
	if !t.old.Load() {
		r, err := t.spans(ctx, id, params)
		switch {
		case err != nil:
			return document{}, err
		case r.status == http.StatusOK && r.binary():
			return t.document(r), nil
		case r.status == http.StatusOK && !r.holds("trace", "resourceSpans") && r.cut == "":
			if !r.has("trace") {
				return document{}, t.notJSON(r)
			}
			return document{}, ErrNoTrace
		case r.status == http.StatusOK:
			return t.document(r), nil
		case r.status != http.StatusNotFound:
			return document{}, t.unexpected(r)
		}
	}
	r, err := t.request(ctx, "/api/traces/"+escaped(id), params)
	switch {
	case err != nil:
		return document{}, err
	case r.status == http.StatusNotFound:
		return document{}, ErrNoTrace
	case r.status != http.StatusOK:
		return document{}, t.unexpected(r)
	}
	t.old.Store(true)
	return t.document(r), nil
}

// spans asks for a trace by api v2 in protobuf, which takes a third of the bytes of JSON. It is asked for alone, as Tempo was
// seen to answer; a server that does not know it answers with JSON, and one that refuses it is asked for that.
func (t *tempo) spans(ctx context.Context, id trace.TraceID, params url.Values) (*reply, error) {
	path := "/api/v2/traces/" + escaped(id)
	if t.json.Load() {
		return t.request(ctx, path, params)
	}
	r, err := t.requestAs(ctx, protobuf, path, params)
	if err == nil && (r.status == http.StatusNotAcceptable || r.status == http.StatusUnsupportedMediaType) {
		t.json.Store(true)
		t.learnt("protobuf is refused: traces are read in JSON")
		return t.request(ctx, path, params)
	}
	return r, err
}

func (t *tempo) Services(ctx context.Context) ([]string, error) {
	return t.values(ctx, "service", "")
}

func (t *tempo) Operations(ctx context.Context, service string) ([]string, error) {
	return t.values(ctx, "name", "{ resource.service.name = "+strconv.Quote(service)+" }")
}

// intrinsics are the keys that TraceQL names without a scope, by the names that the query language has for them.
var intrinsics = map[string]string{
	"service": "resource.service.name", "name": "name", "status": "status", "kind": "kind",
	"root.service": "rootServiceName", "root.name": "rootName",
}

// scopes are those of TraceQL.
var scopes = []string{"span.", "resource.", "event.", "link."}

// tagOf is a key of the query language in TraceQL.
func tagOf(key string) string {
	if tag := intrinsics[key]; tag != "" {
		return tag
	}
	if rest, ok := strings.CutPrefix(key, "scope."); ok {
		return "instrumentation." + rest
	}
	if slices.ContainsFunc(scopes, func(scope string) bool { return strings.HasPrefix(key, scope) }) {
		return key
	}
	return "." + key
}

// prefixes are how the query language writes the keys of TraceQL's scopes: those of spans and resources stand alone. Of the
// intrinsics it has its own names.
var prefixes = map[string]string{"span": "", "resource": "", "event": "event.", "link": "link.", "instrumentation": "scope."}

// lately are the parameters of the last hour.
func (t *tempo) lately() url.Values {
	params, to := url.Values{}, t.now()
	setWindow(params, Window{to.Add(-valuesWindow), to})
	return params
}

// keys lists the keys of attributes in the last hour, as the query language writes them.
func (t *tempo) keys(ctx context.Context) ([]string, error) {
	r, err := t.expect(ctx, "/api/v2/search/tags", t.lately())
	if err != nil {
		return nil, err
	}
	var said struct {
		Scopes []struct {
			Name string
			Tags []string
		}
	}
	if !r.decode(&said) {
		return nil, t.notJSON(r)
	}
	var keys []string
	for _, scope := range said.Scopes {
		if prefix, ok := prefixes[scope.Name]; ok {
			for _, tag := range scope.Tags {
				keys = append(keys, prefix+tag)
			}
		}
	}
	return keys, nil
}

// values lists the values of a key in the last hour, of spans that a TraceQL query selects, "" for all.
func (t *tempo) values(ctx context.Context, key, narrowing string) ([]string, error) {
	params := t.lately()
	setIf(params, "q", narrowing)
	r, err := t.expect(ctx, "/api/v2/search/tag/"+url.PathEscape(tagOf(key))+"/values", params)
	if err != nil {
		return nil, err
	}
	var said struct{ TagValues []struct{ Value string } }
	if !r.decode(&said) {
		return nil, t.notJSON(r)
	}
	var values []string
	for _, v := range said.TagValues {
		if v.Value != "" { // it is left out where it is empty
			values = append(values, v.Value)
		}
	}
	return values, nil
}
