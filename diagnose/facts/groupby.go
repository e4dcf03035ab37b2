package facts

import (
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
)

// ByService groups spans by the service that emitted them.
func ByService() GroupBy {
	shown := shownServices{}
	return func(f *Facts, i int) (string, bool) {
		name := shown.of(f.Trace.Span(i))
		return name, name != ""
	}
}

// ByOperation groups spans by service and operation: "payment POST /charge". It is for the traces of one set.
func ByOperation() GroupBy {
	labels := map[int32]string{} // by number of the operation; operations of a set are numbered once
	return func(f *Facts, i int) (string, bool) {
		return once(labels, f.OpNumber(i), func(n int32) string { return f.Ops.Op(n).Service + " " + f.Ops.Op(n).Label() }), true
	}
}

// ByName groups spans by service and name, as the export spells it but for secrets. It is for the traces of one set.
func ByName() GroupBy {
	labels := map[[2]trace.Symbol]string{}
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		pair := [2]trace.Symbol{s.ServiceSymbol(), s.NameSymbol()}
		return once(labels, pair, func([2]trace.Symbol) string { return secrets.ServiceName(s) + " " + secrets.SpanName(s) }), true
	}
}

// ByEdge groups calls by the service that makes them and the one that they reach, or the peer that they name where it
// left no span: "gateway → cart", "cart → redis:6379", the edges of the graph of services. A call counts once, by its
// caller's span where there is one, so that its self time is what passes between the two. Other spans have no group.
func ByEdge() GroupBy {
	edges := NewEdges()
	return func(f *Facts, i int) (string, bool) {
		edge, ok := edges.Of(f, i)
		if !ok {
			return "", false
		}
		return edge.String(), true
	}
}

// ByAttribute groups spans by the value of an attribute: the span's own, else its resource's. A value that should
// not be shown is masked, so that equal and different secrets are one group.
func ByAttribute(key string) GroupBy {
	shown := map[string]string{} // looking for secrets costs more than remembering where there are none
	return func(f *Facts, i int) (string, bool) {
		s := f.Trace.Span(i)
		v := s.Attrs().Get(key)
		if v.Type() == trace.TypeNone {
			v = s.Resource().Attrs().Get(key)
		}
		if v.Type() == trace.TypeNone {
			return "", false
		}
		return once(shown, v.String(), func(value string) string {
			text, _ := secrets.Mask(key, value, false)
			return text
		}), true
	}
}

// GroupBy tells which group span i belongs to; ok is false where it has none.
type GroupBy func(f *Facts, i int) (key string, ok bool)
