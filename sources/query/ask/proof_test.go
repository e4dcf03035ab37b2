package ask_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"tracefall/sources"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/query/eval"
	"tracefall/sources/query/querytest"
	"tracefall/sources/trace"
)

// server is a server that is asked, as far as it is known, and how it answers.
type server struct {
	name   string
	opt    ask.Options
	finds  engine
	strict bool // finds no more than it is asked for, so that an exact question gives exactly what matches
	open   bool // has none of the gaps for which terms are marked, so that these may miss nothing either
}

// levels and operators are what a server of the filter can declare; phrase and fulltext are not evaluated here.
var (
	levels    = []string{"span", "resource", "scope", "event", "link"}
	operators = []string{"and", "or", "not", "eq", "ne", "gt", "lt", "gte", "lte", "regex", "exists", "in", "not_in", "some"}
)

var servers = []server{
	{"tags", ask.Options{}, findsTags, false, false},
	{"VictoriaTraces", ask.Options{Victoria: true}, findsVictoria, false, false},
	{"filter", ask.Options{Dialect: ask.Filter}, findsFilter, true, false},
	{"filter that is read loosely", ask.Options{Dialect: ask.Filter}, findsLoosely, false, false},
	{"declared filter", ask.Options{Dialect: ask.Filter, Declared: &ask.Capabilities{Levels: levels, Operators: operators}}, findsFilter, true, false},
	{"declared filter that is read loosely", ask.Options{Dialect: ask.Filter, Declared: &ask.Capabilities{Levels: levels, Operators: operators}}, findsLoosely, false, false},
	{"filter without some operators", ask.Options{Dialect: ask.Filter, Refused: []string{"ne", "regex", "not", "resource.service"}}, findsFilter, true, false},
	{"generous tags", ask.Options{}, findsTagsGenerously, false, true},
	{"generous filter", ask.Options{Dialect: ask.Filter, Declared: &ask.Capabilities{Levels: levels, Operators: operators}}, findsFilterGenerously, false, true},
	{"generous TraceQL", ask.Options{Dialect: ask.TraceQL}, findsTraceQLGenerously, false, true},
	{"TraceQL", ask.Options{Dialect: ask.TraceQL}, findsTraceQL, true, false},
}

// proof counts what was compared, so that it cannot pass by asking nothing.
type proof struct {
	matches, asked, approx, narrowed, exact map[string]int
}

// check demands that a server finds every trace that matches a query, by what it is asked for it. Terms that are marked may
// be answered too narrowly; where they stay here, nothing may be missing.
func (p *proof) check(t *testing.T, text string, set *trace.Set) {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		return
	}
	program, err := eval.Compile(q, set, nil)
	if err != nil {
		return
	}
	result, err := program.Run(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	matches := make([]bool, set.Len())
	for _, m := range result.Traces {
		matches[m.Trace] = true
	}
	for _, s := range servers {
		opt := s.opt
		a := ask.For(q, opt)
		p.count(s, a)
		p.one(t, s, q, a, set, matches)
		if s.open {
			continue
		}
		opt.Exact = true
		exact := ask.For(q, opt)
		if len(exact.Approx) > 0 {
			t.Errorf("%s: %s: with Exact the server is still asked %v", s.name, text, exact.Approx)
		}
		p.one(t, s, q, exact, set, matches)
		if len(a.Approx) == 0 {
			continue
		}
		opt = s.opt
		opt.Stay = map[string]bool{}
		for _, approx := range a.Approx {
			opt.Stay[approx.Term] = true
		}
		stays := ask.For(q, opt)
		for _, approx := range stays.Approx {
			if opt.Stay[approx.Term] {
				t.Errorf("%s: %s: %s is asked although it stays here", s.name, text, approx.Term)
			}
		}
		p.one(t, s, q, stays, set, matches)
	}
}

func (p *proof) count(s server, a ask.Ask) {
	p.matches[s.name]++
	if a.Parts[0].String() != (ask.Part{}).String() {
		p.asked[s.name]++
	}
	if len(a.Approx) > 0 {
		p.approx[s.name]++
	}
	if a.Exact {
		p.exact[s.name]++
	}
}

