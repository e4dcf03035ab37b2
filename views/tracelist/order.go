package tracelist

import (
	"cmp"
	"slices"

	"tracefall/diagnose"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/table"
)

// Column is a column of the list of traces.
type Column uint8

// The columns of the list.
const (
	ColumnStart Column = iota
	ColumnDuration
	ColumnSpans
	ColumnErrors
	ColumnServices
	ColumnMatched
	ColumnRoot
	ColumnFindings
	ColumnTraceID
	ColumnRange // of the durations of traces that are one row; how far spans lie outside the root of one
	ColumnPath  // the service that most of the critical path runs through
)

// Findings is what the detectors say about the traces of a set, which are named by their place in it.
type Findings struct {
	Set    *trace.Set                // the set that was examined
	Worst  func(i int) *rule.Finding // the gravest finding of a trace, nil for none; a nil func: nothing is known yet
	Facts  func(i int) *facts.Facts  // of a trace; nil where nothing is known
	Counts diagnose.Counts           // of all findings
}

// shown is the traces of a set that are shown, in an order.
type shown struct {
	set      *trace.Set
	filter   *Filter // nil for all traces
	findings Findings
	rows     []uint32 // the traces, sorted; those of a group one after the other
	from, to int64    // the bounds of the set loaded last

	mostSpans, mostErrors int   // of one trace of the rows
	shortest, longest     int64 // ns; the shortest that takes any time
	far, several          bool  // a trace has spans far outside its root, or spans of several services

}

// slowest is the service that most of the critical path of a trace runs through, or of the paths of several traces together.
type slowest struct {
	span        trace.Span // one of the service
	known       bool       // not where nothing is known yet, or all is of one service
	time, whole int64
}

// slowest returns the service that most of a trace's critical path runs through.
func (s *shown) slowest(i int) slowest {
	if s.findings.Facts == nil {
		return slowest{}
	}
	f := s.findings.Facts(i)
	list := f.PathServices()
	if len(list) < 2 {
		return slowest{whole: f.PathLength()}
	}
	return slowest{f.Trace.Span(list[0].Span), true, list[0].Time, f.PathLength()}
}

// slowestOf returns the service that most of the critical paths of several traces run through, taken together: what is true
// of one of them need not be of the others.
func (s *shown) slowestOf(traces []uint32) slowest {
	var services rule.Groups[trace.Symbol, slowest]
	var most slowest
	var whole int64
	for _, i := range traces {
		f := s.findings.Facts(int(i))
		whole = clocks.Add(whole, f.PathLength())
		for _, one := range f.PathServices() {
			span := f.Trace.Span(one.Span)
			sum := services.Of(span.ServiceSymbol())
			sum.span, sum.time = span, clocks.Add(sum.time, one.Time)
		}
	}
	for _, sum := range services.All() {
		if sum.time > most.time {
			most = *sum
		}
	}
	most.known, most.whole = len(services.Keys) > 1, whole
	return most
}

// each calls visit for each trace to be shown, in the order of the set: that of memory, several times faster
// than that of the rows where there are many.
func (s *shown) each(visit func(i int, t *trace.Trace)) {
	switch {
	case s.set == nil:
	case s.filter == nil:
		for i := range s.set.Len() {
			visit(i, s.set.Trace(i))
		}
	default:
		for _, i := range s.filter.Traces {
			visit(i, s.set.Trace(i))
		}
	}
}

// nth returns the n-th trace that each visits.
func (s *shown) nth(n int) *trace.Trace {
	if s.filter != nil {
		n = s.filter.Traces[n]
	}
	return s.set.Trace(n)
}

// order puts the traces to be shown into rows, and measures them. It is stable: equal traces stay in the order of
// the set, by start, then id.
func (s *shown) order(by Column, descending bool) {
	s.rows = s.rows[:0]
	s.mostSpans, s.mostErrors, s.shortest, s.longest, s.far, s.several = 0, 0, 0, 0, false, false
	s.each(func(i int, t *trace.Trace) {
		s.rows = append(s.rows, uint32(i))
		s.mostSpans, s.mostErrors = max(s.mostSpans, t.SpanCount()), max(s.mostErrors, t.Errors())
		took := t.Duration()
		s.longest = max(s.longest, took)
		if took > 0 && (s.shortest == 0 || took < s.shortest) {
			s.shortest = took
		}
		s.far, s.several = s.far || isFar(t), s.several || t.Services() > 1
	})
	switch {
	case len(s.rows) == 0:
	case by == ColumnTraceID:
		s.orderByID(descending)
	case by == ColumnFindings:
		var gravity []uint64
		if s.findings.Worst != nil { // in the order of memory
			gravity = make([]uint64, s.set.Len())
			s.each(func(i int, _ *trace.Trace) { gravity[i] = s.gravity(i) })
		}
		s.orderBy(s.sortKey(ColumnDuration), descending) // of what is equally grave the longest come first
		if gravity != nil {
			s.orderBy(func(i int) uint64 { return gravity[i] }, descending)
		}
	default:
		s.orderBy(s.sortKey(by), descending)
	}
}

// isFar reports whether spans of a trace lie far outside its root.
func isFar(t *trace.Trace) bool {
	_, _, far := views.Outside(t)
	return far
}

