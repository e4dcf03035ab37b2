package app

import (
	"slices"
	"strings"
)

// suggest returns what was probably meant: `; did you mean "theme"?`, or what there is where nothing is near.
func suggest(word string, known []string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < least {
			best, least = k, d
		}
	}
	if best == "" && word != "" { // the beginning of a word says which one it is, however long that is
		if i := slices.IndexFunc(known, func(k string) bool { return strings.HasPrefix(k, strings.ToLower(word)) }); i >= 0 {
			best = known[i]
		}
	}
	if best == "" {
		if len(known) > 12 {
			return ""
		}
		return ": expected one of " + strings.Join(known, ", ")
	}
	return `; did you mean "` + best + `"?`
}

// distance is the number of letters to insert, remove or replace to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, corner+cost)
		}
	}
	return row[len(b)]
}
