package facts

import "strings"

// statementKeys are the attributes that hold statements.
var statementKeys = wordSet("db.query.text db.statement sql.query sql.sanitized_query")

// isStatement tells whether a text is SQL, where a bare word is a column and not a value.
func isStatement(key, text string) bool {
	if statementKeys[key] {
		return true
	}
	verb, _, _ := strings.Cut(text[:min(len(text), 10)], " ")
	switch strings.ToUpper(verb) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE", "CREATE", "ALTER":
		return true
	}
	return false
}

// statementSecrets finds what only a statement's grammar tells: what stands in the place of a secret column.
func statementSecrets(key, value string) []SecretPart {
	s := secretScan{key: key, v: value}
	switch {
	case len(value) < 6:
	case value[4] == ' ' && strings.EqualFold(value[:5], "auth ") && statementKeys[key]:
		s.authenticates()
	case strings.IndexByte(value, '\'') < 0: // no literal
	case strings.EqualFold(value[:6], "insert"):
		s.inserted()
	case isStatement(key, value):
		s.compared()
	}
	return s.found
}

// inserted reads INSERT INTO t (login, password) VALUES ('ada', '…'): the literals in the place of a secret column.
func (s *secretScan) inserted() {
	open := strings.IndexByte(s.v, '(')
	if open < 0 {
		return
	}
	width := strings.IndexByte(s.v[open:], ')')
	if width < 0 {
		return
	}
	columns := strings.Split(s.v[open+1:open+width], ",")
	secret := make([]SecretKind, len(columns))
	some := false
	for n, column := range columns {
		secret[n] = secretKey(strings.Trim(column, " \t\n\"`[]"))
		some = some || secret[n] != ""
	}
	if !some || !strings.EqualFold(strings.TrimSpace(s.v[open+width+1:min(open+width+9, len(s.v))]), "values") {
		return
	}
	column := -1
	for i := open + width + 1; i < len(s.v); i++ {
		switch c := s.v[i]; {
		case c == '(':
			column = 0
		case c == ',' && column >= 0:
			column++
		case c == '\'':
			to := i + 1
			for to < len(s.v) && s.v[to] != '\'' {
				to++
			}
			if column >= 0 && column < len(secret) && secret[column] != "" && secretValue(secret[column], s.v[i+1:to]) {
				s.add(secret[column], i+1, to)
			}
			i = to
		}
	}
}

// compared reads what a secret column is compared with other than by "=", and what a statement sets a password to:
//
//	token IN ('…', '…')   password LIKE '…'   IDENTIFIED BY '…'   PASSWORD '…'
func (s *secretScan) compared() {
	var list SecretKind // of the list that the literal before this one is in
	ended := 0          // behind the literal before this one
	for i := 0; i < len(s.v); i++ {
		if s.v[i] != '\'' {
			continue
		}
		to := i + 1
		for to < len(s.v) && s.v[to] != '\'' {
			to++
		}
		if strings.Trim(s.v[ended:i], " ,") != "" {
			list = s.column(i)
		}
		if list != "" && secretValue(list, s.v[i+1:to]) {
			s.add(list, i+1, to)
		}
		i, ended = to, min(to+1, len(s.v))
	}
}

// column returns what the name before the literal at i says that it is: a column, or PASSWORD itself.
func (s *secretScan) column(i int) SecretKind {
	const longest, most = 40, 3
	for range most {
		for i > 0 && (s.v[i-1] == ' ' || s.v[i-1] == '(') {
			i--
		}
		to := i
		for i > 0 && to-i < longest && (isWord(s.v[i-1]) || strings.IndexByte(".\"`", s.v[i-1]) >= 0) {
			i--
		}
		switch word := strings.Trim(s.v[i+strings.LastIndexByte(s.v[i:to], '.')+1:to], "\"`"); strings.ToUpper(word) {
		case "IN", "NOT", "LIKE", "ILIKE":
		case "BY":
			if strings.HasSuffix(strings.ToUpper(strings.TrimRight(s.v[max(i-longest, 0):i], " ")), "IDENTIFIED") {
				return SecretPassword
			}
			return ""
		default:
			return secretKey(word)
		}
	}
	return ""
}

// authenticates reads AUTH [user] password of Redis.
func (s *secretScan) authenticates() {
	from := strings.LastIndexByte(s.v, ' ') + 1
	if !masked(s.v[from:]) {
		s.add(SecretPassword, from, len(s.v))
	}
}
