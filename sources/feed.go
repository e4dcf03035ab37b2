package sources

import (
	"context"

	"tracefall/sources/trace"
)

// Remote is an input that is no file: it adds the documents that it is given to a feed, until there are no more.
type Remote func(ctx context.Context, feed *Feed) error

// Feed reads documents that come one after the other, as the answers of a server do. It is used by one goroutine.
type Feed struct {
	o *opening
}

// NewFeed returns a feed that reads as the options say.
func NewFeed(opt Options) *Feed {
	o := newOpening(context.Background(), opt)
	o.ticker.Stop()
	return &Feed{o: o}
}

// Add reads a document, which must not change afterwards, and returns the traces in it. A trace that was there before is
// read anew: its spans may have grown. The notices are those of the document beside what reading it gives.
func (f *Feed) Add(name string, data []byte, notices ...trace.Notice) ([]trace.TraceID, error) {
	b := f.o.b.Sibling()
	b.Input(name)
	failure, err := f.o.readInto(b, &input{name: name, data: data, close: func() error { return nil }}, false)
	if err != nil {
		return nil, err
	}
	if failure != nil {
		return nil, failure
	}
	for _, n := range notices {
		b.Notice(n)
	}
	f.o.b.Merge(b)
	return nil, nil
}

// Set returns what there is so far. It stays as it is when more is added.
func (f *Feed) Set() *trace.Set { return f.o.b.Snapshot() }
