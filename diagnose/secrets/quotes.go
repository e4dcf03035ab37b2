package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

const blanks = " \t\r\n"

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isName reports whether a byte can be in a key.
func isName(c byte) bool { return lex.Alnum(c) || c == '_' || c == '.' || c == '-' }

// isQuote reports whether a text stands between two such bytes.
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// run returns where the bytes of a class end that begin at i.
func run(v string, i int, class func(c byte) bool) int { return i + lex.Run(v[i:], class) }

// stop returns where one of the bytes stands next.
func stop(v string, from int, bytes string) int { return from + lex.Until(v[from:], bytes) }

// trimmed returns where v[from:to] ends without the blanks at its end.
func trimmed(v string, from, to int) int { return from + len(strings.TrimRight(v[from:to], blanks)) }

// lineEnd returns where the line ends, without blanks at its end.
func lineEnd(v string, from int) int { return trimmed(v, from, stop(v, from, "\r\n")) }

// lineStop returns where the line ends, be the line end escaped, or where one of the bytes stands before.
func lineStop(v string, i int, bytes string) int {
	for i < len(v) && strings.IndexByte(bytes, v[i]) < 0 && v[i] != '\r' && v[i] != '\n' && !strings.HasPrefix(v[i:], `\r`) && !strings.HasPrefix(v[i:], `\n`) {
		i++
	}
	return i
}

// skip passes over blanks and over line ends, written out or escaped.
func skip(v string, i int) int {
	const most = 256
	for n := 0; i < len(v) && n < most; n++ {
		switch {
		case isSpace(v[i]):
			i++
		case v[i] == '\\' && i+2 < len(v) && (v[i+1] == 'n' || v[i+1] == 'r' || v[i+1] == 't') && strings.IndexByte(" \\\"':=,", v[i+2]) >= 0:
			i += 2
		default:
			return i
		}
	}
	return i
}

// longestBlock is how far the end of a text between three quotes is looked for.
const longestBlock = 4096

// literal reads the text between quotes at i, with as many backslashes before them as JSON in JSON has. It returns
// where the text begins and ends and what is behind the quote; next is 0 where no quote stands. A text that was cut off
// ends with the value.
func literal(v string, i int, sql bool) (from, to, next int) {
	const most = 15 // JSON in JSON in JSON in JSON
	slashes := 0
	for i < len(v) && v[i] == '\\' && slashes <= most {
		slashes++
		i++
	}
	if i >= len(v) || !isQuote(v[i]) {
		return 0, 0, 0
	}
	quote := v[i]
	from = i + 1
	if three := v[i:min(i+3, len(v))]; slashes == 0 && len(three) == 3 && three[1] == quote && three[2] == quote && !sql {
		if n := strings.Index(v[i+3:min(i+3+longestBlock, len(v))], three); n > 0 { // """…""" of GraphQL and Python
			return i + 3, i + 3 + n, i + 6 + n
		}
	}
	run := 0
	for to = from; to < len(v); to++ {
		switch {
		case v[to] == '\\':
			run++
			continue
		case v[to] != quote:
		case sql && to+1 < len(v) && v[to+1] == quote:
			to++
		case run == slashes || run > slashes && (run-slashes)%(2*(slashes+1)) == 0:
			return from, to - slashes, to + 1
		}
		run = 0
	}
	return from, to, to
}

// literalPrefix returns how many letters stand before the quote of a literal at i: b'…', N'…', E'…'.
func literalPrefix(v string, i int) int {
	if i+1 < len(v) && strings.IndexByte("bBuUrRnNeE", v[i]) >= 0 && (v[i+1] == '\'' || v[i+1] == '"') {
		return 1
	}
	return 0
}

// call returns where the parenthesis stands of a word that wraps a value, 0 where there is none.
func call(v string, i int) int {
	to := run(v[:min(i+24, len(v))], i, isName)
	if to > i && to < len(v) && (v[to] == '(' || v[to] == '[') {
		return to
	}
	return 0
}
