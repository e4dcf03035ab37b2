package spans

import (
	"cmp"
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
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

// scopeOf is one trace as what the table is about.
func scopeOf(tr *trace.Trace) views.Scope { return views.Scope{Set: tr.Set(), Trace: tr, Traces: 1} }

// portionsOf are the facts of all traces of a set, all spans of them.
func portionsOf(set *trace.Set) iter.Seq[facts.Portion] {
	var list []facts.Portion
	for _, f := range factstest.Of(set) {
		list = append(list, facts.Portion{Facts: f})
	}
	return slices.Values(list)
}

// answer carries out what the table asked for, and what the answer asks for.
func answer(t testing.TB, s *Spans, a views.Action, of iter.Seq[facts.Portion]) {
	t.Helper()
	for a != nil {
		switch ask := a.(type) {
		case views.Query:
			a = s.SetMatches(ask.Text, matching(ask.Text), prompt.Notes{})
		case views.Measure:
			var portions []iter.Seq[facts.Portion]
			for range ask.Of {
				portions = append(portions, of)
			}
			a = ask.Count(portions)()
		default:
			t.Fatalf("the table asked for %#v", a)
		}
	}
}

// matching stands for the program, as far as free text goes: spans whose names or zone have all words.
func matching(query string) func(*trace.Trace) []int32 {
	if query == "" {
		return nil
	}
	return func(tr *trace.Trace) []int32 {
		var list []int32
		for i := range tr.Len() {
			span := tr.Span(i)
			text := span.Service() + " " + span.Name()
			if zone, ok := tr.Set().Symbol("zone"); ok {
				text += " " + span.Attrs().Find(zone).String()
			}
			if !slices.ContainsFunc(strings.Fields(query), func(word string) bool { return !strings.Contains(text, word) }) {
				list = append(list, int32(i))
			}
		}
		return list
	}
}

// shown shows all spans of a set.
func shown(t testing.TB, set *trace.Set) *Spans {
	t.Helper()
	s := New()
	answer(t, s, s.Show([]views.Scope{{Set: set, Traces: set.Len()}}), portionsOf(set))
	viewstest.Frame(s, viewstest.Env(t), 200, 40)
	return s
}

// addColumn chooses an attribute.
func addColumn(t testing.TB, s *Spans, key string) {
	t.Helper()
	viewstest.Do(s, views.Columns)
	viewstest.TypeText(s, key)
	answer(t, s, s.Type(viewstest.Press("enter")), nil)
}

// names lists the operations of the rows.
func names(s *Spans) string {
	var list []string
	for _, n := range s.rows {
		list = append(list, s.data.ops[s.data.op[n]].name)
	}
	return strings.Join(list, ", ")
}

const shop = `
trace 1
gateway "GET /cart" 0ms +100ms kind=server zone=eu http.response.status_code=200 status=ok
  cart "load" 10ms +70ms zone=us
    redis "HGETALL" 20ms +50ms error="connection timed out"
  gateway "log" 90ms +1ms token=hunter2secret
trace 2
gateway "GET /health" 0ms +2ms kind=server zone=eu http.response.status_code=1000
`

func TestSpansSort(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	for _, test := range []struct {
		by   column
		want string
	}{
		{columnDuration, "GET /cart, load, HGETALL, GET /health, log"},
		{columnSelf, "HGETALL, GET /cart, load, GET /health, log"},
		{columnStatus, "HGETALL, GET /cart, load, log, GET /health"},
		{columnService, "load, GET /cart, log, GET /health, HGETALL"},
		{columnOperation, "GET /cart, GET /health, HGETALL, load, log"},
		{columnStart, "GET /cart, GET /health, load, HGETALL, log"},
	} {
		for s.Sort != test.by {
			answer(t, s, viewstest.Act(s, views.SortNext), nil)
		}
		if got := names(s); got != test.want {
			t.Errorf("by column %d: %s, want %s", test.by, got, test.want)
		}
	}
	viewstest.Do(s, views.Bottom)
	at := s.rows[s.Row]
	answer(t, s, viewstest.Act(s, views.SortFlip), nil)
	if s.rows[s.Row] != at || s.Row != 0 {
		t.Errorf("the cursor went from its span to row %d", s.Row)
	}
}

func TestSpansAttributes(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	addColumn(t, s, "zone")
	addColumn(t, s, "status_code")
	if !slices.Equal(s.keys, []string{"zone", "http.response.status_code"}) || len(s.attrs) != 2 {
		t.Fatalf("columns %v", s.keys)
	}
	for _, test := range []struct {
		flip bool
		want string
	}{
		{false, "GET /cart, GET /health, load, HGETALL, log"},
		{true, "GET /health, GET /cart, load, HGETALL, log"}, // those without stay last
	} {
		s.Sort, s.Descending = columnAttribute+1, test.flip
		answer(t, s, s.arrange(), nil)
		if got := names(s); got != test.want {
			t.Errorf("by status code, %v: %s, want %s", test.flip, got, test.want)
		}
	}
	plain := viewstest.Plain(s, viewstest.Env(t), 200, 20)
	for _, want := range []string{"zone", "eu", "1000", "http.response.status_code"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%s is missing:\n%s", want, plain)
		}
	}
	addColumn(t, s, "zone")
	if !slices.Equal(s.keys, []string{"http.response.status_code"}) || s.Sort != columnAttribute {
		t.Errorf("columns %v, sorted by %d", s.keys, s.Sort)
	}
	addColumn(t, s, "status_code")
	if len(s.keys) != 0 || s.Sort != columnDuration {
		t.Errorf("columns %v, sorted by %d", s.keys, s.Sort)
	}
}

