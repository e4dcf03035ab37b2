package findings

import (
	"fmt"
	"strings"
	"unicode"

	"tracefall/views/draw"
)

// costText writes a time for a column: the digits of seconds and of milliseconds end in the same cell.
func costText(ns int64) string {
	text := draw.DurationFixed(ns)
	if unit := text[strings.LastIndexByte(text, ' ')+1:]; draw.Width(unit) < 2 {
		text += " "
	}
	return text
}

// cutTitle cuts a title to so many cells. What it ends in stays where that is a number, "×12" or "· 3.12 s", and it is never
// cut within a number: a part of one would be another number.
func cutTitle(title string, width int) string {
	title = draw.Clean(title)
	switch {
	case draw.Width(title) <= width:
		return title
	case width < 2:
		return ""
	}
	tail := title[tailStart(title):]
	if draw.Width(tail) > width/2 {
		tail = ""
	}
	head := draw.Head(title[:len(title)-len(tail)], width-1-draw.Width(tail))
	last := strings.LastIndexByte(head, ' ') + 1
	if cut := head[last:]; strings.ContainsFunc(cut, unicode.IsDigit) && !strings.HasPrefix(title[len(head):], " ") {
		head = head[:last]
	}
	return strings.TrimRight(head, " ×·:") + "…" + tail
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

// timeColumn writes a time for a column of the sheet.
func timeColumn(ns int64) string { return fmt.Sprintf("%9s", costText(ns)) }

// alsoIn says in how many other traces a finding is.
func alsoIn(n int) string { return "also in " + draw.CountNoun(n, "other trace", "other traces") }
