package unwrap

import (
	"bytes"

	"tracefall/sources/jsonscan"
)

// prefix is what stands before the text of a line, in pieces that end with white space or are a time. It matches other
// lines that have the same with other times.
type prefix []piece

type piece struct {
	text []byte
	time bool
}

// prefixOf cuts what stands before a document into pieces. The bytes are copied.
func prefixOf(text []byte) prefix {
	text = bytes.Clone(text)
	var p prefix
	for i := 0; i < len(text); {
		if n := timeAt(text, i); n > 0 {
			p = append(p, piece{text[i : i+n], true})
			i += n
			continue
		}
		start := i
		for i < len(text) && !blank(text[i]) && (i == start || timeAt(text, i) == 0) {
			i++
		}
		for i < len(text) && blank(text[i]) {
			i++
		}
		p = append(p, piece{text[start:i], false})
	}
	return p
}

// match returns how many bytes of a line the prefix takes, up to white space, and whether that is all of it.
func (p prefix) match(line []byte) (n int, whole bool) {
	at := 0
	for i, piece := range p {
		switch {
		case piece.time:
			size := timeAt(line, at)
			if size == 0 {
				return n, false
			}
			at += size
		case bytes.HasPrefix(line[at:], piece.text):
			at += len(piece.text)
		case i == len(p)-1 && bytes.Equal(line[at:], bytes.TrimRight(piece.text, " \t")): // an empty line, trimmed
			return len(line), true
		default:
			return n, false
		}
		if at > 0 && blank(line[at-1]) {
			n = at
		}
	}
	return at, true
}

// head returns the pieces that take n bytes of a line.
func (p prefix) head(line []byte, n int) prefix {
	at := 0
	for i, piece := range p {
		if at >= n {
			return p[:i]
		}
		if piece.time {
			at += timeAt(line, at)
		} else {
			at += len(piece.text)
		}
	}
	return p
}

// timeAt returns the length of the time that stands at an offset, 0 for none. A time is two colons between digits, a
// date of three numbers that begins with the year, or nine digits and more: seconds or finer since 1970.
func timeAt(text []byte, at int) int {
	if at >= len(text) || !jsonscan.IsDigit(text[at]) || at > 0 && (jsonscan.IsDigit(text[at-1]) || letter(text[at-1])) {
		return 0
	}
	end, digits, colons, dashes := at, 0, 0, 0
loop:
	for end < len(text) {
		switch c := text[end]; {
		case jsonscan.IsDigit(c):
			digits++
		case c == ':':
			colons++
		case c == '-' || c == '/':
			dashes++
		case c == '.' || c == ',' || c == '+' || c == 'T' || c == 'Z':
		default:
			break loop
		}
		end++
	}
	if end < len(text) && letter(text[end]) && digits < 9 {
		return 0
	}
	year := end-at >= 10 && !jsonscan.IsDigit(text[at+4]) && text[at+4] != '.'
	if digits >= 6 && (colons >= 2 || year && dashes >= 2 || digits >= 9) {
		return end - at
	}
	return 0
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

// kind names what the prefix is.
func (p prefix) kind() string {
	var all []byte
	times := true
	for _, piece := range p {
		all = append(all, piece.text...)
		times = times && (piece.time || len(bytes.Trim(piece.text, "[]() \t")) == 0)
	}
	switch {
	case times:
		return "lines with timestamps"
	case bytes.Contains(all, []byte("otel.javaagent")):
		return "log lines of the Java agent"
	}
	if name := framing(all); name != "" {
		return name
	}
	return "log lines"
}

// framing names the tool that prefixes lines so; "" for none that is known for certain.
func framing(line []byte) string {
	if bytes.HasPrefix(line, []byte("[pod/")) && bytes.Contains(line, []byte("] ")) {
		return "kubectl logs with prefixes"
	}
	word := bytes.IndexAny(line, " \t")
	if word > 0 && word < 100 && bytes.HasPrefix(bytes.TrimLeft(line[word:], " \t"), []byte("| ")) && !bytes.ContainsAny(line[:word], "|{}\"'") {
		return "Docker Compose logs"
	}
	return ""
}

// withoutEscapes removes the escape sequences with which terminals are told about colours. It works in place of its own
// copy, and returns the text itself where there are none.
func withoutEscapes(text []byte) []byte {
	if bytes.IndexByte(text, 0x1b) < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != 0x1b {
			out = append(out, text[i])
			continue
		}
		if i+1 >= len(text) || text[i+1] != '[' {
			i++ // a sequence of two bytes
			continue
		}
		for i += 2; i < len(text) && (text[i] < 0x40 || text[i] > 0x7e); i++ {
		}
	}
	return out
}
