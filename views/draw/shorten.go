package draw

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastWord is how many cells of a word say which one it is: less is not worth its place.
const leastWord = 7

// Shorten makes a sentence fit into width cells: RPCs lose their packages, and its longest words, which are names, are cut
// in their middle, all to the same length, so that what is said of them stays. Where that is not enough the sentence is cut
// in its middle.
func Shorten(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	words := strings.Split(text, " ")
	for n, word := range words {
		words[n] = CutPackage(word)
	}
	cells := make([]int, len(words))
	longest, around := 0, len(words)-1
	for n, word := range words {
		cells[n] = Width(word)
		longest = max(longest, cells[n])
	}
	for most := min(longest, width); most >= leastWord; most-- {
		sum := around
		for _, n := range cells {
			sum += min(n, most)
		}
		if sum > width {
			continue
		}
		for n, word := range words {
			words[n] = Middle(word, most)
		}
		return strings.Join(words, " ")
	}
	return Middle(strings.Join(words, " "), width)
}

// WithoutPackage returns the name of an RPC without its package: "Cart/Get" of "/shop.v1.Cart/Get". All methods of a system
// have much the same. It returns any other name as it is.
func WithoutPackage(name string) string {
	service, method, ok := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	dot := strings.LastIndexByte(service, '.')
	if !ok || dot < 0 || dot == len(service)-1 || service[dot+1] < 'A' || strings.Contains(method, "/") {
		return name
	}
	return service[dot+1:] + "/" + method
}

// CutPackage is WithoutPackage for names among which others are whole: "…Cart/Get".
func CutPackage(name string) string {
	if brief := WithoutPackage(name); Width(brief) < Width(name)-1 {
		return ellipsis + brief
	}
	return name
}

// leastEnd is how many cells of a name beside another one say which one it is.
const leastEnd = 8

// Pair makes two names fit into width cells together. One of them is cut first, as far as it can be recognised, then the
// other: of calls from one gateway to many services the gateway.
func Pair(from, to string, width int, fromFirst bool) (string, string) {
	cut, kept := Width(from), Width(to)
	if cut+kept <= width {
		return from, to
	}
	if !fromFirst {
		cut, kept = kept, cut
	}
	least := min(cut, leastEnd, width/2)
	cut = max(width-kept, least)
	kept = width - cut
	if !fromFirst {
		cut, kept = kept, cut
	}
	return Middle(from, cut), Middle(to, kept)
}

// Words cuts a name at its end to width cells, behind a whole word of it where there is one in the second half. Of a dotted
// name or a path the end is what tells it from others: "…CartService/GetCart".
func Words(name string, width int) string {
	if Width(name) <= width || width < 2 {
		return name
	}
	if !strings.Contains(name, " ") {
		text, last := Ending(name, width, "./")
		if Width(text) <= width {
			return text
		}
		if name = last; Width(name) <= width {
			return name
		}
	}
	head := Head(name, width-Width(ellipsis))
	next, _ := utf8.DecodeRuneInString(name[len(head):])
	runes := []rune(head)
	for n := len(runes); n > len(runes)/2; n-- {
		if beginsWord(runes[n-1], next) {
			return strings.TrimRight(string(runes[:n]), " ") + ellipsis
		}
		next = runes[n-1]
	}
	return head + ellipsis
}

// Ending cuts a name at its beginning, behind one of the separators, to width cells where it can: "…status_code". last is
// what follows the last separator.
func Ending(name string, width int, separators string) (text, last string) {
	text, last = name, name
	for Width(text) > width {
		at := strings.IndexAny(last, separators)
		if at < 0 || at == len(last)-1 {
			break
		}
		last = last[at+1:]
		text = ellipsis + last
	}
	return text, last
}

// Name cuts a name to width cells: as Words does, but one of long words in the middle of these.
func Name(name string, width int) string {
	if strings.Contains(name, " ") {
		for word := range strings.FieldsSeq(name) {
			if Width(word) > width/2 {
				return Shorten(name, width)
			}
		}
	}
	return Words(name, width)
}

// separators stand between the words of a service's name.
const separators = "-_./"

// Stems returns of the services of one input those that a shorter name tells from the others: "payment…" for payment-service,
// "…cart" for shop-demo-cart beside shop-demo-stock. Left out are a last word that is "service" or that another name has too,
// and the words that all names of several words begin with.
func Stems(names []string) map[string]string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	ends, begin, several := map[string]int{}, "", 0
	for _, name := range names {
		at := strings.LastIndexAny(name, separators)
		if at < 1 {
			continue
		}
		ends[name[at:]]++
		if several++; several == 1 {
			begin = name[:at+1]
		}
		for !strings.HasPrefix(name, begin) {
			begin = begin[:1+strings.LastIndexAny(begin[:len(begin)-1], separators)]
		}
	}
	stems, taken := map[string]string{}, map[string]int{}
	for _, name := range names {
		stem := name
		if at := strings.LastIndexAny(name, separators); at > 0 && (ends[name[at:]] > 1 || name[at+1:] == "service") {
			stem = name[:at] + ellipsis
		}
		if several > 1 && begin != "" && strings.HasPrefix(stem, begin) {
			stem = ellipsis + stem[len(begin):]
		}
		if taken[stem]++; Width(stem) < Width(name) {
			stems[name] = stem
		}
	}
	maps.DeleteFunc(stems, func(_, stem string) bool { return taken[stem] > 1 })
	return stems
}

// beginsWord reports whether a word of a name begins between two characters.
func beginsWord(last, next rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	switch {
	case !word(next):
		return word(last)
	case unicode.IsUpper(next):
		return unicode.IsLower(last)
	}
	return false
}
