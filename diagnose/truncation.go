package diagnose

import (
	"math"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// fileEdges are the stretches at both ends of a long file in which spans may miss a parent that lies outside it.
type fileEdges struct{ from, to int64 } // ns: the middle

// edges returns those of a set; of a short file there are none.
func (th LostContextThresholds) edges(set *trace.Set) fileEdges {
	start, end := set.Bounds()
	if end-start <= int64(th.Long) {
		return fileEdges{math.MinInt64, math.MaxInt64}
	}
	return fileEdges{start + int64(th.Edge), end - int64(th.Edge)}
}

func (e fileEdges) near(at int64) bool { return at < e.from || at > e.to }

// mistrust is what is left of the confidence where spans are missing and a finding rests on what is not there.
const mistrust = 0.6

// unlessCut lowers a confidence that rests on the time between spans, which missing spans may have filled.
func (p *Pass) unlessCut(confidence float64) float64 {
	if facts.Incomplete(p.Facts.Trace) {
		return mistrust * confidence
	}
	return confidence
}

// boundBelow makes a finding about traces with missing spans say no more than is known: its counts are at least so, and
// what rests on absence is less certain. A parent that is missing is what lost-context tells of; only a trace that the
// backend or the end of the input cut off makes it less certain.
func (f *Finding) boundBelow() {
	if absence := f.Absence; absence == AbsenceSpans || absence == AbsenceCut && f.Trace.Quality().Incomplete() {
		f.mistrust()
	}
	if f.Numbers.Count >= 2 && f.Counts {
		f.AtLeast = true
		f.Limits = append(f.Limits, "spans of the trace are missing: there may be more")
	}
}

// mistrust lowers the confidence in what is not there because spans are missing: once, whoever notices.
func (f *Finding) mistrust() {
	check := Check{"no spans of the trace are missing", false}
	if !slices.Contains(f.Checks, check) {
		f.Confidence *= mistrust
		f.Checks = append(f.Checks, check)
	}
}
