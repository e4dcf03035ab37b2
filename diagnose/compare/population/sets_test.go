package population_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// shop makes a trace of a shop: a gateway that calls the API, which asks auth, reads the cart with a few queries,
// and charges. Fields say how it differs; times vary as they do in life.
type shop struct {
	payment  float64 // factor on what payment does itself
	network  float64 // ms on the way to payment
	queries  int     // of the cart
	failing  float64 // share of the traces in which payment fails
	version  string  // of the API
	flagless bool    // the flag is not recorded
	retried  int     // times that the gateway calls again, because the API was slow
	work     float64 // ms that the gateway works itself at the end
	mobile   float64 // share of the traces that enter through another gateway, which does the same
}

var usual = shop{payment: 1, queries: 3, version: "1.4.1"}

func (s shop) trace(r *rand.Rand) []comparetest.Span {
	ms := func(mean float64) int64 { return int64(mean * 1e6 * math.Exp(r.NormFloat64()*0.3)) }
	attrs := map[string]string{"app.version": s.version, "app.flag": "off", "user.name": fmt.Sprint(r.IntN(1e9)), "region": []string{"eu", "us"}[r.IntN(2)]}
	if s.flagless {
		delete(attrs, "app.flag")
	}
	list := []comparetest.Span{{Parent: -1, Service: "gateway", Name: "POST /checkout", Kind: trace.KindServer, Attrs: attrs}}
	at := ms(1)
	add := func(parent int, service, name string, kind trace.Kind, from, to int64) int {
		list = append(list, comparetest.Span{Parent: parent, Service: service, Name: name, Kind: kind, Start: from, End: to})
		return len(list) - 1
	}
	// call makes a client and a server span; inside says what the server does and returns its end.
	call := func(parent int, from int64, caller, callee, name string, gap int64, inside func(server int, at int64) int64) int64 {
		client := add(parent, caller, name, trace.KindClient, from, 0)
		server := add(client, callee, name, trace.KindServer, from+gap/2, 0)
		end := inside(server, from+gap/2)
		list[server].End, list[client].End = end, end+gap-gap/2
		return list[client].End
	}
	works := func(d int64) func(int, int64) int64 { return func(_ int, at int64) int64 { return at + d } }
	end := at
	checkout := func(api int, at int64) int64 {
		at = call(api, at+ms(2), "api", "auth", "validate", ms(0.5), works(ms(5)))
		at = call(api, at+ms(1), "api", "cart", "read", ms(0.5), func(cart int, at int64) int64 {
			for range s.queries {
				from := at + ms(0.2)
				at = from + ms(4)
				add(cart, "cart", "SELECT items", trace.KindInternal, from, at)
			}
			return at + ms(1)
		})
		failed := r.Float64() < s.failing
		first := len(list)
		at = call(api, at+ms(1), "api", "payment", "charge", ms(1)+int64(s.network*1e6), works(ms(20*s.payment)))
		list[first].Failed, list[first+1].Failed = failed, failed
		list[0].Failed = failed
		return at + ms(2)
	}
	for range s.retried + 1 {
		end = call(0, end, "gateway", "api", "checkout", ms(0.5), checkout)
	}
	list[0].End = end + ms(1) + int64(s.work*1e6)
	return list
}

// shops makes n traces of one sort, all different.
func shops(t testing.TB, seed uint64, n int, sort shop) []*facts.Facts {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	b := trace.NewBuilder()
	for i := range n {
		spans := sort.trace(r)
		for k := range spans {
			if s := &spans[k]; s.Service == "gateway" && float64(i) < sort.mobile*float64(n) {
				s.Service = "mobile"
			}
		}
		comparetest.Build(t, b, uint64(i)+1, spans, "app.version", "app.flag", "user.name", "region")
	}
	return factstest.Of(b.Build())
}

