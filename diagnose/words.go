package diagnose

import "fmt"

// percent writes a share of 0 to 1.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// calls writes a number of things.
func calls(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// longestQuote is how many characters of a statement or a route a sentence holds.
const longestQuote = 120

// quoted cuts a label to what a sentence holds.
func quoted(label string) string {
	runes := 0
	for at := range label {
		if runes++; runes > longestQuote {
			return label[:at] + "…"
		}
	}
	return label
}
