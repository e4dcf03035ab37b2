package diagnose

import (
	"fmt"
	"strings"

	"tracefall/sources/trace"
)

// percent writes a share of 0 to 1.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// calls writes a number of things: "1 call", "1,204 calls".
func calls(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// verb agrees with a number of things: "is" of one, "are" of many.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// grouped writes a number with its thousands set apart, as notices and screens do.
func grouped(n int) string { return trace.Grouped(n) }

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

// mostListed is how many names a sentence lists.
const mostListed = 5

// listed joins names for a sentence; of many the first few.
func listed(names []string) string {
	if len(names) > mostListed {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostListed], ", "), len(names)-mostListed)
	}
	return strings.Join(names, ", ")
}

// and joins names: "a, b and c".
func and(names []string) string {
	if len(names) < 2 || len(names) > mostListed {
		return listed(names)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// inMedian says that a number of several things is their median.
func inMedian(n int) string {
	if n == 1 {
		return ""
	}
	return " in the median"
}

// orderUncertain is the limit of findings that say what came first on two hosts.
const orderUncertain = "order not certain: the clocks of two hosts are not known well enough to tell what came first"

// shortID abbreviates a trace id to its first eight digits, the zeros of a 64-bit id left out.
func shortID(id trace.TraceID) string {
	const digits = 8
	text := id.String()
	if text = strings.TrimLeft(text, "0"); len(text) <= digits {
		return text
	}
	return text[:digits] + "…"
}
