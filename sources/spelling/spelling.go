// Package spelling says how far apart two spellings are: for what was probably meant where a word is not known, and for
// calls that were renamed. What a near word is worth is up to who asks.
package spelling

// Distance counts the letters to insert, to remove or to replace to make b of a (Levenshtein), where swaps is set also
// the neighbours to swap (optimal string alignment). limit or more counts as limit, and is soon known.
func Distance[T byte | rune](a, b []T, limit int, swaps bool) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	n := len(b) + 1
	var few [96]int
	rows := few[:]
	if len(rows) < 3*n {
		rows = make([]int, 3*n)
	}
	before, last, row := rows[:n], rows[n:2*n], rows[2*n:3*n]
	for j := range last {
		last[j] = j
	}
	least := 0 // of the last row
	for i := 1; i <= len(a); i++ {
		row[0] = i
		lowest := i
		for j := 1; j < n; j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d = min(d, last[j], row[j-1]) + 1
			}
			if swaps && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			lowest = min(lowest, d)
		}
		if lowest >= limit && least >= limit {
			return limit
		}
		before, last, row, least = last, row, before, lowest
	}
	return min(limit, last[len(b)])
}
