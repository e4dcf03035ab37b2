package tracelist

import (
	"cmp"
	"slices"
	"sort"

	"tracefall/diagnose/stats"
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
	apart bool // every trace is a line of its own
	list  []group
	sums  []sum
	lines int // of the list

	opened map[groupName]bool
}

// group is traces of one line. There may be as many as traces: what takes room is in its sum.
type group struct {
	from, to uint32 // its traces among the rows
	line     uint32 // of the list, where it begins
	sum      int32  // its place among the sums, -1 for a single trace
	open     bool
}

// sum is what the line of several traces says of them.
type sum struct {
	lead                    uint32 // the row of the one that is opened: that with the worst finding, else the first
	least, middle, most     int64  // durations in ns: the shortest, the median, the longest
	spans, errors, services int    // most of one trace
	matched                 int    // spans of all
	first, last             int64  // starts, ns since the epoch
	far                     bool   // one has spans far outside its root
	named                   bool   // all roots have one name
}

// groupName names a group whatever set its traces are of.
type groupName struct{ service, name, finding string }

// groupKey tells groups of one set apart.
type groupKey struct {
	service, name trace.Symbol
	op            int32  // the number of the root's operation, -1 where it is not known
	finding       string // "" for none
}

// entry is what stands in a line of the list.
type entry struct {
	group  int  // the place of the group whose line it is, -1 for a single trace
	row    int  // the trace, or that which stands for the group
	inside bool // a trace of an open group
}

func (s *shown) groupKey(i int) groupKey {
	root := s.set.Trace(i).Root()
	key := groupKey{service: root.ServiceSymbol(), name: root.NameSymbol(), op: -1}
	if s.findings.Facts != nil {
		key.op, key.name = s.findings.Facts(i).OpNumber(root.Index()), 0
	}
	if f := s.worst(i); f != nil {
		key.finding = cmp.Or(f.Fingerprint, f.Detector)
	}
	return key
}

// groupName names a group by one of its traces.
func (s *shown) groupName(i int) groupName {
	root := s.set.Trace(i).Root()
	name := groupName{service: root.Service(), name: root.Name()}
	if s.findings.Facts != nil {
		name.name = s.findings.Facts(i).Op(root.Index()).Label()
	}
	if f := s.worst(i); f != nil {
		name.finding = cmp.Or(f.Fingerprint, f.Detector)
	}
	return name
}

// arrange makes the groups of sorted rows, and brings the rows of each together. What was open stays open; was says it of
// the traces, nil where the names of the groups do.
func (g *groups) arrange(s *shown, was []bool) {
	g.list, g.sums = g.list[:0], g.sums[:0]
	if !g.apart {
		g.gather(s)
	}
	if was != nil {
		clear(g.opened)
	}
	for n := range g.list {
		one := &g.list[n]
		if i := int(s.rows[one.from]); one.sum >= 0 && (was != nil && was[i] || len(g.opened) > 0 && g.opened[s.groupName(i)]) {
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

// gather finds the groups in the order of their first traces, and distributes the rows.
func (g *groups) gather(s *shown) {
	known := make(map[groupKey]uint32)
	of := make([]uint32, len(s.rows)) // the group of each row
	for row, i := range s.rows {
		key := s.groupKey(int(i))
		n, ok := known[key]
		if !ok {
			n = uint32(len(g.list))
			known[key] = n
			g.list = append(g.list, group{sum: -1})
		}
		of[row] = n
		g.list[n].to++ // how many, until it is known where they begin
	}
	if len(g.list) == len(s.rows) || len(g.list) == 1 { // no two are alike, or all are: one line would say nothing
		g.list = g.list[:0]
		return
	}
	at := uint32(0)
	for n := range g.list {
		count := g.list[n].to
		g.list[n].from, g.list[n].to = at, at
		at += count
	}
	rows := make([]uint32, len(s.rows))
	for row, i := range s.rows {
		to := &g.list[of[row]].to
		rows[*to] = i
		*to++
	}
	s.rows = rows
	var scratch []int64
	for n := range g.list {
		if one := &g.list[n]; one.to-one.from > 1 {
			one.sum = int32(len(g.sums))
			g.sums = append(g.sums, s.sumUp(*one, &scratch))
		}
	}
}

// sumUp measures the traces of a group.
func (s *shown) sumUp(g group, durations *[]int64) sum {
	took := (*durations)[:0]
	one := sum{lead: g.from, named: true}
	gravest := uint64(0)
	name := s.set.Trace(int(s.rows[g.from])).Root().NameSymbol()
	for row := g.from; row < g.to; row++ {
		i := int(s.rows[row])
		t := s.set.Trace(i)
		took = append(took, t.Duration())
		one.spans, one.errors, one.services = max(one.spans, t.SpanCount()), max(one.errors, t.Errors()), max(one.services, t.Services())
		one.matched += s.matched(i)
		if start := t.Start(); row == g.from {
			one.first, one.last = start, start
		} else {
			one.first, one.last = min(one.first, start), max(one.last, start)
		}
		one.far = one.far || isFar(t)
		one.named = one.named && t.Root().NameSymbol() == name
		if s.findings.Worst == nil {
			continue
		}
		if n := s.gravity(i); n > gravest {
			gravest, one.lead = n, row
		}
	}
	slices.Sort(took)
	one.least, one.middle, one.most = took[0], stats.Percentile(took, 50), took[len(took)-1]
	*durations = took
	return one
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

// at returns what stands in a line.
func (g *groups) at(line int) entry {
	if len(g.list) == 0 {
		return entry{group: -1, row: line}
	}
	n := sort.Search(len(g.list), func(n int) bool { return int(g.list[n].line) > line }) - 1
	one := &g.list[n]
	switch inside := line - int(one.line); {
	case one.sum < 0:
		return entry{group: -1, row: int(one.from)}
	case inside > 0:
		return entry{group: n, row: int(one.from) + inside - 1, inside: true}
	}
	return entry{group: n, row: int(g.sums[one.sum].lead)}
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
	return &g.sums[g.list[e.group].sum]
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
