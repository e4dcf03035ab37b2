package rule

import (
	"cmp"
	"fmt"
	"strings"

	"tracefall/sources/trace"
)

// Calls writes a number of things: "1 call", "1,204 calls".
func Calls(n int, noun string) string { return trace.Counted(n, noun) }

// Named names a service in a sentence.
func Named(service string) string { return cmp.Or(service, "an unnamed service") }

// Verb agrees with a number of things: "is" of one, "are" of many.
func Verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// longestQuote is how many characters of a statement or a route a sentence holds.
const longestQuote = 120

// Quoted cuts a label to what a sentence holds.
func Quoted(label string) string {
	runes := 0
	for at := range label {
		if runes++; runes > longestQuote {
			return label[:at] + "…"
		}
	}
	return label
}

// MostListed is how many names a sentence lists.
const MostListed = 5

// Listed joins names for a sentence; of many the first few.
func Listed(names []string) string {
	if len(names) > MostListed {
		return fmt.Sprintf("%s and %s more", strings.Join(names[:MostListed], ", "), trace.Grouped(len(names)-MostListed))
	}
	return strings.Join(names, ", ")
}

// And joins names: "a, b and c".
func And(names []string) string {
	if len(names) < 2 || len(names) > MostListed {
		return Listed(names)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// MedianOf stands before a number that is the median of several things.
func MedianOf(n int) string {
	if n == 1 {
		return ""
	}
	return "a median of "
}

// OrderUncertain is the caveat of findings about what came first on two hosts.
const OrderUncertain = "event order uncertain: clock offset between the two hosts is not known precisely enough"

// Abs returns a number without its sign.
func Abs(n int64) int64 { return max(n, -n) }

// Floats lists a number of each thing of a list.
func Floats[T any](list []T, of func(T) float64) []float64 {
	numbers := make([]float64, len(list))
	for n, each := range list {
		numbers[n] = of(each)
	}
	return numbers
}
