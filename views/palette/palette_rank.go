package palette

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"tracefall/views/prompt"
	"unicode"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// maxHits is how many items are ranked and shown; how many match is counted to the end.
const maxHits = 200

// candidate is an item prepared for matching.
type candidate struct {
	lower   string // ASCII letters in lower case: as long as the text, byte for byte
	beside  string // what is searched besides the text, in lower case
	letters uint64 // which letters and digits occur, see letterSet
}

// hit is an item that matches, best first.
type hit struct {
	Item    int
	class   matchClass
	matched []int // bytes of the text that match, ascending
	score   int   // within matchScattered
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

// ranking finds the best matches among many items:
//
//	all items ──letters──▶ may match ──class──▶ match, counted ──the best 200──▶ fuzzy score ──▶ hits
//
// The first stages cost nanoseconds an item; only what is shown is scored. The order is defined: class, enabled
// before disabled, short before long, kind, place in the list.
type ranking struct {
	items []Item
	ready []candidate
}

func Prepare(items []Item) ranking {
	r := ranking{items: items, ready: make([]candidate, len(items))}
	for i, item := range items {
		c := candidate{lower: prompt.LowerASCII(item.Text)}
		switch item.Kind {
		case KindCommand, PaletteStory, PaletteQuery: // whose notes say what they are, not how many
			c.beside = prompt.LowerASCII(item.Note)
		default:
		}
		c.letters = letterSet(c.lower) | letterSet(c.beside)
		r.ready[i] = c
	}
	return r
}

// Find returns the best matches of a pattern among the items of the wanted kinds, and how many there are.
func (r ranking) Find(pattern string, wanted func(Kind) bool) (hits []hit, total int) {
	words := strings.Fields(prompt.LowerASCII(pattern))
	need := letterSet(strings.Join(words, ""))
	var best []uint64 // keys, ascending, maxHits at most
	for i := range r.ready {
		c := &r.ready[i]
		if c.letters&need != need || !wanted(r.items[i].Kind) {
			continue
		}
		class := c.class(words, r.items[i].Text)
		if class == matchNone {
			continue
		}
		total++
		key := r.Key(i, class, len(words) > 0)
		if len(best) == maxHits {
			if key >= best[maxHits-1] {
				continue
			}
			best = best[:maxHits-1]
		}
		at, _ := slices.BinarySearch(best, key)
		best = slices.Insert(best, at, key)
	}
	for _, key := range best {
		i := int(key & (1<<32 - 1))
		h := hit{Item: i, class: r.ready[i].class(words, r.items[i].Text)}
		for _, word := range words {
			if r.ready[i].classOf(word, r.items[i].Text) != matchBeside {
				h.Add(word, r.ready[i].lower)
			}
		}
		slices.Sort(h.matched)
		hits = append(hits, h)
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.class, a.class), cmp.Compare(b.score, a.score))
	})
	return hits, total
}

// Key orders matches: the smallest is the best. Without a pattern the order is that of the list.
func (r ranking) Key(i int, class matchClass, byLength bool) uint64 {
	item := &r.items[i]
	disabled := uint64(0)
	if item.Disabled != "" {
		disabled = 1
	}
	length := uint64(0)
	if byLength {
		length = uint64(min(len(item.Text), 1<<12-1))
	} else {
		disabled = 0
	}
	return uint64(matchWhole-class)<<56 | disabled<<52 | length<<40 | uint64(item.Kind)<<36 | uint64(i)
}

// class tells how well all words match.
func (c *candidate) class(words []string, text string) matchClass {
	class := matchWhole
	for _, word := range words {
		class = min(class, c.classOf(word, text))
		if class == matchNone {
			break
		}
	}
	return class
}

func (c *candidate) classOf(word, text string) matchClass {
	at := strings.Index(c.lower, word)
	switch {
	case at < 0 && c.isBeside(word):
		return matchBeside
	case at < 0:
		if subsequence(word, c.lower) {
			return matchScattered
		}
		return matchNone
	case at == 0 && len(word) == len(c.lower):
		return matchWhole
	case at == 0:
		return matchStart
	}
	for ; at >= 0; at = nextIndex(c.lower, word, at) {
		if wordBegins(text, at) {
			return matchWord
		}
	}
	return matchInside
}

// isBeside tells whether a word of what is said beside the text begins with word.
func (c *candidate) isBeside(word string) bool {
	for at := strings.Index(c.beside, word); at >= 0; at = nextIndex(c.beside, word, at) {
		if wordBegins(c.beside, at) {
			return true
		}
	}
	return false
}

// nextIndex returns where word occurs next after a place, -1 for nowhere.
func nextIndex(s, word string, after int) int {
	next := strings.Index(s[after+1:], word)
	if next < 0 {
		return -1
	}
	return after + 1 + next
}

// wordBegins tells whether a word begins at a place of a text: after something that is no letter or digit, or with
// the capital of camelCase.
func wordBegins(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	here, _ := utf8.DecodeRuneInString(text[at:])
	return !unicode.In(before, unicode.L, unicode.N) || unicode.IsLower(before) && unicode.IsUpper(here)
}

// Add notes where a word matches and, where its letters are scattered, how well.
func (h *hit) Add(word, lower string) {
	if at := strings.Index(lower, word); at >= 0 {
		for k := range len(word) {
			h.matched = append(h.matched, at+k)
		}
		return
	}
	found := fuzzy.FindNoSort(word, []string{lower})
	if len(found) > 0 {
		h.matched = append(h.matched, found[0].MatchedIndexes...)
		h.score += found[0].Score
		return
	}
	// The library looks for the best place of each letter and can miss that there is one at all.
	h.score -= 1000
	at := 0
	for k := range len(word) {
		at += strings.IndexByte(lower[at:], word[k])
		h.matched = append(h.matched, at)
		at++
	}
}

// subsequence tells whether the bytes of word occur in s in their order.
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
