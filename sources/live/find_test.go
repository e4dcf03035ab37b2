package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tracefall/sources"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// TestEveryTrace asks with each limit of a server for traces that lie close together.
func TestEveryTrace(t *testing.T) {
	for _, dialect := range []ask.Dialect{ask.Tags, ask.TraceQL} {
		for _, most := range []int{5, 20, 100, 147, 148, 149, 0} {
			s := &storedServer{dialect: dialect, traces: spread(148), most: most, order: newestFirstOrder}
			feed, a := ask1(t, s, Question{Window: oneHour})
			if feed.Traces() != 148 || !a.Whole() || len(a.Notices) > 0 {
				t.Errorf("limit %d: %d traces, %+v", most, feed.Traces(), a)
			}
			t.Logf("%v, limit %d: %d requests", dialect, most, len(s.requests))
		}
	}
}

// TestNothingIsLostInSilence asks servers of every sort about every sort of traces: all are read, or it is said where they
// may be missing.
func TestNothingIsLostInSilence(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := &storedServer{dialect: []ask.Dialect{ask.Tags, ask.TraceQL}[r.IntN(2)], most: []int{0, 1, 2, 3, 5, 20, 300}[r.IntN(7)]}
		spans := []time.Duration{time.Nanosecond, time.Millisecond, time.Second, time.Minute}[r.IntN(4)]
		for i := range r.IntN(120) {
			x := storedTrace{id: trace.TraceID{Hi: 2, Lo: uint64(i + 1)}, service: "shop", arrival: r.IntN(100)}
			at := noon.Add(time.Duration(r.Int64N(int64(time.Hour)/int64(spans))) * spans)
			if r.IntN(3) == 0 {
				at = noon.Add(time.Duration(r.IntN(4)) * time.Minute) // many at the same time
			}
			for range 1 + r.IntN(3) {
				x.starts = append(x.starts, at.Add(time.Duration(r.Int64N(int64(5*time.Minute)))*time.Duration(r.IntN(2))))
			}
			s.traces = append(s.traces, x)
		}
		s.order = []func(a, b storedTrace) int{
			newestFirstOrder, nil, func(a, b storedTrace) int { return cmp.Compare(b.arrival, a.arrival) },
			func(a, b storedTrace) int { return -newestFirstOrder(a, b) },
		}[r.IntN(4)]
		w := Window{noon.Add(time.Duration(r.Int64N(int64(time.Minute)))), noon.Add(time.Hour - time.Duration(r.Int64N(int64(time.Minute))))}
		feed := sources.NewFeed(sources.Options{Workers: 1})
		search := backendOf(s).Search(Question{Window: w})
		var a *Answer
		for part := 0; part < 500 && (a == nil || a.Complete.After(w.From)); part++ {
			var err error
			if a, err = search.More(context.Background(), r.IntN(30), feed, nil); err != nil {
				t.Fatal(err)
			}
			set := feed.Set()
			for _, x := range s.traces {
				if !s.started(x, w) || set.Find(x.id) != nil {
					continue
				}
				said := slices.ContainsFunc(a.Cut, func(cut Window) bool { return s.started(x, cut) }) ||
					s.started(x, Window{w.From, a.Complete})
				if !said {
					t.Fatalf("seed %d: trace %s of %v is missing, complete from %v, cut %v", seed, x.id, x.extent(), a.Complete, a.Cut)
				}
			}
		}
		if a.Complete.After(w.From) {
			t.Errorf("seed %d: no end after %d requests", seed, len(s.requests))
		}
		if s.most == 0 && len(a.Cut) > 0 {
			t.Errorf("seed %d: cut %v by a server without a bound", seed, a.Cut)
		}
	}
}

