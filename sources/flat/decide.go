package flat

import (
	"cmp"
	"slices"
	"strings"
)

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
