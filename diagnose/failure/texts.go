package failure

import (
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// neverSent are the messages of failures before a request left: no connection, no address, no handshake.
var neverSent = regexp.MustCompile(`(?i)connect(ion|ing)? (ETIMEDOUT|timed?[ -]?out)|connect[ _.-]?timed?[ -]?out|timed out (while )?connecting|dial (tcp|udp|unix)|handshake|` +
	`ECONNREFUSED|connection refused|ENOTFOUND|EAI_AGAIN|no such host|unresolved ?address|unknown ?host|EHOSTUNREACH|ENETUNREACH`)

// NeverSent reports whether call i failed before its callee could have seen it: while connecting, or looking the name
// up. What it asked for did not happen.
func NeverSent(f *facts.Facts, i int) bool {
	return errorSays(f, i, neverSent)
}

// killed are the messages of databases that ended a statement of their own accord.
var killed = regexp.MustCompile(`(?i)cancell?ing statement|statement timeout|max_?execution_?time|query execution was interrupted|query_cancell?ed|^57014$|maximum statement execution time|ORA-01013`)

// StatementKilled reports whether the statement of span i ran until its database ended it.
func StatementKilled(f *facts.Facts, i int) bool {
	return (f.Class(i) == semconv.ClassSQL || f.Class(i) == semconv.ClassNoSQL) && errorSays(f, i, killed)
}

// errorSays reports whether one of the texts of span i's error matches; of a stack trace the start counts.
func errorSays(f *facts.Facts, i int, what *regexp.Regexp) bool {
	var c semconv.Canonical
	f.Canonical(i, &c)
	return slices.ContainsFunc(append(semconv.ErrorTexts(f.Trace.Span(i), &c), c.Text(semconv.ErrorType)), func(text string) bool {
		return what.MatchString(strings.ToValidUTF8(text[:min(len(text), 512)], ""))
	})
}

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

// BreakerOpen reports whether call i met an open circuit breaker: its failure says so, or the breaker's state is recorded.
func BreakerOpen(f *facts.Facts, i int) bool {
	if f.Failure(i) == semconv.ErrorBreakerOpen {
		return true
	}
	if !f.Ops.Breakers() {
		return false
	}
	var c semconv.Canonical
	f.Canonical(i, &c)
	return strings.EqualFold(c.Text(semconv.BreakerState), "open")
}
