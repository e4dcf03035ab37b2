package statistics

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// answer gives the panel what it asked for.
func answer(t testing.TB, a views.Action) {
	t.Helper()
	ask, ok := a.(views.Measure)
	if !ok {
		t.Fatalf("the panel asked for %#v", a)
	}
	ask.Count([]iter.Seq[facts.Portion]{slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(ask.Of[0].Trace)}})})()
}

// statsOf groups the spans of a trace.
func statsOf(tr *trace.Trace, by string) []facts.Stat {
	return GroupStats(slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(tr)}}), by)
}

// scopeOf is one trace as what statistics are about.
func scopeOf(tr *trace.Trace) views.Scope {
	return views.Scope{Set: tr.Set(), Trace: tr, Traces: 1}
}

// scopesOf is one trace as what a tab shows.
func scopesOf(tr *trace.Trace) []views.Scope { return []views.Scope{scopeOf(tr)} }

// keysOf lists the attributes of a trace.
func keysOf(tr *trace.Trace) []string {
	return facts.AttributeKeys(tr.Set(), slices.Values([]*trace.Trace{tr}))
}

// shownStatistics shows a trace, grouped.
func shownStatistics(t testing.TB, tr *trace.Trace, by string) *Statistics {
	t.Helper()
	s := New()
	s.GroupBy(by)
	answer(t, s.Show(scopesOf(tr)))
	s.setKeys(scopeOf(tr), keysOf(tr))
	viewstest.Frame(s, viewstest.Env(t), 120, 40)
	return s
}

func regionTrace(t testing.TB) *trace.Trace {
	return tracetest.One(t, `
api "GET /report" 0ms +500ms kind=server region=eu-1 http.route=/report
  store "SELECT rows" 10ms +100ms region=eu-1 db.system=mysql
  store "SELECT rows" 120ms +200ms region=us-2 db.system=mysql error="deadlock"
  api "render" 330ms +150ms
  api "login" 490ms +5ms password=hunter2secret
`)
}

func names(s *Statistics) string {
	var list []string
	for n := range s.stats {
		list = append(list, s.name(s.stats[n]))
	}
	return strings.Join(list, ", ")
}

func TestStatisticsGroupsAndNarrows(t *testing.T) {
	s := shownStatistics(t, regionTrace(t), GroupService)
	if got := names(s); got != "store, api" {
		t.Errorf("services are %s", got)
	}
	if s.critical != 500_000_000 || s.spans != 5 {
		t.Errorf("in all %d ns and %d spans", s.critical, s.spans)
	}
	if got := viewstest.Act(s, views.Enter); got != (views.Narrow{Field: "service", Value: "store"}) {
		t.Errorf("enter gave %#v", got)
	}
	answer(t, viewstest.Act(s, views.Right))
	viewstest.Do(s, views.Down)
	n, ok := viewstest.Act(s, views.Enter).(views.Narrow)
	if !ok || n.Field != "service" || n.Value != "api" || n.And == nil || *n.And != (views.Narrow{Field: "name", Value: "render"}) {
		t.Errorf("enter on an operation gave %#v", n)
	}
	answer(t, s.group(GroupEdge))
	if got := names(s); got != "api → store, (no call)" {
		t.Errorf("edges are %s", got)
	}
	if open, ok := viewstest.Act(s, views.Enter).(views.OpenTrace); !ok || open.Span < 0 {
		t.Errorf("enter on an edge gave %#v, want the longest call", open)
	}
	viewstest.Do(s, views.Search)
	viewstest.TypeText(s, "regi")
	answer(t, s.Type(viewstest.Press("enter")))
	if got := names(s); got != "us-2, eu-1, (without region)" {
		t.Errorf("regions are %s", got)
	}
	if got := viewstest.Act(s, views.Enter); got != (views.Narrow{Field: "region", Value: "us-2"}) {
		t.Errorf("enter on a region gave %#v", got)
	}
	viewstest.Do(s, views.Bottom)
	if viewstest.Why(s, views.Enter) == "" {
		t.Error("spans without the attribute can be asked for")
	}
}

func TestStatisticsMaskAndSayso(t *testing.T) {
	s := shownStatistics(t, regionTrace(t), "password")
	if got := names(s); strings.Contains(got, "hunter2") || !strings.Contains(got, "****") {
		t.Errorf("a password is shown: %s", got)
	}
	if reason := viewstest.Why(s, views.Enter); !strings.Contains(reason, "masked") {
		t.Errorf("a masked value can be asked for: %q", reason)
	}
}

