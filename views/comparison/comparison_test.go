package comparison

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/tree"
	"tracefall/views/viewstest"
)

// pairOf compares two traces in the text notation.
func pairOf(t testing.TB, good, bad string) *compare.Comparison {
	t.Helper()
	return pairTraces(tracetest.One(t, good), tracetest.One(t, bad))
}

func pairTraces(good, bad *trace.Trace) *compare.Comparison {
	a := facts.NewOps(good.Set())
	b := a
	if bad.Set() != good.Set() {
		b = facts.NewOps(bad.Set())
	}
	return compare.Pair(facts.New(good, a), facts.New(bad, b))
}

// openCompare shows a comparison, drawn once.
func openCompare(t testing.TB, c *compare.Comparison) *Comparison {
	t.Helper()
	v := New()
	v.SetComparison(c)
	viewstest.Frame(v, viewstest.Env(t), 120, 40)
	return v
}

const goodDashboard = `
web "GET /api/dashboard" 0ms +412ms kind=server http.request.method=GET http.route=/api/dashboard http.response.status_code=200 resource.service.version=1.4.1
  auth "GET /validate" 5ms +20ms kind=client
  web getUserPosts 30ms +260ms
    posts-db "SELECT posts" 32ms +18ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM posts WHERE user_id = {i}"
    web getComments 60ms +40ms repeat=3 every=42ms
      posts-db "SELECT comments" 62ms +30ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM comments WHERE post_id = {i}"
  web render 300ms +100ms
    web "template header" 305ms +10ms
    web "template list" 320ms +40ms
    web "template sidebar" 362ms +10ms
    web "template ads" 374ms +8ms
    web "template footer" 384ms +10ms
`

const badDashboard = `
web "GET /api/dashboard" 0ms +3210ms kind=server http.request.method=GET http.route=/api/dashboard http.response.status_code=200 resource.service.version=1.4.2
  auth "GET /validate" 5ms +21ms kind=client
  web getUserPosts 30ms +2850ms
    posts-db "SELECT posts" 32ms +18ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM posts WHERE user_id = {i}"
    web getComments 60ms +50ms repeat=50 every=55ms
      posts-db "SELECT comments" 62ms +30ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM comments WHERE post_id = {i}"
  web "GET feature-flags" 2890ms +31ms kind=client
  web render 2925ms +270ms
    web "template header" 2930ms +10ms
    web "template list" 2945ms +40ms
    web "template sidebar" 2990ms +10ms
    web "template ads" 3002ms +8ms
    web "template footer" 3012ms +10ms
`

// A cluster node registers itself at two target groups, or at one only: no call failed.
const goodRegister = `
ops register_cluster_node_to_lb 0ms +900ms
  ops "load config" 2ms +6ms
  ops ELBv2.DescribeTargetGroups 10ms +300ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=DescribeTargetGroups
  ops ELBv2.RegisterTargets 320ms +250ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=RegisterTargets repeat=2
`

const badRegister = `
ops register_cluster_node_to_lb 0ms +640ms
  ops "load config" 2ms +6ms
  ops ELBv2.DescribeTargetGroups 10ms +310ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=DescribeTargetGroups
  ops ELBv2.RegisterTargets 330ms +260ms kind=client rpc.system=aws-api rpc.service=ELBv2 rpc.method=RegisterTargets
`

const goodOrder = `
api "POST /order" 0ms +480ms kind=server http.response.status_code=201
  api "save order" 10ms +20ms
  api "POST /reserve" 40ms +50ms kind=client
    stock "POST /reserve" 45ms +40ms kind=server resource.service.version=2.0.0 resource.k8s.pod.name=stock-6f7-xk2
      stock-db "UPDATE stock" 50ms +20ms kind=client db.system.name=mysql db.query.text="UPDATE stock SET n = n - 1 WHERE sku = 'a'"
  api "POST /charge" 100ms +280ms kind=client
    payment "POST /charge" 104ms +270ms kind=server
      bank "authorize card" 110ms +200ms kind=client
      payment-db "INSERT payments" 320ms +30ms kind=client db.system.name=postgresql db.query.text="INSERT INTO payments VALUES (1)"
  api "publish order.created" 390ms +5ms kind=producer messaging.system=kafka messaging.destination.name=orders
  api "send mail" 400ms +60ms kind=client
`

