package secrets

import (
	"strings"

	"tracefall/diagnose/lex"
)

// anyWord reports whether one of the words of a text is in the list; cardNumber has two.
func anyWord(text string, list map[string]bool) bool {
	from := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && lex.Alnum(text[i]) && (i == from || !lex.Upper(text[i]) || lex.Upper(text[i-1])) {
			continue
		}
		if i > from && list[strings.ToLower(text[from:i])] {
			return true
		}
		from = i
		if i < len(text) && !lex.Alnum(text[i]) {
			from++
		}
	}
	return false
}

// issued reports whether a card number begins as an issuer's do, and has as many digits: ISO/IEC 7812 as the card
// networks publish it.
func issued(text string, digits int) bool {
	p := 0 // the first four digits
	for i, n := 0, 0; i < len(text) && n < 4; i++ {
		if lex.Digit(text[i]) {
			p, n = 10*p+int(text[i]-'0'), n+1
		}
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
		if !lex.Digit(text[i]) {
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
		lengths[entry[:2]] = 10*int(entry[2]-'0') + int(entry[3]-'0')
	}
	return lengths
}()

// ibanEnd returns where an IBAN that begins at i ends, 0 where none begins: country, two check digits, and as many
// characters as the country has, with or without spaces in fours, that pass the check modulo 97.
func ibanEnd(v string, i int) int {
	if len(v)-i < 15 || !lex.Upper(v[i]) || !lex.Upper(v[i+1]) || !lex.Digit(v[i+2]) || !lex.Digit(v[i+3]) {
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
		case lex.Upper(c) || lex.Digit(c):
			text = append(text, c)
		case c != ' ' || len(text)%4 != 0:
			return 0
		}
	}
	if len(text) < want || to < len(v) && lex.Word(v[to]) {
		return 0
	}
	rest := 0
	for n := range text {
		c := text[(n+4)%len(text)]
		if lex.Digit(c) {
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
