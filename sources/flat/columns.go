package flat

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// column is all that records have at one path.
type column struct {
	path  Path
	cells []Cell
	rows  []int // the record of each cell
}

// table is a list of records by columns, in the order in which they were met.
type table struct {
	list    List
	columns []*column
	outer   []*column
}

func newTable(l List) *table { return &table{l, columnsOf(l.Records), columnsOf(l.Outer)} }

func columnsOf(records []Record) []*column {
	var columns []*column
	at := map[Path]*column{}
	add := func(row int, c Cell) {
		col := at[c.Path]
		if col == nil {
			col = &column{path: c.Path}
			at[c.Path] = col
			columns = append(columns, col)
		}
		if n := len(col.rows); n == 0 || col.rows[n-1] != row { // a key that is there twice counts once
			col.cells, col.rows = append(col.cells, c), append(col.rows, row)
		}
	}
	for i, r := range records {
		for _, c := range r {
			for at := range len(c.Path) {
				if c.Path[at] == pathSep[0] {
					add(i, Cell{Path: c.Path[:at], Kind: object})
				}
			}
			add(i, c)
		}
	}
	return columns
}

// object is the kind of the cell that stands for an object with members, which have cells of their own.
const object = 'o'

// column returns the first column whose path is written so, nil for none.
func (t *table) column(dotted string) *column {
	if i := slices.IndexFunc(t.columns, func(c *column) bool { return c.path.is(dotted) }); i >= 0 {
		return t.columns[i]
	}
	return nil
}

// outerTrace returns the path of the trace id in the objects around the list.
func (t *table) outerTrace() Path {
	for _, c := range t.outer {
		if rank, _ := Trace.match(c.path.String()); rank >= 0 && c.ids() {
			return c.path
		}
	}
	return ""
}

// candidate is a column that a field could be.
type candidate struct {
	*column
	rank int
	unit Unit // that the key says
}

// candidates lists the columns whose name is one of a field's, best first: those of the dialect, those beneath the
// prefix, and for what stands around the span those beside it.
func (t *table) candidates(f Field, prefix Path, d *dialect) []candidate {
	var list []candidate
	var more []string
	if d != nil {
		more = d.more[f]
	}
	for _, c := range t.columns {
		name, inside := c.path.under(prefix)
		if inside || prefix == "" {
			if i := slices.Index(more, name); i >= 0 {
				_, unit := f.match(name)
				list = append(list, candidate{c, i - len(more), unit})
				continue
			}
		}
		if rank, unit := f.match(name); rank >= 0 {
			if !inside {
				rank += len(names[f])
			}
			list = append(list, candidate{c, rank, unit})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	return list
}

// fits reports whether the values of a column can be the field's.
func (c *column) fits(f Field) bool {
	switch f {
	case Trace, Span, Parent:
		return c.ids() || f == Parent && c.all(Cell.empty)
	case Name:
		return c.most(func(v Cell) bool { return v.Kind == '"' })
	case Service, Message, State, Scope, ScopeVersion, KindHint, TraceHigh:
		return c.all(func(v Cell) bool { return v.Kind == '"' || v.Kind == 'n' || v.Kind == 0 }) && !c.all(Cell.empty)
	case Kind:
		return c.most(isKind)
	case Status:
		return c.most(isStatus)
	case Error, Success:
		return c.all(func(v Cell) bool { return v.Kind != '[' })
	case Events, Links:
		return c.all(func(v Cell) bool { return v.Kind == '[' || v.Kind == 'n' || v.holds('[') })
	case EventTimes, EventNames, EventAttrs, LinkTraces, LinkSpans:
		return c.all(func(v Cell) bool { return v.Kind == '[' })
	case DroppedAttrs, DroppedEvents, DroppedLinks:
		return c.all(func(v Cell) bool { return v.Kind == 0 || v.Kind == 'n' })
	case Attributes, Resource:
		return c.all(func(v Cell) bool {
			return v.Kind == object || v.Kind == '{' || v.Kind == '[' || v.Kind == 'n' || v.Text == "" || v.holds('{') || v.holds('[')
		})
	default: // times have tests of their own
	}
	return true
}

// all reports whether every value passes, most whether all but a few of those that say something do.
func (c *column) all(pass func(Cell) bool) bool {
	return !slices.ContainsFunc(c.cells, func(v Cell) bool { return !pass(v) })
}

func (c *column) most(pass func(Cell) bool) bool {
	said, passed := 0, 0
	for _, v := range c.cells {
		if v.empty() {
			continue
		}
		said++
		if pass(v) {
			passed++
		}
	}
	return nearlyAll(passed, said)
}

// nearlyAll reports whether at least nine of ten passed, of one and more.
func nearlyAll(passed, of int) bool { return of > 0 && 10*passed >= 9*of }

// idMost is how long an id may be: longer text is no id.
const idMost = 128

// ids reports whether a column holds ids.
func (c *column) ids() bool {
	return c.most(func(v Cell) bool {
		return (v.Kind == '"' || v.Kind == 0) && len(v.Text) <= idMost && !strings.ContainsAny(v.Text, " \t\n{[")
	})
}

// epoch reports whether a column holds times since the epoch, in which unit the numbers are, and whether all texts
// name their zone. Times of 0 are times that are not known.
func (c *column) epoch() (unit Unit, zoned, ok bool) {
	said, passed := 0, 0
	counts := map[Unit]int{}
	zoned = true
	for _, v := range c.cells {
		if v.empty() || v.Text == "0" || strings.HasPrefix(v.Text, "0001-01-01") {
			continue
		}
		said++
		if u, z, ok := v.epoch(); ok {
			passed++
			counts[u]++
			zoned = zoned && z
		}
	}
	for _, u := range units {
		if counts[u] > counts[unit] || unit == 0 && counts[u] > 0 {
			unit = u
		}
	}
	passed -= max(0, counts[Nanoseconds]+counts[Microseconds]+counts[Milliseconds]+counts[Seconds]-counts[unit])
	return unit, zoned, nearlyAll(passed, said)
}

// epoch reports whether a value can be a time; the unit is 0 for one that is no number.
func (c Cell) epoch() (unit Unit, zoned, ok bool) {
	switch c.Kind {
	case '[', MomentKind:
		ns, ok := ParseMoment(c.Text)
		return 0, true, ok && Plausible(ns)
	case '"', 0:
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil {
			unit = epochUnit(n)
			return unit, true, unit != 0
		}
		ns, zoned, ok := ParseTime(c.Text)
		return 0, zoned, ok && Plausible(ns)
	}
	return 0, false, false
}

// durations reports whether a column holds durations.
func (c *column) durations() bool {
	return c.most(func(v Cell) bool {
		if n, err := strconv.ParseFloat(v.Text, 64); err == nil && (v.Kind == '"' || v.Kind == 0) {
			return n >= 0
		}
		_, ok := ParseDuration(v.Text)
		return ok && v.Kind == '"'
	})
}
