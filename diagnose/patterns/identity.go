package patterns

import (
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Identity returns a hash of everything that the call of span i asked for, as far as its class can show it. Two
// calls of one operation with one identity were the same call. ok is false where values are hidden or cut off:
// placeholders, masked segments, RPC arguments.
func Identity(f *facts.Facts, i int) (hash uint64, ok bool) {
	d := f.Detail(i)
	if d.Coarse || d.Redacted {
		return 0, false
	}
	switch f.Class(i) {
	case semconv.ClassSQL:
		return f.Params(i), !Hides(f, i)
	case semconv.ClassCache, semconv.ClassNoSQL, semconv.ClassHTTP:
		var c semconv.Canonical
		f.Canonical(i, &c)
		text := c.Value(semconv.DBQuery).Text()
		if f.Class(i) == semconv.ClassHTTP {
			text = asked(&c)
		} else if strings.Contains(text, "?") {
			return 0, false
		}
		h := normalize.Params{}
		h.Add(text)
		return h.Sum, text != "" && !trace.CutShort(text)
	}
	return 0, false
}

// asked returns the URL that a request was for, or its path and query.
func asked(c *semconv.Canonical) string {
	text := c.Value(semconv.URLFull).Text()
	if text == "" && c.Has(semconv.URLPath) {
		text = c.Text(semconv.URLPath) + "?" + c.Text(semconv.URLQuery)
	}
	return text
}

// Hides reports whether some of the values that span i's operation was called with are not visible although others may
// be: "WHERE id = ? LIMIT 21" shows the limit only.
func Hides(f *facts.Facts, i int) bool {
	d := f.Detail(i)
	return d.Redacted || d.Statement.Flags&(normalize.SQLPlaceholder|normalize.SQLTruncated) != 0
}

// Calculates reports whether query i reads no table but calls a function: a sequence, a lock, a procedure. It may answer
// differently each time, or change something.
func Calculates(f *facts.Facts, i int) bool {
	if f.Class(i) != semconv.ClassSQL {
		return false
	}
	tables := f.Detail(i).Statement.Tables
	return (len(tables) == 0 || len(tables) == 1 && tables[0] == "dual") &&
		(strings.Contains(f.Op(i).Template, "(") || strings.Contains(strings.ToLower(f.Op(i).Template), "nextval"))
}
