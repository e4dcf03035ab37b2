package sources

import (
	"context"
	"runtime"
	"time"

	"tracefall/sources/trace"
)

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

// child returns an opening for one file of a batch: it reports nothing and has one worker.
func (o *opening) child() *opening {
	return &opening{
		ctx: o.ctx, opt: Options{Workers: 1, TempDir: o.opt.TempDir, Formats: o.opt.Formats}, b: o.b.Sibling(), ticker: &time.Ticker{},
	}
}
