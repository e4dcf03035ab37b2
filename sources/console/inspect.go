package console

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
)

// The JavaScript SDK's ConsoleSpanExporter does not print JSON but what Node's util.inspect makes of an object:
//
//	{
//	  resource: { attributes: { 'service.name': 'shop' } },
//	  traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
//	  parentSpanContext: undefined,
//	  events: [ { name: 'a', time: [ 1772460131, 500 ] } ]
//	}
//
// It is turned into JSON line by line, so that line numbers stay what they are, and read as that. Text around the
// objects, which is what else the program printed, is passed over.

// inspectLooked is how far into an input the first span is looked for: a program prints this and that before it.
const inspectLooked = 1 << 20

// IsInspect recognises console output with objects of the JavaScript SDK. JSON cannot hold what it looks for: in
// JSON, a line does not begin with a bare key, not even within a string.
func IsInspect(data []byte) bool {
	data = data[:min(len(data), inspectLooked)]
	i := bytes.Index(data, []byte("\n  traceId: '"))
	return i >= 0 && (data[0] == '{' || bytes.HasPrefix(data, []byte("\ufeff{")) || bytes.Contains(data[:i], []byte("\n{")))
}

// ReadInspected reads console output with objects of the JavaScript SDK.
func ReadInspected(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: func() {
		c := inspector{in: bytes.TrimPrefix(r.Data, []byte("\ufeff"))}
		c.convert()
		r.Reread(c.out, false)
		r.Pos = len(r.Data)
	}}
}

// inspector turns what util.inspect printed into JSON. It is generous: what it does not know becomes null, and
// what is no JSON in the end is a damaged document for the reader.
type inspector struct {
	in   []byte
	pos  int
	out  []byte
	open []byte // the brackets that are open
	key  bool   // the next word or string is a key
}

// convert converts all of the input.
func (c *inspector) convert() {
	for c.pos < len(c.in) {
		if c.in[c.pos] == '{' {
			c.object()
		}
		c.endLine()
	}
}

// endLine goes to the start of the next line.
func (c *inspector) endLine() {
	if c.skipTo("\n"); c.pos < len(c.in) {
		c.put('\n')
	}
}

// object converts the object at pos. One that is cut short ends where the next begins, at the start of a line.
func (c *inspector) object() {
	c.open, c.key = c.open[:0], false
	for c.pos < len(c.in) {
		switch b := c.in[c.pos]; b {
		case '\n':
			if c.pos+1 < len(c.in) && c.in[c.pos+1] == '{' && len(c.open) > 0 {
				return
			}
			c.put(b)
		case ' ', '\t', '\r':
			c.pos++
		case ',':
			c.put(b)
			c.key = c.open[len(c.open)-1] == '{'
		case ':':
			c.put(b)
			c.key = false
		case '{':
			c.enter(b)
		case '[':
			if c.pos+1 < len(c.in) && isLetter(c.in[c.pos+1]) {
				c.tag()
				continue
			}
			c.enter(b)
		case '}', ']':
			c.put(b)
			c.open = c.open[:len(c.open)-1]
			c.key = false
			if len(c.open) == 0 {
				return
			}
		case '\'', '"', '`':
			c.quoted(b)
		default:
			c.word()
		}
	}
}

func (c *inspector) put(b byte) {
	c.out = append(c.out, b)
	c.pos++
}

func (c *inspector) enter(b byte) {
	c.put(b)
	c.open = append(c.open, b)
	c.key = b == '{'
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || b == '$' }

// tag converts [Object], [Array], [Circular *1] and the like, which stand for values that were not printed. Where
// a bracket follows, as in [Object: null prototype] {, it only says more about the value to come.
func (c *inspector) tag() {
	if c.skipTo("]\n"); c.pos == len(c.in) {
		return
	}
	if c.in[c.pos] == ']' {
		c.pos++
	}
	c.nullUnlessValueFollows()
}

