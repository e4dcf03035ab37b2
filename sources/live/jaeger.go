package live

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// jaeger is a server with api_v3. Raw traces are asked for always: adjusted ones have their attributes sorted and their
// clocks moved, and with storage in memory a read that adjusts changes what later ones return.
type jaeger struct {
	api
	params   spelling
	about    string
	declared *ask.Capabilities // nil where it declares nothing
	older    *older            // its JSON API, for tags; nil where api_v3 takes them
}

// spelling is how the parameters of api_v3 are called: until 2.18 in snake case, and there the other is ignored in silence.
type spelling struct {
	service, operation, from, to, shortest, longest, limit, raw string // of a search
	traceFrom, traceTo, traceRaw                                string // of a trace
}

var (
	camelCase = spelling{
		"query.serviceName", "query.operationName", "query.startTimeMin", "query.startTimeMax",
		"query.durationMin", "query.durationMax", "query.searchDepth", "query.rawTraces", "startTime", "endTime", "rawTraces",
	}
	snakeCase = spelling{
		"query.service_name", "query.operation_name", "query.start_time_min", "query.start_time_max",
		"query.duration_min", "query.duration_max", "query.num_traces", "query.raw_traces", "start_time", "end_time", "raw_traces",
	}
)

func (j *jaeger) About() string { return j.about }

func (j *jaeger) Dialect() ask.Dialect { return j.Options().Dialect }

// Options says that filters are asked unless the server is known to have none: whether they are enabled is seen by asking.
func (j *jaeger) Options() ask.Options {
	if j.older != nil || j.declared != nil && len(j.declared.Operators) == 0 {
		return ask.Options{Dialect: ask.Tags, Declared: j.declared}
	}
	return ask.Options{Dialect: ask.Filter, Declared: j.declared}
}

// search returns the parameters of a search, without its limit.
func (j *jaeger) search(part ask.Part, w Window) (url.Values, error) {
	params := url.Values{j.params.raw: {"true"}}
	setTime(params, j.params.from, w.From)
	setTime(params, j.params.to, w.To)
	if len(part.Filter) > 0 { // it excludes the others
		params.Set("query.filter", string(part.Filter))
		return params, nil
	}
	if part.Service == "" && j.declared != nil && !j.declared.WithoutService {
		return nil, errService
	}
	setIf(params, j.params.service, part.Service)
	setIf(params, j.params.operation, part.Operation)
	setDuration(params, j.params.shortest, part.DurationMin)
	setDuration(params, j.params.longest, part.DurationMax)
	if len(part.Tags) > 0 {
		params.Set("query.attributes", tagsJSON(part.Tags))
	}
	return params, nil
}

// Find asks for whole traces. Tags that api_v3 would ignore are asked through the JSON API, which gives the ids: the traces
// are then read by api_v3, which keeps types, scopes and nanoseconds. Where a value of one of them has no JSON, the tags
// stay here.
func (j *jaeger) Find(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	if j.older != nil && len(part.Tags) > 0 {
		p, err := j.older.rows(ctx, part, w, limit)
		if !errors.Is(err, errNumber) {
			return p, err
		}
		part.Tags = nil
	}
	params, err := j.search(part, w)
	if err != nil {
		return page{}, err
	}
	params.Set(j.params.limit, strconv.Itoa(limit))
	r, err := j.find(ctx, "/api/v3/traces", params)
	if r == nil || err != nil {
		return page{}, err
	}
	return j.page(r), nil
}

// find asks a search. The reply is nil where nothing was found, which api_v3 says by 404.
func (j *jaeger) find(ctx context.Context, path string, params url.Values) (*reply, error) {
	r, err := j.request(ctx, path, params)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusNotFound && r.errorCode() == http.StatusNotFound:
		return nil, nil
	case r.status == http.StatusOK && r.empty():
		return nil, nil
	case r.status == http.StatusOK:
		return r, nil
	}
	return nil, j.unexpected(r)
}

