package sources

import (
	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// watch looks, between spans, whether reading is to stop and whether progress or a snapshot is due.
type watch struct {
	o     *opening
	b     *trace.Builder
	in    *input
	first bool // the builder holds everything there is so far, so that it can be shown
	spans int  // read before this input
	r     *documentReader
	parts []*decode.Part
}

func (o *opening) watch(b *trace.Builder, in *input, first bool) *watch {
	w := &watch{o: o, b: b, in: in, first: first}
	if !first {
		w.spans = o.b.Spans()
	}
	return w
}

// Pause is called by the reader on Open's goroutine.
func (w *watch) Pause() error {
	if err := w.o.ctx.Err(); err != nil {
		return err
	}
	if w.o.ticked() {
		w.report()
	}
	return nil
}

// report gives progress and, when it is due, a snapshot.
func (w *watch) report() {
	p := Progress{
		Input: w.in.name, Bytes: int64(w.r.Pos), Total: int64(len(w.in.data)),
		Spans: w.spans + w.b.Spans(), Traces: w.b.Traces(),
	}
	for _, part := range w.parts {
		p.Bytes += part.Bytes.Load()
		p.Spans += int(part.Spans.Load())
	}
	w.o.progress(p)
	if w.first {
		w.o.look(w.b.Spans(), func() *trace.Set { return w.o.snapshot(w.b) })
	}
}

func (o *opening) progress(p Progress) {
	if o.opt.Progress != nil {
		o.opt.Progress(p)
	}
}

// look gives a snapshot when one is due: after 100 ms and then at growing distances.
func (o *opening) look(spans int, snapshot func() *trace.Set) {
	if o.opt.First == nil || o.ticks < o.nextLook || spans == 0 {
		return
	}
	o.nextLook = o.ticks + o.lookStep
	o.lookStep *= 4
	o.opt.First(snapshot())
}

// snapshot is what a builder holds so far.
func (o *opening) snapshot(b *trace.Builder) *trace.Set {
	if o.opt.JoinIDs {
		b.JoinIDs()
	}
	return b.Snapshot()
}

// ticked reports whether 100 ms passed since the last time.
func (o *opening) ticked() bool {
	select {
	case <-o.ticker.C:
		o.ticks++
		return true
	default:
		return false
	}
}