func sets(t testing.TB, good, bad []*facts.Facts, opt population.Options) *population.Comparison {
	t.Helper()
	c, err := population.Compare(context.Background(), good, bad, opt)
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, part := range c.Contributions {
		sum += part.Delta
	}
	if sum != c.Delta {
		t.Errorf("contributions sum to %d, the difference of the means is %d", sum, c.Delta)
	}
	return c
}

func findCall(t *testing.T, c *population.Comparison, service, label string) population.Call {
	t.Helper()
	for _, n := range c.Calls {
		if n.Worker == service && n.Op.Label() == label {
			return n
		}
	}
	t.Fatalf("no call %s of %s", label, service)
	return population.Call{}
}

func TestSetsSlowService(t *testing.T) {
	slow := usual
	slow.payment, slow.version = 6, "1.4.2"
	c := sets(t, shops(t, 1, 60, usual), shops(t, 2, 50, slow), population.Options{})
	if c.Of[0].Traces != 60 || c.Of[1].Traces != 50 || c.Of[0].P50 >= c.Of[1].P50 || c.Delta < 80e6 {
		t.Errorf("%+v, mean %+d", c.Of, c.Delta)
	}
	if c.DeltaRange[0] > c.Delta || c.DeltaRange[1] < c.Delta || c.DeltaRange[0] < 50e6 {
		t.Errorf("the difference of %d lies between %v", c.Delta, c.DeltaRange)
	}
	if len(c.Culprits) == 0 || c.Culprits[0].Service != "payment" || c.Culprits[0].Score < 0.9 {
		t.Fatalf("culprits %+v", c.Culprits)
	}
	if e := c.Culprits[0].Evidence; len(e) != 4 || e[0].Role != "offender" || e[3].Role != "baseline" ||
		e[0].Facts.Trace.Span(e[0].Span).Service() != "payment" {
		t.Errorf("evidence %+v", e)
	}
	n := findCall(t, c, "payment", "charge")
	if longer := n.Self.P50[1] - n.Self.P50[0]; n.Self.Q > 1e-6 || longer < 70e6 || longer > 130e6 || n.Self.Delta < 0.95 || n.Self.N != [2]int{60, 50} {
		t.Errorf("payment's own work: %+v", n.Self)
	}
	if n.Gap.Q < 0.05 || n.Presence.Q < 1 || n.Counts.Q < 1 {
		t.Errorf("payment's gap %+v", n.Gap)
	}
	if other := findCall(t, c, "auth", "validate"); other.LeastQ() < 0.05 {
		t.Errorf("auth differs: %+v", other)
	}
	if first := c.Contributions[0]; c.Calls[first.Node].Worker != "payment" || first.Kind != compare.KindDuration {
		t.Errorf("first contribution %+v", first)
	}
	if len(c.Attributes) != 1 || c.Attributes[0].Key != "app.version" || c.Attributes[0].Value != "1.4.2" || c.Attributes[0].K != [2]int{0, 50} {
		t.Errorf("attributes %+v", c.Attributes)
	}
	if len(c.Shapes) != 0 || !strings.Contains(c.Headline, "payment: self time 2") {
		t.Errorf("shapes %+v, headline %q", c.Shapes, c.Headline)
	}
}

func TestSetsNetwork(t *testing.T) {
	far := usual
	far.network = 60
	c := sets(t, shops(t, 1, 40, usual), shops(t, 2, 40, far), population.Options{})
	if len(c.Culprits) == 0 || c.Culprits[0].Service != "payment" || c.Culprits[0].Gap == 0 || c.Culprits[0].Own != 0 {
		t.Errorf("a delay on the way to payment is blamed on %+v", c.Culprits)
	}
	if e := c.Culprits[0].Evidence[0]; e.Facts.Trace.Span(e.Span).Service() != "api" || e.Facts.Server(e.Span) < 0 {
		t.Errorf("the evidence of a gap is %v, want a call of api's that was served", e.Facts.Trace.Span(e.Span).Name())
	}
	if api := c.Culprits[len(c.Culprits)-1]; len(c.Culprits) != 2 || api.Service != "api" || len(c.Culprits[0].Explains) != 1 || c.Culprits[0].Explains[0].Share != 1 ||
		!strings.Contains(api.Message, " to payment") {
		t.Errorf("api, whose excess is all on the way to payment, is told as %+v", api)
	}
	if first := c.Contributions[0]; first.Kind != compare.KindGap || first.Delta < 50e6 {
		t.Errorf("first contribution %+v", first)
	}
}