// nullUnlessValueFollows writes null unless an object or array follows in this line.
func (c *inspector) nullUnlessValueFollows() {
	rest := bytes.TrimLeft(c.in[c.pos:], " ")
	if at := len(c.in) - len(rest); at > c.pos && len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') {
		c.pos = at
		return
	}
	c.out = append(c.out, "null"...)
}

// word converts a bare key, a number, a date, or a word such as undefined or a class's name.
func (c *inspector) word() {
	start := c.pos
	if bytes.HasPrefix(c.in[c.pos:], []byte("...")) { // ... 3 more items
		c.skipTo(",]}\n")
		c.out = jsonscan.AppendQuoted(c.out, bytes.TrimSpace(c.in[start:c.pos]))
		return
	}
	if c.key {
		c.skipTo(": \n")
		c.out = jsonscan.AppendQuoted(c.out, c.in[start:c.pos])
		return
	}
	c.skipTo(", ]}\n\r{[")
	if c.pos == start {
		c.pos++
		return
	}
	word := c.in[start:c.pos]
	switch text := string(word); {
	case text == "true" || text == "false" || text == "NaN" || text == "Infinity":
		c.out = append(c.out, word...)
	case jsonscan.IsDigit(word[0]) || word[0] == '-':
		c.number(bytes.TrimSuffix(word, []byte("n")))
	default:
		c.nullUnlessValueFollows() // undefined, null, or the name of a class
	}
}

func (c *inspector) number(word []byte) {
	if _, err := strconv.ParseFloat(string(word), 64); err == nil && string(word) != "-Infinity" {
		c.out = append(c.out, word...)
		return
	}
	c.out = jsonscan.AppendQuoted(c.out, word) // a date, or -Infinity
}

// skipTo goes to the next of some bytes.
func (c *inspector) skipTo(stops string) {
	n := bytes.IndexAny(c.in[c.pos:], stops)
	if n < 0 {
		c.pos = len(c.in)
		return
	}
	c.pos += n
}

// quoted converts a string in any of the three quotes. Old Nodes print a long one in parts with + between.
func (c *inspector) quoted(quote byte) {
	var said []byte
	lines := 0
	for {
		c.pos++
		for c.pos < len(c.in) && c.in[c.pos] != quote && c.in[c.pos] != '\n' { // a string cut short ends with its line
			said = c.unescape(said)
		}
		if c.pos < len(c.in) && c.in[c.pos] == quote {
			c.pos++
		}
		next, skipped := c.continued()
		if next < 0 {
			break
		}
		lines += skipped
		c.pos, quote = next, c.in[next]
	}
	c.out = jsonscan.AppendQuoted(c.out, said)
	for range lines {
		c.out = append(c.out, '\n')
	}
}

// continued returns where the next part of a string opens, -1 where there is none, and how many lines later.
func (c *inspector) continued() (next, lines int) {
	plus := false
	for i := c.pos; i < len(c.in); i++ {
		switch b := c.in[i]; {
		case b == ' ':
		case b == '\n' && plus:
			lines++
		case b == '+' && !plus:
			plus = true
		case (b == '\'' || b == '"' || b == '`') && plus:
			return i, lines
		default:
			return -1, 0
		}
	}
	return -1, 0
}

// unescape appends the character at pos, which may be written as an escape.
func (c *inspector) unescape(dst []byte) []byte {
	b := c.in[c.pos]
	c.pos++
	if b != '\\' || c.pos >= len(c.in) {
		return append(dst, b)
	}
	b = c.in[c.pos]
	c.pos++
	switch b {
	case 'x':
		return c.hexEscape(dst, 2)
	case 'u':
		return c.hexEscape(dst, 4)
	}
	if i := strings.IndexByte("ntrbfv", b); i >= 0 {
		b = "\n\t\r\b\f\v"[i]
	}
	return append(dst, b)
}

func (c *inspector) hexEscape(dst []byte, digits int) []byte {
	end := min(c.pos+digits, len(c.in))
	n, err := strconv.ParseUint(string(c.in[c.pos:end]), 16, 32)
	if err != nil {
		return append(dst, '\\', 'u')
	}
	c.pos = end
	return utf8.AppendRune(dst, rune(n))
}
