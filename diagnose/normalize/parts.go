package normalize

import (
	"math"
	"strings"
	"unicode/utf8"

	"tracefall/diagnose/lex"
)

// partPattern returns what a part of a path, a key or a name is when the values in it are taken out: "{int}" for 123,
// "{uuid}", "{hex}" …, or the part itself. Words, versions such as v1, and names such as oauth2 or s3 stay.
func partPattern(part string) string {
	switch {
	case part == "":
		return part
	case part == "[Filtered]" || part == "*" || part == "?" || part == "?*":
		return "{redacted}"
	case isNumber(part):
		return "{int}"
	case isUUID(part):
		return "{uuid}"
	case isULID(part):
		return "{ulid}"
	case isHexID(part):
		return "{hex}"
	case strings.Count(part, "@") == 1 && strings.Contains(part[strings.IndexByte(part, '@'):], "."):
		return "{email}"
	case isDate(part):
		return "{date}"
	case isBase64ID(part) && !namesFirst(part):
		return "{b64}"
	case isTechnical(part):
		return part
	case isMixedID(part), isDashedID(part), isPrefixedID(part):
		return "{id}"
	}
	return part
}

// Name normalises a span's name: every run of letters, digits and the characters of ids is a segment.
//
//	getComments (post_id=17)  getComments (post_id={int})
//	Attempt 2                 Attempt {int}
func Name(name string) string {
	var b strings.Builder
	kept := 0
	for at := 0; at < len(name); {
		if !IDByte(name[at]) {
			at++
			continue
		}
		from := at
		at += lex.Run(name[at:], IDByte)
		part := strings.TrimRight(name[from:at], "-_.")
		if !strings.ContainsAny(part, "0123456789") {
			continue
		}
		as := namePart(part)
		if as == part {
			continue
		}
		b.WriteString(name[kept:from])
		b.WriteString(as)
		kept = from + len(part)
	}
	if kept == 0 {
		return name
	}
	b.WriteString(name[kept:])
	return b.String()
}

// namePart is partPattern for a part of a name, where dots join words rather than being part of an id.
func namePart(part string) string {
	if as := partPattern(part); as != part || !strings.Contains(part, ".") {
		return as
	}
	words := strings.Split(part, ".")
	for i, w := range words {
		words[i] = partPattern(w)
	}
	return strings.Join(words, ".")
}

// IDByte reports whether a byte can be in an id.
func IDByte(c byte) bool { return lex.Word(c) || c == '-' || c == '.' }

// keyTokens splits the key of a cache entry into tokens, each with the separator in front of it, and gives each without
// its value: between : / | and then, where what stands there is no id as a whole, between . - _ and the braces of Redis's
// hash tags.
//
//	user:42:likes  user :{int} :likes
func keyTokens(key string, token func(raw, as string)) {
	if as := partPattern(key); as != key && as != "{id}" {
		token(key, as)
		return
	}
	for from := 0; from <= len(key); {
		to := from + lex.Until(key[from:], ":/|")
		segmentTokens(key[max(from-1, 0):from], key[from:to], token)
		from = to + 1
	}
}

// segmentTokens gives the tokens of a segment, of which the first has the separator in front of the segment.
func segmentTokens(before, segment string, token func(raw, as string)) {
	as := keyPart(segment)
	if as != segment && as != "{id}" || isDashedID(segment) || isMixedID(segment) || as == "{id}" && before != "" && isSlug(segment) {
		token(before+segment, before+as)
		return
	}
	if before != "" && (isSlug(segment) && mayBeID(segment) || mixesCases(segment)) {
		token(before+segment, before+segment) // what stands beside it tells
		return
	}
	from := 0
	for i := 0; i <= len(segment); i++ {
		if i < len(segment) && !strings.ContainsRune(".-_{}", rune(segment[i])) {
			continue
		}
		part := segment[from:i]
		// A UUID holds the separator "-": take it whole.
		if len(segment)-from >= 36 && isUUID(segment[from:from+36]) {
			i, part = from+36, segment[from:from+36]
		}
		token(before+part, before+keyPart(part))
		if i < len(segment) {
			before = segment[i : i+1]
		}
		from = i + 1
	}
}

// mixesCases reports whether dashes and underscores in a segment may belong to an id: capitals stand where no word begins.
func mixesCases(segment string) bool {
	if namesFirst(segment) || !strings.ContainsAny(segment, "-_") {
		return false
	}
	a, ok := examine(undashed(segment))
	return ok && a.jumble
}

// isSlug reports whether an id is made of words for people: blue-running-shoes-48213.
func isSlug(segment string) bool {
	return strings.Count(segment, "-") >= 2 && !strings.ContainsAny(segment, "._{}") && lex.Letter(segment[0])
}

// Key returns a key without the values that its shape gives away.
func Key(key string) string {
	var b strings.Builder
	keyTokens(key, func(_, as string) { b.WriteString(as) })
	return b.String()
}

