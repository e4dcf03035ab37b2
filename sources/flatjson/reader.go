package flatjson

import (
	"bytes"
	"slices"
	"strconv"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/otlp"
	"tracefall/sources/trace"
)

// Reader reads flat spans. They may have values as OTLP has them.
type Reader struct {
	*otlp.Reader
	Flat  *Decision
	state *spanState
}

// ReadFlat returns what opens a decoder of flat spans with the mapping that was decided.
func ReadFlat(decided *Decision) func(*decode.Reader) decode.Decoder {
	return func(r *decode.Reader) decode.Decoder {
		return decode.Decoder{Document: (&Reader{Reader: otlp.New(r), Flat: decided}).spans}
	}
}

// Decision is what was decided about an input: how its flat spans are read, or why there are none.
type Decision struct {
	Mapping *flat.Mapping
	Refusal *flat.Refusal
	High    map[uint64]uint64 // the upper halves of Datadog's trace ids
}

// spans reads a document of flat spans with the mapping that was decided for the whole input.
func (r *Reader) spans() {
	m := r.Flat.Mapping
	if r.state == nil {
		r.state = newState(r.B, m)
		r.Once(decode.NoticeSpelling, m.Notice(), r.ValueAt())
	}
	r.state.outer = trace.TraceID{}
	keys := m.List.Keys()
	r.EachObject(func() { r.level(keys, r.readSpan) })
}

// level reads a span, or an object on the way to the list. There, what all its spans share may stand behind them,
// so it is read before.
func (r *Reader) level(path []string, read func()) {
	start := r.ValueAt()
	if len(path) == 0 {
		read()
		return
	}
	if !r.Object() {
		r.Misfit(path[0], "an object")
		return
	}
	if len(path) == 1 && r.Flat.Mapping.Outer != "" {
		r.outerID(r.Flat.Mapping.Outer.Keys())
		if r.Err != nil && r.Stop == nil {
			r.Err = nil // what is damaged is met again
		}
		r.Pos = start
		r.Object()
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case path[0] == flat.AnyKey:
			r.Tick()
			r.level(path[1:], read)
		case string(key) == path[0]:
			r.EachObject(func() { r.level(path[1:], read) })
		}
	}
}

// outerID reads the trace id that the object that is open holds for the spans in it.
func (r *Reader) outerID(path []string) {
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case string(key) != path[0]:
		case len(path) == 1:
			r.state.outer = r.traceID()
		case r.Object():
			r.outerID(path[1:])
		}
	}
}

// readSpan reads one span and adds it.
func (r *Reader) readSpan() {
	start := r.ValueAt()
	r.Span.Reset()
	r.state.reset()
	r.Span.Trace = r.state.outer
	if !r.EnterObject("spans") {
		return
	}
	r.members(r.state.root)
	if r.Err == nil {
		r.add(start)
		r.Good = r.Pos
	}
}

// add adds the span that was read from start on. What lacks what makes a span is counted.
func (r *Reader) add(start int) {
	f, raw := r.state, &r.Span
	if raw.Start == 0 && raw.End != 0 && raw.Duration >= 0 {
		raw.Start = raw.End - raw.Duration
	}
	if raw.Trace.IsZero() || raw.ID.IsZero() || raw.Start == 0 && !f.m.AnyTime {
		if f.ranks[flat.Trace]|f.ranks[flat.Span] != 0 || len(raw.Attrs) > 0 {
			r.Note(decode.NoticeSkipped, "objects without trace id, span id or start time skipped", start)
		}
		return
	}
	if f.m.Decimal && raw.Trace.Hi == 0 && raw.Trace.Text == "" {
		if raw.Trace.Hi = f.upper; f.upper == 0 {
			raw.Trace.Hi = r.Flat.High[raw.Trace.Lo]
		}
	}
	if raw.Parent == raw.ID || len(f.parent) > 0 && r.IDs.TraceID(f.parent) == raw.Trace && len(f.parent) > 16 {
		raw.Parent = trace.SpanID{} // the root names itself or its trace
	}
	if f.failed {
		raw.Status = trace.StatusError
	}
	if raw.Kind == trace.KindUnspecified {
		raw.Kind = f.hint
	}
	raw.Origin = r.B.Origin(r.resourceOf(), r.B.Scope(f.scope, f.version, nil, 0))
	r.SoleParent()
	r.B.Add(raw)
}

// resourceOf returns the resource of the span. Mostly it is that of the span before.
func (r *Reader) resourceOf() uint32 {
	f := r.state
	if f.service != (trace.Attr{}) {
		f.resource = slices.DeleteFunc(f.resource, func(a trace.Attr) bool { return a.Key() == f.serviceKey })
		f.resource = slices.Insert(f.resource, 0, f.service)
	}
	if f.lastAttrs == nil || !slices.Equal(f.lastAttrs, f.resource) {
		f.lastResource = r.B.Resource(f.resource, 0)
		f.lastAttrs = append(f.lastAttrs[:0], f.resource...)
	}
	return f.lastResource
}

// HighHalves finds the upper halves of Datadog's trace ids in the whole input: only some spans of a trace say theirs.
// The reader stays where it is.
func (r *Reader) HighHalves() map[uint64]uint64 {
	m := r.Flat.Mapping
	if len(m.Sources[flat.TraceHigh]) == 0 || len(m.Sources[flat.Trace]) == 0 {
		return nil
	}
	low, high := m.Sources[flat.Trace][0].Path.Keys(), m.Sources[flat.TraceHigh][0].Path.Keys()
	if !bytes.Contains(r.Data, []byte(high[len(high)-1])) {
		return nil
	}
	pos, notes, keys := r.Pos, r.Notes, m.List.Keys()
	halves := map[uint64]uint64{}
	for r.Pos = 0; r.Pos < len(r.Data) && r.Stop == nil; {
		start := r.Pos
		if c := r.Next(); c == '{' || c == '[' {
			r.EachObject(func() {
				r.level(keys, func() {
					upper, err := strconv.ParseUint(string(r.member(high)), 16, 64)
					if id, ok := decimalID(r.member(low)); ok && err == nil {
						halves[id] = upper
					}
					r.Skip()
				})
			})
		}
		if r.Err != nil || r.Pos == start {
			r.Err, r.Pos = nil, decode.NextDocument(r.Data, start)
		}
	}
	r.Pos, r.Notes, r.Fresh = pos, notes, false
	return halves
}

// member returns what a member of the object that comes next is written as, without quotes; nil where there is none.
// The position stays.
func (r *Reader) member(path []string) []byte {
	start, fault := r.Pos, r.Err
	defer func() { r.Pos, r.Err, r.Fresh = start, fault, false }()
	for r.Object() {
		key, found := r.Key()
		for found && string(key) != path[0] {
			key, found = r.Key()
		}
		if !found {
			return nil
		}
		if path = path[1:]; len(path) == 0 {
			return bytes.Trim(r.Scanner.Raw(), `"`)
		}
	}
	return nil
}
