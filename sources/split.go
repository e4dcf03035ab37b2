package sources

import (
	"runtime/debug"
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

const (
	splitFrom   = 2 << 20  // bytes below which one worker is quicker
	splitWindow = 16 << 20 // bytes in which a place to cut is looked for
)

// split starts a worker for each further part of the input.
func (r *documentReader) split(workers int, w *watch) {
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
		last = w.hand(p, format, last)
	}
	w.start()
}

// splitParts is split for a binary format, of which it is certain where the parts begin. Nobody needs to prove it.
func (r *documentReader) splitParts(f *format, workers int, w *watch) {
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
			last = w.hand(&part{at: at, kind: atPart}, f, last)
			last.partsBefore = number
		}
	}
	w.start()
}

// hand gives a part to a worker, ahead of the last reader so far, and returns the worker's reader.
func (w *watch) hand(p *part, f *format, last *documentReader) *documentReader {
	r := last.sibling(p.at)
	p.r, p.read = r.reader, func() { r.readPart(p, f) }
	p.done = make(chan struct{})
	p.stopped = w.o.ctx.Err
	p.r.pause = p.pause
	last.ahead = p
	w.parts = append(w.parts, p)
	return r
}

func (w *watch) start() {
	for _, p := range w.parts {
		go runPart(p)
	}
}

// sibling returns a reader of the same input that begins elsewhere.
func (r *documentReader) sibling(at int) *documentReader {
	b := r.b.Sibling()
	b.Input(r.b.InputName())
	s := newReader(b, r.data)
	s.pos, s.flat, s.formats = at, r.flat, r.formats
	return s
}

// formatAhead returns the format of the first document, nil for none.
func (r *documentReader) formatAhead() *format {
	start := r.pos
	defer func() { r.pos = start }()
	r.pos = blankBefore(r.data)
	return r.recognise()
}

// findCut looks for a place after off where a document begins, or else what the format says can be told from its
// surroundings. A line feed before a bracket cannot occur within JSON that is one document a line.
func (r *documentReader) findCut(off int, f *format) *part {
	window := r.data[:min(len(r.data), off+splitWindow)]
	if at := r.nextKnown(window, off); at < len(window) {
		return &part{at: at}
	}
	if f == nil || f.cut == nil {
		return nil
	}
	return f.cut(window, off, false)
}

// runPart reads the part on its own goroutine.
func runPart(p *part) {
	defer close(p.done)
	defer p.r.abandon()
	debug.SetPanicOnFault(true)
	defer func() { p.fault = asFault(recover()) }()
	p.read()
}

func (r *documentReader) readPart(p *part, f *format) {
	switch p.kind {
	case atDocument:
		_ = r.documents() // what ends it is in stop
	case atPart:
		r.decoder(f).document()
	default:
		r.decoder(f).list(p.kind, false)
	}
}