func TestSetsMoreCalls(t *testing.T) {
	many := usual
	many.queries = 40
	c := sets(t, shops(t, 1, 30, usual), shops(t, 2, 30, many), population.Options{})
	if first := c.Contributions[0]; first.Kind != compare.KindCount || first.Message != "calls/trace 3 → 40" ||
		c.Calls[first.Node].Op.Label() != "SELECT items" {
		t.Errorf("first contribution %+v", first)
	}
	if len(c.Culprits) == 0 || c.Culprits[0].Service != "cart" || c.Culprits[0].More < 100e6 {
		t.Errorf("culprits %+v", c.Culprits)
	}
	if len(c.Shapes) != 2 || c.Shapes[0].Kind != population.Appeared || c.Shapes[0].Bad != 30 || c.Shapes[1].Kind != population.Vanished ||
		!strings.Contains(c.Shapes[0].Message, "×3 → ×40: cart SELECT items") {
		t.Errorf("shapes %+v", c.Shapes)
	}
}

func TestSetsFailures(t *testing.T) {
	failing := usual
	failing.failing = 0.7
	c := sets(t, shops(t, 1, 40, usual), shops(t, 2, 40, failing), population.Options{By: population.SplitGiven})
	if len(c.Culprits) != 1 || c.Culprits[0].Service != "payment" || c.Culprits[0].Failing < 0.5 {
		t.Fatalf("culprits %+v", c.Culprits)
	}
	e := c.Culprits[0].Evidence[0]
	if !e.Facts.Failed(e.Span) || e.Facts.Trace.Span(e.Span).Service() != "payment" {
		t.Error("the evidence did not fail")
	}
	if c.Errors.Q > 1e-6 || !strings.Contains(c.Headline, "errors originate in charge: 0 % → ") {
		t.Errorf("errors %+v, headline %q", c.Errors, c.Headline)
	}
}

// TestSetsGateway: a gateway that only passes requests on calls again because payment is slow. That it calls more
// often costs more time than what made it do so, and is not the cause.
func TestSetsGateway(t *testing.T) {
	retried := usual
	retried.payment, retried.retried = 2, 4
	c := sets(t, shops(t, 1, 30, usual), shops(t, 2, 30, retried), population.Options{})
	at := func(service string) int {
		return slices.IndexFunc(c.Culprits, func(k population.Culprit) bool { return k.Service == service })
	}
	gateway := at("gateway")
	if at("payment") != 0 || gateway < 1 || c.Culprits[gateway].Score < c.Culprits[0].Score {
		t.Fatalf("culprits %+v", c.Culprits)
	}
	if e := c.Culprits[0].Explains; len(e) != 1 || e[0] != (population.Explained{Service: "gateway", Share: 1}) {
		t.Errorf("payment explains %+v, want all of gateway's excess: it is in calls that lead there", e)
	}
	if why := c.Culprits[gateway].Passing; !strings.HasPrefix(why, "100 % of the bad traces enter through it, ") || c.Culprits[0].Passing != "" {
		t.Errorf("gateway stands behind payment because %q", why)
	}
}

