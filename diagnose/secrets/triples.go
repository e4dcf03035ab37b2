package secrets

import "strings"

// triples are the sequences of three bytes at which something can begin, as a set of 15 bits each: a value without
// one of them costs one look a byte.
type triples [1 << 15 / 32]uint32

func (t *triples) add(h uint16)      { t[h>>5] |= 1 << (h & 31) }
func (t *triples) has(h uint16) bool { return t[h>>5]>>(h&31)&1 != 0 }

// triplesOf makes a set of how words begin.
func triplesOf(words ...string) *triples {
	t := &triples{}
	for _, word := range words {
		t.add(triple(word))
	}
	return t
}

// Codes of bytes in a triple: letters without their case are 1 to 26.
const (
	codeOther = 0
	codeDigit = 27
	codeLine  = 28
	codeDash  = 29
	codePoint = 30
	codeBlank = 31
)

// Marks of bytes beside their codes: what a text that holds them is searched for.
const (
	codeBits   = 1<<5 - 1
	markColon  = 1 << 5 // URLs
	markAt     = 1 << 6 // addresses
	markEscape = 1 << 7 // escapes
)

var codes = func() (table [256]uint16) {
	for c := range 26 {
		table['a'+c], table['A'+c] = uint16(c+1), uint16(c+1)
	}
	table[':'], table['@'], table['%'], table['&'], table['\\'] = markColon, markAt, markEscape, markEscape, markEscape
	for c := '0'; c <= '9'; c++ {
		table[c] = codeDigit
	}
	table['_'], table['-'], table['.'], table[' '] = codeLine, codeDash, codePoint, codeBlank
	return table
}()

// triple returns the code of the first three bytes of a text that has as many.
func triple(text string) uint16 {
	return codes[text[0]]&codeBits<<10 | codes[text[1]]&codeBits<<5 | codes[text[2]]&codeBits
}

// keyTriples are those of the words that name secrets, shortTriples those of the stems that are whole nouns.
var (
	keyTriples   = triplesOf(strings.Fields(stems)...)
	shortTriples = triplesOf(strings.Fields(short)...)
)
