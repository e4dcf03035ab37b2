package eval

import "strings"

// folded is a text to look for in either case of its ASCII letters. Other letters match as they are.
type folded struct {
	lower string
	rare  int // the place of the byte to look for first
}

// common lists bytes from frequent to rare in what traces hold, so that the search stops at few places.
const common = " etaoinsrlcdpmuh/._-:0123456789gfbvywkxjqz"

func newFolded(text string) folded {
	f := folded{lower: lowerASCII(text)}
	best := -1
	for i := 0; i < len(f.lower); i++ {
		rank := strings.IndexByte(common, f.lower[i])
		if rank < 0 {
			rank = len(common)
		}
		if rank > best {
			best, f.rare = rank, i
		}
	}
	return f
}

// in reports whether text holds the folded text. It looks for the rarest byte in both cases and never reads a byte
// twice for that.
func (f folded) in(text string) bool {
	n := len(f.lower)
	if n == 0 {
		return true
	}
	if len(text) < n {
		return false
	}
	lo := f.lower[f.rare]
	up := upper(lo)
	last := len(text) - (n - f.rare) // of the rare byte
	nextLo, nextUp := -1, -1
	for i := f.rare; i <= last; i++ {
		nextLo = f.next(text, nextLo, i, last, lo)
		if up != lo {
			nextUp = f.next(text, nextUp, i, last, up)
		} else {
			nextUp = len(text)
		}
		if i = min(nextLo, nextUp); i > last {
			return false
		}
		if equalFold(text[i-f.rare:i-f.rare+n], f.lower) {
			return true
		}
	}
	return false
}

// next returns the first place of c from i on, known already where it is not behind i; len(text) for none.
func (f folded) next(text string, known, i, last int, c byte) int {
	if known >= i {
		return known
	}
	at := strings.IndexByte(text[i:last+1], c)
	if at < 0 {
		return len(text)
	}
	return i + at
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}

func lowerASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		b[i] = lowerByte(c)
	}
	return string(b)
}

// equalFold compares texts, ASCII letters in either case.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}
