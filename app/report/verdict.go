package report

import (
	"slices"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
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

// selected returns which findings to print and the least severity of those that are printed with checks, fixes and
// caveats: everything where it is asked for; else findings at low and above, those at high and above in detail, and what
// is only worth knowing where there is nothing else.
func (v *Verdict) selected(verbose bool) (list []occurrence, detailed rule.Severity) {
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
	return list, detailed
}

// notShown says how many findings are not among those that are printed, "" for none: "3 findings and 1 info finding not
// shown". The head counts the two apart, too.
func (v *Verdict) notShown(list []occurrence) string {
	more, info := 0, 0
	count := func(list []occurrence, by int) {
		for _, f := range list {
			if f.Severity == rule.Info {
				info += by
			} else {
				more += by
			}
		}
	}
	count(v.grouped(rule.Info), 1)
	count(list, -1)
	var parts []string
	if more > 0 {
		parts = append(parts, rule.Calls(more, "finding"))
	}
	if info > 0 {
		parts = append(parts, rule.Calls(info, "info finding"))
	}
	if len(parts) == 0 {
		return ""
	}
	return rule.And(parts) + " not shown"
}

// occurrence is one finding and the others with its fingerprint: the same problem in several traces is printed once.
type occurrence struct {
	*rule.Finding
	again []*rule.Finding // ranked
}

// headline is that of the finding; a share in it is of all that it stands for.
func (f occurrence) headline() string {
	one := *f.Finding
	one.Title = rule.TitleOf(append([]*rule.Finding{f.Finding}, f.again...))
	return one.Headline()
}

// grouped lists the findings that have at least a severity, the same ones as one.
func (v *Verdict) grouped(least rule.Severity) []occurrence {
	var list []occurrence
	for _, same := range diagnose.Distinct(v.Findings) {
		if same[0].Severity >= least {
			list = append(list, occurrence{same[0], same[1:]})
		}
	}
	return list
}

// counted says how many findings there are, and of which severities: "2 findings (1 critical/high) in 1 trace: 1 high ·
// 1 low".
func (v *Verdict) counted() string {
	counts := diagnose.Count(v.Findings)
	text := counts.String()
	if severities := counts.Severities(rule.Critical, rule.Info); severities != "" {
		text += ": " + severities
	}
	return text
}
