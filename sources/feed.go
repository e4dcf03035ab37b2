package sources

import (
	"context"
	"errors"
	"time"

	"tracefall/sources/trace"
)

// Remote is an input that is no file: it adds the documents that it is given to a feed, until there are no more, and keeps
// nothing of the feed. When it fails, what it added stays.
type Remote func(ctx context.Context, feed *Feed) error

// Feed reads documents that come one after the other, as the answers of a server do, into a set that grows. It is used by
// one goroutine. Documents stay in memory, until most of what they gave was read anew.
//
//	document --Builder of its own--> MergeAnew into all so far --Set--> snapshot
//	                                  |          ^
//	                                  '-compact--'  when more spans were replaced than count
type Feed struct {
	o     *opening
	after func()                // called when a document was added, and while one is waited for; nil for nothing
	docs  []fed                 // those that gave notices or traces
	from  map[trace.TraceID]int // the document that a trace was read from last
	said  map[said]bool         // by documents without traces
	set   *trace.Set            // nil where something was added since
	bytes int64
}

// fed is a document: its notices count as long as one of its traces was not read anew.
type fed struct {
	notices []trace.Notice
	traces  int
}

// said is a notice of a document without traces. It is kept once, since such a document may come again every few seconds.
type said struct {
	kind           trace.NoticeKind
	input, message string
}

// NewFeed returns a feed that reads as the options say.
func NewFeed(opt Options) *Feed {
	o := newOpening(context.Background(), opt)
	o.ticker.Stop()
	return newFeed(o)
}

func newFeed(o *opening) *Feed {
	return &Feed{o: o, from: map[trace.TraceID]int{}, said: map[said]bool{}}
}

// feedAfter returns a feed that goes on where an opening ended.
func feedAfter(o *opening) *Feed {
	on := newOpening(context.Background(), o.opt)
	on.ticker.Stop()
	on.b, on.opt.Progress, on.opt.First = o.b, nil, nil
	return newFeed(on)
}

// Add reads a document, which must not change afterwards, and returns the traces in it. A trace that was there before is
// read anew, since its spans may have grown: those that came last count. No spans are no error; an error says in one line
// what there was in their place, and nothing of the document is added. The name is what notices call it, best the
// same for all that one server answers. The notices are those about the document, beside what reading it gives.
func (f *Feed) Add(name string, data []byte, notices ...trace.Notice) ([]trace.TraceID, error) {
	return f.AddSeen(name, data, nil, notices...)
}

// AddSeen is Add, and shows what the document alone holds before it becomes a part of the whole: so each document is looked
// at for what it costs itself, however much there is already. The set must not be kept. An error of see is returned,
// and the document is added nevertheless.
func (f *Feed) AddSeen(name string, data []byte, see func(*trace.Set) error, notices ...trace.Notice) ([]trace.TraceID, error) {
	b := f.o.b.Sibling()
	b.Input(name)
	in := &input{name: name, data: data}
	f.bytes += int64(len(data))
	r, err := f.o.readDocuments(b, in, false)
	if err != nil {
		return nil, err
	}
	if problem := r.answerProblem(); problem != "" {
		return nil, &InputError{Input: name, Problem: problem}
	}
	notices = append(r.conclude(name), notices...)
	var seen error
	if see != nil && b.Spans() > 0 {
		seen = see(b.Snapshot())
	}
	ids := f.o.b.MergeAnew(b)
	f.keep(ids, notices)
	f.compact()
	f.set = nil
	f.Look()
	return ids, seen
}

// Forget removes traces from what there is.
func (f *Feed) Forget(ids []trace.TraceID) {
	for _, id := range ids {
		if at, ok := f.from[id]; ok {
			f.leave(at)
			delete(f.from, id)
		}
		f.o.b.Forget(id)
		f.set = nil
	}
	f.compact()
}

// leave takes a trace from a document, whose notices no longer count where it was the last.
func (f *Feed) leave(at int) {
	if f.docs[at].traces--; f.docs[at].traces == 0 {
		f.docs[at].notices = nil
	}
}

