package normalize

// Params hashes the values that were taken out, in order; FNV-1a.
type Params struct{ Sum uint64 }

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Add adds a value.
func (h *Params) Add(text string) {
	if h.Sum == 0 {
		h.Sum = fnvOffset
	}
	for i := range len(text) {
		h.Sum = (h.Sum ^ uint64(text[i])) * fnvPrime
	}
	h.Sum = (h.Sum ^ 0xff) * fnvPrime // so that "a","b" differs from "ab"
}
