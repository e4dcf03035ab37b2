package session

import (
	"fmt"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/palette"
)

// mostCandidates is how many traces an error names that an ambiguous text may mean.
const mostCandidates = 4

// FindTrace finds the trace that a text names, and the span where the text names one along with it, else -1. A trace
// whose id is exactly the text comes before all that only end or begin with it; one of several such is not guessed.
func FindTrace(set *trace.Set, text string) (*trace.Trace, int, error) {
	if id := trace.ParseTraceID(strings.TrimSpace(text)); !id.IsZero() {
		if t := set.Find(id); t != nil {
			return t, -1, nil
		}
	}
	guesses := palette.ExtractIDs(text)
	index := palette.NewIndex(set)
	if found := likeliest(index.FindAll(guesses, mostCandidates+1), guesses); len(found) > 0 {
		guess := guesses[found[0].Guess]
		if len(found) > 1 {
			several := make([]int, len(found))
			for i, m := range found {
				several[i] = m.Trace
			}
			return nil, -1, ambiguous(set, lowerHalf(guess), "the end", several)
		}
		t, span := set.Trace(found[0].Trace), -1
		if !guess.Span.IsZero() {
			span = t.Find(guess.Span)
		}
		return t, span, nil
	}
	found, total := index.Prefix(text, mostCandidates+1)
	switch {
	case total == 1:
		return set.Trace(found[0]), -1, nil
	case total > 1:
		return nil, -1, ambiguous(set, draw.Clean(text), "the beginning", found)
	}
	what := draw.Clean(text)
	if len(guesses) > 0 {
		what = guesses[0].ID.String()
	}
	return nil, -1, fmt.Errorf("no trace %s among %s: tracefall query \"\" INPUT… lists the ids", what, draw.CountNoun(set.Len(), "trace", "traces"))
}

// likeliest returns the matches of the surest guess: the exact one where there is one, also by another reading of the
// same digits, else all that have the same lower half.
func likeliest(found []palette.IDMatch, guesses []palette.IDGuess) []palette.IDMatch {
	if len(found) == 0 {
		return nil
	}
	first := guesses[found[0].Guess]
	same := 0
	for i, m := range found {
		if m.Exact && guesses[m.Guess].From == first.From {
			return found[i : i+1]
		}
		if m.Guess == found[0].Guess {
			same = i + 1
		}
	}
	return found[:same]
}

// lowerHalf writes the 64 bits that a guess knows, or all of the id where it knows more.
func lowerHalf(guess palette.IDGuess) string {
	text := guess.ID.String()
	if guess.ID.Text == "" && guess.ID.Hi == 0 {
		return text[len(text)/2:]
	}
	return text
}

// ambiguous is the error for a text that is part of several ids, with the first of them.
func ambiguous(set *trace.Set, text, part string, several []int) error {
	var ids []string
	for _, i := range several[:min(len(several), mostCandidates)] {
		ids = append(ids, set.Trace(i).ID().String())
	}
	if len(several) > mostCandidates {
		ids = append(ids, "…")
	}
	return fmt.Errorf("%s is %s of several trace ids: %s; use the full id", text, part, strings.Join(ids, ", "))
}
