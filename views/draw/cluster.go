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

// unit is one visible unit of a text.
type unit struct {
	text string // what to draw: one grapheme cluster
	size int    // the bytes of the text it stands for, at least 1
	// The widths of terminals that measure whole clusters, and of those that
	// add up code points. One of them is at least 1.
	byCluster, byRune int
}

// width returns the cells the unit takes: the larger of the two widths.
func (u unit) width() int { return max(u.byCluster, u.byRune) }

// sign returns the unit that draws one visible cell for size bytes.
func sign(text string, size int) unit {
	return unit{text: text, size: size, byCluster: 1, byRune: 1}
}

// first is the gate: it reads the first visible unit of s, which is not empty.
//
// Terminals disagree about the width of some clusters. Where that is about
// looks (emoji presentation, skin tone, joined families) the part they agree
// on is drawn; where it is about letters (Indic conjuncts, Thai vowels) all is
// drawn and the larger width taken.
func first(s string) unit {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r == utf8.RuneError && n <= 1:
		return sign(replacement, 1)
	case (r == '…' || r == '·') && (len(s) == n || s[n] < utf8.RuneSelf): // what the program itself writes most
		return sign(s[:n], n)
	case hostile(r):
		return sign(picture(r), n)
	case r < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf):
		return sign(s[:1], 1)
	case leans(r):
		return sign(replacement, markRun(s))
	}
	end := len(graphemes.FromString(s[:prefix(s, maxBytes)]).First())
	keep, size := legible(s[:end], r, n)
	u := unit{text: s[:keep], size: size}
	u.byCluster, u.byRune = ansi.StringWidth(u.text), ansi.StringWidthWc(u.text)
	if u.width() == 0 {
		return sign(replacement, size)
	}
	return u
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
		case next == utf8.RuneError && m <= 1:
			return keep, size
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

// markRun returns the length of the first character of s and of the combining
// marks that follow it.
func markRun(s string) int {
	for i, r := range s {
		if i > 0 && (!isMark(r) || hostile(r)) {
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
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r&0xfffe == 0xfffe || prepends(r)
}

// prepends reports whether r is one of the letters that join whatever comes
// after them (Grapheme_Cluster_Break=Prepend), and so the next column.
func prepends(r rune) bool {
	switch r {
	case 0x0d4e, 0x111c2, 0x111c3, 0x113d1, 0x1193f, 0x11941, 0x11d46, 0x11f02:
		return true
	}
	return r >= 0x11a84 && r <= 0x11a89
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

// leans reports whether r needs a character before it: a mark, or what the
// segmenter takes for one though our tables do not.
func leans(r rune) bool {
	switch {
	case isMark(r):
		return true
	case r < 0x300, r >= 0x2000 && r < 0xa000:
		return false // most of what is drawn; tables and segmenter agree there
	}
	var b [1 + utf8.UTFMax]byte
	pair := utf8.AppendRune(append(b[:0], 'a'), r)
	return len(graphemes.FromBytes(pair).First()) > 1
}