func (p *proof) one(t *testing.T, s server, q *query.Query, a ask.Ask, set *trace.Set, matches []bool) {
	t.Helper()
	if !a.ID.IsZero() {
		for i := range matches {
			if matches[i] && set.Trace(i).ID() != a.ID {
				t.Errorf("%s: %s is asked as trace %s and trace %s matches", s.name, q, a.ID, set.Trace(i).ID())
			}
		}
		return
	}
	narrow := false
	for _, i := range sampled(matches) {
		found := slices.ContainsFunc(a.Parts, func(part ask.Part) bool { return s.finds(t, set.Trace(i), part) })
		narrow = narrow || !found
		switch {
		case matches[i] && !found && (s.open || len(a.Approx) == 0):
			t.Errorf("%s: %s matches trace %s, which is not found by\n%v", s.name, q, set.Trace(i).ID(), a.Parts)
			return
		case !matches[i] && found && a.Exact && s.strict:
			t.Errorf("%s: %s is said to be asked exactly, and trace %s does not match:\n%v", s.name, q, set.Trace(i).ID(), a.Parts)
			return
		}
	}
	if narrow {
		p.narrowed[s.name]++
	}
}

// sampled returns some traces that match and some that do not, spread over all.
func sampled(matches []bool) []int {
	const most = 24
	var sides [2][]int
	for i, in := range matches {
		side := 0
		if in {
			side = 1
		}
		sides[side] = append(sides[side], i)
	}
	var some []int
	for side, all := range sides {
		step := max(1, len(all)/(most/(2-side)))
		for i := 0; i < len(all); i += step {
			some = append(some, all[i])
		}
	}
	return some
}

// report logs what was compared and demands that enough was.
func (p *proof) report(t *testing.T) {
	t.Helper()
	for _, s := range servers {
		t.Logf("%-40s %5d queries, %5d asked, %5d with ≈, %5d exact, %5d requests that leave out traces",
			s.name, p.matches[s.name], p.asked[s.name], p.approx[s.name], p.exact[s.name], p.narrowed[s.name])
		if p.asked[s.name] < p.matches[s.name]/10 || p.narrowed[s.name] < p.matches[s.name]/10 {
			t.Errorf("%s is hardly asked anything", s.name)
		}
	}
}

