package palette

import (
	"encoding/base64"
	"encoding/binary"
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

// spanKey finds the id after a key that names a span: also {"span":{"id":…}}, Serilog's "@sp", the uiFind of an address
// of Jaeger, and the collector's block of lines with "ID" and "Parent ID". Groups 1 and 3 are there for the key of the
// parent's id, group 2 for one that Datadog writes in decimal; group 4 is the id.
var spanKey = regexp.MustCompile(
	`(?im)(?:(parent[._ -]?)?(?:(dd[._])span[._ -]?id|span[._ -]?id|\bspan(?:["'\\]*\s*[:=]\s*\{\s*["'\\]*id)?|@sp|\buiFind|^\s*id)` +
		`|(parent[._ -]?id))` + between + `(0x[0-9a-f]{1,16}|[0-9]{17,20}|[a-z0-9+/]{11}=|[0-9a-f]{1,16})`)

// cloudSpan finds the span behind the trace's id in Google's X-Cloud-Trace-Context, which is decimal.
var cloudSpan = regexp.MustCompile(`^/([0-9]{1,20});o=[0-9]`)

// listedSpan finds the id that follows a trace's id behind a comma or a blank, as Sleuth and many patterns write both.
var listedSpan = regexp.MustCompile(`^["']?\s*[,; |/]\s*["']?([0-9a-fA-F]{16})(?:[^0-9A-Za-z_-]|$)`)

// shortestSpan is how many hexadecimal digits a span's id has at least: fewer may be a word or a number.
const shortestSpan = 8

// findSpans gives guesses without a span the one that their line names. Where the text names one trace alone, such as a
// block of headers, that is the first span of the text.
func (s *idSearch) findSpans() {
	first := s.spanBetween(0, len(s.text))
	s.dropSpans()
	for i := range s.found {
		g := &s.found[i]
		if !g.Span.IsZero() {
			continue
		}
		if m := cloudSpan.FindStringSubmatch(s.text[g.To:]); m != nil {
			g.Span = readSpan(m[1], true)
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
	s.dropSpans()
	elsewhere := func(g IDGuess) bool { return g.From != s.found[0].From }
	if len(s.found) == 0 || slices.ContainsFunc(s.found, elsewhere) {
		return
	}
	for i := range s.found {
		if g := &s.found[i]; g.Span.IsZero() {
			g.Span = first
		}
	}
}

// dropSpans takes the ids that are spans' out of the guesses.
func (s *idSearch) dropSpans() {
	s.found = slices.DeleteFunc(s.found, func(g IDGuess) bool {
		return slices.ContainsFunc(s.spans, func(at [2]int) bool { return at[0] == g.From })
	})
}

// spanBetween returns the first id between two places that is given to a span, not to its parent; zero for none. Ids
// that stand under such keys are no traces'.
func (s *idSearch) spanBetween(from, to int) trace.SpanID {
	text, found := s.text[from:to], trace.SpanID{}
	for _, at := range spanKey.FindAllStringSubmatchIndex(text, maxGuesses) {
		id := text[at[8]:at[9]]
		if at[9] < len(text) && isIDByte(text[at[9]]) {
			continue // part of something longer
		}
		s.spans = append(s.spans, [2]int{from + at[8], from + at[9]})
		if at[2] >= 0 || at[6] >= 0 || !found.IsZero() {
			continue
		}
		found = readSpan(id, at[4] >= 0)
	}
	return found
}

// readSpan reads a span's id; digits are decimal where Datadog wrote them, and where they are too many for 64 bits of
// hexadecimal.
func readSpan(id string, datadog bool) trace.SpanID {
	switch digits := strings.Trim(id, "0123456789") == ""; {
	case strings.HasSuffix(id, "="):
		if raw, err := base64.StdEncoding.DecodeString(id); err == nil && len(raw) == 8 {
			return trace.SpanID{N: binary.BigEndian.Uint64(raw)}
		}
	case digits && (datadog || len(id) > 16):
		if n, err := strconv.ParseUint(id, 10, 64); err == nil {
			return trace.SpanID{N: n}
		}
	case len(id) >= shortestSpan:
		if span := trace.ParseSpanID(strings.TrimPrefix(strings.ToLower(id), "0x")); span.Text == "" {
			return span
		}
	}
	return trace.SpanID{}
}

func isIDByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}