const badOrder = `
api "POST /order" 0ms +60ms kind=server http.response.status_code=500 error="reserve failed"
  api "save order" 10ms +20ms
  api "POST /reserve" 40ms +12ms kind=client error="503 Service Unavailable"
    stock "POST /reserve" 45ms +3ms kind=server error="no connection" resource.service.version=2.0.1 resource.k8s.pod.name=stock-9c1-zz8
`

const goodMoved = `
api root 0ms +1000ms
  api handler 10ms +900ms
    api loadUserProfiles 20ms +400ms
      db query 30ms +90ms kind=client
    api parse 500ms +30ms
      api tokenize 505ms +10ms
  api log 950ms +10ms
`

const badMoved = `
api root 0ms +1100ms
  api middleware 10ms +990ms
    api handler 20ms +970ms
      api loadUserProfile 30ms +420ms
        db query 40ms +90ms kind=client
  api log 1050ms +40ms
    api parse 1052ms +30ms
      api tokenize 1055ms +10ms
`

const mailTrace = `
mail send 0ms +5ms kind=producer messaging.system=kafka messaging.destination.name=mail
  mail encode 1ms +2ms
`

// manyDifferences is a request with many calls, each of which took longer by another time.
func manyDifferences(slower int) string {
	var b strings.Builder
	at := 0
	for i := range 120 {
		d := 50 + slower*(i*37%101)
		fmt.Fprintf(&b, "  svc-%d \"step %c%c\" %dms +%dms\n    svc-%d inner %dms +%dms\n", i%7, 'a'+i/26, 'a'+i%26, at, d, i%7, at+2, d/2)
		at += d + 1
	}
	return fmt.Sprintf("api root 0ms +%dms\n", at) + b.String()
}

// manySteps is a job of twenty steps, of which the seventh takes longer.
func manySteps(longer int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "job import 0ms +%dms\n", 820+longer)
	at := 0
	for i := range 20 {
		d := 40
		if i == 7 {
			d += longer
		}
		fmt.Fprintf(&b, "  job \"step %c\" %dms +%dms\n", 'a'+i, at, d)
		at += d + 1
	}
	return b.String()
}

func TestCompareFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		c    *compare.Comparison
		do   []views.Command
	}{
		{"small", pairOf(t, goodMoved, badMoved), nil},
		{"count", pairOf(t, goodDashboard, badDashboard), nil},
		{"missing", pairOf(t, goodRegister, badRegister), nil},
		{"failed", pairOf(t, goodOrder, badOrder), nil},
		{"failed-open", pairOf(t, goodOrder, badOrder), []views.Command{views.OpenAll}},
		{"unrelated", pairOf(t, goodDashboard, mailTrace), nil},
		{"identical", pairOf(t, goodDashboard, goodDashboard), nil},
		{"sides", pairOf(t, goodDashboard, badDashboard), []views.Command{views.Merged}},
		{"sides-failed", pairOf(t, goodOrder, badOrder), []views.Command{views.Merged}},
		{"sides-folded", pairOf(t, goodOrder, badOrder), []views.Command{views.Merged, views.Top, views.Fold, views.NextPane}},
		{"pairs", pairOf(t, goodDashboard, badDashboard), []views.Command{views.Group, views.Down, views.Down, views.Down, views.Down, views.Down}},
		{"own-scales", pairOf(t, goodDashboard, badDashboard), []views.Command{views.Scale}},
		{"inspect", pairOf(t, goodOrder, badOrder), []views.Command{views.Inspect}},
		{"incomplete", pairOf(t, goodDashboard, badDashboard+"web lost 20ms +30ms parent=77\n"), nil},
		{"causes", pairOf(t, manyDifferences(1), manyDifferences(4)), []views.Command{views.NextPane, views.Down, views.Down}},
		{"run", pairOf(t, manySteps(0), manySteps(300)), nil},
		{"empty", nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := New()
			v.SetComparison(test.c)
			viewstest.Frame(v, viewstest.Env(t), 120, 40)
			viewstest.Do(v, test.do...)
			env := viewstest.Env(t)
			if test.c != nil {
				env = viewstest.EnvOf(t, views.Scope{Set: test.c.Good.Trace.Set()}, views.Scope{Set: test.c.Bad.Trace.Set()})
			}
			viewstest.CheckFrames(t, "compare-"+test.name, v, env)
		})
	}
}