// orderBy sorts the rows by a key.
func (s *shown) orderBy(key func(i int) uint64, descending bool) {
	keys := make([]uint64, len(s.rows))
	for row, i := range s.rows {
		keys[row] = key(int(i))
		if descending {
			keys[row] = ^keys[row]
		}
	}
	s.rows = table.SortByKey(s.rows, keys)
}

// orderByID sorts by trace id, which no single key holds: by its parts, the least significant first.
func (s *shown) orderByID(descending bool) {
	var texts []string // of ids that are no numbers
	rank := func(text string) uint64 {
		at, _ := slices.BinarySearch(texts, text)
		return uint64(at)
	}
	for _, i := range s.rows {
		if text := s.set.Trace(int(i)).ID().Text; text != "" {
			texts = append(texts, text)
		}
	}
	texts = append(texts, "")
	slices.Sort(texts)
	for _, part := range []func(trace.TraceID) uint64{
		func(id trace.TraceID) uint64 { return id.Lo },
		func(id trace.TraceID) uint64 { return id.Hi },
		func(id trace.TraceID) uint64 { return rank(id.Text) },
	} {
		s.orderBy(func(i int) uint64 { return part(s.set.Trace(i).ID()) }, descending)
	}
}

// sortKey returns what traces are sorted by, ascending.
func (s *shown) sortKey(by Column) func(i int) uint64 {
	set := s.set
	switch by {
	case ColumnDuration, ColumnRange:
		return func(i int) uint64 { return signed(set.Trace(i).Duration()) }
	case ColumnSpans:
		return func(i int) uint64 { return uint64(set.Trace(i).SpanCount()) }
	case ColumnErrors:
		return func(i int) uint64 { return uint64(set.Trace(i).Errors()) }
	case ColumnServices:
		return func(i int) uint64 { return uint64(set.Trace(i).Services()) }
	case ColumnMatched:
		return func(i int) uint64 { return uint64(s.matched(i)) }
	case ColumnRoot:
		return s.rootKey()
	case ColumnFindings:
		return s.gravity
	case ColumnPath:
		return func(i int) uint64 { return signed(s.slowest(i).time) }
	case ColumnStart, ColumnTraceID:
	}
	return func(i int) uint64 { return signed(set.Trace(i).Start()) }
}

// signed maps an int64 to a uint64 in the same order.
func signed(n int64) uint64 { return uint64(n) ^ 1<<63 }

// worst returns the gravest finding of a trace, nil for none or where nothing is known yet.
func (s *shown) worst(i int) *rule.Finding {
	if s.findings.Worst == nil {
		return nil
	}
	return s.findings.Worst(i)
}

// isHealthy reports whether the detectors are done and found nothing but information.
func (s *shown) isHealthy() bool { return s.findings.Worst != nil && s.findings.Counts.Total() == 0 }

// sortOf returns the column to sort by instead of one: where no trace has findings they are sorted by duration anyway.
func (s *shown) sortOf(by Column) Column {
	if by == ColumnFindings && s.isHealthy() {
		return ColumnDuration
	}
	return by
}

// gravity orders traces by what was found in them: by the severity of the worst, then by the time that it cost. Without
// a finding a trace with errors comes before one without.
func (s *shown) gravity(i int) uint64 {
	f := s.worst(i)
	if f == nil {
		return uint64(min(s.set.Trace(i).Errors(), 1))
	}
	const costs = 1<<56 - 1
	return uint64(f.Severity)<<56 | min(uint64(max(f.Numbers.Avoidable, 0))+2, costs)
}

// rootKey ranks the services and names of the roots in the order of their texts.
func (s *shown) rootKey() func(i int) uint64 {
	ranks := s.rankRoots()
	return func(i int) uint64 {
		root := s.set.Trace(i).Root()
		return uint64(ranks[root.ServiceSymbol()])<<32 | uint64(ranks[root.NameSymbol()])
	}
}

// rankRoots numbers the symbols that the roots of the rows use, in the order of their texts.
func (s *shown) rankRoots() []uint32 {
	ranks := make([]uint32, s.set.Symbols())
	var used []trace.Symbol
	use := func(s trace.Symbol) {
		if ranks[s] == 0 {
			ranks[s] = 1
			used = append(used, s)
		}
	}
	for _, i := range s.rows {
		root := s.set.Trace(int(i)).Root()
		use(root.ServiceSymbol())
		use(root.NameSymbol())
	}
	slices.SortFunc(used, func(a, b trace.Symbol) int { return cmp.Compare(s.set.Text(a), s.set.Text(b)) })
	for rank, s := range used {
		ranks[s] = uint32(rank) + 1
	}
	return ranks
}

// matched returns how many spans of a trace match the query.
func (s *shown) matched(i int) int {
	if s.filter == nil || s.filter.Spans == nil {
		return 0
	}
	if k, ok := s.filter.place(i); ok {
		return s.filter.Spans[k]
	}
	return 0
}

// isFailed reports whether there are errors in a trace, isFound whether the detectors say something of it.
func (s *shown) isFailed(i int) bool { return s.set.Trace(i).Errors() > 0 }

func (s *shown) isFound(i int) bool { return s.worst(i) != nil }

// place returns the place of a trace among the matches.
func (f *Filter) place(i int) (int, bool) { return slices.BinarySearch(f.Traces, i) }
