package detail

import (
	"strings"
	"unicode/utf8"

	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Lengths in bytes.
const (
	valueShown  = 8 << 10   // of a value until all of it is asked for: more than a stack trace
	prettyLimit = 256 << 10 // values longer than this are shown as they are written
)

// valueForm is how a value is laid out.
type valueForm uint8

const (
	formPlain valueForm = iota
	formJSON
	formSQL
	formURL
	formStack
)

// formOf tells how a value is laid out: by its type, what it looks like, and its key.
func formOf(key string, t trace.Type, text string) valueForm {
	switch {
	case t == trace.TypeJSON:
		return formJSON
	case t != trace.TypeString:
		return formPlain
	case looksLikeJSON(text):
		return formJSON
	case stackKey(key):
		return formStack
	case urlKey(key) || looksLikeURL(text):
		return formURL
	}
	switch key {
	case "db.statement", "db.query.text", "sql.query", "db.query", "sql":
		return formSQL
	}
	return formPlain
}

// stackKey reports whether an attribute carries a stack trace.
func stackKey(key string) bool {
	switch key {
	case "exception.stacktrace", "error.stack", "error.stack_trace", "stack", "stacktrace", "stack_trace", "code.stacktrace":
		return true
	}
	return false
}

// looksLikeJSON reports whether a text is probably an object or array; the layout forgives a mistake.
func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) < 2 {
		return false
	}
	last := text[len(text)-1]
	switch text[0] {
	case '{':
		return last == '}' && (text[1] == '}' || strings.IndexByte(text, '"') > 0)
	case '[':
		return last == ']'
	}
	return false
}

// layOut writes a value for reading, in lines of any length: JSON and SQL laid out where they are longer than a
// line of width cells, the parameters of URLs one a line, everything hostile spelled out.
func layOut(text string, form valueForm, width int) string {
	if form == formURL && len(text) <= prettyLimit {
		return spellLines(layOutURL(text))
	}
	if len(text) <= prettyLimit && (len(text) > width || draw.Width(text) > width) {
		switch form {
		case formJSON:
			text = layOutJSON(text)
		case formSQL:
			text = layOutSQL(text)
		case formPlain, formURL, formStack:
		}
	}
	return spellLines(text)
}

// tabWidth is how tabs are shown: the indentation of stack traces needs no more.
const tabWidth = 4

// spellLines spells out what is hostile in each line of a text; its line ends and tabs stay what they are.
func spellLines(text string) string {
	if whole := strings.TrimRight(text, "\r\n"); whole != "" {
		text = whole // a line end at the end says nothing
	} else {
		return draw.Escape(text)
	}
	if !strings.ContainsAny(text, "\n\t") {
		return draw.Escape(text)
	}
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		line = strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", strings.Repeat(" ", tabWidth))
		b.WriteString(draw.Escape(line))
	}
	return b.String()
}

// cutValue returns the first bytes of a long text, whole characters, and how many bytes that leaves out.
func cutValue(text string, limit int) (head string, left int) {
	if len(text) <= limit {
		return text, 0
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], len(text) - end
}

// jsonIndent and jsonDeepest bound the indentation, in cells and levels: deeper values stay readable.
const (
	jsonIndent  = 2
	jsonDeepest = 16
)

// layOutJSON breaks JSON into lines by one pass over its characters. What is no JSON, or is cut off, is laid out
// as far as it looks like it: nothing but white space outside of strings changes.
func layOutJSON(text string) string {
	var b strings.Builder
	b.Grow(2 * len(text))
	depth := 0
	line := func() {
		b.WriteByte('\n')
		for range min(max(depth, 0), jsonDeepest) * jsonIndent {
			b.WriteByte(' ')
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\r':
		case '"':
			end := jsonStringEnd(text, i)
			b.WriteString(text[i:end])
			i = end - 1
		case '{', '[':
			b.WriteByte(c)
			if next := skipBlanks(text, i+1); next < len(text) && text[next] == c+2 {
				b.WriteByte(text[next]) // empty: '{'+2 is '}' and '['+2 is ']'
				i = next
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// jsonStringEnd returns the place behind the string that begins at i.
func jsonStringEnd(text string, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func skipBlanks(text string, i int) int {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	return i
}
