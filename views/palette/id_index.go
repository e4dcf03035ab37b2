package palette

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// IDIndex finds the traces of a set by id without looking at all of them. It never changes.
//
//	head[hash of the lower 64 bits] ──▶ trace ──next──▶ trace ──▶ …       traces in ascending order
//
// Its memory is 24 bytes a trace. Building it is linear, whatever the ids are.
type IDIndex struct {
	set    *trace.Set
	seed   maphash.Seed
	head   []uint32 // trace + 1, 0 for none; a power of two long
	next   []uint32 // trace + 1 of the next trace in the same place
	hi, lo []uint64 // of each trace: 16 bytes to search instead of all of a Trace
}

// IDMatch is a trace that an id means.
type IDMatch struct {
	Trace int  // in the set
	Exact bool // all of the id is the same, not only the lower 64 bits
	Guess int  // which of the guesses it answers
}

// NewIndex indexes a set.
func NewIndex(set *trace.Set) *IDIndex {
	n := set.Len()
	size := 1 << bits.Len(uint(n)) // between one and two times n
	x := &IDIndex{
		set: set, seed: maphash.MakeSeed(),
		head: make([]uint32, size), next: make([]uint32, n),
		hi: make([]uint64, n), lo: make([]uint64, n),
	}
	for i := n - 1; i >= 0; i-- {
		id := set.Trace(i).ID()
		x.hi[i], x.lo[i] = id.Hi, id.Lo
		slot := x.slot(id)
		x.next[i], x.head[slot] = x.head[slot], uint32(i+1)
	}
	return x
}

// Set returns the set that was indexed.
func (x *IDIndex) Set() *trace.Set { return x.set }

func (x *IDIndex) slot(id trace.TraceID) uint64 {
	if id.Text != "" {
		return maphash.String(x.seed, id.Text) & uint64(len(x.head)-1)
	}
	return maphash.Comparable(x.seed, id.Lo) & uint64(len(x.head)-1)
}

// Find returns the traces that an id means, limit at most, the one of exactly that id first: equal ids, or such
// as have the same lower 64 bits where either has no more. Where a whole id is known and there, only that counts.
func (x *IDIndex) Find(guess IDGuess, limit int) []IDMatch {
	var found []IDMatch
	for n := x.head[x.slot(guess.ID)]; n != 0; n = x.next[n-1] {
		id := x.set.Trace(int(n - 1)).ID()
		switch {
		case id == guess.ID:
			found = slices.Insert(found, 0, IDMatch{Trace: int(n - 1), Exact: true})
		case len(found) < limit && id.Text == "" && guess.ID.Text == "" && id.Lo == guess.ID.Lo && id.Lo != 0 &&
			(guess.Low || guess.ID.Hi == 0 || id.Hi == 0):
			found = append(found, IDMatch{Trace: int(n - 1)})
		}
	}
	if len(found) > 0 && found[0].Exact && !guess.Low {
		return found[:1] // ids are unique in a set
	}
	return found[:min(len(found), limit)]
}

// FindAll returns the traces that any of the guesses means, each once, limit at most. Traces of surer guesses
// are first.
func (x *IDIndex) FindAll(guesses []IDGuess, limit int) []IDMatch {
	var found []IDMatch
	for n, guess := range guesses {
		for _, m := range x.Find(guess, limit) {
			known := func(other IDMatch) bool { return other.Trace == m.Trace }
			if len(found) < limit && !slices.ContainsFunc(found, known) {
				m.Guess = n
				found = append(found, m)
			}
		}
	}
	return found
}

// Prefix returns the traces whose id begins with text as a person would type it from the screen: at least four
// hexadecimal digits of either case, leading zeros or not, or the beginning of an id that is no number. It
// returns limit at most, in the order of the set, and how many there are.
func (x *IDIndex) Prefix(text string, limit int) (found []int, total int) {
	if len(text) < 4 || len(text) > 64 {
		return nil, 0
	}
	is := x.prefixTest(text)
	for i := range x.hi {
		if is(i) {
			if total++; len(found) < limit {
				found = append(found, i)
			}
		}
	}
	return found, total
}

func (x *IDIndex) prefixTest(text string) func(i int) bool {
	hasText := func(i int) bool {
		return x.hi[i]|x.lo[i] == 0 && strings.HasPrefix(x.set.Trace(i).ID().Text, text)
	}
	id := trace.ParseTraceID(text)
	if strings.Trim(text, "0123456789abcdefABCDEF") != "" || len(text) > 32 {
		return hasText
	}
	// The digits at the upper end of 128 bits, and of 64 bits for ids that have no more.
	wide, wideMask := upper(id, len(text))
	narrow, narrowMask := trace.TraceID{}, ^uint64(0)
	if len(text) <= 16 {
		narrow.Hi = id.Lo << (64 - 4*len(text))
		narrowMask = ^uint64(0) << (64 - 4*len(text))
	}
	return func(i int) bool {
		hi, lo := x.hi[i], x.lo[i]
		if hi&wideMask.Hi == wide.Hi && lo&wideMask.Lo == wide.Lo && hi|lo != 0 {
			return true
		}
		if zeros := uint(bits.LeadingZeros64(hi) / 4 * 4); hi != 0 && zeros > 0 { // as the screen shows it
			hi, lo = hi<<zeros|lo>>(64-zeros), lo<<zeros
			return hi&wideMask.Hi == wide.Hi && lo&wideMask.Lo == wide.Lo
		}
		if hi == 0 && lo != 0 && len(text) <= 16 {
			return lo&narrowMask == narrow.Hi || stripped(lo, id.Lo, len(text))
		}
		return hi|lo == 0 && hasText(i)
	}
}

// upper moves the low n digits of an id to its upper end, and returns them with the mask of what they cover.
func upper(id trace.TraceID, n int) (value, mask trace.TraceID) {
	shift := uint(128 - 4*n)
	left := func(hi, lo uint64) trace.TraceID {
		if shift >= 64 {
			return trace.TraceID{Hi: lo << (shift - 64)}
		}
		return trace.TraceID{Hi: hi<<shift | lo>>(64-shift), Lo: lo << shift}
	}
	ones := trace.TraceID{Hi: ^uint64(0), Lo: ^uint64(0)}
	return left(id.Hi, id.Lo), left(ones.Hi, ones.Lo)
}

// stripped reports whether an id written without its leading zeros begins with the n digits of prefix.
func stripped(lo, prefix uint64, n int) bool {
	digits := (bits.Len64(lo) + 3) / 4
	return digits >= n && lo>>(4*uint(digits-n)) == prefix
}
