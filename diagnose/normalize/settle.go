package normalize

import (
	"strings"
)

// settle decides for every place below p what its values are. It reports whether any token becomes another.
func (p *position) settle() (changed bool) {
	type at struct {
		*position
		top    bool
		before string // the token that it stands behind
	}
	list := []at{{p, true, ""}}
	for len(list) > 0 {
		here := list[len(list)-1]
		list = list[:len(list)-1]
		if !here.top {
			here.siblings(here.before)
		}
		here.decide(here.top, here.before)
		changed = changed || here.rename != nil || here.fused != nil
		for text, kid := range here.kids {
			kid.named = here.named
			list = append(list, at{kid, false, text})
		}
	}
	return changed
}

// decide says what the values of one place are. The first token of all is the name of a resource: words stay there.
func (p *position) decide(top bool, before string) {
	if len(p.kids) < 2 && p.ids == 0 && !p.full {
		return
	}
	kinds, sorts, doubtful, words, once, named := []string(nil), map[string]bool{}, []string(nil), []string(nil), 0, 0
	for text, kid := range p.kids {
		value := bare(text)
		switch {
		case idKinds[value]:
			kinds, sorts[value] = append(kinds, text), true
			continue
		case strings.Contains(value, "{"):
			continue // dates, addresses, masked values, routes
		case mayBeID(value):
			doubtful = append(doubtful, text)
		default:
			words = append(words, text)
			named += boolInt(isResource(value))
		}
		once += boolInt(!kid.again)
	}
	become := map[string]bool{} // the tokens that are ids although their shape does not say so
	for _, text := range doubtful {
		if len(doubtful) >= learnDoubtful || p.fits(bare(text)) {
			become[text] = true
		}
	}
	for text := range become {
		p.countID(bare(text))
	}
	for _, text := range words {
		if p.alike(bare(text)) {
			become[text] = true
		}
	}
	distinct := len(doubtful) + len(words)
	as := "{id}"
	if varies := p.full || distinct >= learnDistinct && float64(once) >= learnSingle*float64(distinct); varies && !top && !p.named && !isContainer(before) && 2*named < max(distinct, 1) {
		if len(kinds) == 0 && len(become) == 0 {
			as = "{var}"
		}
		for _, text := range append(doubtful, words...) {
			if bare(text) != "" {
				become[text] = true
			}
		}
	}
	if len(become) == 0 && len(sorts) < 2 {
		return
	}
	for _, text := range kinds {
		become[text] = true
	}
	p.join(become, as)
}

// alike reports whether a value is one of the ids of the place although it may look like a word: all are as long as it is
// and written in the same letters, and a word it is not: it has digits, capitals within, or letters that no word has.
func (p *position) alike(value string) bool {
	const shortest = 4
	a := alphabetOf(value)
	if p.ids < 2 || p.shortest != p.longest || len(value) != p.shortest || len(value) < shortest || a|p.alphabet != p.alphabet {
		return false
	}
	plain := undashed(value)
	m, ok := examine(plain)
	if !ok || isTechnical(value) {
		return false
	}
	return m.digits > 0 || a == upperCase || oddPair(plain) || a == upperCase|lowerCase && strings.ToLower(plain[1:]) != plain[1:]
}
