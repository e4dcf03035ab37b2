package sources

import (
	"context"
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"tracefall/sources/trace"
)

// Options say how Open reads. The zero Options are fine.
type Options struct {
	Stdin     io.Reader // what the input "-" reads; nil: "-" is an error
	StdinName string    // what messages call it; "": "standard input"
	Workers   int       // goroutines that read at the same time; 0: as many as there are processors
	JoinIDs   bool      // join traces of which one has the lower 64 bits of the other's id
	Formats   []KeyMap  // what the keys of the user's own formats mean
	TempDir   string    // where data that does not fit in memory goes; "": the system's

	// SpoolLimit bounds what one compressed or piped input may come to, in bytes; 0: a tenth of what is free in TempDir.
	SpoolLimit int64

	Progress func(Progress)   // called now and then, at most ten times a second, from Open's goroutine
	First    func(*trace.Set) // called with what is there so far: first after 100 ms, then at growing distances
}

// Progress is how far Open is.
type Progress struct {
	Input  string // being read
	Bytes  int64  // read of it
	Total  int64  // its size; 0: not known
	Traces int    // met so far, of all inputs
	Spans  int
}

// Result is what Open found.
type Result struct {
	Set      *trace.Set
	Failures []*InputError // inputs that could not be read, in the order in which they were named
}

// InputError says in one line why an input could not be read.
type InputError struct {
	Input   string // as it was named, or found in a directory
	Problem string
	Err     error // the cause; nil where there is none
}

// Error returns "input: problem".
func (e *InputError) Error() string { return e.Input + ": " + e.Problem }

// Unwrap returns the cause.
func (e *InputError) Unwrap() error { return e.Err }

// Open reads traces from inputs: files, directories, globs, or "-" for standard input; each plain or compressed
// with gzip or zstd, in any format of ours. Traces that span several inputs are joined.
//
// Inputs that cannot be read are Result.Failures. The error is for when nothing could be read: it joins the
// failures, or it is ctx's. Reading from a pipe that is silent does not end with ctx.
//
// Values of the set may lie in mapped files. Should such a file be cut short while the set is in use, touching
// them is a fault of the memory system, which kills the process unless the goroutine called
// debug.SetPanicOnFault(true) and recovers: every goroutine that reads a Set must do that, and treat the panic as
// "the file changed while it was open". Close the set to let go of the files.
func Open(ctx context.Context, inputs []string, opt Options) (*Result, error) {
	o := newOpening(ctx, opt)
	defer o.ticker.Stop()
	for _, input := range inputs {
		if err := o.input(input); err != nil {
			return nil, errors.Join(err, o.b.Build().Close())
		}
	}
	set, failure := o.build()
	if failure != nil {
		o.failures = append(o.failures, failure)
	}
	result := &Result{Set: set, Failures: o.failures}
	if failure != nil || len(o.failures) > 0 && set.SpanCount() == 0 {
		return nil, errors.Join(result.err(), o.b.Close())
	}
	return result, nil
}

func (r *Result) err() error {
	errs := make([]error, len(r.Failures))
	for i, failure := range r.Failures {
		errs[i] = failure
	}
	return errors.Join(errs...)
}

// firstLook is when the first snapshot is given, and the shortest time between two reports of progress: the first traces
// are to be on the screen 150 ms after the start of the process, however large the file. Who shows progress may want less.
const firstLook = 40 * time.Millisecond

// opening is the state of one Open.
type opening struct {
	ctx      context.Context
	opt      Options
	b        *trace.Builder // of the inputs that were read well
	ticker   *time.Ticker
	ticks    int // of firstLook
	nextLook int // tick of the next snapshot
	lookStep int // ticks to the one after
	failures []*InputError
	mapped   []mapping // files whose memory may go away
	free     int64     // bytes where temporary files lie; 0: not asked yet, -1: not known
}

func newOpening(ctx context.Context, opt Options) *opening {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	return &opening{ctx: ctx, opt: opt, b: trace.NewBuilder(), ticker: time.NewTicker(firstLook), lookStep: 3}
}

// mapping is a file in memory.
type mapping struct {
	input string
	data  []byte
}

