package rule

import (
	"slices"

	"tracefall/diagnose/facts"
)

// Mistrust is what is left of the confidence where spans are missing and a finding rests on what is not there.
const Mistrust = 0.6

// UnlessCut lowers a confidence that rests on the time between spans, which missing spans may have filled.
func (p *Pass) UnlessCut(confidence float64) float64 {
	if facts.Incomplete(p.Facts.Trace) {
		return Mistrust * confidence
	}
	return confidence
}

// boundBelow makes a finding about traces with missing spans a lower bound: its counts are at least so, and
// what rests on absence is less certain. A parent that is missing is lost-context's finding; only a trace that the
// backend or the end of the input cut off makes it less certain.
func (f *Finding) boundBelow() {
	if absence := f.Absence; absence == AbsenceSpans || absence == AbsenceCut && f.Trace.Quality().Incomplete() {
		f.Mistrust()
	}
	if f.Numbers.Count >= 2 && f.Counts {
		f.AtLeast = true
		f.Limits = append(f.Limits, "spans are missing from the trace: the real count may be higher")
	}
}

// Mistrust lowers the confidence in what is not there because spans are missing: once, whoever notices.
func (f *Finding) Mistrust() {
	check := Check{Name: "trace is complete"}
	if !slices.Contains(f.Checks, check) {
		f.Confidence *= Mistrust
		f.Checks = append(f.Checks, check)
	}
}
