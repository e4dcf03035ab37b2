package comparison

import (
	"path/filepath"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// demoPairs hands over pairs of traces of all demo incidents: within one and of one and the next.
func demoPairs(t *testing.T, use func(name string, c *compare.Comparison)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "demo", "*.jsonl.gz"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	const most = 8 // traces of an incident: the first ones, and the last
	var before *trace.Trace
	for _, file := range files {
		set := viewstest.OpenDemo(t, filepath.Base(file))
		n := min(set.Len(), most)
		at := func(i int) *trace.Trace {
			if i >= most/2 {
				i += set.Len() - n
			}
			return set.Trace(i)
		}
		for i := range n {
			for k := range n {
				if i != k {
					use(filepath.Base(file), pairTraces(at(i), at(k)))
				}
			}
		}
		if before != nil {
			use(filepath.Base(file)+" and the one before", pairTraces(before, set.Trace(0)))
			use("before "+filepath.Base(file), pairTraces(set.Trace(0), before))
		}
		before = set.Trace(0)
	}
}

// TestOneNameForOneCall: a call is named in its row as it is in the headline, among the contributors and in what is
// copied, also where the traces name it differently.
func TestOneNameForOneCall(t *testing.T) {
	renamed := 0
	demoPairs(t, func(name string, c *compare.Comparison) { renamed += checkNames(t, name, c) })
	const good, bad = "api root 0ms +100ms\n  api loadUserProfiles 1ms +20ms\n", "api root 0ms +200ms\n  core loadUserProfile 1ms +120ms\n"
	if renamed += checkNames(t, "a call that was renamed", pairOf(t, good, bad)); renamed < 10 {
		t.Errorf("%d calls were renamed: the pairs prove little", renamed)
	}
}

// checkNames returns how many calls are named differently in the two traces.
func checkNames(t *testing.T, name string, c *compare.Comparison) (renamed int) {
	t.Helper()
	v := New()
	v.SetComparison(c)
	viewstest.Do(v, views.OpenAll)
	text := v.Markdown() + c.Headline + "\n" + c.Brief
	for _, cause := range c.Causes {
		text += "\n" + cause.Text
	}
	var names strings.Builder
	for i := range c.Nodes {
		names.WriteString(c.Name(i) + "\n")
	}
	for _, r := range v.rows.list {
		n, i := &c.Nodes[r.node], int(r.node)
		if r.kind != callRow || n.Op.Label() == "" {
			continue
		}
		if got := strings.TrimSpace(strings.Join(both(v.rows.names(r, v.rows.namedSide(r))), " ")); got != c.Name(i) {
			t.Errorf("%s: the row of %s is named %s", name, c.Name(i), got)
		}
		if c.Label(i, false) == c.Label(i, true) {
			continue
		}
		renamed++
		before := n.Services[views.Good] + " " + c.Label(i, false)
		if strings.Contains(names.String(), before) { // so is another call named now
			continue
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, draw.MarkdownText(before)) && !strings.Contains(line, "operation ") && !strings.HasPrefix(line, "different operations") {
				t.Errorf("%s: %s is named as in the baseline: %s", name, c.Name(i), line)
			}
		}
	}
	return renamed
}

func both(a, b string) []string { return []string{a, b} }

// TestServicesOnBothSidesAlike: side by side, a row names its service on both sides or on neither, at every width.
func TestServicesOnBothSidesAlike(t *testing.T) {
	env := viewstest.Env(t)
	check := func(name string, c *compare.Comparison, widths ...int) {
		v := New()
		v.SetComparison(c)
		v.shape = shapeSides
		for _, width := range widths {
			v.drawn = layOut(width, 40, 0, v.shape, v.need)
			v.layNames()
			v.tree.Row = -1
			for k, r := range v.rows.list {
				n := &c.Nodes[r.node]
				if r.kind != callRow || n.Presence != compare.Matched || n.Services[views.Good] != n.Services[views.Bad] || n.Service == "" {
					continue
				}
				grid := draw.NewGrid(width, 1)
				v.frame(env).row(grid.All(), k)
				line := []rune(grid.Plain())
				start := func(side views.Side) string {
					text := strings.TrimLeft(string(line[v.drawn.side[side].x:][:v.drawn.side[side].names]), " ▾▸")
					return string([]rune(text)[:3])
				}
				if good, bad := start(views.Good), start(views.Bad); good != bad && !n.Relaxed {
					t.Fatalf("%s at %d columns: the sides of one row begin with %q and %q:\n%s", name, width, good, bad, string(line))
				}
			}
		}
	}
	demoPairs(t, func(name string, c *compare.Comparison) { check(name, c, 120, 200) })
	// The badge of the many calls leaves the bad side no room for the service, the good side has some.
	const root, call = "web root 0ms +900ms\n", "  checkout-service charge 1ms +2ms kind=client"
	check("more calls", pairOf(t, root+call+"\n", root+call+" repeat=500\n"), 126)
}
