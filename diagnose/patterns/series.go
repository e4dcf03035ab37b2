package patterns

import (
	"cmp"
	"regexp"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Series is a number over time: one attribute, or the duration, of one operation of one instance, with one point
// for each trace that has it, in order of time.
type Series struct {
	Op       int32
	Instance string // "" where the export names none
	Key      string // of the attribute; "" for durations
	Points   []Point
}

// Point is one value of a series, and the span that it was read from.
type Point struct {
	Time  int64 // start of the span, ns since the epoch
	Value float64
	Trace int32 // place in the list of facts
	Span  int32
}

// Work is the series of one operation of one instance.
type Work struct {
	Duration Series   // ns
	Self     Series   // ns
	Attrs    []Series // in order of their first appearance
}

// NewWork gathers the series with at least so many points. The first span of an operation in a trace stands for
// the trace: repetition within it is no passing of time. Attributes that are ids, times, positions and ports by
// their name are left out, and so are those that every operation has a canonical field for.
func NewWork(all []*facts.Facts, least int) []Work {
	if len(all) < max(least, 1) {
		return nil
	}
	set := all[0].Trace.Set()
	r := seriesReader{
		set: set, instances: semconv.Processes(set), groups: map[workKey]*workGroup{},
		keys: make([]keyUse, set.Symbols()),
	}
	for n, f := range all {
		r.read(int32(n), f)
	}
	var list []Work
	for _, g := range r.order {
		if len(g.duration.Points) < least {
			continue
		}
		w := Work{Duration: g.duration, Self: g.self}
		w.Attrs = slices.DeleteFunc(g.attrs, func(s Series) bool { return len(s.Points) < least })
		list = append(list, w)
	}
	return list
}

type workKey struct {
	op       int32
	instance string
}

type workGroup struct {
	duration, self Series
	attrs          []Series
	place          map[trace.Symbol]int // of a key in attrs
	last           int32
}

// keyUse says whether a key makes series; it is worked out when the key is first met.
type keyUse uint8

const (
	keyUnknown keyUse = iota
	keyUsed
	keyLeft
)

type seriesReader struct {
	set       *trace.Set
	instances *semconv.Instances
	groups    map[workKey]*workGroup
	order     []*workGroup
	keys      []keyUse
}

func (r *seriesReader) read(n int32, f *facts.Facts) {
	t := f.Trace
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		k := workKey{f.OpNumber(i), r.instances.Of(s.Resource())}
		g := r.groups[k]
		if g == nil {
			g = &workGroup{last: -1, place: map[trace.Symbol]int{}}
			g.duration = Series{Op: k.op, Instance: k.instance}
			g.self = g.duration
			r.groups[k] = g
			r.order = append(r.order, g)
		}
		if g.last == n || s.Has(trace.FlagTimeRepaired) {
			continue
		}
		g.last = n
		p := Point{Time: s.Start(), Value: float64(s.Duration()), Trace: n, Span: int32(i)}
		g.duration.put(p)
		p.Value = float64(f.Self[i])
		g.self.put(p)
		r.attrs(g, s.Attrs(), p)
	}
}

func (r *seriesReader) attrs(g *workGroup, attrs trace.Attrs, p Point) {
	for n := range attrs.Len() {
		value, ok := attrs.Value(n).Number()
		if !ok {
			continue
		}
		key := attrs.KeySymbol(n)
		if r.keys[key] == keyUnknown {
			r.keys[key] = use(r.set.Text(key))
		}
		if r.keys[key] == keyLeft {
			continue
		}
		at, known := g.place[key]
		if !known {
			at = len(g.attrs)
			g.place[key] = at
			g.attrs = append(g.attrs, Series{Op: g.duration.Op, Instance: g.duration.Instance, Key: r.set.Text(key)})
		}
		p.Value = value
		g.attrs[at].put(p)
	}
}

// put keeps the points in order of time: traces are, but for spans that start late in them.
func (s *Series) put(p Point) {
	if n := len(s.Points); n > 0 && s.Points[n-1].Trace == p.Trace {
		return // the key is written twice
	}
	at := len(s.Points)
	for at > 0 && s.Points[at-1].Time > p.Time && len(s.Points)-at < 64 {
		at--
	}
	s.Points = slices.Insert(s.Points, at, p)
}

var (
	identity = regexp.MustCompile(`(?i:(^|[._-])(id|ts|time(stamp)?|epoch|offset|seq|sequence|port|pid|line(no)?|version|hash|code|number|no|index|year|partition)$)|[a-z](Id|ID|Port|Ts)$`)
	quantity = regexp.MustCompile(`(?i)(size|count|length|entries|bytes|heap|rss|memory|depth|backlog|lag|pending|open|active|in_use|connections|goroutines|threads|fds)`)
)

// Quantity reports whether a key's name says that it counts or measures something that is there at the time: sizes,
// depths, things open or waiting.
func Quantity(key string) bool { return quantity.MatchString(key) && !identity.MatchString(key) }

// tally is the name of what only ever grows.
var tally = regexp.MustCompile(`(?i)count|total|length`)

// Level reports whether a key's name says that it measures what is there at the time and can become less again. One
// more with every request is then a leak, not a count of the requests.
func Level(key string) bool { return Quantity(key) && !tally.MatchString(key) }

// measured are the canonical fields whose growth says something.
var measured = []semconv.Field{semconv.BodySize, semconv.DBRows, semconv.MsgBatch}

func use(key string) keyUse {
	said := slices.ContainsFunc(semconv.FieldsOf(key), func(field semconv.Field) bool { return !slices.Contains(measured, field) })
	if said || identity.MatchString(key) {
		return keyLeft
	}
	return keyUsed
}

// Values returns the values of the points, in order of time.
func (s *Series) Values() []float64 {
	values := make([]float64, len(s.Points))
	for n := range values {
		values[n] = s.Points[n].Value
	}
	return values
}

// Counter reports whether a series is counted up by what made it: the same number is added from each point to the
// next, one or any other in eight points or more.
func (s *Series) Counter() bool {
	const long = 8
	if len(s.Points) < 3 {
		return false
	}
	steps := map[float64]int{}
	most, usual := 0, 0.0
	for n := 1; n < len(s.Points); n++ {
		step := s.Points[n].Value - s.Points[n-1].Value
		steps[step]++
		if c := steps[step]; c > most || c == most && cmp.Less(step, usual) {
			most, usual = c, step
		}
	}
	return usual != 0 && 10*most >= 8*(len(s.Points)-1) && (usual == 1 || len(s.Points) >= long)
}
