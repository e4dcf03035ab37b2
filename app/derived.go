package app

import (
	"sync"
	"sync/atomic"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/timing"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// derived supplies one query with what the analysis knows. Nothing is worked out before the query asks: self time
// and critical path of the traces that are left by then, and the detectors only for findings.
type derived struct {
	analysis *analysis
	failed   atomic.Pointer[error] // why there are no findings

	compared sync.Once
	clocks   *clocks.Clocks
}

// Supplies reports whether a field can be asked for.
func (d *derived) Supplies(field string) bool {
	return field == "self" || field == "critical" || field == "finding"
}

// Self gives the self time of each span.
func (d *derived) Self(t *trace.Trace, dst []int64) { copy(dst, timing.SelfTimes(d.timing(t))) }

// timing returns when the spans of a trace count, on clocks that agree.
func (d *derived) timing(t *trace.Trace) *timing.Timing {
	d.compared.Do(func() { d.clocks = clocks.New(t.Set()) })
	return timing.New(t, d.clocks)
}

// Critical marks the spans on the critical path.
func (d *derived) Critical(t *trace.Trace, dst []bool) {
	path := timing.Critical(d.timing(t))
	for i := range dst {
		dst[i] = path.Time(i) > 0
	}
}

// Findings returns which span is evidence of which detector's finding.
func (d *derived) Findings(t *trace.Trace) []eval.Mark {
	marks, err := d.analysis.marksOf(t)
	if err != nil {
		d.failed.Store(&err)
	}
	return marks
}

// Detectors lists the names that a finding can have.
func (d *derived) Detectors() []string { return detectorNames() }

// err tells why the answer to the query cannot be relied on, nil where it can.
func (d *derived) err() error {
	if err := d.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Secret implements eval.Derived.
func (d *derived) Secret(key, value string) bool { return holdsSecret(key, value) }
