package draw

import (
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

const (
	// maxRunes and maxMarks limit what is stacked into one cluster. Written
	// languages stay below both; "zalgo" text does not, and would paint over
	// the lines above and below.
	maxRunes = 8
	maxMarks = 4
	// maxBytes bounds the search for the end of a cluster, so that a
	// megabyte of marks is scanned once and not once for each of them.
	maxBytes = 64

	replacement = "\ufffd"
	zwj         = '\u200d'
)

// cluster is the gate: it reads the first visible unit of s and returns the
// text to draw for it, how many bytes of s it stands for (at least 1) and its
// width in cells (at least 1). s is not empty.
//
// Terminals disagree about the width of some clusters. Where that is about
// looks (emoji presentation, skin tone, joined families) the part they agree
// on is drawn; where it is about letters (Indic conjuncts, Thai vowels) all is
// drawn and the larger width reserved.
func cluster(s string) (text string, size, width int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n <= 1 {
		return replacement, 1, 1
	}
	if r < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		if hostile(r) {
			return picture(r), 1, 1
		}
		return s[:1], 1, 1
	}
	if hostile(r) {
		return picture(r), n, 1
	}
	if isMark(r) {
		return replacement, markRun(s), 1
	}
	limit := prefix(s, maxBytes)
	end := len(graphemes.FromString(s[:limit]).First())
	keep, size := legible(s[:end], r, n)
	text = s[:keep]
	if keep > n && clusterWidth(text) == 0 {
		text = s[:n]
	}
	width = clusterWidth(text)
	if width == 0 {
		return replacement, size, 1
	}
	return text, size, width
}

// legible walks a cluster whose first rune r takes n bytes. The first keep
// bytes are drawn; size bytes are consumed. What is between is presentation:
// a variation selector, a skin tone, the further members of a joined emoji.
func legible(s string, r rune, n int) (keep, size int) {
	keep, size = n, n
	runes, marks := 1, 0
	symbol := unicode.Is(unicode.So, r)
	selector, dropped := false, false
	for size < len(s) {
		next, m := utf8.DecodeRuneInString(s[size:])
		switch {
		case isSelector(next) && !selector:
			selector, dropped = true, true
		case symbol && next >= 0x1f3fb && next <= 0x1f3ff:
			dropped = true
		case symbol && next == zwj && joins(s[size+m:]):
			_, member := utf8.DecodeRuneInString(s[size+m:])
			m += member
			selector, dropped = false, true
		case hostile(next) || isSelector(next) || runes == maxRunes || dropped && symbol:
			return keep, size
		default:
			if unicode.In(next, unicode.Mn, unicode.Me) {
				if marks++; marks > maxMarks {
					return keep, size
				}
			}
			if dropped {
				// A mark after a selector (the keycap): what was
				// dropped lies between, draw only what is before.
				return keep, size
			}
			runes++
			keep = size + m
		}
		size += m
	}
	return keep, size
}

// joins reports whether s, the rest of an emoji's cluster after a joiner, goes
// on with another emoji.
func joins(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.So, r)
}

// markRun returns the length of the combining marks s begins with.
func markRun(s string) int {
	for i, r := range s {
		if !isMark(r) || hostile(r) {
			return i
		}
	}
	return len(s)
}

// prefix returns the largest rune boundary of s up to limit.
func prefix(s string, limit int) int {
	if len(s) <= limit {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}

// clusterWidth returns the larger of the two widths terminals give a cluster.
func clusterWidth(s string) int {
	return max(ansi.StringWidth(s), ansi.StringWidthWc(s))
}

// isSelector reports whether r is a variation selector of standard or
// ideographic sequences.
func isSelector(r rune) bool {
	return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

// hostile reports whether a rune must not reach the terminal by itself:
// controls, format characters (bidirectional overrides, joiners, tags),
// line separators, and what is ignorable and so invisible. A variation
// selector is hostile but for the one after a character (see legible).
func hostile(r rune) bool {
	switch {
	case r < 0x7f:
		return r < 0x20
	case r < 0xa0:
		return true
	case r < 0x300:
		return r == 0xad
	}
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Cs, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r&0xfffe == 0xfffe
}

// pictures are the control pictures of the C0 controls.
const pictures = "␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟"

// picture returns the one visible cell that stands for a hostile rune.
func picture(r rune) string {
	switch {
	case r < 0x20:
		i := int(r) * len("␀")
		return pictures[i : i+len("␀")]
	case r == 0x7f:
		return "␡"
	}
	return replacement
}

// isMark reports whether r combines with the character before it.
func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.M, r) }
