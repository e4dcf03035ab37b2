package diagnose

import (
	"fmt"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// BlindSpotsThresholds say from when on missing instrumentation is told.
type BlindSpotsThresholds struct {
	Self  time.Duration `toml:"self" source:"own choice"`
	Share float64       `toml:"share" unit:"share of the critical path" source:"own choice"`
}

func defaultBlindSpots() BlindSpotsThresholds {
	return BlindSpotsThresholds{Self: 500 * time.Millisecond, Share: 0.5}
}

var blindSpots = Detector{
	ID: "D24", Name: "blind-spots", Title: "Trace quality and blind spots",
	Doc: "What the trace cannot show, and which detectors ran blind because of it. A thin report is no clean bill.",
	Rule: "time without instrumentation: a span with children and without events whose own time on the critical path is at least `self` and `share`. " +
		"Quality: anything dropped, cut off, without parent, end, statement or status.",
	Example:  "POST /pdf spent 1.96 s of 2 s by itself, without a span or an event inside: what it did is not in the trace.",
	Remedies: []string{"spans or events around the work", "raise the SDK's limits", "record db.query.text, with its values taken out where they are secret"},
	Trace:    findBlindSpots,
}

func findBlindSpots(p *Pass) {
	t, th := p.Facts.Trace, p.Thresholds.BlindSpots
	gate := max(int64(th.Self), int64(th.Share*float64(p.Total())))
	for i := t.First(); i < t.Len(); i++ {
		if p.Path.Time(i) >= gate && !p.Leaf(i) && t.Span(i).Events() == 0 && p.Kind(i) != trace.KindClient {
			p.reportUninstrumented(i)
		}
	}
	var b blindness
	b.look(p.Facts)
	if reasons := b.reasons(); len(reasons) > 0 {
		p.reportQuality(reasons)
	}
}

func (p *Pass) reportUninstrumented(i int) {
	own := p.Path.Time(i)
	info := Info
	p.Report("uninstrumented", Finding{
		Title: "uninstrumented " + facts.Lasted(own), Anchor: i, Cap: &info, Confidence: p.unlessCut(0.8),
		Message: fmt.Sprintf("%s spent %s of %s by itself, without a span or an event inside: what it did is not in the trace.",
			quoted(p.Op(i).Label()), facts.Lasted(own), facts.Lasted(p.Total())),
		Evidence: p.Spans(RoleOffender, i),
		Numbers:  Numbers{Count: 1, Union: own, Sum: own, Critical: own},
		Checks:   []Check{{"it has children, so its library is instrumented", true}, {"it has no events", true}},
	})
}

func (p *Pass) reportQuality(reasons []reason) {
	parts, blind := make([]string, len(reasons)), make([]string, 0, len(reasons))
	for n, r := range reasons {
		parts[n] = r.fact
		blind = append(blind, r.detector+": "+r.effect)
	}
	info := Info
	p.Report("quality", Finding{
		Title: "blind spots: " + parts[0], Anchor: p.Facts.Trace.Root().Index(), Cap: &info, Confidence: 1,
		Message: "Less is certain here: " + strings.Join(parts, "; ") + ".",
		Numbers: Numbers{Count: len(reasons)},
		Checks:  []Check{{"counted by the reader or by the SDKs", true}},
		Limits:  blind,
	})
}

// blindness counts what cannot be seen, in a trace or in a file.
type blindness struct {
	quality              trace.Quality
	sqlBare, sqlHidden   int // SQL spans without any statement, with placeholders only
	httpNoStatus         int // HTTP calls
	calls, paired        int // calls of clients; those with a serving span
	spans, noKind        int
	processes, anonymous map[int]bool // resources; those without an instance
}

// look counts in one trace.
func (b *blindness) look(f *facts.Facts) {
	t := f.Trace
	var c facts.Canonical
	if b.processes == nil {
		b.processes, b.anonymous = map[int]bool{}, map[int]bool{}
	}
	b.addQuality(t.Quality())
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		b.spans++
		if s.Kind() == trace.KindUnspecified {
			b.noKind++
		}
		switch f.Class(i) {
		case facts.ClassSQL:
			if f.Detail(i).Coarse {
				b.sqlBare++
			} else if _, ok := f.Identity(i); !ok && f.Params(i) == 0 {
				b.sqlHidden++
			}
		case facts.ClassHTTP, facts.ClassRPC:
			if f.Kind(i) != trace.KindClient {
				break
			}
			b.calls++
			if !f.Leaf(i) && f.Server(i) >= 0 {
				b.paired++
			}
			if f.Class(i) == facts.ClassHTTP {
				if f.Canonical(i, &c); !c.Has(facts.HTTPStatus) && f.Outcome(i) == facts.OutcomeOK {
					b.httpNoStatus++
				}
			}
		}
		if n := s.Resource().Index(); !b.processes[n] {
			b.processes[n] = true
			if f.Canonical(i, &c); !c.Has(facts.Instance) {
				b.anonymous[n] = true
			}
		}
	}
}

