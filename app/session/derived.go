package session

import (
	"sync"
	"sync/atomic"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/timing"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
)

// Derived supplies one query with what the analysis knows. Nothing is worked out before the query asks: self time
// and critical path of the traces that are left by then, and the detectors only for findings.
type Derived struct {
	analysis *Analysis
	failed   atomic.Pointer[error] // why there are no findings

	compared sync.Once
	clocks   *clocks.Clocks
}

// Supplies reports whether a field can be asked for.
func (d *Derived) Supplies(field string) bool {
	return field == "self" || field == "critical" || field == "finding"
}

// Self gives the self time of each span.
func (d *Derived) Self(t *trace.Trace, dst []int64) { copy(dst, timing.SelfTimes(d.timing(t))) }

// timing returns when the spans of a trace count, on clocks that agree.
func (d *Derived) timing(t *trace.Trace) *timing.Timing {
	d.compared.Do(func() { d.clocks = clocks.New(t.Set()) })
	return timing.New(t, d.clocks)
}

// Critical marks the spans on the critical path.
func (d *Derived) Critical(t *trace.Trace, dst []bool) {
	path := timing.Critical(d.timing(t))
	for i := range dst {
		dst[i] = path.Time(i) > 0
	}
}

// Findings returns which span is evidence of which detector's finding.
func (d *Derived) Findings(t *trace.Trace) []eval.Mark {
	marks, err := d.analysis.marksOf(t)
	if err != nil {
		d.failed.Store(&err)
	}
	return marks
}

// Detectors lists the names that a finding can have.
func (d *Derived) Detectors() []string { return DetectorNames() }

// err tells why the answer to the query cannot be relied on, nil where it can.
func (d *Derived) err() error {
	if err := d.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Secret implements eval.Derived.
func (d *Derived) Secret(key, value string) bool { return HoldsSecret(key, value) }

// HoldsSecret reports whether a value must not be written into a query. A query outlives the screen: it stands in the
// history file and in the command that is copied. So what is masked on the screen is never written into one by the
// program, and a query that was typed with it is kept nowhere.
func HoldsSecret(key, value string) bool {
	_, ok := secrets.Opens(key, value)
	return ok
}
