package normalize

import (
	"strings"

	"tracefall/diagnose/lex"
	"tracefall/diagnose/semconv"
)

// Names of spans hold ids where instrumentations put a path or an argument in them: "GET /users/alice",
// "loadUser(alice)", "find(name=alice)". There, and nowhere else in a name, many values that differ are parameters.

// nameTokens appends the tokens of a name with a path or an argument in it; as is the name without the values that their
// shape gives away. It adds none for other names.
//
//	GET /users/alice/cart   GET /users    /alice   /cart
//	loadUser(alice)         loadUser      (alice   )
func nameTokens(name, as string, list []token) []token {
	if semconv.IsRPCName(name) {
		return list
	}
	var seps string
	switch slash, paren := strings.IndexByte(name, '/'), strings.IndexByte(name, '('); {
	case slash == 0 || slash > 1 && name[slash-1] == ' ' && semconv.HTTPVerbs[name[:slash-1]]:
		seps = "/"
	case paren > 0 && strings.IndexByte(name[paren:], ')') > 1:
		seps = "(=)"
	default:
		return list
	}
	first := len(list)
	list, name, as = cutParts(name, as, seps, true, list)
	if name != "" || as != "" || len(list)-first < 2 {
		return list[:first]
	}
	return list
}

// cutParts appends the parts of a name and what they become, as far as both have one; whole says that the first takes
// what partEnd says. It returns what is left of either.
func cutParts(name, as, seps string, whole bool, list []token) (parts []token, nameLeft, asLeft string) {
	for name != "" && as != "" {
		raw, rest := partEnd(name, seps, whole), partEnd(as, seps, whole)
		list = append(list, token{name[:raw], wholeID(name[:raw], as[:rest])})
		name, as, whole = name[raw:], as[rest:], false
	}
	return list, name, as
}

// wholeID takes the end off a pattern that left out dashes and underscores behind a value, which are a part of it here.
func wholeID(raw, as string) string {
	if raw != "" && strings.IndexByte("-_", raw[len(raw)-1]) >= 0 {
		if id := strings.TrimRight(as, "-_"); idKinds[bare(id)] {
			return id
		}
	}
	return as
}

// partEnd returns where the first part of a name ends: in front of the next separator; that of a path takes its first
// segment, which names a resource.
func partEnd(name, seps string, first bool) int {
	from := 1
	if first {
		if from = lex.Until(name, seps); from == len(name) || seps != "/" {
			return from
		}
		from++
	}
	from = min(from, len(name))
	return from + lex.Until(name[from:], seps)
}

// queueTokens appends the parts of the name of a queue; as is the name without the values that their shape gives away.
func queueTokens(name, as string, list []token) []token {
	const seps = ".:/"
	first := len(list)
	list, name, as = cutParts(name, as, seps, false, list)
	if name != "" || as != "" { // a value with a separator in it
		last := &list[first]
		for _, t := range list[first+1:] {
			last.raw, last.as = last.raw+t.raw, last.as+t.as
		}
		last.raw, last.as = last.raw+name, last.as+as
		list = list[:first+1]
	}
	return list
}
