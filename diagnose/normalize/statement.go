package normalize

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/sources/trace"
)

// Statement is what is left of an SQL text when its values are taken out: equal templates are the same query with
// other parameters.
type Statement struct {
	Template string
	Verb     string   // SELECT, INSERT …; upper case, "" where the text starts with no word
	Tables   []string // in order of appearance, lower case, without quotes
	Params   uint64   // hash of the values in order; 0 where none are visible
	Flags    StatementFlags
}

// StatementFlags are facts about a statement that detectors ask for.
type StatementFlags uint16

// The facts.
const (
	SQLTruncated   StatementFlags = 1 << iota // cut short: trace.CutShort, or it ends within a literal
	SQLPlaceholder                            // holds placeholders: its values are not in the text
	SQLLiteral                                // holds values
	SQLWhere                                  // has a WHERE clause
	SQLForUpdate                              // locks what it reads
	SQLUpsert                                 // writing it twice is like writing it once
	SQLVersioned                              // compares a version column
	SQLLimit                                  // has LIMIT, OFFSET, FETCH or TOP
	SQLStar                                   // selects every column
	SQLLeadingLike                            // LIKE with a leading wildcard
	SQLPaged                                  // asks for one page of a list: ordered, with an offset or behind a key
	SQLBatch                                  // carries several rows or an IN list of more than one value
)

// Has reports whether all the given facts hold.
func (f StatementFlags) Has(g StatementFlags) bool { return f&g == g }

// ParseSQL normalises the text of a statement. It is a tokenizer, never a parser: drivers log broken and
// truncated SQL, and every text gives a result. system is the database as db.system.name spells it; in MySQL and
// MariaDB double quotes hold text, elsewhere identifiers.
func ParseSQL(text, system string) Statement {
	s := sqlScanner{in: text, mysql: system == "mysql" || system == "mariadb"}
	if system == "sqlite" && strings.Contains(text, "`") {
		s.mysql = true
	}
	for s.token() {
	}
	if trace.CutShort(text) {
		s.flags |= SQLTruncated
	}
	return s.statement()
}

// statement makes the template of the tokens and reads the facts off them.
func (s *sqlScanner) statement() Statement {
	for len(s.out) > 0 && s.last() == ";" {
		s.out = s.out[:len(s.out)-1]
	}
	tokens := s.collapse(s.out)
	verb := sqlVerb(tokens)
	return Statement{sqlJoin(tokens), verb, sqlTables(tokens), s.params.Sum, s.flags | sqlFacts(tokens, verb)}
}

// collapse folds lists whose length is a matter of parameters, and names of savepoints.
//
//	IN ( ? , ? )               IN (?*)
//	VALUES ( ? , ? ) , ( ? )   VALUES (?*)
//	SAVEPOINT x                SAVEPOINT ?
func (s *sqlScanner) collapse(tokens []string) []string {
	out := make([]string, 0, len(tokens))
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		out = append(out, t)
		switch t {
		case "IN":
			if end, n := sqlList(tokens, i+1); end > 0 {
				out = append(out, "(?*)")
				if n > 1 {
					s.flags |= SQLBatch
				}
				i = end
			}
		case "VALUES":
			rows, end := 0, i
			for next := sqlGroup(tokens, end+1); next > 0; next = sqlGroup(tokens, end+1) {
				end = next
				rows++
				if at(tokens, end+1) != "," {
					break
				}
				end++
			}
			if rows > 0 {
				out = append(out, "(?*)")
				i = end
			}
			if rows > 1 {
				s.flags |= SQLBatch
			}
		case "SAVEPOINT":
			if i+1 < len(tokens) {
				out = append(out, "?")
				i++
			}
		}
	}
	return out
}

// sqlList returns the end of a parenthesised list of nothing but values that starts at i, and how many there are;
// 0 where there is none. A list that was cut short ends with the text.
func sqlList(tokens []string, i int) (end, values int) {
	if at(tokens, i) != "(" {
		return 0, 0
	}
	depth, rows := 0, 0
	for end = i + 1; end < len(tokens); end++ {
		switch tokens[end] {
		case "?":
			values++
		case "::":
			end++ // the type that a value is cast to
		case ",", "...":
		case "(":
			depth++
			rows++
		case ")":
			if depth--; depth >= 0 {
				continue
			}
			if values == 0 {
				return 0, 0
			}
			if rows > 0 {
				return end, rows
			}
			return end, values
		default:
			return 0, 0
		}
	}
	return end - 1, values
}

// sqlGroup returns the end of the parenthesised group that starts at i, 0 where there is none.
func sqlGroup(tokens []string, i int) int {
	if at(tokens, i) != "(" {
		return 0
	}
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i] {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(tokens) - 1
}

// sqlVerb returns the word that says what the statement does; behind WITH it is the one of the main statement.
func sqlVerb(tokens []string) string {
	if len(tokens) == 0 || !lex.Word(tokens[0][0]) {
		return ""
	}
	verb := strings.ToUpper(tokens[0])
	if verb != "WITH" {
		return verb
	}
	depth := 0
	for _, t := range tokens {
		switch t {
		case "(":
			depth++
		case ")":
			depth--
		case "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE":
			if depth == 0 {
				return t
			}
		}
	}
	return verb
}

