package spans

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// data is the spans of the table, by number: in the order of their traces, within a trace in that of the trace. It does
// not change once made.
type data struct {
	set    *trace.Set
	traces []*trace.Trace
	first  []int32 // by trace: the number of its first span; one longer
	index  []int32 // by number: the index in its trace
	self   []int64 // by number: ns
	op     []int32 // by number: the operation
	status []status
	ops    []operation
	keys   []string // of attributes, sorted

	from, to int64 // ns since the epoch: the first and the last start
	services int   // cells of the widest service, of the widest operation, and of the widest status
	names    int
	statuses int
}

// operation is what the spans of one operation have in common.
type operation struct {
	service, name string
	rank          [2]uint32
}

// status is how a span ended: 0 for nothing recorded, 1 for ok, from 2 on an error with its sort of failure.
type status uint8

const (
	statusUnset status = iota
	statusOK
	statusFailed
)

// text writes how a span ended; sign is that of errors.
func (s status) text(sign string) string {
	switch {
	case s >= statusFailed:
		return sign + " " + s.failure()
	case s == statusOK:
		return "ok"
	}
	return ""
}

// failure names the sort of failure.
func (s status) failure() string {
	class := semconv.ErrorClass(s - statusFailed)
	if class == semconv.ErrorNone || class == semconv.ErrorOther {
		return "error"
	}
	return class.String()
}

// read reads the spans of portions of one set. It costs some tens of nanoseconds a span.
func read(set *trace.Set, portions iter.Seq[facts.Portion]) *data {
	d := &data{set: set}
	calls := calls{keys: calltree.NewKeys(), known: map[call]int32{}}
	for p := range portions {
		t := p.Facts.Trace
		d.traces, d.first = append(d.traces, t), append(d.first, int32(len(d.index)))
		opAt := calls.reader(p.Facts)
		if p.Spans == nil {
			for i := t.First(); i < t.Len(); i++ {
				d.add(p.Facts, i, opAt(i))
			}
			continue
		}
		for _, i := range p.Spans {
			if int(i) >= t.First() {
				d.add(p.Facts, int(i), opAt(int(i)))
			}
		}
	}
	d.first = append(d.first, int32(len(d.index)))
	for _, o := range calls.ops {
		d.services, d.names = max(d.services, draw.Width(o.service)), max(d.names, draw.Width(o.name))
	}
	d.ops = calls.ops
	met := [256]bool{}
	for _, st := range d.status {
		met[st] = true
	}
	for st, is := range met {
		if is {
			d.statuses = max(d.statuses, draw.Width(status(st).text("✗")))
		}
	}
	d.rank()
	d.keys = facts.AttributeKeys(set, slices.Values(d.traces))
	return d
}

// call is what spans of one name called: their operation, and the name, a symbol of the set.
type call struct {
	key  int32
	name trace.Symbol
}

// calls number what spans called, as their rows in the waterfall say it.
type calls struct {
	keys  *calltree.Keys
	known map[call]int32
	ops   []operation
}

// reader returns what numbers the spans of one trace.
func (c *calls) reader(f *facts.Facts) func(i int) int32 {
	keyAt := c.keys.Reader(f)
	last, number := call{key: -1}, int32(0)
	return func(i int) int32 {
		at := call{keyAt(i), f.Trace.Span(i).NameSymbol()}
		if at == last {
			return number
		}
		n, ok := c.known[at]
		if !ok {
			n = int32(len(c.ops))
			c.known[at] = n
			c.ops = append(c.ops, operation{service: draw.Clean(f.Op(i).Service), name: draw.Clean(views.CallLabel(f, i))})
		}
		last, number = at, n
		return n
	}
}