func TestSpansQuery(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	viewstest.Do(s, views.Search)
	for n, r := range "eu" {
		ask, ok := viewstest.TypeText(s, string(r)).(views.Query)
		if want := "eu"[:n+1]; !ok || ask.Text != want || ask.Done {
			t.Fatalf("typing %q asked for %#v", want, ask)
		}
		answer(t, s, ask, nil)
	}
	if got := names(s); got != "GET /cart, GET /health" || s.counts()[0] != "2 of 5 spans of 2 traces" {
		t.Errorf("with eu: %s, %s", got, s.counts()[0])
	}
	answer(t, s, viewstest.TypeText(s, " /cart"), nil)
	if got := names(s); got != "GET /cart" {
		t.Errorf("with two words: %s", got)
	}
	if ask := s.Type(viewstest.Press("enter")); ask != (views.Query{Text: "eu /cart", Done: true}) {
		t.Errorf("enter asks for %#v", ask)
	}
	if s.SetMatches("eu", matching("eu"), prompt.Notes{}); names(s) != "GET /cart" {
		t.Errorf("a late answer shows %s", names(s))
	}
	ask := viewstest.Act(s, views.Back)
	if ask != (views.Query{Done: true}) {
		t.Errorf("back asks for %#v", ask)
	}
	if answer(t, s, ask, nil); len(s.rows) != 5 {
		t.Errorf("%d rows without a query", len(s.rows))
	}
	viewstest.Do(s, views.Search)
	answer(t, s, viewstest.TypeText(s, "redis"), nil)
	if got := names(s); got != "HGETALL" {
		t.Errorf("with redis: %s", got)
	}
	answer(t, s, viewstest.TypeText(s, "!"), nil)
	if why := viewstest.Why(s, views.Enter); why != "no span matches" {
		t.Errorf("why not enter: %q", why)
	}
	answer(t, s, s.Type(viewstest.Press("esc")), nil)
	if _, ok := viewstest.Act(s, views.Back).(views.Leave); !ok || len(s.rows) != 5 {
		t.Error("esc does not drop the query")
	}
}

// TestSpansQueryOfOtherSpans: the query stays when the table shows other spans, and is asked again for them.
func TestSpansQueryOfOtherSpans(t *testing.T) {
	set := tracetest.Set(t, shop)
	s := shown(t, set)
	viewstest.Do(s, views.Search)
	answer(t, s, viewstest.TypeText(s, "eu"), nil)
	s.Type(viewstest.Press("enter"))
	one := set.Trace(1)
	ask := s.Show([]views.Scope{scopeOf(one)}).(views.Measure)
	again := ask.Count([]iter.Seq[facts.Portion]{slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(one)}})})()
	if again != (views.Query{Text: "eu"}) || s.whyEmpty() != "reading spans" {
		t.Errorf("of another trace it asks for %#v and says %q", again, s.whyEmpty())
	}
	if answer(t, s, again, nil); names(s) != "GET /health" {
		t.Errorf("of another trace it shows %s", names(s))
	}
}

