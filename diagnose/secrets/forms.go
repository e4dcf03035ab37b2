package secrets

import (
	"regexp"
	"strings"
	"sync"

	"tracefall/diagnose/lex"
)

// form is how the tokens of one maker look. They begin with a mark that little else begins with.
type form struct {
	mark string // in the case in which it is searched for: lower where any will do
	fold bool   // the case of the mark does not matter
	// either at least so many bytes of a class behind the mark,
	class *[256]bool
	least int
	// or a regular expression of the whole token, compiled when its mark is first seen.
	pattern func() *regexp.Regexp
}

// longestToken is how many bytes behind a mark a pattern may look at.
const longestToken = 1024

// match returns where a token that begins at i ends, 0 where none begins.
func (f *form) match(v string, i int, fresh bool) int {
	if len(v)-i <= len(f.mark) || !fresh && lex.Alnum(f.mark[0]) {
		return 0
	}
	head := v[i : i+len(f.mark)]
	if head != f.mark && (!f.fold || !strings.EqualFold(head, f.mark)) {
		return 0
	}
	if f.pattern != nil {
		found := f.pattern().FindStringIndex(v[i:min(i+longestToken, len(v))])
		if found == nil {
			return 0
		}
		return i + found[1]
	}
	to := i + len(f.mark)
	for to < len(v) && f.class[v[to]] {
		to++
	}
	if n := to - i - len(f.mark); n < f.least || plainWords(v[i+len(f.mark):to]) && n < 2*f.least && n < 30 {
		return 0
	}
	return to
}

// rule is how a maker's tokens look: the mark that they begin with, whether its case does not matter, and a regular
// expression of the whole.
type rule struct {
	mark    string
	fold    bool
	pattern string
}

func classOf(bytes string) *[256]bool {
	var class [256]bool
	for i := range len(bytes) {
		class[bytes[i]] = true
	}
	return &class
}

// formsBy has the forms by the triple that they begin with: first ours, which take tokens that were cut or lengthened,
// then those of the table.
var formsBy = func() map[uint16][]*form {
	const upper, lower, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"
	capital, alnum, word, dashed, hex := classOf(upper+digits), classOf(upper+lower+digits), classOf(upper+lower+digits+"_"), classOf(upper+lower+digits+"_-."), classOf(digits+"abcdefABCDEF")
	url := classOf(upper + lower + digits + "_-.@/")
	by := map[uint16][]*form{}
	put := func(f *form) {
		h := triple(f.mark)
		by[h] = append(by[h], f)
	}
	for _, own := range []struct {
		marks string
		class *[256]bool
		least int
	}{
		{"AKIA ASIA ABIA ACCA", capital, 16},
		{"ghp_ gho_ ghu_ ghs_ ghr_", alnum, 20},
		{"github_pat_ npm_ r8_ hf_ lin_api_ whsec_ shpat_ shpca_ shppa_ shpss_ glsa_ dckr_pat_ sntryu_", word, 20},
		{"sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_", word, 10},
		{"glpat- gldt- glrt- AIza ya29. hvs. hvb. hvr. sk-proj- sk-ant- sk-or- xoxe. xapp- sq0atp- sq0csp- SG. sgp_ squ_ sqp_ fo1_ fm2_ pypi-", dashed, 20},
		{":AA", dashed, 30}, // of a bot of Telegram, behind its number
		{"webhookb2/", url, 40},
		{"hooks.slack.com/services/ discord.com/api/webhooks/ discordapp.com/api/webhooks/", url, 20},
		{"xoxb- xoxa- xoxp- xoxr- xoxs- xoxo- xoxe-", dashed, 10},
		{"key- pul-", hex, 32},
	} {
		for mark := range strings.FieldsSeq(own.marks) {
			put(&form{mark: mark, class: own.class, least: own.least})
		}
	}
	for c := range strings.SplitSeq("0abcdef", "") { // of Twilio
		h := triple("SK" + c)
		by[h] = append(by[h], &form{mark: "SK", class: hex, least: 32})
	}
	for _, rule := range rules {
		put(&form{mark: rule.mark, fold: rule.fold, pattern: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + rule.pattern + ")") })})
	}
	return by
}()