// add adds a span.
func (d *data) add(f *facts.Facts, i int, op int32) {
	s := f.Trace.Span(i)
	st := statusUnset
	switch {
	case s.Error():
		st = statusFailed + status(f.Failure(i))
	case s.Status() == trace.StatusOK:
		st = statusOK
	}
	if len(d.index) == 0 {
		d.from, d.to = s.Start(), s.Start()
	}
	d.from, d.to = min(d.from, s.Start()), max(d.to, s.Start())
	d.index, d.self, d.op, d.status = append(d.index, int32(i)), append(d.self, f.Self[i]), append(d.op, op), append(d.status, st)
}

// rank orders the operations by service and by name.
func (d *data) rank() {
	order := make([]int32, len(d.ops))
	for n := range order {
		order[n] = int32(n)
	}
	for by, text := range [2]func(o *operation) string{func(o *operation) string { return o.service }, func(o *operation) string { return o.name }} {
		slices.SortStableFunc(order, func(a, b int32) int { return strings.Compare(text(&d.ops[a]), text(&d.ops[b])) })
		rank := uint32(0)
		for n, op := range order {
			if n > 0 && text(&d.ops[order[n-1]]) != text(&d.ops[op]) {
				rank++
			}
			d.ops[op].rank[by] = rank
		}
	}
}

// span returns a span by its number.
func (d *data) span(n uint32) trace.Span {
	at, found := slices.BinarySearch(d.first, int32(n))
	if !found {
		at--
	}
	for d.first[at+1] == int32(n) { // traces without a span that counts
		at++
	}
	return d.traces[at].Span(int(d.index[n]))
}

// each calls visit for each span, in order: the way through memory that is several times faster than span.
func (d *data) each(visit func(n int, s trace.Span)) {
	for at, t := range d.traces {
		for n := d.first[at]; n < d.first[at+1]; n++ {
			visit(int(n), t.Span(int(d.index[n])))
		}
	}
}

// attribute is a column made of an attribute: of each span the number of its value, the span's own or else its resource's.
type attribute struct {
	key    string
	values []value
	of     []int32 // by number of the span: the place of its value, in the order of values; -1 for none
	widest int     // cells
	number bool    // all values are numbers
	// Of numbers: cells from the decimal point on, of the one with most.
	decimals int
}

// value is one that spans have for an attribute.
type value struct {
	text   string // as the export has it
	shown  string // without secrets
	number float64
	isNum  bool
}

// mostWidth is how many cells of a value count for the width of its column.
const mostWidth = 28

// attributeOf reads an attribute of all spans. It costs about a hundred nanoseconds a span.
func (d *data) attributeOf(key string) *attribute {
	a := &attribute{key: key, of: make([]int32, len(d.index)), number: true}
	symbol, ok := d.set.Symbol(key)
	places, resources := map[string]int32{}, map[int]trace.Value{}
	d.each(func(n int, s trace.Span) {
		a.of[n] = -1
		if !ok {
			return
		}
		v := s.Attrs().Find(symbol)
		if v.Type() == trace.TypeNone {
			r := s.Resource()
			known, met := resources[r.Index()]
			if !met {
				known = r.Attrs().Find(symbol)
				resources[r.Index()] = known
			}
			v = known
		}
		a.note(n, v, places)
	})
	a.order()
	return a
}

// note gives a span a value.
func (a *attribute) note(n int, v trace.Value, places map[string]int32) {
	if v.Type() == trace.TypeNone {
		return
	}
	text := v.String()
	at, ok := places[text]
	if !ok {
		at = int32(len(a.values))
		places[text] = at
		number, isNum := v.Number()
		shown, _ := secrets.Mask(a.key, text, false)
		a.values = append(a.values, value{text, shown, number, isNum})
		a.number = a.number && isNum
	}
	a.of[n] = at
}