// TestSpansHalfWord: what completes is offered, and a word that is not finished hides nothing.
func TestSpansHalfWord(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	viewstest.Do(s, views.Search)
	answer(t, s, viewstest.TypeText(s, "dur"), nil)
	if text := viewstest.Plain(s, viewstest.Env(t), 100, 20); !s.Popup.Open() || len(s.rows) != 5 || !strings.Contains(text, "duration") || !strings.Contains(text, "0 of 5 spans") {
		t.Errorf("half a word shows %s:\n%s", names(s), text)
	}
	answer(t, s, s.Type(viewstest.Press("esc")), nil) // closes the completion
	if text := viewstest.Plain(s, viewstest.Env(t), 100, 20); len(s.rows) != 0 || !strings.Contains(text, "no span matches") {
		t.Errorf("meant as it stands it shows %s:\n%s", names(s), text)
	}
	answer(t, s, viewstest.TypeText(s, "ation>"), nil)
	s.Type(viewstest.Press("esc"))
	s.SetQueryError(prompt.Error{Offset: 8, Length: 1, Message: "incomplete query"})
	if text := viewstest.Plain(s, viewstest.Env(t), 100, 20); !strings.Contains(text, "✗ incomplete query") {
		t.Errorf("what is wrong is not said:\n%s", text)
	}
}

// TestSpansSecrets checks that a secret is neither drawn nor copied.
func TestSpansSecrets(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	addColumn(t, s, "token")
	viewstest.Do(s, views.Bottom)
	env := viewstest.Env(t)
	env.Mask = func(_, value string) (string, bool) { return strings.ReplaceAll(value, "hunter2secret", "****"), true }
	if plain := viewstest.Plain(s, env, 200, 20); strings.Contains(plain, "hunter2") || !strings.Contains(plain, "****") {
		t.Errorf("a token is shown:\n%s", plain)
	}
	if line := s.line(); strings.Contains(line, "hunter2") || !strings.Contains(line, "gateway log") {
		t.Errorf("copied: %s", line)
	}
}

func TestSpansOpenAndCopy(t *testing.T) {
	set := tracetest.Set(t, shop)
	s := shown(t, set)
	viewstest.Do(s, views.NextError)
	open, ok := viewstest.Act(s, views.Enter).(views.OpenTrace)
	if !ok || open.Trace != set.Trace(0) || open.Span != 2 || open.Finding != nil {
		t.Errorf("enter gave %#v", open)
	}
	if got := viewstest.Act(s, views.NextError); got != (views.Say{Text: "the only span with an error"}) {
		t.Errorf("the next error gave %#v", got)
	}
	if got := s.line(); !strings.HasPrefix(got, "redis HGETALL  ") || !strings.HasSuffix(got, "50 ms  self 50 ms  timeout") {
		t.Errorf("the line is %q", got)
	}
	if got := viewstest.Act(s, views.CopySpanID); got != (views.Copy{What: "span id", Text: set.Trace(0).Span(2).ID().String()}) {
		t.Errorf("copied %#v", got)
	}
}

func TestSpansOfMatches(t *testing.T) {
	set := tracetest.Set(t, shop)
	of := views.Scope{Set: set, Traces: 1, Query: "zone=us"}
	some := slices.Values([]facts.Portion{{Facts: factstest.Of(set)[0], Spans: []int32{1}}})
	s := New()
	ask := s.Show([]views.Scope{of})
	if !ask.(views.Measure).Of[0].Matching {
		t.Fatalf("asked for %#v", ask)
	}
	answer(t, s, ask, some)
	if names(s) != "load" || s.counts()[0] != "1 matching span" {
		t.Errorf("shown %s, %s", names(s), s.counts()[0])
	}
	ask = viewstest.Act(s, views.HideOthers)
	if ask.(views.Measure).Of[0].Matching {
		t.Fatalf("asked for %#v", ask)
	}
	answer(t, s, ask, portionsOf(set))
	if len(s.rows) != 5 || s.Show([]views.Scope{of}) != nil {
		t.Errorf("%d spans are shown, or asked for again", len(s.rows))
	}
}

func TestSpansDropWhatNobodyWaitsFor(t *testing.T) {
	set, other := tracetest.Set(t, shop), viewstest.CheckoutTrace(t)
	s := New()
	late := s.Show([]views.Scope{scopeOf(other)})
	ask := s.Show([]views.Scope{scopeOf(set.Trace(0))})
	answer(t, s, late, portionsOf(other.Set()))
	if s.data != nil || viewstest.Why(s, views.Down) == "" {
		t.Error("the spans of something else are shown")
	}
	answer(t, s, ask, portionsOf(set))
	if s.data == nil || s.Show([]views.Scope{scopeOf(set.Trace(0))}) != nil {
		t.Error("what is there is asked for again")
	}
}