// TestSetsGatewayWorks: a service through which traces enter is a gateway as long as it hardly works itself.
func TestSetsGatewayWorks(t *testing.T) {
	for _, test := range []struct {
		work  float64 // ms, of some 400
		first string
	}{{30, "payment"}, {90, "gateway"}} {
		normal := usual
		normal.work = test.work
		retried := normal
		retried.payment, retried.retried = 2, 4
		c := sets(t, shops(t, 1, 30, normal), shops(t, 2, 30, retried), population.Options{})
		if len(c.Culprits) == 0 || c.Culprits[0].Service != test.first {
			t.Errorf("a gateway that works for %.0f of %.0f ms: %+v", test.work, float64(c.Of[1].Mean)/1e6, c.Culprits)
		}
	}
}

// TestSetsTwoGateways: of two services through which traces enter, one is the gateway only where nearly all enter through
// it. Where as many as not enter elsewhere, that it calls more often is its own.
func TestSetsTwoGateways(t *testing.T) {
	for _, test := range []struct {
		mobile float64
		first  string
	}{{0.1, "payment"}, {0.4, "gateway"}} {
		normal := usual
		normal.mobile = test.mobile
		retried := normal
		retried.payment, retried.retried = 2, 4
		c := sets(t, shops(t, 1, 30, normal), shops(t, 2, 30, retried), population.Options{})
		if len(c.Culprits) == 0 || c.Culprits[0].Service != test.first {
			t.Errorf("%.0f %% enter elsewhere: %+v", 100*test.mobile, c.Culprits)
		}
	}
}

func TestSetsInWords(t *testing.T) {
	some, others := shops(t, 1, 12, usual), shops(t, 2, 3, usual)
	other := trace.NewBuilder()
	comparetest.Build(t, other, 9, []comparetest.Span{{Parent: -1, Service: "mail", Name: "send", End: 1000}})
	elsewhere := factstest.Of(other.Build())
	tests := []struct {
		name      string
		good, bad []*facts.Facts
		want      string
	}{
		{"both empty", nil, nil, "both sets are empty: nothing to compare"},
		{"good empty", nil, some, "the baseline set is empty: nothing to compare the 12 traces of the bad set with"},
		{"bad empty", some[:1], nil, "the bad set is empty: nothing to compare the 1 trace of the baseline set with"},
		{"identical", some, some, "no difference between 12 baseline and 12 bad traces"},
		{"the same trace", some[:1], some[:1], "no difference between 1 baseline and 1 bad trace"},
		{"few", some, others, "mean +"},
		{"other operations", some, elsewhere, "nothing to compare: the two sets share no root operation; 12 traces of the baseline and 1 trace of the bad set are left out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c := sets(t, tt.good, tt.bad, population.Options{}); !strings.HasPrefix(c.Headline, tt.want) {
				t.Errorf("headline %q, want %q", c.Headline, tt.want)
			}
		})
	}
	c := sets(t, append(slices.Clone(some), elsewhere...), some, population.Options{})
	if len(c.LeftOut) != 1 || c.LeftOut[0].Op.Service != "mail" || c.LeftOut[0].Side != compare.Missing || len(c.Good) != 12 {
		t.Errorf("left out %+v", c.LeftOut)
	}
}

// TestSetsByChance: two samples of one population differ only by chance, and that is found in at most the share of
// comparisons that q allows; with some room for the luck of 120 rounds.
func TestSetsByChance(t *testing.T) {
	all := shops(t, 5, 80, shop{payment: 1, queries: 3, version: "1.4.1", failing: 0.1})
	r := rand.New(rand.NewPCG(8, 8))
	found, culprits := 0, 0
	const rounds = 120
	for range rounds {
		r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		c := sets(t, all[:40], all[40:], population.Options{})
		if !strings.HasPrefix(c.Headline, "no significant difference") {
			found++
		}
		if len(c.Culprits) > 0 {
			culprits++
		}
	}
	t.Logf("found something by chance in %d of %d, a culprit in %d", found, rounds, culprits)
	if found > rounds*8/100 || culprits > rounds*3/100 {
		t.Errorf("found something by chance in %d of %d, a culprit in %d", found, rounds, culprits)
	}
}

