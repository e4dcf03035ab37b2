package population_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/factstest"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

func TestSetsMissingAttribute(t *testing.T) {
	flagless := usual
	flagless.flagless = true
	c := sets(t, shops(t, 1, 30, usual), shops(t, 2, 30, flagless), population.Options{})
	if len(c.Attributes) != 1 || c.Attributes[0].Key != "app.flag" || !c.Attributes[0].Absent || c.Attributes[0].Share(1) != 1 {
		t.Errorf("attributes %+v", c.Attributes)
	}
	if len(c.Culprits) != 0 {
		t.Errorf("culprits %+v", c.Culprits)
	}
}

// TestSetsAttributes: numbers are measured, ids and what the split itself explains are left out, attributes of the
// same traces are one, and secrets stay secret.
func TestSetsAttributes(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	side := func(b *trace.Builder, from, n int, bad bool) {
		for i := range n {
			attrs := map[string]string{
				"request.id": fmt.Sprint(from + i), "http.status_code": "200", "db.password": "hunter22", "constant": "yes",
				"tenant": "small", "plan": "free", "color": []string{"red", "green", "blue"}[r.IntN(3)],
			}
			if bad {
				attrs["http.status_code"], attrs["tenant"], attrs["plan"], attrs["db.password"] = "500", "large", "gold", "swordfish"
			}
			number := 100 + r.IntN(50)
			if bad {
				number += 400
			}
			span := comparetest.Span{Parent: -1, Service: "api", Name: "list", Kind: trace.KindServer, End: 50e6 + r.Int64N(5e6), Failed: bad, Attrs: attrs}
			comparetest.Build(t, b, uint64(from+i)+1, []comparetest.Span{span}, "request.id", "http.status_code", "db.password", "constant", "tenant", "plan", "color")
			numbered(b, uint64(from+i)+1, "items", int64(number))
		}
	}
	b := trace.NewBuilder()
	side(b, 0, 25, false)
	side(b, 25, 25, true)
	split := population.SplitByErrors(factstest.Of(b.Build()))
	c := sets(t, split.Good, split.Bad, population.Options{By: split.By})
	var got []string
	for _, a := range c.Attributes {
		if a.Scope == "root" {
			got = append(got, fmt.Sprintf("%s=%s %v also %v", a.Key, a.Value, a.K, a.Also))
		}
	}
	if want := []string{"tenant=large [0 25] also [plan=gold]"}; !slices.Equal(got, want) {
		t.Errorf("attributes %q, want %q", got, want)
	}
	numbers := slices.IndexFunc(c.Attributes, func(a population.AttributeRate) bool { return a.Key == "items" })
	if numbers < 0 || c.Attributes[numbers].Shift < 350 || c.Attributes[numbers].Shift > 450 {
		t.Errorf("items are not among %+v", c.Attributes)
	} else if len(c.Culprits) == 0 || c.Attributes[numbers].Scope != c.Culprits[0].Service+" "+c.Culprits[0].Op.Label() {
		t.Errorf("items are those of %q, not of the first of the culprits %+v", c.Attributes[numbers].Scope, c.Culprits)
	}
	c = sets(t, split.Good, split.Bad, population.Options{Sensitive: func(key, _ string) bool { return key == "tenant" }})
	for _, a := range c.Attributes {
		if a.Key == "tenant" || strings.Contains(fmt.Sprint(a.Also), "tenant") {
			t.Errorf("a sensitive attribute is told: %+v", a)
		}
	}
}

// numbered adds a child with a number to the first span of a trace.
func numbered(b *trace.Builder, id uint64, key string, v int64) {
	b.Add(numberedAt(b, id, key, v))
}

// numberedAt is that child.
func numberedAt(b *trace.Builder, id uint64, key string, v int64) *trace.RawSpan {
	service := b.String(b.Symbol([]byte("service.name")), []byte("api"))
	return &trace.RawSpan{
		Trace: trace.TraceID{Lo: id}, ID: trace.SpanID{N: 1000}, Parent: trace.SpanID{N: 1}, Name: b.Symbol([]byte("fetch")),
		Start: 1_772_460_131_000_000_000 + 1e6, End: 1_772_460_131_000_000_000 + 1e6 + v*1e4, Status: trace.StatusError,
		Origin: b.Origin(b.Resource([]trace.Attr{service}, 0), b.Scope(0, 0, nil, 0)),
		Attrs:  []trace.Attr{trace.Int(b.Symbol([]byte(key)), v)},
	}
}

// TestSetsWhatFollows: what a query asked about is no finding, what only sounds like it is.
func TestSetsWhatFollows(t *testing.T) {
	names := []string{"tenant", "process.runtime.version", "response_time", "error.type", "order.kind"}
	side := func(b *trace.Builder, from int, bad bool) {
		for i := range 25 {
			attrs := map[string]string{"tenant": "small", "process.runtime.version": "21", "response_time": "short", "order.kind": "web"}
			if bad {
				attrs = map[string]string{"tenant": "large", "process.runtime.version": "22", "response_time": "long", "error.type": "timeout", "order.kind": "app"}
			}
			if i == 0 { // so that no two attributes have the very same traces
				attrs["tenant"] = "none"
			}
			if i == 1 {
				attrs["process.runtime.version"] = "20"
			}
			if i == 2 {
				attrs["response_time"] = ""
			}
			if i < 5 {
				attrs["order.kind"] = "mail"
			}
			comparetest.Build(t, b, uint64(from+i)+1, []comparetest.Span{{Parent: -1, Service: "api", Name: "list", Kind: trace.KindServer, End: 50e6, Attrs: attrs}}, names...)
			b.Add(numberedAt(b, uint64(from+i)+1, "order.id", int64(from+i)))
		}
	}
	b := trace.NewBuilder()
	side(b, 0, false)
	side(b, 25, true)
	all := factstest.Of(b.Build())
	for _, tt := range []struct {
		name string
		opt  population.Options
		want string // keys, in order of what they tell
	}{
		{"given", population.Options{}, "error.type process.runtime.version response_time tenant order.kind"},
		{"slowest", population.Options{By: population.SplitSlowest}, "error.type process.runtime.version tenant order.kind"},
		{"errors", population.Options{By: population.SplitErrors}, "process.runtime.version response_time tenant order.kind"},
		{"query", population.Options{Asked: query.About{Keys: []string{"tenant"}, Errors: true, Durations: true}}, "process.runtime.version order.kind"},
		{"status", population.Options{Asked: query.About{Keys: []string{"http.status_code"}}}, "process.runtime.version response_time tenant order.kind"},
	} {
		c := sets(t, all[:25], all[25:], tt.opt)
		var got []string
		for _, a := range c.Attributes {
			if a.Absent || slices.Contains(got, a.Key) {
				t.Errorf("%s: %s is told apart from what the same traces have", tt.name, a.Text())
			}
			got = append(got, a.Key)
		}
		slices.Sort(got[:max(len(got)-1, 0)]) // equally telling, but for the last
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
