package views

import (
	"strings"
	"unicode"

	"tracefall/views/draw"
)

// Title cuts the title of a finding to so many cells: an explanation in brackets goes first, then names are cut in their middle,
// and where that is not enough the words at its end. What it ends in stays where that is a number, "×12" or "· 3.12 s", and it is
// never cut within a number: a part of one would be another number.
func Title(title string, width int) string {
	title = draw.Clean(title)
	switch {
	case draw.Width(title) <= width:
		return title
	case width < 2:
		return ""
	}
	if bare := draw.WithoutBrackets(title); draw.Width(bare) <= width && !strings.ContainsFunc(title[len(bare):], unicode.IsDigit) {
		return bare
	}
	if short := draw.Shorten(title, width); keepsWords(title, short) {
		return short
	}
	tail := title[tailStart(title):]
	if tail == "" || draw.Width(tail) > width/2 {
		tail = title[lengthStart(title):]
	}
	if draw.Width(tail) > width/2 {
		tail = ""
	}
	body := title[:len(title)-len(tail)]
	head := draw.Head(body, width-1-draw.Width(tail))
	if last := strings.LastIndexByte(head, ' ') + 1; len(head) < len(body) && body[len(head)] != ' ' &&
		(draw.Width(head[last:]) < leastOfWord && last > 0 || strings.ContainsFunc(head[last:], unicode.IsDigit)) {
		head = head[:last]
	}
	return strings.TrimRight(head, " ×·:") + "…" + strings.TrimPrefix(tail, ":")
}

// leastOfWord is how many letters of a word that is cut tell which one it is.
const leastOfWord = 4

// keepsWords reports whether of a text only names were cut.
func keepsWords(text, short string) bool {
	whole, cut := strings.Split(text, " "), strings.Split(short, " ")
	if len(whole) != len(cut) {
		return false
	}
	for i, word := range whole {
		if i == 0 {
			word = strings.TrimSuffix(word, ":") // before the colon stands what was found
		}
		if whole[i] != cut[i] && !isName(word) {
			return false
		}
	}
	return true
}

// isName reports whether a word is more than letters: a host, a path, a call. Neither a number is one, nor two words such as
// network/queue.
func isName(word string) bool {
	other := func(r rune) bool { return !unicode.IsLetter(r) }
	return (word[0] < '0' || word[0] > '9') && (word[0] == '/' || strings.ContainsFunc(strings.ReplaceAll(word, "/", ""), other))
}

// tailStart returns where the number begins that a title ends in, its end where it ends in none.
func tailStart(title string) int {
	for _, before := range [...]string{" ×", " · ", ": "} {
		if at := strings.LastIndex(title, before); at > 0 && strings.ContainsFunc(title[at:], unicode.IsDigit) {
			return at
		}
	}
	return len(title)
}

// lengthStart returns where the time begins that a title ends in, " 47.3 s" or " 1 m 18 s", its end where it ends in none.
func lengthStart(title string) int {
	start := len(title)
	for {
		unit := strings.LastIndexByte(title[:start], ' ')
		number := strings.LastIndexByte(title[:max(unit, 0)], ' ')
		if number < 0 || !unicode.IsDigit(rune(title[number+1])) || start-unit > len(" min") {
			return start
		}
		start = number
	}
}
