package servicemap

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/servicemap"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// answer gives the map what it asked for.
func answer(t testing.TB, a views.Action) {
	t.Helper()
	ask, ok := a.(views.Measure)
	if !ok {
		t.Fatalf("the map asked for %#v", a)
	}
	var parts []iter.Seq[facts.Portion]
	for _, scope := range ask.Of {
		parts = append(parts, func(yield func(facts.Portion) bool) {
			for _, f := range factstest.Of(scope.Set) {
				if (scope.Trace == nil || scope.Trace == f.Trace) && !yield(facts.Portion{Facts: f}) {
					return
				}
			}
		})
	}
	if action := ask.Count(parts)(); action != nil {
		t.Errorf("showing what was counted gave %#v", action)
	}
}

// scopesOf are sets as what a map is about.
func scopesOf(sets ...*trace.Set) []views.Scope {
	var of []views.Scope
	for _, set := range sets {
		of = append(of, views.Scope{Set: set, Traces: set.Len()})
	}
	return of
}

// shown shows the map of sets.
func shown(t testing.TB, sets ...*trace.Set) *ServiceMap {
	t.Helper()
	s := New()
	answer(t, s.Show(scopesOf(sets...)))
	viewstest.Frame(s, viewstest.Env(t), 120, 40)
	return s
}

const shop = `
trace 1
gateway "GET /cart" 0ms +100ms kind=server error=failed
  gateway "GET /cart" 5ms +90ms kind=client error=failed
    cart "GET /cart" 10ms +80ms kind=server error=failed
      cart "SELECT cart" 20ms +30ms kind=client db.system=postgresql db.namespace=carts error="deadlock detected"
      cart "GET k" 60ms +2ms kind=client db.system=redis server.address=cache server.port=6379
trace 2
gateway "GET /cart" 0ms +50ms kind=server
  gateway "GET /cart" 5ms +40ms kind=client
    cart "GET /cart" 10ms +30ms kind=server
      cart "SELECT cart" 20ms +10ms kind=client db.system=postgresql db.namespace=carts
  gateway "GET /orders" 46ms +2ms kind=client
    orders "GET /orders" 46ms +2ms kind=server
      orders "SELECT orders" 47ms +1ms kind=client db.system=postgresql db.namespace=carts
trace 3
gateway "GET /pay" 0ms +60ms kind=server
  gateway "POST /charge" 5ms +50ms kind=client server.address=api.stripe.com http.request.method=POST url.full=https://api.stripe.com/charge
  gateway "publish" 56ms +1ms kind=producer messaging.system=kafka messaging.destination.name=paid server.address=broker server.port=9092
`

// node is the number of a node by its name.
func node(t testing.TB, s *ServiceMap, name string) int {
	t.Helper()
	for i := range s.data.Nodes {
		if s.data.Nodes[i].Name == name {
			return i
		}
	}
	t.Fatalf("there is no node %s", name)
	return -1
}

func selectedName(s *ServiceMap) string { return s.selectedName() }

func TestCursorBeginsWhereFailuresBegan(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	if got := selectedName(s); got != "postgresql/carts" {
		t.Errorf("the cursor is on %s", got)
	}
	for _, step := range []struct {
		command views.Command
		want    string
	}{
		{views.Left, "orders"}, {views.Up, "cart"}, {views.Down, "orders"}, {views.Down, "broker:9092"}, {views.Bottom, "postgresql/carts"}, {views.Up, "cache:6379"},
		{views.Left, "cart"}, {views.Left, "gateway"}, {views.Left, "gateway"}, {views.Right, "orders"}, {views.PageDown, "api.stripe.com"},
		{views.Right, "postgresql/carts"}, {views.Right, "postgresql/carts"}, {views.Top, "gateway"},
		{views.NextError, "cart"}, {views.NextError, "postgresql/carts"}, {views.NextError, "gateway"},
		{views.PrevError, "postgresql/carts"}, {views.PrevError, "cart"}, {views.RootCause, "postgresql/carts"},
	} {
		viewstest.Do(s, step.command)
		if got := selectedName(s); got != step.want {
			t.Fatalf("%s goes to %s, want %s", step.command, got, step.want)
		}
	}
	fine := shown(t, tracetest.Set(t, "a \"GET /\" 0ms +5ms kind=server\n"))
	for _, c := range []views.Command{views.NextError, views.RootCause} {
		if viewstest.Why(fine, c) != "no call failed" {
			t.Errorf("without errors %s says %q", c, viewstest.Why(fine, c))
		}
	}
}

