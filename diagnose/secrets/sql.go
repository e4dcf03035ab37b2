package secrets

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// statementKeys are the attributes that hold statements.
var statementKeys = lex.Set("db.query.text db.statement sql.query sql.sanitized_query sql statement query db.query")

// verbs begin statements; tellingWords stand in them where a sentence that begins with the same verb has none.
var (
	verbs        = lex.Set("select insert replace update delete upsert with merge create alter grant call exec execute copy attach pragma explain set revoke drop unload")
	tellingWords = lex.Set("from into set values where table user role login by like identified proc procedure for password using")
)

// isStatement reports whether a text is SQL.
func isStatement(key, text string) bool {
	i := 0
	for i < len(text) { // comments stand before the verb
		next := comment(text, i)
		if next == i && !isSpace(text[i]) && text[i] != '(' {
			break
		}
		i = max(next, i+1)
	}
	from := i
	i = run(text, i, lex.Alnum)
	if i-from > 8 || i == len(text) || !isSpace(text[i]) || !verbs[strings.ToLower(text[from:i])] {
		return false
	}
	if strings.EqualFold(text[from:i], "set") && !settings(text[i:min(i+128, len(text))]) {
		return false
	}
	if statementKeys[key] {
		return true
	}
	switch rest := text[i:min(i+128, len(text))]; strings.ToLower(text[from:i]) {
	case "call":
		name := strings.TrimLeft(strings.TrimLeft(rest, " "), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")
		return strings.HasPrefix(name, "(")
	case "exec", "execute":
		return strings.Contains(rest, "@")
	case "pragma", "attach":
		return strings.Contains(rest, "'")
	}
	const enough = 2048
	for word := range strings.FieldsFuncSeq(text[i:min(i+enough, len(text))], func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_') }) {
		if len(word) <= 10 && tellingWords[strings.ToLower(word)] {
			return true
		}
	}
	return false
}

// settings reports whether the text behind SET is SQL: name = value; Redis has SET key value, and keys with colons.
func settings(text string) bool {
	key, _, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	n := strings.IndexByte(key, ':')
	return strings.Contains(text, "=") && (n < 0 || n+1 == len(key) || key[n+1] == '=')
}

// comment returns where a comment that begins at i ends, i where none begins.
func comment(v string, i int) int {
	var end string
	switch rest := v[i:]; {
	case strings.HasPrefix(rest, "/*"):
		end = "*/"
	case strings.HasPrefix(rest, "--"), rest[0] == '#' && (i == 0 || v[i-1] == '\n'):
		end = "\n"
	default:
		return i
	}
	n := strings.Index(v[i+1:], end)
	if n < 0 {
		return len(v)
	}
	return i + 1 + n + len(end)
}

// What a piece of a statement is.
const (
	sqlWord   = 'w' // a word, or an identifier in its quotes
	sqlText   = 's'
	sqlDouble = 'q' // in double quotes: an identifier, to MySQL a text
	sqlNumber = 'n'
	sqlEnd    = 'e' // others are the byte itself
)

// piece is a piece of a statement: bytes From up to To without quotes.
type piece struct {
	sort     byte
	from, to int
}

// pieces splits a statement.
func pieces(v string) []piece {
	list := make([]piece, 0, 32)
	quoting := true // by $tag$; false as soon as one is not closed
	for i := 0; i < len(v); {
		c := v[i]
		if next := comment(v, i); next > i {
			i = next
			continue
		}
		switch {
		case isSpace(c):
			i++
		case literalPrefix(v, i) > 0 && v[i+1] == '\'':
			i++
		case c == '\'' || c == '"' || c == '`':
			from, to, next := literal(v, i, true)
			sort := byte(sqlText)
			switch c {
			case '"':
				sort = sqlDouble
			case '`':
				sort = sqlWord
			}
			list = append(list, piece{sort, from, to})
			i = next
		case c == '$' && quoting && strings.IndexByte(v[i+1:min(i+32, len(v))], '$') >= 0 && strings.Trim(v[i+1:i+1+strings.IndexByte(v[i+1:], '$')], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "":
			tag := v[i : i+2+strings.IndexByte(v[i+1:], '$')]
			from := i + len(tag)
			n := strings.Index(v[from:], tag)
			if n < 0 {
				quoting = false
				i++
				continue
			}
			list = append(list, piece{sqlText, from, from + n})
			i = from + n + len(tag)
		case c == '[' && i+1 < len(v) && lex.Word(v[i+1]) && strings.IndexByte(v[i:min(i+64, len(v))], ']') > 0:
			to := i + strings.IndexByte(v[i:], ']')
			list = append(list, piece{sqlWord, i + 1, to})
			i = to + 1
		case lex.Digit(c):
			from := i
			i = run(v, i, lex.Word)
			list = append(list, piece{sqlNumber, from, i})
		case lex.Word(c) || c == '@' || c == ':' && i+1 < len(v) && lex.Word(v[i+1]):
			from := i
			i = run(v, i+1, lex.Word)
			list = append(list, piece{sqlWord, from, i})
		default:
			list = append(list, piece{c, i, i + 1})
			i++
		}
	}
	return list
}

// sqlReader reads the pieces of a statement.
type sqlReader struct {
	*search
	list []piece
}

func (r *sqlReader) sort(i int) byte {
	if i < 0 || i >= len(r.list) {
		return sqlEnd
	}
	return r.list[i].sort
}

// is reports whether piece i is one of some words, in any case.
func (r *sqlReader) is(i int, words ...string) bool {
	if r.sort(i) != sqlWord {
		return false
	}
	text := r.v[r.list[i].from:r.list[i].to]
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(text, w) })
}

