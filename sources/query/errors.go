package query

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tracefall/sources/spelling"
)

// SyntaxError is a query that was refused: what is wrong, where, and what was probably meant.
type SyntaxError struct {
	Query      string // the whole text
	Offset     int    // in bytes; the length of Query where something is missing at its end
	Length     int    // in bytes; 0 where something is missing
	Message    string // one line, without a full stop
	Suggestion string // what to write instead of the marked part; "" for none
}

// Error returns one line: column, message and suggestion. Columns count characters from 1.
func (e *SyntaxError) Error() string {
	text := fmt.Sprintf("query, column %d: %s", e.column()+1, e.Message)
	if e.Suggestion != "" {
		text += "; did you mean " + e.Suggestion + "?"
	}
	return text
}

func (e *SyntaxError) column() int { return utf8.RuneCountInString(e.Query[:e.Offset]) }

// Caret renders the query and, below it, carets under the part that is wrong. Control characters show as spaces.
func (e *SyntaxError) Caret() string {
	line := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, e.Query)
	width := max(1, utf8.RuneCountInString(e.Query[e.Offset:e.Offset+e.Length]))
	return line + "\n" + strings.Repeat(" ", e.column()) + strings.Repeat("^", width)
}

// Nearest returns the candidate that is the least number of edits away from word, at most a third of its length
// and at least one; of equals the first. "" for none.
func Nearest(word string, candidates []string) string {
	if len(word) > 200 {
		return ""
	}
	folded := []rune(strings.ToLower(word))
	best, least := "", max(1, utf8.RuneCountInString(word)/3)+1
	for _, c := range candidates {
		if d := spelling.Distance(folded, []rune(strings.ToLower(c)), least, true); d < least {
			best, least = c, d
		}
	}
	return best
}

// problem is why a literal or an operator does not fit; the zero problem is none.
type problem struct{ message, suggestion string }
