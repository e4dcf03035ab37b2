package sources

import (
	"bytes"
	"errors"
	"runtime/debug"

	"tracefall/sources/trace"
)

// Several workers read one input like this:
//
//	worker 1 |------------------>|
//	worker 2                     |------------------->|
//	                             cut                  end
//
// The cut is a place where, by the look of it, a document or an element of a list begins. Worker 2 starts there
// on trust, with a builder of its own. Worker 1 proves it right by coming to that very place at the very
// boundary; then the builders are merged. Otherwise worker 1 reads on as if there were no other.

// boundary is what begins at a cut.
type boundary uint8

const (
	atDocument   boundary = iota
	atResource            // an element of resourceSpans
	atTrace               // an element of a list of Jaeger traces
	atJaegerSpan          // an element of a Jaeger trace's spans
	atPart                // a part of a binary format
)

var errAbandoned = errors.New("abandoned")

const (
	splitFrom   = 2 << 20  // bytes below which one worker is quicker
	splitWindow = 16 << 20 // bytes in which a place to cut is looked for
)

// split starts a worker for each further part of the input.
func (r *reader) split(workers int, w *watch) {
	size := len(r.data) - r.pos
	if workers = min(workers, size/splitFrom); workers < 2 {
		return
	}
	format := r.formatAhead()
	last := r
	for i := 1; i < workers; i++ {
		p := r.findCut(max(r.pos+size/workers*i, last.pos+1), format)
		if p == nil {
			return
		}
		last = w.hand(p, last)
	}
	w.start()
}

// splitParts is split for a binary format, of which it is certain where the parts begin. Nobody needs to prove it.
func (r *reader) splitParts(f *format, workers int, w *watch) {
	size := len(r.data)
	if workers = min(workers, size/splitFrom); workers < 2 || f.starts == nil {
		return
	}
	last := r
	for at, number := range f.starts(r.data) {
		if len(w.parts) == workers-1 {
			break
		}
		if at >= size/workers*(len(w.parts)+1) {
			last = w.hand(&part{at: at, kind: atPart, format: f}, last)
			last.partsBefore = number
		}
	}
	w.start()
}

// hand gives a part to a worker, ahead of the last reader so far, and returns the worker's reader.
func (w *watch) hand(p *part, last *reader) *reader {
	p.r = last.sibling(p.at)
	p.done = make(chan struct{})
	p.stopped = w.o.ctx.Err
	p.r.pause = p.pause
	last.ahead = p
	w.parts = append(w.parts, p)
	return p.r
}

func (w *watch) start() {
	for _, p := range w.parts {
		go p.run()
	}
}

// sibling returns a reader of the same input that begins elsewhere.
func (r *reader) sibling(at int) *reader {
	b := r.b.Sibling()
	b.Input(r.b.InputName())
	s := newReader(b, r.data)
	s.pos, s.flat, s.formats = at, r.flat, r.formats
	return s
}

// formatAhead returns the format of the first document, nil for none.
func (r *reader) formatAhead() *format {
	start := r.pos
	defer func() { r.pos = start }()
	r.pos = blankBefore(r.data)
	return r.recognise()
}

// findCut looks for a place after off where a document begins, or else what the format says can be told from its
// surroundings. A line feed before a bracket cannot occur within JSON that is one document a line.
func (r *reader) findCut(off int, f *format) *part {
	window := r.data[:min(len(r.data), off+splitWindow)]
	if at := r.nextKnown(window, off); at < len(window) {
		return &part{at: at}
	}
	if f != nil && f.cut != nil {
		return f.cut(window, off, false)
	}
	return nil
}

// cutOTLP looks for an element of resourceSpans: {"resource": cannot occur within a string.
func cutOTLP(window []byte, off int, _ bool) *part {
	for {
		i := bytes.Index(window[off:], []byte(`"resource"`))
		if i < 0 {
			return nil
		}
		if at := opens(window, off+i); at >= 0 {
			return &part{at: at, kind: atResource}
		}
		off += i + 1
	}
}