// keep keeps the notices of a document with these traces, and lets go of those of documents of which no trace counts now.
func (f *Feed) keep(ids []trace.TraceID, notices []trace.Notice) {
	if len(ids) == 0 {
		for _, n := range notices {
			if key := (said{n.Kind, n.Input, n.Message}); !f.said[key] {
				f.said[key] = true
				f.docs = append(f.docs, fed{notices: []trace.Notice{n}, traces: 1})
			}
		}
		return
	}
	for _, id := range ids {
		if before, ok := f.from[id]; ok {
			f.leave(before)
		}
		f.from[id] = len(f.docs)
	}
	f.docs = append(f.docs, fed{notices, len(ids)})
}

// leastReplaced is how many spans are replaced before compacting is worth it.
const leastReplaced = 4096

// compact lets go of what was read anew, as soon as it is more than what counts: so the memory is bounded by twice that, and
// a span is copied once a span that came, on average.
func (f *Feed) compact() {
	replaced := f.o.b.Replaced()
	if replaced < max(leastReplaced, f.o.b.Spans()-replaced) {
		return
	}
	f.o.b = trace.Compact(f.o.b)
	places := make([]int, len(f.docs))
	docs := f.docs[:0]
	for i, doc := range f.docs {
		if doc.traces > 0 {
			places[i] = len(docs)
			docs = append(docs, doc)
		}
	}
	clear(f.docs[len(docs):])
	f.docs = docs
	for id, i := range f.from {
		f.from[id] = places[i]
	}
}

// notices lists those of the documents that count.
func (f *Feed) notices() (all []trace.Notice) {
	for _, doc := range f.docs {
		all = append(all, doc.notices...)
	}
	return all
}

// Set returns what there is so far. It stays as it is when more is added.
func (f *Feed) Set() *trace.Set {
	if f.set == nil {
		if f.o.opt.JoinIDs {
			f.o.b.JoinIDs()
		}
		f.set = f.o.b.Snapshot(f.notices()...)
	}
	return f.set
}

// Traces returns how many traces were added.
func (f *Feed) Traces() int { return len(f.from) }

// Look shows the set so far to the watcher of the feed, if that is due. Whoever waits for a slow document calls it now
// and then, so that the documents before it are seen meanwhile.
func (f *Feed) Look() {
	if f.after != nil {
		f.after()
	}
}

// lookShare is how many times as long as a look at a feed took passes before the next, so that looking takes a small part
// of the time.
const lookShare = 4

// readRemote reads an input that is no file. What it gave becomes a part of the whole even where it failed. The error is the
// context's.
func readRemote(o *opening, name string, ask Remote) error {
	own := o.child()
	own.opt.Workers, own.opt.JoinIDs = o.opt.Workers, o.opt.JoinIDs
	f := newFeed(own)
	alone, shown := o.b.Spans() == 0, false
	var looked time.Time
	var took time.Duration
	f.after = func() {
		if o.ticked() {
			o.progress(Progress{Input: name, Bytes: f.bytes, Spans: o.b.Spans() + own.b.Spans(), Traces: o.b.Traces() + own.b.Traces()})
		}
		began := time.Now()
		if !alone || o.opt.First == nil || f.set != nil || own.b.Spans() == 0 || began.Sub(looked) < max(firstLook, lookShare*took) {
			return
		}
		o.opt.First(f.Set())
		shown = true
		looked = time.Now()
		took = looked.Sub(began)
	}
	err := ask(o.ctx, f)
	if ctxErr := o.ctx.Err(); ctxErr != nil {
		if alone && o.opt.First != nil && own.b.Spans() > 0 {
			o.opt.First(f.Set()) // what came is all there will be
		}
		return ctxErr
	}
	for _, n := range f.notices() {
		own.b.Notice(n)
	}
	if shown { // to merge a builder changes it, and what was shown is still read
		own.b = trace.Compact(own.b)
	}
	o.b.Merge(own.b)
	var failure *InputError
	switch {
	case err == nil:
	case errors.As(err, &failure):
		o.failures = append(o.failures, failure)
	default:
		o.failures = append(o.failures, &InputError{Input: name, Problem: err.Error(), Err: err})
	}
	return nil
}
