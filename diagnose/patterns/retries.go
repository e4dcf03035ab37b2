package patterns

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Retries is what the events of a span say about attempts.
type Retries struct {
	Events   int   // that are about attempts
	Count    int   // the largest number of an attempt among them
	Delay    int64 // ns, the longest wait among them
	HasDelay bool
}

// RetriesOf reads the events of span i that are about attempts: "retry.attempt" with retry.count and retry.delay.
func RetriesOf(f *facts.Facts, i int) Retries {
	var r Retries
	span := f.Trace.Span(i)
	for n := range span.Events() {
		e := span.Event(n)
		about := attemptWord(e.Name())
		for key, value := range e.Attrs().All() {
			key = strings.ToLower(key)
			if !strings.HasPrefix(key, "retry") && !about {
				continue
			}
			about = true
			r.note(key, value)
		}
		if about {
			r.Events++
		}
	}
	return r
}

func (r *Retries) note(key string, value trace.Value) {
	switch {
	case strings.Contains(key, "delay") || strings.Contains(key, "backoff") || strings.Contains(key, "wait"):
		if d, ok := delay(key, value); ok {
			r.Delay, r.HasDelay = max(r.Delay, d), true
		}
	case strings.Contains(key, "count") || strings.Contains(key, "attempt") || strings.Contains(key, "number"):
		if n, ok := semconv.Integer(value); ok && n > 0 && n < 1000 {
			r.Count = max(r.Count, int(n))
		}
	}
}

// delay reads a wait: "250ms", or a number of milliseconds, of seconds where the key ends so.
func delay(key string, value trace.Value) (ns int64, ok bool) {
	if d, err := time.ParseDuration(value.Text()); err == nil && d >= 0 {
		return int64(d), true
	}
	n, ok := semconv.Integer(value)
	if !ok || n < 0 || n > 86_400_000 {
		return 0, false
	}
	if strings.HasSuffix(key, "_s") || strings.HasSuffix(key, "seconds") && !strings.HasSuffix(key, "milliseconds") {
		return n * int64(time.Second), true
	}
	return n * int64(time.Millisecond), true
}

var attemptName = regexp.MustCompile(`(?i)(^|[^a-z])(attempt|retry|retries|retrying|try)([^a-z]|$)`)

// attemptWord reports whether a name is about attempts. Most names hold nothing like it, and patterns are slow.
func attemptWord(name string) bool {
	parts := []string{"ttempt", "TTEMPT", "etr", "ETR", "try", "Try", "TRY"}
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) }) && attemptName.MatchString(name)
}
