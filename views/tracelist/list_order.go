package tracelist

import (
	"cmp"
	"slices"

	"tracefall/sources/trace"
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
)

// shown calls visit for each trace to be shown, in the order of the set: that of memory, several times faster
// than that of the rows where there are many.
func (l *List) shown(visit func(i int, t *trace.Trace)) {
	switch {
	case l.set == nil:
	case l.filter == nil:
		for i := range l.set.Len() {
			visit(i, l.set.Trace(i))
		}
	default:
		for _, i := range l.filter.Traces {
			visit(i, l.set.Trace(i))
		}
	}
}

// order puts the traces to be shown into rows, and measures them. It is stable: equal traces stay in the order of
// the set, by start, then id.
func (l *List) order() {
	l.rows = l.rows[:0]
	l.mostSpans, l.mostErrors, l.longest = 0, 0, 0
	l.shown(func(i int, t *trace.Trace) {
		l.rows = append(l.rows, uint32(i))
		l.mostSpans, l.mostErrors = max(l.mostSpans, t.SpanCount()), max(l.mostErrors, t.Errors())
		l.longest = max(l.longest, t.Duration())
	})
	if len(l.rows) == 0 {
		return
	}
	if l.sort == ColumnTraceID {
		l.orderByID()
		return
	}
	l.orderBy(l.sortKey())
}

// orderBy sorts the rows by a key, in the direction asked for.
func (l *List) orderBy(key func(i int) uint64) {
	keys := make([]uint64, len(l.rows))
	for row, i := range l.rows {
		keys[row] = key(int(i))
		if l.descending {
			keys[row] = ^keys[row]
		}
	}
	l.rows = table.SortByKey(l.rows, keys)
}

// orderByID sorts by trace id, which no single key holds: by its parts, the least significant first.
func (l *List) orderByID() {
	var texts []string // of ids that are no numbers
	rank := func(text string) uint64 {
		at, _ := slices.BinarySearch(texts, text)
		return uint64(at)
	}
	for _, i := range l.rows {
		if text := l.set.Trace(int(i)).ID().Text; text != "" {
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
		l.orderBy(func(i int) uint64 { return part(l.set.Trace(i).ID()) })
	}
}

// sortKey returns what traces are sorted by, ascending.
func (l *List) sortKey() func(i int) uint64 {
	set := l.set
	switch l.sort {
	case ColumnDuration:
		return func(i int) uint64 { return signed(set.Trace(i).Duration()) }
	case ColumnSpans:
		return func(i int) uint64 { return uint64(set.Trace(i).SpanCount()) }
	case ColumnErrors:
		return func(i int) uint64 { return uint64(set.Trace(i).Errors()) }
	case ColumnServices:
		return func(i int) uint64 { return uint64(set.Trace(i).Services()) }
	case ColumnMatched:
		return l.matchedKey()
	case ColumnRoot:
		return l.rootKey()
	case ColumnFindings:
		return func(i int) uint64 { return l.findingKey(i) }
	case ColumnStart, ColumnTraceID:
	}
	return func(i int) uint64 { return signed(set.Trace(i).Start()) }
}

// signed maps an int64 to a uint64 in the same order.
func signed(n int64) uint64 { return uint64(n) ^ 1<<63 }

func (l *List) matchedKey() func(i int) uint64 {
	matched := make(map[int]int)
	if l.filter != nil {
		for k, i := range l.filter.Traces {
			if k < len(l.filter.Spans) {
				matched[i] = l.filter.Spans[k]
			}
		}
	}
	return func(i int) uint64 { return uint64(matched[i]) }
}

func (l *List) findingKey(i int) uint64 {
	if l.findings.Of == nil {
		return 0
	}
	f := l.findings.Of(i)
	return uint64(f.Level)<<56 | uint64(max(f.Weight, 0))&(1<<56-1)
}

// rootKey ranks the services and names of the roots in the order of their texts.
func (l *List) rootKey() func(i int) uint64 {
	ranks := l.rankRoots()
	return func(i int) uint64 {
		root := l.set.Trace(i).Root()
		return uint64(ranks[root.ServiceSymbol()])<<32 | uint64(ranks[root.NameSymbol()])
	}
}

// rankRoots numbers the symbols that the roots of the rows use, in the order of their texts.
func (l *List) rankRoots() []uint32 {
	ranks := make([]uint32, l.set.Symbols())
	var used []trace.Symbol
	use := func(s trace.Symbol) {
		if ranks[s] == 0 {
			ranks[s] = 1
			used = append(used, s)
		}
	}
	for _, i := range l.rows {
		root := l.set.Trace(int(i)).Root()
		use(root.ServiceSymbol())
		use(root.NameSymbol())
	}
	slices.SortFunc(used, func(a, b trace.Symbol) int { return cmp.Compare(l.set.Text(a), l.set.Text(b)) })
	for rank, s := range used {
		ranks[s] = uint32(rank) + 1
	}
	return ranks
}
