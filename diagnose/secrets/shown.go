package secrets

import "tracefall/sources/trace"

// Opens reports whether a value holds something that opens or pays something, and of which kind the first is. key is
// the attribute's key, or "" for a text without one. E-mail addresses are none.
func Opens(key, value string) (kind Kind, ok bool) {
	for _, part := range Find(key, value) {
		if part.Kind != Email {
			return part.Kind, true
		}
	}
	return "", false
}

// Masked returns a text without a key as it may be shown: with its secrets masked. Names of services, spans and
// scopes and the keys of attributes hold secrets where nobody normalised them.
func Masked(text string) string {
	masked, _ := Mask("", text, false)
	return masked
}

// SpanName returns the span's name as it may be shown: with its secrets masked. Names hold URLs and commands where
// nobody normalised them.
func SpanName(s trace.Span) string { return Masked(s.Name()) }

// ServiceName returns the name of the span's service as it may be shown.
func ServiceName(s trace.Span) string { return Masked(s.Service()) }
