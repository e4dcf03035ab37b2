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
	s := sqlScanner{in: text, mysql: system == "mysql" || system == "mariadb", values: map[int]string{}}
	for s.token() {
	}
	verb, tables := sqlVerb(s.out), sqlTables(s.out)
	if verb != "SELECT" && verb != "UPDATE" || len(tables) != 1 || s.flags.Has(SQLTruncated) {
		return row, false
	}
	row.Table = tables[0]
	where := slices.Index(s.out, "WHERE")
	if where < 0 || !row.conditions(s.out, where+1, s.values) {
		return row, false
	}
	if verb == "UPDATE" {
		row.assignments(s.out[:where])
	} else {
		row.selection(s.out[:where])
	}
	return row, true
}

// conditions reads "column = value AND …" from token i up to what follows WHERE's expression.
func (r *RowAccess) conditions(tokens []string, i int, values map[int]string) bool {
	var list []string
	for i < len(tokens) {
		switch tokens[i] {
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
		value, known := values[end+2]
		if !known {
			return false
		}
		switch tokens[end+1] {
		case "=":
			list = append(list, name+"="+value)
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
func sqlColumn(tokens []string, i int) (name string, end int) {
	for i < len(tokens) && isIdentifier(tokens[i]) {
		if at(tokens, i+1) != "." {
			return unquoted(tokens[i]), i
		}
		i += 2
	}
	return "", i
}

// selection reads the columns between SELECT and FROM.
func (r *RowAccess) selection(tokens []string) {
	for _, t := range tokens {
		switch {
		case t == "FROM":
			return
		case t == "*", !sqlKeywords[t] && lex.Word(t[0]):
			r.Columns = append(r.Columns, strings.ToLower(t))
		}
	}
}

// stamped are columns that are written without a thought for what was there: when something happened last.
var stamped = regexp.MustCompile(`(^|_)(updated|modified|changed|accessed|touched|last_?(seen|login|active|access(ed)?|used))(_?(at|on|time|date|ts))?$`)

// assignments reads the columns behind SET that are not mere time stamps, and whether one is computed from itself.
func (r *RowAccess) assignments(tokens []string) {
	depth, column, start := 0, "", slices.Index(tokens, "SET")
	if start < 0 {
		return
	}
	for i := start + 1; i < len(tokens); i++ {
		switch t := tokens[i]; {
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
