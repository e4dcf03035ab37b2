package main

import (
	"cmp"
	"slices"
)

// batchSize is the batch processor's: spans of one line or record.
const batchSize = 512

// batchWriter writes one batch; spans are ordered by service, then operation.
type batchWriter interface{ batch(spans []span) error }

// batches mixes traces the way a collector does: spans leave in the order they
// ended, in batches, grouped by resource and scope.
type batches struct {
	to      batchWriter
	pending []span
}

func newBatches(to batchWriter) *batches { return &batches{to: to} }

func (b *batches) trace(spans []span) error {
	b.pending = append(b.pending, spans...)
	if len(b.pending) < 16*batchSize {
		return nil
	}
	return b.close()
}

func (b *batches) close() error {
	slices.SortStableFunc(b.pending, func(x, y span) int { return cmp.Compare(x.end, y.end) })
	for rest := b.pending; len(rest) > 0; {
		cut := rest[:min(batchSize, len(rest))]
		rest = rest[len(cut):]
		slices.SortStableFunc(cut, func(x, y span) int {
			return cmp.Or(cmp.Compare(x.service, y.service), cmp.Compare(x.op.scopeRank(), y.op.scopeRank()))
		})
		if err := b.to.batch(cut); err != nil {
			return err
		}
	}
	b.pending = b.pending[:0]
	return nil
}

// scopeRank is equal for operations of one instrumentation scope.
func (o operation) scopeRank() int {
	switch o {
	case serve, call:
		return 0
	case rpcServe, rpcCall:
		return 1
	case query, cacheGet, inner:
		return 2 + int(o)
	}
	return 0
}
