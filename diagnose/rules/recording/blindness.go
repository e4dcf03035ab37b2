package recording

import (
	"fmt"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// blindness counts what cannot be seen, in a trace or in a file.
type blindness struct {
	quality              trace.Quality
	sqlBare, sqlHidden   int // SQL spans without any statement, with placeholders only
	noStatus             int // HTTP and gRPC calls
	traces               int
	edges                *fileEdges // of the file, where all of it is looked at
	cut                  int        // spans near the file's ends whose parent is missing
	rootless, manyRoots  int        // traces whose first span is missing, that begin with several
	afterRoot            int        // spans that began when the root had ended
	calls, paired        int        // calls of clients; those with a serving span
	spans, noKind        int
	processes, anonymous map[int]bool // resources; those without an instance
}

// look counts in one trace.
func (b *blindness) look(f *facts.Facts) {
	t := f.Trace
	var c semconv.Canonical
	if b.processes == nil {
		b.processes, b.anonymous = map[int]bool{}, map[int]bool{}
	}
	b.addQuality(t.Quality())
	root := t.Root()
	b.traces++
	switch {
	case root.Has(trace.FlagOrphan):
		b.rootless++
		if t.First() == 0 {
			b.quality.Orphans-- // nothing but the root is missing, which is listed as that
		}
	case t.Quality().Roots-t.Quality().Orphans > 1:
		b.manyRoots++
	}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		b.spans++
		if s.Has(trace.FlagOrphan) && b.edges != nil && b.edges.near(s.Start()) {
			b.cut++
		}
		if s.Kind() == trace.KindUnspecified {
			b.noKind++
		}
		if end := f.Timing.Effective(root.Index()).End; f.Timing.Effective(i).Start > end && b.abandoned(f, i, end) && f.CriticalTime(i) == 0 {
			b.afterRoot++
		}
		switch f.Class(i) {
		case semconv.ClassSQL:
			if f.Detail(i).Coarse {
				b.sqlBare++
			} else if _, ok := patterns.Identity(f, i); !ok && f.Params(i) == 0 {
				b.sqlHidden++
			}
		case semconv.ClassHTTP, semconv.ClassRPC:
			if f.Kind(i) != trace.KindClient {
				break
			}
			b.calls++
			if !f.Leaf(i) && f.Server(i) >= 0 {
				b.paired++
			}
			if f.Outcome(i) == semconv.OutcomeOK && b.mute(f, i, &c) {
				b.noStatus++
			}
		}
		if n := s.Resource().Index(); !b.processes[n] {
			b.processes[n] = true
			if f.Canonical(i, &c); !c.Has(semconv.Instance) {
				b.anonymous[n] = true
			}
		}
	}
}

// abandoned reports whether span i, which began when the first span had ended, is the topmost that did, in work that was
// handed to nobody.
func (b *blindness) abandoned(f *facts.Facts, i int, end int64) bool {
	up := f.Trace.Parent(i)
	return up >= f.Trace.First() && f.Timing.Effective(up).Start <= end && f.Kind(i) != trace.KindConsumer && !f.Trace.Span(i).FollowsFrom()
}

// mute reports whether a call that seems to have worked carries no code that says so.
func (b *blindness) mute(f *facts.Facts, i int, c *semconv.Canonical) bool {
	f.Canonical(i, c)
	if f.Class(i) == semconv.ClassHTTP {
		return !c.Has(semconv.HTTPStatus)
	}
	return c.Text(semconv.RPCSystem) == "grpc" && !c.Has(semconv.RPCStatus)
}

// addQuality adds what the reader counted.
func (b *blindness) addQuality(q trace.Quality) {
	b.quality.Orphans += q.Orphans
	b.quality.Collisions += q.Collisions
	b.quality.RepairedTimes += q.RepairedTimes
	b.quality.Unfinished += q.Unfinished + q.Untimed
	b.quality.Cycles += q.Cycles
	b.quality.FullAttrs += q.FullAttrs
	b.quality.CutStatements += q.CutStatements
	b.quality.DroppedAttrs += q.DroppedAttrs
	b.quality.DroppedEvents += q.DroppedEvents
	b.quality.DroppedLinks += q.DroppedLinks
	b.quality.Partial = b.quality.Partial || q.Partial
	b.quality.Truncated = b.quality.Truncated || q.Truncated
}

// reason is one thing that cannot be seen, and what it costs the detectors that it makes blind.
type reason struct {
	gap       rule.Gap
	fact      string
	effect    string
	detectors []string
}

