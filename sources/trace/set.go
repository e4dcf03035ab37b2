package trace

import (
	"errors"
	"slices"
)

// Set is everything that was loaded: traces, and the strings and values they share. It never changes and is
// safe for use by several goroutines. Values that point into mapped files are valid until Close.
type Set struct {
	symbols   symbols
	spans     spanStore
	attrs     arena[Attr]
	extras    arena[extra]
	events    arena[event]
	links     arena[link]
	resources []owner
	scopes    []owner
	origins   []origin
	inputs    []string
	blobs     [][]byte
	traces    []Trace
	spanCount int
	notices   []Notice
	closers   []func() error
}

// Len returns the number of traces.
func (s *Set) Len() int { return len(s.traces) }

// Trace returns trace i; traces are ordered by start time, then by id.
func (s *Set) Trace(i int) *Trace { return &s.traces[i] }

// SpanCount returns the number of spans of all traces, synthetic roots not counted.
func (s *Set) SpanCount() int { return s.spanCount }

// Find returns the trace with that id, or nil.
func (s *Set) Find(id TraceID) *Trace {
	for i := range s.traces {
		if s.traces[i].ID() == id {
			return &s.traces[i]
		}
	}
	return nil
}

// Bounds returns the earliest start and the latest end of all traces that have times, in nanoseconds since the epoch;
// 0 and 0 where none has.
func (s *Set) Bounds() (start, end int64) {
	known := false
	for i := range s.traces {
		t := &s.traces[i]
		if t.Untimed() {
			continue
		}
		if !known || t.start < start {
			start = t.start
		}
		if !known || t.end > end {
			end = t.end
		}
		known = true
	}
	return start, end
}

// Symbols returns how many symbols there are; they are numbered from 0.
func (s *Set) Symbols() int { return len(s.symbols.texts) }

// Symbol returns the symbol of text, if any loaded string equals it.
func (s *Set) Symbol(text string) (Symbol, bool) { return s.symbols.lookup(text) }

// Text returns the string of a symbol, as hostile as the export.
func (s *Set) Text(symbol Symbol) string { return s.symbols.texts[symbol] }

// Resources returns how many different resources there are.
func (s *Set) Resources() int { return len(s.resources) }

// Resource returns resource i.
func (s *Set) Resource(i int) Resource { return Resource{owned{s, i, &s.resources[i]}} }

// Scopes returns how many different instrumentation scopes there are.
func (s *Set) Scopes() int { return len(s.scopes) }

// Scope returns scope i.
func (s *Set) Scope(i int) Scope { return Scope{owned{s, i, &s.scopes[i]}} }

// Inputs lists the names of the inputs that spans were read from.
func (s *Set) Inputs() []string { return s.inputs[1:] }

// Notices lists everything that was skipped, repaired or in doubt, in a defined order.
func (s *Set) Notices() []Notice { return s.notices }

// Truncated reports whether an input of that name was cut off.
func (s *Set) Truncated(input string) bool {
	return slices.ContainsFunc(s.notices, func(n Notice) bool { return n.Kind == NoticeTruncated && n.Input == input })
}

// Damaged reports whether data of an input could not be read.
func (s *Set) Damaged(input string) bool {
	return slices.ContainsFunc(s.notices, func(n Notice) bool { return n.Kind.Damage() && n.Input == input })
}

// TruncatedInputs returns how many inputs were cut off.
func (s *Set) TruncatedInputs() int {
	n := 0
	for _, input := range s.Inputs() {
		if s.Truncated(input) {
			n++
		}
	}
	return n
}

// Close releases what the set's values point into, such as mapped files. Nothing of the set may be used after.
func (s *Set) Close() error {
	var errs []error
	for _, closer := range s.closers {
		errs = append(errs, closer())
	}
	s.closers = nil
	return errors.Join(errs...)
}

func (s *Set) attrsAt(r run) Attrs { return Attrs{s, s.attrs.slice(r)} }