// TestStopsAndGoesOn asks for so many traces that match, and then for more: nothing is asked twice.
func TestStopsAndGoesOn(t *testing.T) {
	for _, dialect := range []ask.Dialect{ask.Tags, ask.TraceQL} {
		s := &storedServer{dialect: dialect, traces: spread(1000), order: newestFirstOrder}
		for i := range s.traces {
			s.traces[i].tags = map[string]string{"even": fmt.Sprint(i%2 == 0)}
		}
		feed := sources.NewFeed(sources.Options{Workers: 1})
		search := backendOf(s).Search(Question{Window: oneHour, Match: having("even", "true")})
		var last Progress
		before := 0
		for _, want := range []int{60, 120, 180} {
			a, err := search.More(context.Background(), 60, feed, func(p Progress) { last = p })
			if err != nil {
				t.Fatal(err)
			}
			set, here := feed.Set(), 0
			for i, x := range s.traces {
				if !x.starts[0].Before(a.Complete) {
					if set.Find(x.id) == nil {
						t.Fatalf("trace %d is missing, complete from %v", i, a.Complete)
					}
					if i%2 == 0 {
						here++
					}
				}
			}
			if here < want || here > want+60 || a.Whole() || !slices.Equal(kinds(a), []trace.NoticeKind{NoticeServerLimit}) {
				t.Errorf("%v: %d that match from %v on, want %d: %v", dialect, here, a.Complete, want, a.Notices)
			}
			if last.Down != a.Complete || last.Matching < here || last.Traces != set.Len() {
				t.Errorf("progress %+v, %d match", last, here)
			}
			if len(s.requests) == before {
				t.Error("nothing more was asked")
			}
			before = len(s.requests)
		}
	}
}

func TestTraceThatCannotBeWritten(t *testing.T) {
	s := &storedServer{traces: spread(300), order: newestFirstOrder}
	bad := s.traces[100].starts[0]
	s.fail = func(_ int, w Window) error {
		if !bad.Before(w.From) && bad.Before(w.To) {
			return errNumber
		}
		return nil
	}
	feed, a := ask1(t, s, Question{Window: oneHour})
	if feed.Traces() != 299 || len(a.Cut) != 1 || a.Cut[0].To.Sub(a.Cut[0].From) > time.Millisecond || bad.Before(a.Cut[0].From) || !slices.Equal(kinds(a), []trace.NoticeKind{NoticeCutSlice}) {
		t.Errorf("%d traces, cut %v, notices %v", feed.Traces(), a.Cut, a.Notices)
	}
}

func TestLargeAnswersAskForLess(t *testing.T) {
	s := &storedServer{traces: spread(250), order: newestFirstOrder, big: 1 << 20}
	feed, a := ask1(t, s, Question{Window: oneHour, Limit: 40})
	if !slices.Equal(s.limits[:3], []int{100, 50, 100}) || feed.Traces() < 40 || len(a.Cut) > 0 {
		t.Errorf("limits %v, %d traces, cut %v", s.limits, feed.Traces(), a.Cut)
	}
}

// TestTooNarrow asks a server for a term that it answers with less than all: the term stays here from then on.
func TestTooNarrow(t *testing.T) {
	for _, narrow := range []bool{true, false} {
		for dialect, text := range map[ask.Dialect]string{ask.Tags: "error=true", ask.TraceQL: "k=503"} {
			key, value, _ := strings.Cut(text, "=")
			s := &storedServer{dialect: dialect, traces: spread(40), order: newestFirstOrder, narrow: narrow}
			for i := range s.traces {
				s.traces[i].tags = map[string]string{key: "0"}
				if i%4 == 0 {
					s.traces[i].tags[key] = value
				}
			}
			b := backendOf(s)
			q := Question{Query: parsed(t, text), Window: oneHour, Match: having(key, value), Limit: 100}
			for turn := range 2 {
				feed := sources.NewFeed(sources.Options{Workers: 1})
				s.requests = nil
				a, err := b.Find(context.Background(), q, feed, nil)
				if err != nil {
					t.Fatal(err)
				}
				missing := 0
				for i, x := range s.traces {
					if i%4 == 0 && feed.Set().Find(x.id) == nil {
						missing++
					}
				}
				told := slices.ContainsFunc(a.Notices, func(n trace.Notice) bool {
					return n.Kind == NoticeAskedHere && n.Message == text+": this server leaves out traces that match; evaluated here"
				})
				if missing > 0 || told != (narrow && turn == 0) || narrow != slices.Contains(a.Here, text) {
					t.Errorf("narrow %v, turn %d: %d missing, here %v, notices %v", narrow, turn, missing, a.Here, a.Notices)
				}
				if turn == 1 && s.searches() != 1 {
					t.Errorf("narrow %v: asked %q again", narrow, s.requests)
				}
			}
			s.requests = nil
			b = backendOf(s)
			q.Exact = true
			if a, err := b.Find(context.Background(), q, sources.NewFeed(sources.Options{}), nil); err != nil || s.searches() != 1 || len(a.Approx) > 0 {
				t.Errorf("exact: %q, %v", s.requests, err)
			}
		}
	}
}