func TestEnter(t *testing.T) {
	set := tracetest.Set(t, shop)
	s := shown(t, set)
	slowest := views.OpenTrace{Trace: set.Trace(0), Span: 3}
	if got := viewstest.Act(s, views.Enter); got != slowest {
		t.Errorf("enter on a database gave %#v, want its slowest call", got)
	}
	viewstest.Do(s, views.Left, views.Up)
	if got := viewstest.Act(s, views.Enter); got != (views.Narrow{Field: "service", Value: "cart"}) {
		t.Errorf("enter on a service gave %#v", got)
	}
	if got := viewstest.Act(s, SlowestCall); got != (views.OpenTrace{Trace: set.Trace(0), Span: 2}) {
		t.Errorf("the slowest request of a service is %#v", got)
	}
	viewstest.Do(s, EdgeList, views.Down)
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: set.Trace(0), Span: 1}) {
		t.Errorf("enter on an edge gave %#v, want its slowest call", got)
	}
	in := New()
	answer(t, in.Show([]views.Scope{{Set: set, Trace: set.Trace(0), Traces: 1}}))
	viewstest.Frame(in, viewstest.Env(t), 120, 40)
	viewstest.Do(in, views.Left, views.Left, views.Right)
	if got := viewstest.Act(in, views.Enter); got != (views.OpenTrace{Trace: set.Trace(0), Span: 2}) {
		t.Errorf("enter in a trace gave %#v, want the slowest request", got)
	}
}

// TestEdges selects edges on the map: n goes through those of a node, arrows among them and to their ends.
func TestEdges(t *testing.T) {
	set := tracetest.Set(t, shop)
	s := shown(t, set)
	env := viewstest.Env(t)
	heavy := func(text string) int { return strings.Count(text, "━") + strings.Count(text, "┃") }
	ofBoxes := heavy(viewstest.Plain(s, env, 120, 40))
	for _, step := range []struct {
		command views.Command
		want    string
	}{
		{views.NextMatch, "cart → postgresql/carts"}, // the one that fails
		{views.Down, "orders → postgresql/carts"}, {views.Down, "orders → postgresql/carts"}, {views.Up, "cart → postgresql/carts"},
		{views.PrevMatch, "orders → postgresql/carts"}, {views.NextMatch, "cart → postgresql/carts"},
		{views.Left, "cart"}, {views.OtherPane, "gateway → cart"}, {views.Right, "cart"}, {views.OtherPane, "gateway → cart"},
		{views.Down, "cart → cache:6379"}, {views.Bottom, "cart → postgresql/carts"}, {views.Top, "gateway → cart"}, {views.OtherPane, "cart"},
		{views.NextMatch, "gateway → cart"}, {views.Back, "cart"}, {views.NextMatch, "gateway → cart"}, {views.NextError, "postgresql/carts"},
		{views.Left, "orders"}, {views.NextMatch, "gateway → orders"}, {views.NextMatch, "orders → postgresql/carts"},
		{EdgeList, "orders → postgresql/carts"}, {views.Top, "cart → postgresql/carts"}, {EdgeList, "cart → postgresql/carts"},
	} {
		viewstest.Do(s, step.command)
		if got := selectedName(s); got != step.want {
			t.Fatalf("%s goes to %s, want %s", step.command, got, step.want)
		}
		if text := viewstest.Plain(s, env, 120, 40); s.edge >= 0 && !s.listed() && heavy(text) <= ofBoxes {
			t.Errorf("%s is not seen without colours:\n%s", step.want, text)
		}
	}
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: set.Trace(0), Span: 3}) {
		t.Errorf("enter on an edge gave %#v, want its slowest call", got)
	}
	if left, _ := s.Status(env); left != "edge 3 of 3 of cart" {
		t.Errorf("the status is %q", left)
	}
	if got, want := s.line(), "cart → postgresql/carts: 2 calls, 0.67/trace, 1 error, p50 10 ms, p95 30 ms, p99 30 ms"; got != want {
		t.Errorf("the line is %q, want %q", got, want)
	}
	alone := shown(t, tracetest.Set(t, "a \"GET /\" 0ms +5ms kind=server\n"))
	if why := viewstest.Why(alone, views.NextMatch); why != "the node has no edges" {
		t.Errorf("of a node without edges: %q", why)
	}
	round := shown(t, tracetest.Set(t, cycle))
	viewstest.Do(round, views.Top)
	for selectedName(round) != "stock → stock" {
		if viewstest.Do(round, views.NextMatch); selectedName(round) == "web → orders" && round.cursor != node(t, round, "web") {
			t.Fatal("the edge from a node to itself is not met")
		}
		if selectedName(round) == "web → stock" {
			viewstest.Do(round, views.Right)
		}
	}
}

// TestEnterWhatOnlyMessagesName goes to a failure whose message names the node.
func TestEnterWhatOnlyMessagesName(t *testing.T) {
	s := shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz"))
	open, ok := viewstest.Act(s, views.Enter).(views.OpenTrace)
	if !ok || selectedName(s) != "redis:6379" || !strings.Contains(open.Trace.Span(open.Span).StatusMessage(), "redis:6379") {
		t.Errorf("enter on %s gave %#v", selectedName(s), open)
	}
}

