package sources

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"tracefall/sources/trace"
)

// Options say how Open reads. The zero Options are fine.
type Options struct {
	Stdin     io.Reader         // what the input "-" reads; nil: "-" is an error
	StdinName string            // what messages call it; "": "standard input"
	Workers   int               // goroutines that read at the same time; 0: as many as there are processors
	JoinIDs   bool              // join traces of which one has the lower 64 bits of the other's id
	Formats   []KeyMap          // what the keys of the user's own formats mean
	Remote    map[string]Remote // inputs that are no files, by the name under which they are opened
	TempDir   string            // where data that does not fit in memory goes; "": the system's
	Grow      bool              // Result.Feed adds to what was read

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
	Feed     *Feed         // reads further documents into what was read, for as long as the program runs; nil without Grow
}

// Open reads traces from inputs: files, directories, globs, or "-" for standard input; each plain or compressed
// with gzip or zstd, in any supported format. Traces that span several inputs are joined.
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
		read := o.input
		if ask := opt.Remote[input]; ask != nil {
			read = func(name string) error { return readRemote(o, name, ask) }
		}
		if err := read(input); err != nil {
			return nil, errors.Join(err, o.b.Build().Close())
		}
	}
	set, failure := o.build()
	if failure != nil {
		o.failures = append(o.failures, failure)
	}
	result := &Result{Set: set, Failures: o.failures}
	if opt.Grow {
		result.Feed = feedAfter(o)
	}
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
		n, failures, err := o.Next(list)
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

// build makes the set. Building compares values, so it may touch a file that went away.
func (o *opening) build() (set *trace.Set, failure *InputError) {
	defer o.guard(&failure)()
	if o.opt.JoinIDs {
		o.b.JoinIDs()
	}
	if o.opt.Grow {
		return o.b.Snapshot(), nil // more will be added to what is built
	}
	return o.b.Build(), nil
}

// Large files are read one after the other, each by several workers. Small files are read several at a time, each
// by one worker, and merged in their order.
const (
	batchFile  = 2 * splitFrom // bytes from which a file is not small: two workers share it
	batchBytes = 64 << 20      // of the files of one batch, so that the first are merged soon
)

// Next reads the first file of a list, or a batch of small ones, and returns how many those were.
func (o *opening) Next(list []string) (n int, failures []*InputError, err error) {
	total := int64(0)
	for n < len(list) && total < batchBytes {
		info, err := os.Stat(list[n])
		if err != nil || !info.Mode().IsRegular() || info.Size() >= batchFile {
			break
		}
		total += info.Size()
		n++
	}
	if n < 2 || o.opt.Workers < 2 {
		failure, err := o.read(list[0])
		if failure != nil {
			failures = append(failures, failure)
		}
		return 1, failures, err
	}
	failures, err = o.batch(list[:n])
	return n, failures, err
}

// batch reads small files, several at a time, and merges them in their order.
func (o *opening) batch(list []string) (failures []*InputError, err error) {
	type reading struct {
		own     *opening
		failure *InputError
		err     error
	}
	readings := make([]reading, len(list))
	var taken atomic.Int64
	var workers sync.WaitGroup
	for range min(o.opt.Workers, len(list)) {
		workers.Go(func() {
			for i := int(taken.Add(1)) - 1; i < len(list); i = int(taken.Add(1)) - 1 {
				r := &readings[i]
				r.own = o.child()
				r.failure, r.err = r.own.read(list[i])
			}
		})
	}
	workers.Wait()
	for _, r := range readings {
		switch {
		case r.err != nil:
			err = errors.Join(r.err, r.own.b.Close())
		case r.failure != nil:
			failures = append(failures, r.failure)
		default:
			o.mapped = append(o.mapped, r.own.mapped...)
			o.b.Merge(r.own.b)
		}
	}
	if o.ticked() {
		o.progress(Progress{Input: list[len(list)-1], Spans: o.b.Spans(), Traces: o.b.Traces()})
		o.look(o.b.Spans(), func() *trace.Set { return o.snapshot(o.b) })
	}
	return failures, err
}
