package patterns

import (
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/lex"
	"tracefall/diagnose/normalize"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// flowSpans is how many spans of a call's subtree are searched for the values that it may have answered.
const flowSpans = 64

// Known lists what span i knew before it called anybody: the ids among its own attributes and in what it was asked
// for.
func Known(f *facts.Facts, i int) map[string]bool {
	known := map[string]bool{}
	askedIDs(f, i, known)
	ids(f.Trace.Span(i).Attrs(), known)
	return known
}

// Feeds reports whether an id that first appears among the attributes of call a, or below it, reappears in what call
// b was asked for: b probably needed a's answer. known are the ids that the caller had before (see Known).
//
//	GET /session         app.user_id=u-77aa31
//	GET /users/u-77aa31
func Feeds(f *facts.Facts, a, b int, known map[string]bool) bool {
	wanted := map[string]bool{}
	askedIDs(f, b, wanted)
	if len(wanted) == 0 {
		return false
	}
	given, found := map[string]bool{}, map[string]bool{}
	askedIDs(f, a, given)
	for k := a; k < min(f.Trace.End(a), a+flowSpans); k++ {
		ids(f.Trace.Span(k).Attrs(), found)
	}
	for id := range wanted {
		if found[id] && !given[id] && !known[id] {
			return true
		}
	}
	return false
}

// askedIDs adds the ids in the path, the query and the statement of span i.
func askedIDs(f *facts.Facts, i int, to map[string]bool) {
	var c semconv.Canonical
	f.Canonical(i, &c)
	text := c.Value(semconv.URLFull).Text()
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest[lex.Until(rest, "/?"):]
	}
	for _, text := range [...]string{text, c.Value(semconv.URLPath).Text(), c.Value(semconv.URLQuery).Text(), c.Value(semconv.DBQuery).Text()} {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < 0x80 && !normalize.IDByte(byte(r)) }) {
			if isID(word) {
				to[word] = true
			}
		}
	}
}

// ids adds the values of attributes that are ids as a whole.
func ids(attrs trace.Attrs, to map[string]bool) {
	for n := range attrs.Len() {
		switch v := attrs.Value(n); v.Type() {
		case trace.TypeString, trace.TypeInt:
			if text := v.String(); isID(text) {
				to[text] = true
			}
		default:
		}
	}
}

// isID reports whether a word can be an id: 4 to 64 characters with a digit among them. Shorter numbers repeat by
// chance: status codes, versions, sizes.
func isID(word string) bool {
	return len(word) >= 4 && len(word) <= 64 && strings.ContainsAny(word, "0123456789")
}
