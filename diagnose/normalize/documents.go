package normalize

import (
	"strings"

	"tracefall/diagnose/lex"
)

// Document returns a document query with its values taken out:
// {"post_id": 17, "a": {"$gt": 3}} gives {post_id: ?, a: {$gt: ?}}.
func Document(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(text))
			rest := strings.TrimLeft(text[min(end+1, len(text)):], " \t\n")
			if strings.HasPrefix(rest, ":") {
				b.WriteString(text[i+1 : end])
			} else {
				b.WriteByte('?')
			}
			i = end
		case c == '{' || c == '}' || c == '[' || c == ']':
			b.WriteByte(c)
		case c == ':':
			b.WriteString(": ")
		case c == ',':
			b.WriteString(", ")
		case lex.Word(c) || c == '-' || c == '.':
			for i+1 < len(text) && (lex.Word(text[i+1]) || text[i+1] == '.' || text[i+1] == '-' || text[i+1] == '+') {
				i++
			}
			b.WriteByte('?')
		}
	}
	keys := b.String()
	for strings.Contains(keys, "?, ?") { // lists are one whatever their length; this halves them
		keys = strings.ReplaceAll(keys, "?, ?", "?")
	}
	return keys
}
