package decode

import (
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Margin is how many bytes must be left for a quick function to look at the input without checking each
// time where it ends. It is more than all fixed pieces of a span or an attribute together.
const Margin = 512

// Cache is what the quick functions remember.
type Cache struct {
	Keys   [256]KeyGuess
	Values [1024]valueGuess
	Names  [256]NameGuess
}

// KeyGuess is which attribute came after another the last time.
type KeyGuess struct {
	After trace.Symbol
	Key   trace.Symbol
	Raw   []byte // with its closing quote

	Meaning uint8 // for the format to say
}

// valueGuess is a value that an attribute had, with everything up to the end of the pair.
type valueGuess struct {
	Raw  []byte
	Attr trace.Attr
}

// NameGuess is a name that a span had.
type NameGuess struct {
	Raw  []byte // with its closing quote
	Name trace.Symbol
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

// QuickTraceID reads 32 hexadecimal digits and a quote. Mostly they are the same as last time.
func (r *Reader) QuickTraceID(p int) bool {
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
		r.idText, r.IDTrace = text, trace.TraceID{Hi: hi, Lo: lo}
	}
	return ok1 && ok2
}
