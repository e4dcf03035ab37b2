package views

import (
	"strings"

	"tracefall/views/draw"
)

// leastWord is how many cells of a word say which one it is: less is not worth its place.
const leastWord = 7

// shorten makes a sentence fit into width cells: its longest words, which are names, are cut in their middle, all to
// the same length, so that what is said of them stays. Where that is not enough the sentence is cut in its middle.
func shorten(text string, width int) string {
	if draw.Width(text) <= width {
		return text
	}
	words := strings.Split(text, " ")
	cells := make([]int, len(words))
	longest, around := 0, len(words)-1
	for n, word := range words {
		cells[n] = draw.Width(word)
		longest = max(longest, cells[n])
	}
	for most := min(longest, width); most >= leastWord; most-- {
		sum := around
		for _, n := range cells {
			sum += min(n, most)
		}
		if sum > width {
			continue
		}
		for n, word := range words {
			words[n] = draw.Middle(word, most)
		}
		return strings.Join(words, " ")
	}
	return draw.Middle(text, width)
}