// keyPart is partPattern for a part of a cache key, where short hexadecimal ids are common and words in hexadecimal rare:
// from 8 digits on, two of them decimal.
func keyPart(part string) string {
	if len(part) >= 8 && len(part) < 10 && strings.Trim(part, "0123456789abcdefABCDEF") == "" &&
		lex.CountDigits(part) >= 2 && !lex.AllDigits(part) {
		return "{hex}"
	}
	return partPattern(part)
}

// Command normalises a cache command as drivers log it: the command and the pattern of its keys.
//
//	GET user:42:profile      GET user:{int}:profile
//	MGET user:1 user:2       MGET user:{int}
//
// Several commands in one text, a line each, are a pipeline: one call for all of them.
func Command(text string) string {
	pipeline, verb, key := splitCommand(text)
	if key == "" {
		return pipeline + verb
	}
	return pipeline + verb + " " + Key(key)
}

// splitCommand returns the command of a text in capitals and its first key, "" where it has none; of several commands,
// for which pipeline is not "", the first.
func splitCommand(text string) (pipeline, verb, key string) {
	if first, rest, several := strings.Cut(strings.TrimSpace(text), "\n"); several && strings.TrimSpace(rest) != "" {
		pipeline, text = "PIPELINE ", first
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return pipeline, "", ""
	}
	verb = strings.ToUpper(fields[0])
	switch {
	case len(fields) == 1:
		return pipeline, verb, ""
	case verb == "AUTH":
		return pipeline, "AUTH ?", "" // no key, but a password
	}
	return pipeline, verb, fields[1]
}

// isNumber: digits with a sign, as of telephone numbers, or a fraction, as of coordinates.
func isNumber(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	whole, fraction, found := strings.Cut(s, ".")
	return lex.AllDigits(whole) && (!found || lex.AllDigits(fraction) && len(fraction) > 1)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !lex.Hex(s[i]) {
			return false
		}
	}
	return true
}

// isULID: 26 characters of Crockford's base 32, upper case, the first at most 7.
func isULID(s string) bool {
	if len(s) != 26 || s[0] > '7' {
		return false
	}
	base32 := func(c byte) bool { return lex.Digit(c) || lex.Upper(c) && strings.IndexByte("ILOU", c) < 0 }
	return lex.Run(s, base32) == len(s) && lex.CountDigits(s) >= 3
}

// isHexID: 16 hexadecimal digits or more, or 10 to 15 of which some are digits and some letters; with "0x" any.
func isHexID(s string) bool {
	s, marked := strings.CutPrefix(s, "0x")
	if lex.Run(s, lex.Hex) < len(s) {
		return false
	}
	n := lex.CountDigits(s)
	return marked && len(s) > 0 || len(s) >= 16 && n > 0 || len(s) >= 10 && n >= 2
}

// isDate: 2026-03-02, with or without a time behind it; 2026-03, 2026-W09 and 2026-Q1.
func isDate(s string) bool {
	if n := len(s); n > 5 && n < 9 && s[4] == '-' && lex.AllDigits(s[:4]) && (s[0] == '1' || s[0] == '2') {
		rest := s[5:]
		return n == 7 && lex.AllDigits(rest) && rest <= "12" || (rest[0] == 'W' || rest[0] == 'Q') && lex.AllDigits(rest[1:])
	}
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	return lex.AllDigits(s[:4]) && lex.AllDigits(s[5:7]) && lex.AllDigits(s[8:10]) && (len(s) == 10 || s[10] == 'T' || s[10] == ' ')
}

// isBase64ID: 20 characters or more of base 64 in both cases with digits, random enough.
func isBase64ID(s string) bool {
	if len(s) < 20 {
		return false
	}
	var counts [256]int
	for i := range len(s) {
		if c := s[i]; !lex.Alnum(c) && strings.IndexByte("-_+=", c) < 0 {
			return false
		}
		counts[s[i]]++
	}
	if alphabetOf(s) != lowerCase|upperCase|decimals {
		return false
	}
	entropy := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(s))
			entropy -= p * math.Log2(p)
		}
	}
	return entropy >= 3.5
}

// isPrefixedID: a word, a separator and an id, such as ord-9f3a77, cust_20931 or cus_9s6XKzkNRiz8i3; digits are 40 % of
// the part behind the separator or more, or it is an id by itself. File names with an extension are words.
func isPrefixedID(s string) bool {
	if strings.Contains(s, ".") || !utf8.ValidString(s) {
		return false
	}
	sep := strings.LastIndexAny(s, "-_")
	if sep < 0 {
		return false
	}
	tail := s[sep+1:]
	if isNumberedName(tail) {
		return false
	}
	if isULID(tail) || isHexID(tail) || isBase64ID(tail) || isMixedID(tail) {
		return true
	}
	return len(tail) >= 2 && lex.Run(tail, lex.Word) == len(tail) && lex.CountDigits(tail)*10 >= len(tail)*4
}
