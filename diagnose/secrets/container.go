package secrets

import "tracefall/diagnose/lex"

// inner are the names under which an object holds the secret that its own name announces.
var inner = lex.Set("value val $eq $ne $in $set data plain plaintext raw content current new old secret password token query string stringValue string_value bytesValue intValue Value")

// container notes the texts and numbers of the list or object that begins at i, {"password":["a","b"]} or
// "password":{"value":"a"}, and returns where it ends; ok says that it was closed.
func (s *search) container(c claim, i int) (end int, ok bool) {
	v := s.v
	const deepest = 16
	var open []byte
	before := len(s.found)
	note := func(from, to int) {
		if to-from < leastSecret {
			return
		}
		if held, sure := c.holds(v[from:to]); held {
			s.add(c.kind, from, to, sure)
		}
	}
	member := true // whether what comes is held by a name that may hold a secret
	for i < len(v) {
		switch b := v[i]; {
		case b == '[' || b == '{' || b == '(':
			open = append(open, b)
			if len(open) > deepest {
				s.found = s.found[:before]
				return i, false
			}
			i++
		case b == ']' || b == '}' || b == ')':
			open, member = open[:len(open)-1], true
			i++
			if len(open) == 0 {
				return i, true
			}
		case b == '"' || b == '\'' || b == '\\':
			from, to, next := literal(v, i, false)
			if next == 0 {
				i++
				continue
			}
			i = next
			after := skip(v, next)
			if open[len(open)-1] == '{' && after < len(v) && (v[after] == ':' || v[after] == '=') {
				member = inner[v[from:to]] || c.kind == Cookie
				i = after + 1
				continue
			}
			if member {
				note(from, to)
			}
		case isSpace(b) || b == ':':
			i++
		case b == ',':
			if open[len(open)-1] == '{' {
				member = false
			}
			i++
		default:
			from := i
			i = stop(v, from, ",]})\"'[(")
			if i < len(v) && (v[i] == '"' || v[i] == '\'') && i-from <= 2 { // b'…'
				continue
			}
			if member && open[len(open)-1] != '{' {
				note(from, trimmed(v, from, i))
			}
		}
	}
	return i, false
}
