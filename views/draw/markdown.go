package draw

import "strings"

// MarkdownText writes text as it is read, on one line, so that nothing in it starts markup of CommonMark or GitHub: in a
// paragraph, a list or the cell of a table. An underscore within a word starts none, and stays as it is for chats that
// would show the backslash.
func MarkdownText(text string) string {
	text = strings.TrimSpace(Clean(text)) // beside a blank, ** ends nothing
	var b strings.Builder
	block := opensBlock(text)
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '<' && i+1 < len(text) && (isWord(text[i+1]) || strings.IndexByte("/!?", text[i+1]) >= 0):
			b.WriteString("&lt;")
			continue
		case c == '&' && i+1 < len(text) && (isWord(text[i+1]) || text[i+1] == '#'):
			b.WriteString("&amp;")
			continue
		case c == '_' && i > 0 && isWord(text[i-1]) && i+1 < len(text) && isWord(text[i+1]):
		case i == block, strings.IndexByte("\\`*_[]~|$", c) >= 0:
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// opensBlock returns where the sign stands that makes a line a heading, a quotation, an item, a rule or the underline of a
// heading, -1 for any other line.
func opensBlock(text string) int {
	rest := strings.TrimLeft(text, "0123456789")
	number := len(text) - len(rest)
	alone := func(rest string) bool { return rest == "" || rest[0] == ' ' }
	switch {
	case text == "":
	case text[0] == '>', strings.Trim(text, "=") == "", strings.Trim(text, "- ") == "":
		return 0
	case text[0] == '#' && alone(strings.TrimLeft(text, "#")), (text[0] == '-' || text[0] == '+') && alone(text[1:]):
		return 0
	case number > 0 && rest != "" && (rest[0] == '.' || rest[0] == ')') && alone(rest[1:]):
		return number
	}
	return -1
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// MarkdownCode writes text as code within a line.
func MarkdownCode(text string) string {
	text = Clean(text)
	fence := fenceAround(text, 1)
	if len(fence) == 1 {
		return fence + text + fence
	}
	return fence + " " + text + " " + fence
}

// MarkdownBlock writes a line of text as a block of code, which ends in a newline.
func MarkdownBlock(text string) string {
	text = Clean(text)
	fence := fenceAround(text, 3)
	return fence + "\n" + text + "\n" + fence + "\n"
}

// fenceAround returns a run of backticks, at least least of them, that is longer than any run in the text.
func fenceAround(text string, least int) string {
	fence := strings.Repeat("`", least)
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence
}
