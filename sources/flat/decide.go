package flat

import (
	"cmp"
	"slices"
	"strings"
)

// Source is where a field is found.
type Source struct {
	Path Path
	Unit Unit   // of numbers; 0: there are none
	Why  string // how the unit was told, where neither the key nor the numbers say it; what was assumed
}

// Mapping says what the keys of a list of flat spans mean.
type Mapping struct {
	What    string // "flat spans", or by whose name they are known
	Known   bool   // they are known by name, or a key map of the user's says what they are
	Prefix  Path   // of the object in each record that is the span; "" where the record itself is
	List    Path   // where the spans are within a document; "" where a document is a span or a list of spans
	Outer   Path   // where the trace id is in the object around the list; "" where each span says it
	Sources [Fields][]Source
	Hints   map[string]string // words of KindHint and the kinds that they stand for
	Rename  map[string]string // attributes that are called otherwise
	Decimal bool              // ids are decimal numbers
	AtDots  bool              // @ in attribute keys stands for a dot
	UTC     bool              // times are written without a zone
	AnyTime bool              // times need not lie in our time: the user said what they are
}

// Refusal says why records are not read.
type Refusal struct {
	What   string // what they look like: "Chrome trace events"; "" where that is not known
	Detail string // what is missing, or what to do; may be empty
	Table  bool   // they may be a table in columns
	Sure   bool   // no other reader that knows only some of the keys can know better
}

// Decide works out what the keys of the records in a file mean. It returns nil and nil where the records are those
// of another reader, and a refusal where they are no spans that it could read.
func Decide(lists []List, maps []KeyMap) (*Mapping, *Refusal) {
	var refused *Refusal
	for _, l := range lists {
		if len(l.Records) == 0 || l.belongsElsewhere() && len(maps) == 0 {
			continue
		}
		m, r := decideList(l, maps)
		if m != nil {
			return m, nil
		}
		if refused == nil || refused.What == "" && r.What != "" || refused.Detail == "" && refused.What == r.What {
			refused = r
		}
	}
	return nil, refused
}

// belongsElsewhere reports whether the first records are another reader's.
func (l *List) belongsElsewhere() bool {
	return slices.ContainsFunc(l.Records[:min(len(l.Records), 8)], func(r Record) bool { return BelongsElsewhere(r, l.Path) })
}

// decideList decides for one list.
func decideList(l List, maps []KeyMap) (*Mapping, *Refusal) {
	t := newTable(l)
	for _, km := range maps {
		if m := km.mapping(t); m != nil {
			return m, nil
		}
	}
	if l.belongsElsewhere() {
		return nil, &Refusal{}
	}
	var first *Refusal
	for _, prefix := range t.prefixes() {
		d := recognise(l.Records, prefix)
		if d != nil && d.refused {
			r := d.refusal("")
			r.Sure = true
			return nil, r
		}
		m, missing := t.mapping(prefix, d)
		if m != nil {
			return m, nil
		}
		if first == nil {
			first = missing
		}
	}
	if first == nil {
		if first = new(Refusal); len(l.Records) > 0 {
			if d := recognise(l.Records, ""); d != nil {
				return nil, d.refusal("")
			}
		}
	}
	return nil, first
}

func (d *dialect) refusal(missing string) *Refusal {
	return &Refusal{What: d.name, Detail: cmp.Or(d.advice, missing), Table: d.columns}
}

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