func (b *blindness) addQuality(q trace.Quality) {
	b.quality.Orphans += q.Orphans
	b.quality.Collisions += q.Collisions
	b.quality.RepairedTimes += q.RepairedTimes
	b.quality.Unfinished += q.Unfinished
	b.quality.Cycles += q.Cycles
	b.quality.FullAttrs += q.FullAttrs
	b.quality.CutStatements += q.CutStatements
	b.quality.DroppedAttrs += q.DroppedAttrs
	b.quality.DroppedEvents += q.DroppedEvents
	b.quality.DroppedLinks += q.DroppedLinks
	b.quality.Partial = b.quality.Partial || q.Partial
}

// reason is one thing that cannot be seen: how often it was met, and what it costs whom.
type reason struct{ detector, fact, effect string }

// reasons lists what was met.
func (b *blindness) reasons() []reason {
	q := b.quality
	var list []reason
	add := func(n int, detector, fact, effect string) {
		if n > 0 {
			list = append(list, reason{detector, fact, effect})
		}
	}
	if q.Partial {
		add(1, "bottleneck", "the backend calls the trace incomplete", "time of missing spans counts as their parents' own")
	}
	add(q.Orphans, "lost-context", calls(q.Orphans, "span")+" whose parent is missing", "the critical path does not go through them")
	if dropped := q.DroppedAttrs + q.DroppedEvents + q.DroppedLinks; dropped > 0 {
		add(dropped, "sensitive-data", "the SDKs dropped "+listed(b.dropped()), "what these held is not seen")
	}
	add(q.FullAttrs, "sensitive-data", calls(q.FullAttrs, "span")+" with exactly 128 attributes, the SDKs' limit", "further ones may have been left out")
	add(q.CutStatements, "redundant-calls", calls(q.CutStatements, "statement")+" cut off", "they are not compared")
	add(b.sqlBare, "n-plus-one", fmt.Sprintf("no db.query.text on %s", calls(b.sqlBare, "SQL span")), "N+1 cannot see parameters")
	add(b.sqlHidden, "redundant-calls", fmt.Sprintf("placeholders only in %s", calls(b.sqlHidden, "SQL span")), "equal parameters cannot be told from different ones")
	add(b.httpNoStatus, "error-origin", fmt.Sprintf("no status code on %s", calls(b.httpNoStatus, "HTTP call")), "their failures may be missed")
	add(q.Unfinished, "timeout-wait", calls(q.Unfinished, "span")+" without an end", "how long they lasted is not known")
	add(q.RepairedTimes, "clock-skew", calls(q.RepairedTimes, "span")+" whose times could not be right", "repaired times prove nothing about clocks")
	add(q.Collisions+q.Cycles, "lost-context", calls(q.Collisions+q.Cycles, "span")+" whose id or parent could not be right", "they may hang in the wrong place")
	return list
}

func (b *blindness) dropped() []string {
	var parts []string
	for _, d := range []struct {
		n    int
		noun string
	}{{b.quality.DroppedAttrs, "attribute"}, {b.quality.DroppedEvents, "event"}, {b.quality.DroppedLinks, "link"}} {
		if d.n > 0 {
			parts = append(parts, calls(d.n, d.noun))
		}
	}
	return parts
}

// fileReasons adds what only matters where traces are compared with each other.
func (b *blindness) fileReasons() []reason {
	list := b.reasons()
	if b.calls > 0 && b.paired == 0 {
		list = append(list, reason{"edge-gap", fmt.Sprintf("none of %s has a serving span", calls(b.calls, "call")), "caller and callee cannot be compared"})
	}
	if n := len(b.anonymous); n > 0 {
		list = append(list, reason{"bad-instance", fmt.Sprintf("no instance named by %d of %s", n, calls(len(b.processes), "resource")), "instances cannot be compared"})
	}
	if b.noKind > 0 {
		list = append(list, reason{"edge-gap", fmt.Sprintf("no kind on %s of %s", grouped(b.noKind), calls(b.spans, "span")), "who called and who served was inferred"})
	}
	return list
}

// blindSpotsOf says what no detector could see in the traces of a file.
func blindSpotsOf(all []*facts.Facts) []BlindSpot {
	var b blindness
	for _, f := range all {
		b.look(f)
	}
	var list []BlindSpot
	for _, r := range b.fileReasons() {
		list = append(list, BlindSpot{r.detector, r.fact + ": " + r.effect})
	}
	return list
}