// TestSetsRandom: of traces of any shape nothing breaks, and two sets swapped give the opposite.
func TestSetsRandom(t *testing.T) {
	for good, bad := range population.RandomSets(t) {
		there, back := sets(t, good, bad, population.Options{}), sets(t, bad, good, population.Options{})
		if there.Delta != -back.Delta || len(there.Calls) != len(back.Calls) {
			t.Errorf("the mirror image differs by %d instead of %d", back.Delta, -there.Delta)
		}
		for i, n := range there.Calls {
			if n.End <= i || n.Parent >= i || n.Parent >= 0 && there.Calls[n.Parent].End < n.End {
				t.Fatalf("call %d out of place", i)
			}
		}
	}
}

func TestSetsProgressAndCancel(t *testing.T) {
	all := shops(t, 1, 200, usual)
	ctx, cancel := context.WithCancel(context.Background())
	last, steps := -1, 0
	_, err := population.Compare(ctx, all[:100], all[100:], population.Options{Progress: func(done, total int) {
		if done < last || done > total {
			t.Errorf("%d of %d done after %d", done, total, last)
		}
		last, steps = done, steps+1
		if done >= 64 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || steps > 4 {
		t.Errorf("error %v after %d reports", err, steps)
	}
}

func TestSetsTwice(t *testing.T) {
	slow := usual
	slow.payment = 3
	good, bad := shops(t, 1, 30, usual), shops(t, 2, 30, slow)
	text := func() string {
		c := sets(t, good, bad, population.Options{})
		c.Good, c.Bad = nil, nil
		for i := range c.Calls {
			c.Calls[i].Example = [2]population.Place{}
		}
		for i := range c.Culprits {
			c.Culprits[i].Evidence = nil
		}
		return fmt.Sprintf("%+v", *c)
	}
	if first := text(); first != text() {
		t.Error("two runs differ")
	}
}

func BenchmarkSets(b *testing.B) {
	slow := usual
	slow.payment, slow.queries = 2, 86 // 100 spans a trace
	good, bad := shops(b, 1, 1000, shop{payment: 1, queries: 86, version: "1"}), shops(b, 2, 1000, slow)
	b.ReportMetric(float64(good[0].Trace.Len()), "spans/trace")
	for b.Loop() {
		sets(b, good, bad, population.Options{})
	}
}

// TestSetsDeep: traces of 50,000 calls one inside the other, and of as many side by side.
func TestSetsDeep(t *testing.T) {
	const n = 50_000
	var list []*facts.Facts
	for range 3 {
		list = append(list, comparetest.Shaped(t, n, func(i int) int { return i - 1 }, func(int) string { return "step" }),
			comparetest.Shaped(t, n, func(int) int { return 0 }, func(i int) string {
				return fmt.Sprintf("op%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
			}))
	}
	c := sets(t, list[:2], list[2:], population.Options{})
	if c.Delta != 0 || len(c.Calls) < n {
		t.Errorf("%d calls, the means differ by %d", len(c.Calls), c.Delta)
	}
	if got := len(c.Path(len(c.Calls) - 1)); got < 2 {
		t.Errorf("a path of %d", got)
	}
}

// TestSetsMeanByAFew: few good traces against many of which some are very slow. Tests by rank cannot tell them from
// chance, but the mean can, and it is not called no difference.
func TestSetsMeanByAFew(t *testing.T) {
	slow := usual
	slow.payment = 60
	good := shops(t, 1, 5, usual)
	bad := append(shops(t, 2, 24, usual), shops(t, 3, 8, slow)...)
	c := sets(t, good, bad, population.Options{})
	if c.DeltaRange[0] <= 0 {
		t.Fatalf("the mean is %d to %d slower, want the scene to be surely slower", c.DeltaRange[0], c.DeltaRange[1])
	}
	if strings.Contains(c.Headline, "no significant") || !strings.Contains(c.Headline, "no test finds a difference") {
		t.Errorf("headline %q", c.Headline)
	}
}

// TestSetsClockBehind: in half of the traces the server's clock is behind, so that its spans lie outside the calls
// that they serve. They serve them all the same: no call and no way is another one for it.
func TestSetsClockBehind(t *testing.T) {
	some := func(seed uint64, work int64) []*facts.Facts {
		r := rand.New(rand.NewPCG(seed, 1))
		b := trace.NewBuilder()
		for i := range 40 {
			behind := int64(i%2) * 500e6
			own := work + r.Int64N(1e6)
			comparetest.Build(t, b, uint64(i)+1, []comparetest.Span{
				{Parent: -1, Service: "web", Name: "GET /", Kind: trace.KindServer, End: own + 4e6},
				{Parent: 0, Service: "web", Name: "charge", Kind: trace.KindClient, Start: 1e6, End: own + 3e6},
				{Parent: 1, Service: "pay", Name: "charge", Kind: trace.KindServer, Start: 2e6 - behind, End: own + 2e6 - behind},
			})
		}
		return factstest.Of(b.Build())
	}
	c := sets(t, some(1, 5e6), some(2, 50e6), population.Options{})
	if len(c.Calls) != 2 || len(c.Shapes) != 0 {
		t.Errorf("%d calls and %d changed ways, want web's and pay's and no way", len(c.Calls), len(c.Shapes))
	}
	if n := findCall(t, c, "pay", "charge"); n.Gap.P50 != [2]float64{2e6, 2e6} {
		t.Errorf("the gap to pay is %v", n.Gap.P50)
	}
}

func TestPartName(t *testing.T) {
	c := population.Comparison{Calls: []population.Call{
		{Op: facts.Op{Service: "web", Name: "charge"}, Worker: "pay"},
		{Op: facts.Op{Service: "web", Name: "render"}, Worker: "web"},
	}}
	for _, tt := range []struct {
		node int
		kind compare.Kind
		want string
	}{
		{0, compare.KindDuration, "pay charge"}, {0, compare.KindGap, "web → pay charge"}, {0, compare.KindCount, "web charge"},
		{1, compare.KindDuration, "web render"},
	} {
		if got := c.PartName(compare.Contribution{Node: tt.node, Kind: tt.kind}); got != tt.want {
			t.Errorf("%v of call %d is called %q, want %q", tt.kind, tt.node, got, tt.want)
		}
	}
}

// TestSetsBlameNobodyForPieces: of sets whose traces have two first spans, too, the time between these is nobody's.
func TestSetsBlameNobodyForPieces(t *testing.T) {
	twoRoots := func(gap int) []*facts.Facts {
		var b strings.Builder
		for i := range 12 {
			fmt.Fprintf(&b, "trace %d\nsvc \"GET /a\" 0ms +5ms\nsvc \"GET /b\" %dms +5ms\n", i+1, gap+i%3)
		}
		return factstest.Of(tracetest.Set(t, b.String()))
	}
	c := sets(t, twoRoots(20), twoRoots(220), population.Options{})
	var sum int64
	for _, p := range c.Contributions {
		sum += p.Delta
		if !p.Apart || p.Kind != compare.KindGap || p.Message != "time between the first spans" {
			t.Errorf("%s: %+v", c.PartName(p), p)
		}
	}
	if sum != 200e6 || c.Delta != sum || len(c.Culprits) != 0 {
		t.Errorf("the parts sum to %d of %d; culprits %+v", sum, c.Delta, c.Culprits)
	}
	for _, n := range c.Calls {
		if n.Critical.LeastQ() < 1e-3 {
			t.Errorf("%s is called slower on the critical path: %+v", n.Op.Label(), n.Critical)
		}
	}
}