func TestStatisticsSort(t *testing.T) {
	s := shownStatistics(t, regionTrace(t), GroupOperation)
	for s.Sort != statErrors {
		viewstest.Do(s, views.SortNext)
	}
	if s.stats[0].Errors != 1 {
		t.Errorf("by errors the first has %d", s.stats[0].Errors)
	}
	seen := []statColumn{s.Sort}
	viewstest.Do(s, views.Down)
	at := s.stats[s.Row].Key
	for viewstest.Do(s, views.SortNext); s.Sort != statErrors; viewstest.Do(s, views.SortNext) {
		seen = append(seen, s.Sort)
		if s.stats[s.Row].Key != at {
			t.Errorf("the cursor left %s", at)
		}
		for n := 1; n < len(s.stats); n++ {
			a, b := s.stats[n-1], s.stats[n]
			if s.Sort != statName && s.Sort.value(a) < s.Sort.value(b) || s.Sort == statName && a.Key > b.Key {
				t.Errorf("column %d is not sorted", s.Sort)
			}
		}
	}
	if len(seen) != int(statColumns) {
		t.Errorf("columns %v were sorted by, want all", seen)
	}
	first := s.stats[0].Key
	if viewstest.Do(s, views.SortFlip); s.stats[0].Key == first {
		t.Error("the order was not reversed")
	}
}

func TestStatisticsDropWhatNobodyWaitsFor(t *testing.T) {
	tr, other := regionTrace(t), viewstest.CheckoutTrace(t)
	s := New()
	s.Show(scopesOf(tr))
	s.setStats(scopeOf(other), GroupService, statsOf(other, GroupService))
	s.setStats(scopeOf(tr), GroupOperation, statsOf(tr, GroupOperation))
	if s.ready || viewstest.Why(s, views.Down) == "" {
		t.Error("the statistics of something else are shown")
	}
	if a := s.Show(scopesOf(tr)); a == nil {
		t.Error("what is still missing is not asked for again")
	}
	answer(t, s.Show(scopesOf(tr)))
	if a := s.Show(scopesOf(tr)); a != nil {
		t.Errorf("what is there is asked for again: %v", a)
	}
}

func TestAttributeKeysAreThoseOfTheTrace(t *testing.T) {
	keys := keysOf(regionTrace(t))
	for _, key := range []string{"region", "db.system", "http.route", "service.name"} {
		if !slices.Contains(keys, key) {
			t.Errorf("%s is missing in %v", key, keys)
		}
	}
	if slices.Contains(keys, "GET /report") {
		t.Errorf("%v are no keys", keys)
	}
}

// mixTrace has many operations, some of them with long names.
func mixTrace(t testing.TB) *trace.Trace {
	m := viewstest.NewMaker()
	root := m.Span(0, "edge-gateway", "POST /api/v2/checkout/{cart}/confirm", 0, 9_000_000, viewstest.Attr("http.route", "/api/v2/checkout/{cart}/confirm"))
	at := int64(10_000)
	for i := range int64(60) {
		service := fmt.Sprintf("service-%c", 'a'+rune(i%9))
		long := (i*7919%23 + 1) * 9_000
		h := m.Span(root, service, fmt.Sprintf("/company.platform.checkout.v1.Service%d/Confirm", i%9), at, long, viewstest.Attr("rpc.method", "Confirm"))
		m.Span(h, "postgres", "SELECT orders WHERE id=?", at+1000, long/2, viewstest.Attr("db.system", "postgresql"))
		at += long + 500
	}
	return m.Trace(t)
}

// many is a set of traces as what statistics are about, and their statistics.
func many(t testing.TB, query string, by string) *Statistics {
	set := tracetest.Set(t, `
trace 1
gateway "GET /cart" 0ms +80s kind=server zone=eu
  cart "GET /cart" 10ms +79s kind=server zone=eu
    redis "HGETALL" 20ms +78s zone=eu error="LOADING"
trace 2
gateway "GET /cart" 0ms +90ms kind=server zone=us
  cart "GET /cart" 10ms +70ms kind=server zone=us
    redis "HGETALL" 20ms +50ms zone=us
trace 3
gateway "GET /cart" 0ms +95ms kind=server
`)
	s := New()
	of := views.Scope{Set: set, Traces: set.Len(), Query: query}
	s.GroupBy(by)
	ask := s.Show([]views.Scope{of}).(views.Measure)
	var portions []facts.Portion
	for _, f := range factstest.Of(set) {
		portions = append(portions, facts.Portion{Facts: f})
	}
	ask.Count([]iter.Seq[facts.Portion]{slices.Values(portions)})()
	return s
}

