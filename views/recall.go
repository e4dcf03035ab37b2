package views

import "strings"

// recall walks the queries of the past. Only those that begin with what was typed come up.
type recall struct {
	past  []string // the latest last
	at    int      // the one that is shown; len(past) for the text that the walk began with
	draft string   // that text
	typed string   // what of it was typed
}

// start begins anew from a text, of which so much was typed.
func (r *recall) start(draft, typed string) { r.at, r.draft, r.typed = len(r.past), draft, typed }

// older returns the query before, other than the one that is shown.
func (r *recall) older(shown string) (string, bool) {
	for i := min(r.at, len(r.past)) - 1; i >= 0; i-- {
		if past := r.past[i]; strings.HasPrefix(past, r.typed) && past != r.draft && past != shown {
			r.at = i
			return past, true
		}
	}
	return "", false
}

// newer returns the query after, in the end what was typed.
func (r *recall) newer() (string, bool) {
	if r.at >= len(r.past) {
		return "", false
	}
	for r.at++; r.at < len(r.past); r.at++ {
		if past := r.past[r.at]; strings.HasPrefix(past, r.typed) && past != r.draft {
			return past, true
		}
	}
	return r.draft, true
}
