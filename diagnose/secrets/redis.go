package secrets

import "strings"

// commands looks at a text as commands of Redis, one a line.
func (s *search) commands() {
	if !statementKeys[s.key] && s.key != "" && s.key != "message" {
		return
	}
	at := 0
	for line := range strings.Lines(s.v) {
		s.command(at, lineEnd(s.v, at))
		at += len(line)
	}
}

// command reads AUTH [user] password, HELLO 3 AUTH user password and CONFIG SET requirepass password of Redis.
func (s *search) command(from, to int) {
	line := s.v[from:to]
	last := strings.LastIndexByte(line, ' ') + 1
	if n := len(line) - 1; n > 0 && line[n] == '"' { // AUTH "correct horse"
		if open := strings.IndexByte(line, '"'); open < n && open > 0 && line[open-1] == ' ' {
			last = open
		}
	}
	if s.written(from, to) || s.ruled(from, to) || last == 0 {
		return
	}
	words := strings.Fields(line[:last])
	upper := func(n int, word string) bool { return n < len(words) && words[n] == word }
	switch {
	case upper(0, "AUTH") && len(words) <= 2 && (statementKeys[s.key] || len(words) == 1),
		upper(0, "MIGRATE") && len(words) > 5 && (words[len(words)-1] == "AUTH" || words[len(words)-2] == "AUTH2"),
		upper(0, "HELLO") && upper(2, "AUTH") && len(words) == 4,
		len(words) == 3 && strings.EqualFold(words[0], "config") && strings.EqualFold(words[1], "set") && (strings.EqualFold(words[2], "requirepass") || strings.EqualFold(words[2], "masterauth")):
		s.password(from+last, to)
	}
}

// writers are the commands that write a value under a key, and how many words stand before the value.
var writers = map[string]int{"SET": 2, "SETNX": 2, "GETSET": 2, "APPEND": 2, "SADD": 2, "LPUSH": 2, "RPUSH": 2, "SETEX": 3, "PSETEX": 3}

// written reads the value that a command writes under a key one of whose parts names a secret: SETEX otp:4711 300 482913.
func (s *search) written(from, to int) bool {
	verb, rest, _ := strings.Cut(s.v[from:to], " ")
	before, ok := writers[verb]
	if !ok || to-from > longestCommand {
		return false
	}
	key, rest, _ := strings.Cut(rest, " ")
	for range before - 2 {
		_, rest, _ = strings.Cut(rest, " ")
	}
	at := to - len(rest)
	end := stop(s.v[:to], at, " ")
	if text, closed, next := literal(s.v[:to], at, false); next > 0 {
		at, end = text, closed
	}
	value := s.v[at:end]
	for part := range strings.FieldsFuncSeq(key, func(r rune) bool { return r == ':' || r == '/' || r == '{' || r == '}' }) {
		c := claimOf(part)
		if c.kind == "" || len(value) < 3 {
			continue
		}
		ok, sure := c.holds(value)
		if number := c.kind == OneTime || c.kind == PIN; ok && (number || looksSecret(value)) {
			s.add(c.kind, at, end, sure && c.sure)
		}
		return true
	}
	return false
}

// longestCommand is how many bytes of a command are read word by word.
const longestCommand = 4096

// ruled reads the passwords of ACL SETUSER ada on >hunter2 ~* +@all.
func (s *search) ruled(from, to int) bool {
	line := s.v[from:to]
	if len(line) < 12 || !strings.EqualFold(line[:12], "ACL SETUSER ") {
		return false
	}
	for at := from; at < to; {
		end := stop(s.v[:to], at, " ")
		if word := s.v[at:end]; len(word) > 3 && strings.IndexByte("><#!", word[0]) >= 0 {
			s.password(at+1, end)
		}
		at = end + 1
	}
	return true
}
