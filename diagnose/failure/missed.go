package failure

import (
	"regexp"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// nothingFound is what clients report as errors where a key or a row is not there.
var nothingFound = regexp.MustCompile(`(?i)redis: ?nil|cache[ -]?miss|key (was )?not found|no such key|no rows in result set|` +
	`record ?not ?found|no ?result ?found|EmptyResultDataAccess|no documents in result|does not exist in cache`)

// Missed reports whether the failure of span i is that its read of a cache or a database found nothing.
func Missed(f *facts.Facts, i int) bool {
	switch f.Class(i) {
	case semconv.ClassCache, semconv.ClassSQL, semconv.ClassNoSQL:
		return errorSays(f, i, nothingFound)
	}
	return false
}
