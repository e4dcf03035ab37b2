package flame

import (
	"iter"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Flame is the tab of the flame graph.
type Flame struct {
	of       []views.Scope
	matching bool // only the spans that match the query of the scopes count
	done     int  // traces counted by now

	walk
	chosen bool // the measure, by a person; else it follows from what is shown
	top    int  // the first row on screen

	search prompt.Search
	hits   hits
	ranks  ranks

	drawn    places
	bindings []views.Binding
}

// places is where things were drawn last.
type places struct {
	tabs   [measures]struct{ x, w int }
	tabsY  int // line of the measures, -1 where they were not drawn
	pathY  int // line of the frames that the zoom left above it, likewise
	frames int // first line of the frames
	lines  int // of the frames
	height int // lines that a frame takes
	ranks  int // first line of the ranked operations
	ranked int // lines of them
}

// New returns a flame graph of nothing.
func New() *Flame { return &Flame{} }

// Scopes returns what the flame graph is about.
func (f *Flame) Scopes() []views.Scope { return f.of }

// Show implements views.OfScopes. Whether only matches count stays as it was for the same query.
func (f *Flame) Show(of []views.Scope) views.Action {
	of = slices.Clone(of)
	for n := range of {
		same := n < len(f.of) && of[n].Query == f.of[n].Query
		of[n].Matching = of[n].Query != "" && (of[n].Matching || same && f.matching)
	}
	if !slices.Equal(of, f.of) {
		matching := slices.ContainsFunc(of, func(s views.Scope) bool { return s.Matching })
		kept := walk{by: f.by, starts: f.starts, cells: f.cells}
		*f = Flame{of: of, matching: matching, walk: kept, chosen: f.chosen, bindings: f.bindings}
		if !f.chosen {
			f.by = usual(len(of))
		}
	}
	if f.graph != nil || f.WhyNot(of) != "" {
		return nil
	}
	return f.ask()
}

// usual returns the measure that is shown first: of a comparison the critical path, of which the changes of all frames add
// up to what the traces took longer.
func usual(scopes int) measure {
	if scopes > 1 {
		return byCritical
	}
	return byTotal
}

// WhyNot implements views.OfScopes.
func (f *Flame) WhyNot(of []views.Scope) string { return views.WhyEmpty(of) }

// ask asks for the tree of calls.
func (f *Flame) ask() views.Action {
	of := slices.Clone(f.of)
	f.done = 0
	return views.Measure{
		Of: of,
		Count: func(portions []iter.Seq[facts.Portion]) func() views.Action {
			g := newGraph(portions)
			return func() views.Action {
				if slices.Equal(of, f.of) { // else nobody waits for it any more
					f.set(g)
				}
				return nil
			}
		},
		Counted: func(traces int) {
			if slices.Equal(of, f.of) {
				f.done = traces
			}
		},
	}
}

// set shows a graph.
func (f *Flame) set(g *graph) {
	f.walk, f.top = newWalk(g, f.by, f.starts, f.cells), 0
	f.hits = findHits(&f.walk, f.search.Input.Text())
}

// whyEmpty says why there is no frame, "" where there are some.
func (f *Flame) whyEmpty() string {
	if why := f.WhyNot(f.of); why != "" {
		return why
	}
	traces := 0
	for _, s := range f.of {
		traces += s.Traces
	}
	switch {
	case f.graph == nil && traces > 1 && f.done > 0:
		return draw.Count(f.done) + " of " + draw.Amount(traces, "trace") + " counted"
	case f.graph == nil:
		return "counting spans"
	case f.graph.spans == 0 && f.matching:
		return "no span matches"
	case f.graph.spans == 0:
		return "there are no spans"
	}
	return ""
}

// sideName names a side of a comparison: as a set is called, else by what it is.
func (f *Flame) sideName(side int) string {
	if side < len(f.of) && f.of[side].Name != "" {
		return f.of[side].Name
	}
	return [2]string{"baseline", "bad"}[side]
}

// sides names both sides of a comparison.
func (f *Flame) sides() [2]string { return [2]string{f.sideName(0), f.sideName(1)} }
