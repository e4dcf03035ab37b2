package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Change is one difference between the traces, of whatever kind.
type Change struct {
	Kind   Kind
	Node   int
	Detail string // a clause: "×3 → ×50", "ok → 503 unavailable", "service.version 1.4.1 → 1.4.2"
}

// The noise under which a change of duration between two single traces is not reported.
const (
	noiseLeast = int64(5_000_000) // ns
	noiseCall  = 0.10             // of the longer of the two
	noiseTrace = 0.01             // of the longer trace
)

// changes lists what differs, in the order of the aligned tree. What lies below a missing or added call is not
// listed on its own.
func (c *Comparison) changes() []Change {
	var list []Change
	add := func(kind Kind, node int, format string, args ...any) {
		list = append(list, Change{kind, node, fmt.Sprintf(format, args...)})
	}
	for i := 0; i < len(c.Nodes); i++ {
		n := &c.Nodes[i]
		good, bad := c.goodCall(n), c.badCall(n)
		if n.Presence != Matched {
			c.oneSided(i, add)
			if !n.Level {
				i = n.End - 1
			}
			continue
		}
		if n.Relaxed {
			add(KindAttribute, i, "operation %s → %s", good.op.Label(), bad.op.Label())
		}
		if good.n() != bad.n() {
			add(KindCount, i, "×%d → ×%d", good.n(), bad.n())
		}
		if text := c.statusChange(good, bad); text != "" {
			add(KindStatus, i, "%s", text)
		}
		if d := c.meanDuration(true, bad) - c.meanDuration(false, good); c.notable(d, good, bad) {
			add(KindDuration, i, "%s → %s (%s)", facts.Lasted(c.meanDuration(false, good)), facts.Lasted(c.meanDuration(true, bad)), signed(d))
		}
		if c.reordered(i) {
			add(KindOrder, i, "its calls run in another order")
		}
		for _, text := range c.attributeChanges(n) {
			add(KindAttribute, i, "%s", text)
		}
	}
	return list
}

func (c *Comparison) oneSided(i int, add func(Kind, int, string, ...any)) {
	n := &c.Nodes[i]
	spans := 0
	for k := i; k < n.End; k++ {
		spans += len(c.Nodes[k].Good) + len(c.Nodes[k].Bad)
	}
	below := ""
	if spans > 1 && !n.Level {
		below = fmt.Sprintf(" (%d spans)", spans)
	}
	switch {
	case n.Moved >= 0 && n.Presence == Added:
		add(KindMoved, i, "moved here from under %s", c.parentName(n.Moved))
	case n.Moved >= 0:
		add(KindMoved, i, "moved from here to under %s", c.parentName(n.Moved))
	case n.Level && n.Presence == Added:
		add(KindAdded, i, "level added around %s", c.Nodes[i+1].Op.Label())
	case n.Level:
		add(KindMissing, i, "level removed around %s", c.Nodes[i+1].Op.Label())
	case n.Presence == Added:
		add(KindAdded, i, "added%s", below)
	case n.NotReached:
		add(KindMissing, i, "not reached%s", below)
	default:
		add(KindMissing, i, "%s%s", c.lackingWord(), below)
	}
}

func (c *Comparison) parentName(i int) string {
	if p := c.Nodes[i].Parent; p >= 0 {
		return c.Nodes[p].Op.Label()
	}
	return "the root"
}

// statusChange says how the outcome of a call changed, "" where it did not.
func (c *Comparison) statusChange(good, bad *call) string {
	before, now := outcome(c.Good, good), outcome(c.Bad, bad)
	if before == now {
		return ""
	}
	return before + " → " + now
}

// outcome sums up how the calls of a node ended: "ok", or the worst, with the sort of failure and how many.
func outcome(f *facts.Facts, c *call) string {
	worst, failed := -1, 0
	for _, list := range [...][]int{c.members, c.servers} {
		for _, i := range list {
			if f.Failed(i) && (worst < 0 || f.Failure(worst) == facts.ErrorOther) {
				worst = i
			}
		}
	}
	for _, i := range c.members {
		if f.Failed(i) {
			failed++
		}
	}
	switch {
	case worst < 0:
		return "ok"
	case c.n() > 1:
		return fmt.Sprintf("%d of %d failed (%s)", max(failed, 1), c.n(), f.Failure(worst))
	}
	return "failed (" + f.Failure(worst).String() + ")"
}

