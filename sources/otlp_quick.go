package sources

import (
	"math"

	"tracefall/sources/trace"
)

// What collectors and SDKs write has no white space and keeps one order of fields, and most attributes were seen
// before. The functions of this file read exactly that, comparing whole pieces at once, and leave whatever is
// different to the careful ones: they either read something that is well-formed or do nothing. They are worth
// about three quarters of the time that reading takes.

// quickMargin is how many bytes must be left for a quick function to look at the input without checking each
// time where it ends. It is more than all fixed pieces of a span or an attribute together.
const quickMargin = 512

// lit tells whether the input goes on with a piece at p.
func lit(d []byte, p int, piece string) bool { return string(d[p:p+len(piece)]) == piece }

// hashed picks one of n (a power of two) places for eight bytes and a salt.
func hashed(x uint64, salt trace.Symbol, n int) int {
	const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return int((x^uint64(salt)<<40)*golden>>40) & (n - 1)
}

// quick is what the quick functions remember.
type quick struct {
	keys   [256]keyGuess
	values [1024]valueGuess
	names  [256]nameGuess
}

// keyGuess is which attribute came after another the last time.
type keyGuess struct {
	after trace.Symbol
	key   trace.Symbol
	raw   []byte // with its closing quote

	meaning tagMeaning // where it is a Jaeger tag
}

// valueGuess is a value that an attribute had, with everything up to the end of the pair.
type valueGuess struct {
	raw  []byte
	attr trace.Attr
}

type nameGuess struct {
	raw  []byte // with its closing quote
	name trace.Symbol
}

// quickAttributes reads attributes from the element at pos on, as long as they have the usual form. It returns
// true when it stops behind an element and false when it stops before one that needs a careful look.
func (r *reader) quickAttributes(list *[]trace.Attr) bool {
	const open = uint64('{') | '"'<<8 | 'k'<<16 | 'e'<<24 | 'y'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	d, p := r.data, r.pos
	last := r.lastKey
	for len(d)-p > quickMargin && load8(d, p) == open {
		k := p + 8
		guess := &r.quick.keys[last&255]
		if guess.after == last && guess.raw != nil && begins(d[k:], guess.raw) {
			k += len(guess.raw)
		} else {
			end, ok := plainEnd(d, k)
			if !ok || len(d)-end < quickMargin {
				break
			}
			*guess = keyGuess{after: last, key: r.b.Symbol(d[k:end]), raw: d[k : end+1], meaning: meanings[string(d[k:end])]}
			k = end + 1
		}
		last = guess.key
		r.lastKey = last
		// the first bytes of the value itself, of a string or a number alike
		value := &r.quick.values[hashed(load8(d, k+21), last, len(r.quick.values))]
		if value.raw != nil && value.attr.Key() == last && begins(d[k:], value.raw) {
			*list = append(*list, value.attr)
			k += len(value.raw)
		} else {
			a, end, ok := r.quickValue(last, k)
			if !ok {
				break
			}
			*list = append(*list, a)
			value.raw, value.attr = d[k:end], a
			k = end
		}
		if d[k] != ',' || d[k+1] != '{' {
			r.pos = k
			return true
		}
		p = k + 1
	}
	r.pos = p
	return false
}

// quickValue reads what stands between the key of an attribute and the end of its pair, a string, an integer or
// a boolean. There are bytes after the end.
func (r *reader) quickValue(name trace.Symbol, p int) (a trace.Attr, end int, ok bool) {
	d := r.data
	if !lit(d, p, `,"value":{"`) {
		return a, p, false
	}
	p += len(`,"value":{"`)
	switch d[p] {
	case 's':
		if !lit(d, p, `stringValue":"`) {
			return a, p, false
		}
		p += len(`stringValue":"`)
		end, ok := plainEnd(d, p)
		if !ok || len(d)-end < 8 || !lit(d, end, `"}}`) {
			return a, p, false
		}
		return r.b.StringAt(name, r.blob, p, end-p), end + 3, true
	case 'i':
		if !lit(d, p, `intValue":"`) {
			return a, p, false
		}
		p += len(`intValue":"`)
		n, end := quickInt(d, p)
		if end == p || !lit(d, end, `"}}`) {
			return a, p, false
		}
		return trace.Int(name, n), end + 3, true
	case 'b':
		if lit(d, p, `boolValue":true}}`) {
			return trace.Bool(name, true), p + len(`boolValue":true}}`), true
		}
		if lit(d, p, `boolValue":false}}`) {
			return trace.Bool(name, false), p + len(`boolValue":false}}`), true
		}
	}
	return a, p, false
}

