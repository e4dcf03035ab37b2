package app

import (
	"slices"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// verdict is what `diagnose` says of what it was given: a report, or the part of it that a query left.
type verdict struct {
	set      *trace.Set
	report   *diagnose.Report
	traces   int // that were asked about
	findings []*diagnose.Finding
	notes    []string  // about the query
	opens    reopening // opens what was asked about in the explorer
}

// tracesOf lists the traces that a finding rests on, each once, the one to look at first in front.
func tracesOf(f *diagnose.Finding) []*trace.Trace {
	var list []*trace.Trace
	seen := map[*trace.Trace]bool{nil: true}
	add := func(t *trace.Trace) {
		if !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	add(f.Trace)
	for _, e := range f.Evidence {
		add(e.Trace)
	}
	return list
}

// notices are those of reading and those of the detectors.
func (v *verdict) notices() []trace.Notice {
	return slices.Concat(v.set.Notices(), v.report.Notices)
}

// least returns how many findings have at least a severity.
func (v *verdict) least(s diagnose.Severity) int {
	n := 0
	for _, f := range v.findings {
		if f.Severity >= s {
			n++
		}
	}
	return n
}

// levels are the least severities that a printed report shows, and shows with checks, limits and remedies.
type levels struct{ shown, detailed diagnose.Severity }

// levels returns what to print: everything where it is asked for; else findings at low and above, those at high and
// above in detail, and what is only worth knowing where there is nothing else.
func (v *verdict) levels(verbose bool) levels {
	switch {
	case verbose:
		return levels{diagnose.Info, diagnose.Info}
	case v.least(diagnose.Low) == 0:
		return levels{diagnose.Info, diagnose.High}
	}
	return levels{diagnose.Low, diagnose.High}
}

// mostShown is how many findings are printed where not all are asked for.
const mostShown = 20

// occurrence is one finding and the others with its fingerprint: the same trouble in several traces is read once.
type occurrence struct {
	*diagnose.Finding
	again []*diagnose.Finding // ranked
}

// grouped lists the findings that have at least a severity, by fingerprint, each at the place of its first.
func (v *verdict) grouped(least diagnose.Severity) []occurrence {
	var list []occurrence
	place := map[string]int{}
	for _, f := range v.findings {
		if f.Severity < least {
			continue
		}
		if n, ok := place[f.Fingerprint]; ok {
			list[n].again = append(list[n].again, f)
			continue
		}
		place[f.Fingerprint] = len(list)
		list = append(list, occurrence{Finding: f})
	}
	return list
}

// severities counts findings in words, the worst first: "1 critical, 2 high".
func severities(findings []*diagnose.Finding) []severityCount {
	var list []severityCount
	for s := int(diagnose.Critical); s >= int(diagnose.Info); s-- {
		c := severityCount{severity: diagnose.Severity(s)}
		for _, f := range findings {
			if f.Severity == c.severity {
				c.n++
			}
		}
		if c.n > 0 {
			list = append(list, c)
		}
	}
	return list
}

type severityCount struct {
	severity diagnose.Severity
	n        int
}

// String writes "2 high".
func (c severityCount) String() string { return draw.Count(c.n) + " " + c.severity.String() }
