package facts

import (
	"math"
	"strings"
	"unicode/utf8"
)

// partPattern returns what a part of a path, a key or a name is when the values in it are taken out: "{int}" for 123,
// "{uuid}", "{hex}" …, or the part itself. Words, versions such as v1, and names such as oauth2 or s3 stay.
func partPattern(part string) string {
	switch {
	case part == "":
		return part
	case part == "[Filtered]" || part == "*" || part == "?" || part == "?*":
		return "{redacted}"
	case allDigits(strings.TrimPrefix(part, "-")):
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
	case isBase64ID(part):
		return "{b64}"
	case isPrefixedID(part):
		return "{id}"
	}
	return part
}

// Name normalises a span's name: every run of letters, digits and the characters of ids is a segment.
//
//	getComments (post_id=17)  getComments (post_id={int})
//	Attempt 2                 Attempt {int}
func Name(name string) string {
	var b *strings.Builder // made when the first segment changes
	kept := 0
	for at := 0; at < len(name); {
		if !isIDByte(name[at]) {
			at++
			continue
		}
		from := at
		for at < len(name) && isIDByte(name[at]) {
			at++
		}
		part := strings.TrimRight(name[from:at], "-_.")
		if !strings.ContainsAny(part, "0123456789") {
			continue
		}
		as := namePart(part)
		if as == part {
			continue
		}
		if b == nil {
			b = &strings.Builder{}
		}
		b.WriteString(name[kept:from])
		b.WriteString(as)
		kept = from + len(part)
	}
	if b == nil {
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

func isIDByte(c byte) bool { return isWord(c) || c == '-' || c == '.' }

// keyPattern normalises the key of a cache entry: segments between : / . - _ | and the braces of
// Redis's hash tags.
//
//	user:42:likes  user:{int}:likes
func keyPattern(key string) string {
	if as := partPattern(key); as != key && as != "{id}" {
		return as
	}
	var b strings.Builder
	from := 0
	for i := 0; i <= len(key); i++ {
		if i < len(key) && !strings.ContainsRune(":/.-_|{}", rune(key[i])) {
			continue
		}
		part := key[from:i]
		// A UUID holds the separator "-": take it whole.
		if len(key)-from >= 36 && isUUID(key[from:from+36]) {
			i, part = from+36, key[from:from+36]
		}
		b.WriteString(keyPart(part))
		if i < len(key) {
			b.WriteByte(key[i])
		}
		from = i + 1
	}
	return b.String()
}

// keyPart is partPattern for a part of a cache key, where short hexadecimal ids are common and words in hexadecimal rare:
// from 8 digits on, two of them decimal.
func keyPart(part string) string {
	if len(part) >= 8 && len(part) < 10 && strings.Trim(part, "0123456789abcdefABCDEF") == "" &&
		countDigits(part) >= 2 && !allDigits(part) {
		return "{hex}"
	}
	return partPattern(part)
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

// commandPattern normalises a cache command as drivers log it: the command and the pattern of its keys.
//
//	GET user:42:profile      GET user:{int}:profile
//	MGET user:1 user:2       MGET user:{int}
//
// Several commands in one text, a line each, are a pipeline: one call for all of them.
func commandPattern(text string) string {
	if first, rest, several := strings.Cut(strings.TrimSpace(text), "\n"); several && strings.TrimSpace(rest) != "" {
		return "PIPELINE " + commandPattern(first)
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return ""
	}
	verb := strings.ToUpper(fields[0])
	switch {
	case len(fields) == 1:
		return verb
	case verb == "AUTH":
		return "AUTH ?" // no key, but a password
	}
	return verb + " " + keyPattern(fields[1])
}

func allDigits(s string) bool { return s != "" && digits(s) == len(s) }

func isHexDigit(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !isHexDigit(s[i]) {
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
	n := 0
	for i := range len(s) {
		c := s[i]
		if !isDigit(c) && (c < 'A' || c > 'Z' || c == 'I' || c == 'L' || c == 'O' || c == 'U') {
			return false
		}
		if isDigit(c) {
			n++
		}
	}
	return n >= 3
}

// isHexID: 16 hexadecimal digits or more, or 10 to 15 of which some are digits and some letters; with "0x" any.
func isHexID(s string) bool {
	s, marked := strings.CutPrefix(s, "0x")
	n := 0
	for i := range len(s) {
		if !isHexDigit(s[i]) {
			return false
		}
		if isDigit(s[i]) {
			n++
		}
	}
	return marked && len(s) > 0 || len(s) >= 16 && n > 0 || len(s) >= 10 && n >= 2
}

// isDate: 2026-03-02, with or without a time behind it.
func isDate(s string) bool {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	return allDigits(s[:4]) && allDigits(s[5:7]) && allDigits(s[8:10]) && (len(s) == 10 || s[10] == 'T' || s[10] == ' ')
}

// isBase64ID: 20 characters or more of base 64 in both cases with digits, random enough.
func isBase64ID(s string) bool {
	if len(s) < 20 {
		return false
	}
	var counts [256]int
	lower, upper, digit := false, false, false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= 'A' && c <= 'Z':
			upper = true
		case isDigit(c):
			digit = true
		case c != '-' && c != '_' && c != '+' && c != '=':
			return false
		}
		counts[c]++
	}
	if !lower || !upper || !digit {
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

// isPrefixedID: a word, a separator and an id, such as ord-9f3a77 or cust_20931; digits are 40 % of the part
// behind the separator or more. File names with an extension are words.
func isPrefixedID(s string) bool {
	if strings.Contains(s, ".") || !utf8.ValidString(s) {
		return false
	}
	sep := strings.LastIndexAny(s, "-_")
	if sep < 0 {
		return false
	}
	tail := s[sep+1:]
	n := 0
	for i := range len(tail) {
		if isDigit(tail[i]) {
			n++
		} else if !isWord(tail[i]) {
			return false
		}
	}
	return len(tail) >= 2 && n*10 >= len(tail)*4
}