func TestMarkdown(t *testing.T) {
	const want = "**service map**: calls/trace, p95 · 3 services + 4 dependencies · 7 edges · 3 traces\n\n" +
		"| edge | calls | rate | errors | error share | p50 | p95 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n" +
		"| cart → postgresql/carts | 2 | 0.67/trace | 1 | 50 % | 10.0 ms | 30.0 ms | 30.0 ms |\n"
	got := shown(t, tracetest.Set(t, shop)).Markdown()
	if !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 11 {
		t.Errorf("got:\n%s", got)
	}
	if got := New().Markdown(); got != "" {
		t.Errorf("of nothing %q", got)
	}
}

func TestSecretsAreNotAskedFor(t *testing.T) {
	set := tracetest.Set(t, "\"svc-password=hunter2secret\" \"GET /\" 0ms +5ms kind=server\n")
	s := shown(t, set)
	if text := viewstest.Plain(s, viewstest.Env(t), 120, 40); strings.Contains(text, "hunter2") {
		t.Errorf("a secret is shown:\n%s", text)
	}
	if got, ok := viewstest.Act(s, views.Enter).(views.OpenTrace); !ok {
		t.Errorf("enter asks for a secret: %#v", got)
	}
}

func TestMouse(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	env := viewstest.Env(t)
	at := func(name string) (x, y int) {
		i := s.plan.number[node(t, s, name)]
		for y, line := range strings.Split(viewstest.Plain(s, env, 120, 40), "\n") {
			if y > 0 && y < 35 && strings.Contains(line, name) {
				return s.left + s.plan.place.X[i] + 1, y
			}
		}
		t.Fatalf("%s is not on screen", name)
		return 0, 0
	}
	x, y := at("broker:9092")
	if action := s.Mouse(views.Mouse{X: x, Y: y}); action != nil || selectedName(s) != "broker:9092" {
		t.Errorf("a click selected %s and gave %#v", selectedName(s), action)
	}
	s.Mouse(views.Mouse{X: x - 5, Y: y - 1})
	if selectedName(s) != "broker:9092" {
		t.Error("a click on nothing selects another")
	}
	want := views.OpenTrace{Trace: s.of[0].Set.Trace(2), Span: 2}
	if action := s.Mouse(views.Mouse{X: x - 5, Y: y, Double: true}); selectedName(s) != "gateway → broker:9092" || action != want {
		t.Errorf("a double click on an edge selected %s and gave %#v", selectedName(s), action)
	}
	x, y = at("orders")
	if action := s.Mouse(views.Mouse{X: x, Y: y, Double: true}); action != (views.Narrow{Field: "service", Value: "orders"}) {
		t.Errorf("a double click gave %#v", action)
	}
	viewstest.Frame(s, env, 30, 12)
	viewstest.Do(s, views.Top)
	viewstest.Frame(s, env, 30, 12)
	x, y = s.x, s.y
	s.Mouse(views.Mouse{Wheel: 2, Shift: true})
	s.Mouse(views.Mouse{Wheel: 2})
	if s.x <= x || s.y <= y {
		t.Errorf("the wheel moved from %d,%d to %d,%d", x, y, s.x, s.y)
	}
	was := selectedName(s)
	for x := range 30 {
		for _, y := range []int{0, headLines + s.h, headLines + s.h + 1} {
			if s.Mouse(views.Mouse{X: x, Y: y}); selectedName(s) != was {
				t.Fatalf("a click at %d,%d beside the map selects %s", x, y, selectedName(s))
			}
		}
	}
	viewstest.Do(s, views.PanLeft, views.PanLeft, views.PanLeft)
	if s.x != 0 {
		t.Errorf("three times to the left the map is at column %d", s.x)
	}
}

