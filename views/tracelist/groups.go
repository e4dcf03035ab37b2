package tracelist

import (
	"cmp"
	"slices"
	"sort"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// groups is how the rows of traces stand in the lines of the list: traces with the same root operation and the same
// worst finding are one line, which opens.
//
//	rows    a a a b c c      traces, sorted, those of a group together
//	closed  ▸a×3  b  ▸c×2    three lines
//	open    ▾a×3 a a a  b  ▸c×2
//
// A group stands where the first of its traces would: of what is sorted by it has the worst, the longest or the latest.
type groups struct {
	kinds
	apart bool // every trace is a line of its own
	list  []group
	lines int // of the list

	opened map[groupName]bool
}

// group is traces of one line. There may be as many as traces: what takes room is in its sum.
type group struct {
	from, to uint32 // its traces among the rows
	line     uint32 // of the list, where it begins
	kind     uint32 // its place among the kinds
	lead     uint32 // the row of the trace that is opened
	open     bool
}

// kinds are the groups of what is shown, in whatever order that is: they change when the traces or their findings do.
type kinds struct {
	known bool
	of    []uint32 // by trace of the set: its place among the kinds
	sizes []uint32 // how many traces are of each kind
	sums  []sum    // of kinds with more than one trace
	at    []int32  // by kind: its place among the sums, -1 for none
}

// sum is what the line of several traces shows.
type sum struct {
	lead                    uint32 // the trace that is opened: the one with the worst finding, else one that failed; of these the longest
	gravity                 uint64 // of the lead
	least, middle, most     int64  // durations in ns: the shortest, the median, the longest
	spans, errors, services int    // most of one trace
	matched                 int    // spans of all
	first, last             int64  // starts, ns since the epoch
	name                    trace.Symbol
	far                     bool     // one has spans far outside its root
	several                 bool     // the roots have several names
	slow                    *slowest // nil until it is asked for
}

// groupName names a group whatever set its traces are of.
type groupName struct{ service, name, finding string }

// entry is what stands in a line of the list.
type entry struct {
	group  int     // the place of the group whose line it is, -1 for a single trace
	row    int     // the trace, or that which stands for the group
	inside bool    // a trace of an open group
	unread *Unread // a trace that was not read, which has no row; nil for none
}

// findingName says which traces have the same finding.
func findingName(f *rule.Finding) string { return cmp.Or(f.Fingerprint, f.Detector) }

// operationKey returns a number for the operation of a trace's root: that of the operation where it is known, else its service
// and name.
func (s *shown) operationKey(i int) uint64 {
	root := s.set.Trace(i).Root()
	if s.findings.Facts != nil {
		return uint64(s.findings.Facts(i).OpNumber(root.Index()))
	}
	return uint64(root.ServiceSymbol())<<32 | uint64(root.NameSymbol())
}

// divide finds the kinds of the traces shown and sums them up, in passes over them in the order of memory.
func (k *kinds) divide(s *shown) {
	*k = kinds{known: true, of: k.of[:0], sizes: k.sizes[:0], sums: k.sums[:0], at: k.at[:0]}
	if s.set == nil {
		return
	}
	k.of = slices.Grow(k.of, s.set.Len())[:s.set.Len()]
	operations, findings, both := map[uint64]uint32{}, map[string]uint32{}, map[uint64]uint32{}
	var unfound []uint32 // by operation, most traces are of these: the kind without a finding, from 1 on
	// The roots lie all over memory: read in a pass that does nothing else, they are waited for together.
	keys := make([]uint64, 0, len(s.rows))
	s.each(func(i int, _ *trace.Trace) { keys = append(keys, s.operationKey(i)) })
	at := 0
	s.each(func(i int, _ *trace.Trace) {
		op := number(operations, keys[at])
		at++
		if int(op) == len(unfound) {
			unfound = append(unfound, 0)
		}
		f, n := s.worst(i), uint32(len(k.sizes))
		switch {
		case f == nil && unfound[op] > 0:
			n = unfound[op] - 1
		case f == nil:
			unfound[op] = n + 1
		default:
			key := uint64(op)<<32 | uint64(number(findings, findingName(f)))
			if at, ok := both[key]; ok {
				n = at
			} else {
				both[key] = n
			}
		}
		if int(n) == len(k.sizes) {
			k.sizes = append(k.sizes, 0)
		}
		k.of[i] = n
		k.sizes[n]++
	})
	for _, size := range k.sizes {
		if size < 2 {
			k.at = append(k.at, -1)
			continue
		}
		k.at = append(k.at, int32(len(k.sums)))
		k.sums = append(k.sums, sum{})
	}
	k.sumUp(s)
}

// number returns the number of a key, the next one for a new key.
func number[K comparable](known map[K]uint32, key K) uint32 {
	n, ok := known[key]
	if !ok {
		n = uint32(len(known))
		known[key] = n
	}
	return n
}

// sumUp measures the kinds with several traces.
func (k *kinds) sumUp(s *shown) {
	took := make([][]uint64, len(k.sums)) // durations
	for n, size := range k.sizes {
		if at := k.at[n]; at >= 0 {
			took[at] = make([]uint64, 0, size)
		}
	}
	s.each(func(i int, t *trace.Trace) {
		at := k.at[k.of[i]]
		if at < 0 {
			return
		}
		one, first := &k.sums[at], len(took[at]) == 0
		took[at] = append(took[at], uint64(t.Duration()))
		if first {
			one.lead, one.gravity, one.name = uint32(i), s.gravity(i), t.Root().NameSymbol()
			one.least, one.most, one.first, one.last = t.Duration(), t.Duration(), t.Start(), t.Start()
		}
		if n := s.gravity(i); n > one.gravity || n == one.gravity && t.Duration() > s.set.Trace(int(one.lead)).Duration() {
			one.gravity, one.lead = n, uint32(i)
		}
		one.least, one.most = min(one.least, t.Duration()), max(one.most, t.Duration())
		one.first, one.last = min(one.first, t.Start()), max(one.last, t.Start())
		one.spans, one.errors, one.services = max(one.spans, t.SpanCount()), max(one.errors, t.Errors()), max(one.services, t.Services())
		one.matched += s.matched(i)
		one.far = one.far || isFar(t)
		if s.findings.Facts != nil { // else those of a kind have one name
			one.several = one.several || t.Root().NameSymbol() != one.name
		}
	})
	for at := range k.sums {
		k.sums[at].middle = int64(median(took[at]))
	}
}

// median returns the median by nearest rank in linear time. It looks at the highest bytes first and goes on with those
// numbers that share the one that the median has. The numbers leave their order.
func median(of []uint64) uint64 {
	rank := (len(of)+1)/2 - 1
	for shift := 56; shift >= 0; shift -= 8 {
		var counts [256]int
		for _, n := range of {
			counts[byte(n>>shift)]++
		}
		b := 0
		for ; rank >= counts[b]; b++ {
			rank -= counts[b]
		}
		kept := of[:0]
		for _, n := range of {
			if byte(n>>shift) == byte(b) {
				kept = append(kept, n)
			}
		}
		of = kept
	}
	return of[0]
}

// groupName names a group by one of its traces.
func (s *shown) groupName(i int) groupName {
	root := s.set.Trace(i).Root()
	name := groupName{service: root.Service(), name: root.Name()}
	if s.findings.Facts != nil {
		name.name = s.findings.Facts(i).Op(root.Index()).Label()
	}
	if f := s.worst(i); f != nil {
		name.finding = findingName(f)
	}
	return name
}

// arrange makes the groups of sorted rows, and brings the rows of each together.
func (g *groups) arrange(s *shown) {
	g.list = g.list[:0]
	if g.apart {
		return
	}
	if !g.known {
		g.divide(s)
	}
	g.gather(s)
}

// reopen opens what was open before, and counts the lines; was says it of the traces, nil where the names of the groups do.
func (g *groups) reopen(s *shown, was []bool) {
	if was != nil {
		clear(g.opened)
	}
	for n := range g.list {
		if was == nil && len(g.opened) == 0 {
			break
		}
		one := &g.list[n]
		if i := int(s.rows[one.from]); one.to-one.from > 1 && (was != nil && was[i] || g.opened[s.groupName(i)]) {
			g.setOpen(s, n, true)
		}
	}
	g.lay(len(s.rows))
}

// inOpen returns for each trace of the set whether it is in an open group, nil where none is open.
func (g *groups) inOpen(s *shown) []bool {
	if len(g.opened) == 0 {
		return nil
	}
	open := make([]bool, s.set.Len())
	for _, one := range g.list {
		for row := one.from; one.open && row < one.to; row++ {
			open[s.rows[row]] = true
		}
	}
	return open
}

// gather puts the groups in the order of their first traces, and distributes the rows.
func (g *groups) gather(s *shown) {
	if len(g.sizes) == len(s.rows) || len(g.sizes) < 2 { // no two are alike, or all are: one line would say nothing
		return
	}
	placed := make([]uint32, len(g.sizes)) // by kind: the place of its group, from 1 on
	at := uint32(0)
	for _, i := range s.rows {
		if kind := g.of[i]; placed[kind] == 0 {
			g.list = append(g.list, group{from: at, to: at, kind: kind})
			placed[kind] = uint32(len(g.list))
			at += g.sizes[kind]
		}
	}
	rows := make([]uint32, len(s.rows))
	for _, i := range s.rows {
		kind := g.of[i]
		one := &g.list[placed[kind]-1]
		if at := g.at[kind]; at < 0 || g.sums[at].lead == i {
			one.lead = one.to
		}
		rows[one.to] = i
		one.to++
	}
	s.rows = rows
}

// lay counts the lines of the list.
func (g *groups) lay(rows int) {
	g.lines = rows
	if len(g.list) == 0 {
		return
	}
	at := uint32(0)
	for n := range g.list {
		one := &g.list[n]
		one.line = at
		at++
		if one.open {
			at += one.to - one.from
		}
	}
	g.lines = int(at)
}

// entryAt returns what stands in a line.
func (g *groups) entryAt(line int) entry {
	if len(g.list) == 0 {
		return entry{group: -1, row: line}
	}
	n := sort.Search(len(g.list), func(n int) bool { return int(g.list[n].line) > line }) - 1
	one := &g.list[n]
	switch inside := line - int(one.line); {
	case one.to-one.from == 1:
		return entry{group: -1, row: int(one.from)}
	case inside > 0:
		return entry{group: n, row: int(one.from) + inside - 1, inside: true}
	}
	return entry{group: n, row: int(one.lead)}
}

// lineOf returns the line of a row: its own, or that of its group while that is closed.
func (g *groups) lineOf(row int) int {
	if len(g.list) == 0 {
		return row
	}
	n := sort.Search(len(g.list), func(n int) bool { return int(g.list[n].from) > row }) - 1
	one := &g.list[n]
	if one.open {
		return int(one.line) + 1 + row - int(one.from)
	}
	return int(one.line)
}

// sumOf returns what the line of a group says, nil for what is a trace.
func (g *groups) sumOf(e entry) *sum {
	if e.group < 0 || e.inside {
		return nil
	}
	return &g.sums[g.at[g.list[e.group].kind]]
}

// holds reports whether a row is one of an entry's.
func (g *groups) holds(e entry, row int) bool {
	if e.group < 0 || e.inside {
		return e.row == row
	}
	return row >= int(g.list[e.group].from) && row < int(g.list[e.group].to)
}

// setOpen opens or closes a group.
func (g *groups) setOpen(s *shown, n int, open bool) {
	g.list[n].open = open
	name := s.groupName(int(s.rows[g.list[n].from]))
	if !open {
		delete(g.opened, name)
		return
	}
	if g.opened == nil {
		g.opened = map[groupName]bool{}
	}
	g.opened[name] = true
}
