package population

import (
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// observed is what the ranking of culprits reads from all traces: for each service how long it works when it is
// asked, for each edge between services how long a call is under way, how often services call each other, and where
// failures begin. Numbers that can be compared with each other are a series: those of one operation, asked for by one
// operation, in traces of one entry operation. Another mix of requests is therefore no difference.
//
//	gateway GET /            own: gateway, asked for GET /
//	  gateway HTTP GET       gap: gateway → cart, HTTP GET
//	    cart /cart           own: cart, asked for /cart, with the spans below
//	      cart SELECT          "
type observed struct {
	keys     *calltree.Keys
	services map[string]int32
	names    []string
	series   inOrder[seriesKey, series]
	tracks   inOrder[trackKey, track]
	facts    []*facts.Facts
	sides    []uint8 // by trace: 0 good, 1 bad
	roots    []int32 // by trace: key of its entry operation, otherRoot where only one side has it
	size     [2]int
	profiles inOrder[[2]int32, profile] // by service and operation that it is asked for
	lost     []lostCall

	lastSeries [measuredCount][lastMost]*series
	lastTrack  [measuredCount][lastMost]*track
}

// lastMost is how many series and tracks of each sort are found without looking them up: traces ask for the same ones
// again and again.
const lastMost = 64

const (
	nobody    = int32(-1)
	otherRoot = int32(-1)
	anyRoot   = int32(-2)
)

// measured is what a series measures.
type measured uint8

const (
	ownTime    measured = iota // ns that a service works itself, a visit
	opTime                     // ns of it that a span of one operation works itself
	gapTime                    // ns that a call is under way, a call
	mixedTime                  // ns that a span works itself which calls a service without a span for the call
	asked                      // visits of a service in which nothing failed
	made                       // calls that such visits make
	unanswered                 // calls to a service that left no span of it, and did not fail
	failures                   // failures that begin in a service, of its visits or of calls to it
	measuredCount
)

// seriesKey is what the numbers of a series have in common.
type seriesKey struct {
	what     measured
	from, to int32 // services; from is nobody but for what is of calls
	entry    int32 // operation that the working or calling service was asked for
	op       int32 // that is called
	root     int32 // entry operation of the trace
}

// series are numbers of one kind, in order of the traces.
type series struct {
	key     seriesKey
	samples []number
}

// number is what one trace says: a sum over n visits or calls.
type number struct {
	trace  int32
	n, sum float64
}

// trackKey names an operation that sentences speak of: of a service, or on an edge.
type trackKey struct {
	what     measured
	from, to int32
	op       int32
}

// track is what is remembered of an operation, to tell it and to show it.
type track struct {
	trackKey
	calls, sum [2]float64
	spots      []spot  // one a trace
	outlast    float64 // ns by which a server outlasts its call at most
}

// spot is the span of a trace that shows most.
type spot struct {
	trace, span int32
	value       float64 // ns
}

func (o *observed) service(name string) int32 {
	n, ok := o.services[name]
	if !ok {
		n = int32(len(o.names))
		o.services[name], o.names = n, append(o.names, name)
	}
	return n
}

// add adds to what a trace says of a series.
func (o *observed) add(key seriesKey, at int32, n, value float64) {
	last := &o.lastSeries[key.what][uint32(key.from+3*key.to+5*key.entry+7*key.op+11*key.root)%lastMost]
	s := *last
	if s == nil || s.key != key {
		s = o.series.of(key)
		s.key, *last = key, s
	}
	if last := len(s.samples) - 1; last >= 0 && s.samples[last].trace == at {
		s.samples[last].n += n
		s.samples[last].sum += value
		return
	}
	s.samples = append(s.samples, number{at, n, value})
}

// note remembers a span of an operation, and returns what is remembered of that.
func (o *observed) note(key trackKey, at int32, span int, value float64) *track {
	last := &o.lastTrack[key.what][uint32(key.from+3*key.to+5*key.op)%lastMost]
	t := *last
	if t == nil || t.trackKey != key {
		t = o.tracks.of(key)
		t.trackKey, *last = key, t
	}
	side := o.sides[at]
	t.calls[side]++
	t.sum[side] += value
	if last := len(t.spots) - 1; last < 0 || t.spots[last].trace != at {
		t.spots = append(t.spots, spot{at, int32(span), value})
	} else if value > t.spots[last].value {
		t.spots[last] = spot{at, int32(span), value}
	}
	return t
}
