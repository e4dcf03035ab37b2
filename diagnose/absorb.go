package diagnose

import (
	"slices"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// explains reports whether a finding of one trace may be part of this one's story: forty-one traces that failed at one
// cache are one story, and so are a lock that was waited for and the statement that was slow by it.
func explains(f *rule.Finding, part *rule.Finding) bool {
	a := &f.Absorbs
	return a.Detector == part.Detector && part.Severity >= a.Least && absorbs(f)
}

// absorbs reports whether a finding may absorb any other.
func absorbs(f *rule.Finding) bool {
	return f.Absorbs.Detector != "" && (f.File || !f.Absorbs.FileOnly)
}

// absorb drops the findings of single traces that another explains: an error origin that is one of its offenders or
// lies below one, a slow query of which every call is one. What absorbs is as severe, and lists the detector in Also.
func absorb(findings []rule.Finding) []rule.Finding {
	type spans struct {
		finding int
		list    []int // offenders
	}
	offenders := map[*trace.Trace][]spans{}
	for n := range findings {
		f := &findings[n]
		if !absorbs(f) {
			continue
		}
		for _, e := range f.Evidence {
			if e.Role != rule.RoleOffender {
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
		if f.File {
			continue
		}
		for _, s := range offenders[f.Trace] {
			by := &findings[s.finding]
			if !explains(by, f) || by.Severity < f.Severity || !within(f, s.list) {
				continue
			}
			drop[n] = true
			absorbed(by, f.Detector)
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

// within reports whether what a finding of one trace is about lies at or below the spans: its cause, or where it has
// none all its offenders.
func within(f *rule.Finding, spans []int) bool {
	about := rule.RoleOffender
	if f.Count(rule.RoleCause) > 0 {
		about = rule.RoleCause
	}
	some := false
	for _, e := range f.Evidence {
		if e.Role != about {
			continue
		}
		if !slices.ContainsFunc(spans, func(i int) bool { return i <= e.Span && e.Span < f.Trace.End(i) }) {
			return false
		}
		some = true
	}
	return some
}

// absorbed notes that a finding of a detector was dropped for this one.
func absorbed(f *rule.Finding, detector string) {
	if !slices.Contains(f.Also, detector) {
		f.Also = append(f.Also, detector)
	}
}
