package calltree

import (
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// Keys numbers operations, those of one set or of several, without what may differ between two runs of one call.
type Keys struct {
	numbers map[facts.Op]int32
	Ops     []facts.Op
	hashes  []uint64
	known   map[*facts.Ops][]int32 // by the number of the operation there: key + 1, 0 for not asked yet
	Callees *Callees               // nil where operations are not told apart by whom they reach
	last    int                    // nodes of the last tree: the next one often has as many
}

// NewKeys returns the numbers of no operations yet.
func NewKeys() *Keys {
	return &Keys{numbers: map[facts.Op]int32{}, known: map[*facts.Ops][]int32{}}
}

// Reader returns what numbers the spans of one trace.
func (k *Keys) Reader(f *facts.Facts) func(i int) int32 {
	known := k.known[f.Ops]
	if n := f.Ops.Len(); len(known) < n {
		known = append(known, make([]int32, n-len(known))...)
		k.known[f.Ops] = known
	}
	return func(i int) int32 {
		n := f.OpNumber(i)
		if known[n] == 0 {
			known[n] = k.number(f.Op(i)) + 1
		}
		return known[n] - 1
	}
}

func (k *Keys) number(op facts.Op) int32 {
	op.Kind = 0
	if op.Class == semconv.ClassCall {
		op.Class = semconv.ClassInternal // without its server it does not look like a call
	}
	one := anyID(op)
	n, ok := k.numbers[one]
	switch {
	case !ok:
		n = int32(len(k.Ops))
		k.numbers[one] = n
		k.Ops, k.hashes = append(k.Ops, op), append(k.hashes, hashOp(one))
	case k.Ops[n] != op:
		k.Ops[n] = one // spelled in several ways: it is called by what these have in common
	}
	return n
}

// idTokens are the sorts of ids that stand in operations. Which sort the ids of a call are seen to be depends on the few
// that a trace happens to have: product:1234 and product:12ab are of one call.
var idTokens = strings.NewReplacer("{int}", "{id}", "{uuid}", "{id}", "{ulid}", "{id}", "{hex}", "{id}", "{b64}", "{id}")

// anyID returns an operation with all sorts of ids in it as one.
func anyID(op facts.Op) facts.Op {
	if !strings.Contains(op.Name, "{") && !strings.Contains(op.Template, "{") && !strings.Contains(op.Peer, "{") {
		return op
	}
	op.Name, op.Template, op.Peer = idTokens.Replace(op.Name), idTokens.Replace(op.Template), idTokens.Replace(op.Peer)
	return op
}

// Step is a way down in a call tree: from a node to its children with one operation.
type Step struct{ Parent, Key int32 }

// Mix is one step of a 64-bit hash (the finalizer of splitmix64).
func Mix(h, v uint64) uint64 {
	h += v + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func hashOp(op facts.Op) uint64 {
	h := uint64(op.Class)
	for _, text := range [...]string{op.Service, op.Name, op.Peer, op.Template} {
		for i := range len(text) {
			h = (h ^ uint64(text[i])) * 1099511628211 // FNV-1a
		}
		h = Mix(h, uint64(len(text)))
	}
	return h
}
