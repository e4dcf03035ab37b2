package eval

import (
	"slices"
	"sync"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Derived supplies what the analysis knows about the spans of a trace. It is asked by several goroutines at once.
type Derived interface {
	query.Analysis
	// Self sets dst[i] to the self time of span i, in nanoseconds. dst has the length of the trace, all zero.
	Self(t *trace.Trace, dst []int64)
	// Critical sets dst[i] where span i is on the critical path. dst has the length of the trace, all false.
	Critical(t *trace.Trace, dst []bool)
	// Findings returns which span is evidence of which detector's finding, in any order.
	Findings(t *trace.Trace) []Mark
}

// Mark says that a span is evidence of a detector's finding.
type Mark struct {
	Span     int
	Detector string
}

// Program is a query compiled for the traces of one set. It never changes and may be used by several goroutines,
// each with Matches of its own.
type Program struct {
	query   *query.Query
	set     *trace.Set
	derived Derived
	root    node
	stages  []compiledStage
	whole   bool // needs all of a trace at once
	slots   int  // caches by symbol
	keys    []keyUse
	told    []Note // what is known before it runs
	vocab   *query.Vocabulary
	counted sync.Once
}

// keyUse is an attribute that the query asks about, for the notes of a result.
type keyUse struct {
	ref     query.Ref
	symbols []trace.Symbol // as written first, then the other names; those that the set holds
	names   []string
}

// Query returns what was compiled.
func (p *Program) Query() *query.Query { return p.query }

// Use lends the program a vocabulary of its set, for One of the trace, so that a note about an unknown key costs no
// pass of its own. nil lends none.
// It must be called before Run.
func (p *Program) Use(v *query.Vocabulary) { p.vocab = v }

// Values returns for each of the query's columns the values that spans of a trace have, each once, in the order of the
// spans and most of them at most.
func (p *Program) Values(t *trace.Trace, spans []int32, most int) [][]string {
	m := &machine{}
	m.bind(p)
	m.t, m.lo, m.hi = t, 0, t.Len()
	var all [][]string
	for i := range p.stages {
		for _, get := range p.stages[i].columns {
			var values []string
			for _, span := range spans {
				m.left = get(m, t.Span(int(span)), m.left[:0])
				for _, d := range m.left {
					if text := d.String(); len(values) < most && !slices.Contains(values, text) {
						values = append(values, text)
					}
				}
				if len(values) == most {
					break
				}
			}
			all = append(all, values)
		}
	}
	return all
}
