package secrets

import (
	"slices"
	"tracefall/diagnose/lex"
)

// number reads digits that may be a payment card's: 13 to 19 of them that pass the Luhn check, with an issuer's
// prefix, and grouped as on a card or with a word about cards before them. Of random numbers 10 % pass the check
// alone: timestamps and ids do. It returns where the digits end.
func (s *search) number(i int) int {
	type group struct{ from, to int }
	var groups [16]group
	v, n, to := s.v, 0, i
	for to < len(v) && n < len(groups) {
		from := to
		to += lex.Digits(v[to:])
		groups[n] = group{from, to}
		n++
		if to+1 >= len(v) || v[to] != ' ' && v[to] != '-' || !lex.Digit(v[to+1]) {
			break
		}
		to++
	}
	whole := func(from, to int) bool {
		return (to == len(v) || !lex.Word(v[to]) && v[to] != '-' && (v[to] != '.' || to+1 == len(v) || !lex.Digit(v[to+1]))) &&
			(from == 0 || v[from-1] != '-' && v[from-1] != '.')
	}
	for g := range n {
		from, end := groups[g].from, groups[g].to
		if digits := end - from; digits >= 13 && digits <= 19 && whole(from, end) && issued(v[from:end], digits) && luhn(v[from:end]) && s.aboutCards(from) {
			s.add(Card, from, end, true)
			return to
		}
		for _, shape := range cardShapes {
			if g+len(shape) > n || !slices.EqualFunc(groups[g:g+len(shape)], shape, func(x group, digits int) bool { return x.to-x.from == digits }) {
				continue
			}
			end := groups[g+len(shape)-1].to
			if whole(from, end) && issued(v[from:end], lex.CountDigits(v[from:end])) && luhn(v[from:end]) && !s.aboutOrders(from) {
				s.add(Card, from, end, true)
				return to
			}
		}
	}
	return to
}

// cardShapes are how digits are grouped on cards: 4-4-4-4, or 4-6-5 of American Express, 4-6-4 of Diners Club.
var cardShapes = [][]int{{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}}

// cardWords speak of payment cards, orderWords of numbers that look like theirs.
var (
	cardWords  = lex.Set("card cards pan cc credit debit creditcard cardnumber cardno ccnumber ccnum visa mastercard amex discover maestro paid pay payment charge charging charged")
	orderWords = lex.Set("order orders invoice tracking sku serial shipment ticket reference ref isbn gtin ean upc imei account customer ts timestamp id part version")
)

// aboutCards reports whether the key, or the words before i, speak of payment cards.
func (s *search) aboutCards(i int) bool {
	return anyWord(s.key, cardWords) && !anyWord(s.key, orderWords) || anyWord(s.v[max(i-32, 0):i], cardWords)
}

// aboutOrders reports whether the key, or the word before i, say that the number is none of a card.
func (s *search) aboutOrders(i int) bool {
	before := s.v[max(i-16, 0):i]
	return anyWord(s.key, orderWords) && !anyWord(s.key, cardWords) || anyWord(before, orderWords) && !anyWord(before, cardWords)
}