func (s *Set) idOf(r *span) SpanID { return s.spanID(r.id, r.flags&flagIDText != 0) }

func (s *Set) spanID(n uint64, text bool) SpanID {
	if text {
		return SpanID{Text: s.symbols.texts[n]}
	}
	return SpanID{N: n}
}

// Trace is one trace: its spans in pre-order.
type Trace struct {
	set      *Set
	hi, lo   uint64
	text     Symbol
	first    uint32 // place of span 0 in the set's storage
	n        uint32
	start    int64 // the window
	end      int64
	earliest int64 // the extent of all spans
	latest   int64
	errors   uint32
	services uint32
	root     uint32
	synth    bool
	lone     bool // one span alone has no parent and is no orphan
	quality  *Quality
}

// Set returns the set that the trace belongs to.
func (t *Trace) Set() *Set { return t.set }

// ID returns the trace's id.
func (t *Trace) ID() TraceID {
	return TraceID{Hi: t.hi, Lo: t.lo, Text: t.set.symbols.texts[t.text]}
}

// Len returns the length of the pre-order array, a synthetic root included.
func (t *Trace) Len() int { return int(t.n) }

// First returns the index of the first span that the export contains: 1 behind a synthetic root, else 0.
// A loop over the real spans is: for i := t.First(); i < t.Len(); i++.
func (t *Trace) First() int {
	if t.synth {
		return 1
	}
	return 0
}

// Untimed reports whether no span of the trace has a time, as where an exporter was told to leave times out.
func (t *Trace) Untimed() bool {
	return t.start == 0 && t.end == 0 && t.quality != nil && t.quality.Untimed > 0
}

// SpanCount returns the number of spans, a synthetic root not counted.
func (t *Trace) SpanCount() int { return t.Len() - t.First() }

// Span returns span i of the pre-order array.
func (t *Trace) Span(i int) Span { return Span{t, t.set.spans.at(t.first + uint32(i)), i} }

// Root returns the span that stands for the trace in a list: the earliest span without a parent, else the
// earliest orphan.
func (t *Trace) Root() Span { return t.Span(int(t.root)) }

// Parent returns the index of the parent of span i, -1 for the first span.
func (t *Trace) Parent(i int) int {
	if i == 0 {
		return -1
	}
	r := t.set.spans.at(t.first + uint32(i))
	if r.flags&(FlagOrphan|FlagCycleCut) != 0 {
		return 0
	}
	return int(r.parent) - 1
}

// End returns the index after the last descendant of span i.
func (t *Trace) End(i int) int { return int(t.set.spans.at(t.first + uint32(i)).end) }

// Find returns the index of the span with that id, -1 for none. It is linear.
func (t *Trace) Find(id SpanID) int {
	for i := t.First(); i < t.Len(); i++ {
		if t.set.idOf(t.Span(i).r) == id {
			return i
		}
	}
	return -1
}

// Start returns when the trace's window begins, in nanoseconds since the epoch: its root's start, or where the root
// does not stand for the trace, the earliest start of a span that is no stray.
func (t *Trace) Start() int64 { return t.start }

// Finish returns when the trace's window ends, in nanoseconds since the epoch.
func (t *Trace) Finish() int64 { return t.end }

// Duration returns the length of the trace's window, in nanoseconds: its root's duration, or where the root does
// not stand for the trace, the time that its spans cover without strays.
func (t *Trace) Duration() int64 { return t.end - t.start }

// Extent returns the earliest start and the latest end of all spans, those outside the window too, in nanoseconds
// since the epoch.
func (t *Trace) Extent() (start, end int64) { return t.earliest, t.latest }

// Errors returns the number of failed spans.
func (t *Trace) Errors() int { return int(t.errors) }

// Services returns the number of different services that spans name.
func (t *Trace) Services() int { return int(t.services) }

// Quality returns how far the trace can be trusted.
func (t *Trace) Quality() Quality {
	if t.quality == nil {
		return Quality{}
	}
	return *t.quality
}
