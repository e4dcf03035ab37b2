package sources

import (
	"bytes"
	"errors"
	"runtime"
	"sync/atomic"
)

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

// part is what another worker reads of an input, ahead of the reader that it belongs to.
type part struct {
	r       *reader
	at      int // where it begins
	kind    boundary
	read    func() // reads it
	done    chan struct{}
	fault   addrError
	cancel  atomic.Bool
	bytes   atomic.Int64
	spans   atomic.Int64
	stopped func() error
}

// pause is called by the part's reader, on its own goroutine.
func (p *part) pause() error {
	p.bytes.Store(int64(p.r.pos - p.at))
	p.spans.Store(int64(p.r.b.Spans()))
	if p.cancel.Load() {
		return errAbandoned
	}
	return p.stopped()
}

// addrError is the panic of a fault that SetPanicOnFault asked for.
type addrError interface {
	runtime.Error
	Addr() uintptr
}

// asFault returns the fault that a recovered panic is, or nil; other panics go on.
func asFault(p any) addrError {
	if p == nil {
		return nil
	}
	fault, ok := p.(addrError)
	if !ok {
		panic(p)
	}
	return fault
}

// opens returns where the object begins of which the key at off is the first; -1 where it is not.
func opens(window []byte, off int) int {
	before := bytes.TrimRight(window[:off], " \t\r\n")
	if n := len(before) - 1; n >= 0 && before[n] == '{' {
		return n
	}
	return -1
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
