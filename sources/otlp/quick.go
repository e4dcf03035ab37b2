package otlp

import (
	"math"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// What collectors and SDKs write has no white space and keeps one order of fields, and most attributes were seen
// before. The functions of this file read exactly that, comparing whole pieces at once, and leave whatever is
// different to the careful ones: they either read something that is well-formed or do nothing. They are worth
// about three quarters of the time that reading takes.

// quickAttributes reads attributes from the element at pos on, as long as they have the usual form. It returns
// true when it stops behind an element and false when it stops before one that needs a careful look.
func (r *Reader) quickAttributes(list *[]trace.Attr) bool {
	const open = uint64('{') | '"'<<8 | 'k'<<16 | 'e'<<24 | 'y'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	d, p := r.Data, r.Pos
	last := r.lastKey
	for len(d)-p > decode.Margin && jsonscan.Load8(d, p) == open {
		k := p + 8
		guess := &r.quick.Keys[last&255]
		if guess.After == last && guess.Raw != nil && decode.Begins(d[k:], guess.Raw) {
			k += len(guess.Raw)
		} else {
			end, ok := jsonscan.PlainEnd(d, k)
			if !ok || len(d)-end < decode.Margin {
				break
			}
			*guess = decode.KeyGuess{After: last, Key: r.B.Symbol(d[k:end]), Raw: d[k : end+1]}
			k = end + 1
		}
		last = guess.Key
		r.lastKey = last
		// the first bytes of the value itself, of a string or a number alike
		value := &r.quick.Values[decode.Hashed(jsonscan.Load8(d, k+21), last, len(r.quick.Values))]
		if value.Raw != nil && value.Attr.Key() == last && decode.Begins(d[k:], value.Raw) {
			*list = append(*list, value.Attr)
			k += len(value.Raw)
		} else {
			a, end, ok := r.quickValue(last, k)
			if !ok {
				break
			}
			*list = append(*list, a)
			value.Raw, value.Attr = d[k:end], a
			k = end
		}
		if d[k] != ',' || d[k+1] != '{' {
			r.Pos = k
			return true
		}
		p = k + 1
	}
	r.Pos = p
	return false
}

// quickValue reads what stands between the key of an attribute and the end of its pair, a string, an integer or
// a boolean. There are bytes after the end.
func (r *Reader) quickValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.Data
	if !decode.Lit(d, p, `,"value":{"`) {
		return a, p, false
	}
	p += len(`,"value":{"`)
	switch d[p] {
	case 's':
		if !decode.Lit(d, p, `stringValue":"`) {
			return a, p, false
		}
		p += len(`stringValue":"`)
		end, ok := jsonscan.PlainEnd(d, p)
		if !ok || len(d)-end < 8 || !decode.Lit(d, end, `"}}`) {
			return a, p, false
		}
		return r.B.StringAt(name, r.Blob, p, end-p), end + 3, true
	case 'i':
		if !decode.Lit(d, p, `intValue":"`) {
			return a, p, false
		}
		p += len(`intValue":"`)
		n, end := decode.Digits18(d, p)
		if end == p || !decode.Lit(d, end, `"}}`) {
			return a, p, false
		}
		return trace.Int(name, n), end + 3, true
	case 'b':
		if decode.Lit(d, p, `boolValue":true}}`) {
			return trace.Bool(name, true), p + len(`boolValue":true}}`), true
		}
		if decode.Lit(d, p, `boolValue":false}}`) {
			return trace.Bool(name, false), p + len(`boolValue":false}}`), true
		}
	}
	return a, p, false
}

// quickSpan reads the fields with which a span begins, in the order of the specification, as far as they are
// there and have the usual form. The careful functions go on from wherever it stops.
func (r *Reader) quickSpan() bool {
	d, p, raw := r.Data, r.Pos, &r.Span
	if len(d)-p < decode.Margin || !decode.Lit(d, p, `{"traceId":"`) {
		return false
	}
	p += len(`{"traceId":"`)
	if !r.QuickTraceID(p) {
		return false
	}
	raw.Trace = r.IDTrace
	p += 33
	if decode.Lit(d, p, `,"spanId":"`) && d[p+27] == '"' {
		if id, ok := decode.Hex16(d[p+11:]); ok {
			raw.ID.N = id
			p += 28
		}
	}
	if decode.Lit(d, p, `,"traceState":""`) {
		p += len(`,"traceState":""`)
	}
	if decode.Lit(d, p, `,"parentSpanId":"`) {
		if d[p+17] == '"' {
			p += 18
		} else if id, ok := decode.Hex16(d[p+17:]); ok && d[p+33] == '"' {
			raw.Parent.N = id
			p += 34
		}
	}
	if decode.Lit(d, p, `,"flags":`) && d[p+9]-'1' <= 8 {
		if flags, end := decode.Digits18(d, p+9); end > p+9 && (d[end] == ',' || d[end] == '}') {
			raw.ParentAt = decode.ParentPlace(uint32(min(flags, math.MaxUint32)))
			p = end
		}
	}
	p = r.quickName(p)
	if decode.Lit(d, p, `,"kind":`) && d[p+8]-'0' <= uint8(trace.KindConsumer) && d[p+9] == ',' {
		raw.Kind = trace.Kind(d[p+8] - '0')
		p += 9
	}
	r.Pos, r.Fresh = r.quickTimes(p), false
	return true
}

func (r *Reader) quickName(p int) int {
	d := r.Data
	if len(d)-p < decode.Margin || !decode.Lit(d, p, `,"name":"`) {
		return p
	}
	at := p + len(`,"name":"`)
	guess := &r.quick.Names[decode.Hashed(jsonscan.Load8(d, at), 0, len(r.quick.Names))]
	if guess.Raw == nil || !decode.Begins(d[at:], guess.Raw) {
		end, ok := jsonscan.PlainEnd(d, at)
		if !ok {
			return p
		}
		*guess = decode.NameGuess{Raw: d[at : end+1], Name: r.B.Symbol(d[at:end])}
	}
	r.Span.Name = guess.Name
	return at + len(guess.Raw)
}

func (r *Reader) quickTimes(p int) int {
	d := r.Data
	if len(d)-p < decode.Margin || !decode.Lit(d, p, `,"startTimeUnixNano":"`) {
		return p
	}
	at := p + len(`,"startTimeUnixNano":"`)
	n, end := decode.Digits18(d, at)
	if end == at || d[end] != '"' || decode.OtherUnit(n) {
		return p
	}
	r.Span.Start = n
	if p = end + 1; !decode.Lit(d, p, `,"endTimeUnixNano":"`) {
		return p
	}
	at = p + len(`,"endTimeUnixNano":"`)
	if n, end = decode.Digits18(d, at); end == at || d[end] != '"' || decode.OtherUnit(n) {
		return p
	}
	r.Span.End = n
	return end + 1
}