func (r *sqlReader) claimOf(i int) claim {
	if t := r.sort(i); t != sqlWord && t != sqlDouble {
		return claim{}
	}
	return claimOf(r.v[r.list[i].from:r.list[i].to])
}

// take notes piece i as a secret, if it is a literal that can be one.
func (r *sqlReader) take(c claim, i int) {
	t := r.sort(i)
	if t != sqlText && t != sqlDouble && t != sqlNumber {
		return
	}
	p := r.list[i]
	if p.to-p.from < 3 || t == sqlDouble && (r.sort(i+1) == '.' || claimOf(r.v[p.from:p.to]).kind != "") {
		return
	}
	if t == sqlNumber && (c.kind == Token || c.kind == Key || c.kind == Session) {
		return
	}
	value, named := r.v[p.from:p.to], c.sure
	c.sure = c.sure || t == sqlText && c.kind != Session && c.kind != Token
	ok, _ := c.holds(value)
	if ok || t == sqlText && c.kind == Token && len(value) >= 6 && !maskedAlready(value) && !plainWords(value) {
		r.add(c.kind, p.from, p.to, named && t == sqlText || looksSecret(value))
	}
}

// statement finds what only a statement's grammar tells: what stands in the place of a secret column.
func statement(s *search) {
	r := sqlReader{s, pieces(s.v)}
	for i := 0; i < len(r.list); {
		i = r.at(i)
	}
}

// at looks at piece i and returns where to go on.
func (r *sqlReader) at(i int) int {
	switch {
	case r.is(i, "insert", "replace", "upsert") && (r.sort(i+1) == sqlWord):
		return r.inserted(i)
	case r.sort(i) == '(' && (r.sort(i-1) != sqlWord || r.is(i-1, "where", "and", "or", "set", "on", "not")):
		if next := r.tuple(i); next > 0 {
			return next
		}
	case r.is(i, "identified"):
		return r.identified(i + 1)
	case r.is(i, "key") && (r.is(0, "attach") || r.is(i-1, "pragma")):
		k := i + 1
		if r.sort(k) == '=' {
			k++
		}
		r.take(claim{kind: Password, sure: true}, k)
	case r.is(i, "crypt", "verify_password") && r.sort(i+1) == '(':
		r.take(claim{kind: Password, sure: true}, i+2)
	case r.is(i, ciphers...) && r.sort(i+1) == '(':
		r.ciphered(i + 2)
	case r.is(i, "sp_addlogin", "sp_password", "sp_setapprole", "sp_addlinkedsrvlogin") && r.sort(i+1) == sqlText && r.sort(i+2) == ',':
		r.take(claim{kind: Password, sure: true}, i+3)
	case r.is(i, "set_config") && r.sort(i+1) == '(' && r.sort(i+2) == sqlText && r.sort(i+3) == ',':
		if c := claimOf(r.v[r.list[i+2].from:r.list[i+2].to]); c.kind != "" {
			r.take(c, i+4)
		}
	case r.sort(i) == sqlText && r.sort(i+1) == '=' && r.sort(i-1) == sqlWord && r.sort(i+2) == sqlWord && r.sort(i+3) != '(': // 'x' = password
		if c := r.claimOf(i + 2); c.sure {
			r.take(c, i)
		}
	case r.sort(i) == sqlText && strings.IndexByte(r.v[r.list[i].from:r.list[i].to], '=') > 0:
		r.held = append(r.held, r.list[i])
	case r.sort(i) == sqlWord || r.sort(i) == sqlDouble:
		if c := r.claimOf(i); c.kind != "" {
			return max(r.compared(c, i), i+1)
		}
	}
	return i + 1
}

// ciphers are functions whose second argument is a key.
var ciphers = []string{"pgp_sym_encrypt", "pgp_sym_decrypt", "pgp_sym_encrypt_bytea", "pgp_sym_decrypt_bytea", "aes_encrypt", "aes_decrypt"}

// ciphered takes the second argument of a call whose first begins at i.
func (r *sqlReader) ciphered(i int) {
	for depth, second := 0, false; i < len(r.list); i++ {
		switch t := r.sort(i); {
		case t == '(':
			depth++
		case t == ')':
			if depth--; depth < 0 {
				return
			}
		case t == ',' && depth == 0:
			second = true
		case second && t == sqlText:
			r.take(claim{kind: Key, sure: true}, i)
			return
		}
	}
}

