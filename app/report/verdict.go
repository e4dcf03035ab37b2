package report

import (
	"slices"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Verdict is the answer of `diagnose`: a report, or the part of it that a query left.
type Verdict struct {
	Set      *trace.Set
	Report   *diagnose.Report
	Traces   int // that were selected
	Findings []*rule.Finding
	Notes    []string          // about the query
	Opens    session.Reopening // Opens what was selected in the explorer
}

// TracesOf lists the traces that a finding rests on, each once, the one to look at first in front.
func TracesOf(f *rule.Finding) []*trace.Trace {
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
func (v *Verdict) notices() []trace.Notice {
	return slices.Concat(v.Set.Notices(), v.Report.Notices)
}

// Least returns how many findings have at least a severity.
func (v *Verdict) Least(s rule.Severity) int {
	n := 0
	for _, f := range v.Findings {
		if f.Severity >= s {
			n++
		}
	}
	return n
}

// mostShown is how many findings are printed where not all are asked for.
const mostShown = 20

// selected returns which findings to print, how many are not, and the least severity of those that are printed with
// checks, fixes and caveats: everything where it is asked for; else findings at low and above, those at high and above
// in detail, and what is only worth knowing where there is nothing else.
func (v *Verdict) selected(verbose bool) (list []occurrence, more int, detailed rule.Severity) {
	least, detailed := rule.Low, rule.High
	if verbose {
		detailed = rule.Info
	}
	if verbose || v.Least(rule.Low) == 0 {
		least = rule.Info
	}
	list = v.grouped(least)
	if !verbose {
		list = list[:min(len(list), mostShown)]
	}
	more = len(v.Findings)
	for _, f := range list {
		more -= 1 + len(f.again)
	}
	return list, more, detailed
}

// occurrence is one finding and the others with its fingerprint: the same problem in several traces is printed once.
type occurrence struct {
	*rule.Finding
	again []*rule.Finding // ranked
}

// grouped lists the findings that have at least a severity, by fingerprint, each at the place of its first.
func (v *Verdict) grouped(least rule.Severity) []occurrence {
	var list []occurrence
	place := map[string]int{}
	for _, f := range v.Findings {
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
func severities(findings []*rule.Finding) []severityCount {
	var counts [rule.Critical + 1]int
	for _, f := range findings {
		counts[f.Severity]++
	}
	var list []severityCount
	for s, n := range slices.Backward(counts[:]) {
		if n > 0 {
			list = append(list, severityCount{rule.Severity(s), n})
		}
	}
	return list
}

type severityCount struct {
	severity rule.Severity
	n        int
}

// String writes "2 high".
func (c severityCount) String() string { return draw.Count(c.n) + " " + c.severity.String() }

// noFindings is printed where the detectors found nothing.
const noFindings = "no issues detected"

// counted says how many findings there are: "3 findings: 1 critical, 2 high".
func (v *Verdict) counted() string {
	if len(v.Findings) == 0 {
		return noFindings
	}
	var parts []string
	for _, c := range severities(v.Findings) {
		parts = append(parts, c.String())
	}
	return draw.CountNoun(len(v.Findings), "finding", "findings") + ": " + strings.Join(parts, ", ")
}