// prefixes lists the paths of the objects that a trace id is in: the record itself, or one that wraps the span.
func (t *table) prefixes() []Path {
	var list []Path
	add := func(p Path) {
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	for _, c := range t.columns {
		keys := c.path.Keys()
		for i := range keys {
			if rank, _ := Trace.match(strings.Join(keys[i:], ".")); rank >= 0 {
				add(Path(strings.Join(keys[:i], pathSep)))
				break
			}
		}
	}
	if d := recognise(t.list.Records, ""); t.outerTrace() != "" || d != nil && d.more != nil {
		add("")
	}
	slices.SortStableFunc(list, func(a, b Path) int { return cmp.Compare(len(a.Keys()), len(b.Keys())) })
	return list[:min(len(list), 8)]
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

func (t *table) column(dotted string) *column {
	for _, c := range t.columns {
		if c.path.is(dotted) {
			return c
		}
	}
	return nil
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
	more := []string(nil)
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

// under returns the path beneath a prefix, with dots; for one that is elsewhere the whole path.
func (p Path) under(prefix Path) (name string, inside bool) {
	if prefix == "" {
		return p.String(), true
	}
	if rest, ok := strings.CutPrefix(string(p), string(prefix)+pathSep); ok {
		return Path(rest).String(), true
	}
	return p.String(), false
}

// mapping works out a mapping for the spans beneath a prefix.
func (t *table) mapping(prefix Path, d *dialect) (*Mapping, *Refusal) {
	m := &Mapping{What: "flat spans", List: t.list.Path, Prefix: prefix}
	if d != nil {
		m.What, m.Known, m.Hints, m.Rename, m.Decimal, m.AtDots = d.name, true, d.hints, d.rename, d.decimal, d.atDots
	}
	for f := Trace; f < Fields; f++ {
		if f.isTime() || f == TraceHigh && d == nil {
			continue
		}
		t.choose(m, f, t.candidates(f, prefix, d))
	}
	if len(m.Sources[Trace]) == 0 {
		m.Outer = t.outerTrace()
	}
	if list := m.Sources[Name]; len(list) > 0 {
		if _, inside := list[0].Path.under(prefix); !inside {
			m.Prefix = "" // only the ids are in an object of their own
		}
	}
	t.chooseTimes(m, prefix, d)
	if problem, whole := t.problem(m); !whole {
		if d != nil {
			return nil, d.refusal(problem)
		}
		return nil, &Refusal{Detail: problem, Sure: problem != "" && t.isLog(m)}
	}
	return m, nil
}

// choose takes the best candidates of a field: one that fits, and others for the records that do not have it.
func (t *table) choose(m *Mapping, f Field, list []candidate) {
	covered := make([]bool, len(t.list.Records))
	for _, c := range list {
		if !c.fits(f) || m.uses(c.path) {
			continue
		}
		fresh := f.several()
		for _, row := range c.rows {
			fresh = fresh || !covered[row]
		}
		if !fresh {
			continue
		}
		for i, row := range c.rows {
			covered[row] = covered[row] || !c.cells[i].empty()
		}
		m.Sources[f] = append(m.Sources[f], Source{Path: c.path})
	}
}

// uses reports whether a path means something already.
func (m *Mapping) uses(p Path) bool {
	for _, list := range m.Sources {
		if slices.ContainsFunc(list, func(s Source) bool { return s.Path == p }) {
			return true
		}
	}
	return false
}

// empty reports whether a cell says nothing.
func (c Cell) empty() bool {
	return c.Kind == 'n' || c.Kind == '{' || c.Kind == '"' && NoID(c.Text)
}

// holds reports whether a value is text that begins like JSON of a kind.
func (c Cell) holds(bracket byte) bool { return c.Kind == '"' && c.Text != "" && c.Text[0] == bracket }

// NoID reports whether an id is one of the ways to write none.
func NoID(text string) bool {
	switch text {
	case "", "null", "None", "nil", "undefined", "-", "-1", "NULL", "<nil>", "N/A", "none":
		return true
	}
	return false
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
	return said > 0 && 10*passed >= 9*said
}

// idMost is how long an id may be: longer text is no id.
const idMost = 128

// ids reports whether a column holds ids.
func (c *column) ids() bool {
	return c.most(func(v Cell) bool {
		return (v.Kind == '"' || v.Kind == 0) && len(v.Text) <= idMost && !strings.ContainsAny(v.Text, " \t\n{[")
	})
}

// AttributeName returns what the attribute of a key that means nothing is called.
func (m *Mapping) AttributeName(key string) string {
	if name := m.Rename[key]; name != "" {
		return name
	}
	if m.AtDots {
		return strings.ReplaceAll(key, "@", ".")
	}
	return key
}

// CutContainer cuts what names its container off the key of an attribute: "span.attributes.x" is x. ok is false for
// one that names none.
func CutContainer(key string) (rest string, resource, ok bool) {
	for _, c := range [...]struct {
		text     string
		resource bool
	}{
		{"span.attributes.", false}, {"attributes.", false}, {"attrs.", false}, {"tags.", false}, {"span.tags.", false},
		{"span_attr:", false}, {"resource_attr:", true}, {"resource.attributes.", true}, {"resource.", true}, {"resources.", true},
	} {
		if rest, ok := strings.CutPrefix(key, c.text); ok && rest != "" {
			return rest, c.resource, true
		}
	}
	return key, false, false
}
