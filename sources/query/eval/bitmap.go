package eval

import "math/bits"

func empty(bitmap []uint64) bool {
	for _, word := range bitmap {
		if word != 0 {
			return false
		}
	}
	return true
}

func bit(bitmap []uint64, i int) bool { return bitmap[i>>6]>>(i&63)&1 != 0 }

func setBit(bitmap []uint64, i int) { bitmap[i>>6] |= 1 << (i & 63) }

func each(bitmap []uint64, visit func(int)) {
	for w, word := range bitmap {
		for ; word != 0; word &= word - 1 {
			visit(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

// nextBit returns the first bit set from i on, -1 for none.
func nextBit(bitmap []uint64, i int) int {
	w := i >> 6
	if w >= len(bitmap) {
		return -1
	}
	word := bitmap[w] >> (i & 63) << (i & 63)
	for word == 0 {
		if w++; w == len(bitmap) {
			return -1
		}
		word = bitmap[w]
	}
	return w<<6 + bits.TrailingZeros64(word)
}

func intersect(a, b, out []uint64) {
	for w := range a {
		out[w] = a[w] & b[w]
	}
}

func population(bitmap []uint64) int {
	n := 0
	for _, word := range bitmap {
		n += bits.OnesCount64(word)
	}
	return n
}

// keep writes those of in to out that holds is true for.
func keep(in, out []uint64, holds func(int) bool) {
	for w, candidates := range in {
		var hits uint64
		for ; candidates != 0; candidates &= candidates - 1 {
			i := bits.TrailingZeros64(candidates)
			if holds(w<<6 + i) {
				hits |= 1 << i
			}
		}
		out[w] = hits
	}
}
