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
	inner, ok := strings.CutPrefix(pattern, "^")
	if inner, ok = cutEnd(inner, ok, "$"); ok {
		group, isGroup := strings.CutPrefix(inner, "(?:")
		if group, isGroup = cutEnd(group, isGroup, ")"); isGroup && anchored(group) == pattern {
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

func cutEnd(text string, ok bool, end string) (string, bool) {
	if !ok {
		return text, false
	}
	return strings.CutSuffix(text, end)
}

// anywhere returns what .* on both sides of a pattern of { } encloses.
func anywhere(pattern string) (inner string, ok bool) {
	inner, ok = strings.CutPrefix(pattern, ".*")
	if inner, ok = cutEnd(inner, ok, ".*"); !ok {
		return "", false
	}
	group, isGroup := strings.CutPrefix(inner, "(?:")
	if group, isGroup = cutEnd(group, isGroup, ")"); isGroup && composite(group) && valid(group) {
		return group, true
	}
	return inner, !composite(inner)
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
