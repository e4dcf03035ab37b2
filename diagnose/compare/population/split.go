package population

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// SplitKind is how traces were divided into two sets.
type SplitKind uint8

// The ways.
const (
	SplitGiven   SplitKind = iota // two inputs, queries or selections
	SplitTime                     // before and after a moment
	SplitErrors                   // those that failed, and the rest
	SplitSlowest                  // the slowest tenth, and the rest
)

// Split is a set of traces divided into good and bad ones. Both keep the order of the set.
type Split struct {
	Good, Bad []*facts.Facts
	Neither   int // traces in none of the two
	Both      int // traces for which both conditions hold; they are left out
	By        SplitKind
	Asked     query.About // by queries, where these told them apart
	Rule      string      // in words
}

// SplitBy divides by two conditions, such as two queries. A trace for which both hold is on neither side.
func SplitBy(all []*facts.Facts, good, bad func(*trace.Trace) bool) Split {
	s := Split{By: SplitGiven, Rule: "two conditions"}
	for _, f := range all {
		switch x, y := good(f.Trace), bad(f.Trace); {
		case x && y:
			s.Both++
		case x:
			s.Good = append(s.Good, f)
		case y:
			s.Bad = append(s.Bad, f)
		default:
			s.Neither++
		}
	}
	return s
}

// SplitAt divides by time: good are the traces that started before a moment, in nanoseconds since the epoch.
func SplitAt(all []*facts.Facts, moment int64) Split {
	s := SplitBy(all,
		func(t *trace.Trace) bool { return t.Start() < moment },
		func(t *trace.Trace) bool { return t.Start() >= moment })
	s.By, s.Rule = SplitTime, "traces that started before and after a given time"
	return s
}

// SplitByErrors divides into traces whose root failed, and the rest.
func SplitByErrors(all []*facts.Facts) Split {
	return divided(Split{By: SplitErrors, Rule: "traces that failed, and the rest"}, all, func(i int) bool { return rootFailed(all[i]) })
}

// divided puts every trace on one of the sides of a split.
func divided(s Split, all []*facts.Facts, bad func(i int) bool) Split {
	for i, f := range all {
		if bad(i) {
			s.Bad = append(s.Bad, f)
		} else {
			s.Good = append(s.Good, f)
		}
	}
	return s
}

// SplitBySlowness divides the traces of each entry operation into the slowest tenth and the rest, so that an
// operation that is slow by nature is not what all slow traces have in common. Of traces that take equally long as
// many are slow as fit into the tenth, in their order; an operation with fewer than ten traces has no slow ones.
func SplitBySlowness(all []*facts.Facts) Split {
	k := calltree.NewKeys()
	var groups inOrder[int32, []int]
	for i, f := range all {
		group := groups.of(k.Reader(f)(f.Trace.Root().Index()))
		*group = append(*group, i)
	}
	slow := make([]bool, len(all))
	for _, group := range groups.all {
		list := *group
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(all[b].Total(), all[a].Total()) })
		for _, i := range list[:len(list)/10] {
			slow[i] = true
		}
	}
	return divided(Split{By: SplitSlowest, Rule: "the slowest 10 % of each root operation, and the rest"}, all, func(i int) bool { return slow[i] })
}

// String says how many traces are on each side, and why.
func (s Split) String() string {
	text := fmt.Sprintf("%s: %s baseline, %s bad", s.Rule, trace.Grouped(len(s.Good)), trace.Grouped(len(s.Bad)))
	if s.Neither > 0 {
		text += fmt.Sprintf(", %s neither", trace.Grouped(s.Neither))
	}
	if s.Both > 0 {
		text += fmt.Sprintf(", %s left out (both conditions hold)", trace.Grouped(s.Both))
	}
	return text
}
