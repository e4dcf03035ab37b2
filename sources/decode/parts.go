package decode

import (
	"bytes"
	"errors"
	"runtime"
	"sync/atomic"
)

// Join is called where a document or an element of a list begins. When that is where another worker began, it
// takes over what that one read and returns true.
func (r *Reader) Join(kind Boundary) bool {
	p := r.Ahead
	if p == nil {
		return false
	}
	at := r.ValueAt()
	if at < p.At {
		return false
	}
	r.Ahead = nil
	if at > p.At || kind != p.Kind {
		p.Abandon()
		return false
	}
	r.take(p)
	return true
}

// UntilAhead returns where another worker began, or the end.
func (r *Reader) UntilAhead() int {
	if r.Ahead == nil {
		return len(r.Data)
	}
	return r.Ahead.At
}

// TakeAhead goes to where another worker began, if any, and takes over what it read.
func (r *Reader) TakeAhead() {
	r.Pos = r.UntilAhead()
	if p := r.Ahead; p != nil && r.Stop == nil {
		r.Ahead = nil
		r.take(p)
	}
}

// take waits for another worker and takes over what it read.
func (r *Reader) take(p *Part) {
	<-p.Done
	if p.Fault != nil {
		panic(p.Fault)
	}
	r.B.Merge(p.Reader.B)
	for _, n := range p.Reader.Notes {
		r.Notes.Add(n)
	}
	r.Told.take(&p.Reader.Told)
	r.Known += p.Reader.Known
	r.Unknown += p.Reader.Unknown
	r.Good = max(r.Good, p.Reader.Good)
	r.Pos, r.Err, r.Stop, r.Fresh = p.Reader.Pos, p.Reader.Err, p.Reader.Stop, false
}

// Abandon stops the workers that read ahead and waits until they let go of the input.
func (p *Part) Abandon() {
	for ; p != nil; p = p.Reader.Ahead {
		p.Cancel.Store(true)
		<-p.Done
	}
}

// Abandon stops whoever still reads ahead.
func (r *Reader) Abandon() {
	r.Ahead.Abandon()
	r.Ahead = nil
}

// Boundary is what begins at a cut.
type Boundary uint8

// What begins where a part begins.
const (
	AtDocument   Boundary = iota
	AtResource            // an element of resourceSpans
	AtTrace               // an element of a list of Jaeger traces
	AtJaegerSpan          // an element of a Jaeger trace's spans
	AtPart                // a part of a binary format
)

var errAbandoned = errors.New("abandoned")

// Part is what another worker reads of an input, ahead of the reader that it belongs to.
type Part struct {
	Reader  *Reader
	At      int // where it begins
	Kind    Boundary
	Read    func() // reads it
	Done    chan struct{}
	Fault   Fault
	Cancel  atomic.Bool
	Bytes   atomic.Int64
	Spans   atomic.Int64
	Stopped func() error
}

// Pause is called by the part's reader, on its own goroutine.
func (p *Part) Pause() error {
	p.Bytes.Store(int64(p.Reader.Pos - p.At))
	p.Spans.Store(int64(p.Reader.B.Spans()))
	if p.Cancel.Load() {
		return errAbandoned
	}
	return p.Stopped()
}

// Fault is the panic of a fault of memory that SetPanicOnFault asked for.
type Fault interface {
	runtime.Error
	Addr() uintptr
}

// AsFault returns the fault that a recovered panic is, or nil; other panics go on.
func AsFault(p any) Fault {
	if p == nil {
		return nil
	}
	fault, ok := p.(Fault)
	if !ok {
		panic(p)
	}
	return fault
}

// Opens returns where the object begins of which the key at off is the first; -1 where it is not.
func Opens(window []byte, off int) int {
	before := bytes.TrimRight(window[:off], " \t\r\n")
	if n := len(before) - 1; n >= 0 && before[n] == '{' {
		return n
	}
	return -1
}

// Elements reads the elements of a list from the position on, up to where another worker began.
func (r *Reader) Elements(kind Boundary, read func()) {
	for {
		r.Tick()
		read()
		if r.Err != nil || !r.Element() || r.Join(kind) {
			return
		}
	}
}
