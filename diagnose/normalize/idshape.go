package normalize

import (
	"slices"
	"strings"

	"tracefall/diagnose/lex"
)

// What an id looks like without knowing its kind. A part of a path, a key or a name is an id by itself if no person
// would write it: digits between letters, letters that no word has side by side, capitals anywhere. What people do write
// stays: words, words with a number (report2024, top10), and what technology is called (v2, oauth2, x86, i18n, 5xx).

// alnum is the make-up of a part that consists of letters and digits.
type alnum struct {
	letters, digits int
	turns           int  // between letters and digits
	odd             bool // a run of letters that no word has
	short           bool // a run of one or two letters
	upper, lower    bool
	unexplained     bool // digits that no technical name explains
	longest         int  // digits in a row
	jumble          bool // capitals where no word begins
}

// examine reads a part; ok is false where it holds anything but ASCII letters and digits.
func examine(s string) (a alnum, ok bool) {
	humps, shortHumps := 0, 0
	for at := 0; at < len(s); {
		from := at
		switch {
		case lex.Digit(s[at]):
			for at < len(s) && lex.Digit(s[at]) {
				at++
			}
			a.digits += at - from
			a.longest = max(a.longest, at-from)
			a.unexplained = a.unexplained || !explained(s, from, at)
		case lex.Letter(s[at]):
			for at < len(s) && lex.Letter(s[at]) {
				at++
			}
			run := s[from:at]
			a.letters += len(run)
			a.odd = a.odd || oddLetters(run)
			a.short = a.short || len(run) < 3
			hump := 0
			for i := range len(run) {
				capital := run[i] < 'a'
				a.upper, a.lower = a.upper || capital, a.lower || !capital
				if hump > 0 && capital && run[i-1] >= 'a' {
					humps, shortHumps, hump = humps+1, shortHumps+boolInt(hump < 3), 0
				}
				hump++
			}
			humps, shortHumps = humps+1, shortHumps+boolInt(hump < 3)
		default:
			return alnum{}, false
		}
		if from > 0 {
			a.turns++
		}
	}
	a.jumble = a.upper && a.lower && humps >= 3 && 2*shortHumps >= humps
	return a, len(s) > 0
}

// isMixedID reports whether a part is an id by its letters and digits alone.
func isMixedID(s string) bool {
	const shortest = 5
	if len(s) < shortest {
		return false
	}
	a, ok := examine(s)
	switch {
	case !ok:
		return false
	case a.digits == 0:
		return a.odd && (a.jumble && len(s) >= 10 || !a.lower && len(s) >= 8 && oddShare(s) >= 0.3 || !a.upper && len(s) >= 12 && oddShare(s) >= 0.35)
	case a.letters == 0:
		return false
	case a.jumble && len(s) >= 8 && (a.odd || a.unexplained):
		return true
	case !a.unexplained:
		return false
	case a.longest >= 5, !a.lower && a.turns >= 2 && a.digits >= 2 && len(s) >= 8:
		return true
	case !a.odd && !a.short: // words
		return a.turns >= 4
	}
	switch {
	case a.turns >= 3:
		return len(s) >= 6 || a.digits >= 2
	case a.turns == 2:
		return len(s) >= 6 && (a.odd || a.digits >= 4) || len(s) >= 8 && (a.digits >= 2 || !a.lower)
	}
	return a.odd && len(s) >= 8 || !a.lower && a.digits >= 4 && len(s) >= 6 && !yearAtEnd(s)
}

// mayBeID reports whether a part could be an id as well as a word with a number: it takes others beside it to tell.
func mayBeID(s string) bool {
	if len(s) < 2 || isTechnical(s) {
		return false
	}
	for rest := s; rest != ""; {
		n := lex.Run(rest, lex.Alnum)
		if n == 0 && strings.IndexByte("-_.~:,=", rest[0]) < 0 || n > 0 && isNumberedName(rest[:n]) {
			return false
		}
		rest = rest[max(n, 1):]
	}
	a := alphabetOf(s)
	return a&decimals != 0 && a != decimals
}

