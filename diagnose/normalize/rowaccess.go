package normalize

import (
	"regexp"
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// RowAccess is what a statement says about the row that it reads or writes, as far as its text shows values.
type RowAccess struct {
	Table    string
	Row      string   // "column=value" of every condition, in order, joined by " AND "; equal for the same row
	Columns  []string // read by SELECT or set by UPDATE, lower case; "*" for all
	Relative bool     // an UPDATE computes a new value from the old one: SET n = n - 1
	Guarded  bool     // a condition compares something other than by equality
}

// ParseRow reads which row a SELECT or an UPDATE is about. ok is false for other statements, for several tables,
// for conditions that are not all joined by AND, and where a value is not in the text.
func ParseRow(text, system string) (row RowAccess, ok bool) {
	s := sqlScanner{in: text, mysql: system == "mysql" || system == "mariadb"}
	tokens := s.tokens()
	verb, tables := sqlVerb(s.out), sqlTables(s.out)
	if verb != "SELECT" && verb != "UPDATE" || len(tables) != 1 || s.flags.Has(SQLTruncated) {
		return row, false
	}
	row.Table = tables[0]
	where := slices.IndexFunc(tokens, func(t sqlToken) bool { return t.text == "WHERE" })
	if where < 0 || !row.conditions(tokens[where+1:]) {
		return row, false
	}
	if verb == "UPDATE" {
		row.assignments(tokens[:where])
	} else {
		row.selection(tokens[:where])
	}
	return row, true
}

// sqlToken is a token as the template has it, and the value that it stands for.
type sqlToken struct {
	text  string
	value string // without quotes; "" unless literal
	known bool   // the value is in the text
}

// tokens cuts the statement into tokens and keeps the values that the template leaves out.
func (s *sqlScanner) tokens() []sqlToken {
	var tokens []sqlToken
	for {
		s.at += lex.Run(s.in[s.at:], isSpace)
		from := s.at
		if !s.token() {
			return tokens
		}
		if len(s.out) == 0 {
			continue // a comment
		}
		raw := s.in[from:s.at]
		if len(s.out) == len(tokens) { // a comment, or a minus that belongs to a number
			if s.last() != "?" || tokens[len(tokens)-1].text == "?" {
				continue
			}
			tokens, raw = tokens[:len(tokens)-1], "-"+raw
		}
		t := sqlToken{text: s.last()}
		if t.text == "?" && !placeholderText(raw) {
			t.value, t.known = strings.Trim(raw, `'"`), true
		}
		tokens = append(tokens, t)
	}
}

// placeholderText reports whether the text that became "?" was a placeholder, not a value.
func placeholderText(raw string) bool {
	switch raw[0] {
	case '?', '@', ':', '%', '{':
		return true
	case '$':
		return len(raw) > 1 && lex.Digit(raw[1])
	}
	return false
}

// conditions reads "column = value AND …" up to what follows WHERE's expression.
func (r *RowAccess) conditions(tokens []sqlToken) bool {
	var list []string
	for i := 0; i < len(tokens); {
		switch tokens[i].text {
		case "AND", "(", ")":
			i++
			continue
		case "ORDER", "GROUP", "LIMIT", "FOR", "RETURNING", "OFFSET", "FETCH", ";":
			i = len(tokens)
			continue
		}
		name, end := sqlColumn(tokens, i)
		if name == "" || end+2 >= len(tokens) {
			return false
		}
		operator, value := tokens[end+1].text, tokens[end+2]
		if value.text != "?" || !value.known {
			return false
		}
		switch operator {
		case "=":
			list = append(list, name+"="+value.value)
		case "<", ">", "<=", ">=", "<>", "!=":
			r.Guarded = true
		default:
			return false
		}
		i = end + 3
	}
	slices.Sort(list)
	r.Row = strings.Join(list, " AND ")
	return len(list) > 0
}

// sqlColumn reads a column's name at i, its table left off, and returns where it ends.
func sqlColumn(tokens []sqlToken, i int) (name string, end int) {
	for ; i < len(tokens); i += 2 {
		t := tokens[i].text
		if t == "" || sqlKeywords[t] || !lex.Word(t[0]) && t[0] != '"' && t[0] != '`' && t[0] != '[' {
			return "", i
		}
		name = strings.ToLower(strings.Trim(t, "\"`[]"))
		if i+1 >= len(tokens) || tokens[i+1].text != "." {
			return name, i
		}
	}
	return "", i
}

// selection reads the columns between SELECT and FROM.
func (r *RowAccess) selection(tokens []sqlToken) {
	for _, t := range tokens {
		switch {
		case t.text == "FROM":
			return
		case t.text == "*":
			r.Columns = append(r.Columns, "*")
		case !sqlKeywords[t.text] && lex.Word(t.text[0]):
			r.Columns = append(r.Columns, strings.ToLower(t.text))
		}
	}
}

// stamped are columns that are written without a thought for what was there: when something happened last.
var stamped = regexp.MustCompile(`(^|_)(updated|modified|changed|accessed|touched|last_?(seen|login|active|access(ed)?|used))(_?(at|on|time|date|ts))?$`)

// assignments reads the columns behind SET that are not mere time stamps, and whether one is computed from itself.
func (r *RowAccess) assignments(tokens []sqlToken) {
	depth, column, start := 0, "", slices.IndexFunc(tokens, func(t sqlToken) bool { return t.text == "SET" })
	if start < 0 {
		return
	}
	for i := start + 1; i < len(tokens); i++ {
		switch t := tokens[i].text; {
		case t == "(":
			depth++
		case t == ")":
			depth--
		case t == "," && depth == 0:
			column = ""
		case column == "":
			name, end := sqlColumn(tokens, i)
			if name == "" {
				return
			}
			column = name
			if !stamped.MatchString(name) {
				r.Columns = append(r.Columns, name)
			}
			i = end
		case strings.EqualFold(strings.Trim(t, "\"`[]"), column):
			r.Relative = true
		}
	}
}

// Reads reports whether a row access reads a column that another one sets.
func (r *RowAccess) Reads(write *RowAccess) bool {
	if slices.Contains(r.Columns, "*") {
		return len(write.Columns) > 0
	}
	return slices.ContainsFunc(write.Columns, func(c string) bool { return slices.Contains(r.Columns, c) })
}
