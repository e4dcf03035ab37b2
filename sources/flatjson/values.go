package flatjson

import (
	"strconv"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// traceID reads a trace id.
func (r *Reader) traceID() trace.TraceID {
	if !r.state.m.Decimal {
		if c := r.Next(); c == '{' || c == '[' {
			r.Skip()
			return trace.TraceID{}
		}
		return r.TraceIDOf("trace id")
	}
	text := r.StringOf("trace id")
	if n, ok := decimalID(text); ok {
		return trace.TraceID{Lo: n}
	}
	return r.IDs.TraceID(text)
}

func (r *Reader) spanID(text []byte) trace.SpanID {
	if r.state.m.Decimal {
		if n, ok := decimalID(text); ok {
			return trace.SpanID{N: n}
		}
	}
	return r.IDs.SpanID(text)
}

// decimalID reads a decimal number of 64 bits, which may be signed.
func decimalID(text []byte) (uint64, bool) {
	if n, err := strconv.ParseUint(string(text), 10, 64); err == nil {
		return n, len(text) <= 20
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return uint64(n), err == nil
}

// moment reads a time in several numbers.
func (r *Reader) moment() (ns int64, ok bool) {
	return flat.ParseMoment(string(HeadOf(r.Scanner.Raw(), flat.TextMost)))
}

// eventTime reads a time whose unit follows from its size.
func (r *Reader) eventTime() int64 {
	if c := r.Next(); c == '{' || c == '[' {
		ns, _ := r.moment()
		return ns
	}
	return flat.EpochNanos(string(r.StringOf("time of an event")))
}

// inner reads the JSON that the next string holds, and reports whether it was whole; where not, nothing is kept.
func (r *Reader) inner(read func()) bool {
	attrs, resource := len(r.Span.Attrs), len(r.state.resource)
	whole := r.Within(read)
	if !whole {
		r.Span.Attrs, r.state.resource = r.Span.Attrs[:attrs], r.state.resource[:resource]
	}
	return whole
}

// HeadOf returns the first bytes of a string as it is written, cut between characters and escape sequences.
func HeadOf(raw []byte, most int) []byte {
	if len(raw) <= most {
		return raw
	}
	for at := 0; ; {
		next := at + 1
		if raw[at] == '\\' {
			if next++; raw[at+1] == 'u' {
				next += 4
			}
		}
		if next > most {
			return raw[:at]
		}
		at = next
	}
}