// input reads one input as it was named. The error is the context's; other problems become failures.
func (o *opening) input(input string) error {
	x, failure := expand(input)
	if failure != nil {
		o.failures = append(o.failures, failure)
		return o.ctx.Err()
	}
	list := x.files
	found := len(list)
	var skipped []*InputError
	for len(list) > 0 {
		n, failures, err := o.next(list)
		if err != nil {
			return err
		}
		if list = list[n:]; x.dir {
			skipped = append(skipped, failures...)
		} else {
			o.failures = append(o.failures, failures...)
		}
	}
	if x.dir && len(skipped) == found {
		o.failures = append(o.failures, emptyDirectory(input, append(skipped, x.odd...)))
	} else if skipped = append(skipped, x.odd...); len(skipped) > 0 {
		o.b.Notice(skippedFiles(input, skipped))
	}
	return nil
}

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
	w := o.watch(b, in, first)
	r := newReader(b, in.data)
	r.pause, w.r, r.keyMaps = w.pause, r, o.opt.Formats
	r.notes, r.cut = append(r.notes, in.notes...), in.cut
	if err := o.readAll(r, w); err != nil {
		return nil, err
	}
	r.settle()
	if problem := r.verdict(); problem != "" {
		if in.wrapping != nil {
			problem = in.wrapping.problem(problem)
		}
		return &InputError{Input: in.name, Problem: problem}, nil
	}
	r.notes.inOrder()
	if r.noteTruncated(); r.cut {
		b.Truncated()
	}
	for i := range r.notes {
		b.Notice(r.notes[i].notice(in.name, in.data))
	}
	return nil, nil
}

// readAll reads the whole input in the format that it is.
func (o *opening) readAll(r *documentReader, w *watch) error {
	for i := range r.formats {
		f := &r.formats[i]
		if f.binary == nil || !f.binary(r.data) {
			continue
		}
		r.known++
		r.splitParts(f, o.opt.Workers, w)
		defer r.abandon()
		r.decoder(f).document()
		if r.stop == nil && r.err != nil {
			r.lost(0, len(r.data), r.err)
		}
		return r.stop
	}
	if binaryKind(r.data) != "" {
		return nil
	}
	if r.decideFlat(); r.flat.isTable(r.data) && readTable(r.reader) {
		return r.stop
	}
	r.split(o.opt.Workers, w)
	defer r.abandon()
	return r.documents()
}

// build makes the set. Building compares values, so it may touch a file that went away.
func (o *opening) build() (set *trace.Set, failure *InputError) {
	defer o.guard(&failure)()
	if o.opt.JoinIDs {
		o.b.JoinIDs()
	}
	return o.b.Build(), nil
}

// guard makes a fault on a mapped file a failure: use it as defer o.guard(&failure)().
func (o *opening) guard(failure **InputError) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if fault := asFault(recover()); fault != nil {
			*failure = &InputError{Input: o.mappedAt(fault.Addr()), Problem: "changed while it was being read; copy it and open the copy", Err: fault}
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

// verdict says why an input is no trace file; "" when spans were read.
func (r *documentReader) verdict() string {
	if r.b.Spans() > r.before {
		return ""
	}
	var damaged string
	for _, n := range r.notes {
		if (n.kind == NoticeDamaged || n.kind == trace.NoticeTruncated) && damaged == "" {
			damaged = n.message()
			if place := n.first(r.data); place != "" {
				damaged += " at " + place
			}
		}
	}
	switch {
	case r.told.refusal != "" && damaged == "":
		return r.told.refusal
	case isEmptyJSON(r.data) && damaged == "":
		return "holds an empty JSON document, as backends answer when they found no trace"
	case !startsJSON(r.data) || r.known == 0 && r.unknown == 0 && damaged == "":
		return looksLike(r.data) + ", expected a trace export (" + formatNames() + ")"
	case r.known == 0 && damaged == "":
		return r.otherJSON() + ", expected a trace export (" + formatNames() + ")"
	case damaged != "":
		return "no span could be read: " + damaged
	}
	for _, n := range r.notes {
		if n.kind == NoticeSkipped {
			return "holds no spans: " + n.subject
		}
	}
	return "is a trace export without a single span"
}
