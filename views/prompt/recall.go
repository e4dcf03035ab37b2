package prompt

import "strings"

// recall walks the queries of the past. Only those that begin with what was typed come up.
type recall struct {
	Past  []string // the latest last
	at    int      // the one that is shown; len(past) for the text that the walk began with
	draft string   // that text
	typed string   // what of it was typed
}

// Start begins anew from a text, of which so much was typed.
func (r *recall) Start(draft, typed string) { r.at, r.draft, r.typed = len(r.Past), draft, typed }

// older returns the query before, other than the one that is shown.
func (r *recall) older(shown string) (string, bool) {
	for i := min(r.at, len(r.Past)) - 1; i >= 0; i-- {
		if past := r.Past[i]; strings.HasPrefix(past, r.typed) && past != r.draft && past != shown {
			r.at = i
			return past, true
		}
	}
	return "", false
}

// newer returns the query after, in the end what was typed.
func (r *recall) newer() (string, bool) {
	if r.at >= len(r.Past) {
		return "", false
	}
	for r.at++; r.at < len(r.Past); r.at++ {
		if past := r.Past[r.at]; strings.HasPrefix(past, r.typed) && past != r.draft {
			return past, true
		}
	}
	return r.draft, true
}
