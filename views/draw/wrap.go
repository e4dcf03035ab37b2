package draw

import "strings"

// Wrap breaks s into lines of at most width cells: at its newlines and, where
// a line is full, at its last space, else between two characters. The spaces
// at such a break are dropped. A width below 1 counts as 1; a character wider
// than the width has a line of its own.
func Wrap(s string, width int) []string {
	width = max(width, 1)
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSuffix(line, "\r")
		for {
			size, _, all := cut(line, width)
			if all {
				lines = append(lines, line)
				break
			}
			end, next := breakAt(line, size)
			lines = append(lines, line[:end])
			if line = line[next:]; line == "" {
				break
			}
		}
	}
	return lines
}

// breakAt returns where a line of which size bytes fit ends, and where the
// next one begins.
func breakAt(line string, size int) (end, next int) {
	if size == 0 {
		n := first(line).size
		return n, n
	}
	space := strings.LastIndexByte(line[:size+1], ' ')
	if space < 0 {
		return size, size
	}
	end = len(strings.TrimRight(line[:space], " "))
	if end == 0 {
		return size, size // an indentation is no place to break
	}
	for next = space; next < len(line) && line[next] == ' '; next++ {
	}
	return end, next
}
