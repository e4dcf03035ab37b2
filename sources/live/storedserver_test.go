package live

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// noon is when the traces of these tests begin.
var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// storedTrace is a trace of a storedServer: where its spans start, and what they have.
type storedTrace struct {
	id      trace.TraceID
	starts  []time.Time
	service string
	tags    map[string]string
	arrival int
}

// storedServer answers from memory, as badly as servers do.
type storedServer struct {
	dialect    ask.Dialect
	traces     []storedTrace
	order      func(a, b storedTrace) int
	most       int  // the highest limit that it takes; 0 for any
	narrow     bool // it finds nothing by tags
	refuse     func(part ask.Part) error
	fail       func(n int, w Window) error // the nth request
	services   []string
	within     bool // it wants a service
	big        int  // bytes of padding for each trace
	summarizes bool

	mu       sync.Mutex
	requests []string
	limits   []int
	busy     int // requests at this moment
	busiest  int
}

func (s *storedServer) About() string        { return "a server of a test" }
func (s *storedServer) Dialect() ask.Dialect { return s.dialect }

// ask counts a request, and returns what ends it.
func (s *storedServer) ask(text string) (n int, end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, text)
	s.busy++
	s.busiest = max(s.busiest, s.busy)
	return len(s.requests), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.busy--
	}
}

func (s *storedServer) Find(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	n, end := s.ask(part.String())
	defer end()
	if err := ctx.Err(); err != nil {
		return page{}, err
	}
	if s.fail != nil {
		if err := s.fail(n, w); err != nil {
			return page{}, err
		}
	}
	if s.refuse != nil {
		if err := s.refuse(part); err != nil {
			return page{}, err
		}
	}
	if s.within && part.Service == "" {
		return page{}, errService
	}
	if s.most > 0 && limit > s.most {
		return page{}, errDepth
	}
	s.mu.Lock()
	s.limits = append(s.limits, limit)
	s.mu.Unlock()
	var found []storedTrace
	for _, t := range s.traces {
		if s.selects(t, part) && s.started(t, w) {
			found = append(found, t)
		}
	}
	if s.order != nil {
		slices.SortStableFunc(found, s.order)
	}
	found = found[:min(len(found), limit)]
	var p page
	if s.dialect == ask.TraceQL {
		for _, t := range found {
			p.add(Row{ID: t.id, Window: t.extent(), Took: t.extent().To.Sub(t.extent().From)})
		}
		return p, nil
	}
	if len(found) > 0 {
		p.documents = []document{s.document(found...)}
	}
	return p, nil
}

func (s *storedServer) selects(t storedTrace, part ask.Part) bool {
	if part.Service != "" && part.Service != t.service {
		return false
	}
	if s.narrow && part.TraceQL != "" {
		return false
	}
	for key, value := range part.Tags {
		if s.narrow || t.tags[key] != value {
			return false
		}
	}
	return true
}

// started reports whether a trace is in a window: a span of it starts there, or for Tempo its extent overlaps, in seconds.
func (s *storedServer) started(t storedTrace, w Window) bool {
	if s.dialect == ask.TraceQL {
		from, to := w.From.Truncate(time.Second), w.To.Add(time.Second-1).Truncate(time.Second)
		e := t.extent()
		return e.From.Before(to) && !e.To.Before(from)
	}
	return slices.ContainsFunc(t.starts, func(at time.Time) bool { return !at.Before(w.From) && at.Before(w.To) })
}

func (t storedTrace) extent() Window {
	first, last := slices.MinFunc(t.starts, time.Time.Compare), slices.MaxFunc(t.starts, time.Time.Compare)
	return Window{first, last.Add(time.Millisecond)}
}

func (s *storedServer) document(traces ...storedTrace) document {
	var list []string
	for _, t := range traces {
		attrs := []string{}
		for _, key := range slices.Sorted(maps.Keys(t.tags)) {
			attrs = append(attrs, fmt.Sprintf(`{"key":%q,"value":{"stringValue":%q}}`, key, t.tags[key]))
		}
		var spans []string
		for i, at := range t.starts {
			spans = append(spans, fmt.Sprintf(`{"traceId":"%s","spanId":"%016x","name":"op","startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[%s]}`,
				t.id, i+1, at.UnixNano(), at.Add(time.Millisecond).UnixNano(), strings.Join(attrs, ",")))
		}
		list = append(list, fmt.Sprintf(`{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}}]},"scopeSpans":[{"spans":[%s]}]}`,
			t.service, strings.Join(spans, ",")))
	}
	return document{name: "prod", data: []byte(`{"result":{"resourceSpans":[` + strings.Join(list, ",") + `]}}` + strings.Repeat(" ", s.big*len(traces)))}
}

func (s *storedServer) Trace(ctx context.Context, id trace.TraceID, _ Window) (document, error) {
	_, end := s.ask("trace " + id.String())
	defer end()
	for _, t := range s.traces {
		if t.id == id {
			return s.document(t), ctx.Err()
		}
	}
	return document{}, ErrNoTrace
}

// searches counts the requests that were not about one trace.
func (s *storedServer) searches() (n int) {
	for _, text := range s.requests {
		if !strings.HasPrefix(text, "trace ") {
			n++
		}
	}
	return n
}

func (s *storedServer) Services(context.Context) ([]string, error) { return s.services, nil }

func (s *storedServer) Operations(context.Context, string) ([]string, error) { return nil, nil }

func backendOf(s server) *Backend {
	return &Backend{
		config: Config{Name: "prod", Parallel: 2}, opt: Options{Now: func() time.Time { return noon.Add(24 * time.Hour) }},
		detecting: make(chan struct{}, 1), found: s,
	}
}

// spread is n traces of one span each, at even distances within an hour.
func spread(n int) (traces []storedTrace) {
	for i := range n {
		traces = append(traces, storedTrace{
			id: trace.TraceID{Hi: 1, Lo: uint64(i + 1)}, service: fmt.Sprintf("shop-%d", i%3), arrival: (i * 7) % n,
			starts: []time.Time{noon.Add(time.Duration(i) * time.Hour / time.Duration(n))},
		})
	}
	return traces
}

var oneHour = Window{noon, noon.Add(time.Hour)}

func newestFirstOrder(a, b storedTrace) int { return b.extent().From.Compare(a.extent().From) }

func ask1(t *testing.T, s *storedServer, q Question) (*sources.Feed, *Answer) {
	t.Helper()
	feed := sources.NewFeed(sources.Options{Workers: 1})
	a, err := backendOf(s).Find(context.Background(), q, feed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return feed, a
}

// having matches traces of which a span has a tag.
func having(key, value string) func(context.Context, *trace.Set) (func(trace.TraceID) bool, error) {
	return func(_ context.Context, set *trace.Set) (func(trace.TraceID) bool, error) {
		return func(id trace.TraceID) bool {
			tr := set.Find(id)
			for i := tr.First(); i < tr.Len(); i++ {
				for k, v := range tr.Span(i).Attrs().All() {
					if k == key && v.String() == value {
						return true
					}
				}
			}
			return false
		}, nil
	}
}

func parsed(t *testing.T, text string) *query.Query {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func kinds(a *Answer) (list []trace.NoticeKind) {
	for _, n := range a.Notices {
		list = append(list, n.Kind)
	}
	return list
}
