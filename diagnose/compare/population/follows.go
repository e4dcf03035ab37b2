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
	return slices.Contains(p.opt.Asked.Keys, key) || p.byErrors() && aboutErrors(key) || p.byTime() && aboutTime(key)
}

func (p *attributes) byErrors() bool {
	return p.opt.By == SplitErrors || p.opt.Asked.Errors || slices.ContainsFunc(p.opt.Asked.Keys, aboutErrors)
}

func (p *attributes) byTime() bool {
	return p.opt.By == SplitSlowest || p.opt.Asked.Durations || slices.ContainsFunc(p.opt.Asked.Keys, aboutTime)
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
