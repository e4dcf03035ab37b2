package capacity

import (
	"cmp"
	"math"
	"slices"

	"tracefall/diagnose/stats"
)

// suspect is one part of a service, compared with the others over what both served: the same operations and shards,
// at the same time. A part that alone serves what fails is no worse for it, nor is one that only ran while all failed.
type suspect struct {
	*part
	service        *population
	apart          map[*part]bool // with what it is not compared: parts that ran at other times
	n, k           int            // requests and failed ones that are compared
	otherN, otherK int
	expected       float64 // failures, had it failed as often as the others did at the same work
	fisher         float64
	own, others    []float64 // logarithms of durations, as multiples of their stratum's median
	otherLasted    []float64 // the others' durations themselves, ns
	typical        float64   // ns: the median duration of what it served
	mannWhitney    float64
	ratio          float64
}

// suspects compares each part that has enough requests with the others together.
func (s *population) suspects(least int) []*suspect {
	for _, w := range s.work.All() {
		w.median = stats.Median(w.others(nil, nil, 1))
	}
	var list []*suspect
	for _, b := range s.parts.All() {
		if len(b.served)+len(b.failed) < least || 2*b.again > len(b.served)+len(b.failed) {
			continue
		}
		sus := &suspect{part: b, service: s}
		sus.compare()
		list = append(list, sus)
	}
	return list
}

func byOperation(a, b stratum) int {
	return cmp.Or(cmp.Compare(a.op, b.op), cmp.Compare(a.shard, b.shard))
}

// compare counts the requests of the part and those of the others, and tests them. Of the others' durations it takes
// some, evenly: there are as many comparisons as parts.
func (s *suspect) compare() {
	const enough = 4000
	*s = suspect{part: s.part, service: s.service, apart: s.apart}
	var own []float64
	for _, k := range slices.SortedFunc(slices.Values(s.strata.Keys), byOperation) {
		w, mine := s.service.work.Known(k), s.strata.Known(k)
		otherN, otherK := w.n-mine.n, w.k-mine.k
		for other := range s.apart {
			if theirs := other.strata.Known(k); theirs != nil {
				otherN, otherK = otherN-theirs.n, otherK-theirs.k
			}
		}
		if otherN == 0 {
			continue
		}
		s.n, s.k = s.n+mine.n, s.k+mine.k
		s.otherN, s.otherK = s.otherN+otherN, s.otherK+otherK
		// Half a failure more, so that a few others that went well do not pass for others that never fail.
		s.expected += float64(mine.n) * (float64(otherK) + 0.5) / (float64(otherN) + 1)
		own = append(own, mine.durations...)
		s.own = appendLogs(s.own, mine.durations, w.median)
		lasted := w.others(s.part, s.apart, 1+s.service.all/enough)
		s.otherLasted = append(s.otherLasted, lasted...)
		s.others = appendLogs(s.others, lasted, w.median)
	}
	s.typical = stats.Median(own)
	s.test()
}

// test compares the part with the others.
func (s *suspect) test() {
	s.fisher, s.mannWhitney, s.ratio = 1, 1, 1
	if s.n > 0 && s.otherN > 0 {
		s.fisher = stats.FisherExact(s.k, s.n, s.otherK, s.otherN)
	}
	own, others := thinned(s.own), thinned(s.others)
	if len(own) == 0 || len(others) == 0 {
		return
	}
	if s.ratio = math.Exp(stats.HodgesLehmann(others, own)); s.ratio > 1 {
		s.mannWhitney = stats.MannWhitney(others, own).P
	}
}

// thinned takes at most two thousand values, evenly: more make no test more certain than it has to be.
func thinned(values []float64) []float64 {
	const most = 2000
	if len(values) <= most {
		return values
	}
	list := make([]float64, most)
	for n := range list {
		list[n] = values[n*len(values)/most]
	}
	return list
}

func appendLogs(list, durations []float64, median float64) []float64 {
	for _, d := range durations {
		list = append(list, math.Log(max(d, 1)/max(median, 1)))
	}
	return list
}
