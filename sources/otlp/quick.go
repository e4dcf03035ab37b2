package otlp

import (
	"math"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// quickValue reads what stands between the key of an attribute and the end of its pair, a string, an integer or
// a boolean.
func (r *Reader) quickValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.Data
	switch {
	case decode.Lit(d, p, `,"value":{"stringValue":"`):
		p += len(`,"value":{"stringValue":"`)
		end, ok := jsonscan.PlainEnd(d, p)
		if !ok || len(d)-end < 8 || !decode.Lit(d, end, `"}}`) {
			return a, p, false
		}
		return r.B.StringAt(name, r.Blob, p, end-p), end + 3, true
	case decode.Lit(d, p, `,"value":{"intValue":"`):
		p += len(`,"value":{"intValue":"`)
		n, end := decode.Digits18(d, p)
		return trace.Int(name, n), end + 3, end > p && decode.Lit(d, end, `"}}`)
	case decode.Lit(d, p, `,"value":{"boolValue":true}}`):
		return trace.Bool(name, true), p + len(`,"value":{"boolValue":true}}`), true
	case decode.Lit(d, p, `,"value":{"boolValue":false}}`):
		return trace.Bool(name, false), p + len(`,"value":{"boolValue":false}}`), true
	}
	return a, p, false
}

// quickSpan reads the fields with which a span begins, in the order of the specification, as far as they are
// there and have the usual form. The careful functions go on from wherever it stops.
func (r *Reader) quickSpan() bool {
	d, p, raw := r.Data, r.Pos, &r.Span
	if len(d)-p < decode.Margin {
		return false
	}
	if p = r.QuickIDs(p, `{"traceId":"`, `,"spanId":"`); p < 0 {
		return false
	}
	if decode.Lit(d, p, `,"traceState":""`) {
		p += len(`,"traceState":""`)
	}
	if decode.Lit(d, p, `,"parentSpanId":""`) {
		p += len(`,"parentSpanId":""`)
	} else {
		p = r.QuickSpanID(p, `,"parentSpanId":"`, &raw.Parent)
	}
	if decode.Lit(d, p, `,"flags":`) && d[p+9]-'1' <= 8 {
		if flags, end := decode.Digits18(d, p+9); end > p+9 && (d[end] == ',' || d[end] == '}') {
			raw.ParentAt = decode.ParentPlace(uint32(min(flags, math.MaxUint32)))
			p = end
		}
	}
	p = r.quickName(p)
	if len(d)-p >= decode.Margin {
		if decode.Lit(d, p, `,"kind":`) && d[p+8]-'0' <= uint8(trace.KindConsumer) && d[p+9] == ',' {
			raw.Kind = trace.Kind(d[p+8] - '0')
			p += 9
		}
		p = r.quickTime(p, `,"startTimeUnixNano":"`, &raw.Start)
		p = r.quickTime(p, `,"endTimeUnixNano":"`, &raw.End)
	}
	r.Pos, r.Fresh = p, false
	return true
}

// nameGuess is a name that a span had.
type nameGuess struct {
	raw  []byte // with its closing quote
	name trace.Symbol
}

func (r *Reader) quickName(p int) int {
	d := r.Data
	if len(d)-p < decode.Margin || !decode.Lit(d, p, `,"name":"`) {
		return p
	}
	at := p + len(`,"name":"`)
	guess := &r.names[decode.Hashed(jsonscan.Load8(d, at), 0, len(r.names))]
	if guess.raw == nil || !decode.Begins(d[at:], guess.raw) {
		end, ok := jsonscan.PlainEnd(d, at)
		if !ok {
			return p
		}
		*guess = nameGuess{d[at : end+1], r.B.Symbol(d[at:end])}
	}
	r.Span.Name = guess.name
	return at + len(guess.raw)
}

// quickTime reads a time behind what stands before it, and returns where it goes on, which is at p if there is none.
func (r *Reader) quickTime(p int, before string, t *int64) int {
	at := p + len(before)
	if d := r.Data; decode.Lit(d, p, before) {
		if n, end := decode.Digits18(d, at); end > at && d[end] == '"' && !decode.OtherUnit(n) {
			*t = n
			return end + 1
		}
	}
	return p
}
