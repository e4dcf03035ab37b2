package detail

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// layOutSQL puts each clause of a statement on a line of its own, indented by its parentheses. Only white space
// outside of quotes and comments changes. A statement that already has lines stays as it is.
func layOutSQL(text string) string {
	if strings.ContainsRune(strings.TrimSpace(text), '\n') {
		return text
	}
	p := sqlLines{text: text}
	for i := 0; i < len(text); {
		i = p.token(i)
	}
	return p.b.String()
}

// sqlLines is a statement being laid out.
type sqlLines struct {
	text    string
	b       strings.Builder
	depth   int
	between bool   // the next AND belongs to BETWEEN
	last    string // the last word, in capitals
	blank   bool   // white space is due before the next token
}

// sqlDeepest bounds the indentation.
const sqlDeepest = 8

// token writes the token at i and returns the place behind it.
func (p *sqlLines) token(i int) int {
	c := p.text[i]
	switch {
	case strings.IndexByte(" \t\r\n", c) >= 0:
		p.blank = p.b.Len() > 0
		return i + 1
	case c == '\'' || c == '"' || c == '`':
		return p.write(i, quoteEnd(p.text, i))
	case strings.HasPrefix(p.text[i:], "--"):
		return p.write(i, len(p.text)) // one line: the comment is the rest
	case strings.HasPrefix(p.text[i:], "/*"):
		if n := strings.Index(p.text[i:], "*/"); n > 0 {
			return p.write(i, i+n+2)
		}
		return p.write(i, len(p.text))
	case lex.Word(c):
		end := i
		for end < len(p.text) && lex.Word(p.text[end]) {
			end++
		}
		return p.word(i, end)
	case c == '(':
		p.depth++
	case c == ')':
		p.depth--
	}
	p.last = ""
	return p.write(i, i+1)
}

func (p *sqlLines) write(from, to int) int {
	if p.blank {
		p.b.WriteByte(' ')
		p.blank = false
	}
	p.b.WriteString(p.text[from:to])
	return to
}

// word writes a word, on a new line where it begins a clause.
func (p *sqlLines) word(from, to int) int {
	word := strings.ToUpper(p.text[from:to])
	if p.b.Len() > 0 && p.blank {
		switch {
		case p.between && word == "AND":
			p.between = false
		case word == "AND" || word == "OR":
			p.line(1)
		case beginsClause(word, p.last):
			p.line(0)
		}
	}
	if word == "BETWEEN" {
		p.between = true
	}
	p.last = word
	return p.write(from, to)
}

func (p *sqlLines) line(more int) {
	p.blank = false
	p.b.WriteByte('\n')
	for range min(max(p.depth, 0)+more, sqlDeepest) {
		p.b.WriteString("  ")
	}
}

// sqlClauses are the words that begin a clause, each with the words after which it does not.
var sqlClauses = map[string][]string{
	"SELECT": nil, "WHERE": nil, "HAVING": nil, "LIMIT": nil, "VALUES": nil, "RETURNING": nil, "WINDOW": nil,
	"UNION": nil, "EXCEPT": nil, "INTERSECT": nil,
	"FROM":  {"DELETE", "DISTINCT"},
	"GROUP": {"WITHIN", "PARTITION"}, "ORDER": {"WITHIN", "PARTITION"},
	"SET":  {"UPDATE", "CHARACTER"},
	"LEFT": {"NATURAL"}, "RIGHT": {"NATURAL"}, "FULL": {"NATURAL"}, "CROSS": {"NATURAL"}, "INNER": {"NATURAL"}, "NATURAL": {"NATURAL"},
	"JOIN": {"LEFT", "RIGHT", "FULL", "CROSS", "INNER", "OUTER", "NATURAL"},
}

// beginsClause reports whether a word begins a clause after the word before it.
func beginsClause(word, last string) bool {
	not, clause := sqlClauses[word]
	return clause && !slices.Contains(not, last)
}

// quoteEnd returns the place behind the quoted text that begins at i. A doubled quote is part of it; a backslash
// takes the next character along.
func quoteEnd(text string, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}
