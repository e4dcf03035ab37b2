package facts

import (
	"strconv"
	"strings"
)

// number reads digits that may be a payment card's: 13 to 19 of them that pass the Luhn check, with an issuer's
// prefix, and grouped as on a card or under a key that speaks of cards. Of random numbers 10 % pass the check
// alone: timestamps and ids do.
func (s *secretScan) number(i int) int {
	var groups []int
	to, run := i, 0
	for to < len(s.v) {
		switch c := s.v[to]; {
		case isDigit(c):
			run++
		case (c == ' ' || c == '-') && run > 0 && to+1 < len(s.v) && isDigit(s.v[to+1]):
			groups = append(groups, run)
			run = 0
		default:
			return s.card(i, to, append(groups, run))
		}
		to++
	}
	return s.card(i, to, append(groups, run))
}

func (s *secretScan) card(from, to int, groups []int) int {
	if to < len(s.v) && (isWord(s.v[to]) || s.v[to] == '.' && to+1 < len(s.v) && isDigit(s.v[to+1])) || from > 0 && strings.IndexByte("-.", s.v[from-1]) >= 0 {
		return to
	}
	n := 0
	for _, g := range groups {
		n += g
	}
	if n < 13 || n > 19 {
		return to
	}
	text := s.v[from:to]
	if (asOnCard(groups) || len(groups) == 1 && aboutCards(s.key)) && issued(text, n) && luhn(text) {
		return s.add(SecretCard, from, to)
	}
	return to
}

// asOnCard: 4-4-4-4, or 4-6-5 of American Express.
func asOnCard(groups []int) bool {
	switch len(groups) {
	case 4:
		return groups[0] == 4 && groups[1] == 4 && groups[2] == 4 && groups[3] == 4
	case 3:
		return groups[0] == 4 && groups[1] == 6 && groups[2] == 5
	}
	return false
}

// aboutCards tells whether a key speaks of payment cards.
func aboutCards(key string) bool {
	lower := strings.ToLower(key)
	for word := range strings.FieldsFuncSeq(lower, func(r rune) bool { return r == '.' || r == '_' || r == '-' || r == ' ' }) {
		switch word {
		case "card", "cards", "pan", "cc", "credit", "creditcard", "cardnumber", "cardno", "ccnumber", "ccnum":
			return true
		}
	}
	return strings.Contains(lower, "cardnumber") || strings.Contains(lower, "creditcard")
}

// issued tells whether a card number begins as an issuer's do, and has as many digits: ISO/IEC 7812 as the card
// networks publish it.
func issued(text string, digits int) bool {
	head := make([]byte, 0, 4)
	for i := 0; i < len(text) && len(head) < 4; i++ {
		if isDigit(text[i]) {
			head = append(head, text[i])
		}
	}
	p, err := strconv.Atoi(string(head))
	if err != nil {
		return false
	}
	switch two := p / 100; {
	case p/1000 == 4:
		return digits == 13 || digits == 16 || digits == 19
	case two >= 51 && two <= 55, p >= 2221 && p <= 2720:
		return digits == 16
	case two == 34 || two == 37:
		return digits == 15
	case p == 6011, two == 65, p/10 >= 644 && p/10 <= 649, p >= 3528 && p <= 3589:
		return digits == 16
	case two == 36, two == 38, p/10 >= 300 && p/10 <= 305:
		return digits == 14
	case two == 62:
		return digits >= 16
	}
	return false
}

// luhn checks the last digit of a number; what is no digit is passed over.
func luhn(text string) bool {
	sum, n := 0, 0
	for i := len(text) - 1; i >= 0; i-- {
		if !isDigit(text[i]) {
			continue
		}
		d := int(text[i] - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		n++
	}
	return n > 0 && sum%10 == 0
}

// ibanLengths are the countries that issue IBANs and how long theirs are; the registry of SWIFT.
var ibanLengths = func() map[string]int {
	const list = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 " +
		"GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 " +
		"MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
	lengths := map[string]int{}
	for _, entry := range strings.Fields(list) {
		n, err := strconv.Atoi(entry[2:])
		if err == nil {
			lengths[entry[:2]] = n
		}
	}
	return lengths
}()

// ibanEnd returns where an IBAN that begins at i ends, 0 where none begins: country, two check digits, and as many
// characters as the country has, with or without spaces in fours, that pass the check modulo 97.
func ibanEnd(v string, i int) int {
	if len(v)-i < 15 || !isUpper(v[i]) || !isUpper(v[i+1]) || !isDigit(v[i+2]) || !isDigit(v[i+3]) {
		return 0
	}
	want, ok := ibanLengths[v[i:i+2]]
	if !ok {
		return 0
	}
	var text []byte
	to := i
	for ; to < len(v) && len(text) < want; to++ {
		switch c := v[to]; {
		case isUpper(c) || isDigit(c):
			text = append(text, c)
		case c != ' ' || len(text)%4 != 0:
			return 0
		}
	}
	if len(text) < want || to < len(v) && isWord(v[to]) {
		return 0
	}
	rest := 0
	for n := range text {
		c := text[(n+4)%len(text)]
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
			continue
		}
		rest = (rest*100 + int(c-'A') + 10) % 97
	}
	if rest != 1 {
		return 0
	}
	return to
}

func isASCIIWord(c byte) bool { return c < 0x80 && isWord(c) }

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// email reads an address around the "@" at i. Addresses of machines and of documentation are nobody's.
func (s *secretScan) email(i int) int {
	const longest = 64
	from := i
	for from > 0 && i-from < longest && (isASCIIWord(s.v[from-1]) || strings.IndexByte(".%+-", s.v[from-1]) >= 0) {
		from--
	}
	to := i + 1
	for to < len(s.v) && to-i < 4*longest && (isASCIIWord(s.v[to]) || s.v[to] == '-' || s.v[to] == '.') {
		to++
	}
	domain := strings.ToLower(strings.TrimRight(s.v[i+1:to], "."))
	if from == i || s.v[from:i] == "git" || from > 0 && (s.v[from-1] == '/' || s.v[from-1] == ':') || !publicHost(domain) || !isASCIIWord(domain[0]) {
		return i + 1
	}
	for _, nobody := range [...]string{"example.com", "example.org", "example.net", ".example", ".test", ".png", ".jpg", ".svg", ".js", ".css"} {
		if strings.HasSuffix(domain, nobody) {
			return i + 1
		}
	}
	return s.add(SecretEmail, from, i+1+len(domain))
}
