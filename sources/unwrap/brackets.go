package unwrap

import (
	"bytes"

	"tracefall/sources/jsonscan"
)

// brackets follows how deep in a document the text is, line by line.
type brackets struct{ depth int }

// through goes through text of one line and returns the offset behind the bracket that closes the document, -1 when it
// goes on. Strings end with their line: neither JSON nor Node's output has line feeds in them.
func (b *brackets) through(line []byte) int {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '{', '[':
			b.depth++
		case '}', ']':
			if b.depth--; b.depth <= 0 {
				return i + 1
			}
		case '"', '\'', '`':
			i = stringEnd(line, i)
		}
	}
	return -1
}

// stringEnd returns the offset of the quote that ends the string whose quote is at i, or the end of the line.
func stringEnd(line []byte, i int) int {
	for quote := line[i]; ; {
		if i++; i >= len(line) || line[i] == quote {
			return i
		}
		if line[i] == '\\' {
			i++
		}
	}
}

// prefixMost is how far into a line a document is looked for, in bytes.
const prefixMost = 2 << 10

// opening finds where a document opens in a line, from an offset on, and where it ends: -1 when it goes on in the next
// line. It returns at -1 when there is none.
func opening(line []byte, from int) (at, end int) {
	for at = from; at < min(len(line), from+prefixMost); at++ {
		i := bytes.IndexAny(line[at:min(len(line), from+prefixMost)], "{[")
		if i < 0 {
			break
		}
		at += i
		if !opens(line[at:]) {
			if line[at] == '[' { // what it begins with is no document, nor are the lists that begin within
				at += len(line[at+1:]) - len(bytes.TrimLeft(line[at+1:], "[ \t"))
			}
			continue
		}
		var b brackets
		if end = b.through(line[at:]); end >= 0 {
			return at, at + end
		}
		return at, -1
	}
	return -1, -1
}

// opens reports whether text begins as an object with a key, or a list of objects, or ends with its bracket.
func opens(text []byte) bool {
	rest := bytes.TrimLeft(text[1:], " \t")
	if len(rest) == 0 {
		return true
	}
	if text[0] == '{' {
		return rest[0] == '"'
	}
	inner := bytes.TrimLeft(rest, "[ \t")
	if len(inner) == 0 || inner[0] != '{' {
		return len(inner) == 0
	}
	rest = bytes.TrimLeft(inner[1:], " \t")
	return len(rest) == 0 || rest[0] == '"'
}

// goesOn reports whether text can follow a document's first bracket: a key, an element or the other bracket.
func goesOn(text []byte) bool {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return false
	}
	switch c := text[0]; {
	case c == '"' || c == '\'' || c == '{' || c == '}' || c == '[' && opens(text) || c == ']':
		return true
	case letter(c):
		i := 1
		for i < len(text) && (letter(text[i]) || jsonscan.IsDigit(text[i])) {
			i++
		}
		return i < len(text) && text[i] == ':' && (i+1 == len(text) || text[i+1] == ' ')
	}
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' }
