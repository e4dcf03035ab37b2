package secrets

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// setters begin the names of functions that are given what the rest of the name says: setPassword("…").
var setters = []string{"set", "with", "use", "new", "change", "update", "check", "verify", "hash", "encode", "encrypt", "add"}

// setter reports whether a function is given a value rather than asked for one.
func setter(name string) bool {
	return slices.ContainsFunc(setters, func(verb string) bool { return len(name) > len(verb) && strings.EqualFold(name[:len(verb)], verb) })
}

// called reads the arguments of a call whose name names a secret, setPassword("…"), new Credential("ada", "…"),
// BearerToken("…"), up to the parenthesis that closes it. A lookup such as getToken("cart") is given a name instead.
func (s *scanner) called(w named, i int) {
	const longest = 256
	v := s.v
	name := v[w.from:w.to]
	if n := strings.LastIndexByte(name, '.'); n >= 0 {
		name = name[n+1:]
	}
	if !lex.Upper(name[0]) && !setter(name) {
		return
	}
	for k := i + 1; k < len(v) && k-i < longest && v[k] != ')' && v[k] != '('; {
		from, to, next := literal(v, k, false)
		if next == 0 {
			k++
			continue
		}
		s.accept(w, from, to, true)
		k = next
	}
}
