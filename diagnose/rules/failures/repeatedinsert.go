package failures

import (
	"fmt"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// insertion is an INSERT with the values that it was called with.
type insertion struct {
	op     int32
	params uint64
}

// reportRepeated reports the same INSERT with equal visible values under different server spans of one operation: the
// same request was served twice, whoever sent it.
func (w *writeList) reportRepeated() {
	p, t := w.p, w.p.Facts.Trace
	var found rule.Lists[insertion, int]
	for i := t.First(); i < t.Len(); i++ {
		if p.Class(i) != semconv.ClassSQL || p.Params(i) == 0 || patterns.Hides(p.Facts, i) || p.Detail(i).Statement.Verb != "INSERT" || patterns.Repeatable(p.Facts, i) ||
			w.claimed[i] || w.undone != nil && w.undone[i] || !patterns.Writes(p.Facts, i) {
			continue
		}
		found.Add(insertion{p.OpNumber(i), p.Params(i)}, i)
	}
	var servers []int32 // by span: the nearest server span at or above it, plus one
	for _, spans := range found.All() {
		if len(spans) < rule.ThresholdsOf[DuplicateWriteThresholds](w.p).Writes {
			continue
		}
		if servers == nil {
			servers = servingSpans(p)
		}
		w.reportInsertion(spans, servers)
	}
}

func servingSpans(p *rule.Pass) []int32 {
	t := p.Facts.Trace
	servers := make([]int32, t.Len())
	for i := t.First(); i < t.Len(); i++ {
		if k := p.Kind(i); k == trace.KindServer || k == trace.KindConsumer {
			servers[i] = int32(i) + 1
		} else if parent := t.Parent(i); parent >= 0 {
			servers[i] = servers[parent]
		}
	}
	return servers
}

func (w *writeList) reportInsertion(spans []int, servers []int32) {
	p := w.p
	first := int(servers[spans[0]]) - 1
	if first < 0 {
		return
	}
	served, writes := []int{first}, []int{spans[0]}
	for _, i := range spans[1:] {
		s := int(servers[i]) - 1
		if s >= 0 && s != served[len(served)-1] && p.OpNumber(s) == p.OpNumber(first) && p.Facts.Trace.End(first) <= s {
			served, writes = append(served, s), append(writes, i)
		}
	}
	if len(served) < rule.ThresholdsOf[DuplicateWriteThresholds](p).Writes {
		return
	}
	p.Report(p.Op(writes[0]).Label(), rule.Finding{
		Kind: "duplicate write", Times: len(writes), Possible: true,
		Message:  fmt.Sprintf("%s ran %s with the same values, in %s to %s.", p.Quoted(writes[0]), rule.Calls(len(writes), "time"), rule.Calls(len(served), "request"), p.Quoted(first)),
		Anchor:   first,
		Evidence: append(p.Spans(rule.RoleOffender, served...), p.Spans(rule.RoleWrite, writes...)...),
		Numbers:  p.Measure(writes),
		Checks:   []rule.Check{{Name: "parameters are equal", Passed: true}, {Name: "both requests are attempts at one call"}},
		Risk:     0.6, Confidence: 0.6, Cap: new(rule.Medium),
	})
}