// TestTooNarrowWithinABound asks the same of a server that takes no limit of 50, which has to be learnt first.
func TestTooNarrowWithinABound(t *testing.T) {
	s := &storedServer{traces: spread(400), order: newestFirstOrder, narrow: true, most: 20}
	for i := range s.traces {
		s.traces[i].tags = map[string]string{"error": fmt.Sprint(i%2 == 0)}
	}
	s.fail = func(n int, _ Window) error { // that the check fails once is no end of it
		if n == 5 {
			return errors.New("503")
		}
		return nil
	}
	feed, a := ask1(t, s, Question{Query: parsed(t, "error=true"), Window: oneHour, Match: having("error", "true")})
	if feed.Traces() != 400 || !slices.Contains(kinds(a), NoticeAskedHere) {
		t.Errorf("%d traces, %v", feed.Traces(), a.Notices)
	}
}

// TestPartsAreUnited asks for one of two values, which are two requests by tags: a trace with both comes once.
func TestPartsAreUnited(t *testing.T) {
	s := &storedServer{traces: spread(300), order: newestFirstOrder, most: 20}
	for i := range s.traces {
		s.traces[i].tags = map[string]string{"k": []string{"a", "b", "c"}[i%3], "l": []string{"a", "b"}[i%2]}
	}
	feed, a := ask1(t, s, Question{Query: parsed(t, "k=a OR l=b"), Window: oneHour, Exact: true})
	set, both := feed.Set(), 0
	for i, x := range s.traces {
		if got, want := set.Find(x.id) != nil, i%3 == 0 || i%2 == 1; got != want {
			t.Errorf("trace %d: %v, want %v", i, got, want)
		}
		if i%3 == 0 && i%2 == 1 {
			both++
		}
	}
	if len(a.Asked) != 2 || both == 0 || !a.Whole() || len(set.Notices()) > 0 || set.SpanCount() != set.Len() {
		t.Errorf("asked %q, %v, %v", a.Asked, a.Cut, set.Notices())
	}
}

func TestServicesOneByOne(t *testing.T) {
	s := &storedServer{traces: spread(90), order: newestFirstOrder, within: true, services: []string{"shop-2", "shop-0", "shop-1"}}
	b := backendOf(s)
	for range 2 {
		feed := sources.NewFeed(sources.Options{Workers: 1})
		a, err := b.Find(context.Background(), Question{Window: oneHour}, feed, nil)
		if err != nil || feed.Traces() != 90 || !a.Whole() || len(a.Asked) != 3 {
			t.Errorf("%d traces, %+v, %v", feed.Traces(), a, err)
		}
	}
	if len(s.requests) != 1+3+3 || s.busiest > 2 {
		t.Errorf("%d requests, %d at a time: %q", len(s.requests), s.busiest, s.requests)
	}
	for i := range 60 {
		s.services = append(s.services, fmt.Sprintf("other-%02d", i))
	}
	_, err := b.Find(context.Background(), Question{Window: oneHour}, sources.NewFeed(sources.Options{}), nil)
	if err == nil || !strings.HasPrefix(err.Error(), "prod: this server searches within one service, and has 63: add service= to the query (other-00, other-01,") {
		t.Errorf("%v", err)
	}
}