// columns reads (login, password) at i: what each column says, whether any says something, and what is behind it. next
// is 0 where it is no list of names.
func (r *sqlReader) columns(i int) (list []claim, some bool, next int) {
	list = append(list, claim{})
	for i++; i < len(r.list); i++ {
		switch t := r.sort(i); t {
		case sqlWord, sqlDouble:
			list[len(list)-1] = r.claimOf(i)
			some = some || list[len(list)-1].kind != ""
		case ',':
			list = append(list, claim{})
		case '.':
		case ')':
			return list, some, i + 1
		default:
			return nil, false, 0
		}
	}
	return nil, false, 0
}

// inserted reads INSERT INTO t (login, password) VALUES ('ada', '…'), (…), and the same with SELECT.
func (r *sqlReader) inserted(i int) int {
	k := i + 1
	for k < len(r.list) && k-i < 12 && r.sort(k) != '(' && !r.is(k, "values", "select", "set") {
		k++
	}
	if r.sort(k) != '(' {
		return i + 1
	}
	cols, some, next := r.columns(k)
	if r.aboutCards(r.list[k].from) || slices.ContainsFunc(cols, func(c claim) bool { return c.kind == Code }) {
		for n := range cols { // (number, expiry) of a table of cards
			if cols[n].kind == "" {
				cols[n], some = claim{kind: Card}, true
			}
		}
	}
	if !some {
		return k
	}
	for next < len(r.list) && next-k < 4*len(cols)+16 && !r.is(next, "values", "value", "select") && r.sort(next) != '(' {
		next++
	}
	if r.is(next, "select") {
		return r.row(cols, next+1, true)
	}
	if r.is(next, "values", "value") {
		next++
	}
	for r.sort(next) == '(' {
		next = r.row(cols, next+1, false)
		if r.sort(next) != ',' {
			break
		}
		next++
	}
	return next
}

// row reads the values of one row, up to the parenthesis that closes it, or in a SELECT up to FROM.
func (r *sqlReader) row(cols []claim, i int, selected bool) int {
	column, depth := 0, 0
	for ; i < len(r.list); i++ {
		switch t := r.sort(i); {
		case t == '(':
			depth++
		case t == ')' && depth == 0:
			return i + 1
		case t == ')':
			depth--
		case t == ',' && depth == 0:
			column++
		case selected && depth == 0 && r.is(i, "from"):
			return i
		case t == sqlText || t == sqlDouble || t == sqlNumber:
			if column < len(cols) && cols[column].kind != "" {
				r.take(cols[column], i)
			}
		}
	}
	return i
}

// tuple reads (login, password) = ('ada', '…').
func (r *sqlReader) tuple(i int) int {
	if r.sort(i+1) != sqlWord && r.sort(i+1) != sqlDouble {
		return 0
	}
	cols, some, next := r.columns(i)
	if !some || r.sort(next) != '=' || r.sort(next+1) != '(' {
		return 0
	}
	return r.row(cols, next+2, false)
}

// identified reads IDENTIFIED [WITH plugin] BY|AS [PASSWORD] '…'.
func (r *sqlReader) identified(i int) int {
	for k := i; k < i+5; k++ {
		if r.is(k, "by") && r.sort(k+1) == sqlWord && !r.is(k+1, "password", "values", "value", "random") { // Oracle's, without quotes
			r.add(Password, r.list[k+1].from, r.list[k+1].to, true)
			return k + 2
		}
		if t := r.sort(k); t == sqlText || t == sqlDouble {
			r.take(claim{kind: Password, sure: true}, k)
			return k + 1
		}
	}
	return i
}

// compared reads what stands behind a secret column: = '…', <> '…', LIKE '…', IN ('…', '…'), = crypt('…'), => '…', and
// PASSWORD '…'. It returns where to go on, 0 for behind the column.
func (r *sqlReader) compared(c claim, i int) int {
	k := i + 1
	if r.sort(k) == ')' && (r.sort(k+1) == '=' || r.sort(k+1) == '<' || r.sort(k+1) == '!') { // lower(password) = '…'
		k++
	}
	for r.is(k, "not", "like", "ilike", "in", "any", "is", "glob") || k < len(r.list) && strings.IndexByte("=<>!~:+", r.list[k].sort) >= 0 {
		k++
	}
	direct := k == i+1
	if direct && r.sort(k) == '(' && !r.is(i, "password", "old_password") && !setter(r.v[r.list[i].from:r.list[i].to]) || direct && c.kind != Password {
		return 0
	}
	if r.sort(k) == sqlWord && !direct && r.sort(k+1) == '(' {
		k++
	}
	if r.sort(k) != '(' {
		if !direct || r.sort(k) == sqlText {
			r.take(c, k)
		}
		return 0
	}
	depth := 0
	for ; k < len(r.list); k++ {
		switch t := r.sort(k); {
		case t == '(':
			depth++
		case t == ')':
			if depth--; depth == 0 {
				return k
			}
		case r.is(k, "select", "from", "where"):
			return k
		default:
			r.take(c, k)
		}
	}
	return k
}
