package facts

// paramHash hashes the values that were taken out, in order; FNV-1a.
type paramHash struct{ sum uint64 }

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func (h *paramHash) add(text string) {
	if h.sum == 0 {
		h.sum = fnvOffset
	}
	for i := range len(text) {
		h.sum = (h.sum ^ uint64(text[i])) * fnvPrime
	}
	h.sum = (h.sum ^ 0xff) * fnvPrime // so that "a","b" differs from "ab"
}