// TestRefusals asks what a server refuses in other ways, each time weaker, and remembers it.
func TestRefusals(t *testing.T) {
	tag := map[string]string{"k": "v"}
	for _, test := range []struct {
		name   string
		refuse func(ask.Part) error
		turns  int // requests until one is answered
		fails  bool
	}{
		{"a filter, as filters are disabled", func(p ask.Part) error {
			if len(p.Filter) > 0 {
				return &refusedError{kind: refusedFilter, what: "disabled"}
			}
			return nil
		}, 2, false},
		{"everything but the window", func(p ask.Part) error {
			if len(p.Filter) > 0 || len(p.Tags) > 0 {
				return &refusedError{kind: refusedSyntax, what: "malformed"}
			}
			return nil
		}, 3, false},
		{"each filter by a name that is not in it", func(p ask.Part) error {
			if len(p.Filter) > 0 {
				return &refusedError{kind: refusedTerm, what: "something else", names: []string{"nonsense"}}
			}
			return nil
		}, mostWeaker + 2, false},
		{"everything", func(ask.Part) error { return &refusedError{kind: refusedSyntax, what: "no"} }, 3, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &storedServer{dialect: ask.Filter, traces: spread(10), refuse: test.refuse}
			for i := range s.traces {
				s.traces[i].tags = tag
			}
			b := backendOf(s)
			q := Question{Query: parsed(t, "k=v"), Window: oneHour, Match: having("k", "v"), Exact: true}
			feed := sources.NewFeed(sources.Options{})
			a, err := b.Find(context.Background(), q, feed, nil)
			if (err != nil) != test.fails || len(s.requests) != test.turns || err == nil && feed.Traces() != 10 {
				t.Fatalf("%d requests %q, %v", len(s.requests), s.requests, err)
			}
			if got := kinds(a); len(got) != test.turns-1 || len(got) > 0 && got[0] != NoticeRefused {
				t.Errorf("notices %v", a.Notices)
			}
			if !test.fails {
				s.requests = nil
				if _, err := b.Find(context.Background(), q, feed, nil); err != nil || len(s.requests) != 1 {
					t.Errorf("not remembered: %q, %v", s.requests, err)
				}
			}
		})
	}
}

func TestFailureKeepsWhatCame(t *testing.T) {
	down := errors.New("prod: 503 after 3 tries")
	s := &storedServer{traces: spread(1000), order: newestFirstOrder}
	s.fail = func(n int, _ Window) error {
		if n == 4 {
			return down
		}
		return nil
	}
	feed := sources.NewFeed(sources.Options{})
	search := backendOf(s).Search(Question{Window: oneHour})
	a, err := search.More(context.Background(), 0, feed, nil)
	if !errors.Is(err, down) || a == nil || feed.Traces() < 100 || a.Requests != 0 && a.Whole() {
		t.Fatalf("%d traces, %+v, %v", feed.Traces(), a, err)
	}
	want := fmt.Sprintf("prod: 503 after 3 tries; %d traces down to %s are kept", feed.Traces(), clock(a.Complete))
	if err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if a, err = search.More(context.Background(), 0, feed, nil); err != nil || !a.Whole() || feed.Traces() != 1000 {
		t.Errorf("gone on: %d traces, %v", feed.Traces(), err)
	}
}

func TestCanceled(t *testing.T) {
	s := &storedServer{traces: spread(1000), order: newestFirstOrder}
	ctx, cancel := context.WithCancel(context.Background())
	feed := sources.NewFeed(sources.Options{})
	a, err := backendOf(s).Find(ctx, Question{Window: oneHour}, feed, func(p Progress) {
		if p.Traces >= 200 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || err.Error() != "context canceled" || a == nil || a.Whole() || feed.Traces() < 200 || feed.Traces() == 1000 {
		t.Errorf("%d traces, %+v, %v", feed.Traces(), a, err)
	}
}

func TestNamedTrace(t *testing.T) {
	s := &storedServer{traces: spread(10)}
	for id, want := range map[trace.TraceID]int{s.traces[3].id: 1, {Hi: 9, Lo: 9}: 0} {
		s.requests = nil
		feed, a := ask1(t, s, Question{Query: parsed(t, "trace.id="+id.String()), Window: oneHour})
		if feed.Traces() != want || !slices.Equal(s.requests, []string{"trace " + id.String()}) || !a.Whole() {
			t.Errorf("%d traces, %q, %+v", feed.Traces(), s.requests, a)
		}
	}
}

func TestTracesThatMayGrow(t *testing.T) {
	s := &storedServer{traces: spread(3)}
	s.traces[2].starts[0] = noon.Add(24*time.Hour - 30*time.Second)
	_, a := ask1(t, s, Question{Window: Window{noon, noon.Add(24 * time.Hour)}})
	if len(a.Notices) != 1 || a.Notices[0].Kind != NoticeMayGrow || a.Notices[0].Count != 1 {
		t.Errorf("%v", a.Notices)
	}
}
