package decode

import (
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Margin is how many bytes must be left for a quick function to look at the input without checking each
// time where it ends. It is more than all fixed pieces of a span or an attribute together.
const Margin = 512

// What libraries write has no white space and keeps one order of fields, and most attributes were seen before. Quick
// functions read exactly that, comparing whole pieces at once, and leave whatever is different to the careful ones: they
// either read something that is well-formed or do nothing. They are worth about three quarters of the time that reading
// takes.

// Pairs reads lists of attributes that are pairs, of which the key comes first, and remembers what it met.
type Pairs struct {
	Last   trace.Symbol // the key of the pair before, 0 for none
	keys   [256]keyGuess
	values [1024]valueGuess

	// Value reads what stands between the key of a pair and the end of the pair. There are Margin bytes behind p.
	Value func(name trace.Symbol, p int) (a trace.Attr, end int, ok bool)
	// ValueAt is where, behind a key, the first bytes of values stand, of strings and numbers alike.
	ValueAt int
	// Meaning is what a key means to the format, 0 for nothing; nil where none does.
	Meaning func(key []byte) uint8
}

// keyGuess is which key came after another the last time.
type keyGuess struct {
	after   trace.Symbol
	key     trace.Symbol
	raw     []byte // with its closing quote
	meaning uint8
}

// valueGuess is a value that a key had, with everything up to the end of the pair.
type valueGuess struct {
	raw  []byte
	attr trace.Attr
}

// Read reads pairs from the element at the position on, as long as they have the usual form. It returns true when it
// stops behind an element and false when it stops before one that needs a careful look. A pair whose key means something
// goes to meant, unless that is nil: from what is behind the key it returns the pair's end, or -1.
func (c *Pairs) Read(r *Reader, list *[]trace.Attr, meant func(meaning uint8, p int) int) bool {
	const open = uint64('{') | '"'<<8 | 'k'<<16 | 'e'<<24 | 'y'<<32 | '"'<<40 | ':'<<48 | '"'<<56
	d, p := r.Data, r.Pos
	last := c.Last
	for len(d)-p > Margin && jsonscan.Load8(d, p) == open {
		k := p + 8
		guess := &c.keys[last&255]
		if guess.after == last && guess.raw != nil && Begins(d[k:], guess.raw) {
			k += len(guess.raw)
		} else {
			end, ok := jsonscan.PlainEnd(d, k)
			if !ok || len(d)-end < Margin {
				break
			}
			*guess = keyGuess{after: last, key: r.B.Symbol(d[k:end]), raw: d[k : end+1]}
			if c.Meaning != nil {
				guess.meaning = c.Meaning(d[k:end])
			}
			k = end + 1
		}
		last = guess.key
		c.Last = last
		if guess.meaning != 0 && meant != nil {
			if k = meant(guess.meaning, k); k < 0 {
				break
			}
		} else {
			value := &c.values[Hashed(jsonscan.Load8(d, k+c.ValueAt), last, len(c.values))]
			if value.raw == nil || value.attr.Key() != last || !Begins(d[k:], value.raw) {
				a, end, ok := c.Value(last, k)
				if !ok {
					break
				}
				*value = valueGuess{d[k:end], a}
			}
			*list = append(*list, value.attr)
			k += len(value.raw)
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

// Lit reports whether the input goes on with a piece at p.
func Lit(d []byte, p int, piece string) bool { return string(d[p:p+len(piece)]) == piece }

// Hashed picks one of n (a power of two) places for eight bytes and a salt.
func Hashed(x uint64, salt trace.Symbol, n int) int {
	const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return int((x^uint64(salt)<<40)*golden>>40) & (n - 1)
}

// Digits18 reads up to 18 digits, 19 where the first is a 1; more leave the end at p.
func Digits18(d []byte, p int) (n int64, end int) {
	end = p
	for jsonscan.IsDigit(d[end]) {
		n = n*10 + int64(d[end]-'0')
		if end++; end-p > 18 && (end-p > 19 || d[p] != '1') {
			return 0, p
		}
	}
	return n, end
}

// QuickIDs reads the ids with which a span begins, behind what stands before each, and returns where it goes on; -1 where
// it begins otherwise. There must be Margin bytes.
func (r *Reader) QuickIDs(p int, beforeTrace, beforeSpan string) int {
	if !Lit(r.Data, p, beforeTrace) {
		return -1
	}
	p += len(beforeTrace)
	if !r.quickTraceID(p) {
		return -1
	}
	r.Span.Trace = r.idTrace
	return r.QuickSpanID(p+33, beforeSpan, &r.Span.ID)
}

// QuickSpanID reads a span id behind what stands before it, and returns where it goes on, which is at p if there is none.
func (r *Reader) QuickSpanID(p int, before string, id *trace.SpanID) int {
	at := p + len(before)
	if d := r.Data; Lit(d, p, before) && d[at+16] == '"' {
		if n, ok := Hex16(d[at:]); ok {
			id.N = n
			return at + 17
		}
	}
	return p
}

// quickTraceID reads 32 hexadecimal digits and a quote. Mostly they are the same as last time.
func (r *Reader) quickTraceID(p int) bool {
	text := r.Data[p : p+32]
	if r.Data[p+32] != '"' {
		return false
	}
	if string(text) == string(r.idText) {
		return true
	}
	hi, ok1 := Hex16(text)
	lo, ok2 := Hex16(text[16:])
	if ok1 && ok2 {
		r.idText, r.idTrace = text, trace.TraceID{Hi: hi, Lo: lo}
	}
	return ok1 && ok2
}
