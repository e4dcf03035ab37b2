package spelling

import (
	"slices"
	"strings"
)

// Suggest returns what was probably meant: `; did you mean "theme"?`, or what there is where nothing is near.
func Suggest(word string, known []string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if d := Distance([]byte(strings.ToLower(word)), []byte(k), least, false); d < least {
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