// empty reports whether an answer has no spans and no summaries. Only a short one that came whole can have none.
func (r *reply) empty() bool {
	return r.cut == "" && (len(bytes.TrimSpace(r.body)) == 0 ||
		len(r.body) < 80 && r.has("result") && !r.holds("result", "resourceSpans") && !r.has("error"))
}

// errorCode is the status that an error of api_v3 repeats, 0 for anything else: the interface that answers paths which do not
// exist never says it in this shape, nor does a 404 for such a path.
func (r *reply) errorCode() int {
	var said struct {
		Error struct{ HTTPCode int }
	}
	if !r.decode(&said) {
		return 0
	}
	return said.Error.HTTPCode
}

// summary is a trace as trace-summaries tells of it. Counts of zero are left out.
type summary struct {
	TraceID              string
	RootServiceName      string
	RootOperationName    string
	MinStartTimeUnixNano int64 `json:",string"`
	MaxEndTimeUnixNano   int64 `json:",string"`
	SpanCount            int
	ErrorSpanCount       int
	Services             []any
}

// pageSize is how many summaries are asked for at a time where a search has pages.
const pageSize = 100

// Summarizes reports whether the server has trace-summaries: from 2.19 on.
func (j *jaeger) Summarizes() bool { return j.older == nil }

// Summaries asks for traces without their spans. Where a search has pages they are asked for one after the other, until
// there are no more or as many traces as may come.
func (j *jaeger) Summaries(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	var p page
	params, err := j.search(part, w)
	if err != nil {
		return p, err
	}
	params.Del(j.params.raw)
	paginated := j.declared != nil && j.declared.Paginated
	if paginated { // it excludes the limit
		params.Set("query.pagination.pageSize", strconv.Itoa(min(limit, pageSize)))
	} else {
		params.Set(j.params.limit, strconv.Itoa(limit))
	}
	for {
		r, err := j.find(ctx, "/api/v3/trace-summaries", params)
		if r == nil || err != nil {
			return p, err
		}
		var said struct {
			Summaries     []summary
			NextPageToken string
		}
		if !r.decode(&said) {
			return p, j.notJSON(r)
		}
		for _, s := range said.Summaries {
			p.add(Row{
				ID: trace.ParseTraceID(s.TraceID), Service: s.RootServiceName, Name: s.RootOperationName,
				Window: Window{time.Unix(0, s.MinStartTimeUnixNano), time.Unix(0, s.MaxEndTimeUnixNano)},
				Took:   time.Duration(s.MaxEndTimeUnixNano - s.MinStartTimeUnixNano),
				Spans:  s.SpanCount, Errors: s.ErrorSpanCount, Services: len(s.Services),
			})
		}
		switch p.all = paginated && said.NextPageToken == ""; {
		case p.all, !paginated, len(said.Summaries) == 0, len(p.rows) >= limit:
			return p, nil
		}
		params.Set("query.pagination.pageToken", said.NextPageToken)
	}
}

func (j *jaeger) Trace(ctx context.Context, id trace.TraceID, w Window) (document, error) {
	params := url.Values{j.params.traceRaw: {"true"}}
	if w.timed() {
		w = w.around()
		setTime(params, j.params.traceFrom, w.From)
		setTime(params, j.params.traceTo, w.To)
	}
	r, err := j.find(ctx, "/api/v3/traces/"+escaped(id), params)
	switch {
	case err != nil:
		return document{}, err
	case r == nil:
		return document{}, ErrNoTrace
	}
	return j.document(r), nil
}

func (j *jaeger) Services(ctx context.Context) ([]string, error) {
	r, err := j.expect(ctx, "/api/v3/services", nil)
	if err != nil {
		return nil, err
	}
	var said struct{ Services []string }
	if !r.decode(&said) {
		return nil, j.notJSON(r)
	}
	return said.Services, nil
}

func (j *jaeger) Operations(ctx context.Context, service string) ([]string, error) {
	r, err := j.expect(ctx, "/api/v3/operations", url.Values{"service": {service}})
	if err != nil {
		return nil, err
	}
	var said struct{ Operations []operation }
	if !r.decode(&said) {
		return nil, j.notJSON(r)
	}
	return names(said.Operations), nil
}