func TestStatisticsOfMany(t *testing.T) {
	s := many(t, "", GroupTemplate)
	if open, ok := viewstest.Act(s, views.Enter).(views.OpenTrace); !ok || open.Trace != s.of.Set.Trace(0) || open.Span != 2 {
		t.Errorf("enter on a template gave %#v, want the longest span", open)
	}
	if got := viewstest.Why(s, views.HideOthers); got != "nothing is searched for" {
		t.Errorf("without a query matches can be counted: %q", got)
	}
	s = many(t, "zone=eu", "zone")
	if !slices.Contains(s.keys, "zone") {
		t.Errorf("the attributes are %v", s.keys)
	}
	if got := names(s); got != "eu, us, (without zone)" {
		t.Errorf("zones are %s", got)
	}
	before := s.of
	ask, ok := viewstest.Act(s, views.HideOthers).(views.Measure)
	if !ok || !ask.Of[0].Matching {
		t.Fatalf("counting only matches asked for %#v", ask)
	}
	s.setStats(before, "zone", []facts.Stat{{Key: "late"}})
	if s.ready {
		t.Error("statistics of all spans are shown as those of the matches")
	}
	if ask := s.Show([]views.Scope{before}); ask.(views.Measure).Of[0] != s.of || !s.of.Matching {
		t.Error("that only matches count was forgotten")
	}
	if s.Show([]views.Scope{{Set: before.Set, Traces: 3, Query: "zone=us"}}); s.of.Matching {
		t.Error("only matches of another query count unasked")
	}
}

func TestStatisticsMarkdown(t *testing.T) {
	const want = "**traces matching zone=eu** by service: 7 spans of 3 traces in 3 groups · critical path 1 m 20 s\n\n" +
		"| service | spans | errors | total | self | critical path | p50 | p95 | p99 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n" +
		"| redis | 2 | 1 | 1 m 18 s | 1 m 18 s | 1 m 18 s | 50 ms | 1 m 18 s | 1 m 18 s |\n"
	got := many(t, "zone=eu", GroupService).Markdown()
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 7 {
		t.Errorf("got:\n%s", got)
	}
	if got := New().Markdown(); got != "" {
		t.Errorf("without a trace %q", got)
	}
}

// TestColumnsOfDurations checks at every width that the points of a column stand one above the other.
func TestColumnsOfDurations(t *testing.T) {
	s, points := shownStatistics(t, mixTrace(t), GroupService), 0
	for w := 60; w <= 200; w++ {
		lines := strings.Split(viewstest.Plain(s, viewstest.Env(t), w, 20), "\n")
		for _, p := range s.Placed {
			if p.Column != statName && p.Column != statCount && p.Column != statErrors {
				points += viewstest.CheckPoints(t, lines[3:], p.X+p.W-1)
			}
		}
	}
	if points < 1000 {
		t.Errorf("only %d numbers were looked at", points)
	}
}

// TestEdgesAreToldApart checks at every width that no two calls look alike, and that both ends are named.
func TestEdgesAreToldApart(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "edge-gateway-of-the-company", "GET /", 0, 9_000_000)
	for i := range int64(9) {
		m.Span(root, fmt.Sprintf("checkout-service-%c", 'a'+rune(i)), "GET /", i*100, 90)
	}
	s := shownStatistics(t, m.Trace(t), GroupEdge)
	for w := 60; w <= 200; w++ {
		seen := map[string]bool{}
		for _, line := range strings.Split(viewstest.Plain(s, viewstest.Env(t), w, 30), "\n")[3:12] {
			name := strings.TrimSpace(string([]rune(line)[2:][:s.Placed[0].W]))
			from, to, ok := facts.Ends(name)
			if seen[name] || !ok || draw.Width(from) < 4 || draw.Width(to) < 4 {
				t.Errorf("%d cells: %q", w, name)
			}
			seen[name] = true
		}
	}
}