// order puts the values into their order, numbers before texts, and numbers them anew.
func (a *attribute) order() {
	order := make([]int32, len(a.values))
	for n := range order {
		order[n] = int32(n)
	}
	slices.SortFunc(order, func(x, y int32) int {
		v, w := a.values[x], a.values[y]
		switch {
		case v.isNum && w.isNum:
			return cmp.Or(cmp.Compare(v.number, w.number), strings.Compare(v.text, w.text))
		case v.isNum != w.isNum:
			if v.isNum {
				return -1
			}
			return 1
		}
		return strings.Compare(v.text, w.text)
	})
	values, place := make([]value, len(order)), make([]int32, len(order))
	if a.number {
		for n := range a.values {
			a.decimals = max(a.decimals, decimals(a.values[n].text))
		}
	}
	for n, old := range order {
		values[n], place[old] = a.values[old], int32(n)
		if a.widest < mostWidth {
			text := values[n].shown
			a.widest = max(a.widest, min(draw.Width(text)+max(a.decimals-decimals(text), 0), mostWidth))
		}
	}
	a.values = values
	for n, at := range a.of {
		if at >= 0 {
			a.of[n] = place[at]
		}
	}
}

// mostDecimals is how many cells from the decimal point on numbers are aligned by: of more each has its own.
const mostDecimals = 5

// decimals returns the cells of a number from its decimal point on, 0 where it has none.
func decimals(number string) int {
	at := strings.IndexByte(number, '.')
	if at < 0 || len(number)-at > mostDecimals {
		return 0
	}
	return len(number) - at
}

// matched returns the spans of a trace that match a query, by index, in order; nil where there is no query.
type matched func(*trace.Trace) []int32

// order is what rows follow from.
type order struct {
	by         column
	attr       *attribute // of by, nil where it is none
	descending bool
	matched    matched
}

// arrange returns the numbers of the spans that match, in order. What is equal stays in the order of the
// data. It costs some tens of nanoseconds a span.
func (d *data) arrange(o order) []uint32 {
	rows := make([]uint32, 0, len(d.index))
	keep := d.kept(o.matched)
	for n := range d.index {
		if keep == nil || keep[n] {
			rows = append(rows, uint32(n))
		}
	}
	key, keys := d.sortKey(o), make([]uint64, len(rows))
	for at, n := range rows {
		keys[at] = key(int(n))
	}
	return table.SortByKey(rows, keys)
}

// kept tells which spans match, nil for all.
func (d *data) kept(by matched) []bool {
	if by == nil {
		return nil
	}
	keep := make([]bool, len(d.index))
	for at, t := range d.traces {
		left := by(t)
		for n := d.first[at]; n < d.first[at+1]; n++ {
			for len(left) > 0 && left[0] < d.index[n] {
				left = left[1:]
			}
			keep[n] = len(left) > 0 && left[0] == d.index[n]
		}
	}
	return keep
}

// sortKey returns what spans are sorted by, the smallest first. Spans without the attribute come last either way.
func (d *data) sortKey(o order) func(n int) uint64 {
	flip := uint64(0)
	if o.descending {
		flip = ^flip
	}
	switch {
	case o.attr != nil:
		return func(n int) uint64 {
			if o.attr.of[n] < 0 {
				return ^uint64(0)
			}
			return uint64(o.attr.of[n]) ^ flip>>1
		}
	case o.by == columnService:
		return func(n int) uint64 { return uint64(d.ops[d.op[n]].rank[0]) ^ flip }
	case o.by == columnOperation:
		return func(n int) uint64 { return uint64(d.ops[d.op[n]].rank[1]) ^ flip }
	case o.by == columnSelf:
		return func(n int) uint64 { return uint64(d.self[n]) ^ flip }
	case o.by == columnStatus:
		return func(n int) uint64 { return uint64(d.status[n]) ^ flip }
	}
	keys := make([]uint64, len(d.index))
	d.each(func(n int, s trace.Span) {
		keys[n] = uint64(s.Duration())
		if o.by == columnStart {
			keys[n] = uint64(s.Start()) ^ 1<<63 // signed, in the same order
		}
	})
	return func(n int) uint64 { return keys[n] ^ flip }
}
