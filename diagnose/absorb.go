package diagnose

import (
	"slices"

	"tracefall/sources/trace"
)

// absorbing are the detectors of the file that explain the errors of many traces at once.
var absorbing = []string{"shared-dependency", "bad-instance"}

// absorb drops the error origins of single traces that a finding about several traces explains: forty-one traces
// that failed at one cache are one story. An origin is explained when it is an offender of that finding or lies
// below one, and when the finding is as severe. What absorbed it says so in Also.
func absorb(findings []Finding) []Finding {
	type spans struct {
		finding int
		list    []int // offenders
	}
	offenders := map[*trace.Trace][]spans{}
	for n := range findings {
		f := &findings[n]
		if !f.File || !slices.Contains(absorbing, f.Detector) {
			continue
		}
		for _, e := range f.Evidence {
			if e.Role != RoleOffender {
				continue
			}
			known := offenders[e.Trace]
			if last := len(known) - 1; last < 0 || known[last].finding != n {
				known = append(known, spans{finding: n})
			}
			known[len(known)-1].list = append(known[len(known)-1].list, e.Span)
			offenders[e.Trace] = known
		}
	}
	if len(offenders) == 0 {
		return findings
	}
	drop := make([]bool, len(findings))
	for n := range findings {
		f := &findings[n]
		if f.Detector != errorOrigin.Name || f.File {
			continue
		}
		cause := slices.IndexFunc(f.Evidence, func(e Evidence) bool { return e.Role == RoleCause })
		if cause < 0 {
			continue
		}
		at := f.Evidence[cause].Span
		for _, s := range offenders[f.Trace] {
			by := &findings[s.finding]
			if by.Severity < f.Severity || !slices.ContainsFunc(s.list, func(i int) bool { return i <= at && at < f.Trace.End(i) }) {
				continue
			}
			drop[n] = true
			if !slices.Contains(by.Also, f.Detector) {
				by.Also = append(by.Also, f.Detector)
			}
		}
	}
	kept := findings[:0]
	for n := range findings {
		if !drop[n] {
			kept = append(kept, findings[n])
		}
	}
	return kept
}
