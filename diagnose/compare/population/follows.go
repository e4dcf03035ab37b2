package population

import (
	"slices"
	"strings"
)

// What follows from a split by itself: keys that hold these texts, and keys with these words.
var (
	errorKeys = [...]string{"error", "exception", "otel.status", "status_code", "status.code", "grpc_status", "response_flags"}
	timeWords = [...]string{"duration", "latency", "elapsed", "took", "time"}
)

// followsFromSplit reports whether a key says no more than how the sets were told apart.
func (p *attributes) followsFromSplit(key string) bool {
	asked := &p.opt.Asked
	byErrors := p.opt.By == SplitErrors || asked.Errors || slices.ContainsFunc(asked.Keys, aboutErrors)
	byTime := p.opt.By == SplitSlowest || asked.Durations || slices.ContainsFunc(asked.Keys, aboutTime)
	return slices.Contains(asked.Keys, key) || byErrors && aboutErrors(key) || byTime && aboutTime(key)
}

func aboutErrors(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc(errorKeys[:], func(text string) bool { return strings.Contains(key, text) })
}

// aboutTime goes by words: process.runtime.version is no time.
func aboutTime(key string) bool {
	words := strings.FieldsFunc(strings.ToLower(key), func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(timeWords[:], word) })
}