// TestListAgreesWithStatistics compares the rows of the list with the groups of statistics by edge.
func TestListAgreesWithStatistics(t *testing.T) {
	set := viewstest.OpenDemo(t, "shared-dependency.jsonl.gz")
	var portions []facts.Portion
	for _, f := range factstest.Of(set) {
		portions = append(portions, facts.Portion{Facts: f})
	}
	s := shown(t, set)
	viewstest.Do(s, EdgeList)
	lines := strings.Split(viewstest.Plain(s, viewstest.Env(t), 160, 40), "\n")
	groups := 0
	for _, stat := range facts.Stats(slices.Values(portions), facts.ByEdge()) {
		if stat.Missing {
			continue
		}
		groups++
		want := []string{stat.Key, draw.Count(stat.Count), s.list.times.Text(stat.P50), s.list.times.Text(stat.P95), s.list.times.Text(stat.P99)}
		if stat.Errors > 0 {
			want = append(want, "✗ "+draw.Count(stat.Errors)+" ", draw.Percent(int64(stat.Errors), int64(stat.Count)))
		}
		if !slices.ContainsFunc(lines, func(line string) bool {
			return !slices.ContainsFunc(want, func(part string) bool { return !strings.Contains(line, part) })
		}) {
			t.Errorf("no row has %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if groups < 5 {
		t.Errorf("statistics have %d edges", groups)
	}
}

// TestCallsAreAtLeastTheirErrors: calls of which only messages of errors tell were made.
func TestCallsAreAtLeastTheirErrors(t *testing.T) {
	s := shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz"))
	if got := s.line(); got != "redis:6379: ≥ 58 calls, 58 errors" {
		t.Errorf("the node says %q", got)
	}
	viewstest.Do(s, EdgeList)
	shown := viewstest.Plain(s, viewstest.Env(t), 160, 40)
	if !regexp.MustCompile(`auth-service → redis:6379 +≥ 20 +✗ 20 `).MatchString(shown) || !strings.Contains(s.Markdown(), "| auth-service → redis:6379 | ≥ 20 |  | 20 |") {
		t.Errorf("the list is\n%s\n%s", shown, s.Markdown())
	}
	for i := range s.data.Edges {
		if c := &s.data.Edges[i].Calls; c.Least() < max(c.Errors, c.Count) || c.Least() == 0 {
			t.Errorf("edge %d had at least %d calls: %+v", i, c.Least(), c)
		}
	}
}

// TestSlowestCallIsNamed selects a call whose span is named by its method only.
func TestSlowestCallIsNamed(t *testing.T) {
	s := shown(t, tracetest.Set(t, `gateway "GET /" 0ms +90ms kind=server
  gateway "POST" 5ms +80ms kind=client http.request.method=POST url.full="http://cart:80/carts/add"
    cart "POST /carts" 6ms +70ms kind=server
`))
	viewstest.Do(s, EdgeList)
	if text := viewstest.Plain(s, viewstest.Env(t), 120, 40); !strings.Contains(text, "slowest call  gateway POST /carts/add") {
		t.Error(text)
	}
}

// TestRatesAreWhole gives the column of rates a short and a long one.
func TestRatesAreWhole(t *testing.T) {
	for _, one := range []struct {
		calls int
		over  float64
		want  string
	}{{1, 707, " < 0.01/trace "}, {1_234_567, 100, " 12,346/trace "}} {
		m := &servicemap.Map{Nodes: make([]servicemap.MapNode, 2), Edges: []servicemap.MapEdge{{To: 1}}}
		m.Rates[1] = servicemap.Rate{Unit: servicemap.PerTrace, Over: one.over}
		m.Nodes[0].Name, m.Nodes[1].Name, m.Edges[0].Count = "gateway", "cart", one.calls
		l := newList()
		l.set(m)
		grid := draw.NewGrid(100, 5)
		l.draw(grid.All(), 0, m, viewstest.Env(t))
		if text := grid.Plain(); !strings.Contains(text, one.want) {
			t.Errorf("no %q in\n%s", one.want, text)
		}
	}
}

func TestStaleAnswersAreDropped(t *testing.T) {
	one, other := tracetest.Set(t, shop), tracetest.Set(t, "a \"GET /\" 0ms +5ms kind=server\n")
	s := New()
	late := s.Show(scopesOf(one))
	answer(t, s.Show(scopesOf(other)))
	answer(t, late)
	if selectedName(s) != "a" {
		t.Errorf("a late answer shows %s", selectedName(s))
	}
	if action := s.Show(scopesOf(other)); action != nil {
		t.Errorf("what is there is asked for again: %#v", action)
	}
	if why := s.WhyNot([]views.Scope{{}}); why != "no trace is open" {
		t.Errorf("without a set: %q", why)
	}
	if s.Show([]views.Scope{{}}) != nil || viewstest.Why(s, views.Down) != "no trace is open" {
		t.Error("nothing is shown, and not said")
	}
}

func TestOnlyMatches(t *testing.T) {
	set := tracetest.Set(t, shop)
	s := New()
	of := []views.Scope{{Set: set, Traces: set.Len(), Query: "error=true"}}
	answer(t, s.Show(of))
	ask, ok := viewstest.Act(s, views.HideOthers).(views.Measure)
	if !ok || !ask.Of[0].Matching {
		t.Fatalf("counting only matches asked for %#v", ask)
	}
	if again := s.Show(of).(views.Measure); !again.Of[0].Matching {
		t.Error("that only matches count was forgotten")
	}
	of[0].Query = "error=false"
	if again := s.Show(of).(views.Measure); again.Of[0].Matching {
		t.Error("only matches of another query count unasked")
	}
}
