package normalize

import (
	"math"
	"strings"
)

// position is a place in paths or keys: what stands behind one beginning. What stands at a place tells more than the
// shape of one value: where ids stand, a short one among them is an id too, and where many values stand that occur once
// each, they are parameters although each looks like a word.
//
//	/items  /OLJCESPC7Z  ids by their shape
//	        /66VCHSJNUP
//	        /LQWXPOTRES  as long, and in the same letters: an id
//	        /search      a word
//
// Learning comes first and sees all texts of a set, in any order; then settle decides, place by place from the beginning,
// and puts together what is behind values that are one.
type position struct {
	kids   map[string]*position // by token without its value, with the separator in front
	rename map[string]string    // what tokens become, after settling
	again  bool                 // it occurred more than once
	full   bool                 // more values than are remembered: it varies
	ends   bool                 // a path or key ends here
	named  bool                 // somebody named what stands here: words stay, however many there are
	fused  map[string]string    // what whole segments become that begin with a token, after settling

	under    int64 // the span whose child was learned here last, by a number of its own
	counted  int64 // the span whose children are counted
	here     int   // values that this span's children have here
	together int   // most values that the children of one span have here

	// Of the values that are ids by their shape:
	ids               int // at most mostIDs are counted
	shortest, longest int // bytes
	alphabet          alphabet
}

const (
	learnDistinct = 10   // a place of words varies from so many distinct values on,
	learnSingle   = 0.8  // of which so large a share occurs once
	learnMost     = 1000 // distinct values remembered a place
	learnDoubtful = 3    // distinct values that may be ids make each other ids
	learnDeep     = 64   // tokens of a path or key that are looked at
	mostIDs       = 1000
)

// learn adds the tokens of one path or key of a call that a span made, given by a number of its own. It must be told of
// each occurrence of a text, but no more than twice.
func (p *position) learn(tokens []token, under int64) {
	for n, t := range tokens[:min(len(tokens), learnDeep)] {
		if strings.IndexByte(t.as, '{') >= 0 && idKinds[bare(t.as)] {
			p.countID(bare(t.raw))
		}
		kid := p.kids[t.as]
		if kid == nil {
			if len(p.kids) >= learnMost {
				p.full = n > 0
				return
			}
			if p.kids == nil {
				p.kids = map[string]*position{}
			}
			kid = &position{shortest: math.MaxInt, under: -1}
			p.kids[t.as] = kid
		} else {
			kid.again = true
		}
		if kid.under != under {
			if p.counted != under {
				p.counted, p.here = under, 0
			}
			kid.under = under
			p.here++
			p.together = max(p.together, p.here)
		}
		p = kid
	}
	p.ends = true
}

func (p *position) countID(raw string) {
	p.ids = min(p.ids+1, mostIDs)
	p.shortest, p.longest = min(p.shortest, len(raw)), max(p.longest, len(raw))
	p.alphabet |= alphabetOf(raw)
}

// fits reports whether a value is as long as the ids of the place.
func (p *position) fits(value string) bool {
	return p.ids > 0 && len(value) >= p.shortest && len(value) <= p.longest
}

// join makes tokens one, with everything behind them. What is behind them does not depend on the order.
func (p *position) join(tokens map[string]bool, as string) {
	if p.rename == nil {
		p.rename = make(map[string]string, len(tokens))
	}
	for text := range tokens {
		value := bare(text)
		to := text[:len(text)-len(value)] + as
		if text == to {
			continue
		}
		p.rename[text] = to
		if p.kids[to] == nil {
			p.kids[to] = &position{shortest: math.MaxInt}
		}
		p.kids[to].merge(p.kids[text])
		delete(p.kids, text)
	}
}

// merge adds to p what is known of another place, and of everything behind it.
func (p *position) merge(other *position) {
	type pair struct{ into, from *position }
	list := []pair{{p, other}}
	for len(list) > 0 {
		x := list[len(list)-1]
		list = list[:len(list)-1]
		into, from := x.into, x.from
		into.again, into.full, into.ends = into.again || from.again, into.full || from.full, into.ends || from.ends
		into.ids = min(into.ids+from.ids, mostIDs)
		into.shortest, into.longest = min(into.shortest, from.shortest), max(into.longest, from.longest)
		into.alphabet |= from.alphabet
		into.together = max(into.together, from.together)
		if into.kids == nil {
			into.kids = from.kids
			continue
		}
		for text, kid := range from.kids {
			if both := into.kids[text]; both != nil {
				both.again = true
				list = append(list, pair{both, kid})
			} else {
				into.kids[text] = kid
			}
		}
	}
}

// apply writes tokens as they have become, and adds what was taken out to the hash.
func (p *position) apply(tokens []token, h *Params) string {
	var b strings.Builder
	for n := 0; n < len(tokens); n++ {
		as := tokens[n].as
		if p != nil && n < learnDeep {
			if to, more := p.whole(tokens[n:]); to != "" {
				for _, t := range tokens[n : n+more+1] {
					h.Add(t.raw)
				}
				n += more
				// What they have become may be one with other sorts of ids.
				if again, changed := p.rename[to]; changed {
					to = again
				}
				b.WriteString(to)
				p = p.kids[to]
				continue
			}
			to, changed := p.rename[as]
			if changed || p.full && n > 0 && p.kids[as] == nil {
				if strings.IndexByte(as, '{') < 0 {
					h.Add(as) // what its shape gave away was added before
				}
				if !changed { // of more values than were remembered
					value := bare(as)
					to = as[:len(as)-len(value)] + p.rest()
				}
				as = to
			}
			p = p.kids[as]
		}
		b.WriteString(as)
	}
	return b.String()
}

// whole returns what the segment becomes that begins with the first of some tokens, and how many more it takes; "" if it
// is not one value.
func (p *position) whole(tokens []token) (to string, more int) {
	if p.fused == nil {
		return "", 0
	}
	text := tokens[0].as
	for more+1 < len(tokens) && within(tokens[more+1].as) {
		more++
		text += tokens[more].as
	}
	return p.fused[text], more
}

// rest is what values become that were not remembered: what the others have become, ids where some have.
func (p *position) rest() string {
	for _, to := range p.rename {
		if value := bare(to); value != "{var}" {
			return value
		}
	}
	return "{var}"
}
