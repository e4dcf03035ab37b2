package normalize

import (
	"strings"

	"tracefall/diagnose/lex"
)

// sqlScanner cuts a text into tokens; values become "?".
type sqlScanner struct {
	in     string
	at     int
	from   int // where the token begins that is being read
	mysql  bool
	out    []string
	values map[int]string // what values stood in the text, without quotes, by place in out; nil where nobody asks
	params Params
	flags  StatementFlags
	open   [ends]bool // no such end is left in the text, which is not looked for again
}

// end is what something may be closed by that is no text of its own.
type end uint8

const (
	endBracket end = iota
	endFormat
	ends
)

// closing returns where the next end of a sort is in the rest of the text, -1 where there is none. Of a long text that opens
// again and again what it never closes, the end is looked for once.
func (s *sqlScanner) closing(rest string, e end) int {
	if s.open[e] {
		return -1
	}
	n := strings.Index(rest, [...]string{endBracket: "]", endFormat: ")s"}[e])
	s.open[e] = n < 0
	return n
}

// value puts a value in the place of the token that was just read.
func (s *sqlScanner) value(text string) {
	if s.values != nil {
		s.values[len(s.out)] = strings.Trim(s.in[s.from:s.at], `'"`)
	}
	s.params.Add(text)
	s.flags |= SQLLiteral
	if strings.HasPrefix(text, "%") && strings.HasSuffix(s.last(), "LIKE") {
		s.flags |= SQLLeadingLike
	}
	s.out = append(s.out, "?")
}

func (s *sqlScanner) placeholder(n int) bool {
	s.at += n
	s.flags |= SQLPlaceholder
	s.out = append(s.out, "?")
	return true
}

func (s *sqlScanner) last() string {
	return at(s.out, len(s.out)-1)
}

// at returns token i, "" where there is none.
func at(tokens []string, i int) string {
	if i < 0 || i >= len(tokens) {
		return ""
	}
	return tokens[i]
}

// token reads the next token; false at the end.
func (s *sqlScanner) token() bool {
	s.at += lex.Run(s.in[s.at:], isSpace)
	if s.at >= len(s.in) {
		return false
	}
	rest, c := s.in[s.at:], s.in[s.at]
	s.from = s.at
	switch {
	case strings.HasPrefix(rest, "--"), c == '#' && s.mysql:
		s.skipTo("\n")
	case strings.HasPrefix(rest, "/*"):
		s.at += 2
		s.skipTo("*/")
	case strings.HasPrefix(rest, "...") && len(rest) <= 3, strings.HasPrefix(rest, "…"):
		s.flags |= SQLTruncated
		s.at = len(s.in)
	case c == '\'', c == '"' && s.mysql:
		s.value(s.quoted(c))
	case c == '"', c == '`':
		name := s.quoted(c)
		if c == '"' && s.compared() && idKinds[partPattern(name)] {
			s.value(name) // not every database takes double quotes for a name
			return true
		}
		s.out = append(s.out, string(c)+name+string(c))
	case c == '[' && s.closing(rest, endBracket) > 1 && lex.Word(rest[1]) && !lex.Digit(rest[1]):
		n := s.closing(rest, endBracket) + 1
		s.out = append(s.out, rest[:n])
		s.at += n
	case lex.Hex(c) && len(rest) >= 36 && isUUID(rest[:36]) && (len(rest) == 36 || !lex.Word(rest[36])):
		s.at += 36
		s.value(rest[:36])
	case lex.Digit(c), c == '.' && len(rest) > 1 && lex.Digit(rest[1]) && !strings.HasSuffix(s.last(), "."):
		s.number()
	case lex.Word(c):
		s.word()
	default:
		return s.sign(rest, c)
	}
	return true
}

func (s *sqlScanner) skipTo(end string) {
	n := strings.Index(s.in[s.at:], end)
	if n < 0 {
		s.at = len(s.in)
		return
	}
	s.at += n + len(end)
}

// quoted reads a quoted text; the quote is escaped by doubling or, but for identifiers, by a backslash.
func (s *sqlScanner) quoted(quote byte) string {
	s.at++
	from := s.at
	for s.at < len(s.in) {
		switch c := s.in[s.at]; {
		case c == '\\' && quote == '\'' || c == '\\' && s.mysql && quote == '"':
			s.at++
		case c == quote && s.at+1 < len(s.in) && s.in[s.at+1] == quote:
			s.at++
		case c == quote:
			s.at++
			return s.in[from : s.at-1]
		}
		s.at++
	}
	s.at = len(s.in)
	s.flags |= SQLTruncated
	return s.in[from:]
}

// number reads a number with its exponent or a hexadecimal one. A minus that is no subtraction belongs to it.
func (s *sqlScanner) number() {
	for s.at < len(s.in) {
		c := s.in[s.at]
		sign := (c == '-' || c == '+') && s.at > s.from && (s.in[s.at-1] == 'e' || s.in[s.at-1] == 'E') &&
			!strings.HasPrefix(s.in[s.from:], "0x")
		if !lex.Word(c) && c != '.' && !sign {
			break
		}
		s.at++
	}
	text := s.in[s.from:s.at]
	if strings.HasSuffix(text, "...") {
		s.flags |= SQLTruncated
	}
	if n := len(s.out); n > 1 && s.out[n-1] == "-" && !isOperand(s.out[n-2]) {
		s.out = s.out[:n-1]
		text = "-" + text
	}
	s.value(text)
	if s.values != nil {
		s.values[len(s.out)-1] = text
	}
}