// isDashedID reports whether a part with dashes or underscores in it is an id of an alphabet that has them, as nanoid's and
// base 64 for URLs: capitals and digits lie where no word begins.
func isDashedID(s string) bool {
	if len(s) < 9 || !strings.ContainsAny(s, "-_") || namesFirst(s) {
		return false
	}
	a, ok := examine(undashed(s))
	return ok && a.jumble && a.unexplained && (a.odd || a.turns >= 2)
}

// undashed leaves dashes and underscores out of a part.
func undashed(s string) string { return dashes.Replace(s) }

var dashes = strings.NewReplacer("-", "", "_", "")

// namesFirst reports whether a part begins with a word in small letters and a separator: cus_9s6XKzkNRiz8i3.
func namesFirst(s string) bool {
	word := s[:max(strings.IndexAny(s, "-_"), 0)]
	a, ok := examine(word)
	return ok && len(word) > 1 && a.letters == len(word) && !a.upper && !a.odd
}

// yearAtEnd: the last four digits are a year of ours.
func yearAtEnd(s string) bool {
	tail := s[max(len(s)-4, 0):]
	return lex.AllDigits(tail) && (strings.HasPrefix(tail, "19") || strings.HasPrefix(tail, "20")) && (len(s) < 5 || !lex.Digit(s[len(s)-5]))
}

// numbered are words that a number belongs to, as in v2, s3, sha256, top10.
var numbered = lex.Set("v ver version s ec r utf base sha md oauth http h x ipv ip log web mp rc beta alpha p q fy top part page step level tier layer l node " +
	"python py java jdk es php win int uint float f i u iso rfc cve tls ssl aes rsa ed k day week month year col row line zone az dc gen phase stage round test " +
	"shard worker thread web db cache replica server host rack core cpu gpu arm amd pbkdf crc murmur xxh fnv curve secp ripemd blake argon d t m c g a b e n w " +
	"mips ppc riscv loong fips pkcs in to inet asm go lz sse avx bmi mlkem block route neo auth covid group topic queue partition slot bucket channel port option opt arg param field fn func lambda")

// counted are what numbers count, as in 2fa, 24h, 5xx, 64bit.
var counted = lex.Set("fa ds d xx h s ms us ns k m g kb mb gb tb bit bits st nd rd th day days hour hours hr hrs min mins sec secs week weeks month months year years x p px em am pm w y b c e bits")

// numeronyms are words with a number of letters in the middle, and others of that form.
var numeronyms = [...]string{"i18n", "l10n", "k8s", "k3s", "a11y", "o11y", "g11n", "c14n", "e2e", "b2b", "b2c", "c2c", "p2p", "s2s", "m2m", "h2c", "r2d2", "c3p0", "log4j", "log4net", "neo4j", "utf8mb4", "x509", "s390x", "25519", "h264", "h265", "iso88591"}

// explained reports whether the digits s[from:to] belong to what something is called. Of more than four none do.
func explained(s string, from, to int) bool {
	const most = 4
	for at := max(from-7, 0); at <= from; at++ {
		for _, n := range numeronyms {
			if at+len(n) <= len(s) && at+len(n) >= to && strings.EqualFold(s[at:at+len(n)], n) {
				return true
			}
		}
	}
	if to-from > most {
		return false
	}
	word := from
	for word > 0 && lex.Letter(s[word-1]) {
		word--
	}
	before, after := s[word:from], to+lex.Run(s[to:], lex.Letter)
	if after == len(s) && counted[strings.ToLower(s[to:after])] && (before == "" || len(before) >= 3 && !oddLetters(before)) {
		return true
	}
	if before == "" {
		return false
	}
	// The whole word in front, or its last part: Int of parseInt32.
	last := len(before) - 1
	for last > 0 && !(before[last] < 'a' && before[last-1] >= 'a') {
		last--
	}
	part := strings.ToLower(before[last:])
	switch rest := s[to:after]; {
	case !numbered[part]:
		return false
	case len(part) > 1 || after == to && to == len(s):
		return len(part) > 1 || to-from <= 3
	default: // V2Request, s3bucket
		camel := len(rest) > 1 && rest[0] < 'a' && rest[1] >= 'a'
		return to-from <= 3 && (camel || last == 0 && word == 0 && len(rest) >= 4 && rest == strings.ToLower(rest) && !oddLetters(rest))
	}
}

