package views

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/trace"
)

// A log line names the span beside the trace, each under a key of its own and in either order:
//
//	ERROR trace_id=f8e7fb91… span_id=ccc64c0f… failed
//	{"spanId":"ccc64c0f…","dd.trace_id":"5208512171318403364", …}
//	[shop,f8e7fb91…,ccc64c0f…]

// spanKey finds the id after a key that names a span. Group 1 is there for the key of the parent's id, groups 2 and 3
// for one that Datadog writes in decimal and for any other.
var spanKey = regexp.MustCompile(`(?i)(parent[._ -]?)?(?:(dd[._])span[._ -]?id|span[._ -]?id|\bspan)` + between +
	`(0x[0-9a-f]{1,16}|[0-9]{17,20}|[0-9a-f]{1,16})`)

// listedSpan finds the id that follows a trace's id behind a comma or a blank, as Sleuth and many patterns write both.
var listedSpan = regexp.MustCompile(`^["']?\s*[,; |/]\s*["']?([0-9a-fA-F]{16})(?:[^0-9A-Za-z_-]|$)`)

// shortestSpan is how many hexadecimal digits a span's id has at least: fewer may be a word or a number.
const shortestSpan = 8

// findSpans gives guesses without a span the one that their line names. Where the text names one trace alone, such as a
// block of headers, that is the first span of the text.
func (s *idSearch) findSpans() {
	for i := range s.found {
		g := &s.found[i]
		if !g.Span.IsZero() {
			continue
		}
		if at := listedSpan.FindStringSubmatchIndex(s.text[g.To:]); at != nil {
			g.Span = trace.ParseSpanID(s.text[g.To+at[2] : g.To+at[3]])
			s.spans = append(s.spans, [2]int{g.To + at[2], g.To + at[3]})
			continue
		}
		from := strings.LastIndexByte(s.text[:g.From], '\n') + 1
		to := len(s.text)
		if end := strings.IndexByte(s.text[g.To:], '\n'); end >= 0 {
			to = g.To + end
		}
		g.Span = s.spanBetween(from, to)
	}
	s.found = slices.DeleteFunc(s.found, func(g IDGuess) bool {
		return slices.ContainsFunc(s.spans, func(at [2]int) bool { return at[0] == g.From })
	})
	elsewhere := func(g IDGuess) bool { return g.From != s.found[0].From }
	if len(s.found) == 0 || slices.ContainsFunc(s.found, elsewhere) {
		return
	}
	for i := range s.found {
		if g := &s.found[i]; g.Span.IsZero() {
			g.Span = s.spanBetween(0, len(s.text))
		}
	}
}

// spanBetween returns the first id between two places that is given to a span, not to its parent; zero for none. Ids
// that stand under such keys are no traces'.
func (s *idSearch) spanBetween(from, to int) trace.SpanID {
	text, found := s.text[from:to], trace.SpanID{}
	for _, at := range spanKey.FindAllStringSubmatchIndex(text, maxGuesses) {
		id := text[at[6]:at[7]]
		if at[7] < len(text) && isIDByte(text[at[7]]) {
			continue // part of something longer
		}
		s.spans = append(s.spans, [2]int{from + at[6], from + at[7]})
		if at[2] >= 0 || !found.IsZero() {
			continue
		}
		found = readSpan(id, at[4] >= 0)
	}
	return found
}

// readSpan reads a span's id; digits are decimal where Datadog wrote them, and where they are too many for 64 bits of
// hexadecimal.
func readSpan(id string, datadog bool) trace.SpanID {
	digits := strings.Trim(id, "0123456789") == ""
	if digits && (datadog || len(id) > 16) {
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			return trace.SpanID{}
		}
		return trace.SpanID{N: n}
	}
	if len(id) < shortestSpan {
		return trace.SpanID{}
	}
	if span := trace.ParseSpanID(strings.TrimPrefix(strings.ToLower(id), "0x")); span.Text == "" {
		return span
	}
	return trace.SpanID{}
}