// sqlTables lists the names that stand where tables do.
func sqlTables(tokens []string) []string {
	var tables []string
	for i := 0; i < len(tokens); i++ {
		switch tokens[i] {
		case "UPDATE":
			if i > 0 && (tokens[i-1] == "FOR" || tokens[i-1] == "KEY" || tokens[i-1] == "DO") {
				continue // it locks, or says what an upsert does
			}
		case "FROM", "JOIN", "INTO", "TABLE", "TRUNCATE":
		default:
			continue
		}
		for {
			name, end := sqlName(tokens, i+1)
			if name == "" {
				break
			}
			if !slices.Contains(tables, name) {
				tables = append(tables, name)
			}
			i = end
			if i+2 < len(tokens) && tokens[i+1] == "AS" {
				i++
			}
			if i+1 < len(tokens) && !sqlKeywords[tokens[i+1]] && lex.Word(tokens[i+1][0]) {
				i++ // an alias
			}
			if at(tokens, i+1) != "," {
				break
			}
			i++
		}
	}
	return tables
}

// sqlName reads a dotted name at i and returns it without quotes, and where it ends.
func sqlName(tokens []string, i int) (name string, end int) {
	for i < len(tokens) && (tokens[i] == "ONLY" || tokens[i] == "IF" || tokens[i] == "NOT" || tokens[i] == "EXISTS") {
		i++
	}
	for i < len(tokens) {
		if !isIdentifier(tokens[i]) {
			return name, i - 1
		}
		name += unquoted(tokens[i])
		if at(tokens, i+1) != "." {
			return name, i
		}
		name += "."
		i += 2
	}
	return name, i - 1
}

// isIdentifier reports whether a token can be a name, with quotes or without.
func isIdentifier(t string) bool {
	return !sqlKeywords[t] && (lex.Word(t[0]) || t[0] == '"' || t[0] == '`' || t[0] == '[')
}

// unquoted returns a name without quotes, lower case.
func unquoted(t string) string { return strings.ToLower(strings.Trim(t, "\"`[]")) }

func sqlFacts(tokens []string, verb string) StatementFlags {
	var flags StatementFlags
	if verb == "MERGE" || verb == "UPSERT" || verb == "REPLACE" {
		flags |= SQLUpsert
	}
	if sqlPaged(tokens) {
		flags |= SQLPaged
	}
	for i, t := range tokens {
		switch next := at(tokens, i+1); {
		case t == "WHERE":
			flags |= SQLWhere
		case t == "FOR" && (next == "UPDATE" || next == "SHARE"):
			flags |= SQLForUpdate
		case t == "ON" && (next == "CONFLICT" || next == "DUPLICATE"), t == "INSERT" && (next == "IGNORE" || next == "OR"),
			t == "IF" && next == "NOT":
			flags |= SQLUpsert
		case t == "LIMIT" || t == "OFFSET" || t == "FETCH" || t == "TOP":
			flags |= SQLLimit
		case t == "*" && i > 0 && (tokens[i-1] == "SELECT" || tokens[i-1] == "."):
			flags |= SQLStar
		case flags.Has(SQLWhere) && (strings.EqualFold(t, "version") || strings.EqualFold(t, "row_version") ||
			strings.EqualFold(t, "lock_version")) && next == "=":
			flags |= SQLVersioned
		}
	}
	return flags
}

// sqlPaged reports whether a statement asks for a page of a list: in an order, with an offset, or with a limit and
// behind a key. One that looks something up, with an equality and no offset, does not; LIMIT 1 is how ORMs look up.
func sqlPaged(tokens []string) bool {
	where, ordered, limited, offset, equal, behind := false, false, false, false, false, false
	for i, t := range tokens {
		switch t {
		case "WHERE":
			where = true
		case "ORDER":
			ordered, where = true, false
		case "LIMIT":
			limited = true
			offset = offset || at(tokens, i+2) == ","
		case "FETCH", "TOP":
			limited = true
		case "OFFSET":
			offset = true
		case "=", "IN", "LIKE", "ILIKE":
			equal = equal || where
		case "<", ">", "<=", ">=":
			behind = behind || where
		}
	}
	return ordered && (offset || limited && behind && !equal)
}

// sqlJoin writes tokens with one way of spacing, so that white space in the export makes no difference.
func sqlJoin(tokens []string) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && sqlSpaced(tokens[i-1], t) {
			b.WriteByte(' ')
		}
		b.WriteString(t)
	}
	return b.String()
}

func sqlSpaced(before, t string) bool {
	switch t {
	case ",", ")", ".", "::":
		return false
	case "(":
		return sqlKeywords[before] || before == "," || before == "=" || strings.ContainsAny(before, "<>")
	}
	return before != "(" && before != "." && before != "::"
}