// reasons lists what was met. What only matters where traces are compared with each other is listed for files.
func (b *blindness) reasons(detectors []*rule.Detector) []reason {
	q := b.quality
	var list []reason
	add := func(n int, gap rule.Gap, fact string) {
		if n > 0 {
			list = appendReasons(list, detectors, gap, fact)
		}
	}
	if q.Partial {
		add(1, rule.GapPartial, "backend reports a partial trace")
	}
	if q.Truncated {
		add(1, rule.GapTruncated, "file truncated within the trace")
	}
	add(q.Orphans, rule.GapOrphans, rule.Calls(q.Orphans, "orphan span")+" (parent not in file)")
	add(b.cut, rule.GapEdges, rule.Calls(b.cut, "orphan span")+" near the start or end of the file")
	add(b.rootless, rule.GapRootless, "root span missing"+b.of(b.rootless))
	add(b.manyRoots, rule.GapManyRoots, "several root spans"+b.of(b.manyRoots))
	add(b.afterRoot, rule.GapAfterRoot, rule.Calls(b.afterRoot, "span")+" started after the root span ended")
	if dropped := q.DroppedAttrs + q.DroppedEvents + q.DroppedLinks; dropped > 0 {
		add(dropped, rule.GapDropped, rule.Listed(b.dropped())+" dropped by the SDK")
	}
	add(q.FullAttrs, rule.GapFullAttrs, "SDK limit of 128 attributes reached ("+rule.Calls(q.FullAttrs, "span")+")")
	add(q.CutStatements, rule.GapCutStatements, rule.Calls(q.CutStatements, "truncated statement"))
	add(b.sqlBare, rule.GapNoStatement, "SQL statement not recorded ("+rule.Calls(b.sqlBare, "span")+")")
	add(b.sqlHidden, rule.GapPlaceholders, "SQL parameters not recorded ("+rule.Calls(b.sqlHidden, "span")+")")
	add(b.noStatus, rule.GapNoStatus, "status code not recorded ("+rule.Calls(b.noStatus, "call")+")")
	add(q.Unfinished, rule.GapUnfinished, rule.Calls(q.Unfinished, "span")+" without end time")
	add(q.RepairedTimes, rule.GapRepaired, "invalid timestamps repaired ("+rule.Calls(q.RepairedTimes, "span")+")")
	add(q.Collisions+q.Cycles, rule.GapWrongPlace, "duplicate span ids or cyclic parents ("+rule.Calls(q.Collisions+q.Cycles, "span")+")")
	if b.edges == nil {
		return list
	}
	if b.paired == 0 {
		add(b.calls, rule.GapUnpaired, "no server spans for "+rule.Calls(b.calls, "call"))
	}
	add(len(b.anonymous), rule.GapAnonymous, fmt.Sprintf("instance not recorded (%s of %s)", trace.Grouped(len(b.anonymous)), rule.Calls(len(b.processes), "resource")))
	add(b.noKind, rule.GapNoKind, fmt.Sprintf("span kind not recorded (%s of %s)", trace.Grouped(b.noKind), rule.Calls(b.spans, "span")))
	return list
}

// appendReasons adds a gap with whom it makes blind, those that miss the same together.
func appendReasons(list []reason, detectors []*rule.Detector, gap rule.Gap, fact string) []reason {
	for _, d := range detectors {
		for k := range d.Blind {
			blind := &d.Blind[k]
			if blind.Gap != gap {
				continue
			}
			if last := len(list) - 1; last >= 0 && list[last].gap == gap && list[last].effect == blind.Effect {
				list[last].detectors = append(list[last].detectors, d.Name)
			} else {
				list = append(list, reason{gap, fact, blind.Effect, []string{d.Name}})
			}
		}
	}
	return list
}

// of adds in how many traces something holds, where there are several.
func (b *blindness) of(n int) string {
	if b.traces == 1 {
		return ""
	}
	return " (" + rule.Calls(n, "trace") + ")"
}

func (b *blindness) dropped() []string {
	var parts []string
	for _, d := range []struct {
		n    int
		noun string
	}{{b.quality.DroppedAttrs, "attribute"}, {b.quality.DroppedEvents, "event"}, {b.quality.DroppedLinks, "link"}} {
		if d.n > 0 {
			parts = append(parts, rule.Calls(d.n, d.noun))
		}
	}
	return parts
}

// BlindSpotsOf lists the detectors with limited data in the traces of a file.
func BlindSpotsOf(all []*facts.Facts, set *trace.Set, around *rule.Around) []rule.BlindSpot {
	edges := rule.ThresholdsOf[LostContextThresholds](around).edges(set)
	b := blindness{edges: &edges}
	for _, f := range all {
		b.look(f)
	}
	var list []rule.BlindSpot
	for _, r := range b.reasons(around.Detectors) {
		for _, detector := range r.detectors {
			list = append(list, rule.BlindSpot{Detector: detector, Reason: r.fact + ": " + r.effect})
		}
	}
	return list
}
