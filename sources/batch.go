package sources

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

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
		o.look(o.b)
	}
	return failures, err
}

// child returns an opening for one file of a batch: it reports nothing and has one worker.
func (o *opening) child() *opening {
	return &opening{
		ctx: o.ctx, opt: Options{Workers: 1, TempDir: o.opt.TempDir, Formats: o.opt.Formats}, b: o.b.Sibling(), ticker: &time.Ticker{},
	}
}