// quickInt reads up to 18 digits, 19 where the first is a 1; more leave the end at p.
func quickInt(d []byte, p int) (n int64, end int) {
	end = p
	for isDigit(d[end]) {
		n = n*10 + int64(d[end]-'0')
		if end++; end-p > 18 && (end-p > 19 || d[p] != '1') {
			return 0, p
		}
	}
	return n, end
}

// quickSpan reads the fields with which a span begins, in the order of the specification, as far as they are
// there and have the usual form. The careful functions go on from wherever it stops.
func (r *reader) quickSpan() bool {
	d, p, raw := r.data, r.pos, &r.raw
	if len(d)-p < quickMargin || !lit(d, p, `{"traceId":"`) {
		return false
	}
	p += len(`{"traceId":"`)
	if !r.quickTraceID(p) {
		return false
	}
	raw.Trace = r.idTrace
	p += 33
	if lit(d, p, `,"spanId":"`) && d[p+27] == '"' {
		if id, ok := hex16(d[p+11:]); ok {
			raw.ID.N = id
			p += 28
		}
	}
	if lit(d, p, `,"traceState":""`) {
		p += len(`,"traceState":""`)
	}
	if lit(d, p, `,"parentSpanId":"`) {
		if d[p+17] == '"' {
			p += 18
		} else if id, ok := hex16(d[p+17:]); ok && d[p+33] == '"' {
			raw.Parent.N = id
			p += 34
		}
	}
	if lit(d, p, `,"flags":`) && d[p+9]-'1' <= 8 {
		if flags, end := quickInt(d, p+9); end > p+9 && (d[end] == ',' || d[end] == '}') {
			raw.ParentAt = parentPlace(uint32(min(flags, math.MaxUint32)))
			p = end
		}
	}
	p = r.quickName(p)
	if lit(d, p, `,"kind":`) && d[p+8]-'0' <= uint8(trace.KindConsumer) && d[p+9] == ',' {
		raw.Kind = trace.Kind(d[p+8] - '0')
		p += 9
	}
	r.pos, r.fresh = r.quickTimes(p), false
	return true
}

// quickTraceID reads 32 hexadecimal digits and a quote. Mostly they are the same as last time.
func (r *reader) quickTraceID(p int) bool {
	text := r.data[p : p+32]
	if r.data[p+32] != '"' {
		return false
	}
	if string(text) == string(r.idText) {
		return true
	}
	hi, ok1 := hex16(text)
	lo, ok2 := hex16(text[16:])
	if ok1 && ok2 {
		r.idText, r.idTrace = text, trace.TraceID{Hi: hi, Lo: lo}
	}
	return ok1 && ok2
}

func (r *reader) quickName(p int) int {
	d := r.data
	if len(d)-p < quickMargin || !lit(d, p, `,"name":"`) {
		return p
	}
	at := p + len(`,"name":"`)
	guess := &r.quick.names[hashed(load8(d, at), 0, len(r.quick.names))]
	if guess.raw == nil || !begins(d[at:], guess.raw) {
		end, ok := plainEnd(d, at)
		if !ok {
			return p
		}
		*guess = nameGuess{d[at : end+1], r.b.Symbol(d[at:end])}
	}
	r.raw.Name = guess.name
	return at + len(guess.raw)
}

func (r *reader) quickTimes(p int) int {
	d := r.data
	if len(d)-p < quickMargin || !lit(d, p, `,"startTimeUnixNano":"`) {
		return p
	}
	at := p + len(`,"startTimeUnixNano":"`)
	n, end := quickInt(d, at)
	if end == at || d[end] != '"' || otherUnit(n) {
		return p
	}
	r.raw.Start = n
	if p = end + 1; !lit(d, p, `,"endTimeUnixNano":"`) {
		return p
	}
	at = p + len(`,"endTimeUnixNano":"`)
	if n, end = quickInt(d, at); end == at || d[end] != '"' || otherUnit(n) {
		return p
	}
	r.raw.End = n
	return end + 1
}
