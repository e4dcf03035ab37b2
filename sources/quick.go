package sources

import "tracefall/sources/trace"

// quickMargin is how many bytes must be left for a quick function to look at the input without checking each
// time where it ends. It is more than all fixed pieces of a span or an attribute together.
const quickMargin = 512

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

	meaning uint8 // for the format to say
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

// lit tells whether the input goes on with a piece at p.
func lit(d []byte, p int, piece string) bool { return string(d[p:p+len(piece)]) == piece }

// hashed picks one of n (a power of two) places for eight bytes and a salt.
func hashed(x uint64, salt trace.Symbol, n int) int {
	const golden = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return int((x^uint64(salt)<<40)*golden>>40) & (n - 1)
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
