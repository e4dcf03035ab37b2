package query_test

import (
	"strings"

	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// standIn is an analysis with simple rules: half of each duration is self time, every span with an even number is
// critical, and names say which findings a span is evidence of.
type standIn struct{}

func (standIn) Supplies(field string) bool {
	return field == "self" || field == "critical" || field == "finding"
}

func (standIn) Self(t *trace.Trace, dst []int64) {
	for i := range dst {
		dst[i] = t.Span(i).Duration() / 2
	}
}

func (standIn) Critical(_ *trace.Trace, dst []bool) {
	for i := range dst {
		dst[i] = i%2 == 0
	}
}

func (standIn) Findings(t *trace.Trace) []eval.Mark {
	var marks []eval.Mark
	for i := range t.Len() {
		name := t.Span(i).Name()
		if strings.HasPrefix(name, "charge") || strings.HasPrefix(name, "GET") {
			marks = append(marks, eval.Mark{Span: i, Detector: "retry-storm"})
		}
		if name == "query" {
			marks = append(marks, eval.Mark{Span: i, Detector: "n-plus-one"}, eval.Mark{Span: i, Detector: "slow-external"})
		}
	}
	return marks
}

func (standIn) Detectors() []string { return []string{"retry-storm", "n-plus-one", "slow-external"} }

// Secret stands in for what recognises secrets: what ends in "hush" is one, and so is any value of a key that ends in
// password.
func (standIn) Secret(key, value string) bool {
	return strings.HasSuffix(value, "hush") || strings.HasSuffix(key, "password")
}