func TestCompareAnything(t *testing.T) {
	env := viewstest.Env(t)
	list := []*compare.Comparison{
		nil, pairOf(t, goodDashboard, badDashboard), pairOf(t, goodOrder, badOrder), pairOf(t, goodMoved, badMoved),
		pairOf(t, goodDashboard, mailTrace), pairOf(t, badDashboard, badDashboard), pairOf(t, manyDifferences(1), manyDifferences(3)),
		pairTraces(viewstest.DeepTrace(t, 300), viewstest.DeepTrace(t, 200)), pairTraces(viewstest.BrokenTrace(t), viewstest.CheckoutTrace(t)),
		pairTraces(viewstest.WideTrace(t, 3000), viewstest.WideTrace(t, 2000)), pairTraces(viewstest.HostileTrace(t), viewstest.BrokenTrace(t)),
	}
	for seed := range uint64(6) {
		v := New()
		viewstest.CheckAnything(t, env, seed, 500, func() views.Screen {
			v = New()
			v.SetComparison(list[1])
			return v
		}, func(_ views.Screen, rng *rand.Rand) {
			switch rng.IntN(4) {
			case 0:
				v.SetPending("comparing …")
			case 1:
				v.Select(rng.IntN(2) == 0, rng.IntN(200)-1)
			default:
				v.SetComparison(list[rng.IntN(len(list))])
			}
			checkDiffRows(t, v)
		})
	}
}

// checkDiffRows checks that the rows stand for every node exactly once and the cursor is on screen.
func checkDiffRows(t *testing.T, v *Comparison) {
	t.Helper()
	if v.rows == nil {
		return
	}
	if v.tree.Row < v.tree.Top || v.tree.Row >= v.tree.Top+v.tree.Page() || v.tree.Row >= len(v.rows.list) {
		t.Errorf("the cursor is on row %d, the screen shows %d rows from %d of %d", v.tree.Row, v.tree.Page(), v.tree.Top, len(v.rows.list))
	}
	next := 0
	for k, r := range v.rows.list {
		if (r.kind == callRow || r.kind == runRow) && int(r.node) != next {
			t.Errorf("row %d begins at node %d, want %d", k, r.node, next)
			return
		}
		switch {
		case r.kind == callRow && v.rows.folded.Has(int(r.node)) || r.kind == runRow && v.rows.state(r) != tree.Open:
			next = int(r.end)
		case r.kind == callRow:
			next = int(r.node) + 1
		}
	}
	if next != len(v.rows.c.Nodes) {
		t.Errorf("the rows end before node %d of %d", next, len(v.rows.c.Nodes))
	}
}

// Without Unicode the comparison still says the same.
func TestCompareASCII(t *testing.T) {
	for name, commands := range map[string][]views.Command{"compare-ascii": {views.OtherSide}, "compare-ascii-sides": {views.Merged}} {
		v := openCompare(t, pairOf(t, goodMoved, badMoved))
		viewstest.Do(v, commands...)
		viewstest.CheckASCII(t, name, 120, 30, v)
	}
}
