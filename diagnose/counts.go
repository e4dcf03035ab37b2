package diagnose

import (
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// Counts is how many findings there are. The same trouble in several traces is one finding: list, panel, the commands
// and JSON say the same number of it.
type Counts struct {
	By     [rule.Critical + 1]int // findings, by severity
	Traces int                    // with a finding that is more than information
}

// Distinct puts findings that are the same one together, each at the place of its first. A finding about the whole file
// is like no other. What only limits the sight of detectors is left out: it is a footnote.
func Distinct(findings []*rule.Finding) [][]*rule.Finding {
	type same struct{ detector, fingerprint string }
	var groups [][]*rule.Finding
	known := make(map[same]int)
	for _, f := range findings {
		if LimitsSight(f) {
			continue
		}
		key := same{f.Detector, f.Fingerprint}
		if !f.File && f.Fingerprint != "" {
			if at, ok := known[key]; ok {
				groups[at] = append(groups[at], f)
				continue
			}
			known[key] = len(groups)
		}
		groups = append(groups, []*rule.Finding{f})
	}
	return groups
}

// Count counts findings. One that is graded differently in several traces counts as the worst of them.
func Count(findings []*rule.Finding) Counts {
	var c Counts
	in := make(map[*trace.Trace]struct{})
	for _, same := range Distinct(findings) {
		worst := rule.Info
		for _, f := range same {
			worst = max(worst, f.Severity)
			if f.Severity == rule.Info {
				continue
			}
			for _, t := range f.Traces() {
				in[t] = struct{}{}
			}
		}
		c.By[worst]++
	}
	c.Traces = len(in)
	return c
}

// Counts returns how many findings the report has.
func (r *Report) Counts() Counts { return r.counts }

// Count returns how many findings have at least that severity.
func (r *Report) Count(least rule.Severity) int { return r.counts.Least(least) }

// Least returns how many findings have at least that severity.
func (c Counts) Least(s rule.Severity) int {
	n := 0
	for _, found := range c.By[s:] {
		n += found
	}
	return n
}

// Total returns how many findings are more than information.
func (c Counts) Total() int { return c.Least(rule.Low) }

// Severe returns how many findings are critical or high.
func (c Counts) Severe() int { return c.Least(rule.High) }

// NoIssues is what is said where no finding is more than information.
const NoIssues = "no issues detected"

// String says how many findings there are: "75 findings (31 critical/high) in 146 traces".
func (c Counts) String() string {
	n := c.Total()
	if n == 0 {
		return NoIssues
	}
	text := rule.Calls(n, "finding")
	if severe := c.Severe(); severe > 0 {
		text += " (" + trace.Grouped(severe) + " critical/high)"
	}
	return text + " in " + rule.Calls(c.Traces, "trace")
}

// Severities lists how many findings there are of each severity from the worst down to the least, those that there are:
// "12 critical · 19 high".
func (c Counts) Severities(worst, least rule.Severity) string {
	var parts []string
	for s := worst; ; s-- {
		if n := c.By[s]; n > 0 {
			parts = append(parts, trace.Grouped(n)+" "+s.String())
		}
		if s == least {
			return strings.Join(parts, " · ")
		}
	}
}
