package views

import (
	"strings"

	"tracefall/views/draw"
)

// maxWrapped bounds the lines that one text is wrapped into: nobody reads on.
const maxWrapped = 12

// wrapWords breaks a text into lines of at most width cells, at blanks where there are any. The last of too many
// lines ends in dots.
func wrapWords(text string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	line := ""
	flush := func() {
		lines = append(lines, line)
		line = ""
	}
	for _, word := range strings.Fields(text) {
		if line != "" && draw.Width(line)+1+draw.Width(word) > width {
			flush()
		}
		if line != "" {
			line += " "
		}
		line += word
		for draw.Width(line) > width && len(lines) < maxWrapped {
			head := headOf(line, width)
			lines, line = append(lines, line[:head]), line[head:]
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

// headOf returns how many bytes of a text fit into width cells, at least one character.
func headOf(text string, width int) int {
	in := Input{text: text}
	end := in.after(0)
	for cells := draw.Width(text[:end]); end < len(text); {
		next := in.after(end)
		if cells += draw.Width(text[end:next]); cells > width {
			break
		}
		end = next
	}
	return end
}