// TestLongNamesAreWholeBesideAShorterBar groups by a name of more cells than names get at first.
func TestLongNamesAreWholeBesideAShorterBar(t *testing.T) {
	m := viewstest.NewMaker()
	name := "GET /" + strings.Repeat("v1/", 20) + "items"
	m.Span(0, "gateway", name, 0, 9_000_000)
	s := shownStatistics(t, m.Trace(t), GroupOperation)
	for w, whole := range map[int]bool{200: true, 160: false} {
		if got := viewstest.Plain(s, viewstest.Env(t), w, 30); strings.Contains(got, name) != whole || !strings.Contains(got, "OF ") {
			t.Errorf("%d cells: the name is whole: %v, want %v beside its bar:\n%s", w, !whole, whole, got)
		}
	}
}

// TestServicesKeepTheirColours looks at the ends of calls, and at operations: a service is coloured, a host is not.
func TestServicesKeepTheirColours(t *testing.T) {
	tr := tracetest.One(t, `
gateway "GET /cart" 0ms +90ms kind=server
  gateway "GET /cart" 1ms +80ms kind=client
    cart "GET /cart" 2ms +70ms kind=server
      cart "GET" 3ms +5ms kind=client server.address=cache server.port=6379 db.system=redis
`)
	for by, want := range map[string][]string{GroupEdge: {"cart", "cache:6379"}, GroupOperation: {"cart", "GET"}} {
		s := shownStatistics(t, tr, by)
		env := viewstest.EnvOf(t, s.of)
		row := slices.IndexFunc(s.stats, func(stat *facts.Stat) bool { return strings.HasPrefix(s.name(stat), want[0]) })
		s.Row = (row + 1) % len(s.stats) // the selected row has colours of its own
		grid := viewstest.Frame(s, env, 120, 40)
		for text, ink := range map[string]draw.Ink{want[0]: env.Theme.Service("cart"), want[1]: env.Theme.Text} {
			if !slices.ContainsFunc(viewstest.Runs(grid), func(r viewstest.Run) bool {
				return r.Y == s.First+row && strings.HasPrefix(strings.TrimSpace(r.Text), text) && viewstest.HasInk(r, ink)
			}) {
				t.Errorf("by %s: %q has not its colour:\n%s", by, text, grid.Plain())
			}
		}
	}
}

func TestStatisticsFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Statistics
	}{
		{"service", func() *Statistics { return shownStatistics(t, viewstest.CheckoutTrace(t), GroupService) }},
		{"operation", func() *Statistics {
			s := shownStatistics(t, mixTrace(t), GroupOperation)
			viewstest.Do(s, views.Down, views.SortNext)
			return s
		}},
		{"edge", func() *Statistics { return shownStatistics(t, mixTrace(t), GroupEdge) }},
		{"attribute", func() *Statistics { return shownStatistics(t, mixTrace(t), "db.system") }},
		{"choosing", func() *Statistics {
			s := shownStatistics(t, mixTrace(t), GroupService)
			viewstest.Do(s, views.Search)
			viewstest.TypeText(s, "s")
			s.Type(viewstest.Press("down"))
			return s
		}},
		{"all", func() *Statistics { return many(t, "", GroupOperation) }},
		{"matching", func() *Statistics {
			s := many(t, "zone=eu error=true", GroupService)
			s.of.Matching = true
			return s
		}},
		{"counting", func() *Statistics {
			s := many(t, "", GroupService)
			s.Show([]views.Scope{{Set: s.of.Set, Traces: 60_000}})
			s.setCounted(s.of, 12_345)
			return s
		}},
		{"loading", func() *Statistics {
			s := New()
			s.Show(scopesOf(viewstest.CheckoutTrace(t)))
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.open()
			viewstest.CheckFrames(t, "statistics-"+test.name, s, viewstest.EnvOf(t, s.of))
		})
	}
}

func TestStatisticsDrawAtAnySize(t *testing.T) {
	tr := mixTrace(t)
	viewstest.CheckAnything(t, viewstest.Env(t), 9, 1500, func() views.Screen { return shownStatistics(t, tr, GroupService) }, func(screen views.Screen, rng *rand.Rand) {
		s := screen.(*Statistics)
		switch rng.IntN(6) {
		case 0:
			*s = *New()
			at := rng.IntN(3)
			s.Show([]views.Scope{scopeOf(tr), {}, {Set: tr.Set(), Traces: 1, Query: "a"}}[at : at+1])
		default:
			if s.of.Set != nil {
				s.setStats(s.of, s.by, statsOf(tr, s.by))
			}
		}
	})
}

func BenchmarkStatistics(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		f := slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(tr)}})
		for b.Loop() {
			GroupStats(f, GroupOperation)
		}
	})
}
