package query

import (
	"regexp/syntax"
	"strings"
)

// TraceQL's =~ and !~ match the whole of a value, Tempo's since its release 2.7; those of the language outside { }
// match anywhere. A term keeps its pattern as it is outside; within { } it is written so that it reads back as that.
//
//	within { }        the term
//	=~ "GET"          =~"^GET$"
//	=~ "a|b"          =~"^(?:a|b)$"
//	=~ ".*GET.*"      =~"GET"

// anchored turns a pattern of { } into the one that a term keeps.
func anchored(pattern string) string {
	if inner, ok := anywhere(pattern); ok {
		return inner
	}
	if composite(pattern) {
		return "^(?:" + pattern + ")$"
	}
	if end := len(pattern) - 1; end > 0 && pattern[end] == '$' && pattern[end-1] != '\\' && !composite(pattern[:end]) {
		pattern = pattern[:end]
	}
	if rest := strings.TrimPrefix(pattern, "^"); !composite(rest) {
		pattern = rest
	}
	return "^" + pattern + "$"
}

// inside writes the pattern of a term as it is written within { }: anchored of it is the pattern.
func inside(pattern string) string {
	if inner, ok := between(pattern, "^", "$"); ok {
		if group, ok := between(inner, "(?:", ")"); ok && anchored(group) == pattern {
			return group
		}
		if anchored(inner) == pattern {
			return inner
		}
	}
	if composite(pattern) {
		return ".*(?:" + pattern + ").*"
	}
	return ".*" + pattern + ".*"
}

// anywhere returns what .* on both sides of a pattern of { } encloses.
func anywhere(pattern string) (inner string, ok bool) {
	inner, ok = between(pattern, ".*", ".*")
	if !ok {
		return "", false
	}
	if group, ok := between(inner, "(?:", ")"); ok && composite(group) && valid(group) {
		return group, true
	}
	return inner, !composite(inner)
}

// between returns what stands between the two ends of a text.
func between(text, before, after string) (inner string, ok bool) {
	if inner, ok = strings.CutPrefix(text, before); ok {
		inner, ok = strings.CutSuffix(inner, after)
	}
	return inner, ok
}

// composite reports whether a pattern needs a group around it before something stands beside it.
func composite(pattern string) bool {
	return strings.ContainsAny(pattern, "|") || strings.Contains(pattern, "(?") || strings.Contains(pattern, `\Q`) ||
		pattern != "" && strings.ContainsRune("*+?{", rune(pattern[0])) || !valid(pattern)
}

func valid(pattern string) bool {
	_, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil
}
