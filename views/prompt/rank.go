package prompt

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// MaxHits is how many items are ranked and shown; how many match is counted to the end.
const MaxHits = 200

// Choice is something that is found by typing some of it.
type Choice struct {
	Text     string
	Beside   string // what is searched besides the text, at the beginnings of its words
	Kind     uint8  // orders what matches equally well
	Disabled bool   // behind what is not
}

// candidate is a choice prepared for matching.
type candidate struct {
	Choice
	lower   string // the text, ASCII letters in lower case: as long, byte for byte; what is beside it likewise
	letters uint64 // which letters and digits occur, see letterSet
}

// Hit is a choice that matches, best first.
type Hit struct {
	Item    int
	Matched []int // bytes of the text that match, ascending
	class   matchClass
	score   int // within matchScattered
}

// matchClass is how well a text matches, the best highest. Several words match as well as the worst of them.
type matchClass uint8

const (
	matchNone matchClass = iota
	matchScattered
	matchBeside // at the beginning of a word of what is said beside the text
	matchInside
	matchWord // at the beginning of a word
	matchStart
	matchWhole
)

// Ranking finds the best matches among many items:
//
//	all items ──letters──▶ may match ──class──▶ match, counted ──the best 200──▶ fuzzy score ──▶ hits
//
// The first stages cost nanoseconds an item; only what is shown is scored. The order is defined: class, enabled
// before disabled, short before long, kind, place in the list.
type Ranking struct{ ready []candidate }

// Rank prepares n choices.
func Rank(n int, choice func(i int) Choice) Ranking {
	r := Ranking{make([]candidate, n)}
	for i := range n {
		c := candidate{Choice: choice(i)}
		c.lower, c.Beside = LowerASCII(c.Text), LowerASCII(c.Beside)
		c.letters = letterSet(c.lower) | letterSet(c.Beside)
		r.ready[i] = c
	}
	return r
}

// Len returns how many choices there are.
func (r Ranking) Len() int { return len(r.ready) }

// Find returns the best matches of a pattern among the choices of the wanted kinds, MaxHits at most, and how many
// there are.
func (r Ranking) Find(pattern string, wanted func(kind uint8) bool) (hits []Hit, total int) {
	words := strings.Fields(LowerASCII(pattern))
	need := letterSet(strings.Join(words, ""))
	var best []uint64 // keys, ascending, MaxHits at most
	for i := range r.ready {
		c := &r.ready[i]
		if c.letters&need != need || !wanted(c.Kind) {
			continue
		}
		class := c.class(words)
		if class == matchNone {
			continue
		}
		total++
		key := r.key(i, class, len(words) > 0)
		if len(best) == MaxHits && key >= best[MaxHits-1] {
			continue
		}
		best = best[:min(len(best), MaxHits-1)]
		at, _ := slices.BinarySearch(best, key)
		best = slices.Insert(best, at, key)
	}
	for _, key := range best {
		i := int(key & (1<<32 - 1))
		h := Hit{Item: i, class: r.ready[i].class(words)}
		for _, word := range words {
			if r.ready[i].classOf(word) != matchBeside {
				h.add(word, r.ready[i].lower)
			}
		}
		slices.Sort(h.Matched)
		hits = append(hits, h)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.class, a.class), cmp.Compare(b.score, a.score))
	})
	return hits, total
}

// key orders matches: the smallest is the best. Without a pattern the order is that of the list.
func (r Ranking) key(i int, class matchClass, byLength bool) uint64 {
	c := &r.ready[i]
	disabled, length := uint64(0), uint64(0)
	if byLength {
		length = uint64(min(len(c.Text), 1<<12-1))
		if c.Disabled {
			disabled = 1
		}
	}
	return uint64(matchWhole-class)<<56 | disabled<<52 | length<<40 | uint64(c.Kind)<<36 | uint64(i)
}

// class tells how well all words match.
func (c *candidate) class(words []string) matchClass {
	class := matchWhole
	for _, word := range words {
		class = min(class, c.classOf(word))
	}
	return class
}

func (c *candidate) classOf(word string) matchClass {
	at := strings.Index(c.lower, word)
	switch {
	case at == 0 && len(word) == len(c.lower):
		return matchWhole
	case at == 0:
		return matchStart
	case at > 0 && beginsWord(c.Text, c.lower, word):
		return matchWord
	case at > 0:
		return matchInside
	case beginsWord(c.Beside, c.Beside, word):
		return matchBeside
	case subsequence(word, c.lower):
		return matchScattered
	}
	return matchNone
}

// beginsWord reports whether a word of a text, which is searched in lower case, begins with another one.
func beginsWord(text, lower, word string) bool {
	for from := 0; ; from++ {
		at := strings.Index(lower[from:], word)
		if at < 0 {
			return false
		}
		if from += at; wordBegins(text, from) {
			return true
		}
	}
}

// wordBegins reports whether a word begins at a place of a text: after something that is no letter or digit, or with
// the capital of camelCase.
func wordBegins(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	here, _ := utf8.DecodeRuneInString(text[at:])
	return !unicode.In(before, unicode.L, unicode.N) || unicode.IsLower(before) && unicode.IsUpper(here)
}

// add notes where a word matches and, where its letters are scattered, how well.
func (h *Hit) add(word, lower string) {
	if at := strings.Index(lower, word); at >= 0 {
		for k := range len(word) {
			h.Matched = append(h.Matched, at+k)
		}
		return
	}
	if found := fuzzy.FindNoSort(word, []string{lower}); len(found) > 0 {
		h.Matched = append(h.Matched, found[0].MatchedIndexes...)
		h.score += found[0].Score
		return
	}
	// The library looks for the best place of each letter and can miss that there is one at all.
	h.score -= 1000
	at := 0
	for k := range len(word) {
		at += strings.IndexByte(lower[at:], word[k])
		h.Matched = append(h.Matched, at)
		at++
	}
}

// subsequence reports whether the bytes of word occur in s in their order.
func subsequence(word, s string) bool {
	for k := range len(word) {
		at := strings.IndexByte(s, word[k])
		if at < 0 {
			return false
		}
		s = s[at+1:]
	}
	return true
}

// letterSet returns which bytes occur in s, as a set of 64 classes: what lacks one of the pattern's cannot match.
func letterSet(s string) uint64 {
	set := uint64(0)
	for i := range len(s) {
		set |= bits.RotateLeft64(1, int(s[i]))
	}
	return set
}
