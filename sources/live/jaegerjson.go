package live

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"tracefall/sources/jsonscan"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// older is a server with the JSON API that Jaeger's interface was built on: Jaeger 1, VictoriaTraces and others. A search
// needs a service. One attribute that is NaN or infinite fails the whole answer.
type older struct {
	api
	victoria bool
	listed   atomic.Bool // operations are listed below /api/services only
}

func newOlder(a api, victoria bool) *older { return &older{api: a, victoria: victoria} }

func (o *older) About() string {
	if o.victoria {
		return "VictoriaTraces (Jaeger's JSON API)"
	}
	return "Jaeger 1 or compatible (JSON API)"
}

func (o *older) Dialect() ask.Dialect { return ask.Tags }

func (o *older) Options() ask.Options { return ask.Options{Dialect: ask.Tags, Victoria: o.victoria} }

// search asks for whole traces. The reply is nil where there are none.
func (o *older) search(ctx context.Context, part ask.Part, w Window, limit int) (*reply, error) {
	if part.Service == "" {
		return nil, errService
	}
	params := url.Values{
		"service": {part.Service}, "limit": {strconv.Itoa(limit)}, "raw": {"true"},
		"start": {strconv.FormatInt(w.From.UnixMicro(), 10)},
		"end":   {strconv.FormatInt(w.To.Add(time.Microsecond-1).UnixMicro(), 10)},
	}
	setIf(params, "operation", part.Operation)
	setDuration(params, "minDuration", part.DurationMin.Truncate(time.Microsecond)) // which is how these are stored
	if part.DurationMax > 0 {
		setDuration(params, "maxDuration", (part.DurationMax + time.Microsecond - 1).Truncate(time.Microsecond))
	}
	if len(part.Tags) > 0 {
		params.Set("tags", tagsJSON(part.Tags))
	}
	return o.traces(ctx, "/api/traces", params)
}

// traces asks for traces. The reply is nil where there are none.
func (o *older) traces(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := o.request(ctx, path, params)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusNotFound && r.has("errors"):
		return nil, nil
	case r.status != http.StatusOK:
		return nil, o.unexpected(r)
	case r.holds("data"):
		return r, nil
	case r.holds("errors"):
		return nil, o.said(r)
	case !r.has("data"), r.cut != "":
		return nil, o.notJSON(r)
	}
	return nil, nil
}

func (o *older) Find(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	r, err := o.search(ctx, part, w, limit)
	if r == nil || err != nil {
		return page{}, err
	}
	return o.page(r), nil
}

// found is a trace in an answer, as far as a row tells of it.
type found struct {
	TraceID string
	Spans   []struct {
		OperationName, ProcessID string
		References               []struct{}
		StartTime, Duration      int64 // µs
	}
	Processes map[string]struct{ ServiceName string }
}

// rows asks as Find does, and takes no more of the answer than which traces there are: of one that is cut, those that came
// whole.
func (o *older) rows(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	var p page
	r, err := o.search(ctx, part, w, limit)
	if r == nil || err != nil {
		return p, err
	}
	p.partial = r.cut
	scan := jsonscan.Scanner{Data: r.body}
	scan.Object()
	seek(&scan, "data")
	for scan.Array(); scan.Element(); {
		var t found
		text := scan.Raw()
		if scan.Err == nil && json.Unmarshal(text, &t) != nil {
			return p, o.notJSON(r)
		}
		if scan.Err == nil {
			p.add(t.row())
		}
	}
	if scan.Err != nil && r.cut == "" {
		return p, o.notJSON(r)
	}
	return p, nil
}

func (t *found) row() Row {
	r := Row{ID: trace.ParseTraceID(t.TraceID), Spans: len(t.Spans)}
	for i, s := range t.Spans {
		from, to := time.UnixMicro(s.StartTime), time.UnixMicro(s.StartTime+s.Duration+1)
		if i == 0 || from.Before(r.Window.From) {
			r.Window.From = from
		}
		if to.After(r.Window.To) {
			r.Window.To = to
		}
		if len(s.References) == 0 && r.Name == "" {
			r.Service, r.Name = t.Processes[s.ProcessID].ServiceName, s.OperationName
		}
	}
	return r
}

func (o *older) Trace(ctx context.Context, id trace.TraceID, _ Window) (document, error) {
	r, err := o.traces(ctx, "/api/traces/"+escaped(id), url.Values{"raw": {"true"}})
	switch {
	case err != nil:
		return document{}, err
	case r == nil:
		return document{}, ErrNoTrace
	}
	return o.document(r), nil
}

func (o *older) Services(ctx context.Context) ([]string, error) { return o.list(ctx, "/api/services") }

// Operations asks by the path that Jaeger has had for long, and by the older one, which VictoriaTraces has, where that is
// refused.
func (o *older) Operations(ctx context.Context, service string) ([]string, error) {
	if !o.victoria && !o.listed.Load() {
		r, err := o.request(ctx, "/api/operations", url.Values{"service": {service}})
		if err != nil {
			return nil, err
		}
		var said struct{ Data []operation }
		if r.status == http.StatusOK && r.decode(&said) {
			return names(said.Data), nil
		}
		if r.status != http.StatusBadRequest && r.status != http.StatusNotFound {
			return nil, o.unexpected(r)
		}
	}
	list, err := o.list(ctx, "/api/services/"+url.PathEscape(service)+"/operations")
	if err == nil {
		o.listed.Store(true)
	}
	return list, err
}

// list asks for names.
func (o *older) list(ctx context.Context, path string) ([]string, error) {
	r, err := o.expect(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	var said struct{ Data []string }
	if !r.decode(&said) {
		return nil, o.notJSON(r)
	}
	return said.Data, nil
}