func newProof() *proof {
	return &proof{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

// TestNeverNarrower asks random queries over random traces.
func TestNeverNarrower(t *testing.T) {
	p := newProof()
	for seed := range uint64(seeds(4)) {
		set := querytest.Set(t, seed, 24)
		w := querytest.NewWriter(seed)
		for range 150 {
			p.check(t, w.Query(), set)
			p.check(t, usual(w), set)
		}
	}
	p.report(t)
}

// TestNeverNarrowerForIncidents asks random queries, with keys and values of theirs, over the incidents.
func TestNeverNarrowerForIncidents(t *testing.T) {
	for _, dir := range []string{"demo", "incidents", "traces"} {
		t.Run(dir, func(t *testing.T) {
			opened, err := sources.Open(context.Background(), []string{filepath.Join("..", "..", "..", "testdata", dir)}, sources.Options{Workers: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = opened.Set.Close() }()
			p := newProof()
			for seed := range uint64(seeds(1)) {
				w := querytest.NewWriter(seed)
				w.Keys, w.Values = vocabulary(opened.Set, seed)
				durations := durationsOf(opened.Set, w)
				for range 60 {
					p.check(t, w.Query(), opened.Set)
					p.check(t, usual(w, durations...), opened.Set)
					p.check(t, usual(w, durations...), opened.Set)
				}
			}
			p.report(t)
		})
	}
}

// usual writes a query of the terms that people ask most, of which servers can answer the more.
func usual(w querytest.Writer, durations ...string) string {
	durations = append(durations, "1s")
	of := func(list ...string) string { return list[w.IntN(len(list))] }
	key, value := func() string { return of(append(w.Keys, "a", "b", `"error"`, `"span.kind"`)...) }, func() string {
		return of(append(w.Values, "1", `"x"`, "abc", "503", `"1"`, "125", `"125"`, `"0"`, "true")...)
	}
	var term func(depth int) string
	term = func(depth int) string {
		if depth > 0 {
			switch w.IntN(8) {
			case 0:
				return "(" + term(depth-1) + " OR " + term(depth-1) + ")"
			case 1:
				return "NOT " + of("", "", "NOT ") + "(" + term(depth-1) + of("", " "+term(0)) + ")"
			case 2:
				return of("parent", "ancestor", "child", "descendant", "sibling") + "(" + term(depth-1) + ")"
			case 3, 4:
				return term(depth-1) + " " + term(depth-1)
			}
		}
		switch w.IntN(12) {
		case 0:
			return "service=" + value()
		case 1:
			return "name" + of("=", "!=", "~", "=~", "!~", "~i ") + value()
		case 2:
			return "duration" + of(">", ">=", "<", "<=", "=") + of("1s", "500ms", "1ms", "1500ns", "0s", "2.5µs", durations[w.IntN(len(durations))])
		case 3:
			return "error=" + of("true", "true", "false")
		case 4:
			return "kind" + of("=", "!=") + of("client", "server", "internal")
		case 5:
			return "status" + of("=", "!=") + of("error", "ok", "unset")
		case 6:
			return "has:" + of("", "resource.", "span.", "event.") + key()
		case 7:
			return key() + of(" in (", " not in (") + value() + ", " + value() + ")"
		case 8:
			return key() + of("=~", "~", "!=", ">", "<", ">=", "<=", "!~") + value()
		case 9:
			return of(`span.duration!~b `, `span.kind!=client `, `trace.duration=1s `, "", "", "", "", "", "", "", "", "") + of("event.name", "event."+key(), "root.service", "root.name", "span.kind", "scope.name", "service.name", "resource.service.name") + "=" + value()
		}
		return of("", "", "resource.", "span.") + key() + "=" + value()
	}
	text := term(3)
	if w.IntN(4) == 0 {
		text = "{ " + text + " } " + of(">", ">>", "<", "<<", "~", "!>>", "!<", "&>>", "&&", "||") + " { " + term(2) + " }"
	}
	return text
}

// durationsOf draws durations of spans, to the nanosecond.
func durationsOf(set *trace.Set, w querytest.Writer) []string {
	all := make([]string, 30)
	for i := range all {
		of := set.Trace(w.IntN(set.Len()))
		all[i] = strconv.FormatInt(of.Span(of.First()+w.IntN(of.SpanCount())).Duration(), 10) + "ns"
	}
	return all
}

// vocabulary draws keys and values of a set, as they are written in queries.
func vocabulary(set *trace.Set, seed uint64) (keys, values []string) {
	found := map[string]map[string]bool{}
	add := func(key, value string) {
		if found[key] == nil {
			found[key] = map[string]bool{}
		}
		if len(value) < 60 {
			found[key][value] = true
		}
	}
	for i := range set.Len() {
		of := set.Trace(i)
		for j := of.First(); j < of.Len(); j++ {
			s := of.Span(j)
			for _, a := range attributes(s) {
				add(a.key, a.value.String())
			}
			add("", s.Service())
			add("", s.Name())
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 3))
	all := slices.Sorted(maps.Keys(found))
	for range 12 {
		key := all[rnd.IntN(len(all))]
		if key != "" {
			keys = append(keys, query.Attribute(key))
		}
		some := slices.Sorted(maps.Keys(found[key]))
		for range min(4, len(some)) {
			values = append(values, strconv.Quote(some[rnd.IntN(len(some))]))
		}
	}
	names := slices.Sorted(maps.Keys(found[""]))
	for range 20 {
		values = append(values, strconv.Quote(names[rnd.IntN(len(names))]))
	}
	for _, v := range slices.Clone(values) {
		if text, err := strconv.Unquote(v); err == nil && text != "" {
			if _, err := query.Parse("x=" + text); err == nil {
				values = append(values, text)
			}
		}
	}
	return append(keys, "http.status_code", "error"), values
}

func (s server) String() string { return fmt.Sprint(s.name) }

// seeds is how many seeds a test draws from: more where TRACEFALL_SEEDS, a factor, asks for a long run.
func seeds(usual int) int {
	if factor, err := strconv.Atoi(os.Getenv("TRACEFALL_SEEDS")); err == nil {
		return usual * factor
	}
	return usual
}