func (s *sqlScanner) word() {
	s.at += lex.Run(s.in[s.at:], func(c byte) bool { return lex.Word(c) || c == '$' })
	word := s.in[s.from:s.at]
	if len(word) == 1 && s.at < len(s.in) && s.in[s.at] == '\'' && strings.Contains("EeNnBbXx", word) {
		s.value(s.quoted('\'')) // what sort of literal it is makes no other query
		return
	}
	upper := strings.ToUpper(word)
	if s.last() == "." || !sqlKeywords[upper] {
		if s.compared() && (isMixedID(word) || isHexID(word)) {
			s.value(word)
			return
		}
		s.out = append(s.out, s.identifier(word))
		return
	}
	switch upper {
	case "TRUE", "FALSE":
		s.value(upper)
	case "NULL":
		if last := s.last(); last == "IS" || last == "NOT" {
			s.out = append(s.out, upper)
			return
		}
		s.value(upper)
	default:
		s.out = append(s.out, upper)
	}
}

// compared reports whether the token that was just read is a whole operand of a comparison: a value if it looks like one.
func (s *sqlScanner) compared() bool {
	if s.at < len(s.in) && (s.in[s.at] == '.' || s.in[s.at] == '(') {
		return false
	}
	last := s.last()
	return last == "=" || last == "<>" || last == "!=" || last == "LIKE"
}

// identifier returns a name without the ids that were made for it: temp_9s6XKzkNRiz8i3 is temp_{id}. Numbers stay, as
// those of partitions.
func (s *sqlScanner) identifier(word string) string {
	if strings.IndexByte(word, '_') < 0 || lex.CountDigits(word) == 0 {
		return word
	}
	parts := strings.Split(word, "_")
	for i, part := range parts {
		if isMixedID(part) && len(part) >= 6 || isHexID(part) && !lex.AllDigits(part) {
			s.params.Add(part)
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "_")
}

// sign reads a placeholder or an operator.
func (s *sqlScanner) sign(rest string, c byte) bool {
	second := byte(0)
	if len(rest) > 1 {
		second = rest[1]
	}
	switch {
	case c == '?', c == '$' && lex.Digit(second):
		return s.placeholder(1 + lex.Digits(rest[1:]))
	case c == '$':
		if n := strings.IndexByte(rest[1:], '$'); n >= 0 && lex.Run(rest[1:1+n], lex.Word) == n {
			tag := rest[:n+2]
			s.at += len(tag)
			from := s.at
			s.skipTo(tag)
			s.value(s.in[from:max(from, s.at-len(tag))])
			return true
		}
	case c == '%' && second == 's':
		return s.placeholder(2)
	case c == '%' && second == '(':
		if n := s.closing(rest, endFormat); n > 0 {
			return s.placeholder(n + 2)
		}
	case (c == '@' || c == ':') && lex.Word(second):
		return s.placeholder(1 + lex.Run(rest[1:], lex.Word))
	case c == '{' && lex.Digit(second):
		if n := 1 + lex.Digits(rest[1:]); n < len(rest) && rest[n] == '}' {
			return s.placeholder(n + 1)
		}
	}
	n := 1
	for _, operator := range sqlOperators {
		if strings.HasPrefix(rest, operator) {
			n = len(operator)
			break
		}
	}
	s.out = append(s.out, rest[:n])
	s.at += n
	return true
}

// sqlOperators are those of several signs, the longest first.
var sqlOperators = [...]string{"->>", "#>>", "!~*", "<=>", "<>", "<=", ">=", "!=", "||", "->", "#>", "@>", "<@", "=>", ":=", "::", "~*", "!~"}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// isOperand reports whether a minus after the token subtracts.
func isOperand(token string) bool {
	return token == ")" || token == "?" || !sqlKeywords[token] && lex.Word(token[0])
}

// sqlKeywords are the words that are written in upper case and are never tables. The list holds what occurs in
// logged statements; a keyword it lacks only keeps its case.
var sqlKeywords = lex.Set(`ADD ALL ALTER AND ANY AS ASC BEGIN BETWEEN BY CASE COMMIT CONFLICT CREATE CROSS
		DELETE DESC DISTINCT DO DROP DUPLICATE ELSE END EXCEPT EXISTS EXPLAIN FALSE FETCH FIRST FOR FROM FULL GROUP
		HAVING IF IGNORE ILIKE IN INDEX INNER INSERT INTERSECT INTO IS JOIN KEY LEFT LIKE LIMIT LOCK MERGE NATURAL NEXT
		NOT NOTHING NULL OFFSET ON ONLY OR ORDER OUTER OVER PARTITION RELEASE REPLACE RETURNING RIGHT ROLLBACK ROWS
		SAVEPOINT SELECT SET SHARE START TABLE THEN TO TOP TRANSACTION TRUE TRUNCATE UNION UPDATE UPSERT USING VALUES
		WHEN WHERE WITH`)
