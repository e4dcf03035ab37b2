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
// The cut is a place where, by the look of it, a document or an element of resourceSpans begins. Worker 2 starts
// there on trust, with a builder of its own. Worker 1 proves it right by coming to that very place at the very
// boundary; then the builders are merged. Otherwise worker 1 reads on as if there were no other.

var errAbandoned = errors.New("abandoned")

const (
	splitFrom   = 2 << 20  // bytes below which one worker is quicker
	splitWindow = 16 << 20 // bytes in which a place to cut is looked for
)

// split starts a worker for each further part of the input.
func (r *reader) split(workers int, w *watch) {
	w.r = r
	size := len(r.data) - r.pos
	workers = min(workers, size/splitFrom)
	last := r
	for i := 1; i < workers; i++ {
		p := findCut(r.data, max(r.pos+size/workers*i, last.pos+1))
		if p == nil {
			return
		}
		p.r = r.sibling(p.at)
		p.done = make(chan struct{})
		p.stopped = w.o.ctx.Err
		p.r.pause = p.pause
		last.ahead = p
		last = p.r
		w.parts = append(w.parts, p)
	}
	for _, p := range w.parts {
		go p.run()
	}
}

// sibling returns a reader of the same input that begins elsewhere.
func (r *reader) sibling(at int) *reader {
	b := trace.NewBuilder()
	b.Input(r.b.InputName())
	s := newReader(b, r.data)
	s.pos = at
	return s
}

// findCut looks for a place after off where a document begins, or else an element of resourceSpans: a line feed
// before a bracket cannot occur within JSON that is one document a line, and {"resource": not within a string.
func findCut(data []byte, off int) *part {
	window := data[:min(len(data), off+splitWindow)]
	if at := nextDocument(window, off); at < len(window) && data[at] == '{' {
		return &part{at: at}
	}
	for off < len(window) {
		i := bytes.Index(window[off:], []byte(`"resource"`))
		if i < 0 {
			break
		}
		before := bytes.TrimRight(window[:off+i], " \t\r\n")
		if n := len(before); n > 0 && before[n-1] == '{' {
			return &part{at: n - 1, inList: true}
		}
		off += i + 1
	}
	return nil
}

// run reads the part on its own goroutine.
func (p *part) run() {
	defer close(p.done)
	defer p.r.abandon()
	debug.SetPanicOnFault(true)
	defer func() { p.fault = asFault(recover()) }()
	if !p.inList {
		_ = p.r.documents() // what ends it is in stop
		return
	}
	doc := otlpDocument{}
	for {
		p.r.tick()
		p.r.resourceSpan(&doc)
		if !p.r.element() || p.r.join(true) {
			return
		}
	}
}

// join is called where a document or an element of a list begins. When that is where another worker began, it
// takes over what that one read and returns true.
func (r *reader) join(inList bool) bool {
	p := r.ahead
	if p == nil {
		return false
	}
	at := r.valueAt()
	if at < p.at {
		return false
	}
	r.ahead = nil
	if at > p.at || inList != p.inList {
		p.abandon()
		return false
	}
	<-p.done
	if p.fault != nil {
		panic(p.fault)
	}
	r.b.Merge(p.r.b)
	for _, n := range p.r.notes {
		r.notes.add(n)
	}
	r.known += p.r.known
	r.unknown += p.r.unknown
	r.good = max(r.good, p.r.good)
	r.pos, r.err, r.stop, r.fresh = p.r.pos, p.r.err, p.r.stop, false
	return true
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