func (c *Comparison) meanDuration(bad bool, call *call) int64 {
	f := c.Good
	if bad {
		f = c.Bad
	}
	return f.Sum(call.members) / int64(call.n())
}

// notable tells whether a change of the mean duration of a call is more than noise.
func (c *Comparison) notable(d int64, good, bad *call) bool {
	longer := max(c.meanDuration(false, good), c.meanDuration(true, bad))
	least := max(noiseLeast, int64(noiseCall*float64(longer)), int64(noiseTrace*float64(max(c.Good.Total(), c.Bad.Total()))))
	return abs(d) >= least
}

// reordered tells whether the matched children of a node, sequential on both sides, start in another order.
func (c *Comparison) reordered(i int) bool {
	n := &c.Nodes[i]
	var good, bad []int
	for k := i + 1; k < n.End; k = c.Nodes[k].End {
		if kid := &c.Nodes[k]; kid.Presence == Matched && len(kid.Good) == 1 && len(kid.Bad) == 1 {
			good, bad = append(good, kid.Good[0]), append(bad, kid.Bad[0])
		}
	}
	if len(good) < 2 || slices.IsSorted(bad) && slices.IsSorted(good) {
		return false
	}
	slices.Sort(good)
	inOrder := slices.Clone(bad)
	slices.Sort(inOrder)
	how, _ := c.Good.Arrange(good)
	now, _ := c.Bad.Arrange(inOrder)
	return how == facts.Sequential && now == facts.Sequential
}

// AttributeChange is an attribute whose value differs between two matched spans; "" is a missing one.
type AttributeChange struct {
	Scope     string // "span" or "resource"
	Key       string
	Good, Bad string
}

// Attributes compares two spans of the traces attribute by attribute, the span's own and its resource's, sorted by
// key.
func (c *Comparison) Attributes(good, bad int) []AttributeChange {
	g, b := c.Good.Trace.Span(good), c.Bad.Trace.Span(bad)
	list := attributeDiff("span", g.Attrs(), b.Attrs())
	return append(list, attributeDiff("resource", g.Resource().Attrs(), b.Resource().Attrs())...)
}

func attributeDiff(scope string, good, bad trace.Attrs) []AttributeChange {
	values := map[string][2]string{}
	for key, v := range good.All() {
		values[key] = [2]string{v.String()}
	}
	for key, v := range bad.All() {
		pair := values[key]
		pair[1] = v.String()
		values[key] = pair
	}
	var list []AttributeChange
	for key, pair := range values {
		if pair[0] != pair[1] {
			list = append(list, AttributeChange{scope, key, pair[0], pair[1]})
		}
	}
	slices.SortFunc(list, func(a, b AttributeChange) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// attributeChanges words the attributes of a node's only pair that differ in more than values such as ids and
// numbers, which differ between any two requests.
func (c *Comparison) attributeChanges(n *Node) []string {
	if len(n.Good) != 1 || len(n.Bad) != 1 {
		return nil
	}
	var list []string
	for _, a := range c.Attributes(n.Good[0], n.Bad[0]) {
		if facts.Name(a.Good) == facts.Name(a.Bad) || len(a.Good) > 80 || len(a.Bad) > 80 || perRequest(a.Key) {
			continue
		}
		list = append(list, fmt.Sprintf("%s %s → %s", a.Key, orNone(a.Good), orNone(a.Bad)))
	}
	return list
}

// perRequest tells whether a key holds what belongs to one request or process only.
func perRequest(key string) bool {
	return strings.HasSuffix(key, ".id") || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, ".pid") ||
		strings.Contains(key, "pod.uid") || strings.HasPrefix(key, "thread.") || strings.HasSuffix(key, ".port")
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
