package eval

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// matcher compares a stored value with constants.
type matcher struct {
	text   func(string) bool
	number func(query.Number) bool // nil: a number matches by its text
	unit   bool                    // a duration: numbers never match, as their text has no unit
	slot   int                     // of verdicts by symbol, -1 where comparing is as quick

	symbol   trace.Symbol // equality with a text that the set holds …
	bySymbol bool         // … so that interned values compare by symbol
	absent   bool         // equality with a text that the set does not hold interned
}

// matches reports whether a value satisfies the matcher.
func (x *matcher) matches(m *machine, v trace.Value) bool {
	switch v.Type() {
	case trace.TypeString, trace.TypeJSON:
		if s, ok := v.Symbol(); ok {
			return x.symbolMatches(m, s)
		}
		return x.text(v.Text())
	case trace.TypeInt:
		if x.number != nil {
			return x.number(query.WholeNumber(v.Int()))
		}
		m.buf = strconv.AppendInt(m.buf[:0], v.Int(), 10)
	case trace.TypeFloat:
		if x.number != nil {
			return x.number(query.Number{Float: v.Float()})
		}
		m.buf = strconv.AppendFloat(m.buf[:0], v.Float(), 'g', -1, 64)
	case trace.TypeBool:
		return x.text(strconv.FormatBool(v.Bool()))
	default:
		return x.text(v.String())
	}
	return x.text(unsafe.String(unsafe.SliceData(m.buf), len(m.buf))) // text keeps nothing of it
}

// symbolMatches reports whether an interned text satisfies the matcher.
func (x *matcher) symbolMatches(m *machine, s trace.Symbol) bool {
	switch {
	case x.bySymbol:
		return s == x.symbol
	case x.absent:
		return false
	case x.slot < 0:
		return x.text(m.p.set.Text(s))
	}
	cache := m.caches[x.slot]
	if cache == nil {
		cache = make([]uint8, m.p.set.Symbols())
		m.caches[x.slot] = cache
	}
	if known := cache[s]; known != 0 {
		return known == 2
	}
	if x.text(m.p.set.Text(s)) {
		cache[s] = 2
		return true
	}
	cache[s] = 1
	return false
}

// matcher compiles the constants of a comparison, a list or a word search. For != and !~ it is the matcher of
// what must not be.
func matcherOf(c *compiler, t *query.Term) *matcher {
	switch t.Kind {
	case query.KindIn, query.KindNotIn:
		return anyOf(c, t.Values)
	case query.KindPhrase, query.KindFulltext:
		words := query.Texts(t.Values)
		return &matcher{text: func(s string) bool { return hasWords(s, words, t.Kind == query.KindPhrase) }, slot: c.slot()}
	default:
	}
	v := t.Values[0]
	switch t.Op {
	case query.OpEq, query.OpNe:
		return compared(c, query.OpEq, v)
	case query.OpRegex, query.OpNotRegex:
		pattern := v.Text
		if t.Fold {
			pattern = "(?i)" + pattern
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			c.fail(t, "the regular expression (RE2) is too large: "+query.Shorten(err.Error()), "")
			return &matcher{text: func(string) bool { return false }, slot: -1}
		}
		if needed := requiredText(pattern); needed != "" {
			return &matcher{text: func(s string) bool { return strings.Contains(s, needed) && re.MatchString(s) }, slot: c.slot()}
		}
		return &matcher{text: re.MatchString, slot: c.slot()}
	case query.OpContains:
		if t.Fold {
			return &matcher{text: newFolded(v.Text).in, slot: c.slot()}
		}
		return &matcher{text: func(s string) bool { return strings.Contains(s, v.Text) }, slot: c.slot()}
	default:
	}
	return compared(c, t.Op, v)
}

// requiredText returns a text that everything a regular expression matches contains, "" where none is seen at once.
// Looking for it first is several times faster than the expression itself.
func requiredText(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	longest := ""
	for _, part := range parts {
		for part.Op == syntax.OpCapture || part.Op == syntax.OpPlus {
			part = part.Sub[0]
		}
		// Invalid bytes match the replacement character.
		if part.Op != syntax.OpLiteral || part.Flags&syntax.FoldCase != 0 || slices.Contains(part.Rune, utf8.RuneError) {
			continue
		}
		if text := string(part.Rune); len(text) > len(longest) {
			longest = text
		}
	}
	return longest
}

// compared compiles a comparison with a constant: of numbers and durations by value unless quotes ask for text.
func compared(c *compiler, o query.Op, v query.Literal) *matcher {
	if !v.Quoted {
		if n, ok := query.ReadNumber(v.Text); ok {
			holds := func(other query.Number) bool { return o.Satisfied(query.Compare(other, n)) }
			return &matcher{number: holds, slot: c.slot(), text: func(s string) bool {
				other, ok := query.ReadNumber(s)
				return ok && holds(other)
			}}
		}
		if d, ok := query.ReadDuration(v.Text); ok {
			return &matcher{unit: true, slot: c.slot(), text: func(s string) bool {
				other, ok := query.ReadDuration(s)
				return ok && o.Satisfied(cmp.Compare(other, d))
			}}
		}
	}
	if o != query.OpEq {
		return &matcher{slot: -1, text: func(s string) bool { return o.Satisfied(strings.Compare(s, v.Text)) }}
	}
	symbol, known := c.set.Symbol(v.Text)
	return &matcher{slot: -1, text: func(s string) bool { return s == v.Text }, symbol: symbol, bySymbol: known, absent: !known}
}

// anyOf compiles membership.
func anyOf(c *compiler, values []query.Literal) *matcher {
	x := &matcher{slot: c.slot()}
	taken := c.slots
	members := make([]*matcher, len(values))
	numeric := false
	for i, v := range values {
		members[i] = compared(c, query.OpEq, v)
		numeric = numeric || members[i].number != nil
	}
	c.slots = taken // the members are asked through x and need no caches of their own
	x.text = func(s string) bool {
		for _, member := range members {
			if member.text(s) {
				return true
			}
		}
		return false
	}
	if numeric {
		x.number = func(n query.Number) bool {
			text := n.String()
			for _, member := range members {
				if member.number != nil && member.number(n) || member.number == nil && member.text(text) {
					return true
				}
			}
			return false
		}
	}
	return x
}

// hasWords reports whether text holds all words, ASCII letters in either case; adjacent and in order for a phrase.
func hasWords(text string, words []string, phrase bool) bool {
	if phrase {
		for from, end := nextWord(text, 0); from < end; from, end = nextWord(text, end) {
			if beginsWith(text, from, words) {
				return true
			}
		}
		return false
	}
	for _, word := range words {
		from, end := nextWord(text, 0)
		for from < end && !equalFold(text[from:end], word) {
			from, end = nextWord(text, end)
		}
		if from == end {
			return false
		}
	}
	return true
}

// beginsWith reports whether the words follow one another from a place on.
func beginsWith(text string, at int, words []string) bool {
	for _, word := range words {
		from, end := nextWord(text, at)
		if !equalFold(text[from:end], word) {
			return false
		}
		at = end
	}
	return true
}

// nextWord returns where the first run of letters, digits and marks from a place on begins and ends; two equal
// places where there is none.
func nextWord(text string, at int) (from, end int) {
	from = strings.IndexFunc(text[at:], query.IsTermRune)
	if from < 0 {
		return len(text), len(text)
	}
	from += at
	end = strings.IndexFunc(text[from:], func(r rune) bool { return !query.IsTermRune(r) })
	if end < 0 {
		return from, len(text)
	}
	return from, from + end
}
