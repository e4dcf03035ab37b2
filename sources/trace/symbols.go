package trace

import (
	"hash/maphash"
	"unsafe"
)

// Symbol is an interned string of one Set: two symbols of a set are equal exactly when their strings are.
// The zero Symbol is the empty string.
type Symbol uint32

// symbols interns strings. Their bytes lie in large chunks; the index is open addressing over symbol numbers.
type symbols struct {
	seed  maphash.Seed
	texts []string
	index []uint32 // symbol number + 1 where filled; a power of two long, at most half full
	chunk []byte
}

const symbolChunk = 64 << 10

func newSymbols() symbols {
	s := symbols{seed: maphash.MakeSeed(), texts: make([]string, 0, 256), index: make([]uint32, 1024)}
	s.intern(nil)
	return s
}

// intern returns the symbol of b, making it when it is new. It keeps no reference to b.
func (s *symbols) intern(b []byte) Symbol {
	mask := uint64(len(s.index) - 1)
	for i := maphash.Bytes(s.seed, b) & mask; ; i = (i + 1) & mask {
		n := s.index[i]
		if n == 0 {
			return s.insert(i, b)
		}
		if s.texts[n-1] == string(b) {
			return Symbol(n - 1)
		}
	}
}

// internString is intern for a string.
func (s *symbols) internString(text string) Symbol {
	return s.intern(unsafe.Slice(unsafe.StringData(text), len(text)))
}

func (s *symbols) insert(slot uint64, b []byte) Symbol {
	s.texts = append(s.texts, s.keep(b))
	n := uint32(len(s.texts))
	s.index[slot] = n
	if 2*int(n) > len(s.index) {
		s.grow()
	}
	return Symbol(n - 1)
}

// keep copies b to where it stays.
func (s *symbols) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > symbolChunk/4 {
		return string(b)
	}
	if len(s.chunk)+len(b) > cap(s.chunk) {
		size := symbolChunk
		if len(s.texts) < 128 {
			size = symbolChunk / 16
		}
		s.chunk = make([]byte, 0, max(size, len(b)))
	}
	from := len(s.chunk)
	s.chunk = append(s.chunk, b...)
	return unsafe.String(&s.chunk[from], len(b))
}

func (s *symbols) grow() {
	old := s.index
	s.index = make([]uint32, 2*len(old))
	mask := uint64(len(s.index) - 1)
	for _, n := range old {
		if n == 0 {
			continue
		}
		i := maphash.String(s.seed, s.texts[n-1]) & mask
		for s.index[i] != 0 {
			i = (i + 1) & mask
		}
		s.index[i] = n
	}
}

// lookup returns the symbol of text, if there is one.
func (s *symbols) lookup(text string) (Symbol, bool) {
	mask := uint64(len(s.index) - 1)
	for i := maphash.String(s.seed, text) & mask; ; i = (i + 1) & mask {
		n := s.index[i]
		if n == 0 {
			return 0, false
		}
		if s.texts[n-1] == text {
			return Symbol(n - 1), true
		}
	}
}

// share returns a copy for a published set; the strings themselves are shared.
func (s *symbols) share() symbols {
	return symbols{seed: s.seed, texts: s.texts[:len(s.texts):len(s.texts)], index: append([]uint32(nil), s.index...)}
}