// cutJaeger looks for a trace in a list, or else for a span in a trace, or for the nearest of them:
// {"traceID":"…","spans": and {"traceID":"…","spanID": cannot occur within a string, and references begin otherwise.
func cutJaeger(window []byte, off int, nearest bool) *part {
	var span *part
	for {
		i := bytes.Index(window[off:], []byte(`"traceID"`))
		if i < 0 {
			return span
		}
		at := opens(window, off+i)
		off += i + 1
		if at < 0 || at == 0 {
			continue
		}
		before := bytes.TrimRight(window[:at], " \t\r\n")
		if n := len(before); n == 0 || before[n-1] != ',' && before[n-1] != '[' {
			continue
		}
		s := scanner{data: window, pos: off + len(`"traceID"`) - 1}
		if s.next() == ':' {
			s.pos++
			s.str()
		}
		if key, ok := s.key(); ok && string(key) == "spans" {
			return &part{at: at, kind: atTrace}
		} else if ok && string(key) == "spanID" && span == nil {
			if span = (&part{at: at, kind: atJaegerSpan}); nearest {
				return span
			}
		}
	}
}

// opens returns where the object begins of which the key at off is the first; -1 where it is not.
func opens(window []byte, off int) int {
	before := bytes.TrimRight(window[:off], " \t\r\n")
	if n := len(before) - 1; n >= 0 && before[n] == '{' {
		return n
	}
	return -1
}

// run reads the part on its own goroutine.
func (p *part) run() {
	defer close(p.done)
	defer p.r.abandon()
	debug.SetPanicOnFault(true)
	defer func() { p.fault = asFault(recover()) }()
	switch p.kind {
	case atDocument:
		_ = p.r.documents() // what ends it is in stop
	case atPart:
		p.format.read(p.r)
	default:
		p.r.list(p.kind, false)
	}
}

// list reads the elements from pos to the end of their list. With beyond it also reads the members behind the
// list that belong to it; otherwise whoever joins does.
func (r *reader) list(kind boundary, beyond bool) {
	switch kind {
	case atResource:
		r.elements(kind, func() { r.resourceSpan(&otlpDocument{}) })
	case atTrace:
		r.elements(kind, func() { r.jaegerWrapped(1) })
	case atJaegerSpan:
		r.jaegerSpansFrom(beyond)
	default: // documents are no list
	}
}

func (r *reader) elements(kind boundary, read func()) {
	for {
		r.tick()
		read()
		if r.err != nil || !r.element() || r.join(kind) {
			return
		}
	}
}

// jaegerSpansFrom reads spans to the end of their trace's list, and then on to find the processes that they name.
func (r *reader) jaegerSpansFrom(beyond bool) {
	t := &jaegerTrace{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
	r.elements(atJaegerSpan, func() { r.jaegerSpan(t) })
	end, err, notes := r.pos, r.err, len(r.notes)
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.jaegerMember(t, key)
	}
	if !beyond {
		r.pos, r.err, r.notes = end, err, r.notes[:notes]
	}
	r.place(t)
}

// join is called where a document or an element of a list begins. When that is where another worker began, it
// takes over what that one read and returns true.
func (r *reader) join(kind boundary) bool {
	p := r.ahead
	if p == nil {
		return false
	}
	at := r.valueAt()
	if at < p.at {
		return false
	}
	r.ahead = nil
	if at > p.at || kind != p.kind {
		p.abandon()
		return false
	}
	r.take(p)
	return true
}

// untilAhead returns where another worker began, or the end.
func (r *reader) untilAhead() int {
	if r.ahead == nil {
		return len(r.data)
	}
	return r.ahead.at
}

// takeAhead goes to where another worker began, if any, and takes over what it read.
func (r *reader) takeAhead() {
	r.pos = r.untilAhead()
	if p := r.ahead; p != nil && r.stop == nil {
		r.ahead = nil
		r.take(p)
	}
}

// take waits for another worker and takes over what it read.
func (r *reader) take(p *part) {
	<-p.done
	if p.fault != nil {
		panic(p.fault)
	}
	r.b.Merge(p.r.b)
	for _, n := range p.r.notes {
		r.notes.add(n)
	}
	r.told.take(&p.r.told)
	r.known += p.r.known
	r.unknown += p.r.unknown
	r.good = max(r.good, p.r.good)
	r.pos, r.err, r.stop, r.fresh = p.r.pos, p.r.err, p.r.stop, false
}

// abandon stops the workers that read ahead and waits until they let go of the input.
func (p *part) abandon() {
	for ; p != nil; p = p.r.ahead {
		p.cancel.Store(true)
		<-p.done
	}
}

// abandon stops whoever still reads ahead.
func (r *reader) abandon() {
	r.ahead.abandon()
	r.ahead = nil
}
