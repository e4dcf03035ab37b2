// Package lex is what texts are taken apart by, byte by byte: classes of ASCII characters and sets of words. Readers of
// statements, addresses, ids and secrets share it.
//
// What belongs here: what any of them would write in one line, and nothing that knows what a text means.
package lex

import "strings"

// Digit reports whether c is a decimal digit.
func Digit(c byte) bool { return c >= '0' && c <= '9' }

// Lower reports whether c is a small letter.
func Lower(c byte) bool { return c >= 'a' && c <= 'z' }

// Upper reports whether c is a capital letter.
func Upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// Letter reports whether c is a letter.
func Letter(c byte) bool { return Lower(c) || Upper(c) }

// Alnum reports whether c is a letter or a digit.
func Alnum(c byte) bool { return Letter(c) || Digit(c) }

// Word reports whether c may be part of a word: a letter, a digit, an underscore, or a byte of what is not ASCII.
func Word(c byte) bool { return Alnum(c) || c == '_' || c >= 0x80 }

// Hex reports whether c is a hexadecimal digit.
func Hex(c byte) bool { return Digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// Run returns how many bytes of a class a text begins with.
func Run(text string, class func(c byte) bool) int {
	n := 0
	for n < len(text) && class(text[n]) {
		n++
	}
	return n
}

// Until returns how many bytes stand in a text before the first of some bytes: all where there is none.
func Until(text, bytes string) int {
	if n := strings.IndexAny(text, bytes); n >= 0 {
		return n
	}
	return len(text)
}

// Digits returns how many decimal digits a text begins with.
func Digits(text string) int { return Run(text, Digit) }

// AllDigits reports whether a text is a decimal number without a sign.
func AllDigits(text string) bool { return text != "" && Digits(text) == len(text) }

// CountDigits counts the decimal digits in a text.
func CountDigits(text string) int {
	n := 0
	for i := range len(text) {
		if Digit(text[i]) {
			n++
		}
	}
	return n
}

// Set makes a set of the words of a list, which stand apart by white space.
func Set(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
