package compare

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/normalize"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// AttributeChange is an attribute whose value differs between two matched spans; "" is a missing one.
type AttributeChange struct {
	Scope     string // "span" or "resource"
	Key       string
	Good, Bad string
}

// Attributes compares two spans of the traces attribute by attribute, the span's own and its resource's, sorted by
// key. Secrets in the values are masked.
func (c *Comparison) Attributes(good, bad int) []AttributeChange {
	g, b := c.Good.Trace.Span(good), c.Bad.Trace.Span(bad)
	list := attributeDiff("span", g.Attrs(), b.Attrs())
	list = append(list, attributeDiff("resource", g.Resource().Attrs(), b.Resource().Attrs())...)
	for i := range list {
		a := &list[i]
		a.Good, _ = secrets.Mask(a.Key, a.Good, false)
		a.Bad, _ = secrets.Mask(a.Key, a.Bad, false)
	}
	return list
}

// attributeDiff finds what differs without tables: two spans of one operation list their attributes in one order.
func attributeDiff(scope string, good, bad trace.Attrs) []AttributeChange {
	var list []AttributeChange
	for i := range good.Len() {
		key, v := good.Key(i), good.Value(i)
		if w := counterpart(bad, i, key); !v.Equal(w) && firstOf(good, i, key) {
			list = append(list, AttributeChange{scope, key, v.String(), w.String()})
		}
	}
	for i := range bad.Len() {
		key := bad.Key(i)
		if counterpart(good, i, key).Type() == trace.TypeNone && firstOf(bad, i, key) {
			list = append(list, AttributeChange{scope, key, "", bad.Value(i).String()})
		}
	}
	slices.SortFunc(list, func(a, b AttributeChange) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// counterpart returns the value of a key, looking first where it is on the other side.
func counterpart(attrs trace.Attrs, at int, key string) trace.Value {
	if at < attrs.Len() && attrs.Key(at) == key {
		return attrs.Value(at)
	}
	for i := range attrs.Len() {
		if attrs.Key(i) == key {
			return attrs.Value(i)
		}
	}
	return trace.Value{}
}

// firstOf reports whether no attribute before i has the key of i: of repeated keys the first counts.
func firstOf(attrs trace.Attrs, i int, key string) bool {
	for k := range i {
		if attrs.Key(k) == key {
			return false
		}
	}
	return true
}

// attributes lists what differs in more than values such as ids and numbers, which differ between any two requests,
// where one call stands against one. What differs in the resource is told once.
func (c *changes) attributes(i int) {
	n := &c.Nodes[i]
	if len(n.Good) != 1 || len(n.Bad) != 1 {
		return
	}
	g, b := c.Good.Trace.Span(n.Good[0]), c.Bad.Trace.Span(n.Bad[0])
	list := attributeDiff("span", g.Attrs(), b.Attrs())
	if pair := [2]int{g.Resource().Index(), b.Resource().Index()}; !c.seen[pair] {
		c.seen[pair] = true
		list = append(list, attributeDiff("resource", g.Resource().Attrs(), b.Resource().Attrs())...)
	}
	for _, a := range list {
		if len(a.Good) > LongValue || len(a.Bad) > LongValue || PerRequest(a.Key) || normalize.Name(a.Good) == normalize.Name(a.Bad) {
			continue
		}
		good, _ := secrets.Mask(a.Key, a.Good, false)
		bad, _ := secrets.Mask(a.Key, a.Bad, false)
		c.add(KindAttribute, i, "%s %s → %s", a.Key, orNone(good), orNone(bad))
	}
}

// LongValue is the length in bytes from which a value is a text about one request, not a property of the call.
const LongValue = 80

// PerRequest reports whether a key holds what belongs to one request or process only.
func PerRequest(key string) bool {
	return strings.HasSuffix(key, ".id") || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, ".pid") ||
		strings.Contains(key, "pod.uid") || strings.HasPrefix(key, "thread.") || strings.HasSuffix(key, ".port")
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
