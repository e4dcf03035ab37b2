package secrets

import (
	"math/bits"
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// claim is what a key says of its value: nothing where kind is "".
type claim struct {
	kind Kind
	// sure is set where the key names a secret and can mean little else: db.password, but not lexer.token, whose value
	// must look like a secret, too.
	sure bool
	// several is set for a plural, whose number is a count.
	several bool
}

// longestKey is how many bytes of a key's end are looked at.
const longestKey = 64

// keyWords is a key without its separators, lower case, with a bit for each byte that begins a word:
//
//	"http.xApiKey"  h t t p x a p i k e y
//	                1 0 0 0 1 1 0 0 1 0 0
type keyWords struct {
	text   [longestKey]byte
	n      int
	starts uint64
}

func (k *keyWords) split(key string) {
	key = key[max(len(key)-longestKey, 0):]
	fresh := true
	for i := range len(key) {
		c := key[i]
		if !lex.Alnum(c) && c < 0x80 {
			fresh = true
			continue
		}
		if lex.Upper(c) {
			before := i > 0 && (lex.Lower(key[i-1]) || lex.Digit(key[i-1]))
			behind := i > 0 && lex.Upper(key[i-1]) && i+1 < len(key) && lex.Lower(key[i+1]) // the K of APIKey
			fresh = fresh || before || behind
			c += 'a' - 'A'
		}
		if fresh {
			k.starts |= 1 << k.n
			fresh = false
		}
		k.text[k.n] = c
		k.n++
	}
}

// last returns where the last word of the first n bytes begins.
func (k *keyWords) last(n int) int {
	if n == 0 {
		return 0
	}
	return max(bits.Len64(k.starts&(1<<n-1))-1, 0)
}

// word returns the last word of the first n bytes.
func (k *keyWords) word(n int) string { return string(k.text[k.last(n):n]) }

// mayName reports whether a key can name a secret: whether it holds one of the stems, or ends as the few short nouns do.
func mayName(key string) bool {
	n := len(key)
	if n < 2 {
		return false
	}
	key = key[max(n-longestKey, 0):]
	h := uint16(0)
	for i := range len(key) {
		h = (h<<5 | codes[key[i]]&codeBits) & 0x7fff
		if keyTriples.has(h) && i >= 2 {
			return true
		}
	}
	last, before := key[len(key)-1]|0x20, key[len(key)-2]|0x20
	return last == 'w' && before == 'p' || last == 'c' && before == 'c'
}

// claimOf tells what a key says that its value is.
func claimOf(key string) claim {
	if !mayName(key) {
		return claim{}
	}
	return claimOfWords(key)
}

// claimOfWords is claimOf for a key that may name a secret.
func claimOfWords(key string) claim {
	var k keyWords
	k.split(key)
	n := k.n
	for range 4 { // password.value, newPasswordPlain
		if c, ok := k.claim(n, false); ok {
			return c
		}
		from := k.last(n)
		if from == 0 || !trailing[string(k.text[from:n])] {
			break
		}
		n = from
	}
	short := n
	for short > 0 && lex.Digit(k.text[short-1]) { // password1
		short--
	}
	several := short == n && n > 4 && k.text[n-1] == 's' // apiKeys
	if several {
		short--
	}
	if short == n {
		return claim{}
	}
	c, _ := k.claim(short, several)
	return c
}

// setter reports whether a function is given a value rather than asked for one.
func setter(name string) bool { return begins(name, setters) }

// begins reports whether a text goes on behind one of some words, in any case.
func begins(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return len(text) > len(word) && strings.EqualFold(text[:len(word)], word) })
}

// claim looks the last words of the first n bytes up: three of them together, two, one, and the end of the last.
func (k *keyWords) claim(n int, several bool) (claim, bool) {
	var from [3]int
	words := 0
	for at := n; at > 0 && words < len(from); words++ {
		at = k.last(at)
		from[words] = at
	}
	for w := words - 1; w >= 0; w-- {
		if noun, ok := nouns[string(k.text[from[w]:n])]; ok {
			return k.judge(noun, from[w], w > 0, several), true
		}
	}
	if words == 0 {
		return claim{}, false
	}
	last := k.text[from[0]:n]
	for _, e := range endings {
		before := len(last) - len(e.end)
		if before < 2 || string(last[before:]) != e.end {
			continue
		}
		if owners[string(last[:before])] || e.any && before >= 4 {
			return claim{e.kind, true, several}, true
		}
	}
	return claim{}, false
}

// judge weighs a noun by the word before it.
func (k *keyWords) judge(n noun, from int, apart, several bool) claim {
	before := ""
	if from > 0 {
		before = k.word(from)
	}
	c := claim{n.kind, n.sure, several}
	switch {
	case n.not[before]: // lexer.token
		return claim{}
	case n.with[before]:
		c.sure = true
	case n.one && apart, states[before]: // session.id, has_password
		return claim{}
	case n.own && owners[before]:
		c.sure = true
	}
	return c
}
