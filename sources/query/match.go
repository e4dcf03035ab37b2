package query

import (
	"cmp"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"tracefall/sources/trace"
)

// matcher compares a stored value with constants.
type matcher struct {
	text   func(string) bool
	number func(number) bool // nil: a number matches by its text
	unit   bool              // a duration: numbers never match, as their text has no unit
	slot   int               // of verdicts by symbol, -1 where comparing is as quick

	symbol   trace.Symbol // equality with a text that the set holds …
	bySymbol bool         // … so that interned values compare by symbol
	absent   bool         // equality with a text that the set does not hold interned
}

// matches tells whether a value satisfies the matcher.
func (x *matcher) matches(m *machine, v trace.Value) bool {
	switch v.Type() {
	case trace.TypeString, trace.TypeJSON:
		if s, ok := v.Symbol(); ok {
			return x.symbolMatches(m, s)
		}
		return x.text(v.Text())
	case trace.TypeInt:
		if x.number != nil {
			return x.number(number{true, v.Int(), float64(v.Int())})
		}
		m.buf = strconv.AppendInt(m.buf[:0], v.Int(), 10)
	case trace.TypeFloat:
		if x.number != nil {
			return x.number(number{f: v.Float()})
		}
		m.buf = strconv.AppendFloat(m.buf[:0], v.Float(), 'g', -1, 64)
	case trace.TypeBool:
		return x.text(strconv.FormatBool(v.Bool()))
	default:
		return x.text(v.String())
	}
	return x.text(unsafe.String(unsafe.SliceData(m.buf), len(m.buf))) // text keeps nothing of it
}

// symbolMatches tells whether an interned text satisfies the matcher.
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
func (c *compiler) matcher(t *term) *matcher {
	switch t.kind {
	case kindIn, kindNotIn:
		return c.anyOf(t.values)
	case kindPhrase, kindFulltext:
		words := texts(t.values)
		return &matcher{text: func(s string) bool { return hasWords(s, words, t.kind == kindPhrase) }, slot: c.slot()}
	default:
	}
	v := t.values[0]
	switch t.op {
	case opEq, opNe:
		return c.equal(v)
	case opRegex, opNotRegex:
		pattern := v.text
		if t.fold {
			pattern = "(?i)" + pattern
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			c.fail(t, "the regular expression (RE2) is too large: "+cut(err.Error()), "")
			return &matcher{text: func(string) bool { return false }, slot: -1}
		}
		if needed := requiredText(pattern); needed != "" {
			return &matcher{text: func(s string) bool { return strings.Contains(s, needed) && re.MatchString(s) }, slot: c.slot()}
		}
		return &matcher{text: re.MatchString, slot: c.slot()}
	case opContains:
		if t.fold {
			return &matcher{text: newFolded(v.text).in, slot: c.slot()}
		}
		return &matcher{text: func(s string) bool { return strings.Contains(s, v.text) }, slot: c.slot()}
	default:
	}
	return c.orderedMatcher(t.op, v)
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

// equal compiles equality: of numbers and durations by value unless quotes ask for text.
func (c *compiler) equal(v literal) *matcher {
	if !v.quoted {
		if n, ok := readNumber(v.text); ok {
			return c.numeric(func(other number) bool { return order(other, n) == 0 })
		}
		if d, ok := readDuration(v.text); ok {
			return &matcher{unit: true, slot: c.slot(), text: func(s string) bool {
				other, ok := readDuration(s)
				return s == v.text || ok && other == d
			}}
		}
	}
	x := &matcher{text: func(s string) bool { return s == v.text }, slot: -1}
	if x.symbol, x.bySymbol = c.set.Symbol(v.text); !x.bySymbol {
		x.absent = true
	}
	return x
}

// numeric compiles a predicate of numbers that texts satisfy which read as one.
func (c *compiler) numeric(holds func(number) bool) *matcher {
	return &matcher{number: holds, slot: c.slot(), text: func(s string) bool {
		n, ok := readNumber(s)
		return ok && holds(n)
	}}
}

func (c *compiler) orderedMatcher(o op, v literal) *matcher {
	if !v.quoted {
		if n, ok := readNumber(v.text); ok {
			return c.numeric(func(other number) bool { return o.holds(order(other, n)) })
		}
		if d, ok := readDuration(v.text); ok {
			return &matcher{unit: true, slot: c.slot(), text: func(s string) bool {
				other, ok := readDuration(s)
				return ok && o.holds(cmp.Compare(other, d))
			}}
		}
	}
	return &matcher{slot: -1, text: func(s string) bool { return o.holds(strings.Compare(s, v.text)) }}
}

// anyOf compiles membership.
func (c *compiler) anyOf(values []literal) *matcher {
	x := &matcher{slot: c.slot()}
	taken := c.slots
	members := make([]*matcher, len(values))
	numeric := false
	for i, v := range values {
		members[i] = c.equal(v)
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
		x.number = func(n number) bool {
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

// String is the text of a number, as trace.Value writes it.
func (n number) String() string {
	if n.integer {
		return strconv.FormatInt(n.i, 10)
	}
	return strconv.FormatFloat(n.f, 'g', -1, 64)
}

// incomparable is what order returns for NaN.
const incomparable = 2

// order compares numbers: exactly where both are integers.
func order(a, b number) int {
	switch {
	case a.integer && b.integer:
		return cmp.Compare(a.i, b.i)
	case math.IsNaN(a.f) || math.IsNaN(b.f):
		return incomparable
	}
	return cmp.Compare(a.f, b.f)
}

// holds tells whether the outcome of a comparison, -1, 0 or 1, satisfies the operator.
func (o op) holds(c int) bool {
	if c == incomparable {
		return false
	}
	switch o {
	case opGt:
		return c > 0
	case opGte:
		return c >= 0
	case opLt:
		return c < 0
	case opLte:
		return c <= 0
	case opNe:
		return c != 0
	default:
		return c == 0
	}
}

// hasWords tells whether text holds all words, ASCII letters in either case; adjacent and in order for a phrase.
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

// beginsWith tells whether the words follow one another from a place on.
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
	from = strings.IndexFunc(text[at:], isTermRune)
	if from < 0 {
		return len(text), len(text)
	}
	from += at
	end = strings.IndexFunc(text[from:], func(r rune) bool { return !isTermRune(r) })
	if end < 0 {
		return from, len(text)
	}
	return from, from + end
}
