package sources

import (
	"runtime/debug"

	"tracefall/sources/decode"
	"tracefall/sources/flatjson"
	"tracefall/sources/trace"
)

// read reads one file or standard input. What it adds to the builder is all or nothing, so that a file that went
// away while it was read leaves nothing behind.
func (o *opening) read(name string) (failure *InputError, err error) {
	in, failure, err := o.load(name)
	if failure != nil || err != nil {
		return failure, err
	}
	first := o.b.Spans() == 0
	b := o.b
	if !first {
		b = o.b.Sibling()
	}
	b.OnClose(in.close)
	b.Input(in.name)
	if in.mapped {
		o.mapped = append(o.mapped, mapping{in.name, in.data})
	}
	failure, err = o.readInto(b, in, first)
	switch {
	case failure != nil && first:
		o.b = trace.NewBuilder()
		fallthrough
	case failure != nil:
		if cerr := b.Close(); cerr != nil && failure.Err == nil {
			failure.Err = cerr
		}
	case !first:
		o.b.Merge(b)
	}
	return failure, err
}

// readInto reads an input into a builder.
func (o *opening) readInto(b *trace.Builder, in *input, first bool) (failure *InputError, err error) {
	defer o.guard(&failure)()
	err = o.unwrap(b, in)
	if err == nil {
		err = o.unpackRecords(b, in)
	}
	if err != nil {
		if ctxErr := o.ctx.Err(); ctxErr != nil {
			return nil, ctxErr
		}
		return &InputError{Input: in.name, Problem: describe(err), Err: err}, nil
	}
	r, err := o.readDocuments(b, in, first)
	if err != nil {
		return nil, err
	}
	if problem := r.verdict(); problem != "" {
		if in.wrapping != nil {
			problem = in.wrapping.problem(problem)
		}
		return &InputError{Input: in.name, Problem: problem}, nil
	}
	for _, n := range r.conclude(in.name) {
		b.Notice(n)
	}
	return nil, nil
}

// readDocuments reads what an input holds into a builder, and returns the reader for its verdict.
func (o *opening) readDocuments(b *trace.Builder, in *input, first bool) (*documentReader, error) {
	w := o.watch(b, in, first)
	r := newReader(b, in.data)
	r.Pause, w.r, r.keyMaps = w.Pause, r, o.opt.Formats
	r.Notes, r.Cut = append(r.Notes, in.notes...), in.cut
	if err := o.readAll(r, w); err != nil {
		return nil, err
	}
	r.Settle()
	return r, nil
}

// readAll reads the whole input in the format that it is.
func (o *opening) readAll(r *documentReader, w *watch) error {
	for i := range r.formats {
		f := &r.formats[i]
		if f.Binary == nil || !f.Binary(r.Data) {
			continue
		}
		r.Known++
		r.splitParts(f, o.opt.Workers, w)
		defer r.Abandon()
		r.decoder(f).Document()
		if r.Stop == nil && r.Err != nil {
			r.Lost(0, len(r.Data), r.Err)
		}
		return r.Stop
	}
	if decode.BinaryKind(r.Data) != "" {
		return nil
	}
	if r.decideFlat(); r.flat.IsTable(r.Data) && flatjson.ReadTable(r.Reader) {
		return r.Stop
	}
	r.split(o.opt.Workers, w)
	defer r.Abandon()
	return r.documents()
}

// guard makes a fault on a mapped file a failure: use it as defer o.guard(&failure)().
func (o *opening) guard(failure **InputError) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if fault := decode.AsFault(recover()); fault != nil {
			*failure = &InputError{Input: o.mappedAt(fault.Addr()), Problem: "changed while being read: copy it and open the copy", Err: fault}
		}
	}
}

// mappedAt names the input whose memory an address belongs to.
func (o *opening) mappedAt(addr uintptr) string {
	for _, m := range o.mapped {
		if start := address(m.data); addr >= start && addr-start < uintptr(len(m.data)) {
			return m.input
		}
	}
	return "input"
}
