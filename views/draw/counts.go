package draw

import "strings"

// SegmentGap is what stands between the parts of a line that say different things.
const SegmentGap = " · "

// Amount writes a count with its noun, which takes an s where it is not one.
func Amount(n int, noun string) string { return CountNoun(n, noun, noun+"s") }

// CountNoun writes a count with its noun.
func CountNoun(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// FirstFitting returns the first text that fits into width cells, "" for none.
func FirstFitting(width int, texts ...string) string {
	for _, text := range texts {
		if Width(text) <= width {
			return text
		}
	}
	return ""
}

// WithoutBrackets returns a text without what stands in brackets at its end: that is missed least where there is no room.
func WithoutBrackets(text string) string {
	if at := strings.LastIndex(text, " ("); at > 0 && strings.HasSuffix(text, ")") {
		return text[:at]
	}
	return text
}

// Head returns as much of a text as fits into width cells, at least one character.
func Head(text string, width int) string {
	size, _, _ := cut(text, width)
	if size == 0 && text != "" {
		size = first(text).size
	}
	return text[:size]
}

// maxWrapped bounds the lines that one text is wrapped into: nobody reads on.
const maxWrapped = 12

// WrapWords breaks a text into lines of at most width cells, at blanks where there are any, but not between a number and its
// unit. A word that is longer than a line is broken behind a slash. The last of too many lines ends in dots.
func WrapWords(text string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	line := ""
	flush := func() {
		lines = append(lines, line)
		line = ""
	}
	words := strings.Fields(text)
	for n, word := range words {
		if n > 0 && isQuantity(words[n-1], word) {
			continue // it went with the number
		}
		if n+1 < len(words) && isQuantity(word, words[n+1]) {
			word += " " + words[n+1]
		}
		if line != "" && Width(line)+1+Width(word) > width {
			flush()
		}
		if line != "" {
			line += " "
		}
		line += word
		for Width(line) > width && len(lines) < maxWrapped {
			head := Head(line, width)
			if at := strings.LastIndexByte(head, '/'); at > len(head)/2 {
				head = head[:at+1]
			}
			lines, line = append(lines, head), line[len(head):]
		}
		if len(lines) >= maxWrapped {
			lines[maxWrapped-1] += " …"
			return lines[:maxWrapped]
		}
	}
	if line != "" {
		flush()
	}
	return lines
}

// isQuantity reports whether two words are a number and its unit, such as "7.85 s,".
func isQuantity(number, unit string) bool {
	if last := number[len(number)-1]; last < '0' || last > '9' {
		return false
	}
	return isUnit(strings.TrimRight(unit, ".,;:)"))
}
