package compare

import (
	"cmp"
	"slices"
	"strings"

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

// LongValue is the length in bytes from which a value is a text about one request, not a property of the call.
const LongValue = 80

// PerRequest reports whether a key holds what belongs to one request or process only.
func PerRequest(key string) bool {
	return strings.HasSuffix(key, ".id") || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, ".pid") ||
		strings.Contains(key, "pod.uid") || strings.HasPrefix(key, "thread.") || strings.HasSuffix(key, ".port")
}
