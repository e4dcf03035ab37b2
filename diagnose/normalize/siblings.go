package normalize

import (
	"math"
	"slices"
	"strings"
)

// What stands beside a value tells most of what it is. A segment of a key or a name may be cut into tokens at dashes,
// underscores and points, and an id may hold these itself, so that the values of one place are cut into different
// numbers of tokens. Siblings look at whole segments again, from a place where they part:
//
//	cache _session _blue -suede -shoes     three values behind "cache_session": one id each
//	               _V1St_GXR8
//	               _red -hat -a8f3k2
//
// They become one token where most are ids by their shape, or where so many differ that no one can have thought of a
// name for each.

// sibling is a value from the place where the siblings part to the end of its segment.
type sibling struct {
	first  string    // the token at the place
	end    *position // where the segment ends
	tokens int
	text   string // without the separator in front; with the patterns of values that their shape gave away
	rest   string // behind the first token
	again  bool
	cut    bool // a value without what is behind its first token
}

// wholes lists the values behind the kids of p that begin with a separator, in order.
func (p *position) wholes(separator byte) []sibling {
	var list, stack []sibling
	for text, kid := range p.kids {
		if text[0] == separator {
			stack = append(stack, sibling{text, kid, 1, bare(text), "", kid.again, false})
		}
	}
	for len(stack) > 0 {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		further := 0
		for text, kid := range w.end.kids {
			if within(text) && w.tokens < learnDeep {
				stack = append(stack, sibling{w.first, kid, w.tokens + 1, w.text + text, w.rest + text, kid.again, false})
				further++
			}
		}
		if w.end.ends || further < len(w.end.kids) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b sibling) int { return strings.Compare(a.first+"\x00"+a.rest, b.first+"\x00"+b.rest) })
	return list
}

// siblingsBehind decides for the kids of p, one separator after the other. before is the token that p stands behind.
func (p *position) siblings(before string) {
	var separators []byte
	for text := range p.kids {
		if text != "" && strings.IndexByte("/:|.-_(=", text[0]) >= 0 && !slices.Contains(separators, text[0]) {
			separators = append(separators, text[0])
		}
	}
	slices.Sort(separators)
	for _, s := range separators {
		p.decideWholes(p.wholes(s), before, s)
	}
}

// decideWholes joins the values of one place that are ids or parameters.
func (p *position) decideWholes(list []sibling, before string, separator byte) {
	firsts, rests := map[string]bool{}, map[string]bool{}
	var open []sibling
	likely, words, once, several, named, odd := 0, 0, 0, 0, 0, 0
	for _, w := range list {
		if w.text == "" || strings.Contains(w.first, "{") && !p.cutID(w) {
			continue // ids, which are counted, and what is none
		}
		open = append(open, w)
		firsts[w.first], rests[w.rest] = true, true
		once += boolInt(!w.again)
		several += boolInt(w.tokens > 1)
		switch {
		case looksLikeID(w.text):
			likely++
		case !w.again && !isResource(w.text):
			words++
		}
		named += boolInt(isResource(w.text))
		odd += boolInt(hasOddPart(w.text))
	}
	n := len(open)
	if n == 0 {
		return
	}
	// What is behind the first token is no part of an id where it is mostly the same.
	suffixed := several == n && (n > 1 && len(rests) <= max(1, n/4) || len(rests) == 1 && isExtension(open[0].rest))
	if suffixed && !open[0].cut {
		p.decideWholes(p.firstTokens(open), before, separator)
		return
	}
	ids := p.ids + likely
	branching := 3*len(firsts) >= n || len(firsts) >= 3*learnDistinct
	many := n >= learnDistinct && branching && (float64(once) >= learnSingle*float64(n) || p.together >= learnDistinct && !p.namespaces())
	resources := p.named && 2*odd < n || isContainer(before) || 2*named >= n
	var join []sibling
	for _, w := range open {
		id := looksLikeID(w.text)
		switch {
		case many && (id || !resources):
		case ids < learnDoubtful || ids < 2*words || len(firsts)+p.ids < 2:
			continue
		case strings.Contains(w.text, "{"):
			if w.again {
				continue // what stands there again and again is a word beside an id
			}
		case id && (likely >= learnDoubtful || p.fits(w.text)) || p.oneOfFew(w):
		default:
			continue
		}
		join = append(join, w)
	}
	if len(join) == 0 {
		return
	}
	as := "{id}"
	if ids == 0 {
		as = "{var}"
	}
	if !suffixed {
		p.joinWholes(join, string(separator)+as)
		return
	}
	become := map[string]bool{}
	for _, w := range join {
		p.countID(w.text)
		become[w.first] = true
	}
	p.join(become, as)
}

// firstTokens cuts values to their first tokens, each once.
func (p *position) firstTokens(list []sibling) []sibling {
	var cut []sibling
	for _, w := range list {
		if n := len(cut); n == 0 || cut[n-1].first != w.first {
			kid := p.kids[w.first]
			cut = append(cut, sibling{first: w.first, end: kid, tokens: w.tokens, text: bare(w.first), rest: w.rest, again: kid.again, cut: true})
		}
	}
	return cut
}

// cutID reports whether a value is an id that was cut in two where its alphabet has a separator: what is behind the first
// part was met once, and is no word.
func (p *position) cutID(w sibling) bool {
	kind, rest := bare(w.first), bare(w.rest)
	if w.tokens == 1 || w.again || p.ids < learnDoubtful || kind != "{id}" && kind != "{b64}" && kind != "{hex}" && kind != "{int}" {
		return false
	}
	return len(rest) < 3 && kind != "{int}" || rest != strings.ToLower(rest) || looksLikeID(rest) || oddPair(letter(rest))
}

// oneOfFew reports whether a value that looks like a word is one of the ids of its place: it is as long as they are, in
// their letters, was met once, and is not what people name things beside ids.
func (p *position) oneOfFew(w sibling) bool {
	const few = 4 // ids there are at least
	fits := p.fits(w.text)
	if isSlug(w.text) { // of words, which are of any length
		fits = 3*len(w.text) >= 2*p.shortest && 2*len(w.text) <= 3*p.longest
	}
	return p.ids >= few && !w.again && fits && alphabetOf(w.text)|p.alphabet == p.alphabet && !isResource(w.text)
}

// namespaces reports whether the values of a place name sorts of things: ids stand behind most of them.
func (p *position) namespaces() bool {
	behind := 0
	for _, kid := range p.kids {
		for text := range kid.kids {
			if idKinds[bare(text)] {
				behind++
				break
			}
		}
	}
	return 2*behind > len(p.kids)
}

// joinWholes makes one token of values. What stands behind them is joined, too.
func (p *position) joinWholes(list []sibling, to string) {
	if p.fused == nil {
		p.fused = map[string]string{}
	}
	into := p.kids[to]
	if into == nil {
		into = &position{shortest: math.MaxInt}
	}
	for _, w := range list {
		p.fused[w.first+w.rest] = to
		if !strings.Contains(w.text, "{") {
			p.countID(w.text)
		}
		behind := *w.end
		behind.kids, behind.ids = map[string]*position{}, 0
		for text, kid := range w.end.kids {
			if !within(text) {
				behind.kids[text] = kid
				delete(w.end.kids, text)
			}
		}
		w.end.ends = false
		into.merge(&behind)
	}
	left := map[string]bool{to: true}
	for _, w := range p.wholes(to[0]) {
		left[w.first] = true
	}
	for text := range p.kids {
		if text[0] == to[0] && !left[text] {
			delete(p.kids, text)
		}
	}
	p.kids[to] = into
}
