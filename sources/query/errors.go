package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
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
	best, least := "", max(1, utf8.RuneCountInString(word)/3)+1
	lower := strings.ToLower(word)
	for _, c := range candidates {
		if d := edits(lower, strings.ToLower(c), least); d < least {
			best, least = c, d
		}
	}
	return best
}

// edits counts the insertions, deletions, replacements and swaps of neighbours between a and b (optimal string
// alignment); limit or more counts as limit.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, last, row := rows[(i+2)%3], rows[i%3], rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return min(limit, rows[(len(x)+1)%3][len(y)])
}