// TestSpansOfTracesWithoutAny checks that each row is the span that it says, also behind traces of which no span counts.
func TestSpansOfTracesWithoutAny(t *testing.T) {
	set := tracetest.Set(t, shop)
	all := factstest.Of(set)
	d := read(set, slices.Values([]facts.Portion{{Facts: all[0], Spans: []int32{}}, {Facts: all[1], Spans: []int32{}}, {Facts: all[1]}, {Facts: all[0], Spans: []int32{}}, {Facts: all[0], Spans: []int32{2, 3}}}))
	var got []string
	for n := range d.index {
		got = append(got, d.span(uint32(n)).Name())
	}
	if want := []string{"GET /health", "HGETALL", "log"}; !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
}

// TestSpansSortManyAsAJob checks that very many spans are sorted by a job, and that of two only the last counts.
func TestSpansSortManyAsAJob(t *testing.T) {
	set := viewstest.WideTrace(t, 2*atOnce).Set()
	s := shown(t, set)
	first, ok := viewstest.Act(s, views.SortNext).(views.Measure)
	if !ok || len(first.Of) != 0 || !s.busy {
		t.Fatalf("sorting asked for %#v", first)
	}
	before := s.rows
	second := viewstest.Act(s, views.SortFlip)
	first.Count(nil)()
	if &before[0] != &s.rows[0] || !s.busy {
		t.Error("an order that nobody waits for any more is shown")
	}
	if answer(t, s, second, nil); &before[0] == &s.rows[0] || s.busy {
		t.Error("the order is not shown")
	}
}

func TestSpansWhyNot(t *testing.T) {
	s, tr := New(), viewstest.CheckoutTrace(t)
	for want, of := range map[string][]views.Scope{
		"":                    {{}, scopeOf(tr)},
		"no trace is open":    {{}},
		"there are no traces": {{Set: tr.Set()}},
	} {
		if got := s.WhyNot(of); got != want {
			t.Errorf("why not %v: %q, want %q", of, got, want)
		}
	}
	if s.Show(nil) != nil || s.whyEmpty() != "no trace is open" {
		t.Error("no scope is asked for")
	}
}

// TestSpansOrder checks the order of random spans against a plain sort.
func TestSpansOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	for range 60 {
		m := viewstest.NewMaker()
		root := m.Span(0, "s", "root", 0, 5000)
		for range rng.IntN(200) {
			m.Span(root, fmt.Sprintf("s%d", rng.IntN(4)), fmt.Sprintf("op%c", 'a'+rune(rng.IntN(4))), rng.Int64N(5000), rng.Int64N(5000), viewstest.Attr("n", rng.IntN(30)-10))
		}
		d := shown(t, m.Trace(t).Set()).data
		attr := d.attributeOf("n")
		value := func(n uint32) int64 { return d.span(n).Attrs().Get("n").Int() }
		for name, test := range map[string]struct {
			o       order
			compare func(a, b uint32) int
		}{
			"duration": {order{by: columnDuration}, func(a, b uint32) int { return cmp.Compare(d.span(a).Duration(), d.span(b).Duration()) }},
			"start":    {order{by: columnStart, descending: true}, func(a, b uint32) int { return cmp.Compare(d.span(b).Start(), d.span(a).Start()) }},
			"service":  {order{by: columnService}, func(a, b uint32) int { return strings.Compare(d.span(a).Service(), d.span(b).Service()) }},
			"attribute": {order{by: columnAttribute, attr: attr, descending: true}, func(a, b uint32) int {
				if ra, rb := attr.of[a] < 0, attr.of[b] < 0; ra || rb {
					return cmp.Compare(b2i(ra), b2i(rb))
				}
				return cmp.Compare(value(b), value(a))
			}},
		} {
			got := d.arrange(test.o)
			want := make([]uint32, len(d.index))
			for n := range want {
				want[n] = uint32(n)
			}
			slices.SortStableFunc(want, test.compare)
			if !slices.Equal(got, want) {
				t.Fatalf("by %s: %v, want %v", name, got, want)
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestSpansMouse(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	lines := strings.Split(viewstest.Plain(s, viewstest.Env(t), 120, 20), "\n")
	x := draw.Width(strings.SplitN(lines[1], "SELF", 2)[0])
	answer(t, s, s.Mouse(views.Mouse{X: x, Y: 1}), nil)
	if s.Sort != columnSelf || names(s) != "HGETALL, GET /cart, load, GET /health, log" {
		t.Errorf("a click on SELF sorts by %d: %s", s.Sort, names(s))
	}
	if open, ok := s.Mouse(views.Mouse{X: 8, Y: 2, Double: true}).(views.OpenTrace); !ok || open.Span != 2 {
		t.Errorf("a double click gave %#v", open)
	}
}
