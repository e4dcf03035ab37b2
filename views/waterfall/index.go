package waterfall

import (
	"math"
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// warnFlags are the flags that make a row show a warning. Further parents are links and nothing to worry about.
const warnFlags = trace.FlagOrphan | trace.FlagDuplicateID | trace.FlagTimeRepaired | trace.FlagUnfinished | trace.FlagCycleCut |
	trace.FlagWarned

// profilePlaces is the resolution of the minimap's profile: more than any terminal is wide.
const profilePlaces = 1024

// traceIndex is what the waterfall needs to know of all spans, found once for a trace.
type traceIndex struct {
	errors, warnings tree.Counts
	profile          []float64 // how busy the trace is, at profilePlaces places of it, from 0 to 1
	failed           []bool    // where a failed span ends
	roots, orphans   int       // directly under a synthetic root
	depth            int       // of the deepest span
	early            int       // spans that start before their parents
}

// indexTrace makes the index by one pass over the spans; the profile is that of the spans that run in the window.
func indexTrace(t *trace.Trace, times spanTimes, window timeline.Window) *traceIndex {
	n := t.Len()
	x := &traceIndex{
		errors: make(tree.Counts, n+1), warnings: make(tree.Counts, n+1),
		failed: make([]bool, profilePlaces),
	}
	scale := window.Scale(profilePlaces)
	change := make([]int32, profilePlaces+1)
	for i := range n {
		s := t.Span(i)
		x.errors[i+1], x.warnings[i+1] = x.errors[i], x.warnings[i]
		x.depth = max(x.depth, s.Depth())
		if s.Synthetic() {
			continue
		}
		first, last := scale.Cell(times.start(s)), scale.Cell(times.finish(s))
		shown := scale.Contains(times.start(s), times.finish(s))
		if shown {
			end := last // where the next call starts must not look like two at once
			if last == first || last == profilePlaces-1 {
				end++
			}
			change[first]++
			change[end]--
		}
		if s.Error() {
			x.errors[i+1]++
			x.failed[last] = x.failed[last] || shown
		}
		if times.warned(s) {
			x.warnings[i+1]++
		}
		if times.beforeParent(s) {
			x.early++
		}
		if t.First() == 1 && s.Depth() == 1 {
			x.countRoot(s)
		}
	}
	x.profile = profile(change)
	return x
}

// stemsOf returns the stems of the services of all traces, so that a service has one in all of them.
func stemsOf(set *trace.Set) map[string]string {
	seen := map[string]bool{} // a service has many resources, and to look for secrets takes a while
	var services []string
	for i := range set.Resources() {
		if name := set.Resource(i).Service(); !seen[name] {
			seen[name] = true
			services = append(services, secrets.Masked(name))
		}
	}
	return draw.Stems(services)
}

// profile makes heights, from 0 to 1, of how many spans begin (and, as negative numbers, end before) each place. What runs
// all the time says nothing and counts little; the square root keeps a crowd from flattening the rest. Only a crowd is as high
// as it gets, so that one call after the other is a low strip.
func profile(change []int32) []float64 {
	heights := make([]float64, len(change)-1)
	running, least, most := 0.0, math.Inf(1), 0.0
	for i := range heights {
		running += float64(change[i])
		heights[i] = running
		least, most = min(least, running), max(most, running)
	}
	top := math.Sqrt(max(most-least, crowd)) + profileBase
	for i, h := range heights {
		if h > 0 {
			heights[i] = (math.Sqrt(h-least) + profileBase) / top
		}
	}
	return heights
}

// crowd is how many spans more than run all the time are at least as high as the profile gets; profileBase is the height of
// those that do, where one span more is 1.
const (
	crowd       = 8
	profileBase = 0.3
)

func (x *traceIndex) countRoot(s trace.Span) {
	if s.Has(trace.FlagOrphan) {
		x.orphans++
		return
	}
	x.roots++
}

// rootsText says what hangs under a synthetic root.
func (x *traceIndex) rootsText() string {
	var parts []string
	if x.roots > 0 {
		parts = append(parts, draw.CountNoun(x.roots, "root", "roots"))
	}
	if x.orphans > 0 {
		parts = append(parts, draw.CountNoun(x.orphans, "orphan", "orphans"))
	}
	return strings.Join(parts, ", ")
}

// warned reports whether a span's data is in doubt: repaired, incomplete, or against causality.
func (v *spanTimes) warned(s trace.Span) bool {
	if s.Flags()&warnFlags != 0 || v.beforeParent(s) {
		return true
	}
	attrs, events, links := s.Dropped()
	return attrs+events+links > 0
}

// beforeParent reports whether a span starts before the span that caused it, which clocks alone can do. Ending
// after the parent is what asynchronous calls do and no warning.
func (v *spanTimes) beforeParent(s trace.Span) bool {
	p := s.Parent()
	if p < 0 {
		return false
	}
	parent := s.Trace().Span(p)
	return !parent.Synthetic() && v.start(s) < v.start(parent)
}