// isNumberedName reports whether a part is a word and a number that belong together: v2, sha256, s3.
func isNumberedName(s string) bool {
	a, ok := examine(s)
	return ok && a.letters > 0 && a.digits > 0 && !a.unexplained
}

// isTechnical reports whether a whole part is a technical name with separators in it: x86_64, utf-8, iso-8859-1, us-east-1.
func isTechnical(s string) bool {
	lower := strings.ToLower(s)
	switch head, rest, found := strings.Cut(lower, "-"); {
	case lower == "x86_64" || lower == "x86-64":
		return true
	case found && techFamilies[head]:
		return strings.Trim(rest, "0123456789-") == "" && len(rest) <= 8
	case found && len(head) == 2 && lex.Letter(head[0]) && lex.Letter(head[1]):
		return isRegion(rest)
	}
	return false
}

var techFamilies = lex.Set("utf iso sha aes rsa crc md http tls base h rfc ed mp windows cp ipv java python node")

var quarters = lex.Set("north south east west central northeast northwest southeast southwest gov")

// isRegion reports whether what is behind a country or continent names a region of a cloud: east-1, gov-west-1, west-2b.
func isRegion(rest string) bool {
	parts := strings.Split(rest, "-")
	last := parts[len(parts)-1]
	if len(parts) < 2 || last == "" || !lex.Digit(last[0]) || len(last) > 2 {
		return false
	}
	return !slices.ContainsFunc(parts[:len(parts)-1], func(p string) bool { return !quarters[p] })
}

// pairs says for each letter which letters follow it in words, names and abbreviations of English and of programs: 98 %
// of the pairs in a vocabulary of 25,000 such words, where 60 % of random pairs are.
var pairs = [26]string{
	"abcdefgiklmnprstuvwxyz", "abcdefgijlmoprstuy", "abcdefghiklmnoprstuvy", "abcdefgijlmnoprstuvwxy", "abcdefghiklmnopqrstuvwxy",
	"abcdefgilmnoprstuy", "acdefghilmnoprstu", "abdeilmorstuy", "abcdefgklmnoprstvxz", "aeiosu",
	"acdefgilmnostwy", "abcdefghiklmnoprstuvwy", "abcdefiklmnopstuy", "abcdefghiklmnopqrstuvwy", "abcdefgiklmnoprstuvwx",
	"abcdefghiklmnoprstuvy", "u", "abcdefgiklmnoprstuvwy", "abcdefghiklmnopqrstuvwyz", "abcdefghilmnoprstuvwxy",
	"abcdefgilmnoprstx", "abcefilmopsty", "adehilnoprs", "abcdefipstvxy", "abcdeilmnopstv", "aeioyz",
}

// oddShare is the share of neighbouring letters that words do not have side by side.
func oddShare(run string) float64 {
	odd := 0
	for i := 1; i < len(run); i++ {
		if strings.IndexByte(pairs[run[i-1]|0x20-'a'], run[i]|0x20) < 0 {
			odd++
		}
	}
	return float64(odd) / float64(max(len(run)-1, 1))
}

// oddPair reports whether letters stand side by side that words do not have so; text holds letters only.
func oddPair(text string) bool { return len(text) > 1 && oddShare(text) > 0 }

// oddLetters reports whether a run of letters is none of a word's.
func oddLetters(run string) bool { return len(run) >= 4 && oddShare(run) >= 0.25 }

// alphabet is the sorts of letters that values are written in.
type alphabet uint8

const (
	lowerCase alphabet = 1 << iota
	upperCase
	decimals
)

func alphabetOf(text string) alphabet {
	var a alphabet
	for i := range len(text) {
		switch c := text[i]; {
		case lex.Digit(c):
			a |= decimals
		case lex.Lower(c):
			a |= lowerCase
		case lex.Upper(c):
			a |= upperCase
		}
	}
	return a
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
