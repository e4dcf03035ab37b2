package compare

import (
	"tracefall/diagnose/compare/calltree"
	"tracefall/sources/spelling"
)

// The weights of likeness: the name counts most, then the service, class and peer, and what is called.
const (
	weightName    = 0.45
	weightService = 0.25
	weightPeer    = 0.15
	weightBelow   = 0.15
	nameLeast     = 0.8 // Levenshtein ratio under which names have nothing in common
)

// likeness scores two calls with different operations, 0 to 1. Scores under relaxedLeast are not worked out.
func (a *aligner) likeness(good, bad int32) float64 {
	x, y := a.good.Op(good), a.bad.Op(bad)
	score := 0.0
	if x.Service == y.Service {
		score += weightService
	}
	if x.Class == y.Class && x.Peer == y.Peer {
		score += weightPeer
	}
	if score+weightName+weightBelow < relaxedLeast {
		return score
	}
	ratio := similarity(x.Label(), y.Label())
	if ratio >= nameLeast {
		score += weightName * ratio
	}
	if score+weightBelow < relaxedLeast {
		return score
	}
	return score + weightBelow*a.overlap(&a.good.Calls[good], &a.bad.Calls[bad])
}

// overlap is the Jaccard index of the operations that two calls make themselves; two leaves are alike.
func (a *aligner) overlap(g, b *calltree.Call) float64 {
	if len(g.Kids) == 0 && len(b.Kids) == 0 {
		return 1
	}
	seen := make(map[int32]bool, len(g.Kids))
	for _, k := range g.Kids {
		seen[a.good.Calls[k].Key] = true
	}
	both := 0
	for _, k := range b.Kids {
		if seen[a.bad.Calls[k].Key] {
			both++
		}
	}
	return float64(both) / float64(len(g.Kids)+len(b.Kids)-both)
}

// similarity is 1 − the Levenshtein distance over the length of the longer text, on bytes; 0 where it is below
// nameLeast.
func similarity(a, b string) float64 {
	if a == b {
		return 1
	}
	const most = 256 // of either text; longer ones differ enough within it
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	longer := max(len(a), len(b))
	allowed := longer / 5 // 1 − nameLeast
	if longer-min(len(a), len(b)) > allowed || lettersApart(a, b) > 2*allowed {
		return 0
	}
	apart := spelling.Distance([]byte(a), []byte(b), allowed+1, false)
	if apart > allowed {
		return 0
	}
	return 1 - float64(apart)/float64(longer)
}

// lettersApart is how many letters of both texts have no partner in the other, wherever they stand: at most twice
// the Levenshtein distance, and soon known.
func lettersApart(a, b string) int {
	var counts [256]int
	for i := range len(a) {
		counts[a[i]]++
	}
	for i := range len(b) {
		counts[b[i]]--
	}
	apart := 0
	for _, n := range counts {
		apart += max(n, -n)
	}
	return apart
}
