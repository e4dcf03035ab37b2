package sources

import (
	"runtime/debug"

	"tracefall/sources/decode"
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
	size := len(r.Data) - r.Pos
	if workers = min(workers, size/splitFrom); workers < 2 {
		return
	}
	format := r.formatAhead()
	last := r
	for i := 1; i < workers; i++ {
		p := r.findCut(max(r.Pos+size/workers*i, last.Pos+1), format)
		if p == nil {
			return
		}
		last = w.hand(p, format, last)
	}
	w.start()
}

// splitParts is split for a binary format, of which it is certain where the parts begin. Nobody needs to prove it.
func (r *documentReader) splitParts(f *decode.Format, workers int, w *watch) {
	size := len(r.Data)
	if workers = min(workers, size/splitFrom); workers < 2 || f.Starts == nil {
		return
	}
	last := r
	for at, number := range f.Starts(r.Data) {
		if len(w.parts) == workers-1 {
			break
		}
		if at >= size/workers*(len(w.parts)+1) {
			last = w.hand(&decode.Part{At: at, Kind: decode.AtPart}, f, last)
			last.PartsBefore = number
		}
	}
	w.start()
}

// hand gives a part to a worker, ahead of the last reader so far, and returns the worker's reader.
func (w *watch) hand(p *decode.Part, f *decode.Format, last *documentReader) *documentReader {
	r := last.sibling(p.At)
	p.Reader, p.Read = r.Reader, func() { r.readPart(p, f) }
	p.Done = make(chan struct{})
	p.Stopped = w.o.ctx.Err
	p.Reader.Pause = p.Pause
	last.Ahead = p
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
	b := r.B.Sibling()
	b.Input(r.B.InputName())
	s := newReader(b, r.Data)
	s.Pos, s.flat, s.formats = at, r.flat, r.formats
	return s
}

// formatAhead returns the format of the first document, nil for none.
func (r *documentReader) formatAhead() *decode.Format {
	start := r.Pos
	defer func() { r.Pos = start }()
	r.Pos = decode.BlankBefore(r.Data)
	return r.recognise()
}

// findCut looks for a place after off where a document begins, or else what the format says can be told from its
// surroundings. A line feed before a bracket cannot occur within JSON that is one document a line.
func (r *documentReader) findCut(off int, f *decode.Format) *decode.Part {
	window := r.Data[:min(len(r.Data), off+splitWindow)]
	if at := r.nextKnown(window, off); at < len(window) {
		return &decode.Part{At: at}
	}
	if f == nil || f.Cut == nil {
		return nil
	}
	return f.Cut(window, off, false)
}

// runPart reads the part on its own goroutine.
func runPart(p *decode.Part) {
	defer close(p.Done)
	defer p.Reader.Abandon()
	debug.SetPanicOnFault(true)
	defer func() { p.Fault = decode.AsFault(recover()) }()
	p.Read()
}

func (r *documentReader) readPart(p *decode.Part, f *decode.Format) {
	switch p.Kind {
	case decode.AtDocument:
		_ = r.documents() // what ends it is in stop
	case decode.AtPart:
		r.decoder(f).Document()
	default:
		r.decoder(f).List(p.Kind, false)
	}
}
