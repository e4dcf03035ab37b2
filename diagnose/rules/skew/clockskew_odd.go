package skew

import (
	"fmt"
	"math"
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// oddTimes gathers times that cannot be right, or that need an explanation, by service.
type oddTimes struct {
	p      *rule.FilePass
	th     *ClockSkewThresholds
	groups rule.Groups[oddKey, odd]
	usual  map[string]int64 // when the traces of an input are
}

type oddKind uint8

const (
	oddZone     oddKind = iota // events that lie outside their span by a time zone
	oddEvents                  // events outside their span otherwise
	oddBefore                  // spans that begin before their parent in the same process
	oddRepaired                // times that the reader repaired
	oddYear                    // times a year from the file's
	oddMoment                  // spans that all start at one moment
	oddUnit                    // times about 1970
)

type oddKey struct {
	kind    oddKind
	service string
	detail  string // the zone, or the unit
}

// odd is what is odd about the times of one service.
type odd struct {
	places []rule.Place
	count  int     // of events, or of spans
	most   int64   // ns, by which they are off
	total  float64 // ns, the sum: of times that are years off, 64 bits hold five
}

func (o *oddTimes) add(k oddKey, at rule.Place, by int64) {
	g := o.groups.Of(k)
	if n := len(g.places); n == 0 || g.places[n-1] != at {
		g.places = append(g.places, at)
	}
	g.count++
	g.total += float64(by)
	if rule.Abs(by) > rule.Abs(g.most) {
		g.most = by
	}
}

func (o *oddTimes) read(f *facts.Facts) {
	const year = 366 * 24 * int64(time.Hour)
	t := f.Trace
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		at, service := rule.Place{Facts: f, Span: i}, s.Service()
		if s.Untimed() {
			continue // nothing stands in
		}
		if repaired(s) {
			o.add(oddKey{oddRepaired, service, ""}, at, 0)
			continue
		}
		if usual, known := o.usual[s.Input()]; known && rule.Abs(s.Start()-usual) > year {
			o.add(oddKey{oddYear, service, ""}, at, s.Start()-usual)
		}
		for n := range s.Events() {
			if e := s.Event(n); !patterns.QueuedEvent(e.Name()) {
				o.event(at, e.Time())
			}
		}
		p := t.Parent(i)
		if p >= t.First() && t.Span(p).Resource().Index() == s.Resource().Index() && !repaired(t.Span(p)) && !s.FollowsFrom() {
			if early := t.Span(p).Start() - s.Start(); early >= int64(o.th.Apart) {
				o.add(oddKey{oddBefore, service, ""}, at, early)
			}
		}
	}
	o.moment(f)
}

// fileUnit reports a file whose times all lie about 1970 because they were written in a coarser unit than read.
func (o *oddTimes) fileUnit() {
	for _, f := range o.p.Traces {
		root := f.Trace.Root()
		unit, _ := unitOf(root.Start())
		if usual, _ := unitOf(o.usual[root.Input()]); unit != "" && unit == usual {
			o.add(oddKey{oddUnit, "", unit}, rule.Place{Facts: f, Span: f.Trace.Root().Index()}, 0)
		}
	}
}

// event looks at the time of an event of a span. The process that wrote both has one clock.
func (o *oddTimes) event(at rule.Place, when int64) {
	s := at.Data()
	off := int64(0)
	switch {
	case when == 0:
		return
	case when < s.Start():
		off = when - s.Start()
	case when > s.Finish():
		off = when - s.Finish()
	}
	if rule.Abs(off) < int64(o.th.Apart) {
		return
	}
	kind := oddEvents
	zone, ok := o.th.zone(off)
	if ok {
		kind = oddZone
	}
	o.add(oddKey{kind, s.Service(), zone}, at, off)
}

// moment looks for a trace whose spans all start at once although they last: their exporter has no start times.
func (o *oddTimes) moment(f *facts.Facts) {
	t := f.Trace
	if t.SpanCount() < o.th.Spans {
		return
	}
	start := t.Span(t.First()).Start()
	shortest, longest := t.Span(t.First()).Duration(), int64(0)
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		if s.Start() != start || repaired(s) {
			return
		}
		shortest, longest = min(shortest, s.Duration()), max(longest, s.Duration())
	}
	if longest > shortest {
		o.add(oddKey{oddMoment, t.Root().Service(), ""}, rule.Place{Facts: f, Span: t.First()}, 0)
	}
}

