package trace

import (
	"iter"
	"slices"
)

// arena is an append-only store of T in chunks that never move: a reference stays valid, a published prefix
// can be read while the writer appends behind it, and growing never copies.
type arena[T any] struct {
	chunks [][]T
}

// arenaBits is how many low bits of a reference are the place within its chunk; 65,536 chunks of 65,536
// values are the most that a 32-bit reference reaches.
const (
	arenaBits  = 16
	arenaChunk = 1 << arenaBits
	arenaFirst = 64
)

// run is where n values lie one after the other in an arena; the zero run is none.
type run struct{ at, n uint32 }

// add stores a copy of values and returns where they lie.
func (a *arena[T]) add(values []T) run {
	if len(values) == 0 {
		return run{}
	}
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last])-len(a.chunks[last]) < len(values) {
		size := arenaFirst
		if last >= 0 {
			size = min(2*cap(a.chunks[last]), arenaChunk)
		}
		a.chunks = append(a.chunks, make([]T, 0, max(size, len(values))))
		last++
	}
	pos := len(a.chunks[last])
	a.chunks[last] = append(a.chunks[last], values...)
	return run{uint32(last)<<arenaBits | uint32(pos), uint32(len(values))}
}

// slice returns the values of a run.
func (a *arena[T]) slice(r run) []T {
	if r.n == 0 {
		return nil
	}
	pos := r.at & (arenaChunk - 1)
	return a.chunks[r.at>>arenaBits][pos : pos+r.n : pos+r.n]
}

// at returns the single value stored at ref.
func (a *arena[T]) at(ref uint32) *T {
	return &a.chunks[ref>>arenaBits][ref&(arenaChunk-1)]
}

// all yields each value that is stored.
func (a *arena[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, chunk := range a.chunks {
			for i := range chunk {
				if !yield(&chunk[i]) {
					return
				}
			}
		}
	}
}

// share returns a copy that sees what is stored now and none of what is added later; what is added to the copy goes
// into chunks of its own.
func (a *arena[T]) share() arena[T] {
	chunks := slices.Clone(a.chunks)
	if last := len(chunks) - 1; last >= 0 {
		chunks[last] = slices.Clip(chunks[last])
	}
	return arena[T]{chunks: chunks}
}

// adopt takes over what b holds and returns, for each chunk of b, the reference of its first value here. Chunks
// that are well filled move; the others are copied, so that many small arenas do not leave many holes.
func (a *arena[T]) adopt(b *arena[T]) bases {
	from := make(bases, len(b.chunks))
	for i, chunk := range b.chunks {
		if len(chunk) < arenaChunk/4 {
			from[i] = a.add(chunk).at
			continue
		}
		a.chunks = append(a.chunks, chunk)
		from[i] = uint32(len(a.chunks)-1) << arenaBits
	}
	return from
}

// bases translates references of an arena that was adopted: where each of its chunks begins now.
type bases []uint32

func (from bases) ref(ref uint32) uint32 { return from[ref>>arenaBits] + ref&(arenaChunk-1) }

// run moves a run; one of no values stays as it is.
func (from bases) run(r run) run {
	if r.n > 0 {
		r.at = from.ref(r.at)
	}
	return r
}