func reportOdd(p *rule.FilePass, k oddKey, g *odd) {
	service := rule.Named(k.service)
	f := rule.Finding{
		Evidence:   rule.EvidenceOf(rule.RoleOffender, g.places...),
		Numbers:    rule.Numbers{Count: g.count, More: []rule.Number{{Name: "offset_nano", Value: math.Trunc(g.total / float64(g.count))}}},
		Checks:     []rule.Check{{Name: "more than one case", Passed: g.count > 1}},
		Confidence: 0.7,
		Cap:        new(rule.Info),
		Service:    k.service,
		Where:      k.service,
	}
	where := "after"
	if g.most < 0 {
		where = "before"
	}
	switch k.kind {
	case oddZone:
		f.Kind = "timestamps in wrong time zone"
		f.Message = fmt.Sprintf("%s of %s %s %s %s %s span, which matches a time zone offset (%s).", rule.Calls(g.count, "event"), service,
			rule.Verb(g.count, "is", "are"), units.Lasted(rule.Abs(g.most)), where, rule.Verb(g.count, "its", "their"), k.detail)
		f.Cap, f.Risk, f.Confidence = new(rule.Low), 0.1, 0.8
	case oddEvents:
		f.Kind = "events outside their span"
		f.Message = fmt.Sprintf("%s of %s %s outside %s span, by up to %s.", rule.Calls(g.count, "event"), service,
			rule.Verb(g.count, "is", "are"), rule.Verb(g.count, "its", "their"), units.Lasted(rule.Abs(g.most)))
	case oddBefore:
		f.Kind = "spans start before their parent"
		f.Message = fmt.Sprintf("%s of %s %s before %s parent in the same process, by up to %s.", rule.Calls(g.count, "span"), service,
			rule.Verb(g.count, "starts", "start"), rule.Verb(g.count, "its", "their"), units.Lasted(g.most))
	case oddRepaired:
		f.Kind = "invalid timestamps repaired"
		f.Message = fmt.Sprintf("%s of %s had an invalid start time or duration and got a substitute.", rule.Calls(g.count, "span"), service)
	case oddYear:
		f.Kind = "timestamps a year off"
		f.Message = fmt.Sprintf("%s of %s %s more than a year %s the rest of the file.", rule.Calls(g.count, "span"), service, rule.Verb(g.count, "is", "are"), where)
		if unit, year := unitOf(g.places[0].Data().Start()); unit != "" {
			f.Message += fmt.Sprintf(" Read as %s they would be in %d.", unit, year)
		}
		f.Cap, f.Risk = new(rule.Low), 0.1
	case oddMoment:
		f.Kind = "all spans have the same start time"
		f.Message = fmt.Sprintf("In %s of %s all spans have the same start time but different durations.", rule.Calls(g.count, "trace"), service)
	case oddUnit:
		start := g.places[0].Data().Start()
		unit, year := unitOf(start)
		f.Kind = "timestamps near 1970 (wrong unit)"
		f.Message = fmt.Sprintf("%s in the file %s in %d; read as %s they would be in %d.", rule.Calls(g.count, "trace"),
			rule.Verb(g.count, "is", "are"), time.Unix(0, start).UTC().Year(), unit, year)
		f.Cap, f.Risk = new(rule.Low), 0.1
	}
	f.Gain(0.1)
	p.Report(g.places[0], fmt.Sprintf("times %d %s %s", k.kind, k.service, k.detail), f)
}

// zone writes an offset as that of a time zone, "-08:00", where it is near a multiple of a quarter of an hour, two
// quarters or more.
func (th *ClockSkewThresholds) zone(offset int64) (text string, ok bool) {
	quarter := int64(th.Quarter)
	if quarter <= 0 {
		return "", false
	}
	n := (rule.Abs(offset) + quarter/2) / quarter
	const most = 14 * 4 // no zone is further than 14 hours from UTC
	if n < 2 || n > most || rule.Abs(rule.Abs(offset)-n*quarter) > int64(th.Near) {
		return "", false
	}
	sign := "+"
	if offset < 0 {
		sign = "-"
	}
	minutes := n * quarter / int64(time.Minute)
	return fmt.Sprintf("%s%02d:%02d", sign, minutes/60, minutes%60), true
}

// unitOf names the unit that a time read as nanoseconds must have been written in to be one of our years, "" where it
// is one already or no unit fits; and that year.
func unitOf(at int64) (name string, year int) {
	name, nanos := clocks.UnitOf(at)
	if nanos <= 1 {
		return "", 0
	}
	return name, time.Unix(0, at*nanos).UTC().Year()
}

// repaired reports whether the builder had to repair the span's times.
func repaired(s trace.Span) bool { return s.Has(trace.FlagTimeRepaired) }
